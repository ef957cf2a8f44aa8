"""Words and what stands around them."""

import numpy as np

from kerasette.checks import check_size, is_whole
from kerasette.text.ids import id_array


def context_windows(texts, size, padding=0):
    """Each token of some texts, with those on both sides of it.

    Parameters
    ----------
    texts : list of arrays of integers of shape (tokens,), or one such array
        Windows do not reach from one text into another.
    size : int
        How many tokens before, and as many after.
    padding : int
        What stands where the text has begun not yet, or is over. With 0, layers with
        ``mask_zero=True`` leave it out; no token should have this number.

    Returns
    -------
    (ndarray of shape (n,), ndarray of shape (n, 2 * size))
        The tokens, of all texts in order, and around each: `size` before it, and `size` after. A
        text of one token has none around, and is left out.

    Raises
    ------
    ValueError
        If a text is no such array, or the size no positive integer.

    Examples
    --------
    >>> from kerasette import text
    >>> targets, contexts = text.context_windows([[1, 2, 3, 4], [5], [6, 7]], size=2)
    >>> targets.tolist()
    [1, 2, 3, 4, 6, 7]
    >>> contexts.tolist()
    [[0, 0, 2, 3], [0, 1, 3, 4], [1, 2, 4, 0], [2, 3, 0, 0], [0, 0, 7, 0], [0, 6, 0, 0]]
    """
    check_size("size", size)
    if not is_whole(padding) or not -(2**31) <= padding < 2**31:
        raise ValueError(f"`padding` must be an integer of 32 bits. Received: padding={padding!r}")
    if not len(texts):
        texts = []
    elif np.ndim(texts[0]) == 0:
        texts = [texts]
    texts = [id_array(f"texts[{i}]", text, n_axes=1) for i, text in enumerate(texts)]
    texts = [text for text in texts if len(text) > 1]
    gap = np.full(size, padding, "int32")
    pieces = [gap]
    for text in texts:
        pieces += [text, gap]
    line = np.concatenate(pieces)
    # Where the tokens of the texts are: behind one gap more for each text.
    lengths = [len(text) for text in texts]
    places = np.arange(sum(lengths)) + size * (1 + np.repeat(np.arange(len(texts)), lengths))
    offsets = np.concatenate([np.arange(-size, 0), np.arange(1, size + 1)])
    return line[places], line[places[:, None] + offsets]
