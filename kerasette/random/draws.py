"""Numbers spread evenly and normally, and what is decided by them."""

from kerasette import ops
from kerasette._core import ops as _core
from kerasette.checks import is_number
from kerasette.random.seeds import draw_seed


def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """Numbers spread evenly over [minval, maxval).

    Parameters
    ----------
    shape : tuple of int
    minval, maxval : float
    dtype : {"float32", "float64"}, optional
        ``floatx()`` by default.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        For a dtype that is not floating-point.
    """
    return _core.uniform(draw_seed(seed), shape, minval, maxval, dtype)


def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normally distributed numbers.

    Parameters
    ----------
    shape : tuple of int
    mean : float
    stddev : float
        At least 0.
    dtype : {"float32", "float64"}, optional
        ``floatx()`` by default.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        For a dtype that is not floating-point, or if `stddev` is negative or NaN.
    """
    if is_number(stddev) and not stddev >= 0:
        raise ValueError(f"`stddev` must be at least 0. Received: stddev={stddev}")
    return _core.normal(draw_seed(seed), shape, mean, stddev, dtype)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Normally distributed numbers at most two standard deviations from the mean.

    What lies beyond is cut off, so what is left has a standard deviation of 0.8796 `stddev`.

    Parameters
    ----------
    shape : tuple of int
    mean, stddev : float
    dtype : {"float32", "float64"}, optional
        ``floatx()`` by default.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        For a dtype that is not floating-point.
    TypeError
        If `mean` or `stddev` is not a number.
    """
    mean, stddev = _as_float("mean", mean), _as_float("stddev", stddev)
    # The quantiles of a uniform draw. To draw again what lies beyond would take reading how much
    # that is, and then a step could not be replayed.
    share = _core.uniform(draw_seed(seed), shape, -WIDEST_SHARE, WIDEST_SHARE, dtype)
    outside = ops.log(ops.subtract(1.0, ops.square(share)))
    ratio = QUANTILE[0]
    for coefficient in QUANTILE[1:]:
        ratio = ops.add(ops.multiply(outside, ratio), coefficient)
    return ops.add(ops.multiply(ops.multiply(share, ratio), stddev), mean)


# Between -x and x lies a share s = erf(x / sqrt(2)) of the normal numbers. The other way round, x
# is s times this polynomial in log(1 - s * s), the highest power first (as in Giles, "Approximating
# the erfinv function", GPU Computing Gems, 2010), fitted for the least relative error, 2e-8, for x
# up to 2. That is faster than `ops.erfinv`, by three times or more.
QUANTILE = (
    -6.35760251e-06, -9.06539549e-05, -0.000215508626, 0.00327714553, 0.0163243833, -0.328118037,
    1.25331411,
)  # fmt: skip

# Just below erf(sqrt(2)), so that rounding takes nothing beyond two standard deviations.
WIDEST_SHARE = 0.9544996


def _as_float(name, value):
    if not hasattr(value, "__float__"):
        raise TypeError(
            f"`{name}` must be a number. Received: {name}={value!r} "
            f"(of type {type(value).__name__})."
        )
    return float(value)


