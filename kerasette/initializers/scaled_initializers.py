"""Initializers whose spread depends on the number of inputs and outputs of a layer."""

import math

from kerasette import random
from kerasette.checks import is_number
from kerasette.initializers.random_initializers import RandomInitializer

# Standard deviation of a normal distribution of spread 1 that is cut off at +-2:
# sqrt(1 - 2 * 2 * pdf(2) / (cdf(2) - cdf(-2))).
TRUNCATED_STDDEV = 0.87962566103423978

MODES = ("fan_avg", "fan_in", "fan_out")
DISTRIBUTIONS = ("truncated_normal", "uniform", "untruncated_normal")


def compute_fans(shape, input_axes=None, output_axes=None):
    """Numbers of inputs and outputs of one unit.

    A kernel of shape (..., inputs, outputs) has the leading sizes (a convolution's receptive
    field) in both. `input_axes` and `output_axes`, given together, name the axes instead.

    >>> compute_fans((3, 3, 4, 8))
    (36, 72)
    """
    shape = tuple(shape)
    if input_axes is not None and output_axes is not None:
        return (
            math.prod(shape[axis] for axis in input_axes),
            math.prod(shape[axis] for axis in output_axes),
        )
    if len(shape) < 2:
        size = shape[0] if shape else 1
        return size, size
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


class VarianceScaling(RandomInitializer):
    """Numbers with the variance ``scale / n``, where n counts inputs or outputs.

    Parameters
    ----------
    scale : float
        Positive; 1 by default.
    mode : {"fan_in", "fan_out", "fan_avg"}
        Whether n counts a unit's inputs, its outputs, or is the mean of both.
    distribution : {"truncated_normal", "untruncated_normal", "uniform"}
        "normal" is another word for the first. A truncated normal is cut at two standard
        deviations, and widened so that its variance is right.
    seed : int, SeedGenerator or None
    input_axes, output_axes : list of int, optional
        Axes of inputs and outputs, where they are not the last two.

    Raises
    ------
    ValueError
        For a scale that is not positive, or an unknown mode or distribution.

    References
    ----------
    Glorot and Bengio, AISTATS 2010; He et al., ICCV 2015, section 2.2; LeCun et al., "Efficient
    BackProp", 1998, section 4.6.
    """

    def __init__(
        self,
        scale=1.0,
        mode="fan_in",
        distribution="truncated_normal",
        seed=None,
        input_axes=None,
        output_axes=None,
    ):
        if not is_number(scale) or not scale > 0:
            raise ValueError(f"Argument `scale` must be positive float. Received: scale={scale!r}")
        if mode not in MODES:
            raise ValueError(f"Invalid `mode` argument: {mode}. Please use one of {MODES}")
        distribution = str(distribution).lower()
        distribution = "truncated_normal" if distribution == "normal" else distribution
        if distribution not in DISTRIBUTIONS:
            raise ValueError(
                f"Invalid `distribution` argument: {distribution}. "
                f"Please use one of {DISTRIBUTIONS}"
            )
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.input_axes = input_axes
        self.output_axes = output_axes
        super().__init__(seed)

    def __call__(self, shape, dtype=None):
        """A draw of `shape`."""
        fan_in, fan_out = compute_fans(shape, self.input_axes, self.output_axes)
        fan_avg = (fan_in + fan_out) / 2
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": fan_avg}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return random.uniform(shape, -limit, limit, dtype, self.seed)
        if self.distribution == "untruncated_normal":
            return random.normal(shape, 0.0, math.sqrt(variance), dtype, self.seed)
        stddev = math.sqrt(variance) / TRUNCATED_STDDEV
        return random.truncated_normal(shape, 0.0, stddev, dtype, self.seed)

    def get_config(self):
        """The arguments that make such an initializer."""
        return {
            **super().get_config(),
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


class _Preset(VarianceScaling):
    """A `VarianceScaling` whose first three arguments are fixed by the class."""

    _preset = ()

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(*self._preset, seed, input_axes, output_axes)

    def get_config(self):
        """``seed``, ``input_axes`` and ``output_axes``."""
        config = super().get_config()
        return {name: config[name] for name in ("seed", "input_axes", "output_axes")}


class GlorotUniform(_Preset):
    """Uniform in +-sqrt(6 / (inputs + outputs)).

    >>> import kerasette
    >>> kernel = kerasette.initializers.GlorotUniform(seed=1)((2, 4)).numpy()
    >>> bool((abs(kernel) <= 1).all())
    True
    """

    _preset = (1.0, "fan_avg", "uniform")


class GlorotNormal(_Preset):
    """Truncated normal with the variance 2 / (inputs + outputs)."""

    _preset = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_Preset):
    """Uniform in +-sqrt(6 / inputs)."""

    _preset = (2.0, "fan_in", "uniform")


class HeNormal(_Preset):
    """Truncated normal with the variance 2 / inputs."""

    _preset = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_Preset):
    """Uniform in +-sqrt(3 / inputs)."""

    _preset = (1.0, "fan_in", "uniform")


class LecunNormal(_Preset):
    """Truncated normal with the variance 1 / inputs."""

    _preset = (1.0, "fan_in", "truncated_normal")
