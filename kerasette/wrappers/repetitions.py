"""A weight of 3 is three samples: what an epoch goes through, in whatever order samples came.

scikit-learn wants a fit with weights to be the fit with repeated samples. Where all samples are one
batch, a weighted mean is that of the repetitions. In several batches the repetitions themselves
have to be drawn, and from an order that does not tell how the samples were given.
"""

import math

import numpy as np

from kerasette.data.sparse import is_sparse

MOST_REPETITIONS = 5
"""In the mean of the samples: a fit takes the time and the memory of the repetitions."""

# Elements that are mixed at a time, so that they stay in the cache.
CHUNK = 1 << 15


def repetitions(weights):
    """How often samples are repeated, and what each repetition weighs.

    Parameters
    ----------
    weights : ndarray of shape (samples,)
        Above 0.

    Returns
    -------
    (ndarray of int of shape (samples,), int), or None
        Counts whose greatest common divisor is 1, and the factor that makes the weights of them.
        None: the weights are not whole numbers, or would repeat samples too often.
    """
    if weights.max() > 2**53 or (weights != np.rint(weights)).any():
        return None
    whole = weights.astype(np.int64)
    unit = np.gcd.reduce(whole)
    counts = whole // unit
    # A sum of whole numbers may not fit into 64 bits.
    return (counts, int(unit)) if counts.mean() <= MOST_REPETITIONS else None


def order_by_content(*arrays):
    """An order of rows that depends on what they hold, not on where they are.

    Rows are sorted by sums of 64 bits, which are the same for equal rows. Two rows that differ have
    the same sum by chance alone, and are then in the order in which they came.

    Parameters
    ----------
    *arrays : ndarray of shape (rows, ...) or csr matrix, of numbers of at most 64 bits
        Together they are the rows.

    Returns
    -------
    ndarray of int of shape (rows,)
    """
    # The same factors in every process: this is no draw.
    factors = np.random.RandomState(0)
    sums = sum(_sums_of_rows(array, factors) for array in arrays)
    return np.argsort(sums, kind="stable")


def _sums_of_rows(array, rng):
    """Bits of the elements, multiplied by random factors and summed over each row, mod 2**64.

    That is the hash of Carter and Wegman, "Universal classes of hash functions", Journal of
    Computer and System Sciences 18 (1979), for vectors.
    """
    n_columns = math.prod(array.shape[1:])
    factors = rng.randint(0, 2**64, n_columns, dtype=np.uint64)
    if is_sparse(array):
        # Zeros have no bits. Differences of sums that have gone round are right, too.
        terms = _bits(array.data) * factors[array.indices]
        ends = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])
        return ends[array.indptr[1:]] - ends[array.indptr[:-1]]
    rows = array.reshape(len(array), n_columns)
    n_at_once = max(1, CHUNK // max(1, n_columns))
    pieces = (rows[start : start + n_at_once] for start in range(0, len(rows), n_at_once))
    return np.concatenate([_bits(piece) @ factors for piece in pieces])


def _bits(numbers):
    """The bits of numbers in double precision, the upper ones mixed into the lower ones.

    Small whole numbers have theirs at the top, where products lose them. Equal numbers have the
    same bits, of whatever dtype they are, and zeros of both signs none.
    """
    bits = np.add(numbers, 0.0, dtype=np.float64, order="C").view(np.uint64)
    return bits ^ (bits >> np.uint64(32))
