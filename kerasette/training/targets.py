"""Checks of targets against losses, before the first weight has moved."""

import numpy as np

from kerasette import losses, tree
from kerasette.shapes import are_equal
from kerasette.training.outputs import Outputs


def check_targets(loss, y, y_pred):
    """Raises if targets do not fit the losses of the outputs that they belong to.

    Parameters
    ----------
    loss : CompileLoss
        Built.
    y, y_pred : structure of what has a shape
    """
    outputs = loss.outputs(y_pred)
    targets = outputs.targets(y, [part.number for part in loss.parts])
    for number, own, *_ in loss.parts:
        shape = outputs.shape(number)
        check_target_shape(own, targets[number].shape, shape, outputs.label(number))


def class_targets(loss, y, y_pred):
    """The targets that are class numbers, each with its loss and the shape of its output.

    Parameters
    ----------
    loss, y_pred
        As for `check_targets`.
    y : structure
        Of anything in the places of the targets.
    """
    outputs = loss.outputs(y_pred)
    targets = outputs.targets(y, [part.number for part in loss.parts])
    return [
        (targets[number], own, outputs.shape(number))
        for number, own, *_ in loss.parts
        if isinstance(own, losses.SparseCategoricalCrossentropy)
    ]


def check_weights(sample_weight, y, y_pred, loss=None):
    """Raises if sample weights do not fit the outputs that they belong to.

    Parameters
    ----------
    sample_weight, y, y_pred : structure of what has a shape
    loss : CompileLoss, optional
        What says which outputs have targets, if some have none.
    """
    outputs = Outputs(y_pred) if loss is None else loss.outputs(y_pred)
    numbers = () if loss is None else loss.numbers(outputs)
    if len(outputs) > 1 and not tree.is_nested(sample_weight):
        check_one_weight_a_sample(sample_weight.shape)
        return
    for number, weight in enumerate(outputs.weights(sample_weight, y, numbers)):
        if weight is not None:
            shape = outputs.shape(number)
            check_sample_weight(weight.shape, shape, outputs.label(number))


def check_one_weight_a_sample(weight_shape):
    """Raises unless weights that are to count for all outputs are one number a sample."""
    if len(weight_shape) != 1 and weight_shape[1:] != (1,):
        raise ValueError(
            "For a model with multiple outputs, when providing a single `sample_weight` array, it "
            "should only have one scalar score per sample (i.e. shape `(num_samples,)`). If you "
            "want to use non-scalar sample weights, pass a `sample_weight` argument with one array "
            f"per model output. Received: sample_weight of shape {weight_shape}"
        )


def check_target_shape(loss, target_shape, output_shape, label=""):
    """Raises if targets of this shape do not belong to outputs of that shape, for our own losses.

    Without it a wrong shape would be broadcast, and a wrong loss computed in silence.
    """
    if getattr(loss, "fn", None) is losses.sparse_categorical_crossentropy:
        before, after = around_axis(output_shape, loss.get_config().get("axis", -1))
        fitting = [before + after, (*before, 1, *after)]
    elif type(loss).__module__.startswith("kerasette.") and is_own_function(loss):
        fitting = [output_shape]
        if output_shape[-1:] == (1,):
            fitting.append(output_shape[:-1])
    else:
        return
    # The batch is compared elsewhere.
    if not target_shape or not any(are_equal(target_shape[1:], shape[1:]) for shape in fitting):
        expected = " or ".join(str((None, *shape[1:])) for shape in fitting)
        raise ValueError(
            f"`y`{label} has shape {target_shape}, but {loss.name} of an output of shape "
            f"{(None, *output_shape[1:])} expects targets of shape {expected}."
        )


def around_axis(shape, axis):
    """The sizes of a shape before an axis, and those after it."""
    place = axis % len(shape)
    return shape[:place], shape[place + 1 :]


def is_own_function(loss):
    """Whether a loss that wraps a function wraps one of ours."""
    wrapped = getattr(loss, "fn", loss)
    module = getattr(wrapped, "__module__", None)
    return module is not None and module.startswith("kerasette.")


def check_class_numbers(loss, y, output_shape):
    """Raises if one of the class numbers that a loss takes is no class of the output.

    The kernels check each batch too; this looks before the first weight has moved.
    """
    if y.size == 0:
        return
    n_classes = output_shape[loss.axis]
    if n_classes is None:
        return
    # NaN is neither; and extremes take no memory, which the labels' places would.
    if y.min() >= 0 and y.max() < n_classes:
        return
    labels = y.reshape(-1)
    wrong = ~((labels >= 0) & (labels < n_classes))
    if loss.ignore_class is not None:
        wrong &= labels != loss.ignore_class
    if not wrong.any():
        return
    position = int(np.flatnonzero(wrong)[0])
    raise ValueError(
        f"Received a label value of {labels[position]} at position {position}, which is outside "
        f"the valid range of [0, {n_classes})."
    )


def check_sample_weight(weight_shape, output_shape, label=""):
    """Raises unless weights of this shape say how much each sample, or each place in it, counts.

    Without it weights could be broadcast over places that they do not belong to.
    """
    places = output_shape[1:-1]
    inner = weight_shape[1:]
    fitting = [(1,), places[: len(inner)], (*places, 1)]
    if not weight_shape or not any(are_equal(inner, shape) for shape in fitting):
        raise ValueError(
            f"`sample_weight`{label} has shape {weight_shape}, but for an output of shape "
            f"{(None, *output_shape[1:])} it must have shape (samples,)"
            + (f" or {(None, *places)}." if places else ".")
        )
