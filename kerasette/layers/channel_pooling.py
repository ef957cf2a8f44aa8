"""Channels pooled at each place."""

from kerasette import ops
from kerasette.checks import is_whole
from kerasette.config import standardize_data_format
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer

REDUCTIONS = {"max": ops.max, "mean": ops.mean, "sum": ops.sum}


class ChannelPooling(Layer):
    """The largest channel at each place, the mean of the channels, or their sum.

    Other pooling looks at neighbouring places and keeps channels apart; this one keeps the places,
    and makes one image of what all filters of a convolution have found. Keras has no such layer.

    Parameters
    ----------
    reduction : {"max", "mean", "sum"}
    pool_size : int, optional
        How many neighbouring channels are taken together: a divisor of their number, and the
        outputs have so many times fewer. All of them by default, so that one is left. With
        ``"max"`` after a linear layer these are maxout units.
    data_format : {"channels_last", "channels_first"}, optional
        Whether the channels are the last axis of the inputs or the one after the batch.
        ``kerasette.config.image_data_format()`` by default.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range; when it is called, if the inputs have less than two axes,
        or channels that do not divide by `pool_size`.

    References
    ----------
    Goodfellow et al., "Maxout networks", ICML (2013), section 3; Trask, "Grokking deep learning"
    (2019), chapter 10, for pooling over all kernels.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.array([[1.0, 4.0, 2.0, 3.0]])
    >>> kerasette.layers.ChannelPooling()(x).numpy().tolist()
    [[4.0]]
    >>> kerasette.layers.ChannelPooling("sum", pool_size=2)(x).numpy().tolist()
    [[5.0, 5.0]]
    """

    _keeps_dtype = True

    def __init__(self, reduction="max", pool_size=None, data_format=None, **kwargs):
        super().__init__(**kwargs)
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"`reduction` must be one of {list(REDUCTIONS)}. Received: reduction={reduction!r}"
            )
        if pool_size is not None and (not is_whole(pool_size) or pool_size < 1):
            raise ValueError(
                "`pool_size` must be a positive integer, or None for all channels. Received: "
                f"pool_size={pool_size!r}"
            )
        self._needs_real = reduction == "mean"
        self._checked_dtype(self._dtype)
        self.reduction = reduction
        self.pool_size = pool_size
        self.data_format = standardize_data_format(data_format)
        self.input_spec = InputSpec(min_ndim=2)
        self.built = True

    def _axis(self, shape):
        return len(shape) - 1 if self.data_format == "channels_last" else 1

    def _left(self, shape):
        """How many channels are left; None if it is not known."""
        channels = shape[self._axis(shape)]
        if self.pool_size is None:
            return 1
        if channels is not None and channels % self.pool_size:
            raise ValueError(
                f"`pool_size` must divide the number of channels. Received: pool_size="
                f"{self.pool_size} and inputs of shape {tuple(shape)}, which have {channels} "
                "channels."
            )
        return None if channels is None else channels // self.pool_size

    def call(self, inputs):
        """One channel for each group of them."""
        axis, shape = self._axis(inputs.shape), inputs.shape
        reduced = REDUCTIONS[self.reduction]
        if self.pool_size is None:
            return reduced(inputs, axis=axis, keepdims=True)
        grouped = (*shape[:axis], self._left(shape), self.pool_size, *shape[axis + 1 :])
        return reduced(ops.reshape(inputs, grouped), axis=axis + 1)

    def compute_output_shape(self, input_shape):
        """The input's shape with fewer channels."""
        axis = self._axis(input_shape)
        return (*input_shape[:axis], self._left(input_shape), *input_shape[axis + 1 :])

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "reduction": self.reduction,
            "pool_size": self.pool_size,
            "data_format": self.data_format,
        }
