"""A network with all kinds of parts after errors and interruptions, in threads, and for long."""

import os
import signal
import sys
import threading
import time
import tracemalloc

import numpy as np
import pytest
from rich_network import (
    BATCH_SIZE,
    CLASS_WEIGHT,
    N_SAMPLES,
    N_STEPS,
    X,
    Y,
    adam,
    assert_same_bits,
    assert_same_models,
    compile_richly,
    fit,
    make,
    network,
    state,
)

import kerasette
from kerasette import layers
from kerasette._core.memory import allocation_count

OPTIONS = {"use_ema": True, "ema_overwrite_frequency": 7, "clipnorm": 0.1}
N_CLASSES = 20


def pair():
    """A model that replays, and its eager twin."""
    return make(adam(**OPTIONS)), make(adam(**OPTIONS), run_eagerly=True)


def assert_they_go_on_alike(model, twin):
    """Equal now, and after another fit, which is replayed in one of them."""
    assert_same_bits(state(model), state(twin))
    before = model.replayed_steps
    histories = []
    for one in (model, twin):
        np.random.seed(8)
        histories.append(fit(one, 3))
    assert histories[0] == histories[1]
    assert model.replayed_steps - before >= 3 * N_STEPS - 3
    assert twin.replayed_steps == 0
    assert_same_models(model, twin)


# ---- errors ---------------------------------------------------------------------------------


class Fail(kerasette.callbacks.Callback):
    """Raises an error when a hook is called for the so manieth time."""

    def __init__(self, hook, number, error):
        super().__init__()
        self.countdown = number
        self.error = error
        setattr(self, hook, self.count)

    def count(self, *args, **kwargs):
        self.countdown -= 1
        if self.countdown == 0:
            raise self.error


@pytest.mark.parametrize("error", [KeyError("of a callback"), KeyboardInterrupt()])
@pytest.mark.parametrize(
    ("hook", "number", "n_steps"),
    [
        ("on_train_batch_begin", 8, 7),
        ("on_train_batch_end", 8, 8),
        ("on_epoch_end", 2, 10),
        ("on_test_batch_end", 3, 10),
        ("on_train_end", 1, 20),
    ],
)
def test_after_an_error_in_a_callback_all_is_as_after_the_last_step(hook, number, n_steps, error):
    model, twin = pair()
    for one in (model, twin):
        np.random.seed(2)
        with pytest.raises(type(error)):
            fit(
                one,
                4,
                validation_data=(X[:20], Y[:20]),
                callbacks=[Fail(hook, number, error)],
            )
        assert int(one.optimizer.iterations) == n_steps
    assert_they_go_on_alike(model, twin)


def with_embedding(run_eagerly):
    """The network behind a table: x are numbers of rows."""
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((6,), dtype="int32"),
            layers.Embedding(N_CLASSES, 3, embeddings_regularizer="l2"),
            layers.Flatten(),
            *network(),
        ]
    )
    compile_richly(model, adam(**OPTIONS), run_eagerly)
    return model


def test_after_a_wrong_index_in_mid_epoch_all_is_as_after_the_last_step():
    good = np.random.default_rng(3).integers(0, N_CLASSES, (N_SAMPLES, 6))
    bad = good.copy()
    bad[3 * BATCH_SIZE + 1, 2] = N_CLASSES
    models = [with_embedding(run_eagerly) for run_eagerly in (False, True)]

    def train(model, x, epochs):
        arguments = {"batch_size": BATCH_SIZE, "shuffle": False, "class_weight": CLASS_WEIGHT}
        return model.fit(x, Y, epochs=epochs, verbose=0, **arguments).history

    # The replayed one last: building the other drops its recordings.
    for model in reversed(models):
        train(model, good, 2)
    before = models[0].eager_steps
    for model in models:
        with pytest.raises((IndexError, ValueError), match=f"{N_CLASSES}"):
            train(model, bad, 2)
        assert int(model.optimizer.iterations) == 2 * N_STEPS + 3
    # It was a replayed step that failed.
    assert models[0].eager_steps == before
    assert_same_bits(state(models[0]), state(models[1]))
    histories = [train(model, good, 3) for model in models]
    assert histories[0] == histories[1]
    assert_same_bits(state(models[0]), state(models[1]))
    assert models[1].replayed_steps == 0


