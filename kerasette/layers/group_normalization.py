"""Normalization over groups of channels."""

from typing import Any

from kerasette import ops
from kerasette.checks import check_number, is_whole
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.normalizing import Normalizing


class GroupNormalization(Normalizing):
    """Inputs of mean 0 and variance 1 in each group of channels of each sample, scaled and shifted.

    Parameters
    ----------
    groups : int
        The number of groups, of which the number of channels is a multiple; -1 for a group for
        each channel.
    axis : int
        Where the channels are; the last by default.
    epsilon : float
        What is added to variances.
    center, scale : bool
        Whether there is an offset `beta` and a factor `gamma` for each channel.
    beta_initializer, gamma_initializer : str, Initializer or callable
        Zeros and ones by default.
    beta_regularizer, gamma_regularizer : str, Regularizer or callable
        Functions of the weights that add to the loss; none by default.
    beta_constraint, gamma_constraint : str, Constraint or callable
        What the weights are held to after each update; nothing by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    gamma, beta : Variable of shape (channels,), or None

    Raises
    ------
    ValueError
        If `groups`, `axis` or `epsilon` is no such number; when it is built, if the axis is that
        of the batch, or the number of channels is not known, or no multiple of `groups`.

    References
    ----------
    Wu and He, "Group normalization", ECCV 2018, equations 1 to 5.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.GroupNormalization(groups=2, epsilon=0.0)
    >>> layer(kerasette.ops.convert_to_tensor([[1.0, 3.0, 20.0, 10.0]])).numpy().tolist()
    [[-1.0, 1.0, 1.0, -1.0]]
    """

    def __init__(
        self,
        groups=32,
        axis=-1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        **kwargs,
    ):
        if not is_whole(groups) or (groups <= 0 and groups != -1):
            raise ValueError(
                "Received an invalid value for argument `groups`, expected a positive integer (or "
                f"`-1` for instance normalization). Received: groups={groups}"
            )
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
        if not is_whole(axis):
            raise ValueError(f"`axis` must be an integer. Received: axis={axis!r}")
        check_number("epsilon", epsilon)
        self.groups = groups
        self.axis = axis
        self.epsilon = epsilon

    def build(self, input_shape):
        """Makes gamma and beta, if there are any."""
        self.compute_output_shape(input_shape)
        if self.axis % len(input_shape) == 0:
            raise ValueError(
                "`axis` must be that of the channels, not that of the batch. Received: "
                f"axis={self.axis} and inputs of shape {tuple(input_shape)}"
            )
        size = input_shape[self.axis]
        if size is None:
            raise ValueError(
                f"Axis {self.axis} of input tensor should have a defined dimension but the layer "
                f"received an input with shape {tuple(input_shape)}."
            )
        if self.groups == -1:
            self.groups = size
        if size < self.groups:
            raise ValueError(
                f"Number of groups ({self.groups}) cannot be more than the number of channels "
                f"({size})."
            )
        if size % self.groups:
            raise ValueError(
                f"Number of groups ({self.groups}) must be a multiple of the number of channels "
                f"({size})."
            )
        self._add_gamma_and_beta((size,), self.scale, self.center)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: size})

    def call(self, inputs):
        """The normalized inputs."""
        inputs = ops.cast(inputs, self.dtype)
        shape = inputs.shape
        place = self.axis % len(shape)
        # The axis of groups comes before that of the channels in a group.
        sizes = (self.groups, shape[place] // self.groups)
        grouped = ops.reshape(inputs, (*shape[:place], *sizes, *shape[place + 1 :]))
        axes = [axis for axis in range(1, len(shape) + 1) if axis != place]
        mean, variance = ops.moments(grouped, axes, keepdims=True)
        factor = ops.rsqrt(ops.add(variance, self.epsilon))
        beside = [1] * place + list(sizes) + [1] * (len(shape) - place - 1)
        gamma, beta = self._gamma_and_beta()
        if gamma is not None:
            factor = ops.multiply(factor, ops.reshape(gamma, beside))
        outputs = ops.multiply(ops.subtract(grouped, mean), factor)
        if beta is not None:
            outputs = ops.add(outputs, ops.reshape(beta, beside))
        return ops.reshape(outputs, shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "groups": self.groups,
            "axis": self.axis,
            "epsilon": self.epsilon,
        }
