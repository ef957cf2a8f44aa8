"""What models of text need besides layers: words as numbers, streams, word vectors, sampling.

All of it is of this library; Keras has none of it. A text is a sequence of tokens: a list of words,
as `split_words` gives it, or a string, which is a sequence of characters.
"""

from kerasette.lazy import exports

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    context="context_windows",
    generation="generate",
    negative_sampling="NegativeSampling",
    perplexity="Perplexity",
    sampling="sample",
    states="ResetStates",
    streams="Streams",
    unigrams="UnigramSampler",
    vocabulary="Vocabulary",
    word_vectors="WordVectors",
    words="split_words",
)

__all__ = _EXPORTS
