"""The networks of sequences: of words and of characters."""

from benchmarks.networks import Layer, Network, layer

WORDS = 20_000
"""As many as examples with reviews of films keep."""

CHARACTERS = 60
"""About as many as plain English text has."""


def embedding(symbols: int, width: int) -> Layer:
    return layer("Embedding", input_dim=symbols, output_dim=width)


BAG_OF_WORDS = Network(
    "bag of words",
    (200,),
    (
        embedding(WORDS, 128),
        layer("GlobalAveragePooling1D"),
        layer("Dense", units=64, activation="relu"),
    ),
    classes=1,
    symbols=WORDS,
)
"""What tutorials begin with on reviews; the table and the optimizer's pass over it decide."""

WORD_LSTM = Network(
    "LSTM over words",
    (80,),
    (embedding(WORDS, 128), layer("LSTM", units=128)),
    classes=1,
    symbols=WORDS,
)
"""Keras's example for reviews, without its dropout."""

CHARACTER_RNN = Network(
    "SimpleRNN at every step",
    (50,),
    (embedding(64, 64), layer("SimpleRNN", units=128, return_sequences=True)),
    classes=64,
    symbols=64,
    every_step=True,
)
"""A language model of characters that learns from each of them."""

CHARACTER_LSTM = Network(
    "two LSTM over characters",
    (40, CHARACTERS),
    (layer("LSTM", units=128, return_sequences=True), layer("LSTM", units=128)),
    classes=CHARACTERS,
    symbols=CHARACTERS,
)
"""A language model that foretells the character after 40."""

CHARACTER_STEP = Network(
    "one step of a stateful LSTM",
    (1, CHARACTERS),
    (layer("LSTM", units=128, stateful=True),),
    classes=CHARACTERS,
    symbols=CHARACTERS,
    batch_size=1,
)
"""What writes a text, character by character."""


def long_lstm(steps: int) -> Network:
    """One whose every step counts for memory, and hardly anything else does."""
    return Network(
        f"LSTM over {steps:,} steps",
        (steps,),
        (embedding(CHARACTERS, 32), layer("LSTM", units=64)),
        classes=1,
        symbols=CHARACTERS,
    )
