"""Fourth step: networks out of the framework's parts.

What you learn: the same few lines train a linear network, one with tanh and sigmoid, one that
looks words up in an embedding, and one that chooses between classes.

Figures: the losses that the book prints for ten iterations of each, reproduced to the last digit
from its start weights (its tensors draw random ids between the weights, so a seed is not enough).
Its cross-entropy is a mean, its gradient that of the sum: the rate here is its rate times 4.
"""

import numpy as np
from framework import (
    SGD,
    CrossEntropy,
    Embedding,
    Linear,
    Sequential,
    Sigmoid,
    SquaredError,
    Tanh,
    train,
)

DATA = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
WORDS = np.array([1, 2, 1, 2])
TARGET = np.array([[0.0], [1.0], [0.0], [1.0]])

W1 = [
    [0.7415917408091613, 1.5529137219128164, -2.268328201180374],
    [1.3335453816218967, -0.8427240538292873, 1.9699244478698945],
]
W2 = [[-0.08427783957672566], [0.33525227296672727], [0.11761108335747647]]
WORD_ROWS = [
    [0.07172978879080649, 0.03425445869054796, 0.014961060998965622],
    [-0.025448400220365097, 0.048631371022218706, -0.02080426291243583],
    [0.13059100026069326, 0.1545542535003431, -0.0388528270580741],
    [0.09724167936088819, 0.009631639917634827, 0.022681520364644103],
    [0.14186554609755367, -0.14298798060070436, -0.1376235667661531],
]
WORDS_TO_ONE = [[0.3497653916786029], [-0.10080723912244768], [1.154834137957986]]
WORDS_TO_FOUR = [
    [-0.07158475964066192, 1.1160523296363665, 0.918815118202077, -0.2931186404246571],
    [0.9966223378908704, -1.0936935365099523, 0.3497653916786029, -0.10080723912244768],
    [1.154834137957986, -0.10128694333734717, 1.6396533968828866, 0.18770157146211086],
]

LINEAR = [
    2.33428272, 0.06743796, 0.0521849, 0.04079507, 0.03184365, 0.02479336, 0.01925443, 0.01491699,
    0.01153118, 0.00889602,
]  # fmt: skip
NONLINEAR = [
    1.06372865, 0.75148144, 0.57384259, 0.39574294, 0.2482279, 0.15515294, 0.10423398, 0.07571169,
    0.05837623, 0.04700013,
]  # fmt: skip
WORD_SIGNS = [
    0.98874126, 0.6658868, 0.45639889, 0.31608168, 0.2260925, 0.16877423, 0.13120515, 0.10555487,
    0.08731868, 0.07387834,
]  # fmt: skip
WORD_CLASSES = [
    1.3885032434928422, 0.9558181509266037, 0.6823083585795604, 0.5095259967493119,
    0.39574491472895856, 0.31752527285348264, 0.2617222861964216, 0.22061283923954234,
    0.18946427334830068, 0.16527389263866668,
]  # fmt: skip


def experiment(title, model, weights, criterion, rate, data, target, expected, digits=8):
    """Trains from the given weights, biases 0, and compares with the printed losses."""
    matrices = [p for p in model.parameters if p.ndim == 2]
    for parameter, weight in zip(matrices, weights, strict=True):
        parameter.assign(np.array(weight))
    losses = train(model, criterion, SGD(model.parameters, rate), data, target, 10)
    print(f"{title}\n  " + ", ".join(f"{loss:.8f}" for loss in losses))
    np.testing.assert_allclose(losses, expected, rtol=0, atol=0.51 * 10**-digits)


def main():
    experiment(
        "linear", Sequential(Linear(2, 3), Linear(3, 1)), [W1, W2],
        SquaredError(), 0.05, DATA, TARGET, LINEAR,
    )  # fmt: skip
    experiment(
        "tanh and sigmoid", Sequential(Linear(2, 3), Tanh(), Linear(3, 1), Sigmoid()), [W1, W2],
        SquaredError(), 1, DATA, TARGET, NONLINEAR,
    )  # fmt: skip
    experiment(
        "words to a number", Sequential(Embedding(5, 3), Tanh(), Linear(3, 1), Sigmoid()),
        [WORD_ROWS, WORDS_TO_ONE], SquaredError(), 0.5, WORDS, TARGET, WORD_SIGNS,
    )  # fmt: skip
    experiment(
        "words to classes", Sequential(Embedding(3, 3), Tanh(), Linear(3, 4)),
        [WORD_ROWS[:3], WORDS_TO_FOUR], CrossEntropy(), 4 * 0.1, WORDS, TARGET.ravel().astype(int),
        WORD_CLASSES, digits=15,
    )  # fmt: skip


if __name__ == "__main__":
    main()
