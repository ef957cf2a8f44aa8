"""Batch normalization."""

import math
from typing import Any

from kerasette import initializers, ops
from kerasette._core import ops as core
from kerasette.checks import is_number
from kerasette.config import epsilon as fuzz
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.normalizing import Normalizing


class BatchNormalization(Normalizing):
    """Brings each channel to mean 0 and variance 1, then scales and shifts it.

    ``gamma * (inputs - mean) / sqrt(variance + epsilon) + beta``. In training, mean and variance
    are those of the batch, and moving averages follow them: ``moving = moving * momentum + batch *
    (1 - momentum)``. Otherwise they are the moving averages.

    Parameters
    ----------
    axis : int
        That of the channels; statistics are over all others.
    momentum : float
        Of the moving averages.
    epsilon : float
        Added to the variance.
    center, scale : bool
        Whether there is a `beta`, and a `gamma`.
    beta_initializer, gamma_initializer : str, Initializer or callable
        Zeros and ones by default.
    moving_mean_initializer, moving_variance_initializer : str, Initializer or callable
        Zeros and ones by default.
    beta_regularizer, gamma_regularizer : str, Regularizer or callable, optional
    beta_constraint, gamma_constraint : str, Constraint or callable, optional
    renorm, renorm_clipping, renorm_momentum, synchronized
        Not supported: only the defaults are taken.
    **kwargs
        ``name``, ``dtype``, ``trainable`` and ``activity_regularizer`` of `Layer`.

    Attributes
    ----------
    gamma, beta : Variable of shape (channels,), or None
    moving_mean, moving_variance : Variable of shape (channels,)
        Not trainable.

    Raises
    ------
    ValueError
        For an argument that is no number, not known, or not supported; when it is called, if the
        input does not have the axis, or another rank or number of channels than the first.

    Notes
    -----
    With ``layer.trainable = False`` it works as in inference, in training too. The variance is
    divided by the number of values, for the moving average as well. With a mask, statistics are
    over the entries that it keeps, and all entries are normalized. Training is one node forwards
    and one backwards, whatever the axis.

    References
    ----------
    Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing
    internal covariate shift", ICML 2015, algorithm 1.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.BatchNormalization()
    >>> x = kerasette.ops.convert_to_tensor([[1.0, 10.0], [3.0, 30.0]])
    >>> layer(x, training=True).numpy().round(2).tolist()
    [[-1.0, -1.0], [1.0, 1.0]]
    >>> [round(mean, 2) for mean in layer.moving_mean.numpy().tolist()]
    [0.02, 0.2]
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        synchronized=False,
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
        if synchronized:
            raise ValueError(
                "Argument synchronized=True is not supported: kerasette computes on one device. "
                "Leave it False."
            )
        if renorm or renorm_clipping is not None or renorm_momentum != 0.99:
            raise ValueError(
                "Batch renormalization is not supported: `renorm`, `renorm_clipping` and "
                "`renorm_momentum` must be left as they are. Received: "
                f"renorm={renorm}, renorm_clipping={renorm_clipping}, "
                f"renorm_momentum={renorm_momentum}"
            )
        for name, value in (("axis", axis), ("momentum", momentum), ("epsilon", epsilon)):
            if not is_number(value) or not math.isfinite(value):
                raise ValueError(f"`{name}` must be a finite number. Received: {name}={value!r}")
        self.axis = int(axis)
        self.momentum = float(momentum)
        self.epsilon = float(epsilon)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.moving_mean = None
        self.moving_variance = None

    def build(self, input_shape):
        """Makes gamma and beta, if there are any, and the moving averages."""
        shape = (self.compute_output_shape(input_shape)[self.axis],)
        self._add_gamma_and_beta(shape, self.scale, self.center)
        self.moving_mean = self.add_weight(
            shape=shape,
            initializer=self.moving_mean_initializer,
            trainable=False,
            name="moving_mean",
        )
        self.moving_variance = self.add_weight(
            shape=shape,
            initializer=self.moving_variance_initializer,
            trainable=False,
            name="moving_variance",
        )
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: shape[0]})

    def call(self, inputs, training=None, mask=None):
        """The normalized inputs; in training the moving averages take a step.

        Parameters
        ----------
        inputs : Tensor
        training : bool, optional
        mask : bool Tensor of the shape of the inputs without the last axis, optional
            Which entries the statistics of the batch are taken from.
        """
        if mask is not None and len(mask.shape) != len(inputs.shape) - 1:
            raise ValueError(
                "The mask provided should be one dimension less than the inputs. Received: "
                f"mask.shape={mask.shape}, inputs.shape={inputs.shape}"
            )
        inputs = ops.cast(inputs, self.dtype)
        if not (training and self.trainable):
            return self._normalized(inputs, self.moving_mean, self.moving_variance)
        if mask is None:
            outputs, mean, variance = core.batch_norm(
                inputs, *self._gamma_and_beta(), self.axis, self.epsilon
            )
        else:
            mean, variance = self._masked_moments(inputs, mask)
            outputs = self._normalized(inputs, mean, variance)
        for moving, batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + batch * (1.0 - self.momentum))
        return outputs

    def _normalized(self, inputs, mean, variance):
        gamma, beta = self._gamma_and_beta()
        factor = ops.divide(1.0 if gamma is None else gamma, ops.sqrt(variance + self.epsilon))
        return core.channel_affine(inputs, mean, factor, beta, self.axis)

    def _masked_moments(self, inputs, mask):
        """Mean and variance of each channel over the entries that `mask` keeps."""
        kept = ops.cast(ops.broadcast_to(ops.expand_dims(mask, -1), inputs.shape), "bool")
        axes = [axis for axis in range(inputs.ndim) if axis != self.axis % inputs.ndim]
        # As Keras divides: without entries, mean and variance are 0.
        count = ops.sum(ops.cast(kept, inputs.dtype), axes, keepdims=True) + fuzz()
        mean = ops.sum(ops.where(kept, inputs, 0.0), axes, keepdims=True) / count
        deviations = ops.where(kept, inputs - mean, 0.0)
        variance = ops.sum(ops.square(deviations), axes, keepdims=True) / count
        return ops.reshape(mean, (-1,)), ops.reshape(variance, (-1,))

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "axis": self.axis,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "moving_mean_initializer": initializers.serialize(self.moving_mean_initializer),
            "moving_variance_initializer": initializers.serialize(self.moving_variance_initializer),
            "synchronized": False,
            "renorm": False,
            "renorm_clipping": None,
            "renorm_momentum": 0.99,
        }
