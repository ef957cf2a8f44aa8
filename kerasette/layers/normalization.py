"""Inputs of mean 0 and variance 1, by statistics that are known before training."""

import math
from typing import Any

import numpy as np

from kerasette import config, ops
from kerasette._core.tensor import Tensor
from kerasette.checks import check_numbers
from kerasette.layers.data_layer import DataLayer


class Normalization(DataLayer):
    """``(inputs - mean) / sqrt(variance)``, of statistics given or found by `adapt`.

    Parameters
    ----------
    axis : int, tuple of int or None
        The axes that have a mean and variance of their own for each index; None for one of each
        in all. The last, features, by default.
    mean, variance : float or array, optional
        Both or none. Sizes are aligned with `axis` from the right.
    invert : bool
        Whether it is ``inputs * sqrt(variance) + mean`` instead.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    mean, variance : Tensor
        Of sizes that can be broadcast against the inputs; None before the layer is built.

    Raises
    ------
    ValueError
        If one of mean and variance is missing or no numbers, their shapes differ, or they have
        more axes than `axis`; when it is built, if an axis is out of range or its size is None;
        when it is called, if its size is not that of the statistics.

    Notes
    -----
    A standard deviation below ``kerasette.config.epsilon()`` counts as that. Statistics that
    `adapt` finds are weights (mean, variance and a count that nothing uses), which training leaves
    alone.

    Examples
    --------
    >>> import numpy as np
    >>> import kerasette
    >>> layer = kerasette.layers.Normalization()
    >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 50.0]]))
    >>> layer(np.array([[1.0, 50.0]])).numpy().tolist()
    [[-1.0, 1.0]]
    """

    _needs_real = True

    def __init__(self, axis: Any = -1, mean=None, variance=None, invert=False, **kwargs):
        super().__init__(**kwargs)
        if axis is None:
            axis = ()
        self.axis = (axis,) if isinstance(axis, int) else tuple(axis)
        self.input_mean = mean
        self.input_variance = variance
        self.invert = invert
        self.supports_masking = True
        self.adapt_mean = self.adapt_variance = self.count = None
        self._check_statistics(mean, variance)

    def _check_statistics(self, mean, variance):
        if (mean is None) != (variance is None):
            raise ValueError(
                "When setting values directly, both `mean` and `variance` must be set. "
                f"Received: mean={mean} and variance={variance}"
            )
        if mean is None:
            return
        check_numbers("mean", mean)
        check_numbers("variance", variance)
        if np.shape(mean) != np.shape(variance):
            raise ValueError(
                "When setting values directly, `mean` and `variance` must have the same shape. "
                f"Received: mean shape {np.shape(mean)} and variance shape {np.shape(variance)}"
            )
        if np.ndim(mean) > len(self.axis):
            raise ValueError(
                "The rank of `mean` must be less than or equal to the number of axes "
                f"({len(self.axis)}). Received: mean shape {np.shape(mean)} for axis {self.axis}"
            )

    def build(self, input_shape):
        """Makes the weights, unless mean and variance were given."""
        rank = len(input_shape)
        if any(not -rank <= axis < rank for axis in self.axis):
            raise ValueError(
                "All `axis` values must be in the range [-ndim, ndim). "
                f"Received inputs with ndim={rank}, while axis={self.axis}"
            )
        kept = sorted(axis % rank for axis in self.axis)
        for axis in kept:
            if input_shape[axis] is None:
                raise ValueError(
                    "All `axis` values to be kept must have a known shape. Received "
                    f"axis={self.axis}, inputs.shape={input_shape}, with unknown axis at index "
                    f"{axis}"
                )
        # Sizes of the statistics beside the inputs: 1 along the axes that share them.
        self._sizes = tuple(input_shape[axis] if axis in kept else 1 for axis in range(rank))
        if self.input_mean is None:
            self._make_weights(tuple(input_shape[axis] for axis in kept))
        else:
            self._given = [
                _aligned(value, kept, self._sizes, self.dtype)
                for value in (self.input_mean, self.input_variance)
            ]

    def _make_weights(self, shape):
        self.adapt_mean = self.add_weight(shape, "zeros", trainable=False, name="mean")
        self.adapt_variance = self.add_weight(shape, "ones", trainable=False, name="variance")
        self.count = self.add_weight((), "zeros", dtype="int32", trainable=False, name="count")

    def adapt(self, data):
        """Finds mean and variance in data, and makes the weights if there are none.

        Parameters
        ----------
        data : array, Tensor, or iterable of them
            Samples, or batches of samples; of a tuple the first member counts.

        Raises
        ------
        ValueError
            If mean and variance were given to the constructor, a batch has other sizes than the
            first or than the layer was built for, or there is none.
        TypeError
            For anything else.

        Notes
        -----
        Statistics of several batches are joined as in Chan, Golub and LeVeque, "Algorithms for
        computing the sample variance", The American Statistician 37 (1983), equation 2.1. All
        is computed in float64.
        """
        if self.input_mean is not None:
            raise ValueError("`adapt` cannot change the `mean` and `variance` that were given.")
        count, mean, variance = 0, 0.0, 0.0
        for batch in _batches(data):
            self._prepare_for(batch.shape)
            shared = tuple(axis for axis in range(batch.ndim) if axis not in self._kept())
            added = math.prod(batch.shape[axis] for axis in shared)
            if added == 0:
                continue
            batch = batch.astype("float64")
            share = added / (count + added)
            step = batch.mean(shared) - mean
            variance = variance + share * (batch.var(shared) - variance)
            variance = variance + share * (1 - share) * step**2
            mean = mean + share * step
            count += added
        if count == 0:
            raise ValueError("adapt() received no samples. Expected at least one batch.")
        self.adapt_mean.assign(mean)
        self.adapt_variance.assign(variance)

    def _kept(self):
        return {axis % len(self._sizes) for axis in self.axis}

    def _prepare_for(self, shape):
        if not self.built:
            self.build(shape)
        if len(shape) != len(self._sizes) or any(
            shape[axis] != self._sizes[axis] for axis in self._kept()
        ):
            raise ValueError(
                "adapt() is being called with data with an incompatible shape: "
                f"data.shape={shape}, but the statistics have sizes {self._sizes} beside it."
            )

    @property
    def mean(self):
        """The mean, broadcast against the inputs; None before the layer is built."""
        return self._statistic(0)

    @property
    def variance(self):
        """The variance, broadcast against the inputs; None before the layer is built."""
        return self._statistic(1)

    def _statistic(self, index):
        if not self.built:
            return None
        if self.input_mean is not None:
            return ops.convert_to_tensor(self._given[index])
        return ops.reshape((self.adapt_mean, self.adapt_variance)[index], self._sizes)

    def call(self, inputs):
        """The inputs, normalized; or the other way round."""
        self._check_sizes(inputs.shape)
        inputs = ops.cast(inputs, self.dtype)
        deviation = ops.maximum(ops.sqrt(self.variance), config.epsilon())
        if self.invert:
            return ops.add(self.mean, ops.multiply(inputs, deviation))
        return ops.divide(ops.subtract(inputs, self.mean), deviation)

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        if self.built:
            self._check_sizes(input_shape)
        return tuple(input_shape)

    def _check_sizes(self, shape):
        """Raises unless the statistics can be broadcast against inputs of a shape."""
        for size, known in zip(reversed(shape), reversed(self._sizes), strict=False):
            if size not in (None, 1, known) and known != 1:
                raise ValueError(
                    f"Inputs of shape {tuple(shape)} do not go with a mean and variance of sizes "
                    f"{self._sizes} beside them."
                )

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "axis": list(self.axis),
            "invert": self.invert,
            "mean": np.array(self.input_mean).tolist(),
            "variance": np.array(self.input_variance).tolist(),
        }


