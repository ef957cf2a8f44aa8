"""First step to a framework of one's own: tensors that know where they come from.

What you learn: the gradient rules of the operations a network is made of, and what a library has
to get right about them: a tensor that is used more than once collects the gradients of all its
uses, whatever the operations are, and a gradient is not computed twice by accident.

The book writes a Tensor class with a `backward` method; here a `GradientTape` has its part.
Figures: those of the book's chapter on building a framework, stage by stage.
"""

import numpy as np

from kerasette import GradientTape, Variable, ops
from kerasette.testing import check_gradients

ONE_TO_FIVE = [1.0, 2.0, 3.0, 4.0, 5.0]


def variables(*values):
    return [Variable(np.array(value, dtype="float64")) for value in values]


def gradients(function, *inputs, start=None):
    """Gradients of a function by all of its inputs; `start` stands in place of ones."""
    with GradientTape() as tape:
        output = function(*inputs)
    found = tape.gradient(output, list(inputs), output_gradients=None if start is None else [start])
    return [gradient.numpy() for gradient in found]


def show(title, found, expected):
    print(f"{title}\n{np.array(found)}")
    assert np.array_equal(found, expected)


def additions():
    x, y = variables(ONE_TO_FIVE, [2.0] * 5)
    show("x + x", (x + x).numpy(), [2, 4, 6, 8, 10])
    show("gradients of x + y", gradients(lambda x, y: x + y, x, y), np.ones((2, 5)))


def several_uses():
    """Where the book's first version goes wrong: it keeps the gradient of the last use alone."""
    a, b, c = variables(ONE_TO_FIVE, [2.0] * 5, [5.0, 4.0, 3.0, 2.0, 1.0])
    _, grad_b, _ = gradients(lambda a, b, c: (a + b) + (b + c), a, b, c)
    show("gradient of (a + b) + (b + c) by b", grad_b, [2] * 5)
    _, grad_b, _ = gradients(lambda a, b, c: (a + (-b)) + ((-b) + c), a, b, c)
    show("gradient of (a + (-b)) + ((-b) + c) by b", grad_b, [-2] * 5)


def sums_and_copies():
    """Summing an axis and copying along a new one are each other's gradient."""
    (x,) = variables([[1, 2, 3], [4, 5, 6]])
    show("sum over axis 0", ops.sum(x, 0).numpy(), [5, 7, 9])
    show("sum over axis 1", ops.sum(x, 1).numpy(), [6, 15])
    show("4 copies in front", expand(x, 0, 4).numpy(), [[[1, 2, 3], [4, 5, 6]]] * 4)
    copies = [[[v] * 4 for v in row] for row in [[1, 2, 3], [4, 5, 6]]]
    show("4 copies behind", expand(x, 2, 4).numpy(), copies)
    (back,) = gradients(lambda x: expand(x, 0, 4), x)
    show("gradient of 4 copies", back, np.full((2, 3), 4))
    (back,) = gradients(lambda x: ops.sum(x, 0), x, start=[1.0, 2.0, 3.0])
    show("gradient of a sum that is asked for 1, 2, 3", back, [[1, 2, 3]] * 2)


def expand(x, axis, copies):
    """x repeated along a new axis."""
    x = ops.expand_dims(x, axis)
    return ops.broadcast_to(x, (*x.shape[:axis], copies, *x.shape[axis + 1 :]))


def products():
    """A matrix product sends back products with the other matrix, transposed."""
    x, w = variables([[1, 2, 3], [4, 5, 6]], [[1, 0], [2, 1], [0, 3]])
    back = np.array([[1.0, 0.0], [0.0, 2.0]])
    grad_x, grad_w = gradients(lambda x, w: x @ w, x, w, start=back)
    show("gradient of x @ w by x", grad_x, back @ w.numpy().T)
    show("gradient of x @ w by w", grad_w, x.numpy().T @ back)
    (turned,) = gradients(ops.transpose, x, start=np.arange(6.0).reshape(3, 2))
    show("gradient of a transpose", turned, [[0, 2, 4], [1, 3, 5]])


def selected_rows():
    """Rows chosen by index, as an embedding does; a row chosen twice collects two gradients."""
    assert ops.take(np.eye(5), [[1, 2, 3, 4], [2, 3, 4, 0]], axis=0).shape == (2, 4, 5)
    (x,) = variables(np.eye(5))
    (back,) = gradients(lambda x: ops.take(x, [[1, 2, 3], [2, 3, 4]], axis=0), x)
    show("gradient of rows 1, 2, 3, 2, 3, 4", back, np.repeat([[0], [1], [2], [2], [1]], 5, 1))


def mixed_uses():
    """Intermediate tensors with uses of different kinds, against differences in float64.

    The book's class gets both wrong: all operations but three do not wait for the other uses.
    """
    rng = np.random.RandomState(0)
    x, w1, w2 = rng.randn(4, 3), rng.randn(3, 3), rng.randn(3, 3)
    check_gradients(lambda x, u, v: ((h := x * x) @ u) * ops.sigmoid(h @ v), [x, w1, w2])
    check_gradients(lambda x, w: ops.tanh(c := x @ w) * 0.5 + c * c, [x, w1])
    print("several uses of mixed kinds: as differences say")


def not_twice():
    (x,) = variables(ONE_TO_FIVE)
    with GradientTape() as tape:
        y = x * x
    tape.gradient(y, x)
    try:
        tape.gradient(y, x)
    except RuntimeError as error:
        print(f"asked twice: {error}")
    else:
        raise AssertionError("The second gradient should have been refused.")


def main():
    for lesson in (
        additions, several_uses, sums_and_copies, products, selected_rows, mixed_uses, not_twice,
    ):  # fmt: skip
        lesson()


if __name__ == "__main__":
    main()
