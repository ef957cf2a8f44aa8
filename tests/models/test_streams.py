"""Batches of generators, data sets and other iterables: what golden cases do not show."""

import collections
import signal
import threading
import time
import warnings

import numpy as np
import pytest

import kerasette
from kerasette import layers
from kerasette.data.workers import made_ahead

RNG = np.random.default_rng(4)
X = RNG.normal(size=(40, 3)).astype("float32")
Y = RNG.integers(0, 3, 40)
pytestmark = [
    pytest.mark.filterwarnings("ignore:`shuffle=True` was passed"),
    pytest.mark.filterwarnings("ignore:Your input ran out of data"),
]


def make(**arguments):
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential([kerasette.Input((3,)), layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"], **arguments)
    return model


def pieces(size=8, stop=40):
    return [(X[i : i + size], Y[i : i + size]) for i in range(0, stop, size)]


class Rows(kerasette.utils.PyDataset):
    """Batches of eight rows."""

    def __init__(self, **options):
        super().__init__(**options)
        self.made = []

    def __len__(self):
        return 5

    def __getitem__(self, index):
        self.made.append(index)
        return pieces()[index]


def weights_after(data, **arguments):
    model = make()
    model.fit(data, epochs=2, shuffle=False, verbose=0, **arguments)
    return model.get_weights()


def assert_equal(found, expected):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)


# ---- kinds ---------------------------------------------------------------------------------


class Loader:
    """An iterable of batches in lists, as a DataLoader of PyTorch."""

    def __init__(self, batches, length=None):
        self.batches = batches
        self.length = length
        self.begun = 0

    def __iter__(self):
        self.begun += 1
        return ([*batch] for batch in self.batches)


class SizedLoader(Loader):
    def __len__(self):
        return self.length


def test_batches_train_as_the_arrays_that_they_are_cut_from():
    model = make()
    model.fit(X, Y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    expected = model.get_weights()
    for data in (Rows(), Loader(pieces()), SizedLoader(pieces(), 5)):
        assert_equal(weights_after(data), expected)
    endless = (batch for _ in range(3) for batch in pieces())
    assert_equal(weights_after(endless, steps_per_epoch=5), expected)
    iterator = map(tuple, pieces() * 2)
    assert_equal(weights_after(iterator, steps_per_epoch=5), expected)


def test_a_defaultdict_is_a_dict():
    def by_name(kind):
        # Each with a factory of its own, as a generator that collects rows makes them.
        return [(kind({"x": x}), kind({"y": y})) for x, y in pieces()]

    def trained(data, predicted):
        kerasette.utils.set_random_seed(1)
        inputs = kerasette.Input((3,), name="x")
        outputs = layers.Dense(3, activation="softmax", name="y")(inputs)
        model = kerasette.Model({"x": inputs}, {"y": outputs})
        model.compile("adam", {"y": "sparse_categorical_crossentropy"})
        model.fit(iter(data), verbose=0)
        model.fit(*data[0], verbose=0)
        return model, [*model.get_weights(), model.predict(predicted, verbose=0)["y"]]

    def with_factory(values):
        return collections.defaultdict(lambda: [0], values)

    model, found = trained(by_name(with_factory), with_factory({"x": X}))
    plain, expected = trained(by_name(dict), {"x": X})
    assert_equal(found, expected)
    assert model.eager_steps == plain.eager_steps
    with pytest.raises(ValueError, match="Missing data for input"):
        model.predict(with_factory({"z": X}), verbose=0)


def test_batches_of_torch():
    torch = pytest.importorskip("torch")
    data = torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(Y))
    loader = torch.utils.data.DataLoader(data, batch_size=8)
    model = make()
    model.fit(X, Y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    assert_equal(weights_after(loader), model.get_weights())


def test_an_iterable_begins_anew_with_each_epoch_and_does_not_warn():
    loader = Loader(pieces())
    model = make()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(loader, epochs=3, shuffle=False, verbose=0)
        model.evaluate(loader, verbose=0)
        model.predict(loader, verbose=0)
    # Once to look at the first batch.
    assert loader.begun == 1 + 3 + 1 + 1
    with pytest.warns(UserWarning, match=r"ran out of data.*5 of 7 steps were done"):
        model.fit(loader, steps_per_epoch=7, shuffle=False, verbose=0)


def test_batches_of_a_size_are_recorded_once_and_replayed():
    model = make()
    model.fit(Loader(pieces(6)), epochs=10, shuffle=False, verbose=0)
    assert (model.eager_steps, model.replayed_steps) == (4, 66)
    model.evaluate(Loader(pieces()), verbose=0)
    assert (model.eager_steps, model.replayed_steps) == (4 + 2, 66 + 3)


def test_the_bar_says_that_the_length_is_not_known(capsys):
    make().fit(Loader(pieces()), epochs=2, shuffle=False)
    out = capsys.readouterr().out
    assert "/Unknown" in out and "5/5" in out
    make().evaluate(Rows(), verbose=2)
    assert "5/5 - " in capsys.readouterr().out


def test_a_batch_size_beside_a_stream_is_warned_of():
    with pytest.warns(UserWarning, match="`batch_size=4` has no effect on the batches of the PyD"):
        make().fit(Rows(), batch_size=4, verbose=0)
    with pytest.warns(UserWarning, match="`batch_size=4` has no effect on the batches of the PyD"):
        make().predict(Rows(), batch_size=4, verbose=0)
    for method in ("fit", "evaluate", "predict"):
        with pytest.raises(ValueError, match="batch_size"):
            getattr(make(), method)(Rows(), batch_size=0, verbose=0)


def test_validation_data_of_all_kinds():
    found = []
    for data in ((X, Y), Rows(), Loader(pieces()), (Rows(),)):
        history = make().fit(X, Y, validation_data=data, batch_size=8, verbose=0, shuffle=False)
        found.append(history.history["val_loss"])
    np.testing.assert_allclose(found, found[0][0], rtol=1e-6)
    with pytest.raises(ValueError, match="When providing `x` as a PyDataset, `y` should not be"):
        make().fit(X, Y, validation_data=(Rows(), Y), verbose=0)
    with pytest.warns(UserWarning, match="`batch_size=4` has no effect"):
        make().fit(X, Y, validation_data=Rows(), validation_batch_size=4, verbose=0)


def test_several_steps_of_a_stream_at_a_time():
    seen = []

    class Hooks(kerasette.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            seen.append(batch)

        def on_train_batch_end(self, batch, logs=None):
            seen.append(batch)

        def on_predict_batch_end(self, batch, logs=None):
            seen.append(logs["outputs"].shape)

    model = make(steps_per_execution=2)
    model.fit(Loader(pieces()), verbose=0, shuffle=False, callbacks=[Hooks()])
    assert seen == [0, 1, 2, 3, 4, 5]
    seen.clear()
    model.predict(Loader(pieces()), verbose=0, callbacks=[Hooks()])
    assert seen == [(16, 3), (16, 3), (8, 3)]


# ---- what is wrong -------------------------------------------------------------------------


def then(*wrong):
    """Three good batches, then others."""
    yield from pieces()[:3]
    yield from wrong


class Broken(Exception):
    pass


def raising():
    yield from pieces()[:3]
    raise Broken("no more")


WRONG = {
    "no targets": (
        lambda: then((X[:8],)),
        r"Batch 4 of the generator: It has the structure \(x: array\), and the batches before it "
        r"had \(x: array, y: array\)",
    ),
    "a dict": (
        lambda: then(({"x": X[:8]}, Y[:8])),
        r"Batch 4 of the generator: It has the structure \(x: \{'x': array\}, y: array\)",
    ),
    "four": (lambda: then((X, Y, Y, Y)), "Batch 4 of the generator: Data is expected to be in"),
    "no tuple": (lambda: then(X), "Batch 4 of the generator: A generator must yield a tuple"),
    "strings": (lambda: then((["a"], Y[:1])), "Batch 4 of the generator: `x` cannot be converted"),
    "nothing": (lambda: then((X[:0], Y[:0])), "Batch 4 of the generator: It has no samples"),
    "lengths": (lambda: then((X[:8], Y[:7])), "Batch 4 of the generator: Data cardinality"),
    "features": (lambda: then((X[:8, :2], Y[:8])), "Batch 4 of the generator: Input 0 of layer"),
    "targets": (lambda: then((X[:8], X[:8])), "Batch 4 of the generator: `y` has shape"),
    "classes": (lambda: then((X[:8], Y[:8] + 1)), "Batch 4 of the generator: Received a label"),
    "raises": (raising, "no more"),
}


@pytest.mark.parametrize("hooks", [False, True])
@pytest.mark.parametrize(("data", "message"), WRONG.values(), ids=WRONG)
def test_after_a_wrong_batch_the_model_is_as_after_the_last_whole_step(data, message, hooks):
    class Hook(kerasette.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            pass

    expected = make()
    for x, y in pieces()[:3]:
        expected.train_on_batch(x, y)
    model = make()
    with pytest.raises((ValueError, Broken), match=message) as caught:
        model.fit(data(), verbose=0, callbacks=[Hook()] * hooks)
    if caught.type is Broken:
        assert caught.value.__notes__ == ["Raised by the generator for batch 4 of the epoch."]
    assert_equal(model.get_weights(), expected.get_weights())
    assert int(model.optimizer.iterations) == model.replayed_steps + model.eager_steps == 3
    model.fit(Rows(), verbose=0)
    for method in (model.evaluate, model.fit):
        with pytest.raises((ValueError, Broken), match=message):
            method(data(), verbose=0)


def test_a_wrong_first_batch_leaves_no_trace():
    model = kerasette.Sequential([layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    for batch in ((X[:8], Y[:7]), (X[:8], np.full(8, 7)), (X[:8],)):
        with pytest.raises(ValueError, match="Batch 1 of the generator"):
            model.fit((batch for _ in range(3)), verbose=0)
    assert not any(part.is_built for part in model._compiled_parts())
    model.fit(Rows(), verbose=0)


def test_steps_done_before_one_that_fails_are_counted():
    model = kerasette.Sequential([kerasette.Input((1,), dtype="int32"), layers.Embedding(5, 2)])
    model.compile("sgd", "mse")
    x, y = np.zeros((40, 1)), np.zeros((40, 1, 2))
    model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    before = model.replayed_steps
    # A row that the table does not have, in the sixth batch.
    x[22] = 9
    with pytest.raises((ValueError, IndexError)):
        model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    assert model.replayed_steps == before + 5
    assert int(model.optimizer.iterations) == 20 + 5


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: Empty(), "has no batches"),
        (lambda: iter([]), "must yield at least one batch"),
        (lambda: kerasette.utils.PyDataset(), "must define `__len__"),
        (lambda: Unfinished(), "must define `__getitem__"),
        (lambda: {1, 2}, "cannot be converted"),
    ],
)
def test_streams_that_are_none(data, message):
    with pytest.raises((ValueError, NotImplementedError), match=message):
        make().fit(data(), verbose=0)


class Empty(Rows):
    def __len__(self):
        return 0


class Unfinished(kerasette.utils.PyDataset):
    def __len__(self):
        return 2


# ---- workers ----------------------------------------------------------------------------------


def worker_threads():
    return [t for t in threading.enumerate() if t.name.startswith("kerasette_data")]


class Where(Rows):
    """Batches that say which process and thread has made them, the later the smaller."""

    def __getitem__(self, index):
        time.sleep(0.002 * (5 - index))
        if index == getattr(self, "fails_at", None):
            raise Broken("batch 3 is broken")
        return super().__getitem__(index)


OPTIONS = {
    "threads": {"workers": 3},
    "one process": {"workers": 1, "use_multiprocessing": True},
    "processes": {"workers": 2, "use_multiprocessing": True, "max_queue_size": 2},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_workers_keep_the_order_and_are_gone_in_the_end(options):
    expected = weights_after(Rows())
    assert_equal(weights_after(Where(**options)), expected)
    assert_equal(
        weights_after(Where(**options), steps_per_epoch=3),
        weights_after(Rows(), steps_per_epoch=3),
    )
    assert not worker_threads() and not children()


def children():
    import multiprocessing

    return multiprocessing.active_children()


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
def test_errors_of_workers_are_raised_and_the_workers_are_gone(options, method):
    data = Where(**options)
    data.fails_at = 3
    model = make()
    with pytest.raises(Broken, match="batch 3 is broken"):
        arguments = {"shuffle": False} if method == "fit" else {}
        getattr(model, method)(data, verbose=0, **arguments)
    assert model.replayed_steps + model.eager_steps == 3
    assert not worker_threads() and not children()


def test_workers_are_gone_when_training_stops_early():
    class Stop(kerasette.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = True

    class Interrupt(kerasette.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            signal.raise_signal(signal.SIGINT)

    model = make()
    model.fit(Where(workers=3), verbose=0, callbacks=[Stop()])
    assert not worker_threads()
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, validation_data=Where(workers=2), verbose=0, callbacks=[Interrupt()])
    with pytest.raises(KeyboardInterrupt):
        model.fit(Where(workers=2), verbose=0, callbacks=[Interrupt()])
    assert not worker_threads()


def test_as_many_batches_wait_as_are_allowed():
    for size, expected in ((1, 1), (3, 3), (10, 5)):
        data = Rows(workers=4, max_queue_size=size)
        made = made_ahead(data, range(5))
        next(made)
        # What was asked for by now is finished when the workers end.
        made.close()
        assert len(data.made) <= expected
        assert 0 in data.made


def test_the_end_of_an_epoch_is_seen_by_the_workers():
    class Growing(Where):
        factor = 1

        def __getitem__(self, index):
            x, y = super().__getitem__(index)
            return x * self.factor, y

        def on_epoch_end(self):
            self.factor *= 2

    expected = [weights_after(Growing(), steps_per_epoch=steps) for steps in (None, 3)]
    for options in OPTIONS.values():
        found = [weights_after(Growing(**options), steps_per_epoch=steps) for steps in (None, 3)]
        for a, b in zip(found, expected):
            assert_equal(a, b)


def test_a_data_set_is_iterable():
    assert len(list(Rows())) == 5
    data = Rows()
    data.workers, data.use_multiprocessing, data.max_queue_size = 2, True, 3
    assert (data.workers, data.use_multiprocessing, data.max_queue_size) == (2, True, 3)

    class Endless(Rows):
        num_batches = property(lambda self: None)

        def __getitem__(self, index):
            return index

    assert [index for index, _ in zip(Endless(), range(4))] == [0, 1, 2, 3]


COVERED = {"utils.PyDataset": ["workers", "use_multiprocessing", "max_queue_size"]}
COVERED["utils.Sequence"] = COVERED["utils.PyDataset"]


def test_some_batches_may_have_sample_weights():
    """As in Keras; a batch without them has weights of one."""
    weight = np.linspace(0.5, 2, 8).astype("float32")
    some = [(*batch, weight) if i % 2 else batch for i, batch in enumerate(pieces())]
    all_ = [batch if i % 2 else (*batch, np.ones(8)) for i, batch in enumerate(some)]
    model = make(weighted_metrics=["accuracy"])
    for data, expected in ((some, all_), (some[1:], all_[1:])):
        for a, b in zip(weights_after(Loader(data)), weights_after(Loader(expected))):
            np.testing.assert_allclose(a, b, rtol=1e-6)
        found = [model.evaluate(iter(batches), verbose=0) for batches in (data, expected)]
        np.testing.assert_allclose(*found, rtol=1e-6)
