"""Gradients of any expression, and what to do with them.

What you learn: a `GradientTape` watches what is done to a variable, and gives the derivative of
the result; gradient descent walks against it.

Three textbook problems:

- the minimum of f(x) = x^4 - 3x^3 + 2, from x = 6 in steps of 0.01 times the derivative, until a
  step is shorter than 1e-5: the source stops at x = 2.249965, and 9/4 is the exact minimum;
- how sensitive is y = sqrt((beta gamma)^2 + (epsilon + 22 - x)) to each of its numbers? The source
  says that any formula has such derivatives, and gives none: compared with differences;
- the computation graph of f(x, y, z) = 1 + 2^(xy + 4z) at (-2, 2, 2): f is 17, and the gradient
  (32 ln 2, -32 ln 2, 64 ln 2).
"""

import math

import numpy as np
from pictures import Pictures

from kerasette import GradientTape, Variable
from kerasette.testing import numerical_gradient


def quartic(x):
    return x**4 - 3 * x**3 + 2


def exponential(x, y, z):
    return 1 + 2 ** (x * y + 4 * z)


def formula(beta, gamma, epsilon, x):
    return ((beta * gamma) ** 2 + (epsilon + 22 - x)) ** 0.5


def value_and_gradient(function, *variables):
    """Value of a function of variables, and its derivative by each of them, as numbers."""
    with GradientTape() as tape:
        value = function(*variables)
    return float(value), [float(g) for g in tape.gradient(value, list(variables))]


def descend(function, start, rate=0.01, precision=1e-5):
    """Walks down until a step is not longer than `precision`; all the places on the way."""
    x = Variable(start, dtype="float64")
    path = [start]
    while True:
        _, (slope,) = value_and_gradient(function, x)
        x.assign_sub(rate * slope)
        path.append(float(x))
        if len(path) <= 4:
            print(f"  step {len(path) - 1}: derivative {slope:10.4f}, x = {path[-1]:.6f}")
        if abs(rate * slope) <= precision:
            return np.array(path)


def show_descent(pictures):
    print("Minimum of x^4 - 3x^3 + 2")
    path = descend(quartic, start=6.0)
    print(f"  ... after {len(path) - 1} steps x = {path[-1]:.6f}, the exact minimum is 2.25")
    assert f"{path[-1]:.6f}" == "2.249965"

    def draw(axes):
        x = np.linspace(-1, 4, 100)
        axes.plot(x, quartic(x))
        # The first step leads from 6 to 0.6, too far out for the picture.
        axes.plot(path[1:], quartic(path[1:]), "o-", markersize=3)
        axes.set(xlabel="x", ylabel="x^4 - 3x^3 + 2")

    pictures.save("gradient_descent", draw)


def show_sensitivity():
    numbers = {"beta": 2.0, "gamma": 3.0, "epsilon": 1.0, "x": 10.0}
    variables = [Variable(value, dtype="float64") for value in numbers.values()]
    _, found = value_and_gradient(formula, *variables)
    print("Sensitivity of y:", ", ".join(f"{n} {g:+.4f}" for n, g in zip(numbers, found)))
    expected = numerical_gradient(lambda v: formula(*v), list(numbers.values()))
    np.testing.assert_allclose(found, expected, rtol=1e-8)


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
    pictures = Pictures.from_arguments(__doc__)
    show_descent(pictures)
    show_sensitivity()
    show_graph()


if __name__ == "__main__":
    main()
