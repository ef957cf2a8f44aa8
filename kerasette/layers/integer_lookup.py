"""Integers as numbers in a vocabulary."""

import numpy as np

from kerasette import ops
from kerasette.layers.index_lookup import IndexLookup
from kerasette.layers.vocabulary_data import check_integers


class IntegerLookup(IndexLookup):
    """Integers of any size as numbers from 0 on, or vectors, by a vocabulary; or back.

    Parameters
    ----------
    max_tokens : int, optional
        How many numbers there are at most, those for masked and unknown tokens included.
    num_oov_indices : int
        How many numbers are for unknown tokens; without any, they are an error.
    mask_token : int, optional
        A token that has the number 0, or in vectors no place.
    oov_token : int
        What unknown tokens are when it goes back.
    vocabulary : list, tuple, array or str, optional
        The tokens, or the path of a file with one on each line; else `adapt` finds them.
    vocabulary_dtype : str
        ``"int64"`` alone is known.
    idf_weights : list, tuple or array, optional
        A weight for each token in mode ``"tf_idf"``.
    invert : bool
        Whether numbers become tokens.
    output_mode : {"int", "one_hot", "multi_hot", "count", "tf_idf"}
        Numbers; a vector for each, where a last axis of size 1 gives way to it; or a vector for a
        sample, with 1 for what is in it, with how often, or with that times the token's weight.
    sparse : bool
        False alone is known.
    pad_to_max_tokens : bool
        Whether vectors have the size `max_tokens`, however many tokens there are.
    oov_method : {"floormod", "farmhash"}
        Whether unknown tokens get one of several numbers by their remainder or by a hash.
    salt : int or pair of int, optional
        Of the hash.
    name, **kwargs
        ``name``; ``trainable`` and ``dtype``, which have no meaning here, and
        ``vocabulary_size``, as configs have them.

    Raises
    ------
    ValueError
        If arguments do not fit together; when it is called, for an unknown token without a number.
    RuntimeError
        When it is called before there is a vocabulary.
    TypeError
        When it is called on anything but integers.

    Notes
    -----
    Results are int64, in mode ``"tf_idf"`` ``floatx()``. Made of ops, it may be part of a model.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.IntegerLookup(vocabulary=[12, 36, 1138])
    >>> layer([[12, 1138], [7, 36]]).numpy().tolist()
    [[1, 3], [0, 2]]
    """

    def __init__(
        self, max_tokens=None, num_oov_indices=1, mask_token=None, oov_token=-1, vocabulary=None,
        vocabulary_dtype="int64", idf_weights=None, invert=False, output_mode="int", sparse=False,
        pad_to_max_tokens=False, oov_method="floormod", salt=None, name=None, **kwargs,
    ):  # fmt: skip
        check_integers(max_tokens, num_oov_indices)
        if max_tokens is not None and max_tokens <= 1:
            raise ValueError(
                "If `max_tokens` is set for `IntegerLookup`, it must be greater than 1. "
                f"Received: max_tokens={max_tokens}"
            )
        if num_oov_indices < 0:
            raise ValueError(
                "The value of `num_oov_indices` argument for `IntegerLookup` must >= 0. "
                f"Received: num_oov_indices={num_oov_indices}"
            )
        if vocabulary_dtype != "int64":
            raise ValueError(
                "Only `vocabulary_dtype='int64'` is supported at this time. "
                f"Received: vocabulary_dtype={vocabulary_dtype}"
            )
        super().__init__(
            max_tokens, num_oov_indices, mask_token, oov_token, vocabulary_dtype, vocabulary,
            idf_weights, invert, output_mode, sparse, pad_to_max_tokens, oov_method, name, salt,
            **kwargs,
        )  # fmt: skip

    def __call__(self, *args, **kwargs):
        """Calls the layer on a tensor, an array, a number or lists of them."""
        return super().__call__(*map(ops.convert_to_tensor, args), **kwargs)

    def _tokens_of(self, data):
        data = np.asarray(data)
        if data.size and data.dtype.kind not in "iu":
            raise TypeError(f"IntegerLookup takes integers. Received: dtype {data.dtype}")
        return data.astype("int64")

    def _lines(self, path):
        return [int(line) for line in super()._lines(path)]

    def _prepare(self):
        order = np.argsort(self._tokens)
        self._sorted = self._tokens[order]
        self._numbers = order + self._token_start()

    def call(self, inputs):
        """The numbers, encoded; or the tokens."""
        self._check_vocabulary()
        if inputs.dtype not in ("int32", "int64"):
            raise TypeError(f"IntegerLookup takes integers. Received: dtype {inputs.dtype}")
        inputs = ops.cast(inputs, "int64")
        return self._inverted(inputs) if self.invert else self._encoded(self._found(inputs))

    def _inverted(self, numbers):
        tokens = np.array(self.get_vocabulary(), "int64")
        is_known = ops.logical_and(
            ops.greater_equal(numbers, self._token_start()), ops.less(numbers, len(tokens))
        )
        if self.mask_token is not None:
            is_known = ops.logical_or(is_known, ops.equal(numbers, 0))
        found = ops.take(tokens, ops.where(is_known, numbers, 0))
        return ops.where(is_known, found, self.oov_token)

    def _found(self, tokens):
        place = ops.minimum(ops.searchsorted(self._sorted, tokens), len(self._sorted) - 1)
        is_known = ops.equal(ops.take(self._sorted, place), tokens)
        numbers = ops.take(self._numbers, place)
        numbers = ops.where(is_known, numbers, self._unknown(tokens, is_known))
        if self.mask_token is not None:
            numbers = ops.where(ops.equal(tokens, self.mask_token), -1, numbers)
        return numbers

    def _unknown(self, tokens, is_known):
        if self.num_oov_indices == 0:
            return self._refused(tokens, is_known)
        if self.num_oov_indices == 1:
            return self._oov_start()
        if self.oov_method == "floormod":
            return ops.add(ops.mod(tokens, self.num_oov_indices), self._oov_start())
        return self._oov_bins(ops.convert_to_numpy(tokens))

    def _refused(self, tokens, is_known):
        if self.mask_token is not None:
            is_known = ops.logical_or(is_known, ops.equal(tokens, self.mask_token))
        try:
            # There is no row -1: what is not known is an error in replays, too.
            return ops.take(np.zeros(1, "int64"), ops.where(is_known, 0, -2))
        except ValueError:
            unknown = tokens.numpy()[~is_known.numpy()]
            raise ValueError(
                "When `num_oov_indices=0` all inputs should be in vocabulary, found OOV values "
                f"{unknown.tolist()}, consider setting `num_oov_indices=1`."
            ) from None

    def get_config(self):
        """The arguments that make such a layer; not the tokens that `adapt` has found."""
        config = super().get_config()
        for name in ("oov_token", "mask_token"):
            config[name] = None if config[name] is None else int(config[name])
        if config["vocabulary"] is not None:
            config["vocabulary"] = [int(token) for token in config["vocabulary"]]
        return config
