"""Gradients of any expression, and what to do with them.

What you learn: a `GradientTape` watches what is done to a variable, and gives the derivative of
the result; gradient descent walks against it.

Two textbook problems:

- the minimum of f(x) = x^4 - 3x^3 + 2, from x = 6 in steps of 0.01 times the derivative, until a
  step is shorter than 1e-5: the source stops at x = 2.249965, and 9/4 is the exact minimum;
- the computation graph of f(x, y, z) = 1 + 2^(xy + 4z) at (-2, 2, 2): f is 17, and the gradient
  (32 ln 2, -32 ln 2, 64 ln 2).
"""

import math

from kerasette import GradientTape, Variable


def quartic(x):
    return x**4 - 3 * x**3 + 2


def exponential(x, y, z):
    return 1 + 2 ** (x * y + 4 * z)


def value_and_gradient(function, *variables):
    """Value of a function of variables, and its derivative by each of them, as numbers."""
    with GradientTape() as tape:
        value = function(*variables)
    return float(value), [float(g) for g in tape.gradient(value, list(variables))]


def descend(function, start, rate=0.01, precision=1e-5):
    """Walks down until a step is not longer than `precision`; the end, and the number of steps."""
    x = Variable(start, dtype="float64")
    steps = 0
    while True:
        _, (slope,) = value_and_gradient(function, x)
        x.assign_sub(rate * slope)
        steps += 1
        if steps <= 3:
            print(f"  step {steps}: derivative {slope:10.4f}, x = {float(x):.6f}")
        if abs(rate * slope) <= precision:
            return float(x), steps


def show_descent():
    print("Minimum of x^4 - 3x^3 + 2")
    found, steps = descend(quartic, start=6.0)
    print(f"  ... after {steps} steps x = {found:.6f}, the exact minimum is 2.25")
    assert f"{found:.6f}" == "2.249965"


def show_graph():
    print("1 + 2^(xy + 4z) at (-2, 2, 2)")
    point = [Variable(value, dtype="float64") for value in (-2.0, 2.0, 2.0)]
    value, gradient = value_and_gradient(exponential, *point)
    print(f"  f = {value:g}")
    for name, derivative in zip("xyz", gradient, strict=True):
        print(f"  df/d{name} = {derivative:9.6f} = {derivative / math.log(2):g} ln 2")
    assert value == 17
    expected = [factor * math.log(2) for factor in (32, -32, 64)]
    assert all(math.isclose(a, b, rel_tol=1e-14) for a, b in zip(gradient, expected, strict=True))


def main():
    show_descent()
    show_graph()


if __name__ == "__main__":
    main()
