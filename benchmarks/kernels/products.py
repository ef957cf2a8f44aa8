"""Products of matrices beside NumPy's: ``python -m benchmarks.kernels.products``.

Y = X W alone, and with the gradients of X and of W, at the shapes of dense layers, in GFLOP/s. For
some of them X is mostly zero, and products by zero count as if they were done. Both libraries use
one thread, and take turns. NumPy multiplies by OpenBLAS, whose kernels depend on the processor
and on ``OPENBLAS_CORETYPE``: the first line names those of the OpenBLAS that comes with us.
"""

import argparse
import json
import statistics
import time
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

import kerasette
from benchmarks.kernels.peak import gflops
from kerasette import GradientTape
from kerasette._core import ops, runtime
from kerasette._core.memory import Arena
from kerasette._core.step import Step


class Shape(NamedTuple):
    """Rows of a batch, inputs and units, and the share of the inputs that is not zero."""

    rows: int
    inputs: int
    units: int
    share: float = 1

    def flop(self, way):
        return 2 * self.rows * self.inputs * self.units * (3 if way == "both" else 1)


SHAPES = [
    Shape(32, 64, 32),
    Shape(200, 64, 100),
    Shape(200, 100, 10),
    Shape(32, 512, 512),
    Shape(128, 784, 512),
    Shape(256, 2048, 2048),
    Shape(5000, 512, 512),
    Shape(32, 64, 32, share=0.5),  # digits
    Shape(200, 64, 100, share=0.5),
    Shape(128, 512, 512, share=0.5),  # rectified units
    Shape(128, 784, 512, share=0.2),  # MNIST
    Shape(512, 10_000, 16, share=0.02),  # words that a text has
]


def kerasette_ways(x, w):
    """Calls by name, of recorded steps."""
    x, w = kerasette.ops.convert_to_tensor(x), kerasette.ops.convert_to_tensor(w)
    forward, both = Step(Arena()), Step(Arena())
    with forward:
        ops.matmul(x, w)
    with both, GradientTape() as tape:
        tape.watch([x, w])
        tape.gradient(ops.matmul(x, w), [x, w])
    return {"forward": forward.replay, "both": both.replay}


def numpy_ways(x, w):
    y, dx, dw = x @ w, np.empty_like(x), np.empty_like(w)

    def forward():
        np.matmul(x, w, out=y)

    def both():
        forward()
        np.matmul(y, w.T, out=dx)
        np.matmul(x.T, y, out=dw)

    return {"forward": forward, "both": both}


def measure(shape, dtype, repeats):
    """Medians in GFLOP/s."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(shape.rows, shape.inputs)).astype(dtype)
    x[rng.random(x.shape) >= shape.share] = 0
    w = rng.normal(size=(shape.inputs, shape.units)).astype(dtype)
    ways = {"ours": kerasette_ways(x, w), "numpy": numpy_ways(x, w)}
    rates = {(who, way): [] for who in ways for way in ways[who]}
    for _ in range(repeats):
        for who, way in rates:
            rate = gflops(ways[who][way], shape.flop(way), time.process_time)
            rates[who, way].append(rate)
    medians = {f"{who}, {way}": round(statistics.median(r), 1) for (who, way), r in rates.items()}
    size = "x".join(map(str, shape[:3]))
    return {"shape": size, "share": shape.share, "dtype": dtype, **medians}


def main():
    """Prints a line of JSON for each shape and dtype."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    kerasette.config.set_num_threads(1)
    print(json.dumps({"blas": runtime.blas_description(), "instructions": runtime.isa()}))
    with threadpool_limits(1):
        for dtype in ("float32", "float64"):
            for shape in SHAPES:
                print(json.dumps(measure(shape, dtype, arguments.repeats)), flush=True)


if __name__ == "__main__":
    main()
