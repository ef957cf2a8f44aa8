"""Long runs keep no more memory than short ones."""

import gc
import tracemalloc

import numpy as np
import pytest

import kerasette
from kerasette import layers

RNG = np.random.default_rng(0)
X = RNG.random((40, 4), dtype="float32")
Y = RNG.integers(0, 3, 40)
FEW, MANY = 20, 400
pytestmark = [
    pytest.mark.filterwarnings("ignore:`shuffle=True` was passed"),
    pytest.mark.filterwarnings("ignore:Your input ran out of data"),
]


class OwnStep(kerasette.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(3, activation="softmax")

    def call(self, inputs):
        return self.dense(inputs)

    def train_step(self, data):
        x, y = data
        with kerasette.GradientTape() as tape:
            loss = self.compute_loss(x=x, y=y, y_pred=self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"loss": loss}


class Batches(kerasette.utils.PyDataset):
    def __init__(self, n_batches, **options):
        super().__init__(**options)
        self.n_batches = n_batches

    def __len__(self):
        return self.n_batches

    def __getitem__(self, index):
        return X[:8], Y[:8]


def stack():
    return kerasette.Sequential([kerasette.Input((4,)), layers.Dense(3, activation="softmax")])


def generate(n_batches):
    for _ in range(n_batches):
        yield X[:8], Y[:8]


def repeat(call):
    def run(model, n):
        for i in range(n):
            call(model, i)

    return run


RUNS = {
    "fit of a generator": lambda model, n: model.fit(generate(n), verbose=0),
    "fits of generators": repeat(lambda model, i: model.fit(generate(2), verbose=0)),
    "fit of a data set": lambda model, n: model.fit(Batches(n), verbose=0),
    "fit with workers": lambda model, n: model.fit(Batches(n, workers=2), verbose=0),
    "evaluate": repeat(lambda model, i: model.evaluate(X, Y, verbose=0)),
    "train_on_batch": repeat(lambda model, i: model.train_on_batch(X[:8], Y[:8])),
    "test_on_batch": repeat(lambda model, i: model.test_on_batch(X[: 1 + i % 3], Y[: 1 + i % 3])),
    "predict": repeat(lambda model, i: model.predict(X[: 1 + i % 5], verbose=0)),
    "predict of generators": repeat(
        lambda model, i: model.predict(((x,) for x, _ in generate(2)), verbose=0)
    ),
    "calls": repeat(lambda model, i: model(X[:2])),
}


def kept(run, model, n):
    """Bytes that are there after a run and were not before."""
    gc.collect()
    start = tracemalloc.get_traced_memory()[0]
    run(model, n)
    gc.collect()
    return tracemalloc.get_traced_memory()[0] - start


@pytest.mark.parametrize("make", [stack, OwnStep])
@pytest.mark.parametrize("name", RUNS)
def test_many_batches_leave_what_few_do(name, make):
    model = make()
    model.compile("adam", "sparse_categorical_crossentropy")
    run = RUNS[name]
    run(model, FEW)
    tracemalloc.start()
    try:
        few = kept(run, model, FEW)
        # What is loaded or cached at some time is not left again and again; an object of 30 bytes
        # a batch would be.
        many = min(kept(run, model, MANY) for _ in range(4))
    finally:
        tracemalloc.stop()
    assert many < max(few, 0) + 10_000
