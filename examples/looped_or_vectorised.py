"""Loops, matrix products, or a compiled model: the same forward pass three times.

What you learn: a forward pass in loops over nodes and weights is easy to read and slow; as matrix
products it is one line a layer and hundreds of times as fast on larger layers; the compiled core
takes a batch at a time without a Python object in between.

A tutorial on neural networks with NumPy measured 40 us for 3-3-1, 70 us for four layers, and for
100-100-50-10 41 ms in loops and 84 us in matrix products. Times differ between machines and none
is asserted here; that the three agree is.
"""

import math
import timeit
from itertools import pairwise

import numpy as np

import kerasette
from kerasette import config, layers


def random_weights(sizes, rng):
    """A kernel with a row for each input, and a bias, for each layer."""
    return [
        (rng.standard_normal((n_in, n_out)) / math.sqrt(n_in), rng.standard_normal(n_out))
        for n_in, n_out in pairwise(sizes)
    ]


def looped(x, weights):
    """Node by node, weight by weight."""
    for kernel, bias in weights:
        outputs = []
        for j in range(kernel.shape[1]):
            z = bias[j]
            for i in range(kernel.shape[0]):
                z += x[i] * kernel[i, j]
            outputs.append(1 / (1 + math.exp(-z)))
        x = outputs
    return np.array(x)


def vectorised(x, weights):
    """A matrix product a layer."""
    for kernel, bias in weights:
        x = 1 / (1 + np.exp(-(x @ kernel + bias)))
    return x


def make_model(sizes, weights):
    model = kerasette.Sequential(
        [
            kerasette.Input((sizes[0],)),
            *[layers.Dense(size, activation="sigmoid") for size in sizes[1:]],
        ]
    )
    model.set_weights([array for pair in weights for array in pair])
    return model


def microseconds(function, seconds=0.05):
    """The quickest of several runs, of as many calls as fit into `seconds`."""
    timer = timeit.Timer(function)
    calls = max(1, int(seconds / max(timer.timeit(1), 1e-7)))
    return 1e6 * min(timer.repeat(3, calls)) / calls


def compare(sizes, rng):
    weights = random_weights(sizes, rng)
    model, x = make_model(sizes, weights), rng.standard_normal(sizes[0])
    row, batch = x[None], rng.standard_normal((1000, sizes[0]))
    expected = looped(x, weights)
    np.testing.assert_allclose(vectorised(x, weights), expected, rtol=1e-12)
    np.testing.assert_allclose(model.predict(row, verbose=0)[0], expected, rtol=1e-12)
    by_numpy = vectorised(batch, weights)
    np.testing.assert_allclose(model.predict(batch, verbose=0), by_numpy, rtol=1e-12)

    times = [
        microseconds(lambda: looped(x, weights)),
        microseconds(lambda: vectorised(x, weights)),
        microseconds(lambda: model.predict(row, verbose=0)),
        microseconds(lambda: vectorised(batch, weights)) / len(batch),
        microseconds(lambda: model.predict(batch, verbose=0)) / len(batch),
    ]
    print(f"{'-'.join(map(str, sizes)):15s}", *[f"{time:10.2f}" for time in times])


def main():
    config.set_floatx("float64")
    titles = ("loops", "products", "model", "products*", "model*")
    print(f"{'microseconds':15s}", *[f"{title:>10s}" for title in titles])
    rng = np.random.RandomState(0)
    for sizes in ((3, 3, 1), (3, 3, 3, 1), (100, 100, 50, 10)):
        compare(sizes, rng)
    print("* for each row of a thousand at a time")
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