def test_nan_is_seen_and_stops_training():
    x = X.copy()
    x[2 * BATCH_SIZE + 3, 1] = np.nan
    models = pair()
    for model in models:
        stop = kerasette.callbacks.TerminateOnNaN()
        fit(model, 1, shuffle=False)
        history = model.fit(
            x, Y, batch_size=BATCH_SIZE, epochs=3, shuffle=False, verbose=0, callbacks=[stop]
        )
        assert int(model.optimizer.iterations) == N_STEPS + 3
        assert len(history.history["loss"]) == 1 and np.isnan(history.history["loss"][0])
    assert_same_bits(state(models[0]), state(models[1]))
    start = make().get_weights()
    for model in models:
        model.set_weights(start)
        compile_richly(model, adam(**OPTIONS), model.run_eagerly)
    assert_they_go_on_alike(*models)


# ---- threads and processes -------------------------------------------------------------------


def in_threads(n, function):
    """Runs ``function(0)`` to ``function(n - 1)`` side by side."""
    errors = []

    def run(number):
        try:
            function(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_two_models_train_in_two_threads_as_alone():
    def train(model):
        fit(model, 20, shuffle=False)

    alone = [make(adam(**OPTIONS), seed=seed) for seed in (1, 2)]
    for model in alone:
        train(model)
    models = [make(adam(**OPTIONS), seed=seed) for seed in (1, 2)]
    in_threads(2, lambda number: train(models[number]))
    for model, expected in zip(models, alone):
        assert model.replayed_steps > 50
        assert_same_models(model, expected)


def test_eight_threads_predict_with_one_model():
    model = make(adam(**OPTIONS))
    fit(model, 2)
    sizes = (1, 3, 17, 40)
    expected = {
        (start, size): model.predict(X[start : start + size], verbose=0)
        for start in range(8)
        for size in sizes
    }

    def predict(number):
        for size in sizes * 10:
            found = model.predict(X[number : number + size], verbose=0)
            np.testing.assert_array_equal(found, expected[number, size])

    before = model.replayed_steps
    in_threads(8, predict)
    assert model.replayed_steps > before + 100


def exit_code_of(child):
    """How a child process ended; it is ended after a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_process_goes_on_as_its_parent():
    model, twin = pair()
    for one in (model, twin):
        fit(one, 2, shuffle=False)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            fit(model, 2, shuffle=False)
            sums = np.array([array.astype("float64").sum() for array in state(model)])
            os.write(write, sums.tobytes())
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    assert exit_code_of(child) == 0
    with os.fdopen(read, "rb") as pipe:
        sums = np.frombuffer(pipe.read())
    for one in (model, twin):
        fit(one, 2, shuffle=False)
    assert_same_models(model, twin)
    np.testing.assert_array_equal(sums, [array.astype("float64").sum() for array in state(model)])


# ---- memory ----------------------------------------------------------------------------------


def test_twenty_thousand_steps_allocate_what_a_hundred_do():
    model = make(adam(gradient_accumulation_steps=3, **OPTIONS))
    x, y = np.tile(X, (286, 1))[:20_000], np.tile(Y, (286, 1))[:20_000]

    def fit_steps(n):
        model.fit(
            x, y, batch_size=1, steps_per_epoch=n, class_weight=CLASS_WEIGHT, verbose=0,
            shuffle=False,
        )  # fmt: skip

    fit_steps(100)
    fit_steps(100)
    tracemalloc.start()
    try:
        found = []
        for n in (100, 20_000):
            tracemalloc.reset_peak()
            start = tracemalloc.get_traced_memory()[0], allocation_count()
            fit_steps(n)
            now, peak = tracemalloc.get_traced_memory()
            found.append((now - start[0], peak - start[0], allocation_count() - start[1]))
    finally:
        tracemalloc.stop()
    (kept_few, peak_few, cores_few), (kept, peak, cores) = found
    assert model.replayed_steps == 20_000 + 300 - 1
    assert cores == cores_few
    assert kept < kept_few + 5_000
    assert peak < peak_few + 5_000


def test_neither_data_nor_models_are_kept():
    x = X.copy()
    model = make(adam(**OPTIONS))
    before = sys.getrefcount(x)
    model.fit(x, Y, epochs=3, validation_data=(x, Y), class_weight=CLASS_WEIGHT, verbose=0)
    model.predict(x, verbose=0)
    assert sys.getrefcount(x) == before
