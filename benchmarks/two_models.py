"""Two fits of two models in two threads against one alone: ``python -m benchmarks.two_models``.

A run leaves Python for about 20 ms at a time, so two threads that train two models should use two
cores. Each thread has kerasette at one thread of its own (``set_num_threads(1)``). The two are
measured in turn, and the medians compared.
"""

import argparse
import json
import statistics
import threading
import time

import numpy as np

import kerasette

NETWORKS = {"A": ((64, 32, 10), 1_797, 32, 60), "C": ((784, 512, 512, 10), 4_096, 128, 1)}


def make(sizes):
    """A network of the case, compiled."""
    model = kerasette.Sequential([kerasette.Input((sizes[0],))])
    for units in sizes[1:-1]:
        model.add(kerasette.layers.Dense(units, activation="relu"))
    model.add(kerasette.layers.Dense(sizes[-1], activation="softmax"))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def seconds_of(models, x, y, batch_size, epochs):
    """Time for all models to be trained, each in a thread."""
    threads = [
        threading.Thread(
            target=model.fit,
            args=(x, y),
            kwargs={"batch_size": batch_size, "epochs": epochs, "verbose": 0},
        )
        for model in models
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def measure(case, repeats):
    """Throughput of two models over that of one: medians of interleaved repetitions."""
    sizes, n_samples, batch_size, epochs = NETWORKS[case]
    rng = np.random.default_rng(0)
    x = rng.random((n_samples, sizes[0]), dtype="float32")
    y = rng.integers(0, sizes[-1], n_samples)
    models = [make(sizes), make(sizes)]
    seconds_of(models, x, y, batch_size, 1)
    times = {1: [], 2: []}
    for _ in range(repeats):
        for count in (1, 2):
            times[count].append(seconds_of(models[:count], x, y, batch_size, epochs))
    medians = {count: statistics.median(values) for count, values in times.items()}
    return {
        "case": case,
        "samples_per_second_alone": n_samples * epochs / medians[1],
        "throughput_of_two": 2 * medians[1] / medians[2],
    }


def main():
    """Measures every network and prints a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_args().repeats
    kerasette.config.set_num_threads(1)
    for case in NETWORKS:
        print(json.dumps(measure(case, repeats)))


if __name__ == "__main__":
    main()
