"""What `compile` is given, once the shapes of the data are known."""

import numpy as np

from kerasette import losses, metrics


class CompiledMetrics:
    """The metrics of a model: as given, and as objects once shapes have told what "accuracy" is.

    Parameters
    ----------
    given : list of str, Metric or callable, or None

    Raises
    ------
    ValueError
        For something that is no metric, or a name that is not known.
    """

    def __init__(self, given):
        if given is None:
            given = []
        elif not isinstance(given, (list, tuple)):
            raise ValueError(
                "Expected `metrics` argument to be a list. "
                f"Received: metrics={given!r} of type {type(given)}"
            )
        for identifier in given:
            if not metrics.depends_on_shapes(identifier):
                metrics.get(identifier)
        self.given = list(given)
        self.metrics = []
        self.is_built = False

    def build(self, target_shape, output_shape):
        """Makes the metrics, once; what "accuracy" means stays until the next `compile`."""
        if self.is_built:
            return
        self.metrics = [
            metrics.resolve(identifier, target_shape, output_shape) for identifier in self.given
        ]
        self.is_built = True

    def named(self):
        """(name in logs, metric) pairs: strings keep their text, doubles get a number."""
        pairs, used = [], {}
        for identifier, metric in zip(self.given, self.metrics):
            name = identifier if isinstance(identifier, str) else metric.name
            count = used.get(name, 0)
            used[name] = count + 1
            pairs.append((f"{name}_{count}" if count else name, metric))
        return pairs


def loss_depends_on_shapes(identifier):
    """Whether a loss is chosen by the shapes of the data."""
    return isinstance(identifier, str) and identifier.lower() in ("crossentropy", "ce")


def check_target_shape(loss, target_shape, output_shape):
    """Raises if targets of this shape do not belong to outputs of that shape, for our own losses.

    Without it a wrong shape would be broadcast, and a wrong loss computed in silence.
    """
    if isinstance(loss, losses.SparseCategoricalCrossentropy):
        fitting = [output_shape[:-1], (*output_shape[:-1], 1)]
    elif type(loss).__module__.startswith("kerasette.") and is_own_function(loss):
        fitting = [output_shape]
        if output_shape[-1:] == (1,):
            fitting.append(output_shape[:-1])
    else:
        return
    # The batch is compared elsewhere.
    if all(target_shape[1:] != shape[1:] or not target_shape for shape in fitting):
        expected = " or ".join(str((None, *shape[1:])) for shape in fitting)
        raise ValueError(
            f"`y` has shape {target_shape}, but {loss.name} of an output of shape "
            f"{(None, *output_shape[1:])} expects targets of shape {expected}."
        )


def is_own_function(loss):
    """Whether a loss that wraps a function wraps one of ours."""
    module = getattr(getattr(loss, "fn", None), "__module__", None) or "kerasette."
    return module.startswith("kerasette.")


def check_class_numbers(loss, y, output_shape):
    """Raises if the loss takes class numbers, and one of them is no class of the output.

    The kernels check each batch too; this looks before the first weight has moved.
    """
    if not isinstance(loss, losses.SparseCategoricalCrossentropy) or y.size == 0:
        return
    n_classes = output_shape[-1]
    # NaN is neither; and extremes take no memory, which the labels' places would.
    if y.min() >= 0 and y.max() < n_classes:
        return
    labels = y.reshape(-1)
    position = int(np.flatnonzero(~((labels >= 0) & (labels < n_classes)))[0])
    raise ValueError(
        f"Received a label value of {labels[position]} at position {position}, which is outside "
        f"the valid range of [0, {n_classes})."
    )


def is_user_code(part):
    """Whether an object's class, or a function wrapped by a loss or metric, is not ours."""
    function = getattr(part, "fn", None)
    modules = [type(part).__module__]
    if function is not None:
        modules.append(getattr(function, "__module__", "") or "")
    return any(module.split(".")[0] != "kerasette" for module in modules)
