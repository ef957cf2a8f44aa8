"""Sums and means of vectors for integers."""

from typing import Any

from kerasette import ops
from kerasette._core import ops as core
from kerasette.layers.embedding import Embedding
from kerasette.layers.input_spec import InputSpec

MODES = ("mean", "sum")


class EmbeddingBag(Embedding):
    """The mean, or the sum, of the rows of a table for the integers of each sample.

    What an `Embedding` and a pooling over its steps do, without the rows in between; Keras has no
    such layer.

    Parameters
    ----------
    input_dim : int
        Number of rows; inputs lie in [0, input_dim).
    output_dim : int
        Numbers in a row.
    mode : {"mean", "sum"}
    embeddings_initializer : str, Initializer or callable
        Uniform in [-0.05, 0.05) by default.
    embeddings_regularizer : str, Regularizer or callable, optional
    embeddings_constraint : str, Constraint or callable, optional
    mask_zero : bool
        Whether 0 stands for no entry, as `utils.pad_sequences` fills up shorter lists: it then
        does not count, in a sum as in the number by which a mean divides.
    weights : array of shape (input_dim, output_dim), or a list with one, optional
        The table to start with.
    **kwargs
        ``name``, ``dtype``, ``trainable`` and ``activity_regularizer`` of `Layer`.

    Attributes
    ----------
    embeddings : Variable of shape (input_dim, output_dim)
        Once it is built.

    Raises
    ------
    ValueError
        If a size is not a positive integer, or an argument is not known; when it is called, for
        inputs that have not two axes, or for one out of range, with its position in the flat
        inputs and its value. Nothing has changed then.

    Notes
    -----
    Inputs of shape (batch, length), of integers or of floats, which are cut to integers; outputs of
    shape (batch, output_dim). Where a mask comes with the inputs, entries count for which it is
    True. Samples in which nothing counts get zeros. In training, only rows that are used have a
    gradient.

    References
    ----------
    Joulin et al., "Bag of tricks for efficient text classification", EACL (2017), section 2.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.EmbeddingBag(3, 2, weights=[[[0, 1], [2, 3], [4, 5]]])
    >>> layer(kerasette.ops.convert_to_tensor([[2, 0], [1, 1]])).numpy().tolist()
    [[2.0, 3.0], [2.0, 3.0]]
    """

    def __init__(
        self,
        input_dim,
        output_dim,
        mode="mean",
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        mask_zero=False,
        weights=None,
        **kwargs,
    ):
        if mode not in MODES:
            raise ValueError(f"`mode` must be one of {list(MODES)}. Received: mode={mode!r}")
        super().__init__(
            input_dim,
            output_dim,
            embeddings_initializer,
            embeddings_regularizer,
            embeddings_constraint,
            mask_zero,
            weights,
            **kwargs,
        )
        self.mode = mode
        self.supports_masking = True
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs, mask=None):
        """The means or sums."""
        if inputs.dtype not in ("int32", "int64"):
            inputs = ops.cast(inputs, "int32")
        if self.mask_zero:
            entries = ops.not_equal(inputs, 0)
            if mask is not None and (mask.dtype != "bool" or mask.shape != inputs.shape):
                raise ValueError(
                    f"The mask of ids of shape {inputs.shape} is bool and of that shape. Received: "
                    f"shape {mask.shape}, dtype {mask.dtype}"
                )
            mask = entries if mask is None else ops.logical_and(entries, mask)
        return core.bag(self.embeddings, inputs, self.mode, mask)

    def compute_mask(self, inputs, mask=None):
        """None: there are no steps any more."""

    def compute_output_shape(self, input_shape):
        """The batch size and `output_dim`."""
        return (input_shape[0], self.output_dim)

    def get_config(self):
        """The arguments that make such a layer; not the weights."""
        return {**super().get_config(), "mode": self.mode}
