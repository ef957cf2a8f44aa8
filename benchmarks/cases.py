"""What is measured: networks, optimizers, sizes, batches and epochs, as data.

Nothing here knows a library: every contender is given the same numbers.
"""

from benchmarks.image_networks import DEPTHWISE_SEPARABLE, MNIST_CONVNET, SMALL_VGG
from benchmarks.kinds import Case, PeakMemory, Phase, Prediction, StartUp, Training
from benchmarks.networks import dense
from benchmarks.text_networks import (
    BAG_OF_WORDS,
    CHARACTER_LSTM,
    CHARACTER_RNN,
    CHARACTER_STEP,
    WORD_LSTM,
    long_lstm,
)

DIGITS = dense(64, 32, 10)
"""The digits network: small enough that the cost of a call, not of arithmetic, decides."""

TABULAR = dense(20, 100, 2)
"""The network of a table with few columns: what surrounds the arithmetic decides."""

LARGE = dense(784, 512, 512, 10)
"""The MNIST network: matrix products and the optimizer's pass over 670,000 weights decide."""

WIDE = dense(2048, 2048, 2048, 10)
"""Eight million weights: matrix products and the optimizer's pass over memory decide."""

TEN_EPOCHS = (Phase(2), Phase(10, "10 epochs"))
THREE_EPOCHS = (Phase(1), Phase(3, "3 epochs"))
TWO_EPOCHS = (Phase(2, "2 epochs"),)

EARLY_AND_LATE = (Phase(3, "epochs 1-3"), Phase(1), Phase(6, "epochs 5-10"))
"""The moments of dead units decay into denormals in the fifth epoch, and some libraries slow down
from there on: that is why the late epochs are measured apart."""

ONE_LENGTH = (1,)
"""Always one row: a server of images, or of a text that goes on."""

A_SGD = Training("A-sgd", DIGITS, 1_797, 32, TEN_EPOCHS, optimizer="sgd")
A_ADAM = Training("A-adam", DIGITS, 1_797, 32, TEN_EPOCHS)
G = Training("G", MNIST_CONVNET, 4_096, 128, THREE_EPOCHS)
H = Training("H", SMALL_VGG, 2_048, 64, TWO_EPOCHS)
L = Training("L", WORD_LSTM, 2_048, 32, TWO_EPOCHS)
M = Training("M", CHARACTER_RNN, 1_024, 32, THREE_EPOCHS)
N = Training("N", CHARACTER_LSTM, 1_024, 128, THREE_EPOCHS)

LONG = [Training("long", long_lstm(steps), 8, 4, ()) for steps in (2_500, 5_000, 10_000)]

CASES: tuple[Case, ...] = (
    A_SGD,
    A_ADAM,
    Training("B-adam", TABULAR, 10_000, 200, TEN_EPOCHS),
    Training("C-adam", LARGE, 20_000, 128, EARLY_AND_LATE),
    Training("D-adam", WIDE, 4_096, 256, THREE_EPOCHS),
    Prediction("E-small", DIGITS),
    Prediction("E-large", LARGE),
    StartUp("F", A_ADAM),
    G,
    H,
    PeakMemory("H-memory", H),
    Training("I", DEPTHWISE_SEPARABLE, 1_024, 64, TWO_EPOCHS),
    Prediction("J", MNIST_CONVNET, ONE_LENGTH, many_rows=1_000),
    Training("K", BAG_OF_WORDS, 8_192, 64, THREE_EPOCHS),
    L,
    M,
    N,
    Prediction("O", CHARACTER_STEP, ONE_LENGTH, calls=500, many_rows=None),
    *(PeakMemory(f"P-{case.network.input_shape[0]}", case) for case in LONG),
)

LETTERS = sorted({case.name[0] for case in CASES})


def select(names: list[str]) -> list[Case]:
    """The cases of these names; a letter stands for all that begin with it."""
    unknown = [name for name in names if not any(case.name.startswith(name) for case in CASES)]
    if unknown:
        raise ValueError(f"no case {unknown}; there are {[case.name for case in CASES]}")
    return [case for case in CASES if case.name.startswith(tuple(names))]


def find(name: str) -> Case:
    return next(case for case in CASES if case.name == name)
