"""Numbers of tokens, drawn as often as they stand in a text."""

import numpy as np

from kerasette import ops, random
from kerasette.checks import is_number


class UnigramSampler:
    """Draws numbers of tokens with probabilities that go by how often each was counted.

    Parameters
    ----------
    counts : array of shape (tokens,)
        How often each token stands in the text; those with 0 are never drawn.
    power : float
        Of the counts: 1 draws as a random place of the text does, 0.75 rare tokens more often (as
        word2vec), 0 all alike.

    Attributes
    ----------
    counts : ndarray of shape (tokens,)
    probabilities : ndarray of float64 of shape (tokens,)

    Raises
    ------
    ValueError
        If counts are negative, all 0 or no numbers in one axis, or the power is negative.

    References
    ----------
    Walker, "An efficient method for generating discrete random variables with general
    distributions", ACM TOMS 3 (1977): a draw costs the same for any number of tokens.

    Examples
    --------
    >>> from kerasette import text
    >>> text.UnigramSampler([1, 3, 0]).probabilities.tolist()
    [0.25, 0.75, 0.0]
    >>> text.UnigramSampler([0, 5]).draw((2, 3), seed=1).numpy().tolist()
    [[1, 1, 1], [1, 1, 1]]
    """

    def __init__(self, counts, power=1.0):
        counts = np.asarray(counts)
        if counts.ndim != 1 or counts.dtype.kind not in "iuf":
            raise ValueError(
                "`counts` must be numbers in an array of 1 axis. Received: shape "
                f"{counts.shape}, dtype {counts.dtype}"
            )
        self.counts = counts
        if not np.isfinite(counts).all() or (counts < 0).any() or not (counts > 0).any():
            raise ValueError(
                "`counts` must be finite, not negative, and not all 0. Received: "
                f"counts={counts.tolist() if counts.size < 10 else counts}"
            )
        if not is_number(power) or not 0 <= power < np.inf:
            raise ValueError(
                f"`power` must be a number of at least 0, and finite. Received: power={power!r}"
            )
        # At most 1, so that no power is too great.
        parts = counts.astype("float64") / float(counts.max())
        shares = np.where(counts > 0, parts, 1) ** float(power) * (counts > 0)
        self.probabilities = shares / shares.sum()
        kept, others = alias_tables(self.probabilities)
        self._kept = ops.convert_to_tensor(kept, "float64")
        self._others = ops.convert_to_tensor(others, "int32")

    def draw(self, shape, seed=None):
        """Numbers of tokens.

        Parameters
        ----------
        shape : tuple of int
        seed : int, SeedGenerator or None
            As for the functions of `kerasette.random`.

        Returns
        -------
        Tensor of int32
            Made of ops: within a training step the draw is recorded with it.
        """
        lots = random.uniform(shape, 0.0, float(len(self.probabilities)), "float64", seed)
        places = ops.cast(ops.floor(lots), "int32")
        is_kept = ops.less(ops.subtract(lots, ops.floor(lots)), ops.take(self._kept, places))
        return ops.where(is_kept, places, ops.take(self._others, places))


def alias_tables(probabilities):
    """Walker's tables: each place keeps its share of the draws, the rest go to another token.

    Parameters
    ----------
    probabilities : ndarray of shape (n,)

    Returns
    -------
    (ndarray of float64, ndarray of int64)
        Of the draws at place i, the share that i keeps, and the token that gets the others.
    """
    n = len(probabilities)
    shares = (probabilities * n).tolist()
    kept, others = np.ones(n), np.arange(n)
    poor = [i for i, share in enumerate(shares) if share < 1.0]
    rich = [i for i, share in enumerate(shares) if share >= 1.0]
    while poor and rich:
        i, j = poor.pop(), rich[-1]
        kept[i], others[i] = shares[i], j
        # What place i has left over, j fills: that much less is j's own.
        shares[j] -= 1.0 - shares[i]
        if shares[j] < 1.0:
            poor.append(rich.pop())
    # Rounding alone leaves somebody: tokens whose share is 1, or 0 with no rich one left.
    for i in poor:
        if probabilities[i] == 0:
            kept[i], others[i] = 0.0, int(np.argmax(probabilities))
    return kept, others
