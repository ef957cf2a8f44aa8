"""Second step: the same network with gradients by hand, and with gradients from the tape.

What you learn: how much of a training loop is left once gradients come by themselves. The
network is linear, 2 inputs, 3 hidden nodes, 1 output, no biases; the target is the second input.

Figures of the book, squared errors summed over the four samples in ten iterations:

- by hand, learning rate 0.1. Its printed numbers belong to no seed; from seed 0, which its listing
  sets, come 5.066439994622396, 0.4959907791902341, 0.4180671892167177, ..., 0.11613980;
- by the tape, from other weights: 0.58128304, 0.48988149, ..., 0.06849361. Packing the update
  into an optimizer class changes no number.

The gradients by hand leave out the factor 2 of a square; those of the tape have it.
"""

import numpy as np
from framework import SGD

from kerasette import GradientTape, Variable, ops

DATA = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
TARGET = np.array([[0.0], [1.0], [0.0], [1.0]])

BY_HAND = [
    5.066439994622396, 0.4959907791902341, 0.4180671892167177, 0.35298133, 0.29725496,
    0.24923260, 0.20785392, 0.17231261, 0.14193745, 0.11613980,
]  # fmt: skip

# The book's weights are not the first numbers of its seed: each of its tensors draws an id too.
TAPE_WEIGHTS = [
    [
        [0.7151893663724195, 0.6027633760716439, 0.5448831829968969],
        [0.4236547993389047, 0.6458941130666561, 0.4375872112626925],
    ],
    [[0.05671297731744318], [0.2726562945801132], [0.47766511732134986]],
]
BY_TAPE = [
    0.58128304, 0.48988149, 0.41375111, 0.34489412, 0.28210124, 0.2254484, 0.17538853, 0.1324231,
    0.09682769, 0.06849361,
]  # fmt: skip


def train_by_hand(w1, w2, rate=0.1, iterations=10):
    """Forward, backward and update in NumPy, each written out."""
    losses = []
    for _ in range(iterations):
        hidden = DATA @ w1
        difference = hidden @ w2 - TARGET
        losses.append(float((difference**2).sum()))
        grad_w2 = hidden.T @ difference
        grad_w1 = DATA.T @ (difference @ w2.T)
        w1 = w1 - rate * grad_w1
        w2 = w2 - rate * grad_w2
    return losses


def train_by_tape(w1, w2, rate=0.1, iterations=10, factor=1.0):
    """Forward alone; `factor` times the squared error is what is made small."""
    w1, w2 = Variable(w1), Variable(w2)
    losses = []
    for _ in range(iterations):
        with GradientTape() as tape:
            error = ops.sum(ops.square(DATA @ w1 @ w2 - TARGET))
            loss = factor * error
        losses.append(float(error))
        for weight, gradient in zip((w1, w2), tape.gradient(loss, [w1, w2]), strict=True):
            weight.assign_sub(rate * gradient)
    return losses


def train_by_optimizer(w1, w2, rate=0.1, iterations=10):
    """The same, with the update in a class."""
    w1, w2 = Variable(w1), Variable(w2)
    optimizer = SGD([w1, w2], rate)
    losses = []
    for _ in range(iterations):
        with GradientTape() as tape:
            loss = ops.sum(ops.square(DATA @ w1 @ w2 - TARGET))
        optimizer.step(tape, loss)
        losses.append(float(loss))
    return losses


def show(title, losses, expected):
    print(title)
    print("  " + ", ".join(f"{loss:.8f}" for loss in losses))
    np.testing.assert_allclose(losses, expected, rtol=0, atol=5.1e-9)


def main():
    rng = np.random.RandomState(0)
    start = rng.rand(2, 3), rng.rand(3, 1)
    by_hand = train_by_hand(*start)
    show("by hand", by_hand, BY_HAND)
    np.testing.assert_allclose(by_hand[:3], BY_HAND[:3], rtol=1e-15)
    show("by the tape, of half the squared error", train_by_tape(*start, factor=0.5), BY_HAND)

    start = [np.array(weight) for weight in TAPE_WEIGHTS]
    by_tape = train_by_tape(*start)
    show("by the tape", by_tape, BY_TAPE)
    show("by the tape and an optimizer", train_by_optimizer(*start), by_tape)


if __name__ == "__main__":
    main()
