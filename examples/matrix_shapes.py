"""Shapes: what can be multiplied with what.

What you learn: a product of matrices of shapes (a, b) and (b, c) has shape (a, c), and nothing else
goes together; element by element, a row meets each row of a matrix of the same width; and what you
are told when shapes do not fit. All these look alike in code, so keep track of shapes.

The pairs of shapes are those of a book's introduction to NumPy; here they are tensors.
"""

import numpy as np

from kerasette import ops

# Shapes, whether the first is transposed, and the product's shape; None where there is none.
SHAPES = [
    ((1, 4), False, (4, 3), (1, 3)),
    ((2, 4), False, (4, 3), (2, 3)),
    ((2, 1), False, (1, 3), (2, 3)),
    ((5, 4), True, (5, 6), (4, 6)),
    ((5, 4), False, (5, 6), None),
]


def show_shapes():
    for first, transposed, second, expected in SHAPES:
        x, y = ops.ones(first), ops.ones(second)
        name = f"{first}{'.T' if transposed else ''} @ {second}"
        try:
            found = ((ops.transpose(x) if transposed else x) @ y).shape
            print(f"{name} gives {found}")
        except ValueError as error:
            found = None
            print(f"{name} does not go together: {error}")
        assert found == expected


def show_element_by_element():
    """What NumPy does between different shapes: a row meets each row of a matrix."""
    a, b, c = ops.arange(4.0), ops.arange(4.0, 8.0), ops.reshape(ops.arange(8.0), (2, 4))
    print("a * b * 0.2 =", (a * b * 0.2).numpy().round(1))
    print("a * c =", (a * c).numpy().tolist())
    np.testing.assert_allclose((a * b * 0.2).numpy(), [0, 1, 2.4, 4.2], rtol=1e-6)
    np.testing.assert_array_equal((a * c).numpy(), [[0, 1, 4, 9], [0, 5, 12, 21]])
    try:
        a * ops.ones((2, 5))
    except ValueError as error:
        print("rows of four and of five:", error)
    else:
        raise AssertionError("rows of four and of five were multiplied")


def main():
    show_shapes()
    show_element_by_element()


if __name__ == "__main__":
    main()
