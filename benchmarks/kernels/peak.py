"""What the shares in the other modules are shares of: a large product of matrices."""

import time

import numpy as np

from kerasette._core import ops
from kerasette._core.memory import Arena
from kerasette._core.step import Step

PEAK_SIDE = 1024


def clock_for(threads):
    """One thread is timed by its processor time, which a busy machine disturbs little."""
    return time.process_time if threads == 1 else time.perf_counter


def peak_way():
    """A large product, and what it counts."""
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=(PEAK_SIDE, PEAK_SIDE)).astype("float32") for _ in range(2))
    step = Step(Arena())
    with step:
        ops.matmul(a, b)
    return step.replay, 2 * PEAK_SIDE**3


def gflops(call, flop, clock, at_least=0.02):
    """The rate over so many seconds, the first call left out."""
    call()
    calls, start, elapsed = 0, clock(), 0.0
    while elapsed < at_least:
        call()
        calls += 1
        elapsed = clock() - start
    return calls * flop / elapsed / 1e9