def dropout(inputs, rate, noise_shape=None, seed=None):
    """`inputs` with a share of its elements set to 0, the others divided by what is left.

    Parameters
    ----------
    inputs : Tensor
    rate : float
        Share of zeros, in [0, 1].
    noise_shape : tuple, optional
        Shape of the zeros' pattern, with 1 for axes along which it repeats and None for sizes as
        in `inputs`.
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        If `rate` is out of range, or the pattern does not fit.

    References
    ----------
    Srivastava et al., "Dropout: A simple way to prevent neural networks from overfitting",
    JMLR 15 (2014).
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"`rate` must be in [0, 1]. Received: rate={rate}")
    inputs = ops.convert_to_tensor(inputs)
    if rate == 1:
        return ops.multiply(inputs, 0.0)
    state = draw_seed(seed)
    if noise_shape is None:
        return _core.dropout(inputs, state, rate)
    noise = _core.uniform(state, noise_sizes(noise_shape, inputs.shape), dtype=inputs.dtype)
    kept = ops.cast(ops.greater_equal(noise, rate), inputs.dtype)
    return ops.multiply(inputs, ops.multiply(kept, 1.0 / (1.0 - rate)))


def noise_sizes(noise_shape, shape):
    """Sizes of a pattern that repeats over `shape`: `noise_shape` with None filled in.

    Raises
    ------
    ValueError
        If the pattern does not fit.
    """
    fits = len(noise_shape) == len(shape)
    if not fits or any(b not in (None, 1, a) for a, b in zip(shape, noise_shape, strict=True)):
        raise ValueError(
            f"Each size of `noise_shape` must be 1, None or that of the inputs, {shape}. "
            f"Received: noise_shape={tuple(noise_shape)}"
        )
    return [a if b is None else b for a, b in zip(shape, noise_shape, strict=True)]


def randint(shape, minval, maxval, dtype="int32", seed=None):
    """Whole numbers spread evenly over [minval, maxval).

    Parameters
    ----------
    shape : tuple of int
    minval, maxval : int
        At most 2**53 apart, which is as finely as the numbers behind them are spread.
    dtype : {"int32", "int64"}
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        If the dtype is no integer's, a bound has a fraction, there is no number in the range, or
        it is too wide.

    Examples
    --------
    >>> import kerasette
    >>> draw = kerasette.random.randint((100,), 1, 7, seed=1).numpy()
    >>> int(draw.min()), int(draw.max())
    (1, 6)
    """
    if ops.zeros((), dtype).dtype not in ("int32", "int64"):
        raise ValueError(
            f"`kerasette.random.randint` requires an integer `dtype`. Received: dtype={dtype}"
        )
    if any(is_number(bound) and not float(bound).is_integer() for bound in (minval, maxval)):
        raise ValueError(
            "`minval` and `maxval` must be whole numbers. "
            f"Received: minval={minval}, maxval={maxval}"
        )
    if not 0 < maxval - minval <= 2**53:
        raise ValueError(
            "`maxval` must be above `minval`, by at most 2**53. "
            f"Received: minval={minval}, maxval={maxval}"
        )
    share = _core.uniform(draw_seed(seed), shape, dtype="float64")
    steps = ops.cast(ops.floor(ops.multiply(share, float(maxval - minval))), "int64")
    return ops.cast(ops.add(steps, ops.cast(minval, "int64")), dtype)


def shuffle(x, axis=0, seed=None):
    """The same elements in an order drawn by lot, along `axis`.

    Parameters
    ----------
    x : Tensor
    axis : int
    seed : int, SeedGenerator or None

    Raises
    ------
    ValueError
        If there is no such axis.

    Examples
    --------
    >>> import kerasette
    >>> sorted(kerasette.random.shuffle([3, 1, 2], seed=1).numpy().tolist())
    [1, 2, 3]
    """
    x = ops.convert_to_tensor(x)
    if not -len(x.shape) <= axis < len(x.shape):
        raise ValueError(f"axis {axis} is out of bounds for a tensor of {len(x.shape)} dimensions.")
    # With 53 bits each, ties do not happen.
    lots = _core.uniform(draw_seed(seed), (x.shape[axis],), dtype="float64")
    return ops.take(x, ops.argsort(lots), axis)


def categorical(logits, num_samples, dtype="int32", seed=None):
    """Class numbers, each with the probability that the softmax of its row gives it.

    Parameters
    ----------
    logits : Tensor of shape (rows, classes)
        Logarithms of probabilities, but for a summand in each row.
    num_samples : int
    dtype : {"int32", "int64"}
    seed : int, SeedGenerator or None

    Returns
    -------
    Tensor of shape (rows, num_samples)

    Raises
    ------
    ValueError
        If `logits` has other axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.random.categorical([[0.0, -1e9], [-1e9, 0.0]], 3).numpy().tolist()
    [[0, 0, 0], [1, 1, 1]]
    """
    logits = ops.convert_to_tensor(logits)
    if len(logits.shape) != 2:
        raise ValueError(
            "`logits` should be a 2-D tensor with shape [batch_size, num_classes]. "
            f"Received: logits={logits}"
        )
    logits = ops.stop_gradient(ops.cast(logits, "float64"))
    shares = ops.exp(ops.subtract(logits, ops.max(logits, -1, keepdims=True)))
    bounds = ops.cumsum(shares, -1)
    lots = _core.uniform(draw_seed(seed), (logits.shape[0], num_samples), dtype="float64")
    # A number falls into the class whose bound is the first above it.
    lots = ops.multiply(lots, bounds[:, -1:])
    is_below = ops.less_equal(ops.expand_dims(bounds, 1), ops.expand_dims(lots, -1))
    return ops.cast(ops.sum(ops.cast(is_below, "int32"), -1), dtype)
