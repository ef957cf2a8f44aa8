"""Arguments of lookups, and the counts that vocabularies are made of."""

import collections

import numpy as np

from kerasette._core.tensor import Tensor
from kerasette.checks import is_whole


def check_integers(max_tokens, num_oov_indices):
    """Raises unless a lookup's counts are integers; there may be no limit of tokens.

    Raises
    ------
    ValueError
        With the one that is none.
    """
    if max_tokens is not None and not is_whole(max_tokens):
        raise ValueError(f"`max_tokens` must be an integer. Received: max_tokens={max_tokens!r}")
    if not is_whole(num_oov_indices):
        raise ValueError(
            f"`num_oov_indices` must be an integer. Received: num_oov_indices={num_oov_indices!r}"
        )


def check_arguments(
    name, max_tokens, num_oov_indices, pad_to_max_tokens, oov_method, output_mode, modes, invert,
    sparse, idf_weights,
):  # fmt: skip
    """Raises unless the arguments of a lookup fit together.

    Raises
    ------
    ValueError
        With those that do not.
    """
    check_integers(max_tokens, num_oov_indices)
    if max_tokens is not None and max_tokens <= 1:
        raise ValueError(
            f"If set, `max_tokens` must be greater than 1. Received: max_tokens={max_tokens}"
        )
    if pad_to_max_tokens and max_tokens is None:
        raise ValueError(
            "If pad_to_max_tokens is True, must set `max_tokens`. "
            f"Received: max_tokens={max_tokens}"
        )
    if num_oov_indices < 0:
        raise ValueError(
            "`num_oov_indices` must be greater than or equal to 0. "
            f"Received: num_oov_indices={num_oov_indices}"
        )
    for argument, value, known in (
        ("oov_method", oov_method, ("floormod", "farmhash")),
        ("output_mode", output_mode, modes),
    ):
        if value not in known:
            raise ValueError(
                f"Unknown argument value for `{argument}` of {name}: {value!r}. "
                f"Allowed values are: {known}."
            )
    if invert and output_mode != "int":
        raise ValueError(
            "`output_mode` must be `'int'` when `invert` is true. "
            f"Received: output_mode={output_mode}"
        )
    if sparse:
        raise ValueError(f"Sparse tensors are not supported. Received: `sparse=True` ({sparse})")
    if idf_weights is not None and output_mode != "tf_idf":
        raise ValueError(
            "`idf_weights` should only be set if `output_mode` is `'tf_idf'`. Received: "
            f"idf_weights={idf_weights} and output_mode={output_mode}"
        )


def checked_salt(salt, dtype, oov_method):
    """A salt as a list of two integers, or None.

    Raises
    ------
    ValueError
        If it is another thing, or hashes are not used.
    """
    if salt is None:
        return None
    if dtype != "string" and oov_method != "farmhash":
        raise ValueError(
            "`salt` can only be used when `oov_method='farmhash'`. "
            f"Received: oov_method={oov_method}"
        )
    return two_integers(salt, "IndexLookup")


def two_integers(salt, name):
    """A salt, which is one integer or two, as a list of two."""
    if isinstance(salt, (tuple, list)) and len(salt) == 2:
        return list(salt)
    if isinstance(salt, int):
        return [salt, salt]
    raise ValueError(
        f"The `salt` argument for `{name}` can only be a tuple of size 2 integers, or a single "
        f"integer. Received: salt={salt}."
    )


def batches_of(data, steps):
    """The batches that `adapt` goes through; an array or list is one.

    Of one axis, each of its tokens is a document.
    """
    if isinstance(data, (list, tuple, Tensor)) or hasattr(data, "__array__"):
        data = np.asarray(data)
        yield data[:, None] if data.ndim == 1 else data
        return
    for done, batch in enumerate(data):
        if steps is not None and done >= steps:
            return
        yield batch


class TokenCounts:
    """How often tokens have come, and in how many documents.

    Attributes
    ----------
    tokens, documents : Counter
    n_documents : int
    """

    def __init__(self):
        self.tokens = collections.Counter()
        self.documents = collections.Counter()
        self.n_documents = 0

    def add(self, data):
        """Counts an array of documents by tokens."""
        for row in data.tolist():
            tokens = np.asarray(row, object).reshape(-1).tolist()
            self.tokens.update(tokens)
            self.documents.update(set(tokens))
        self.n_documents += len(data)

    def most_frequent(self, without, most):
        """At most so many tokens, the most frequent first, of equals the larger first."""
        ranked = [(count, token) for token, count in self.tokens.items() if token not in without]
        return [token for _, token in sorted(ranked, reverse=True)[:most]]

    def inverse_frequencies(self, tokens):
        """``log(1 + documents / (1 + those with the token))`` for each token."""
        counts = np.array([self.documents[token] for token in tokens], "float64")
        return np.log(1 + self.n_documents / (1 + counts))
