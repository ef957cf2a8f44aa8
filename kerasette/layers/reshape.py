"""Another shape for each sample."""

import math
import operator

from kerasette import ops
from kerasette.checks import is_whole
from kerasette.layers.layer import Layer


class Reshape(Layer):
    """The numbers of each sample, in their order, under another shape.

    Parameters
    ----------
    target_shape : tuple of int
        Without the batch. One size may be -1: it is what the others leave.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    TypeError
        If `target_shape` is no sequence of integers.
    ValueError
        If a size is below -1, or two are -1; when it is called, if the number of elements of a
        sample is another one.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.Reshape((-1, 2))(kerasette.ops.ones((3, 8))).shape
    (3, 4, 2)
    """

    _keeps_dtype = True

    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        sizes = target_shape if hasattr(target_shape, "__iter__") else [None]
        if not all(is_whole(size) and size >= -1 for size in sizes):
            raise ValueError(
                "Each dimension in `target_shape` must be a non-negative integer, or `-1` for a "
                f"single unknown dimension. Received: target_shape={target_shape!r}."
            )
        target_shape = tuple(operator.index(size) for size in target_shape)
        if target_shape.count(-1) > 1:
            raise ValueError(
                "There must be at most one unknown dimension (-1) in `target_shape`. Received: "
                f"target_shape={target_shape}."
            )
        self.target_shape = target_shape
        self.built = True

    def call(self, inputs):
        """The same numbers under another shape."""
        return ops.reshape(inputs, self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape):
        """The batch size and `target_shape`, with the size for -1 if it can be known."""
        batch, *sample = input_shape
        if None in sample:
            return (batch, *(None if size == -1 else size for size in self.target_shape))
        return (batch, *self._resolved(tuple(sample)))

    def _resolved(self, sample):
        count = math.prod(sample)
        known = math.prod(size for size in self.target_shape if size != -1)
        received = f"Received: input_shape={sample}, target_shape={self.target_shape}"
        if -1 not in self.target_shape:
            if count != known:
                raise ValueError(f"The total size of the tensor must be unchanged. {received}")
            return self.target_shape
        if known == 0 or count % known:
            raise ValueError(
                "The total size of the tensor must be unchanged, however, the input size cannot "
                f"be divided by the specified dimensions in target_shape. {received}"
            )
        return tuple(count // known if size == -1 else size for size in self.target_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "target_shape": list(self.target_shape)}
