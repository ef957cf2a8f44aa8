"""What models of text need besides layers: words as numbers, streams, word vectors, sampling.

All of it is of this library; Keras has none of it. A text is a sequence of tokens: a list of words,
as `split_words` gives it, or a string, which is a sequence of characters.
"""

from kerasette.lazy import exports

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    context="context_windows",
    generation="generate",
    kerasette__metrics__perplexity="Perplexity",
    negative_sampling="NegativeSampling",
    sampling="sample",
    states="ResetStates reset_states",
    streams="Streams",
    unigrams="UnigramSampler",
    vocabulary="Vocabulary",
    word_vectors="WordVectors",
    words="split_words",
)

__all__ = _EXPORTS
