"""Batches as tuples of x, y and sample weights: what steps of training get."""


def unpack_x_y_sample_weight(data):
    """x, y and sample weights of a batch, None for what it does not hold.

    For a `train_step`, `test_step` or `predict_step` of one's own.

    Parameters
    ----------
    data : x, (x,), (x, y) or (x, y, sample_weight)
        A list counts as a tuple. Anything else is x itself.

    Returns
    -------
    (x, y, sample_weight)

    Raises
    ------
    ValueError
        For a tuple of no entries, or of more than three.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.utils.unpack_x_y_sample_weight(("x", "y"))
    ('x', 'y', None)
    """
    if not isinstance(data, (list, tuple)):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ValueError(
            "Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`, "
            f"found: {data}"
        )
    return (*data, None, None)[:3]


def pack_x_y_sample_weight(x, y=None, sample_weight=None):
    """A batch as `fit` hands it to a step: the opposite of `unpack_x_y_sample_weight`.

    Parameters
    ----------
    x, y, sample_weight : structure of tensors
        Without y, sample weights are left out, too.

    Returns
    -------
    x, (x,), (x, y) or (x, y, sample_weight)
        x alone as it is, unless it is a list or tuple, which would be taken for a batch.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.utils.pack_x_y_sample_weight("x", "y")
    ('x', 'y')
    >>> kerasette.utils.pack_x_y_sample_weight(["a", "b"])
    (['a', 'b'],)
    """
    if y is None:
        return (x,) if isinstance(x, (list, tuple)) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)
