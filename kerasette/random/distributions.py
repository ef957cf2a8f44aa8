"""Numbers of distributions that take several tries.

Tries are drawn all at once, as many as leave no doubt that one is taken, so that a draw is made of
ops and can be replayed. Everything is computed in float64. Draws have no gradient.
"""

import numpy as np

from kerasette import ops
from kerasette._core import ops as _core
from kerasette._core.dtypes import standardize_dtype
from kerasette.checks import is_number
from kerasette.random.seeds import draw_seeds

# A try is rejected with a probability of at most 0.05: none of 9 is taken in one draw of 10**12.
N_TRIES = 9
# Up to here trials are drawn one by one.
MOST_TRIALS = 12


def gamma(shape, alpha, dtype=None, seed=None):
    """Numbers of the gamma distribution with shape `alpha` and scale 1.

    Parameters
    ----------
    shape : tuple of int
    alpha : float or Tensor
        Positive; broadcast to `shape`.
    dtype : {"float32", "float64"}, optional
        ``floatx()`` by default.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        If the dtype is not floating-point, or `alpha` does not fit the shape or is a number that
        is not positive.

    References
    ----------
    Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).

    Examples
    --------
    >>> import kerasette
    >>> bool(kerasette.ops.all(kerasette.random.gamma((5,), 0.5, seed=1) > 0))
    True
    """
    dtype = _real_dtype(dtype, "gamma")
    _check_positive("alpha", alpha)
    return ops.cast(ops.exp(_log_gamma(_sizes(shape), alpha, draw_seeds(seed))), dtype)


def beta(shape, alpha, beta, dtype=None, seed=None):
    """Numbers of the beta distribution with parameters `alpha` and `beta`.

    Parameters
    ----------
    shape : tuple of int
    alpha, beta : float or Tensor
        Positive; broadcast to `shape`.
    dtype : {"float32", "float64"}, optional
        ``floatx()`` by default.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        If the dtype is not floating-point, or a parameter does not fit the shape or is a number
        that is not positive.

    Examples
    --------
    >>> import kerasette
    >>> draw = kerasette.random.beta((100,), 2.0, 3.0, seed=1).numpy()
    >>> bool(0 < draw.min() < draw.max() < 1)
    True
    """
    dtype = _real_dtype(dtype, "beta")
    _check_positive("alpha", alpha)
    _check_positive("beta", beta)
    return ops.cast(_beta(_sizes(shape), alpha, beta, draw_seeds(seed)), dtype)


def binomial(shape, counts, probabilities, dtype=None, seed=None):
    """How many of so many trials succeed, each with the same probability.

    Parameters
    ----------
    shape : tuple of int
    counts : whole number, or Tensor of them
        Numbers of trials; broadcast to `shape`. The values of a tensor are read, so that a step
        with that is not replayed.
    probabilities : float or Tensor
        In [0, 1]; broadcast to `shape`.
    dtype : {"float32", "float64"}, optional
        ``floatx()`` by default.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        If the dtype is not floating-point, or a parameter does not fit the shape or is a number
        out of range.

    References
    ----------
    Devroye, "Non-uniform random variate generation", 1986, section X.4.3: of n uniform numbers
    the i-th in order has a beta distribution, and the others are uniform on both sides of it.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.random.binomial((3,), 10, [0.0, 1.0, 1.0], seed=1).numpy().tolist()
    [0.0, 10.0, 10.0]
    """
    dtype = _real_dtype(dtype, "binomial")
    if is_number(counts) and not (counts >= 0 and float(counts).is_integer()):
        raise ValueError(f"`counts` must be a whole number, at least 0. Received: counts={counts}")
    if is_number(probabilities) and not 0 <= probabilities <= 1:
        raise ValueError(
            f"`probabilities` must be in [0, 1]. Received: probabilities={probabilities}"
        )
    shape = _sizes(shape)
    seeds = draw_seeds(seed)
    most = int(np.max(ops.convert_to_numpy(counts), initial=0))
    left = ops.broadcast_to(ops.cast(counts, "float64"), shape)
    share = ops.broadcast_to(_parameter(probabilities), shape)
    found = ops.zeros(shape, "float64")
    while most > MOST_TRIALS:
        middle = ops.floor(ops.add(ops.multiply(left, 0.5), 1.0))
        above = ops.add(ops.subtract(left, middle), 1.0)
        # With no trials left there is no middle one; what is drawn for it is not used.
        place = _beta(shape, ops.maximum(middle, 1.0), ops.maximum(above, 1.0), seeds)
        is_within = ops.logical_and(ops.less_equal(place, share), ops.greater(left, 0))
        found = ops.where(is_within, ops.add(found, middle), found)
        rest = ops.divide(ops.subtract(share, place), ops.subtract(1.0, place))
        share = ops.clip(ops.where(is_within, rest, ops.divide(share, place)), 0.0, 1.0)
        left = ops.where(is_within, ops.subtract(left, middle), ops.subtract(middle, 1.0))
        left = ops.maximum(left, 0.0)
        most //= 2
    lots = _core.uniform(next(seeds), (most, *shape), dtype="float64")
    numbers = np.arange(most, dtype="float64").reshape(most, *[1] * len(shape))
    is_success = ops.logical_and(ops.less(lots, share), ops.less(numbers, left))
    return ops.cast(ops.add(found, ops.sum(ops.cast(is_success, "float64"), 0)), dtype)


