"""Strings as numbers in a vocabulary."""

import numpy as np

from kerasette import ops
from kerasette.layers.fingerprints import as_text
from kerasette.layers.index_lookup import IndexLookup
from kerasette.layers.string_data import strings_of


class StringLookup(IndexLookup):
    """Strings as numbers from 0 on, or vectors, by a vocabulary; or back.

    Strings are no tensors: the layer is called on data, before the model.

    Parameters
    ----------
    max_tokens : int, optional
        How many numbers there are at most, those for masked and unknown tokens included.
    num_oov_indices : int
        How many numbers are for unknown tokens, which get one of several by a hash; without any,
        they are an error.
    mask_token : str, optional
        A token that has the number 0, or in vectors no place.
    oov_token : str
        What unknown tokens are when it goes back.
    vocabulary : list, tuple, array or str, optional
        The tokens, or the path of a file with one on each line; else `adapt` finds them.
    idf_weights : list, tuple or array, optional
        A weight for each token in mode ``"tf_idf"``.
    invert : bool
        Whether numbers become tokens.
    output_mode : {"int", "one_hot", "multi_hot", "count", "tf_idf"}
        Numbers; a vector for each, where a last axis of size 1 gives way to it; or a vector for a
        sample, with 1 for what is in it, with how often, or with that times the token's weight.
    pad_to_max_tokens : bool
        Whether vectors have the size `max_tokens`, however many tokens there are.
    sparse : bool
        False alone is known.
    encoding : str
        Of tokens that are bytes.
    salt : int or pair of int, optional
        Of the hash for unknown tokens.
    name, **kwargs
        ``name``; ``trainable`` and ``dtype``, which have no meaning here, and ``oov_method`` and
        ``vocabulary_size``, as configs have them.

    Raises
    ------
    ValueError
        If arguments do not fit together; when it is called, for an unknown token without a number.
    RuntimeError
        When it is called before there is a vocabulary.
    TypeError
        When it is called on anything but strings, or is to be part of a model.

    Notes
    -----
    Results are int64 tensors, in mode ``"tf_idf"`` of ``floatx()``; with `invert`, an array of
    strings.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.StringLookup(vocabulary=["red", "green"])
    >>> layer([["green", "red"], ["blue", "red"]]).numpy().tolist()
    [[2, 1], [0, 1]]
    >>> kerasette.layers.StringLookup(vocabulary=["red", "green"], invert=True)([2, 0]).tolist()
    ['green', '[UNK]']
    """

    def __init__(
        self, max_tokens=None, num_oov_indices=1, mask_token=None, oov_token="[UNK]",
        vocabulary=None, idf_weights=None, invert=False, output_mode="int",
        pad_to_max_tokens=False, sparse=False, encoding="utf-8", name=None, salt=None, **kwargs,
    ):  # fmt: skip
        self.encoding = encoding
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, "string", vocabulary, idf_weights,
            invert, output_mode, sparse, pad_to_max_tokens, name=name, salt=salt, **kwargs,
        )  # fmt: skip

    def __call__(self, *args, **kwargs):
        """Calls the layer on an array of strings, a string or lists of them; or on numbers."""
        # Strings are no inputs of a call like another layer's.
        return self.call(*args, **kwargs)

    def call(self, inputs):
        """The numbers, encoded; or the tokens."""
        self._check_vocabulary()
        if self.invert:
            return self._inverted(np.asarray(inputs))
        return self._encoded(ops.convert_to_tensor(self._found(self._tokens_of(inputs))))

    def _tokens_of(self, data):
        return strings_of(data, "StringLookup", self.encoding)

    def _prepare(self):
        start = self._token_start()
        self._numbers = {token: n for n, token in enumerate(self._tokens.tolist(), start)}

    def _inverted(self, numbers):
        if numbers.dtype.kind not in "iu":
            raise TypeError(f"An inverted StringLookup takes integers. Received: {numbers.dtype}")
        known = dict(enumerate(self.get_vocabulary()))
        found = [known.get(number, self.oov_token) for number in numbers.reshape(-1).tolist()]
        return np.array(found, str).reshape(numbers.shape)

    def _found(self, tokens):
        flat = tokens.reshape(-1)
        numbers = np.array([self._numbers.get(token, -2) for token in flat.tolist()], "int64")
        if self.mask_token is not None:
            numbers[flat == as_text(self.mask_token)] = -1
        unknown = numbers == -2
        if unknown.any():
            if self.num_oov_indices == 0:
                raise ValueError(
                    "When `num_oov_indices=0` all inputs should be in vocabulary, found OOV values "
                    f"{flat[unknown].tolist()}, consider setting `num_oov_indices=1`."
                )
            is_one = self.num_oov_indices == 1
            numbers[unknown] = self._oov_start() if is_one else self._oov_bins(flat[unknown])
        return numbers.reshape(tokens.shape)

    def get_config(self):
        """The arguments that make such a layer; not the tokens that `adapt` has found."""
        config = {**super().get_config(), "encoding": self.encoding}
        del config["vocabulary_dtype"]
        return config
