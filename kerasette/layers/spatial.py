"""What layers have in common whose inputs have axes of space: sequences, images and volumes."""

from kerasette.config import standardize_data_format
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer


class Spatial(Layer):
    """Base of the layers without weights that change the axes of space.

    Subclasses have the number of these axes as `rank`.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"} or None
        Whether the channels come after these axes or before them.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        For another format; when it is called, if the inputs have another number of axes.
    """

    _keeps_dtype = True
    rank = 1
    # Where a layer of Keras has no such argument.
    _has_data_format = True

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = standardize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.built = True

    @property
    def _axes(self):
        first = 1 if self.data_format == "channels_last" else 2
        return range(first, first + self.rank)

    def _with_sizes(self, shape, size_of, *arguments):
        """A shape with ``size_of(size, argument, ...)`` for those of the axes that are known."""
        sizes = list(shape)
        for axis, *of_axis in zip(self._axes, *arguments, strict=True):
            sizes[axis] = None if sizes[axis] is None else size_of(sizes[axis], *of_axis)
        return tuple(sizes)

    def get_config(self):
        """The arguments that make such a layer."""
        config = super().get_config()
        return {**config, "data_format": self.data_format} if self._has_data_format else config
