"""The training loop: data, callbacks, interruptions, threads, processes."""

import ctypes
import os
import signal
import threading
import time
import tracemalloc

import numpy as np
import pytest

import kerasette
from kerasette import layers
from kerasette._core.memory import allocation_count

RNG = np.random.default_rng(0)
X = RNG.normal(size=(70, 5)).astype("float32")
Y = RNG.integers(0, 3, 70)


def make(seed=1, optimizer="adam", **arguments):
    kerasette.utils.set_random_seed(seed)
    model = kerasette.Sequential(
        [
            kerasette.Input((5,)),
            layers.Dense(8, activation="relu"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", **arguments)
    return model


def weights_after(x, y, **arguments):
    model = make()
    model.fit(x, y, epochs=2, shuffle=False, verbose=0, **arguments)
    return model.get_weights()


def assert_equal_weights(found, expected):
    for a, b in zip(found, expected):
        np.testing.assert_array_equal(a, b)


# ---- data ------------------------------------------------------------------------

LAYOUTS = {
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "reversed": lambda x: x[::-1].copy()[::-1],
    "fortran": np.asfortranarray,
    "big_endian": lambda x: x.astype(x.dtype.newbyteorder(">")),
    "float64": lambda x: x.astype("float64") if x.dtype.kind == "f" else x,
    "list": lambda x: x.tolist(),
    "tensor": kerasette.ops.convert_to_tensor,
}


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


@pytest.mark.parametrize("layout", [*LAYOUTS.values(), read_only], ids=[*LAYOUTS, "read_only"])
def test_any_layout_trains_as_the_plain_array(layout):
    assert_equal_weights(weights_after(layout(X), layout(Y)), weights_after(X, Y))


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int32", "float32", "float64", "bool"])
def test_labels_of_any_dtype_are_the_same_labels(dtype):
    labels = (Y > 1) if dtype == "bool" else Y.astype(dtype)
    assert_equal_weights(weights_after(X, labels), weights_after(X, labels.astype("int64")))


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float16", "int64", "bool"])
def test_samples_of_any_dtype_become_floats(dtype):
    x = (np.abs(X) * 3).astype(dtype)
    assert_equal_weights(weights_after(x, Y), weights_after(x.astype("float32"), Y))


def test_big_arrays_in_other_layouts_are_converted_batch_by_batch(monkeypatch):
    expected = weights_after(X, Y, batch_size=8)
    monkeypatch.setattr(kerasette.data.arrays, "CONVERTED_WHOLE_BYTES", 0)
    for elements in (1, 150, 10**6):
        monkeypatch.setattr(kerasette.data.arrays, "STAGED_ELEMENTS", elements)
        assert_equal_weights(weights_after(np.asfortranarray(X), Y, batch_size=8), expected)
        model = make()
        np.testing.assert_array_equal(
            model.predict(np.asfortranarray(X), verbose=0), model.predict(X, verbose=0)
        )


def test_memory_maps_are_read_in_place(tmp_path):
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert_equal_weights(weights_after(mapped, Y), weights_after(X, Y))


def test_a_vector_of_samples_fits_an_input_of_one_feature():
    model = kerasette.Sequential([kerasette.Input((1,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit([1.0, 2.0, 3.0], [2.0, 4.0, 6.0], epochs=2, verbose=0)
    assert model.predict(np.array([1.0, 2.0]), verbose=0).shape == (2, 1)


BAD_DATA = {
    "lengths": (X, Y[:-1], "cardinality"),
    "features": (X[:, :4], Y, "expected axis -1 of input shape"),
    "rank": (X[:, :, None].repeat(2, -1), Y, "Expected shape"),
    "empty": (X[:0], Y[:0], "no samples"),
    "number": (3.0, Y, "axis of samples"),
    "none": (None, Y, "`x`"),
    "no_targets": (X, None, "`y`"),
    "strings": (np.array([["a"] * 5] * 70), Y, "cannot be converted"),
    "objects": (X.astype(object), Y, "cannot be converted"),
    "string_labels": (X, np.array(["a"] * 70), "cannot be converted"),
    "complex": (X.astype("complex64"), Y, "cannot be converted"),
    "ragged": ([[1.0], [1.0, 2.0]], Y, "cannot be converted"),
    "label_too_large": (X, np.where(np.arange(70) == 50, 3, Y), "3 at position 50"),
    "label_negative": (X, np.where(np.arange(70) == 50, -1, Y), "-1 at position 50"),
    "label_nan": (X, np.where(np.arange(70) == 50, np.nan, Y), "nan at position 50"),
    "label_shape": (X, np.stack([Y, Y], 1), "shape"),
}


@pytest.mark.parametrize("method", ["fit", "evaluate"])
@pytest.mark.parametrize(("x", "y", "message"), BAD_DATA.values(), ids=BAD_DATA)
def test_bad_data_is_refused_and_the_model_is_as_before(x, y, message, method):
    model = make(metrics=["accuracy"])
    model.fit(X, Y, verbose=0)
    before = model.get_weights()
    iterations = int(model.optimizer.iterations)
    with pytest.raises((ValueError, TypeError), match=message):
        getattr(model, method)(x, y, verbose=0)
    assert_equal_weights(model.get_weights(), before)
    assert int(model.optimizer.iterations) == iterations
    model.fit(X, Y, verbose=0)


@pytest.mark.parametrize("loss", ["mse", "binary_crossentropy", "categorical_crossentropy"])
def test_targets_that_would_be_broadcast_are_refused(loss):
    model = make()
    model.compile("sgd", loss)
    for y in (np.zeros((70, 1)), np.zeros((70, 4)), np.zeros(70), np.zeros((70, 3, 1))):
        with pytest.raises(ValueError, match=r"expects targets of shape \(None, 3\)"):
            model.fit(X, y, verbose=0)
    one = kerasette.Sequential([kerasette.Input((5,)), layers.Dense(1)])
    one.compile("sgd", "mse")
    with pytest.raises(ValueError, match=r"\(None, 1\) or \(None,\)"):
        one.fit(X, X, verbose=0)
    for y in (np.zeros(70), np.zeros((70, 1))):
        one.fit(X, y, verbose=0)


def test_losses_of_a_user_take_what_targets_they_like():
    """Also those that belong to no module."""
    names = {"losses": kerasette.losses}
    exec("def loss(y, p): return losses.sparse_categorical_crossentropy(y, p)", names)
    assert names["loss"].__module__ is None
    found = []
    for loss in ("sparse_categorical_crossentropy", names["loss"]):
        model = make()
        model.compile("sgd", loss)
        found.append(model.fit(X, np.arange(70) % 3, verbose=0).history["loss"])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-6)


def test_losses_of_ones_own_take_targets_of_any_shape():
    def distance(y_true, y_pred):
        return kerasette.ops.mean(kerasette.ops.square(y_true[:, :1] - y_pred), axis=-1)

    model = make()
    model.compile("sgd", distance)
    y = RNG.normal(size=(70, 2)).astype("float32")
    expected = np.mean((y[:, :1] - model.predict(X, verbose=0)) ** 2)
    np.testing.assert_allclose(model.evaluate(X, y, verbose=0), expected, rtol=1e-5)
    model.fit(X, y, batch_size=16, epochs=2, verbose=0)
    assert model.replayed_steps > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": -4}, "batch_size"),
        ({"batch_size": 2.5}, "batch_size"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": "3"}, "epochs"),
        ({"verbose": 7}, "verbose"),
        ({"shuffle": "all"}, "shuffle"),
        ({"callbacks": [3]}, "callbacks"),
        ({"validation_data": X}, "validation_data"),
        ({"validation_data": (X, Y[:3])}, "cardinality"),
    ],
)
def test_bad_arguments_of_fit_are_refused(arguments, message):
    model = make()
    before = model.get_weights()
    with pytest.raises(ValueError, match=message):
        model.fit(X, Y, **{"verbose": 0, **arguments})
    assert_equal_weights(model.get_weights(), before)


def test_unknown_names_are_refused_with_the_known_ones():
    model = make()
    with pytest.raises(ValueError, match=r"optimizer identifier.*'adam'"):
        model.compile("adamm", "mse")
    with pytest.raises(ValueError, match=r"loss identifier.*mean_squared_error"):
        model.compile("adam", "mes")
    with pytest.raises(ValueError, match=r"metric identifier.*categorical_accuracy"):
        model.compile("adam", "mse", metrics=["acuracy"])
    with pytest.raises(ValueError, match="list"):
        model.compile("adam", "mse", metrics="accuracy")
    assert model.loss == "sparse_categorical_crossentropy"


def test_fit_and_evaluate_before_compile_say_so():
    model = kerasette.Sequential([kerasette.Input((5,)), layers.Dense(1)])
    for method in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=r"compile\(\)"):
            method(X, Y)
    assert not hasattr(model, "optimizer")
    model.compile("sgd")
    with pytest.raises(ValueError, match="No loss to compute"):
        model.fit(X, Y)


def test_predict_of_nothing_is_nothing():
    assert make().predict(X[:0], verbose=0).shape == (0, 3)


def test_nan_flows_through():
    model = make()
    model.fit(np.where(X > 1, np.nan, X), Y, verbose=0)
    assert np.isnan(model.predict(X, verbose=0)).all()


def test_a_model_without_an_input_is_built_by_the_first_data():
    model = kerasette.Sequential([layers.Dense(3)])
    model.compile("sgd", "mse")
    model.fit(X, X[:, :3], verbose=0)
    assert model.input_shape == (None, 5)


# ---- results -----------------------------------------------------------------------


def test_evaluate_gives_a_number_a_list_or_a_dict():
    assert isinstance(make().evaluate(X, Y, verbose=0), float)
    model = make(metrics=["accuracy", "acc"])
    loss, accuracy, other = model.evaluate(X, Y, verbose=0)
    assert accuracy == other == (model.predict(X, verbose=0).argmax(1) == Y).mean().astype("f4")
    logs = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert list(logs) == ["acc", "accuracy", "loss"]
    assert logs["loss"] == loss


def test_predict_in_batches_of_any_size_is_right():
    model = make()
    w1, b1, w2, b2 = model.get_weights()
    z = np.maximum(X @ w1 + b1, 0) @ w2 + b2
    expected = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    for size in (1, 7, 32, 70, 1000):
        np.testing.assert_allclose(
            model.predict(X, batch_size=size, verbose=0), expected, rtol=1e-5, atol=1e-6
        )


def test_batches_of_predict_are_32_where_somebody_sees_them():
    class Count(kerasette.callbacks.Callback):
        seen = 0

        def on_predict_batch_end(self, batch, logs=None):
            self.seen += 1

    class Same(layers.Layer):
        def call(self, inputs):
            sizes.append(inputs.shape[0])
            return inputs

    count, sizes = Count(), []
    make().predict(X, verbose=0, callbacks=[count])
    assert count.seen == 3
    model = kerasette.Sequential([kerasette.Input((5,)), Same()])
    sizes.clear()
    model.predict(X, verbose=0)
    assert max(sizes) == 32


def test_several_fits_go_on_where_the_last_one_stopped():
    once, twice = make(), make()
    once.fit(X, Y, epochs=4, shuffle=False, verbose=0)
    for _ in range(2):
        history = twice.fit(X, Y, epochs=2, shuffle=False, verbose=0)
    assert_equal_weights(once.get_weights(), twice.get_weights())
    assert twice.history is history
    assert history.epoch == [0, 1]


def test_verbose_prints_and_silence_is_silent(capsys):
    model = make(metrics=["accuracy"])
    model.fit(X, Y, verbose=0)
    model.predict(X, verbose=0)
    assert capsys.readouterr().out == ""
    model.fit(X, Y, epochs=2, verbose=2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Epoch 1/2"
    assert lines[1].startswith("3/3 - ") and " - accuracy: 0." in lines[1]
    model.fit(X, Y, validation_data=(X, Y))
    out = capsys.readouterr().out
    assert "3/3" in out and " - val_loss: " in out
    model.predict(X)
    model.evaluate(X, Y)
    assert capsys.readouterr().out.count("3/3") >= 2


# ---- callbacks ----------------------------------------------------------------------


class Recorder(kerasette.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.calls = []

    def on_train_begin(self, logs=None):
        self.calls.append("train_begin")

    def on_epoch_begin(self, epoch, logs=None):
        self.calls.append(f"epoch_begin {epoch}")

    def on_train_batch_end(self, batch, logs=None):
        self.calls.append(f"batch_end {batch} {sorted(logs)}")

    def on_test_end(self, logs=None):
        self.calls.append("test_end")

    def on_epoch_end(self, epoch, logs=None):
        self.calls.append(f"epoch_end {epoch} {sorted(logs)}")

    def on_train_end(self, logs=None):
        self.calls.append("train_end")


def test_hooks_are_called_in_keras_order():
    recorder = Recorder()
    make().fit(X, Y, batch_size=35, validation_data=(X, Y), verbose=0, callbacks=[recorder])
    assert recorder.calls == [
        "train_begin",
        "epoch_begin 0",
        "batch_end 0 ['loss']",
        "batch_end 1 ['loss']",
        "test_end",
        "epoch_end 0 ['loss', 'val_loss']",
        "train_end",
    ]
    assert recorder.model is not None and recorder.params["steps"] == 2


def test_batch_hooks_change_no_bit():
    assert_equal_weights(weights_after(X, Y, callbacks=[Recorder()]), weights_after(X, Y))


def test_a_callback_stops_training():
    class Stop(kerasette.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    model = make()
    assert model.fit(X, Y, epochs=9, verbose=0, callbacks=[Stop()]).epoch == [0, 1]
    assert model.fit(X, Y, epochs=2, verbose=0).epoch == [0, 1]


def test_callbacks_may_predict_and_evaluate_and_change_rate_and_weights():
    class Meddle(kerasette.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.predict(X[:3], verbose=0)
            if batch == 1:
                self.model.optimizer.learning_rate = 0.05
                self.model.set_weights([w * 0.9 for w in self.model.get_weights()])

        def on_epoch_end(self, epoch, logs=None):
            self.model.evaluate(X, Y, verbose=0)

    def run(replayable):
        model = make()
        if not replayable:
            model._pool.is_replayable = lambda key: False
        model.fit(X, Y, batch_size=16, epochs=3, shuffle=False, verbose=0, callbacks=[Meddle()])
        return model

    replayed = run(True)
    assert replayed.replayed_steps > 5
    assert_equal_weights(replayed.get_weights(), run(False).get_weights())


def continue_like_eager(model):
    """Trains `model` on, and an eager twin from the same state; both must end alike."""
    twin = make(optimizer=type(model.optimizer)())
    twin.set_weights(model.get_weights())
    twin.optimizer.build(twin.trainable_variables)
    for mine, other in zip(twin.optimizer.variables, model.optimizer.variables):
        mine.assign(other)
    twin._pool.is_replayable = lambda key: False
    for one in (model, twin):
        one.fit(X, Y, batch_size=16, epochs=2, shuffle=False, verbose=0)
    assert model.replayed_steps > 0 and twin.replayed_steps == 0
    assert_equal_weights(model.get_weights(), twin.get_weights())


def test_after_an_exception_in_a_callback_the_next_fit_is_right():
    class Fail(kerasette.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise KeyError("from the callback")

    model = make()
    with pytest.raises(KeyError, match="from the callback"):
        model.fit(X, Y, batch_size=16, epochs=3, verbose=0, callbacks=[Fail()])
    assert int(model.optimizer.iterations) == 3
    continue_like_eager(model)


def test_after_set_weights_and_a_new_rate_the_next_fit_is_right():
    model = make()
    model.fit(X, Y, batch_size=16, epochs=2, verbose=0)
    model.set_weights([w + 0.1 for w in model.get_weights()])
    model.optimizer.learning_rate = 0.1
    continue_like_eager(model)


def test_ctrl_c_stops_within_a_second_and_leaves_a_usable_model():
    model = make()
    x = np.tile(X, (3000, 1))
    y = np.tile(Y, 3000)
    sent = []

    def interrupt():
        time.sleep(0.3)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, epochs=10**6, batch_size=16, verbose=0)
    waited = time.monotonic() - sent[0]
    thread.join()
    assert waited < 1
    assert np.isfinite(model.predict(X, verbose=0)).all()
    continue_like_eager(model)


# ---- threads and processes -------------------------------------------------------------


def in_threads(n, function):
    errors = []

    def run(number):
        try:
            function(number)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_eight_threads_predict_with_one_model():
    model = make()
    x = np.random.default_rng(3).normal(size=(500, 5)).astype("float32")
    expected = model.predict(x, batch_size=500, verbose=0)

    def predict(number):
        for size in (1, 3, 17, 64) * 20:
            start = (number * 31 + size) % 400
            found = model.predict(x[start : start + size], verbose=0)
            np.testing.assert_allclose(found, expected[start : start + size], rtol=1e-5, atol=1e-6)

    in_threads(8, predict)
    assert model.replayed_steps > 100


def test_two_models_train_in_two_threads_as_alone():
    expected = [make(seed).fit(X, Y, epochs=30, shuffle=False, verbose=0).model.get_weights()
                for seed in (1, 2)]  # fmt: skip
    models = [make(seed) for seed in (1, 2)]
    in_threads(2, lambda i: models[i].fit(X, Y, epochs=30, shuffle=False, verbose=0))
    for model, weights in zip(models, expected):
        assert_equal_weights(model.get_weights(), weights)


def test_one_model_in_two_threads_raises():
    model = make()
    caught = []

    class Second(kerasette.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            def fit():
                try:
                    model.fit(X, Y, verbose=0)
                except RuntimeError as error:
                    caught.append(str(error))

            thread = threading.Thread(target=fit)
            thread.start()
            thread.join()

    model.fit(X, Y, verbose=0, callbacks=[Second()])
    assert "another thread" in caught[0]


def test_fork_after_a_fit_and_fit_in_the_child():
    x = np.random.default_rng(3).normal(size=(512, 5)).astype("float32")
    wide = kerasette.Sequential(
        [kerasette.Input((5,)), layers.Dense(600, activation="relu"), layers.Dense(600)]
    )
    wide.compile("sgd", "mse")
    target = np.zeros((512, 600), "float32")
    before = kerasette.config.get_num_threads()
    kerasette.config.set_num_threads(2)
    try:
        wide.fit(x, target, batch_size=128, epochs=2, verbose=0)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                wide.fit(x, target, batch_size=128, epochs=2, verbose=0)
                code = 0 if np.isfinite(wide.predict(x, verbose=0)).all() else 2
            finally:
                os._exit(code)
        deadline = time.monotonic() + 60
        done = (0, 0)
        while done[0] == 0 and time.monotonic() < deadline:
            done = os.waitpid(child, os.WNOHANG)
            time.sleep(0.01)
        if done[0] == 0:
            os.kill(child, signal.SIGKILL)
        assert done == (child, 0)
        wide.fit(x, target, batch_size=128, verbose=0)
    finally:
        kerasette.config.set_num_threads(before)


# ---- memory -------------------------------------------------------------------------------


def bytes_in_use():
    """What malloc has given out, or None where glibc does not tell."""

    class Info(ctypes.Structure):
        _fields_ = tuple((name, ctypes.c_size_t) for name in "abcdefghij")

    try:
        mallinfo = ctypes.CDLL(None).mallinfo2
    except AttributeError:
        return None
    mallinfo.restype = Info
    info = mallinfo()
    return info.h + info.e  # in use, and in mapped blocks


def test_nothing_is_allocated_per_step():
    """C allocations and tracemalloc are flat over 100,000 steps."""
    model = make()
    x, y = np.tile(X, (1429, 1))[:100_000], np.tile(Y, 1429)[:100_000]
    few = slice(0, 100)

    def fit(rows):
        model.fit(x[rows], y[rows], batch_size=1, shuffle=False, verbose=0)

    fit(few)
    fit(few)
    tracemalloc.start()
    try:
        counts = []
        for rows in (few, slice(None)):
            tracemalloc.reset_peak()
            start = (tracemalloc.get_traced_memory()[0], allocation_count(), bytes_in_use())
            fit(rows)
            now, peak = tracemalloc.get_traced_memory()
            in_use = bytes_in_use()
            counts.append(
                (
                    peak - start[0],
                    allocation_count() - start[1],
                    0 if in_use is None else in_use - start[2],
                )
            )
    finally:
        tracemalloc.stop()
    (peak_few, cores_few, _), (peak, cores, in_use) = counts
    assert cores == cores_few
    # The history, the chunks' bookkeeping: some kilobytes, whatever the number of steps.
    assert peak < peak_few + 20_000
    assert in_use < 100_000


def test_the_data_is_let_go_after_a_fit():
    import sys

    x = X.copy()
    model = make()
    before = sys.getrefcount(x)
    model.fit(x, Y, epochs=3, verbose=0)
    model.predict(x, verbose=0)
    assert sys.getrefcount(x) == before


def test_shuffling_may_be_none():
    """As in Keras, for False."""
    losses = []
    for shuffle in (None, False):
        kerasette.utils.set_random_seed(3)
        model = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(1)])
        model.compile("sgd", "mse")
        history = model.fit(np.eye(4), np.arange(4), batch_size=1, shuffle=shuffle, verbose=0)
        losses.append(history.history["loss"])
    assert losses[0] == losses[1]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({}, ["loss"]),
        ({"metrics": []}, ["loss", "compile_metrics"]),
        ({"weighted_metrics": []}, ["loss", "compile_metrics"]),
        ({"metrics": ["mae"]}, ["loss", "compile_metrics"]),
    ],
)
def test_an_empty_list_of_metrics_has_a_name_and_no_result(arguments, names):
    """As in Keras."""
    model = kerasette.Sequential([kerasette.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse", **arguments)
    model.fit(np.eye(4), np.arange(4), verbose=0)
    assert model.metrics_names == names
    results = model.evaluate(np.eye(4), np.arange(4), verbose=0, return_dict=True)
    assert list(results) == ["loss", *arguments.get("metrics", [])]
