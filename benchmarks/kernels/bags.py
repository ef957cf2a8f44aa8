"""Training with a table, by ways to replay it: ``python -m benchmarks.kernels.bags``.

Embedding(20000, 128), GlobalAveragePooling1D, Dense(64), Dense(1) on random ids, 200 a sample, by
Adam. The same recording is replayed as it was recorded, with `bag` for rows and their mean, and
with gradients that the update makes; in turn, and the medians of processor time are compared.
"""

import argparse
import json
import statistics
import time
from unittest import mock

import numpy as np

import kerasette
from kerasette import layers
from kerasette._core.fuse_activations import fuse_activations
from kerasette._core.fuse_bags import fuse_bags
from kerasette._core.fuse_tables import fuse_tables
from kerasette._core.recording import Recording

ROWS, WIDTH, LENGTH, BATCH, STEPS = 20_000, 128, 200, 64, 32
WAYS = {
    "recorded": (fuse_activations,),
    "bags": (fuse_activations, fuse_bags),
    "bags and tables": (fuse_activations, fuse_bags, fuse_tables),
}


def network():
    """The network, compiled, always with the same weights."""
    kerasette.utils.set_random_seed(0)
    model = kerasette.Sequential(
        [
            kerasette.Input((LENGTH,), dtype="int32"),
            layers.Embedding(ROWS, WIDTH),
            layers.GlobalAveragePooling1D(),
            layers.Dense(64, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    return model


def milliseconds(model, rules, x, y):
    """Processor time of a step, over an epoch of steps."""

    def fuse(step, outputs):
        for rule in rules:
            rule(Recording(step, outputs))

    with mock.patch("kerasette.training.programs.fuse", fuse):
        start = time.process_time()
        model.fit(x, y, batch_size=BATCH, shuffle=False, verbose=0)
        return (time.process_time() - start) / STEPS * 1e3


def main():
    """Prints a line of JSON for each way, and sees to it that all give the same weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    kerasette.config.set_num_threads(arguments.threads)
    rng = np.random.default_rng(0)
    x = rng.integers(0, ROWS, (BATCH * STEPS, LENGTH)).astype("int32")
    y = rng.integers(0, 2, BATCH * STEPS).astype("float32")
    models, times = {way: network() for way in WAYS}, {way: [] for way in WAYS}
    for _ in range(arguments.repeats + 1):
        for way, rules in WAYS.items():
            times[way].append(milliseconds(models[way], rules, x, y))
    for way in WAYS:
        # The first epoch records.
        found = {"way": way, "milliseconds": round(statistics.median(times[way][1:]), 2)}
        print(json.dumps(found))
        for one, other in zip(models[way].get_weights(), models["recorded"].get_weights()):
            np.testing.assert_array_equal(one, other)


if __name__ == "__main__":
    main()
