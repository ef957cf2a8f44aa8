"""Layer normalization."""

import warnings
from typing import Any

from kerasette import ops
from kerasette._core import ops as core
from kerasette.checks import check_axes, check_number
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.normalizing import Normalizing


class LayerNormalization(Normalizing):
    """Brings each sample to mean 0 and variance 1, then scales and shifts it.

    ``gamma * (inputs - mean) / sqrt(variance + epsilon) + beta``, with mean and variance over
    `axis`, and a gamma and beta for each place in these axes.

    Parameters
    ----------
    axis : int, or list or tuple of ints
        The last one by default.
    epsilon : float
        Added to the variance.
    center, scale : bool
        Whether there is a `beta`, and a `gamma`.
    beta_initializer, gamma_initializer : str, Initializer or callable
        Zeros and ones by default.
    beta_regularizer, gamma_regularizer : str, Regularizer or callable, optional
    beta_constraint, gamma_constraint : str, Constraint or callable, optional
    rms_scaling : bool
        ``gamma * inputs / sqrt(variance + epsilon)`` instead, without a beta; `gamma` is there
        whatever `scale` says. Deprecated by Keras.
    **kwargs
        ``name``, ``dtype``, ``trainable`` and ``activity_regularizer`` of `Layer`.

    Attributes
    ----------
    gamma, beta : Variable of the shape of the input along `axis`, or None

    Raises
    ------
    TypeError
        If `axis` is no integer, list or tuple.
    ValueError
        For an argument that is not known, or no number; when it is called, if the input does not
        have the axes, or other sizes there than the first.

    Notes
    -----
    One node forwards and one backwards if the axes are the last ones; else the input is
    transposed before, and the output after. `axis` is a sorted list once the layer is built.

    References
    ----------
    Ba, Kiros and Hinton, "Layer normalization", arXiv 1607.06450 (2016), section 3.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.LayerNormalization(epsilon=0.0)
    >>> layer(kerasette.ops.convert_to_tensor([[1.0, 3.0], [20.0, 10.0]])).numpy().tolist()
    [[-1.0, 1.0], [1.0, -1.0]]
    """

    def __init__(
        self,
        axis: Any = -1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        *,
        rms_scaling=False,
        **kwargs,
    ):
        super().__init__(
            center,
            scale,
            beta_initializer,
            gamma_initializer,
            beta_regularizer,
            gamma_regularizer,
            beta_constraint,
            gamma_constraint,
            **kwargs,
        )
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(
                "Expected an int or a list/tuple of ints for the argument 'axis', but received: "
                f"{axis!r}"
            )
        check_axes(axis)
        check_number("epsilon", epsilon)
        if rms_scaling:
            warnings.warn(
                "`rms_scaling=True` is deprecated: it divides by the root of the variance, not by "
                "the root mean square.",
                stacklevel=2,
            )
        self.axis = axis if isinstance(axis, int) else list(axis)
        self.epsilon = epsilon
        self.rms_scaling = rms_scaling

    def build(self, input_shape):
        """Makes gamma and beta, if there are any."""
        ndim = len(self.compute_output_shape(input_shape))
        axes = sorted(self.axis) if isinstance(self.axis, list) else [self.axis]
        if len({axis % ndim for axis in axes}) != len(axes):
            raise ValueError(f"An axis stands twice for inputs of rank {ndim}: axis={self.axis}")
        self.axis = axes
        self._add_gamma_and_beta(
            tuple(input_shape[axis] for axis in axes),
            self.scale or self.rms_scaling,
            self.center and not self.rms_scaling,
        )
        # Without weights, any size is right.
        has_weights = self.gamma is not None or self.beta is not None
        self.input_spec = InputSpec(
            min_ndim=max(-axis if axis < 0 else axis + 1 for axis in axes),
            axes={axis: input_shape[axis] for axis in axes} if has_weights else None,
        )

    def call(self, inputs):
        """The normalized inputs."""
        inputs = ops.cast(inputs, self.dtype)
        ndim = len(inputs.shape)
        axes = sorted(axis % ndim for axis in self.axis)
        order = [axis for axis in range(ndim) if axis not in axes] + axes
        if order == list(range(ndim)):
            return self._normalized(inputs, len(axes))
        outputs = self._normalized(ops.transpose(inputs, order), len(axes))
        return ops.transpose(outputs, [order.index(axis) for axis in range(ndim)])

    def _normalized(self, inputs, n_axes):
        return core.layer_norm(
            inputs, self.gamma, self.beta, n_axes, self.epsilon, self.rms_scaling
        )

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "epsilon": self.epsilon,
            "rms_scaling": self.rms_scaling,
        }
