"""The losses that `compile` is given."""

from typing import NamedTuple

from kerasette import losses, ops, tree
from kerasette.checks import is_number, is_real
from kerasette.default_dtype import floatx
from kerasette.metrics import Mean, Metric
from kerasette.training.outputs import Outputs, map_parts
from kerasette.training.targets import check_target_shape


class OutputLoss(NamedTuple):
    """The loss of one output.

    Attributes
    ----------
    number : int
        Of the output.
    loss : Loss
    weight : float or None
        What it is multiplied by in the sum.
    tracker : Mean or None
        Where its value is kept; None if it is the only one.
    is_free : bool
        Whether the output has sizes that data alone tell.
    """

    number: int
    loss: losses.Loss
    weight: float | None
    tracker: Mean | None
    is_free: bool


class CompileLoss:
    """The weighted sum of the losses of a model's outputs.

    Parameters
    ----------
    given : str, Loss or callable; or a structure of them
        One for all outputs; or one for each, None for an output without, in a structure like that
        of the outputs, in a flat list, or in a dict by name.
    weights : float, or structure of float, optional
        What losses are multiplied by: as many as there are losses.
    output_names : list of str, optional
        Names of the outputs.

    Raises
    ------
    ValueError
        For something that is no loss, a name that is not known, or weights that do not match.
    """

    def __init__(self, given, weights=None, output_names=None):
        self.given = map_parts(_known, given)
        if all(loss is None for loss in tree.flatten(self.given)):
            raise ValueError(f"Expected `loss` to name a loss. Received: loss={given!r}")
        self.given_weights = weights
        _check_weights(weights, self.given)
        self.output_names = output_names
        self.forget()

    def forget(self):
        """As if no data had been seen."""
        self.parts = []
        self.is_built = False

    @property
    def losses(self):
        """The loss of each output that has one."""
        return [part.loss for part in self.parts]

    @property
    def metrics(self):
        """The means of the losses of several outputs, without their weights."""
        return [part.tracker for part in self.parts if part.tracker is not None]

    def outputs(self, y_pred):
        """The outputs of a model, with their names."""
        return Outputs(y_pred, self.output_names)

    def numbers(self, outputs):
        """The numbers of those outputs that have a loss."""
        return list(outputs.spread(self.given, "loss"))

    def build(self, y_true, y_pred):
        """Makes the losses, once, for targets and outputs: structures of what has a shape.

        Raises
        ------
        KeyError, ValueError
            If the structures of losses, targets and outputs do not match, or their shapes.
        """
        if self.is_built:
            return
        outputs = self.outputs(y_pred)
        found = outputs.spread(self.given, "loss")
        targets = outputs.targets(y_true, found)
        weights = self._weights(outputs)
        parts = []
        for number, loss in found.items():
            if targets[number] is None:
                raise ValueError(f"There are no targets for the loss{outputs.label(number)}.")
            shapes = targets[number].shape, outputs.shape(number)
            loss = losses.get_loss(loss, *shapes)
            check_target_shape(loss, *shapes, outputs.label(number))
            name = f"{_name(outputs, number, loss)}_loss"
            tracker = Mean(name=name) if len(found) > 1 else None
            is_free = None in shapes[1][1:]
            parts.append(OutputLoss(number, loss, weights.get(number), tracker, is_free))
        self.parts = parts
        self.is_built = True

    def _weights(self, outputs):
        given, weights = self.given, self.given_weights
        if weights is None:
            return {}
        if not tree.is_nested(given):
            # One loss, for one output or for all.
            (weight,) = tree.flatten(weights)
            return outputs.spread(weight, "loss_weights")
        is_by_key = isinstance(given, dict)
        if is_by_key and isinstance(weights, dict) and set(given) != set(weights):
            raise ValueError(
                "`loss_weights` must have the keys of `loss`. Received: "
                f"loss.keys()={list(given)}, loss_weights.keys()={list(weights)}"
            )
        if is_by_key and isinstance(outputs.structure, dict) and not isinstance(weights, dict):
            weights = tree.pack_sequence_as(given, tree.flatten(weights))
        return outputs.spread(weights, "loss_weights")

    def __call__(self, y_true, y_pred, sample_weight=None):
        """The weighted sum, a scalar tensor; None if no output has a loss.

        Parameters
        ----------
        y_true, y_pred, sample_weight : structure of Tensor
        """
        self.build(y_true, y_pred)
        outputs = self.outputs(y_pred)
        numbers = [part.number for part in self.parts]
        targets = outputs.targets(y_true, numbers)
        weights = outputs.weights(sample_weight, y_true, numbers)
        total = None
        for number, loss, weight, tracker, is_free in self.parts:
            output = outputs.tensors[number]
            if is_free:
                label = outputs.label(number)
                check_target_shape(loss, targets[number].shape, output.shape, label)
            value = loss(targets[number], output, aligned(weights[number], output))
            value = ops.cast(value, floatx())
            if tracker is not None:
                tracker.update_state(value, sample_weight=float(output.shape[0]))
            if weight is not None:
                value = ops.multiply(value, weight)
            total = value if total is None else ops.add(total, value)
        return total


def aligned(weight, output):
    """Weights, with axes of size 1 added until they have as many as the output less its last.

    Otherwise weights of 3 samples of 3 steps each would be taken for weights of steps.
    """
    if weight is None:
        return None
    n_missing = len(output.shape) - 1 - len(weight.shape)
    return ops.reshape(weight, (*weight.shape, *[1] * n_missing)) if n_missing > 0 else weight


def depends_on_shapes(identifier):
    """Whether a loss is chosen by the shapes of the data."""
    return isinstance(identifier, str) and identifier.lower() in ("crossentropy", "ce")


def _known(identifier):
    """A loss as an object, unless it is chosen later; None stays None."""
    if depends_on_shapes(identifier):
        return identifier
    loss = losses.get_loss(identifier)
    if isinstance(getattr(loss, "fn", None), Metric):
        raise ValueError(
            "A loss is a function of one batch, and a metric keeps count of all batches: pass a "
            f"function or an object of `kerasette.losses`. Received: loss={identifier!r}"
        )
    return loss


def _name(outputs, number, loss):
    """What the tracker of an output's loss is called: keys on the way to it, and its name."""
    *path, last = outputs.paths[number] or (0,)
    if isinstance(last, int):
        last = outputs.names[number] if outputs.names else loss.name
    return "/".join(map(str, (*path, last)))


def _check_weights(weights, loss):
    if weights is None:
        return
    if not (is_real(weights) or tree.is_nested(weights)):
        raise ValueError(
            "Expected `loss_weights` argument to be a float (single output case) or a list, "
            "tuple, or dict (multiple output case). "
            f"Received instead: loss_weights={weights!r} of type {type(weights)}"
        )
    flat = tree.flatten(weights)
    n_losses = len(tree.flatten(loss))
    if len(flat) != n_losses:
        raise ValueError(
            f"`loss_weights` must match the number of losses, got {n_losses} losses and "
            f"{len(flat)} weights."
        )
    if not all(weight is None or is_number(weight) for weight in flat):
        raise ValueError(f"`loss_weights` must hold numbers. Received: loss_weights={weights!r}")