def _aligned(value, kept, sizes, dtype):
    """A given statistic as an array of `sizes`, its axes put to the kept ones from the right."""
    value = np.asarray(value, dtype)
    shape = [1] * len(sizes)
    for place, size in zip(reversed(kept), reversed(value.shape), strict=False):
        if size not in (1, sizes[place]):
            raise ValueError(
                f"A mean and variance of shape {value.shape} do not go with inputs whose axis "
                f"{place} has size {sizes[place]}."
            )
        shape[place] = size
    return np.broadcast_to(value.reshape(shape), sizes)


def _batches(data):
    """The batches of data as arrays."""
    if isinstance(data, Tensor) or hasattr(data, "__array__"):
        yield np.asarray(data)
        return
    if not hasattr(data, "__iter__") or isinstance(data, (str, bytes, dict)):
        raise TypeError(
            f"Unsupported data type: {type(data)}. `adapt` supports arrays, tensors, and "
            "iterables of batches (e.g. list, generator)."
        )
    for batch in data:
        batch = batch[0] if isinstance(batch, (list, tuple)) else batch
        if not hasattr(batch, "shape"):
            raise TypeError(
                "adapt() expects an iterable that yields arrays or tensors with a `.shape` "
                f"attribute. Got an element of type {type(batch).__name__}."
            )
        yield np.asarray(batch)
