"""Windows that slide over images and sequences: their arguments, and the sizes that they give."""

from kerasette.checks import is_whole


def sizes_of(value, n, name, allow_zero=False):
    """One integer for each of `n` axes, from one for all of them or a sequence of them.

    Raises
    ------
    ValueError
        If it is neither, or one is not positive (negative, with `allow_zero`).

    Examples
    --------
    >>> sizes_of(3, 2, "kernel_size")
    (3, 3)
    """
    words = f"The `{name}` argument must be a tuple of {n} integers. Received {name}={value}"
    sizes = (value,) * n if is_whole(value) else value
    if not isinstance(sizes, (tuple, list)) or len(sizes) != n:
        raise ValueError(words)
    for size in sizes:
        if not is_whole(size):
            raise ValueError(f"{words}, including element {size!r} of type {type(size)}")
    sizes = tuple(size.__index__() for size in sizes)
    if min(sizes) < (0 if allow_zero else 1):
        least = ">= 0" if allow_zero else "> 0"
        wrong = sorted({size for size in sizes if size < (0 if allow_zero else 1)})
        raise ValueError(f"{words}, including values {wrong} that do not satisfy `value {least}`")
    return sizes


def padding_of(padding, names=("same", "valid")):
    """A kind of padding in small letters.

    Raises
    ------
    ValueError
        If it is none of `names`.
    """
    name = padding.lower() if isinstance(padding, str) else padding
    if name not in names:
        raise ValueError(
            f"The `padding` argument must be one of {names}. Received: padding={padding!r}"
        )
    return name


def output_size(size, window, stride, padding, dilation=1):
    """At how many places a window stands along an axis.

    Parameters
    ----------
    size : int or None
        Of the input; None if it is not known, and then the result is None.
    window, stride, dilation : int
        Positive; `dilation` is the distance of neighbours in the window.
    padding : {"valid", "same", "causal"}
        With "valid" the window stays inside. With the others there is a place for each stride of
        the input.

    Returns
    -------
    int or None
        Zero or negative if the window does not fit.

    Examples
    --------
    >>> output_size(10, 3, 2, "valid"), output_size(10, 3, 2, "same")
    (4, 5)
    """
    if size is None:
        return None
    if padding == "valid":
        size -= dilation * (window - 1)
    return (size - 1) // stride + 1


def transposed_size(size, window, stride, padding, output_padding=None, dilation=1):
    """The size of the input of a window whose output has a size, along one axis.

    Of the sizes that a convolution makes into `size` it is the smallest for "valid" (but no less
    than one stride), and ``size * stride`` for "same". `output_padding` says another of them.

    Returns
    -------
    (int or None, int)
        The size; and how many places of the padding lie before it.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), chapter 4.

    Examples
    --------
    >>> transposed_size(5, 3, 2, "valid"), transposed_size(5, 3, 2, "same")
    ((11, 0), (10, 0))
    """
    extent = (window - 1) * dilation + 1
    if padding == "valid":
        extra = max(stride - extent, 0) if output_padding is None else output_padding
        before, after = 0, -extra
    else:
        extra = stride - extent % 2 if output_padding is None else output_padding
        both = extent - extent % 2 - extra
        before = max(both // 2, 0)
        after = both - before
    if size is None:
        return None, before
    return (size - 1) * stride + extent - before - after, before
