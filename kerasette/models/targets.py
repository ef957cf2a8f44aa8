"""Checks of targets against losses, before the first weight has moved."""

import numpy as np

from kerasette import losses


def check_target_shape(loss, target_shape, output_shape):
    """Raises if targets of this shape do not belong to outputs of that shape, for our own losses.

    Without it a wrong shape would be broadcast, and a wrong loss computed in silence.
    """
    if isinstance(loss, losses.SparseCategoricalCrossentropy):
        before, after = around_axis(output_shape, loss.axis)
        fitting = [before + after, (*before, 1, *after)]
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


def around_axis(shape, axis):
    """The sizes of a shape before an axis, and those after it."""
    place = axis % len(shape)
    return shape[:place], shape[place + 1 :]


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
    n_classes = output_shape[loss.axis]
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


def check_sample_weight(weight_shape, output_shape):
    """Raises unless weights of this shape say how much each sample, or each place in it, counts.

    Without it weights could be broadcast over places that they do not belong to.
    """
    places = output_shape[1:-1]
    inner = weight_shape[1:]
    fits = inner == (1,) or inner == places[: len(inner)] or inner == (*places, 1)
    if not weight_shape or not fits:
        raise ValueError(
            f"`sample_weight` has shape {weight_shape}, but for an output of shape "
            f"{(None, *output_shape[1:])} it must have shape (samples,)"
            + (f" or {(None, *places)}." if places else ".")
        )


def weight_with_all_axes(weight, output_shape):
    """The weights, with axes of size 1 added until they have as many as the output less its last.

    Otherwise weights of 3 samples of 3 steps each would be taken for weights of steps.
    """
    n_missing = len(output_shape) - 1 - weight.ndim
    return weight[(..., *[None] * n_missing)] if n_missing > 0 else weight
