"""How the values of samples, their weights and masks become one number."""

from kerasette import ops

REDUCTIONS = ("mean", "mean_with_sample_weight", "none", "sum", "sum_over_batch_size", None)


def standardize_reduction(reduction):
    """`reduction` if it is one.

    Raises
    ------
    ValueError
        If not.
    """
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"Invalid value for argument `reduction`. Expected one of {REDUCTIONS}. Received: "
            f"reduction={reduction}"
        )
    return reduction


def squeeze_or_expand_to_same_rank(x1, x2, expand_rank_1=True):
    """Two tensors with the same rank, if one has a last axis of size 1 more than the other.

    The axis is dropped; or, with `expand_rank_1`, given to the other one, if that is a vector.
    """
    rank1, rank2 = len(x1.shape), len(x2.shape)
    if rank1 == rank2 + 1 and x1.shape[-1] == 1:
        if rank2 == 1 and expand_rank_1:
            return x1, ops.expand_dims(x2, -1)
        return ops.squeeze(x1, -1), x2
    if rank2 == rank1 + 1 and x2.shape[-1] == 1:
        if rank1 == 1 and expand_rank_1:
            return ops.expand_dims(x1, -1), x2
        return x1, ops.squeeze(x2, -1)
    return x1, x2


def operands(y_true, y_pred):
    """Targets and predictions as tensors of the predictions' dtype, and of the same rank."""
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, y_pred.dtype)
    return squeeze_or_expand_to_same_rank(y_true, y_pred)


def as_numbers(values, what, dtype=None):
    """What a function of a user's returned, as a tensor.

    Parameters
    ----------
    values : object
    what : str
        What returned it, for the error.
    dtype : str, optional

    Raises
    ------
    ValueError
        If it holds no numbers.
    """
    try:
        return ops.convert_to_tensor(values, dtype)
    except (TypeError, ValueError):
        raise ValueError(
            f"{what} must return a tensor, or what can be converted to one. It returned "
            f"{values!r} of type {type(values)}."
        ) from None


def mask_of(x):
    """Which places of a tensor count: a tensor of bool, or None for all of them."""
    return getattr(x, "_keras_mask", None)


def both(mask1, mask2):
    """The places that count in both masks; None stands for all."""
    if mask1 is None or mask2 is None:
        return mask2 if mask1 is None else mask1
    return ops.logical_and(mask1, mask2)


def apply_mask(sample_weight, mask, dtype, reduction):
    """Sample weights which are 0 where the mask is.

    Parameters
    ----------
    sample_weight : Tensor, array, number or None
    mask : Tensor or array of bool, or None
    dtype : str
    reduction : str or None
        Where it divides by the number of places, the others weigh as much more as makes up for
        the masked ones: the sum is then divided by the number of the places that count.

    Returns
    -------
    Tensor or None
        None if both are; the weights as they came if there is no mask.
    """
    if mask is None:
        return sample_weight
    mask = ops.cast(mask, dtype)
    if reduction in ("mean", "sum_over_batch_size"):
        mask = ops.multiply(mask, ops.divide_no_nan(float(mask.size), ops.sum(mask)))
    if sample_weight is None:
        return mask
    mask, sample_weight = squeeze_or_expand_to_same_rank(
        mask, ops.convert_to_tensor(sample_weight, dtype)
    )
    return ops.multiply(sample_weight, mask)


def reduce_weighted_values(values, sample_weight, mask, reduction, dtype):
    """Values times weights, without what the mask takes out, reduced; see `Loss`."""
    values = ops.convert_to_tensor(values, dtype)
    sample_weight = apply_mask(sample_weight, mask, dtype, reduction)
    if sample_weight is not None:
        sample_weight = ops.convert_to_tensor(sample_weight, dtype)
        values, sample_weight = squeeze_or_expand_to_same_rank(values, sample_weight)
        values = ops.multiply(values, sample_weight)
    # Scalars and empty vectors stay, as in Keras.
    if reduction in (None, "none") or values.shape in ((), (0,)):
        return values
    if reduction == "sum":
        return ops.sum(values)
    if reduction == "mean_with_sample_weight" and sample_weight is not None:
        return ops.divide_no_nan(ops.sum(values), ops.sum(sample_weight))
    return ops.mean(values) if values.size else ops.sum(values)
