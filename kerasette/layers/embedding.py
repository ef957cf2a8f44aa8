"""Vectors for integers."""

import warnings
from typing import Any

from kerasette import constraints, initializers, ops, regularizers
from kerasette._core import ops as core
from kerasette.checks import check_size
from kerasette.layers.layer import Layer


class Embedding(Layer):
    """A row of a table for each integer: ``embeddings[inputs]``.

    Parameters
    ----------
    input_dim : int
        Number of rows; inputs lie in [0, input_dim).
    output_dim : int
        Numbers in a row.
    embeddings_initializer : str, Initializer or callable
        Uniform in [-0.05, 0.05) by default.
    embeddings_regularizer : str, Regularizer or callable, optional
    embeddings_constraint : str, Constraint or callable, optional
    mask_zero : bool
        Whether 0 stands for no entry: the output then carries a mask that is False there.
    weights : array of shape (input_dim, output_dim), or a list with one, optional
        The table to start with.
    lora_rank, lora_alpha, quantization_config
        Not supported: only None is taken.
    **kwargs
        ``name``, ``dtype``, ``trainable`` and ``activity_regularizer`` of `Layer`.

    Attributes
    ----------
    embeddings : Variable of shape (input_dim, output_dim)
        Once it is built.

    Raises
    ------
    ValueError
        If a size is not a positive integer, or an argument is not known or not supported; when it
        is called, for an input out of range, with its position and value. Negative ones are out
        of range. Nothing has changed then.

    Notes
    -----
    Inputs of any shape, of integers or of floats, which are cut to integers; outputs have one
    axis more. In training, a step clears and adds up the rows that are used and no others; with
    plain gradient descent it changes no others.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Embedding(3, 2, weights=[[[0, 1], [2, 3], [4, 5]]])
    >>> layer(kerasette.ops.convert_to_tensor([[2, 0]])).numpy().tolist()
    [[[4.0, 5.0], [0.0, 1.0]]]
    """

    _needs_real = True
    _none_only = Layer._none_only | {"lora_rank", "lora_alpha"}

    def __init__(
        self,
        input_dim,
        output_dim,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        mask_zero=False,
        weights=None,
        lora_rank=None,
        lora_alpha=None,
        quantization_config=None,
        **kwargs,
    ):
        check_size("input_dim", input_dim)
        check_size("output_dim", output_dim)
        if kwargs.pop("input_length", None) is not None:
            warnings.warn("Argument `input_length` is deprecated. Just remove it.", stacklevel=2)
        super().__init__(
            lora_rank=lora_rank,
            lora_alpha=lora_alpha,
            quantization_config=quantization_config,
            **kwargs,
        )
        self.input_dim = int(input_dim)
        self.output_dim = int(output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = mask_zero
        self.supports_masking = bool(mask_zero)
        if weights is not None:
            self.build()
            is_list = isinstance(weights, list) and len(weights) == 1
            self.set_weights(weights if is_list else [weights])

    def build(self, input_shape=None):
        """Makes the table."""
        if self.built:
            return
        self.embeddings = self.add_weight(
            shape=(self.input_dim, self.output_dim),
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
            name="embeddings",
        )

    def call(self, inputs):
        """The rows."""
        if inputs.dtype not in ("int32", "int64"):
            inputs = ops.cast(inputs, "int32")
        # Not ops.take, to which -1 is the last row.
        return core.take(self.embeddings, inputs, axis=0)

    def compute_mask(self, inputs, mask=None):
        """False where the input is 0, if `mask_zero`; else None."""
        return ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        """The input's shape, and `output_dim`."""
        return (*input_shape, self.output_dim)

    def get_config(self):
        """The arguments that make such a layer; not the weights."""
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "output_dim": self.output_dim,
            "embeddings_initializer": initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": regularizers.serialize(self.embeddings_regularizer),
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
            "embeddings_constraint": constraints.serialize(self.embeddings_constraint),
            "mask_zero": self.mask_zero,
            "quantization_config": None,
        }
