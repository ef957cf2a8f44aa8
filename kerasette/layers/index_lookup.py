"""What layers share that look tokens up in a vocabulary."""

import collections
import os

import numpy as np

from kerasette import config, ops
from kerasette._core.tensor import Tensor
from kerasette.layers.encoding import encoded, encoded_shape
from kerasette.layers.fingerprints import bins_of
from kerasette.layers.layer import Layer
from kerasette.layers.vocabulary_data import TokenCounts, batches_of, check_arguments, checked_salt

FILE = "vocabulary.txt"
MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")


class IndexLookup(Layer):
    """Base of layers that turn tokens into numbers by a vocabulary, or back.

    Subclasses say what a token is: `_tokens_of` makes an array of data. Their docstrings describe
    the arguments.
    """

    def __init__(
        self, max_tokens, num_oov_indices, mask_token, oov_token, vocabulary_dtype,
        vocabulary=None, idf_weights=None, invert=False, output_mode="int", sparse=False,
        pad_to_max_tokens=False, oov_method="floormod", name=None, salt=None, **kwargs,
    ):  # fmt: skip
        output_mode = {"binary": "multi_hot", "tf-idf": "tf_idf"}.get(output_mode, output_mode)
        check_arguments(
            type(self).__name__, max_tokens, num_oov_indices, pad_to_max_tokens, oov_method,
            output_mode, MODES, invert, sparse, idf_weights,
        )  # fmt: skip
        self_has_vocabulary = kwargs.pop("has_input_vocabulary", vocabulary is not None)
        frozen_size = kwargs.pop("vocabulary_size", None)
        kwargs.pop("trainable", None)
        kwargs.pop("dtype", None)
        if kwargs:
            raise ValueError(f"Unrecognized keyword argument(s): {kwargs}")
        super().__init__(name=name)
        self.invert = invert
        self.max_tokens = max_tokens
        self.num_oov_indices = num_oov_indices
        self.mask_token = mask_token
        self.oov_token = oov_token
        self.output_mode = output_mode
        self.sparse = sparse
        self.pad_to_max_tokens = pad_to_max_tokens
        self.vocabulary_dtype = vocabulary_dtype
        self.oov_method = oov_method
        self.salt = checked_salt(salt, vocabulary_dtype, oov_method)
        self.input_vocabulary = None if isinstance(vocabulary, str) else vocabulary
        self.input_idf_weights = idf_weights
        self.idf_weights = None
        self.built = True
        self._has_input_vocabulary = self_has_vocabulary
        self._frozen_vocab_size = frozen_size
        self._tokens = None
        self._counts = TokenCounts()
        if output_mode == "tf_idf" and self._has_input_vocabulary and idf_weights is None:
            raise ValueError(
                "When specifying the `vocabulary` argument, in TF-IDF output mode, the "
                "`idf_weights` argument must also be provided."
            )
        if vocabulary is not None:
            self.set_vocabulary(vocabulary, idf_weights)

    # ---- the vocabulary ----------------------------------------------------------

    def _oov_start(self):
        return 1 if self.mask_token is not None and self.output_mode == "int" else 0

    def _token_start(self):
        return self._oov_start() + self.num_oov_indices

    def _special_tokens(self):
        return [self.mask_token] * self._oov_start() + [self.oov_token] * self.num_oov_indices

    def get_vocabulary(self, include_special_tokens=True):
        """The tokens, each at the place of its number.

        Parameters
        ----------
        include_special_tokens : bool
            Whether with those for masked and unknown ones in front.

        Returns
        -------
        list
        """
        tokens = [] if self._tokens is None else self._tokens.tolist()
        return [*self._special_tokens(), *tokens] if include_special_tokens else tokens

    def vocabulary_size(self):
        """How many numbers there are, those for masked and unknown tokens included."""
        return (0 if self._tokens is None else len(self._tokens)) + self._token_start()

    def set_vocabulary(self, vocabulary, idf_weights=None):
        """Sets the tokens, in place of those that were there.

        Parameters
        ----------
        vocabulary : list, tuple, array or str
            With or without special tokens in front. A text is the path of a file with a token on
            each line.
        idf_weights : list, tuple or array, optional
            A weight for each token, in mode ``"tf_idf"`` and only there.

        Raises
        ------
        ValueError
            If there is no token, one stands twice, a special one is elsewhere, there are too
            many, or the weights do not fit.
        RuntimeError
            If their number changes, and with it the size of vectors.
        """
        if self.output_mode == "tf_idf" and idf_weights is None:
            raise ValueError("`idf_weights` must be set if output_mode is 'tf_idf'.")
        if self.output_mode != "tf_idf" and idf_weights is not None:
            raise ValueError(
                "`idf_weights` should only be set if output_mode is `'tf_idf'`. Received: "
                f"output_mode={self.output_mode} and idf_weights={idf_weights}"
            )
        if isinstance(vocabulary, str):
            vocabulary = self._read(vocabulary)
        vocabulary = self._tokens_of(vocabulary)
        if vocabulary.size == 0:
            raise ValueError(f"Cannot set an empty vocabulary. Received: vocabulary={vocabulary}")
        start = self._token_start()
        has_special = vocabulary[:start].tolist() == self._special_tokens()
        tokens = vocabulary[start:] if has_special else vocabulary
        self._check_tokens(vocabulary, tokens.tolist())
        weights = None
        if idf_weights is not None:
            weights = self._padded_weights(np.asarray(idf_weights), len(vocabulary), has_special)
        self._set_tokens(tokens, weights)

    def _read(self, path):
        if not os.path.exists(path):
            raise ValueError(f"Vocabulary file {path} does not exist.")
        if self.output_mode == "tf_idf":
            raise ValueError(
                "output_mode `'tf_idf'` does not support loading a vocabulary from file."
            )
        return self._lines(path)

    def _lines(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read().rstrip("\n").split("\n")

    def _check_tokens(self, vocabulary, tokens):
        repeated = [token for token, n in collections.Counter(tokens).items() if n > 1]
        if repeated:
            raise ValueError(
                "The passed vocabulary has at least one repeated term. Please uniquify your "
                f"dataset. The repeated terms are: {repeated}"
            )
        reserved = [("mask", self.mask_token)] + [("OOV", self.oov_token)] * self.invert
        for kind, token in reserved:
            if token is not None and token in tokens:
                place = len(vocabulary) - len(tokens) + tokens.index(token)
                raise ValueError(
                    f"Found reserved {kind} token at unexpected location in `vocabulary`. Note "
                    "that passed `vocabulary` does not need to include the OOV and mask tokens. "
                    "Either remove all mask and OOV tokens, or include them only at the start of "
                    f"the vocabulary in precisely this order: {self._special_tokens()}. Received: "
                    f"{kind.lower()}_token={token} at vocabulary index {place}"
                )
        size = self._token_start() + len(tokens)
        if self.max_tokens is not None and size > self.max_tokens:
            raise ValueError(
                "Attempted to set a vocabulary larger than the maximum vocab size. Received "
                f"vocabulary size is {size}; `max_tokens` is {self.max_tokens}."
            )

    def _padded_weights(self, weights, n_tokens, has_special):
        if weights.ndim != 1 or len(weights) != n_tokens:
            raise ValueError(
                "`idf_weights` must be the same length as vocabulary. "
                f"len(idf_weights) is {len(weights)}; len(vocabulary) is {n_tokens}"
            )
        # Of tokens that are not known nothing is known but the average.
        lead = [] if has_special else [np.average(weights)] * self._token_start()
        return np.concatenate([lead, weights])

    def _set_tokens(self, tokens, idf_weights):
        size = self._token_start() + len(tokens)
        known = self._frozen_vocab_size
        is_fixed = self.output_mode != "int" and not self.pad_to_max_tokens and known is not None
        if is_fixed and size != known:
            raise RuntimeError(
                f"When using `output_mode={self.output_mode}` and `pad_to_max_tokens=False`, the "
                "vocabulary size cannot be changed after the layer is called. Old vocab size is "
                f"{known}, new vocab size is {size}"
            )
        self._frozen_vocab_size = size
        self._tokens = tokens
        if idf_weights is not None:
            rest = self._depth() - len(idf_weights)
            self.idf_weights = np.pad(idf_weights, (0, rest)).astype(config.floatx())
        self._prepare()

    def _prepare(self):
        """What a subclass keeps to find tokens quickly."""

    # ---- adaptation --------------------------------------------------------------

    def adapt(self, data, steps=None):
        """Makes a vocabulary of the tokens in data: the most frequent first.

        Of equally frequent ones the larger comes first.

        Parameters
        ----------
        data : array or list of tokens, or iterable of batches
            One or two axes. Where documents count, each row is one.
        steps : int, optional
            How many batches are used at most.

        Raises
        ------
        ValueError
            If the constructor was given a vocabulary.
        RuntimeError
            If their number changes, and with it the size of vectors.
        """
        self.reset_state()
        for batch in batches_of(data, steps):
            self.update_state(batch)
        self.finalize_state()

    def update_state(self, data):
        """Counts the tokens of a batch."""
        if self._has_input_vocabulary:
            raise ValueError(
                f"Cannot adapt layer '{self.name}' after setting a static vocabulary via "
                "`vocabulary` argument or `set_vocabulary()` method."
            )
        data = self._tokens_of(data)
        self._counts.add(data.reshape(1, -1) if data.ndim < 2 else data)

    def finalize_state(self):
        """Makes a vocabulary of what has been counted, and forgets the counts."""
        if self._has_input_vocabulary or not self._counts.tokens:
            return
        most = None if self.max_tokens is None else self.max_tokens - self._token_start()
        tokens = self._counts.most_frequent({self.mask_token, self.oov_token}, most)
        weights = None
        if self.output_mode == "tf_idf":
            weights = self._counts.inverse_frequencies(tokens)
            weights = np.concatenate([[weights.mean()] * self._token_start(), weights])
        self._set_tokens(self._tokens_of(tokens), weights)
        self.reset_state()

    def reset_state(self):
        """Forgets what has been counted; the vocabulary stays."""
        self._counts = TokenCounts()

    # ---- files -------------------------------------------------------------------

    def save_assets(self, dir_path):
        """Writes the vocabulary into a folder, unless it is in the config.

        Parameters
        ----------
        dir_path : str
        """
        if self.input_vocabulary is None:
            with open(os.path.join(dir_path, FILE), "w", encoding="utf-8") as file:
                file.write("\n".join(map(str, self.get_vocabulary())))

    def load_assets(self, dir_path):
        """Reads what `save_assets` has written.

        Parameters
        ----------
        dir_path : str
        """
        if self.input_vocabulary is None:
            tokens = self._lines(os.path.join(dir_path, FILE))
            weights = self.idf_weights
            if weights is not None:
                # Without those for places that no token has.
                weights = weights[: len(tokens)]
            self.set_vocabulary(tokens, weights)

    # ---- calls -------------------------------------------------------------------

    def _depth(self):
        return self.max_tokens if self.pad_to_max_tokens else self._frozen_vocab_size

    def _check_vocabulary(self):
        if self._tokens is not None:
            return
        what = f"`output_mode={self.output_mode}`"
        if self.output_mode != "int":
            what += " and `pad_to_max_tokens=False`"
        raise RuntimeError(
            f"When using {what}, you must set the layer's vocabulary before calling it. Either "
            "pass a `vocabulary` argument to the layer, or call `adapt` with some sample data."
        )

    def _encoded(self, numbers):
        """What comes out for a tensor of numbers; those of masked tokens are negative."""
        if self.output_mode == "int":
            return ops.maximum(numbers, 0) if self.mask_token is not None else numbers
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        vectors = encoded(numbers, mode, self._depth(), "int64")
        if self.output_mode != "tf_idf":
            return vectors
        return ops.multiply(ops.cast(vectors, self.idf_weights.dtype.name), self.idf_weights)

    def _oov_bins(self, values):
        """Numbers for unknown tokens, where there are several."""
        return bins_of(values, self.num_oov_indices, self.salt) + self._oov_start()

    def _output_dtype(self, inputs):
        return self.compute_dtype if self.output_mode == "tf_idf" else "int64"

    def compute_output_shape(self, input_shape):
        """The shape of numbers, or of vectors."""
        if self.output_mode == "int":
            return tuple(input_shape)
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        return encoded_shape(input_shape, mode, self._depth())

    def get_config(self):
        """The arguments that make such a layer; not the tokens that `adapt` has found."""
        return {
            **super().get_config(),
            "invert": self.invert,
            "max_tokens": self.max_tokens,
            "num_oov_indices": self.num_oov_indices,
            "oov_token": self.oov_token,
            "mask_token": self.mask_token,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "pad_to_max_tokens": self.pad_to_max_tokens,
            "vocabulary_dtype": self.vocabulary_dtype,
            "idf_weights": _listed(self.input_idf_weights),
            "vocabulary": _listed(self.input_vocabulary),
            "vocabulary_size": self._frozen_vocab_size,
            "oov_method": self.oov_method,
            "salt": self.salt,
        }


def _listed(values):
    if isinstance(values, Tensor):
        values = values.numpy()
    return values.tolist() if isinstance(values, np.ndarray) else values
