"""Windows that slide over sequences and images: the largest number in each, and the mean."""

from kerasette import ops
from kerasette.layers.spatial import Spatial
from kerasette.windows import output_size, padding_of, sizes_of


class Pooling(Spatial):
    """Base of the layers that pool windows.

    Subclasses have the number of spatial axes as `rank`, and `pool_mode`.
    """

    pool_mode = "max"

    def __init__(
        self, pool_size, strides=None, padding="valid", data_format=None, name=None, **kwargs
    ):
        super().__init__(data_format, name=name, **kwargs)
        self.pool_size = sizes_of(pool_size, self.rank, "pool_size")
        self.strides = (
            self.pool_size if strides is None else sizes_of(strides, self.rank, "strides")
        )
        padding_of(padding)
        self.padding = padding

    def call(self, inputs):
        """One number for each window and channel."""
        if self.data_format == "channels_first":
            # The op sees, and tells in errors, what has the channels last.
            self.compute_output_shape(inputs.shape)
        pool = ops.max_pool if self.pool_mode == "max" else ops.average_pool
        return pool(inputs, self.pool_size, self.strides, self.padding, self.data_format)

    def compute_output_shape(self, input_shape):
        """The number of windows along each axis.

        Raises
        ------
        ValueError
            If a window is larger than the inputs.
        """
        padding = padding_of(self.padding)

        def pooled(size, window, stride):
            n_windows = output_size(size, window, stride, padding)
            if padding == "valid" and n_windows <= 0:
                raise ValueError(
                    "Computed output size would be zero or negative. Received: "
                    f"`inputs.shape={tuple(input_shape)}`, `pool_size={self.pool_size}`, "
                    f"`strides={self.strides}`, `padding={self.padding}`."
                )
            return n_windows

        return self._with_sizes(input_shape, pooled, self.pool_size, self.strides)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "pool_size": list(self.pool_size),
            "padding": self.padding,
            "strides": list(self.strides),
        }
