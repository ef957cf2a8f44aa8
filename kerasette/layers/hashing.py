"""Strings and integers as numbers of bins, by a hash."""

import numpy as np

from kerasette import config, ops
from kerasette._core.tensor import Tensor
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.layers.encoding import check_mode, encoded, encoded_shape
from kerasette.layers.fingerprints import as_text, bins_of, crossed
from kerasette.layers.layer import Layer
from kerasette.layers.vocabulary_data import two_integers


class Hashes(Layer):
    """Base of layers that hash: strings, which are no tensors, go round the rest of a call."""

    def __call__(self, *args, **kwargs):
        """Calls the layer on strings or integers: an array, a tensor, or lists of them."""
        if _holds_symbolic(args):
            return super().__call__(*args, **kwargs)
        return self.call(*args, **kwargs)


def _holds_symbolic(value):
    if isinstance(value, (list, tuple)):
        return any(map(_holds_symbolic, value))
    return isinstance(value, KerasTensor)


def _values(value):
    """Inputs as an array of strings or integers."""
    array = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
    if array.dtype.kind not in "OSUTbiuf":
        raise TypeError(f"Strings and numbers are hashed. Received: dtype {array.dtype}")
    return array


class Hashing(Hashes):
    """The bin of each string or integer, of a number of bins, by its hash.

    Parameters
    ----------
    num_bins : int
        Positive; the bin of masked values included.
    mask_value : str or int, optional
        A value that has bin 0, which no other one gets then.
    salt : int or pair of int, optional
        With it, another hash that it changes.
    output_mode : {"int", "one_hot", "multi_hot", "count"}
        The numbers of the bins; a vector for each, where a last axis of size 1 gives way to it;
        or a vector for a sample, with 1 for the bins that are in it, or with how often.
    sparse : bool
        False alone is known.
    **kwargs
        ``name``, ``dtype`` (of the output; int64 for numbers by default) and ``trainable``.

    Raises
    ------
    ValueError
        If an argument is not known.

    Notes
    -----
    Numbers are hashed as their decimal digits, without fractions. The hash is FarmHash's, with a
    salt SipHash's, as in Keras. Values are read: a step with this layer is not replayed.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Hashing(num_bins=3)
    >>> layer([["A"], ["B"], ["C"], ["D"], ["E"]]).numpy().tolist()
    [[1], [0], [1], [1], [2]]
    """

    def __init__(
        self, num_bins, mask_value=None, salt=None, output_mode="int", sparse=False, **kwargs
    ):
        if kwargs.get("dtype") is None:
            kwargs["dtype"] = "int64" if output_mode == "int" else config.floatx()
        super().__init__(**kwargs)
        _check_bins("Hashing", num_bins)
        check_mode(output_mode, sparse)
        if output_mode == "int" and self.dtype not in ("int32", "int64"):
            raise ValueError(
                'When `output_mode="int"`, `dtype` should be an integer type. '
                f"Received: dtype={self.dtype}"
            )
        self.num_bins = num_bins
        self.mask_value = mask_value
        self.salt = None if salt is None else two_integers(salt, "Hashing")
        self.output_mode = output_mode
        self.sparse = sparse
        self.built = True

    def call(self, inputs):
        """The bins, encoded."""
        numbers = ops.convert_to_tensor(self._bins(_values(inputs)))
        return encoded(numbers, self.output_mode, self.num_bins, self.dtype)

    def _bins(self, values):
        if values.dtype.kind in "fb":
            values = values.astype("int64")
        if self.mask_value is None or self.num_bins == 1:
            return bins_of(values, self.num_bins, self.salt)
        bins = bins_of(values, self.num_bins - 1, self.salt) + 1
        return np.where(_equal(values, self.mask_value), 0, bins)

    def compute_output_shape(self, input_shape):
        """The shape of numbers, or of vectors."""
        return encoded_shape(input_shape, self.output_mode, self.num_bins)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "num_bins": self.num_bins,
            "salt": self.salt,
            "mask_value": self.mask_value,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
        }


class HashedCrossing(Hashes):
    """The bin of each combination of values of several features, by its hash.

    Parameters
    ----------
    num_bins : int
        Positive.
    output_mode : {"int", "one_hot"}
        The numbers of the bins, or a vector for each.
    sparse : bool
        False alone is known.
    name, dtype
        Those of `Layer`; int64 for numbers by default.

    Raises
    ------
    ValueError
        If an argument is not known; when it is called, for anything but two or more inputs of one
        shape ``()``, ``(batch,)`` or ``(batch, 1)`` with strings or integers.

    Notes
    -----
    The hash is that of Keras. Values are read: a step with this layer is not replayed.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.HashedCrossing(num_bins=5)
    >>> layer((["A", "B", "A", "B", "A"], [101, 101, 101, 102, 102])).numpy().tolist()
    [1, 4, 1, 1, 3]
    """

    def __init__(self, num_bins, output_mode="int", sparse=False, name=None, dtype=None, **kwargs):
        if output_mode == "int" and dtype is None:
            dtype = "int64"
        super().__init__(name=name, dtype=dtype, **kwargs)
        _check_bins("HashedCrossing", num_bins)
        check_mode(output_mode, sparse, ("int", "one_hot"))
        self.num_bins = num_bins
        self.output_mode = output_mode
        self.sparse = sparse
        self.built = True

    def call(self, inputs):
        """The bins, encoded."""
        if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
            raise ValueError(
                "`HashedCrossing` should be called on a list or tuple of at least two inputs. "
                f"Received: inputs={inputs}"
            )
        columns = [_values(value) for value in inputs]
        self._check_columns(columns)
        numbers = ops.convert_to_tensor(crossed(columns, self.num_bins))
        return encoded(numbers, self.output_mode, self.num_bins, self.dtype)

    def _check_columns(self, columns):
        shape = columns[0].shape
        if len(shape) > 2 or (len(shape) == 2 and shape[-1] != 1):
            raise ValueError(
                "All `HashedCrossing` inputs should have shape `()`, `(batch_size)` or "
                f"`(batch_size, 1)`. Received: inputs={columns}"
            )
        if any(column.shape != shape for column in columns):
            raise ValueError(
                f"All `HashedCrossing` inputs should have equal shape. Received: inputs={columns}"
            )
        if any(column.dtype.kind in "fb" for column in columns):
            raise ValueError(
                "All `HashedCrossing` inputs should have an integer or string dtype. "
                f"Received: inputs={columns}"
            )

    def compute_output_shape(self, input_shape):
        """The shape of numbers, or of vectors."""
        return encoded_shape(input_shape[0], self.output_mode, self.num_bins)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            "num_bins": self.num_bins,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "name": self.name,
            "dtype": self.dtype,
        }


def _check_bins(name, num_bins):
    if num_bins is None or num_bins <= 0:
        raise ValueError(
            f"The `num_bins` for `{name}` cannot be `None` or non-positive values. "
            f"Received: num_bins={num_bins}."
        )


def _equal(values, value):
    if values.dtype.kind in "OSU":
        return np.array([as_text(v) == value for v in values.reshape(-1)]).reshape(values.shape)
    return values == value
