"""Is my back-propagation right? Check it with differences, then switch the check off.

What you learn: (J(t + e) - J(t - e)) / 2e is the derivative up to an error of the order of e^2,
without any calculus, and costs two evaluations for every weight; back-propagation gives all of
them for the price of about three. `kerasette.testing` has both halves of the comparison.

Two lectures' formulas for a network of sigmoid layers, written out and compared with the tape and
with differences: delta of the last layer a - y for the cross-entropy of its outputs, times the
slope of the sigmoid for half the squared error; before it, delta_l = delta_(l+1) W' * g'(z_l); the
gradient of a weight is summed up over the samples. Figure: J = t^3 at t = 1 with e = 0.01 gives
3.0001.
"""

import time
from itertools import pairwise

import numpy as np

from kerasette import GradientTape, Variable, ops
from kerasette.testing import check_gradients, numerical_gradient

SIZES = (4, 6, 5, 3)


def make_data():
    rng = np.random.RandomState(0)
    x, y = rng.standard_normal((20, SIZES[0])), rng.randint(0, 2, (20, SIZES[-1])).astype(float)
    weights = []
    for n_in, n_out in pairwise(SIZES):
        weights += [rng.standard_normal((n_in, n_out)), rng.standard_normal(n_out)]
    return x, y, weights


def forward(x, *weights):
    """Outputs of every layer, the input first: in ops, for tensors and arrays alike."""
    outputs = [x]
    for kernel, bias in zip(weights[::2], weights[1::2]):
        outputs.append(ops.sigmoid(ops.matmul(outputs[-1], kernel) + bias))
    return outputs


def cross_entropy(y, a):
    """Summed over the outputs, mean over the samples."""
    return ops.mean(ops.sum(-y * ops.log(a) - (1 - y) * ops.log(1 - a), axis=1))


def half_squared_error(y, a):
    return ops.mean(ops.sum(ops.square(y - a), axis=1)) / 2


def backward(x, y, weights, cost):
    """Gradients by the formulas, in NumPy, one sample at a time into accumulators."""
    accumulators = [np.zeros_like(weight) for weight in weights]
    for sample in range(len(x)):
        outputs = [ops.convert_to_numpy(a)[0] for a in forward(x[None, sample], *weights)]
        delta = outputs[-1] - y[sample]
        if cost is half_squared_error:
            delta = delta * outputs[-1] * (1 - outputs[-1])
        for layer in reversed(range(len(SIZES) - 1)):
            accumulators[2 * layer] += np.outer(outputs[layer], delta)
            accumulators[2 * layer + 1] += delta
            below = outputs[layer]
            delta = (weights[2 * layer] @ delta) * below * (1 - below)
    return [total / len(x) for total in accumulators]


def show_cube():
    slope = float(numerical_gradient(lambda t: t**3, 1.0, epsilon=0.01))
    print(f"t^3 at 1, e = 0.01: {slope:.4f}")
    assert abs(slope - 3.0001) < 1e-12


def show_network(cost):
    x, y, arrays = make_data()
    x = ops.convert_to_tensor(x)
    variables = [Variable(array) for array in arrays]

    with GradientTape() as tape:
        value = cost(y, forward(x, *variables)[-1])
    by_tape = [gradient.numpy() for gradient in tape.gradient(value, variables)]
    by_formula = backward(x.numpy(), y, arrays, cost)
    for found, expected in zip(by_tape, by_formula):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-14)
    print(f"{cost.__name__}: {float(value):.6f}, the tape agrees with the formulas")

    for epsilon in (1e-4, 1e-5, 1e-6):
        differences = numerical_gradient(
            lambda kernel: cost(y, forward(x, kernel, *arrays[1:])[-1]), arrays[0], epsilon
        )
        print(f"  e = {epsilon:g}: off by {abs(differences - by_tape[0]).max():.1e}")
        np.testing.assert_allclose(differences, by_tape[0], rtol=1e-5, atol=1e-8)

    start = time.perf_counter()
    check_gradients(lambda *weights: cost(y, forward(x, *weights)[-1]), arrays)
    n_weights = sum(array.size for array in arrays)
    print(f"  all {n_weights} weights checked in {time.perf_counter() - start:.2f} s")


def show_that_an_error_is_found():
    def wrong(x):
        # The constant keeps the tape from seeing half of what x does.
        return ops.square(x) + ops.convert_to_tensor(x.numpy())

    try:
        check_gradients(wrong, [[1.0, 2.0]])
    except AssertionError as error:
        print("a wrong gradient:", str(error).strip().splitlines()[0])
    else:
        raise AssertionError("a wrong gradient went through")


def main():
    show_cube()
    for cost in (cross_entropy, half_squared_error):
        show_network(cost)
    show_that_an_error_is_found()


if __name__ == "__main__":
    main()
