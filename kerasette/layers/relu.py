"""Rectifiers as layers."""

import warnings

from kerasette import activations
from kerasette.checks import is_number
from kerasette.layers.layer import Layer
from kerasette.layers.symbolic_calls import dtype_of_function


class ReLU(Layer):
    """The inputs from a threshold up to a maximum, and a slope below.

    Parameters
    ----------
    max_value : float, optional
        The largest value that is returned, not negative; none by default.
    negative_slope : float
        Not negative. Below the threshold, ``negative_slope * (inputs - threshold)``.
    threshold : float
        Not negative.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is negative.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.ReLU(max_value=6, negative_slope=0.5)
    >>> layer(kerasette.ops.convert_to_tensor([-2.0, 3.0, 9.0])).numpy().tolist()
    [-1.0, 3.0, 6.0]
    """

    _keeps_dtype = True

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        super().__init__(**kwargs)
        if max_value is not None and not (is_number(max_value) and max_value >= 0):
            raise ValueError(
                "max_value of a ReLU layer cannot be a negative value. "
                f"Received: max_value={max_value!r}"
            )
        for name, value in (("negative_slope", negative_slope), ("threshold", threshold)):
            if not is_number(value) or not value >= 0:
                raise ValueError(
                    f"{name} of a ReLU layer cannot be None or a negative value. "
                    f"Received: {name}={value!r}"
                )
        self.max_value = max_value
        self.negative_slope = negative_slope
        self.threshold = threshold
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """The rectified inputs."""
        return activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)

    def _output_dtype(self, inputs):
        return dtype_of_function(self.call, super()._output_dtype(inputs))

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "max_value": self.max_value,
            "negative_slope": self.negative_slope,
            "threshold": self.threshold,
        }


class LeakyReLU(Layer):
    """The inputs where they are positive, and ``negative_slope * inputs`` elsewhere.

    Parameters
    ----------
    negative_slope : float
        Not negative.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`; and ``alpha``, the old name of
        `negative_slope`, with a warning.

    Raises
    ------
    ValueError
        If the slope is negative or None.

    References
    ----------
    Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models",
    ICML (2013).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.LeakyReLU(0.5)
    >>> layer(kerasette.ops.convert_to_tensor([-2.0, 3.0])).numpy().tolist()
    [-1.0, 3.0]
    """

    _needs_real = True

    def __init__(self, negative_slope=0.3, **kwargs):
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
            warnings.warn(
                "Argument `alpha` is deprecated. Use `negative_slope` instead.", stacklevel=2
            )
        super().__init__(**kwargs)
        if not is_number(negative_slope) or not negative_slope >= 0:
            raise ValueError(
                "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. "
                f"Expected a float. Received: negative_slope={negative_slope!r}"
            )
        self.negative_slope = negative_slope
        self.supports_masking = True
        self.built = True

    def call(self, inputs):
        """The rectified inputs."""
        return activations.leaky_relu(inputs, self.negative_slope)

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "negative_slope": self.negative_slope}
