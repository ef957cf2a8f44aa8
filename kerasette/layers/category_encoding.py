"""Class numbers as vectors."""

from kerasette import ops
from kerasette.layers.data_layer import DataLayer
from kerasette.layers.encoding import encoded_shape


class CategoryEncoding(DataLayer):
    """Integers as vectors of zeros and ones, or of counts.

    Parameters
    ----------
    num_tokens : int
        Number of classes, positive: the size of the vectors. Class numbers are below it.
    output_mode : {"multi_hot", "one_hot", "count"}
        One vector for a sample, with 1 for each class that is in it (the default); one vector for
        each number; or one vector for a sample, with the number of times that it has each class.
    sparse : bool
        False alone is known.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is not known; when it is called, for `count_weights` in another mode than
        ``"count"``.

    Notes
    -----
    Inputs have shape (batch, numbers), and may be lists; with more axes, the numbers along the
    second one are taken together, and the vectors come last. ``count_weights``, an argument of the
    call of the inputs' shape, says for how much each number counts. A number that is no class
    counts for none. In ``"one_hot"``, a last axis of size 1 gives way to the vectors.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.CategoryEncoding(4, output_mode="count")
    >>> layer([[0, 1, 1], [3, 3, 3]]).numpy().tolist()
    [[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 0.0, 3.0]]
    """

    def __init__(self, num_tokens=None, output_mode="multi_hot", sparse=False, **kwargs):
        super().__init__(**kwargs)
        if output_mode == "binary":
            output_mode = "multi_hot"
        if output_mode not in ("count", "one_hot", "multi_hot"):
            raise ValueError(f"Unknown arg for output_mode: {output_mode}")
        if num_tokens is None:
            raise ValueError("num_tokens must be set to use this layer.")
        if num_tokens < 1:
            raise ValueError(f"`num_tokens` must be >= 1. Received: num_tokens={num_tokens}.")
        if sparse:
            raise ValueError(f"Sparse tensors are not supported. Received: sparse={sparse}")
        self.num_tokens = num_tokens
        self.output_mode = output_mode
        self.sparse = sparse
        self.built = True

    def call(self, inputs, count_weights=None):
        """The vectors."""
        if count_weights is not None and self.output_mode != "count":
            raise ValueError(
                "`count_weights` is not used when `output_mode` is not `'count'`. "
                f"Received `count_weights={count_weights}`."
            )
        if not inputs.shape:
            inputs = ops.expand_dims(inputs, -1)
        if self.output_mode == "one_hot":
            return self._one_hot(inputs)
        vectors = self._vectors(inputs)
        axis = 1 if len(inputs.shape) > 1 else 0
        if self.output_mode == "multi_hot":
            return ops.cast(ops.any(ops.not_equal(vectors, 0), axis), self.dtype)
        if count_weights is not None:
            weights = ops.convert_to_tensor(count_weights, self.dtype)
            vectors = ops.multiply(vectors, ops.expand_dims(weights, -1))
        return ops.sum(vectors, axis)

    def _one_hot(self, inputs):
        shape = inputs.shape
        if len(shape) > 1 and shape[-1] == 1:
            inputs = ops.reshape(inputs, shape[:-1])
        return self._vectors(inputs)

    def _vectors(self, inputs):
        return ops.one_hot(ops.cast(inputs, "int32"), self.num_tokens, dtype=self.dtype)

    def compute_output_shape(self, input_shape):
        """The input's shape with `num_tokens` last, in place of the axis that is taken together."""
        return encoded_shape(input_shape, self.output_mode, self.num_tokens)

    def get_config(self):
        """The arguments that make such a layer."""
        config = {"num_tokens": self.num_tokens, "output_mode": self.output_mode}
        return {**super().get_config(), **config}