def _real_dtype(dtype, name):
    dtype = standardize_dtype(dtype)
    if dtype not in ("float32", "float64"):
        raise ValueError(
            f"`kerasette.random.{name}` requires a floating point `dtype`. Received: dtype={dtype}"
        )
    return dtype


def _check_positive(name, value):
    """Raises for a number that is none; what tensors hold is not read, which ends recordings."""
    if is_number(value) and not value > 0:
        raise ValueError(f"`{name}` must be positive. Received: {name}={value}")


def _sizes(shape):
    # As for other draws, a number is a shape of one axis.
    if hasattr(shape, "__index__"):
        return (shape,)
    try:
        return tuple(shape)
    except TypeError as error:
        raise ValueError(f"A shape is a tuple of integers. Received: {shape!r}") from error


def _parameter(value):
    return ops.stop_gradient(ops.convert_to_tensor(value, "float64"))


def _beta(shape, alpha, beta, seeds):
    # The share of one of two gamma variables in their sum, also where both are nearly 0.
    first = _log_gamma(shape, alpha, seeds)
    second = _log_gamma(shape, beta, seeds)
    return ops.sigmoid(ops.subtract(first, second))


def _log_gamma(shape, alpha, seeds):
    """Logarithms of gamma variables."""
    alpha = ops.broadcast_to(_parameter(alpha), shape)
    is_small = ops.less(alpha, 1.0)
    raised = ops.where(is_small, ops.add(alpha, 1.0), alpha)
    d = ops.subtract(raised, 1.0 / 3.0)
    x = _core.normal(next(seeds), (N_TRIES, *shape), dtype="float64")
    cubed = ops.add(ops.multiply(x, ops.rsqrt(ops.multiply(d, 9.0))), 1.0)
    is_positive = ops.greater(cubed, 0.0)
    log_v = ops.multiply(ops.log(ops.where(is_positive, cubed, 1.0)), 3.0)
    # Equation 7 of the reference, in logarithms.
    bound = ops.multiply(d, ops.add(ops.subtract(1.0, ops.exp(log_v)), log_v))
    bound = ops.add(ops.multiply(ops.square(x), 0.5), bound)
    lots = _core.uniform(next(seeds), (N_TRIES + 1, *shape), dtype="float64")
    is_taken = ops.logical_and(ops.less(ops.log(lots[:-1]), bound), is_positive)
    first = ops.argmax(ops.cast(is_taken, "int32"), 0)
    taken = ops.squeeze(ops.take_along_axis(log_v, ops.expand_dims(first, 0), 0), 0)
    log_gamma = ops.add(ops.log(d), taken)
    # Below 1, of one more, times a power of a uniform number (section 6).
    power = ops.divide(ops.log(ops.subtract(1.0, lots[-1])), alpha)
    return ops.where(is_small, ops.add(log_gamma, power), log_gamma)
