"""One layer for all time steps."""

from kerasette import ops
from kerasette._core.tensor import Tensor
from kerasette.layers.call import as_inputs
from kerasette.layers.layer import Layer
from kerasette.layers.row_wise import is_row_wise
from kerasette.layers.wrapper import Wrapper


class TimeDistributed(Wrapper):
    """Applies a layer, with the same weights, to each time step by itself.

    Parameters
    ----------
    layer : Layer
        Of samples of one step. It is called as it is: an activity regularizer of its own has no
        effect, as in Keras; give it to this layer.
    **kwargs
        ``name``, ``dtype``, ``trainable`` and ``activity_regularizer`` of `Layer`.

    Attributes
    ----------
    layer : Layer

    Raises
    ------
    ValueError
        If `layer` is no layer; when it is called, if the inputs have less than three axes or no
        steps, the mask does not begin with their first two sizes, or the layer returns several
        tensors.

    Notes
    -----
    Inputs have shape (batch, steps, ...), outputs (batch, steps, ...). A mask of shape (batch,
    steps, ...) goes on with the output; a layer that takes masks gets that of its step.

    Where the layer treats every sample by itself, all steps are one batch of batch * steps samples.
    Otherwise (BatchNormalization in training, layers that carry a state, layers of users) the
    layer is called once for each step.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.TimeDistributed(kerasette.layers.Conv2D(4, 3))
    >>> layer(kerasette.ops.ones((2, 10, 8, 8, 3))).shape
    (2, 10, 6, 6, 4)
    """

    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(
                "Please initialize `TimeDistributed` layer with a `kerasette.layers.Layer` "
                f"instance. Received: {layer}"
            )
        super().__init__(layer, **kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        """Builds the layer for one step."""
        super().build(_shape_of_step(input_shape))

    def call(self, inputs, training=None, mask=None):
        """The layer's output for each step.

        Parameters
        ----------
        inputs : Tensor of shape (batch, steps, ...)
        training : bool, optional
        mask : bool Tensor of shape (batch, steps, ...), optional
        """
        _shape_of_step(inputs.shape)
        if mask is not None:
            _check_mask(mask.shape, inputs.shape)
        if inputs.shape[1] == 0:
            raise ValueError(
                f"`TimeDistributed` needs a time step at least. Received: inputs.shape="
                f"{inputs.shape}"
            )
        arguments = {"training": training} if self.layer._call.has_training else {}
        if "mask" not in self.layer._call.names:
            mask = None
        if is_row_wise(self.layer, training):
            outputs = self._all_at_once(inputs, mask, arguments)
        else:
            steps = [self._step(inputs, mask, i, arguments) for i in range(inputs.shape[1])]
            outputs = ops.stack(steps, axis=1)
        # The layer may have another dtype.
        return as_inputs(outputs, self.compute_dtype)

    def _all_at_once(self, inputs, mask, arguments):
        batch, steps = inputs.shape[:2]

        def together(x):
            return ops.reshape(x, (batch * steps, *x.shape[2:]))

        if mask is not None:
            arguments = {**arguments, "mask": together(mask)}
        outputs = _checked(self.layer, self.layer.call(together(inputs), **arguments))
        return ops.reshape(outputs, (batch, steps, *outputs.shape[1:]))

    def _step(self, inputs, mask, i, arguments):
        if mask is not None:
            arguments = {**arguments, "mask": mask[:, i]}
        return _checked(self.layer, self.layer.call(inputs[:, i], **arguments))

    def compute_output_shape(self, input_shape):
        """The layer's output shape for a step, with the number of steps after the batch size."""
        batch, *rest = self.layer.compute_output_shape(_shape_of_step(input_shape))
        return (batch, input_shape[1], *rest)


def _shape_of_step(shape):
    """The shape without the axis of time."""
    is_one = isinstance(shape, (list, tuple)) and not any(
        isinstance(size, (list, tuple)) for size in shape
    )
    if not is_one or len(shape) < 3:
        raise ValueError(
            "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 "
            f"dimensions, received: {shape}"
        )
    return (shape[0], *shape[2:])


def _check_mask(mask_shape, shape):
    if len(mask_shape) < 2:
        raise ValueError(
            "The `mask` passed to the `TimeDistributed` layer must be at least 2D, "
            f"(batch, steps). Received: mask.shape={mask_shape}"
        )
    if tuple(mask_shape[:2]) != tuple(shape[:2]):
        raise ValueError(
            f"The `mask` passed to the `TimeDistributed` layer has a shape {mask_shape} that is "
            f"incompatible with the input shape {shape}: its first two dimensions must be "
            f"{shape[0]} and {shape[1]}."
        )


def _checked(layer, outputs):
    if not isinstance(outputs, Tensor):
        raise ValueError(
            "The layer of `TimeDistributed` must return one tensor. "
            f"Received: {type(layer).__name__} '{layer.name}', which returned a "
            f"{type(outputs).__name__}"
        )
    return outputs
