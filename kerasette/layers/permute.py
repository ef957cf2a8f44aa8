"""The axes of each sample in another order."""

from kerasette import ops
from kerasette.checks import is_whole
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer


class Permute(Layer):
    """The inputs with the axes of each sample in another order.

    Parameters
    ----------
    dims : tuple of int
        Which axis comes first, second, ...: a permutation of 1, 2, ..., without the batch.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If `dims` is no permutation; when it is called, if the inputs have another number of axes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.Permute((2, 1))(kerasette.ops.ones((3, 4, 5))).shape
    (3, 5, 4)
    """

    _keeps_dtype = True

    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims) if hasattr(dims, "__iter__") else (dims,)
        if not all(map(is_whole, self.dims)) or sorted(self.dims) != list(
            range(1, len(self.dims) + 1)
        ):
            raise ValueError(
                "Invalid permutation argument `dims` for Permute Layer. The set of indices in "
                f"`dims` must be consecutive and start from 1. Received dims={dims!r}"
            )
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)
        self.built = True

    def call(self, inputs):
        """The inputs with their axes in order."""
        return ops.transpose(inputs, (0, *self.dims))

    def compute_output_shape(self, input_shape):
        """The sizes in order."""
        return (input_shape[0], *(input_shape[axis] for axis in self.dims))

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "dims": list(self.dims)}
