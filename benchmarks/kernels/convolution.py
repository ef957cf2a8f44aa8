"""Convolutions against the peak of sgemm: ``python -m benchmarks.kernels.convolution``.

Each convolution of G and H and some others, forward and the two halves of backward (the gradients
of the images and of the kernel), in GFLOP/s and as a share of what a product of 1024 x 1024
matrices reaches in the same run; beside them PyTorch's own, channels last, where it is installed.
All are timed in turn.

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


class Shape(NamedTuple):
    """Square images and a convolution of them without a bias."""

    name: str
    side: int
    channels: int
    filters: int
    kernel: int
    padding: str = "same"
    strides: int = 1
    groups: int = 1
    batch: int = 64

    @property
    def output_side(self):
        side = self.side if self.padding == "same" else self.side - self.kernel + 1
        return -(-side // self.strides)

    @property
    def flop(self):
        """Of one direction, on a batch; taps that meet the padding are counted."""
        taps = self.kernel**2 * self.channels // self.groups
        return 2 * self.batch * self.output_side**2 * taps * self.filters

    def arrays(self):
        """Images, kernel and the gradient of the output."""
        rng = np.random.default_rng(0)
        x = (self.batch, self.side, self.side, self.channels)
        kernel = (self.kernel, self.kernel, self.channels // self.groups, self.filters)
        y = (self.batch, self.output_side, self.output_side, self.filters)
        return [rng.normal(size=size).astype("float32") for size in (x, kernel, y)]


SHAPES = [
    Shape("G1", 28, 1, 32, 3, "valid", batch=128),
    Shape("G2", 13, 32, 64, 3, "valid", batch=128),
    Shape("H1", 32, 3, 32, 3),
    Shape("H2", 32, 32, 32, 3),
    Shape("H3", 16, 32, 64, 3),
    Shape("H4", 16, 64, 64, 3),
    Shape("1x1", 16, 64, 128, 1),
    Shape("1x1, deep", 8, 256, 256, 1),
    Shape("3x3, deep", 8, 256, 256, 3, batch=16),
    Shape("3x3, odd", 15, 37, 41, 3),
    Shape("strided", 32, 32, 64, 3, strides=2),
    Shape("5x5", 16, 32, 32, 5),
    Shape("7x7 stem", 64, 3, 64, 7, strides=2, batch=16),
    Shape("depthwise", 16, 128, 128, 3, groups=128),
    Shape("depthwise, strided", 16, 128, 128, 3, strides=2, groups=128),
]


def kerasette_ways(shape):
    """A call for each direction, by recorded steps."""
    x, kernel, dy = map(kerasette.ops.convert_to_tensor, shape.arrays())
    options = {"strides": shape.strides, "padding": shape.padding, "groups": shape.groups}
    forward = Step(Arena())
    with forward:
        ops.conv(x, kernel, **options)
    ways = {"forward": forward.replay}
    for name, source in (("data", x), ("weights", kernel)):
        with GradientTape() as tape:
            tape.watch(source)
            y = ops.conv(x, kernel, **options)
        backward = Step(Arena())
        with backward:
            tape.gradient(y, [source], output_gradients=dy)
        ways[name] = backward.replay
    return ways


def pytorch_ways(shape):
    """The same by PyTorch, which pads strided convolutions on both sides alike."""
    import torch

    x, kernel, dy = map(torch.from_numpy, shape.arrays())
    x, dy = (images.permute(0, 3, 1, 2) for images in (x, dy))
    kernel = kernel.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
    around = shape.kernel // 2 if shape.padding == "same" else 0
    geometry = ([shape.strides] * 2, [around] * 2, [1, 1], False, [0, 0], shape.groups)

    def backward(*wanted):
        return torch.ops.aten.convolution_backward(dy, x, kernel, None, *geometry, wanted)

    return {
        "forward": lambda: torch.convolution(x, kernel, None, *geometry),
        "data": lambda: backward(True, False, False),
        "weights": lambda: backward(False, True, False),
    }


def has_pytorch(threads):
    """Whether it is there; if so it is told the number of threads."""
    try:
        import torch
    except ImportError:
        return False
    torch.set_num_threads(threads)
    return True


def measure_kernels(shape, libraries, repeats, clock):
    """Medians in GFLOP/s, of the peak and by library and direction; and shares of the peak."""
    ways = {("peak", ""): peak_way()}
    for library, make in libraries.items():
        ways |= {(library, way): (call, shape.flop) for way, call in make(shape).items()}
    rates = {way: [] for way in ways}
    for _ in range(repeats):
        for way, (call, flop) in ways.items():
            rates[way].append(gflops(call, flop, clock))
    medians = {way: statistics.median(values) for way, values in rates.items()}
    peak = medians.pop(("peak", ""))
    found = {"shape": shape.name, "peak": round(peak, 1)}
    for library in libraries:
        own = {way: rate for (name, way), rate in medians.items() if name == library}
        found[library] = {way: round(rate, 1) for way, rate in own.items()}
        found[f"{library}, of peak"] = {way: round(rate / peak, 3) for way, rate in own.items()}
    return found


def main():
    """Prints a line of JSON for each convolution."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--threads", type=int, default=1)
    add("--repeats", type=int, default=7)
    add("--shapes", nargs="+", help="beginnings of names; all of them unless told")
    arguments = parser.parse_args()
    threads, repeats = arguments.threads, arguments.repeats
    kerasette.config.set_num_threads(threads)
    clock = clock_for(threads)
    libraries = {"kerasette": kerasette_ways}
    if has_pytorch(threads):
        libraries["pytorch"] = pytorch_ways
    wanted = tuple(arguments.shapes or [""])
    for shape in SHAPES:
        if shape.name.startswith(wanted):
            print(json.dumps(measure_kernels(shape, libraries, repeats, clock)), flush=True)


if __name__ == "__main__":
    main()
