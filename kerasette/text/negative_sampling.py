"""Predicting a word among a few others."""

from kerasette import constraints, initializers, ops, random, regularizers
from kerasette._core import ops as core
from kerasette.checks import check_size
from kerasette.layers import Layer
from kerasette.text.unigrams import UnigramSampler


class NegativeSampling(Layer):
    """Says how well vectors predict tokens, each beside some that were drawn; adds the loss.

    A table has a row for each token. A vector is multiplied with the row of its token and with
    those of `negatives` others, drawn anew for each at each call; the loss is the sum of the
    cross-entropies of the sigmoids of these products, which ought to be 1 for the token and 0 for
    the others, and its mean over the batch is added to the loss of the model. Far cheaper than a
    softmax over all tokens: forward and backward touch the rows in use, and plain gradient descent
    changes no others.

    Parameters
    ----------
    counts : array of shape (tokens,)
        How often each token stands in the texts (`Vocabulary.counts`): others are drawn with these
        probabilities. The token itself may be among them, as it is in a random place of a text.
    negatives : int
        How many are drawn for each vector.
    power : float
        Of the counts; see `UnigramSampler`.
    embeddings_initializer : str, Initializer or callable
        Of the table; zeros by default.
    embeddings_regularizer : str, Regularizer or callable, optional
    embeddings_constraint : str, Constraint or callable, optional
    seed : int, optional
        Of the draws.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    embeddings : Variable of shape (tokens, size of a vector)
        Once it is built.

    Raises
    ------
    ValueError
        If an argument is not one of these, or shapes of inputs do not fit; when it is called, for
        a token out of range, with its position and number.

    Notes
    -----
    Called on a list of vectors, shape (batch, size), and numbers of tokens, shape (batch,) or
    (batch, 1). The output has shape (batch, 1 + negatives): the products, that of the token first.

    References
    ----------
    Mikolov, Sutskever, Chen, Corrado and Dean, "Distributed representations of words and phrases
    and their compositionality", 2013, equation 4.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> from kerasette import layers, text
    >>> context, word = kerasette.Input((2,), dtype="int32"), kerasette.Input((), dtype="int32")
    >>> mean = layers.GlobalAveragePooling1D()(layers.Embedding(9, 4)(context))
    >>> output = text.NegativeSampling(counts=np.arange(9), negatives=3)([mean, word])
    >>> model = kerasette.Model([context, word], output)
    >>> model.compile("sgd")
    >>> history = model.fit([np.array([[1, 3], [2, 4]]), np.array([2, 3])], verbose=0)
    >>> history.history["loss"]  # 4 log(2)
    [2.7725887298583984]
    """

    def __init__(
        self,
        counts,
        negatives=5,
        power=1.0,
        embeddings_initializer="zeros",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        seed=None,
        **kwargs,
    ):
        check_size("negatives", negatives)
        super().__init__(**kwargs)
        self.sampler = UnigramSampler(counts, power)
        self.negatives = int(negatives)
        self.power = float(power)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.seed = seed
        self.seed_generator = random.SeedGenerator(seed)

    def build(self, input_shape):
        """Makes the table."""
        vectors, _ = checked_shapes(input_shape)
        if vectors[1] is None:
            raise ValueError(f"The size of a vector must be known. Received: {tuple(vectors)}")
        self.embeddings = self.add_weight(
            shape=(len(self.sampler.probabilities), vectors[1]),
            initializer=self.embeddings_initializer,
            regularizer=self.embeddings_regularizer,
            constraint=self.embeddings_constraint,
            name="embeddings",
        )

    def call(self, inputs):
        """The products, after adding the loss."""
        vectors, tokens = inputs
        checked_shapes([vectors.shape, tokens.shape])
        tokens = ops.reshape(ops.cast(tokens, "int32"), (-1, 1))
        drawn = self.sampler.draw((tokens.shape[0], self.negatives), seed=self.seed_generator)
        own, others = self._products(vectors, tokens), self._products(vectors, drawn)
        # -log(sigmoid(x)) of the token, -log(1 - sigmoid(x)) of the others.
        loss = ops.add(
            ops.sum(ops.softplus(ops.negative(own)), axis=1), ops.sum(ops.softplus(others), axis=1)
        )
        self.add_loss(ops.mean(loss))
        return ops.concatenate([own, others], axis=1)

    def _products(self, vectors, tokens):
        """Of each vector and the rows of its tokens, shape (batch, tokens)."""
        # Not ops.take, to which -1 is the last row.
        rows = core.take(self.embeddings, tokens, axis=0)
        return ops.sum(ops.multiply(rows, ops.expand_dims(vectors, 1)), axis=-1)

    def compute_output_shape(self, input_shape):
        """A column for the token, and one for each that is drawn."""
        (batch, _), _ = checked_shapes(input_shape)
        return (batch, 1 + self.negatives)

    def get_config(self):
        """The arguments that make such a layer; not the weights."""
        return {
            **super().get_config(),
            "counts": [count.item() for count in self.sampler.counts],
            "negatives": self.negatives,
            "power": self.power,
            "embeddings_initializer": initializers.serialize(self.embeddings_initializer),
            "embeddings_regularizer": regularizers.serialize(self.embeddings_regularizer),
            "embeddings_constraint": constraints.serialize(self.embeddings_constraint),
            "seed": self.seed,
        }


def checked_shapes(shapes):
    """The two shapes of the inputs.

    Raises
    ------
    ValueError
        If they are no vectors with a token for each.
    """
    ranks = [len(shape) if isinstance(shape, (list, tuple)) else None for shape in shapes]
    fits = ranks in ([2, 1], [2, 2]) and tuple(shapes[1][1:]) in ((), (1,))
    if fits and (None in (shapes[0][0], shapes[1][0]) or shapes[0][0] == shapes[1][0]):
        return shapes
    raise ValueError(
        "NegativeSampling takes a list of vectors, shape (batch, size), and tokens, shape (batch,) "
        f"or (batch, 1). Received shapes: {shapes}"
    )
