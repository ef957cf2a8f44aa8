"""What vectors of words say about them."""

import numpy as np

from kerasette import ops
from kerasette.checks import check_size

MEASURES = ("euclidean", "cosine")


class WordVectors:
    """The tokens of a vocabulary, each with a vector.

    Parameters
    ----------
    vocabulary : Vocabulary
    vectors : array, Tensor or Variable of shape (len(vocabulary), size)
        For example the weights of an `Embedding`. They are copied.

    Attributes
    ----------
    vocabulary : Vocabulary
    vectors : ndarray of shape (len(vocabulary), size)

    Raises
    ------
    ValueError
        If they are no rows of real numbers, one for each token.

    Examples
    --------
    >>> from kerasette import text
    >>> vocabulary = text.Vocabulary(["king", "man", "woman", "queen"])
    >>> words = text.WordVectors(vocabulary, [[0.6, 0.1], [0.5, 0.0], [0.0, 0.8], [0.1, 1.0]])
    >>> [(word, round(distance, 2)) for word, distance in words.nearest("king", n=2)]
    [('king', 0.0), ('man', 0.14)]
    >>> words.analogy(["king", "woman"], ["man"], n=1)[0][0]
    'queen'
    >>> words.sentence(["king", "queen", "?"]).tolist()
    [0.35, 0.55]
    """

    def __init__(self, vocabulary, vectors):
        vectors = np.array(ops.convert_to_numpy(vectors))
        if vectors.ndim != 2 or vectors.dtype.kind != "f" or len(vectors) != len(vocabulary):
            raise ValueError(
                f"`vectors` must be real numbers of shape ({len(vocabulary)}, size), a row for "
                f"each token. Received: shape {vectors.shape}, dtype {vectors.dtype}"
            )
        self.vocabulary = vocabulary
        # Half precision holds vectors, but not their squares.
        self.vectors = vectors.astype("float32") if vectors.dtype.itemsize < 4 else vectors

    def __getitem__(self, token):
        """The vector of a token, of the unknown one if it is not known.

        Raises
        ------
        KeyError
            If there is none.
        """
        try:
            return self.vectors[self.vocabulary[token]]
        except KeyError:
            raise KeyError(
                f"{token!r} is not in the vocabulary, which has no unknown token"
            ) from None

    def nearest(self, query, n=10, by="euclidean", exclude=()):
        """The tokens whose vectors are nearest.

        Parameters
        ----------
        query : str, or array of shape (size,)
            A token, or a vector. A token is nearest to itself.
        n : int
        by : {"euclidean", "cosine"}
            By the distance, smallest first, or by the cosine of the angle, largest first. The
            cosine with a vector of zeros is 0.
        exclude : iterable of str, or str
            Tokens that are left out, or one; so are the padding and the unknown one, always.

        Returns
        -------
        list of (str, float)
            Tokens with distances or cosines; of equal ones, the first in the vocabulary first.

        Raises
        ------
        KeyError
            For a token without a number.
        ValueError
            If a vector has another shape, or another argument is not one of these.
        """
        check_size("n", n)
        if by not in MEASURES:
            raise ValueError(f"`by` must be one of {MEASURES}. Received: by={by!r}")
        query = self._vector(query)
        if by == "cosine":
            values = unit(self.vectors) @ unit(query)
            order = np.argsort(-values, kind="stable")
        else:
            values = np.sqrt(np.square(self.vectors - query).sum(axis=1))
            order = np.argsort(values, kind="stable")
        vocabulary = self.vocabulary
        left_out = {*_tokens(exclude), vocabulary.padding, vocabulary.unknown} - {None}
        found = ((vocabulary.tokens[number], float(values[number])) for number in order)
        found = ((token, value) for token, value in found if token not in left_out)
        return [pair for pair, _ in zip(found, range(n))]

    def analogy(self, positive, negative, n=10, by="euclidean", exclude_inputs=True):
        """The tokens nearest to a sum of vectors less others: king - man + woman.

        Parameters
        ----------
        positive, negative : iterable of str, or str
            Tokens whose vectors are added, and taken away; a str is one token.
        n : int
        by : {"euclidean", "cosine"}
            As for `nearest`. With "cosine" each vector is scaled to length 1 before it is added.
        exclude_inputs : bool
            Whether the tokens given are left out. They are often the nearest.

        Returns
        -------
        list of (str, float)

        Raises
        ------
        KeyError
            For a token without a number.
        ValueError
            As `nearest`.

        References
        ----------
        Mikolov, Yih and Zweig, "Linguistic regularities in continuous space word
        representations", 2013.
        """
        positive, negative = _tokens(positive), _tokens(negative)
        scaled = unit if by == "cosine" else np.asarray
        query = np.zeros_like(self.vectors[0])
        for token in positive:
            query = query + scaled(self[token])
        for token in negative:
            query = query - scaled(self[token])
        return self.nearest(query, n, by, {*positive, *negative} if exclude_inputs else ())

    def sentence(self, tokens, weights=None, normalize=False):
        """The mean of the vectors of a text's tokens, wherever they stand in it.

        Parameters
        ----------
        tokens : iterable of str
            Those without a number are left out.
        weights : array of shape (len(vocabulary),), optional
            How much each token counts; by default all as much.
        normalize : bool
            Whether the mean is scaled to length 1.

        Returns
        -------
        ndarray of shape (size,)
            Zeros if no token counts.

        Raises
        ------
        ValueError
            If weights have another shape, or are negative or not finite.
        """
        return self.sentences([tokens], weights, normalize)[0]

    def sentences(self, texts, weights=None, normalize=False):
        """`sentence` of each of some texts, shape (texts, size)."""
        weights = self._weights(weights)
        means = np.zeros((len(texts), self.vectors.shape[1]), self.vectors.dtype)
        for place, text in enumerate(texts):
            known = [self.vocabulary[token] for token in text if token in self.vocabulary]
            total = weights[known].sum()
            if total > 0:
                means[place] = weights[known] @ self.vectors[known] / total
        return unit(means) if normalize else means

    def _vector(self, query):
        if isinstance(query, str):
            return self[query]
        query = np.asarray(ops.convert_to_numpy(query))
        if query.shape != self.vectors.shape[1:] or query.dtype.kind not in "iuf":
            raise ValueError(
                f"`query` must be a token, or numbers of shape {self.vectors.shape[1:]}. "
                f"Received: shape {query.shape}, dtype {query.dtype}"
            )
        return query

    def _weights(self, weights):
        if weights is None:
            return np.ones(len(self.vectors), self.vectors.dtype)
        weights = np.asarray(weights, self.vectors.dtype)
        if weights.shape != (len(self.vectors),):
            raise ValueError(
                f"`weights` must be of shape ({len(self.vectors)},), one for each token of the "
                f"vocabulary. Received: shape {weights.shape}"
            )
        wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
        if wrong.size:
            raise ValueError(
                "`weights` must be finite and not negative. "
                f"Received: {weights[wrong[0]]} at position {wrong[0]}"
            )
        return weights


def _tokens(given):
    """Tokens in a list; a str is one."""
    return [given] if isinstance(given, str) else list(given)


def unit(vectors):
    """Vectors scaled to length 1; zeros stay zeros."""
    # By the largest number first, whose square could be too great or too small.
    largest = np.abs(vectors).max(axis=-1, keepdims=True, initial=0)
    vectors = vectors / np.where(largest > 0, largest, 1)
    lengths = np.sqrt(np.square(vectors).sum(axis=-1, keepdims=True))
    return vectors / np.where(lengths > 0, lengths, 1)
