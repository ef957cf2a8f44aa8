"""Forward propagation: from inputs and weights to predictions.

What you learn: a network without training is a function of numbers and weights. One input and one
weight multiply; several inputs make a weighted sum; several outputs are several sums of the same
inputs; and what comes out may go into the next layer.

The problem of the book: does a baseball team win, given how many toes its players have on average,
which share of its games it won, and how many fans (in millions) it has? Figures of the book: 0.85;
0.98; 0.195, 0.13, 0.585; 0.555, 0.98, 0.965. For the two layers it prints none: recomputed.

The book writes the weights into an output as a row, a `Dense` kernel has them as a column.
"""

import numpy as np

import kerasette
from kerasette import config, layers

TOES = [8.5, 9.5, 9.9, 9.0]
WON = [0.65, 0.8, 0.8, 0.9]
FANS = [1.2, 1.3, 0.5, 1.0]
FIRST_GAME = [TOES[0], WON[0], FANS[0]]

HURT_WIN_SAD = [[0.1, 0.1, -0.3], [0.1, 0.2, 0.0], [0.0, 1.3, 0.1]]
HIDDEN = [[0.1, 0.2, -0.1], [-0.1, 0.1, 0.9], [0.1, 0.4, 0.1]]
OUTPUT = [[0.3, 1.1, -0.3], [0.1, 0.2, 0.0], [0.0, 1.3, 0.1]]


def network(*weights):
    """Linear layers without biases; each matrix has a row for each of its outputs."""
    stack = [layers.Dense(len(rows), use_bias=False) for rows in weights]
    model = kerasette.Sequential([kerasette.Input((len(weights[0][0]),)), *stack])
    model.set_weights([np.transpose(rows) for rows in weights])
    return model


def predict(model, *inputs):
    return model.predict(np.array([inputs]), verbose=0)[0]


def show(title, found, expected):
    print(f"{title:38s} {', '.join(f'{value:.4g}' for value in found)}")
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def one_input():
    model = network([[0.1]])
    show("one input, one weight", predict(model, 8.5), [0.85])
    for toes in (9.5, 10.0, 9.0):
        show(f"  another game, {toes} toes", predict(model, toes), [0.1 * toes])
    show("  the first again: it has no memory", predict(model, 8.5), [0.85])
    show("  weight 2 doubles", predict(network([[2.0]]), 8.5), [17.0])
    show("  weight 0.01 divides by a hundred", predict(network([[0.01]]), 8.5), [0.085])
    show("  both negative: 10 below, need of a coat", predict(network([[-8.9]]), -10), [89.0])


def weighted_sum(inputs, weights):
    assert len(inputs) == len(weights)
    return sum(value * weight for value, weight in zip(inputs, weights, strict=True))


def several_inputs():
    weights = [0.1, 0.2, 0.0]
    show("three inputs, in plain Python", [weighted_sum(FIRST_GAME, weights)], [0.98])
    show("three inputs, as a model", predict(network([weights]), *FIRST_GAME), [0.98])
    # Toes count most although their weight is smaller; fans do not count.
    show("  what each input contributes", np.multiply(FIRST_GAME, weights), [0.85, 0.13, 0.0])


def several_outputs():
    three = network([[0.3], [0.2], [0.9]])
    show("one input: hurt, win, sad", predict(three, WON[0]), [0.195, 0.13, 0.585])
    three = network(HURT_WIN_SAD)
    show("three inputs: hurt, win, sad", predict(three, *FIRST_GAME), [0.555, 0.98, 0.965])


def two_layers():
    model = network(HIDDEN, OUTPUT)
    hidden = model.layers[0](np.array([FIRST_GAME])).numpy()[0]
    show("two layers: the hidden one", hidden, [0.86, 0.295, 1.23])
    show("two layers: hurt, win, sad", predict(model, *FIRST_GAME), [0.2135, 0.145, 0.5065])
    games = np.transpose([TOES, WON, FANS])
    by_numpy = games @ np.transpose(HIDDEN) @ np.transpose(OUTPUT)
    np.testing.assert_allclose(model.predict(games, verbose=0), by_numpy, rtol=1e-12)


def wrong_number_of_inputs():
    try:
        predict(network(HURT_WIN_SAD), 8.5, 0.65)
    except ValueError as error:
        print("two inputs instead of three:", error)
    else:
        raise AssertionError("a network of three inputs took two")


def main():
    config.set_floatx("float64")
    one_input()
    several_inputs()
    several_outputs()
    two_layers()
    wrong_number_of_inputs()
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
