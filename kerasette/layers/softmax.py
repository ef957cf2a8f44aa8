"""Softmax as a layer, with a mask."""

from kerasette import activations, ops
from kerasette.checks import check_axes
from kerasette.layers.layer import Layer

# What stands for minus infinity where a mask leaves an entry out.
_VERY_SMALL = -1e9


class Softmax(Layer):
    """``exp(inputs) / sum(exp(inputs))`` along an axis, or over several of them.

    Parameters
    ----------
    axis : int, or list or tuple of int
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `axis` is something else; when it is called, if the mask does not fit the inputs.

    Notes
    -----
    ``layer(inputs, mask=mask)`` leaves out the entries where the mask is False (or not above
    0.5): they are 0, the others have a sum of 1. Each size of the mask is 1 or that of the inputs.

    Examples
    --------
    >>> import numpy as np
    >>> import kerasette
    >>> layer = kerasette.layers.Softmax()
    >>> layer(np.zeros((1, 3)), mask=np.array([[True, True, False]])).numpy().tolist()
    [[0.5, 0.5, 0.0]]
    """

    _needs_real = True

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        check_axes(axis)
        self.axis = axis
        self.supports_masking = True
        self.built = True

    def call(self, inputs, mask=None):
        """The share of each entry."""
        if mask is None:
            return self._softmax(inputs)
        mask = ops.convert_to_tensor(mask)
        _check_mask(mask.shape, inputs.shape)
        if mask.dtype != "bool":
            mask = ops.greater(mask, 0.5)
        shares = self._softmax(ops.where(mask, inputs, _VERY_SMALL))
        # Where all entries are left out, they would share.
        return ops.where(mask, shares, 0.0)

    def _softmax(self, x):
        if not isinstance(self.axis, (list, tuple)):
            return activations.softmax(x, self.axis)
        if len(self.axis) == 1:
            return activations.softmax(x, self.axis[0])
        powers = ops.exp(ops.subtract(x, ops.max(x, self.axis, keepdims=True)))
        return ops.divide(powers, ops.sum(powers, self.axis, keepdims=True))

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        axis = list(self.axis) if isinstance(self.axis, tuple) else self.axis
        return {**super().get_config(), "axis": axis}


def _check_mask(mask_shape, shape):
    fits = len(mask_shape) <= len(shape) and all(
        mask_size in (1, size)
        for mask_size, size in zip(mask_shape[::-1], shape[::-1], strict=False)
    )
    if not fits:
        raise ValueError(
            "The `mask` must be broadcastable to `inputs`: it has no more dimensions, and each "
            "of them is 1 or matches that of the inputs. "
            f"Received: inputs.shape={shape}, mask.shape={mask_shape}"
        )
