"""What `compile` is given, once the shapes of the data are known."""

import numbers
from contextlib import contextmanager

from kerasette import losses, metrics, ops
from kerasette.models.targets import check_target_shape


class CompiledLoss:
    """The loss of a model: as given, and as an object once shapes have told what "ce" is.

    Parameters
    ----------
    given : str, Loss or callable; or a list, or dict by name of the output, that holds one
    weights : float, or such a list or dict, optional
        What the loss is multiplied by.

    Raises
    ------
    ValueError
        For something that is no loss, a name that is not known, or weights that do not match.
    """

    def __init__(self, given, weights=None):
        self.given = the_only(given, "loss")
        if self.given is None:
            raise ValueError(f"Expected `loss` to name a loss. Received: loss={given!r}")
        self.weight = checked_loss_weight(weights)
        self.forget()

    def build(self, target_shape, output_shape):
        """Makes the loss, once, and raises if the targets do not fit it."""
        loss = self.loss or losses.get_loss(self.given, target_shape, output_shape)
        check_target_shape(loss, target_shape, output_shape)
        self.loss = loss
        self.is_built = True

    def forget(self):
        """As if no data had been seen."""
        self.loss = None if depends_on_shapes(self.given) else losses.get_loss(self.given)
        self.is_built = False

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The weighted loss, a scalar tensor."""
        value = self.loss(y_true, y_pred, sample_weight)
        return value if self.weight is None else ops.multiply(value, self.weight)


class CompiledMetrics:
    """The metrics of a model: as given, and as objects once shapes have told what "accuracy" is.

    Parameters
    ----------
    metrics, weighted_metrics : list of str, Metric or callable, or None
        Also a dict by name of the output, or a list of one such list. The second kind takes
        sample weights into account.

    Raises
    ------
    ValueError
        For something that is no metric, or a name that is not known.
    """

    def __init__(self, metrics, weighted_metrics=None):
        self.given = flat_metrics(metrics, "metrics")
        self.given_weighted = flat_metrics(weighted_metrics, "weighted_metrics")
        self.forget()

    @property
    def are_given(self):
        """Whether there are any."""
        return bool(self.given or self.given_weighted)

    @property
    def metrics(self):
        """All metrics, those that ignore weights first."""
        return [*self.unweighted, *self.weighted]

    def build(self, target_shape, output_shape):
        """Makes the metrics, once; what "accuracy" means stays until the next `compile`."""
        if self.is_built:
            return
        shapes = (target_shape, output_shape)
        self.unweighted = [metrics.resolve(given, *shapes) for given in self.given]
        self.weighted = [metrics.resolve(given, *shapes) for given in self.given_weighted]
        self.is_built = True

    def forget(self):
        """As if no data had been seen."""
        self.unweighted = []
        self.weighted = []
        self.is_built = False

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Takes a batch into account."""
        for metric in self.unweighted:
            with named_in_errors(metric):
                metric.update_state(y_true, y_pred)
        for metric in self.weighted:
            with named_in_errors(metric):
                metric.update_state(y_true, y_pred, sample_weight)

    def named(self):
        """(name in logs, metric) pairs. Doubles get a number, and ``weighted_`` if one is."""
        pairs, used = [], {}
        for metric in self.unweighted:
            pairs.append((_numbered(metric.name, used), metric))
        for metric in self.weighted:
            is_double = metric.name in used
            name = f"weighted_{metric.name}" if is_double else metric.name
            pairs.append((_numbered(name, used), metric))
        return pairs


@contextmanager
def named_in_errors(metric):
    """Puts the name of a metric of ours before what it says about data that does not fit."""
    try:
        yield
    except ValueError as error:
        if not type(metric).__module__.startswith("kerasette."):
            raise
        raise ValueError(f"Metric '{metric.name}': {error}") from error


def _numbered(name, used):
    count = used.get(name, 0)
    used[name] = count + 1
    return f"{name}_{count}" if count else name


def flat_metrics(given, argument):
    """The metrics in a list, a dict or a list of lists, each checked.

    Raises
    ------
    ValueError
        For another kind of argument, or something in it that is no metric.
    """
    if given is None:
        return []
    if not isinstance(given, (list, tuple, dict)):
        raise ValueError(
            f"Expected `{argument}` argument to be a list, tuple, or dict. "
            f"Received instead: {argument}={given!r} of type {type(given)}"
        )
    found = []
    for item in given.values() if isinstance(given, dict) else given:
        if isinstance(item, (list, tuple)):
            found += flat_metrics(item, argument)
        elif item is None:
            raise ValueError(f"Expected metric, received `None`. Received: {argument}={given!r}")
        else:
            if not metrics.depends_on_shapes(item):
                metrics.get(item)
            found.append(item)
    return found


def the_only(given, argument):
    """The one item of a list or dict, or `given` itself.

    Raises
    ------
    ValueError
        If there are several: the model has one output.
    """
    items = given
    if isinstance(given, dict) and "class_name" not in given:
        items = list(given.values())
    if not isinstance(items, (list, tuple)):
        return given
    if len(items) != 1:
        raise ValueError(
            f"The model has one output, and `{argument}` holds {len(items)} entries. "
            f"Received: {argument}={given!r}"
        )
    return items[0]


def checked_loss_weight(given):
    """The weight of the loss as a float, or None.

    Raises
    ------
    ValueError
        If it is no number, or there are several.
    """
    if given is None:
        return None
    if not isinstance(given, (list, tuple, dict, numbers.Real)) or isinstance(given, bool):
        raise ValueError(
            "Expected `loss_weights` argument to be a float (single output case) or a list, "
            "tuple, or dict (multiple output case). "
            f"Received instead: loss_weights={given!r} of type {type(given)}"
        )
    if isinstance(given, (list, tuple, dict)) and len(given) != 1:
        raise ValueError(
            "`loss_weights` must match the number of losses, got 1 losses and "
            f"{len(given)} weights."
        )
    weight = the_only(given, "loss_weights")
    if not isinstance(weight, numbers.Real):
        raise ValueError(f"`loss_weights` must hold numbers. Received: loss_weights={given!r}")
    return float(weight)


def depends_on_shapes(identifier):
    """Whether a loss is chosen by the shapes of the data."""
    return isinstance(identifier, str) and identifier.lower() in ("crossentropy", "ce")
