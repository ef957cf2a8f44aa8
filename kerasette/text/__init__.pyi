from kerasette.metrics.perplexity import (
    Perplexity as Perplexity,
)
from kerasette.text.context import (
    context_windows as context_windows,
)
from kerasette.text.generation import (
    generate as generate,
)
from kerasette.text.negative_sampling import (
    NegativeSampling as NegativeSampling,
)
from kerasette.text.sampling import (
    sample as sample,
)
from kerasette.text.states import (
    ResetStates as ResetStates,
)
from kerasette.text.states import (
    reset_states as reset_states,
)
from kerasette.text.streams import (
    Streams as Streams,
)
from kerasette.text.unigrams import (
    UnigramSampler as UnigramSampler,
)
from kerasette.text.vocabulary import (
    Vocabulary as Vocabulary,
)
from kerasette.text.word_vectors import (
    WordVectors as WordVectors,
)
from kerasette.text.words import (
    split_words as split_words,
)
