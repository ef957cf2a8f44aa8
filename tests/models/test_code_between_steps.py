"""Code of a user between the steps, and variables that steps make themselves: no stale replays."""

import collections

import numpy as np
import pytest

import kerasette
from kerasette import callbacks, layers, ops

ROWS = np.ones((48, 1), "float32")
N_BATCHES, EPOCHS = 12, 3


class Slots:
    """An attribute of it is in no dict that could be watched."""

    __slots__ = ("value",)


def holder(kind):
    held = {"dict": dict, "slots": Slots, "deque": collections.deque}[kind]()

    def write(value):
        if kind == "slots":
            held.value = value
        elif kind == "dict":
            held["value"] = value
        else:
            held.clear()
            held.append(value)

    def read():
        return held.value if kind == "slots" else held["value"] if kind == "dict" else held[0]

    write(0.0)
    return read, write


class Batches(kerasette.utils.PyDataset):
    """Each batch writes down its third; so two in a row are alike."""

    def __init__(self, write):
        super().__init__()
        self.write = write

    def __len__(self):
        return N_BATCHES

    def __getitem__(self, number):
        self.write((0.0, 1.0, 2.0)[number // 4])
        return ROWS[:4], ROWS[:4]


def as_dataset(write):
    return {"x": Batches(write), "shuffle": False}


def as_generator(write):
    batches = Batches(write)
    endless = (batches[n % N_BATCHES] for n in range(N_BATCHES * EPOCHS))
    return {"x": endless, "steps_per_epoch": N_BATCHES, "shuffle": False}


def in_a_hook(write):
    def begin(batch, logs):
        write((0.0, 1.0, 2.0)[batch // 4])

    hook = callbacks.LambdaCallback(on_train_batch_begin=begin)
    return {"x": ROWS, "y": ROWS, "batch_size": 4, "callbacks": [hook]}


def model_with(loss, run_eagerly=False):
    model = kerasette.Sequential([kerasette.Input((1,)), layers.Dense(1)])
    model.compile("sgd", loss, run_eagerly=run_eagerly)
    return model


@pytest.mark.parametrize("kind", ["dict", "slots", "deque"])
@pytest.mark.parametrize("data", [as_dataset, as_generator, in_a_hook])
def test_what_is_written_between_steps_is_read(data, kind):
    read, write = holder(kind)
    model = model_with(lambda y, y_pred: 0 * ops.mean(y_pred) + read())
    history = model.fit(**data(write), epochs=EPOCHS, verbose=0).history
    # The mean of four batches with 0, four with 1 and four with 2. (A generator's first two
    # batches are taken before any step, as Keras does.)
    assert history["loss"] == [1.0] * EPOCHS


@pytest.mark.parametrize("run", ["evaluate", "predict"])
def test_so_it_is_in_evaluation_and_prediction(run):
    read, write = holder("slots")

    class Shifted(layers.Layer):
        def call(self, inputs):
            return 0 * inputs + read()

    model = kerasette.Sequential([kerasette.Input((1,)), Shifted()])
    model.compile("sgd", lambda y, y_pred: ops.mean(y_pred))
    for _ in range(3):
        found = getattr(model, run)(Batches(write), verbose=0)
        assert np.mean(found) == 1.0


def test_what_can_be_watched_is_replayed_between_the_changes():
    read, write = holder("dict")
    # As objects of its own, numbers would be new ones in each batch.
    model = model_with(lambda y, y_pred: 0 * ops.mean(y_pred) + read())
    model.fit(**in_a_hook(write), epochs=EPOCHS, verbose=0)
    assert model.replayed_steps > 0


def test_callbacks_of_ours_interrupt_nothing():
    read, _ = holder("slots")
    model = model_with(lambda y, y_pred: ops.mean(ops.square(y - y_pred)) + read())
    model.fit(ROWS, ROWS, batch_size=4, epochs=2, verbose=0, callbacks=[callbacks.TerminateOnNaN()])
    assert model.replayed_steps > 0


def test_it_is_said_why_steps_run_as_python(caplog):
    read, write = holder("slots")
    with caplog.at_level("INFO", logger="kerasette"):
        model = model_with(lambda y, y_pred: 0 * ops.mean(y_pred) + read())
        model.fit(**in_a_hook(write), verbose=0)
    assert model.replayed_steps == 0
    assert "cannot be watched, and other code runs between steps" in caplog.text


class Counting(layers.Layer):
    """Makes a variable in each call, and writes to it."""

    def call(self, inputs):
        count = kerasette.Variable(0.0, trainable=False)
        count.assign_add(1.0)
        return inputs * count

    def compute_output_shape(self, input_shape):
        return input_shape


class Noisy(layers.Layer):
    """Begins anew with the same seed in each call."""

    def call(self, inputs):
        seed = kerasette.random.SeedGenerator(7)
        return inputs + kerasette.random.normal((1,), seed=seed)

    def compute_output_shape(self, input_shape):
        return input_shape


class Net(kerasette.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


class OfThisBatch(Net):
    """Makes a metric in each step."""

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        metric = kerasette.metrics.Sum()
        metric.update_state(y)
        return {"sum": metric.result()}


@pytest.mark.parametrize("layer", [Counting, Noisy])
def test_variables_made_in_a_call_begin_anew_in_each(layer):
    model = kerasette.Sequential([kerasette.Input((1,)), layer()])
    first = model(ROWS[:4]).numpy()
    found = model.predict(ROWS, batch_size=4, verbose=0)
    np.testing.assert_array_equal(found, np.tile(first, (N_BATCHES, 1)))


def test_metrics_made_in_a_step_are_of_that_step():
    model = OfThisBatch()
    model.compile("sgd", "mse")
    history = model.fit(ROWS, ROWS, batch_size=4, epochs=EPOCHS, verbose=0).history
    assert history["sum"] == [4.0] * EPOCHS


def test_a_loss_that_reads_the_history():
    class ByEpoch(Net):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return 0 * ops.mean(y_pred) + float(len(self.history.epoch))

    model = ByEpoch()
    model.compile("sgd", "mse")
    history = model.fit(ROWS, ROWS, batch_size=4, epochs=4, verbose=0).history
    assert history["loss"] == [0.0, 1.0, 2.0, 3.0]
