"""Real numbers as numbers of bins."""

import numpy as np

from kerasette import ops
from kerasette._core.tensor import Tensor
from kerasette.checks import check_numbers
from kerasette.layers import quantile_summary
from kerasette.layers.data_layer import DataLayer
from kerasette.layers.encoding import check_mode, encoded, encoded_shape


class Discretization(DataLayer):
    """In which bin each number falls, of bins that are given, or found by `adapt`.

    Parameters
    ----------
    bin_boundaries : list of float, optional
        Where bins end, rising. A number that is one of them belongs to the bin above.
    num_bins : int, optional
        In place of boundaries: how many bins `adapt` makes.
    epsilon : float
        How precisely `adapt` finds quantiles, as a share.
    output_mode : {"int", "one_hot", "multi_hot", "count"}
        The numbers of the bins (int32); a vector for each number, where a last axis of size 1
        gives way to it; a vector for a sample, with 1 for the bins that are in it, or with how
        often.
    sparse : bool
        False alone is known.
    dtype, name
        Those of `Layer`.

    Raises
    ------
    ValueError
        If both of boundaries and number of bins are given or none, or an argument is not known;
        when it is called before there are boundaries.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Discretization(bin_boundaries=[0.0, 1.0, 2.0])
    >>> layer([-1.0, 0.0, 1.5, 9.0]).numpy().tolist()
    [0, 1, 2, 3]
    >>> layer = kerasette.layers.Discretization(num_bins=2)
    >>> layer.adapt(kerasette.ops.arange(8.0))
    >>> layer([2.0, 6.0]).numpy().tolist()
    [0, 1]
    """

    def __init__(
        self, bin_boundaries=None, num_bins=None, epsilon=0.01, output_mode="int", sparse=False,
        dtype=None, name=None,
    ):  # fmt: skip
        super().__init__(name=name, dtype=dtype)
        check_mode(output_mode, sparse)
        if num_bins is not None and num_bins < 0:
            raise ValueError(
                f"`num_bins` must be greater than or equal to 0. Received: `num_bins={num_bins}`"
            )
        if num_bins is not None and bin_boundaries is not None:
            raise ValueError(
                "Both `num_bins` and `bin_boundaries` should not be set. Received: "
                f"`num_bins={num_bins}` and `bin_boundaries={bin_boundaries}`"
            )
        if num_bins is None and bin_boundaries is None:
            raise ValueError("You need to set either `num_bins` or `bin_boundaries`.")
        if bin_boundaries is not None:
            check_numbers("bin_boundaries", bin_boundaries)
        self.bin_boundaries = bin_boundaries
        self.num_bins = num_bins
        self.epsilon = epsilon
        self.output_mode = output_mode
        self.sparse = sparse
        self.summary = None
        self.reset_state()
        self.built = True

    @property
    def output_dtype(self):
        """Dtype of the output."""
        return "int32" if self.output_mode == "int" else self.compute_dtype

    def _output_dtype(self, inputs):
        return self.output_dtype

    def adapt(self, data, steps=None):
        """Finds boundaries between which there are about equally many numbers.

        Parameters
        ----------
        data : array, Tensor, or iterable of them
            Samples, or batches of samples.
        steps : int, optional
            How many batches are used at most.

        Raises
        ------
        ValueError
            If boundaries were given to the constructor.
        """
        if self.num_bins is None:
            raise ValueError(
                "Cannot adapt a Discretization layer that has been initialized with "
                "`bin_boundaries`, use `num_bins` instead."
            )
        self.reset_state()
        is_array = isinstance(data, Tensor) or hasattr(data, "__array__")
        for done, batch in enumerate([data] if is_array else data):
            if not is_array and steps is not None and done >= steps:
                break
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data):
        """Adds a batch to what is known of the data."""
        found = quantile_summary.summarize(np.asarray(data), self.epsilon)
        self.summary = quantile_summary.merged(found, self.summary, self.epsilon)

    def finalize_state(self):
        """Makes boundaries of what is known of the data."""
        if self.num_bins is not None:
            found = quantile_summary.boundaries(self.summary, self.num_bins)
            self.bin_boundaries = found.tolist()

    def reset_state(self):
        """Forgets what is known of the data; boundaries stay."""
        if self.num_bins is not None:
            self.summary = quantile_summary.empty_summary()

    def call(self, inputs):
        """The bins."""
        if self.bin_boundaries is None:
            raise ValueError(
                "You need to either pass the `bin_boundaries` argument at construction time or "
                "call `adapt(dataset)` before you can start using the `Discretization` layer."
            )
        bounds = np.array(self.bin_boundaries, self.compute_dtype)
        numbers = ops.digitize(inputs, bounds)
        return encoded(numbers, self.output_mode, len(bounds) + 1, self.output_dtype)

    def compute_output_shape(self, input_shape):
        """The shape of numbers, or of vectors."""
        bounds = self.bin_boundaries
        depth = self.num_bins if bounds is None else len(bounds) + 1
        return encoded_shape(input_shape, self.output_mode, depth)

    def get_config(self):
        """The arguments that make such a layer, and the boundaries that `adapt` has found."""
        return {
            "bin_boundaries": self.bin_boundaries,
            "num_bins": self.num_bins,
            "epsilon": self.epsilon,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "name": self.name,
            "dtype": self.dtype,
        }

    @classmethod
    def from_config(cls, config):
        """The layer that `get_config` has described, with its boundaries."""
        config = dict(config)
        if config.get("num_bins") is None:
            return super().from_config(config)
        bounds = config.pop("bin_boundaries", None)
        layer = super().from_config(config)
        layer.bin_boundaries = bounds
        return layer
