"""Cross-entropies of probabilities and of logits."""

from kerasette._core import ops as core
from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops import add, cast, divide, log, multiply, negative, squeeze, sum
from kerasette.config import epsilon
from kerasette.ops.arrangement import to_last
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.elementwise import clip


def binary_crossentropy(target, output, from_logits=False):
    """Cross-entropy of probabilities, element by element.

    ``-(target * log(output) + (1 - target) * log(1 - output))``

    Parameters
    ----------
    target, output : Tensor of the same shape
        Probabilities.
    from_logits : bool
        Whether `output` is still to go through a sigmoid. If a sigmoid made it, the logits are
        used in either case, and nothing is lost near 0 and 1; other probabilities are clipped
        to [epsilon, 1 - epsilon].

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    output = convert_to_tensor(output)
    target = cast(target, _real(output))
    _check_same_shape(target, output)
    logits = _logits_of(output, from_logits, "sigmoid")
    if logits is not None:
        return core.sigmoid_crossentropy(logits, target)
    output = clip(output, epsilon(), 1.0 - epsilon())
    one = add(multiply(target, log(output)), multiply(1.0 - target, log(1.0 - output)))
    return negative(one)


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Cross-entropy of distributions along `axis`: ``-sum(target * log(output), axis)``.

    Parameters
    ----------
    target, output : Tensor of the same shape
        Distributions over classes. `output` is divided by its sum, and clipped to
        [epsilon, 1 - epsilon].
    from_logits : bool
        Whether `output` is still to go through a softmax. If a softmax over the last axis made
        it, the logits are used in either case, without clipping.
    axis : int

    Returns
    -------
    Tensor of their shape without `axis`

    Raises
    ------
    ValueError
        If the shapes differ, or they are scalars.
    """
    output = convert_to_tensor(output)
    target = cast(target, _real(output))
    _check_same_shape(target, output)
    if not output.shape:
        raise ValueError(
            "Arguments `target` and `output` must be at least rank 1. Received: "
            f"target.shape={target.shape}, output.shape={output.shape}"
        )
    is_last = axis in (-1, len(output.shape) - 1)
    logits = _logits_of(output, from_logits, "softmax" if is_last else None)
    if logits is not None:
        return core.softmax_crossentropy(to_last(logits, axis), to_last(target, axis))
    return negative(sum(multiply(target, log(_distribution(output, axis))), axis))


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Cross-entropy of distributions against class numbers: ``-log(output[target])``.

    Parameters
    ----------
    target : Tensor of integers, or of floats that are whole
        Class numbers in [0, classes); of the shape of `output` without `axis`, or with a size of
        1 there.
    output : Tensor
        Distributions over classes along `axis`, as for `categorical_crossentropy`.
    from_logits : bool
    axis : int

    Returns
    -------
    Tensor of the shape of `output` without `axis`

    Raises
    ------
    ValueError
        If the shapes do not fit, or a class number is out of range.
    """
    output = convert_to_tensor(output)
    target = convert_to_tensor(target)
    if not output.shape:
        raise ValueError(
            f"Argument `output` must be at least rank 1. Received: output.shape={output.shape}"
        )
    (place,) = places((axis,), len(output.shape))
    if len(target.shape) == len(output.shape) and target.shape[place] == 1:
        target = squeeze(target, place)
    if target.shape != output.shape[:place] + output.shape[place + 1 :]:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape up until the last "
            f"dimension: target.shape={target.shape}, output.shape={output.shape}"
        )
    is_last = place == len(output.shape) - 1
    logits = _logits_of(output, from_logits, "softmax" if is_last else None)
    if logits is not None:
        return core.sparse_softmax_crossentropy(to_last(logits, axis), target)
    return negative(core.pick(to_last(log(_distribution(output, axis)), axis), target))


def _real(x):
    return x.dtype if x.dtype in ("float32", "float64") else standardize_dtype(None)


def _check_same_shape(target, output):
    if target.shape != output.shape:
        raise ValueError(
            "Arguments `target` and `output` must have the same shape. Received: "
            f"target.shape={target.shape}, output.shape={output.shape}"
        )


def _logits_of(output, from_logits, activation):
    """The logits if they are given, or kept by the activation that made `output`; else None."""
    if from_logits:
        return output
    kept = output._logits
    return kept[1] if kept is not None and kept[0] == activation else None


def _distribution(output, axis):
    output = divide(output, sum(output, axis, keepdims=True))
    return clip(output, epsilon(), 1.0 - epsilon())
