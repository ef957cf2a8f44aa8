"""A network as each kind of model, against Sequential: ``python -m benchmarks.kinds_of_models``.

Functional and subclassed models, a ``train_step`` of one's own, and custom layers, losses and
metrics of ops run the same recorded steps as a ``Sequential`` does, and should be as fast. All are
trained in turn, and the medians compared.
"""

import argparse
import json
import statistics
import time

import numpy as np

import kerasette
from kerasette import layers, ops

# Sizes, samples, batch size and epochs of one repetition.
NETWORKS = {
    "A": ((64, 32, 10), 1_797, 32, 200),
    "B": ((20, 100, 2), 50_000, 200, 5),
    "C": ((784, 512, 512, 10), 4_096, 128, 1),
}


def dense_layers(sizes):
    """The layers of a network."""
    hidden = [layers.Dense(units, activation="relu") for units in sizes[1:-1]]
    return [*hidden, layers.Dense(sizes[-1], activation="softmax")]


def sequential(sizes):
    return kerasette.Sequential([kerasette.Input((sizes[0],)), *dense_layers(sizes)])


def functional(sizes):
    inputs = outputs = kerasette.Input((sizes[0],))
    for layer in dense_layers(sizes):
        outputs = layer(outputs)
    return kerasette.Model(inputs, outputs)


class Subclassed(kerasette.Model):
    def __init__(self, sizes):
        super().__init__()
        self.stack = dense_layers(sizes)

    def call(self, inputs):
        for layer in self.stack:
            inputs = layer(inputs)
        return inputs


class OwnStep(Subclassed):
    def train_step(self, data):
        x, y = data
        with kerasette.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        for metric in self.metrics:
            metric.update_state(loss) if metric.name == "loss" else metric.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}


class Halved(layers.Layer):
    def call(self, inputs):
        return 0.5 * inputs + 0.5 * ops.stop_gradient(inputs)


def with_own_layer(sizes):
    *hidden, last = dense_layers(sizes)
    return kerasette.Sequential([kerasette.Input((sizes[0],)), *hidden, Halved(), last])


KINDS = {
    "functional": functional,
    "subclassed": Subclassed,
    "own train_step": OwnStep,
    "own layer": with_own_layer,
}


def measure(case, repeats):
    """Throughput of each kind over that of ``Sequential``: medians of interleaved repetitions."""
    sizes, n_samples, batch_size, epochs = NETWORKS[case]
    rng = np.random.default_rng(0)
    x = rng.random((n_samples, sizes[0]), dtype="float32")
    y = rng.integers(0, sizes[-1], n_samples)
    models = {name: make(sizes) for name, make in {"sequential": sequential, **KINDS}.items()}
    for model in models.values():
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(x, y, batch_size=batch_size, epochs=2, verbose=0)
    times = {name: [] for name in models}
    for _ in range(repeats):
        for name, model in models.items():
            start = time.perf_counter()
            model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "case": case,
        "samples_per_second": round(n_samples * epochs / medians["sequential"]),
        **{name: round(medians["sequential"] / medians[name], 3) for name in KINDS},
        "eager_steps": max(model.eager_steps for model in models.values()),
    }


def main():
    """Measures every network and prints a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    kerasette.config.set_num_threads(arguments.threads)
    for case in NETWORKS:
        print(json.dumps(measure(case, arguments.repeats)))


if __name__ == "__main__":
    main()
