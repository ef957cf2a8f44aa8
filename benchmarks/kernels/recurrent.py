"""Recurrent layers against the peak of sgemm: ``python -m benchmarks.kernels.recurrent``.

The layers of L, M and N and some others, forward alone and forward and backward, in GFLOP/s and as
a share of what a product of 1024 x 1024 matrices reaches in the same run. Products alone are
counted: those of inputs and of states with the kernels, and as many again for each gradient.

One thread is timed by the process's processor time, so that a busy machine disturbs little; more
threads by the clock on the wall.
"""

import argparse
import json
import statistics
from typing import NamedTuple

import numpy as np

import kerasette
from benchmarks.kernels.peak import clock_for, gflops, peak_way
from kerasette import GradientTape
from kerasette._core import ops
from kerasette._core.memory import Arena
from kerasette._core.step import Step

GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3}


class Shape(NamedTuple):
    """A layer, and whether its inputs have a gradient."""

    name: str
    op: str
    batch: int
    steps: int
    inputs: int
    units: int
    sequences: bool = False
    dx: bool = True

    @property
    def columns(self):
        return GATES[self.op] * self.units

    def flop(self, backward):
        """Of one call."""
        each = 2 * self.batch * self.steps * self.columns
        of_inputs, of_states = each * self.inputs, each * self.units
        if not backward:
            return of_inputs + of_states
        return of_inputs * (3 if self.dx else 2) + of_states * 3

    def tensors(self):
        """Inputs and weights."""
        rng = np.random.default_rng(0)
        sizes = [
            (self.batch, self.steps, self.inputs),
            (self.inputs, self.columns),
            (self.units, self.columns),
            (2, self.columns) if self.op == "gru" else (self.columns,),
        ]
        arrays = [rng.normal(size=size) / size[0] ** 0.5 for size in sizes]
        return [kerasette.ops.convert_to_tensor(array.astype("float32")) for array in arrays]


SHAPES = [
    Shape("L", "lstm", 32, 80, 128, 128),
    Shape("M", "simple_rnn", 32, 50, 64, 128, sequences=True),
    Shape("N1", "lstm", 128, 40, 60, 128, sequences=True, dx=False),
    Shape("N2", "lstm", 128, 40, 128, 128),
    Shape("gru", "gru", 32, 80, 128, 128),
    Shape("narrow", "lstm", 32, 80, 32, 32),
    Shape("wide", "lstm", 64, 40, 512, 512, sequences=True),
    Shape("few rows", "lstm", 4, 80, 128, 128),
    Shape("a row", "lstm", 1, 400, 128, 128),
]


def kerasette_ways(shape):
    """A call for each, by recorded steps."""
    tensors = shape.tensors()
    op = getattr(ops, shape.op)
    forward, both = Step(Arena()), Step(Arena())
    with forward:
        op(*tensors, return_sequences=shape.sequences)
    wanted = tensors if shape.dx else tensors[1:]
    with both, GradientTape() as tape:
        tape.watch(wanted)
        y, *_ = op(*tensors, return_sequences=shape.sequences)
        tape.gradient(y, wanted)
    return {"forward": forward.replay, "both": both.replay}


def measure(shape, repeats, clock):
    """Medians in GFLOP/s, and shares of the peak."""
    ways = {
        name: (call, shape.flop(name == "both")) for name, call in kerasette_ways(shape).items()
    }
    ways["peak"] = peak_way()
    rates = {name: [] for name in ways}
    for _ in range(repeats):
        for name, (call, flop) in ways.items():
            rates[name].append(gflops(call, flop, clock))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    peak = medians["peak"]
    rounded = {name: round(rate, 1) for name, rate in medians.items()}
    shares = {f"{name}, of peak": round(medians[name] / peak, 3) for name in ("forward", "both")}
    return {"shape": shape.name, **rounded, **shares}


def main():
    """Prints a line of JSON for each layer."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--shapes", nargs="+", help="beginnings of names; all of them unless told")
    arguments = parser.parse_args()
    kerasette.config.set_num_threads(arguments.threads)
    clock = clock_for(arguments.threads)
    wanted = tuple(arguments.shapes or [""])
    for shape in SHAPES:
        if shape.name.startswith(wanted):
            print(json.dumps(measure(shape, arguments.repeats, clock)), flush=True)


if __name__ == "__main__":
    main()
