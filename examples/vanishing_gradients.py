"""Vanishing and exploding gradients: ten steps of one weight matrix, forward and back.

What you learn: a recurrent network multiplies by the same matrix at each step. Sigmoids keep what
goes forward within bounds, but what comes back is multiplied by their slopes, which are nearly 0
at both ends: after ten steps it is 1e-14. ReLUs have slopes of 1, and then the matrix itself lets
it grow, here five times a step. Neither network learns from what was ten steps ago; an LSTM does.

Figures of a book: all that it prints, to the last digit. Its activations with ReLU begin with what
an earlier cell of its notebook has left, the first sigmoids after one more step; so they do here.
"""

import numpy as np

from kerasette import GradientTape, ops

WEIGHTS = np.array([[1.0, 4.0], [4.0, 1.0]])
STEPS = 10

# The first three rows and the last one of each list.
SIGMOIDS = """
[0.93940638 0.96852968]
[0.9919462  0.99121735]
[0.99301385 0.99302901]
...
[0.99307291 0.99307291]
"""
SIGMOID_GRADIENTS = """
[0.03439552 0.03439552]
[0.00118305 0.00118305]
[4.06916726e-05 4.06916726e-05]
...
[1.45938177e-14 2.16938983e-14]
"""
RELUS = """
[23.71814585 23.98025559]
[119.63916823 118.852839  ]
[595.05052421 597.40951192]
...
[46583049.71437107 46577890.60826711]
"""
RELU_GRADIENTS = """
[5. 5.]
[25. 25.]
[125. 125.]
...
[9765625. 9765625.]
"""


def forward_and_back(activation, start):
    """Activations after each step, and the gradients of the last by those before it, backwards."""
    with GradientTape() as tape:
        states = [ops.convert_to_tensor(start, "float64")]
        tape.watch(states[0])
        for _ in range(STEPS):
            states.append(activation(states[-1] @ WEIGHTS))
    gradients = tape.gradient(states[-1], states[:-1])
    return [s.numpy() for s in states[1:]], [g.numpy() for g in reversed(gradients)]


def show(name, rows, expected):
    lines = [str(row) for row in (*rows[:3], "...", rows[-1])]
    print(name, *lines, sep="\n")
    assert lines == expected.split("\n")[1:-1]


def main():
    start = 1 / (1 + np.exp(-np.array([1.0, 0.01])))
    sigmoids, gradients = forward_and_back(ops.sigmoid, start)
    show("Sigmoid activations", sigmoids, SIGMOIDS)
    show("Sigmoid gradients", gradients, SIGMOID_GRADIENTS)
    relus, gradients = forward_and_back(ops.relu, sigmoids[0] @ WEIGHTS)
    show("ReLU activations", relus, RELUS)
    show("ReLU gradients", gradients, RELU_GRADIENTS)


if __name__ == "__main__":
    main()
