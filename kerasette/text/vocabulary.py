"""Tokens and their numbers."""

from collections import Counter

import numpy as np

from kerasette.checks import check_size
from kerasette.text.ids import id_array

ORDERS = ("appearance", "frequency")


class Vocabulary:
    """Different tokens, each with a number: its place among them.

    Within a model, the layer `StringLookup` does the same for single strings.

    Parameters
    ----------
    tokens : iterable of str
        In the order of their numbers, each once; a string is one of characters. Tokens may be
        anything that can be a key of a dict.
    padding : str, optional
        One of the tokens: what texts are filled up with. It must be the first, because 0 is what
        masks and `pad_sequences` take for padding.
    unknown : str, optional
        One of the tokens: what stands for those that are none. Without it those are an error.

    Attributes
    ----------
    tokens : tuple of str
    padding, unknown : str or None
    counts : ndarray of int64 of shape (len(tokens),), or None
        How often each stood in the texts that `of` has counted; 0 for `padding`, and for `unknown`
        how many there were of those that have no number.

    Raises
    ------
    ValueError
        If there is a token twice, `padding` is not the first, or `unknown` is none of them.

    Examples
    --------
    >>> from kerasette import text
    >>> vocabulary = text.Vocabulary.of(["the cat sat".split(), "the dog sat".split()])
    >>> vocabulary.tokens
    ('the', 'cat', 'sat', 'dog')
    >>> vocabulary.ids(["dog", "sat"])
    array([3, 2], dtype=int32)
    >>> "".join(text.Vocabulary("abc").tokens_of([2, 0, 1]))
    'cab'
    """

    def __init__(self, tokens, padding=None, unknown=None):
        self.tokens = tuple(tokens)
        self._numbers = {token: number for number, token in enumerate(self.tokens)}
        self.padding, self.unknown = padding, unknown
        self.counts = None
        if len(self._numbers) < len(self.tokens):
            twice, _ = Counter(self.tokens).most_common(1)[0]
            raise ValueError(f"Each token must be there once. Received more than once: {twice!r}")
        if padding is not None and self._numbers.get(padding) != 0:
            raise ValueError(f"`padding` must be the first token. Received: padding={padding!r}")
        if unknown is not None and unknown not in self._numbers:
            raise ValueError(f"`unknown` must be one of the tokens. Received: unknown={unknown!r}")
        if unknown is not None and unknown == padding:
            raise ValueError(f"`padding` and `unknown` must differ. Received: {unknown!r} for both")

    @classmethod
    def of(
        cls,
        texts,
        order="appearance",
        max_tokens=None,
        min_count=1,
        padding=None,
        unknown=None,
    ):
        """The vocabulary of some texts.

        Parameters
        ----------
        texts : iterable of sequences of str
            Lists of words, or strings for characters; a single string is one text as well.
        order : {"appearance", "frequency"}
            By first appearance, or the most frequent first; of those that are as frequent, what
            came first. Never by chance.
        max_tokens : int, optional
            So many at most, `padding` and `unknown` among them: the most frequent ones.
        min_count : int
            What is rarer is left out.
        padding, unknown : str, optional
            Tokens that are put in front, in this order. What stands in the texts as one of them is
            taken for it.

        Raises
        ------
        ValueError
            If an argument is not one of these.
        """
        if order not in ORDERS:
            raise ValueError(f"`order` must be one of {ORDERS}. Received: order={order!r}")
        check_size("min_count", min_count)
        if max_tokens is not None:
            check_size("max_tokens", max_tokens)
        special = [token for token in (padding, unknown) if token is not None]
        if max_tokens is not None and max_tokens < len(special):
            raise ValueError(
                f"`max_tokens` has no room for {special}. Received: max_tokens={max_tokens}"
            )
        found = Counter()
        for text in texts:
            found.update(text)
        counts = {token: found.pop(token, 0) for token in special}
        kept = _kept(found, order, min_count, max_tokens and max_tokens - len(special))
        vocabulary = cls([*special, *kept], padding, unknown)
        counts.update((token, found[token]) for token in kept)
        if padding is not None:
            counts[padding] = 0
        if unknown is not None:
            counts[unknown] += found.total() - sum(found[token] for token in kept)
        vocabulary.counts = np.array([counts[token] for token in vocabulary.tokens], "int64")
        return vocabulary

    def __len__(self):
        """Number of tokens."""
        return len(self.tokens)

    def __contains__(self, token):
        """Whether a token has a number of its own."""
        return token in self._numbers

    def __iter__(self):
        """The tokens, in the order of their numbers."""
        # Without this Python would ask for the tokens 0, 1, 2, ..., of which each may be unknown.
        return iter(self.tokens)

    def __getitem__(self, token):
        """The number of a token.

        Raises
        ------
        KeyError
            If it has none, and there is no unknown token.
        """
        if self.unknown is None:
            return self._numbers[token]
        return self._numbers.get(token, self._numbers[self.unknown])

    def ids(self, text, unique=False):
        """The numbers of a text's tokens.

        Parameters
        ----------
        text : sequence of str
        unique : bool
            Whether each number stands there once, where it comes first: what a text is made of,
            without how often. Often the better input for a sum of word vectors.

        Returns
        -------
        ndarray of int32 of shape (tokens,)

        Raises
        ------
        ValueError
            With its position, for a token that has no number if there is no unknown token.

        Examples
        --------
        >>> from kerasette import text
        >>> vocabulary = text.Vocabulary(["cat", "the", "dog", "sat"])
        >>> vocabulary.ids("the cat the cat sat".split(), unique=True).tolist()
        [1, 0, 3]
        """
        numbers = self._numbers
        other = None if self.unknown is None else numbers[self.unknown]
        found = [numbers.get(token, other) for token in text]
        if other is None and None in found:
            place = found.index(None)
            raise ValueError(
                f"Token {text[place]!r} at position {place} is not in the vocabulary, which has no "
                "unknown token."
            )
        return np.array(list(dict.fromkeys(found)) if unique else found, "int32")

    def tokens_of(self, ids):
        """The tokens of numbers.

        Parameters
        ----------
        ids : array of integers of shape (n,)

        Returns
        -------
        list of str

        Raises
        ------
        ValueError
            If `ids` has another shape or dtype, or a number is none of a token, with its position.
        """
        ids = id_array("ids", ids, n_axes=1)
        outside = np.flatnonzero((ids < 0) | (ids >= len(self.tokens)))
        if outside.size:
            place = int(outside[0])
            raise ValueError(
                f"Number {ids[place]} at position {place} is not in [0, {len(self.tokens)})."
            )
        return [self.tokens[number] for number in ids.tolist()]


def _kept(found, order, min_count, most):
    """The tokens that get numbers, in order."""
    # Sorting keeps the order of what is equal: that of first appearance, as in the dict.
    kept = sorted(found, key=found.get, reverse=True)
    kept = [token for token in kept if found[token] >= min_count][:most]
    if order == "frequency":
        return kept
    names = set(kept)
    return [token for token in found if token in names]
