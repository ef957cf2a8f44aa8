"""A copied or pickled model goes on as the original does, bit for bit, and by itself."""

import copy
import io
import os
import pickle
import pickletools
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from copies import FEW_WAYS, WAYS, by, same, through_cloudpickle, through_joblib

import kerasette
from kerasette import GradientTape, layers, losses, metrics, ops, optimizers, random
from kerasette.random.seeds import global_seed_generator

RNG = np.random.default_rng(0)
X = RNG.normal(size=(24, 6)).astype("float32")
Y = RNG.integers(0, 3, 24)
FIT = {"batch_size": 8, "shuffle": False, "verbose": 0}


def compiled(model, optimizer="adam", **arguments):
    """The model, for three classes."""
    measured = ["accuracy", metrics.SparseTopKCategoricalAccuracy(2)]
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=measured, **arguments)
    return model


def stack(optimizer="adam", **arguments):
    """A stack with all that a layer may hang on a weight, and draws."""
    hidden = layers.Dense(7, "relu", kernel_regularizer="l2", kernel_constraint="max_norm")
    parts = [hidden, layers.Dropout(0.3, seed=1), layers.BatchNormalization()]
    return compiled(
        kerasette.Sequential([kerasette.Input((6,)), *parts, layers.Dense(3, "softmax")]),
        optimizer,
        **arguments,
    )


def graph():
    """A shared layer, functions as operations, and a model in the model."""
    inputs = kerasette.Input((6,))
    shared = layers.Dense(6, "relu")
    joined = ops.concatenate([shared(shared(inputs)), ops.tanh(inputs) * 2], axis=1)
    inner = kerasette.Sequential([kerasette.Input((12,)), layers.Dense(4), layers.Dropout(0.2)])
    return compiled(kerasette.Model(inputs, layers.Dense(3, "softmax")(inner(joined))), "rmsprop")


class Net(kerasette.Model):
    """A subclass with a layer in two places, statistics, a metric and draws of its own."""

    def __init__(self):
        super().__init__()
        self.first = layers.Dense(5, activation="tanh")
        self.blocks = [layers.Dense(5), self.first]
        self.normalization = layers.BatchNormalization()
        self.last = layers.Dense(3, activation="softmax")
        self.generator = random.SeedGenerator(3)

    def call(self, inputs, training=False):
        hidden = self.normalization(self.blocks[0](self.first(inputs)), training=training)
        if training:
            hidden = random.dropout(hidden, 0.2, seed=self.generator)
        return self.last(hidden)


class NetWithStep(Net):
    """The same with a training step of its own."""

    def __init__(self):
        super().__init__()
        self.seen = metrics.Mean(name="seen")

    def train_step(self, data):
        x, y = data
        with GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        self.seen.update_state(loss)
        return {"seen": self.seen.result()}


def recurrent():
    """Recurrent layers, wrapped, with dropout on inputs and states."""
    inputs = kerasette.Input((6,))
    steps = layers.Reshape((3, 2))(inputs)
    lstm = layers.LSTM(3, dropout=0.2, recurrent_dropout=0.1, return_sequences=True)
    hidden = layers.GRU(3)(layers.Bidirectional(lstm)(steps))
    return compiled(kerasette.Model(inputs, layers.Dense(3, "softmax")(hidden)))


def stateful():
    """A recurrent layer that carries its states on."""
    inputs = kerasette.Input(batch_shape=(8, 6))
    hidden = layers.LSTM(3, stateful=True)(layers.Reshape((3, 2))(inputs))
    return compiled(kerasette.Model(inputs, layers.Dense(3, "softmax")(hidden)))


def cells():
    """Cells in a loop of one's own, and a layer over time."""
    inputs = kerasette.Input((6,))
    hidden = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)])(layers.Reshape((3, 2))(inputs))
    hidden = layers.TimeDistributed(layers.Dense(2))(layers.RepeatVector(2)(hidden))
    return compiled(kerasette.Model(inputs, layers.Dense(3, "softmax")(layers.Flatten()(hidden))))


def tables():
    """A table of rows, layers that were adapted to data, and a function as a layer."""
    inputs = kerasette.Input((6,))
    numbers = ops.cast(ops.abs(inputs) * 3, "int32")
    normalization, bins = layers.Normalization(), layers.Discretization(num_bins=4)
    normalization.adapt(X)
    bins.adapt(X)
    parts = [layers.EmbeddingBag(30, 4)(numbers), normalization(inputs), bins(inputs)]
    hidden = layers.Lambda(ops.tanh)(layers.Concatenate()([ops.cast(p, "float32") for p in parts]))
    rate = optimizers.schedules.ExponentialDecay(0.1, 3, 0.5)
    return compiled(
        kerasette.Model(inputs, layers.Dense(3, "softmax")(hidden)), optimizers.SGD(rate, 0.9)
    )


def two_outputs():
    """Losses, weights and metrics by name."""
    inputs = kerasette.Input((6,))
    hidden = layers.Dense(4)(inputs)
    outputs = [layers.Dense(3, "softmax", name="a")(hidden), layers.Dense(1, name="b")(hidden)]
    model = kerasette.Model(inputs, outputs)
    model.compile(
        "adam",
        {"a": "sparse_categorical_crossentropy", "b": losses.Huber(0.5)},
        loss_weights={"a": 1.0, "b": 0.3},
        metrics={"a": ["accuracy"], "b": ["mae"]},
    )
    return model


def frozen():
    """A layer that is not trained."""
    model = stack()
    model.layers[0].trainable = False
    return compiled(model)


OPTIMIZERS = {
    "accumulating": lambda: optimizers.AdamW(
        0.01, use_ema=True, ema_overwrite_frequency=3, gradient_accumulation_steps=2, clipnorm=0.1
    ),
    "loss_scaling": lambda: optimizers.LossScaleOptimizer(
        optimizers.Adam(0.01), dynamic_growth_steps=2
    ),
    "SGD": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    **{
        name: lambda name=name: getattr(optimizers, name)(0.01)
        for name in ("Adadelta", "Adagrad", "Adamax", "Ftrl", "Lion", "Nadam", "RMSprop")
    },
}
MODELS = {
    **{f.__name__: f for f in (stack, graph, recurrent, stateful, cells, tables)},
    **{f.__name__: f for f in (two_outputs, frozen)},
    "subclass": lambda: compiled(Net()),
    "own step": lambda: compiled(NetWithStep()),
    "eager": lambda: compiled(Net(), run_eagerly=True),
    **{name: lambda make=make: stack(make()) for name, make in OPTIMIZERS.items()},
}


def targets(model):
    """What it is trained on."""
    return [Y, X[:, :1]] if len(getattr(model, "output_names", "")) == 2 else Y


def state(model):
    """All its variables."""
    groups = model.variables, model.optimizer.variables, model.metrics_variables
    return [variable.numpy() for group in groups for variable in group]


@by(FEW_WAYS)
@pytest.mark.parametrize("epochs", [0, 2])
@pytest.mark.parametrize("name", MODELS)
def test_a_copy_goes_on_as_the_original(name, epochs, copied):
    kerasette.utils.set_random_seed(1)
    model = MODELS[name]()
    model.build((8, 6))
    y = targets(model)
    if epochs:
        model.fit(X, y, epochs=epochs, **FIT)
    twin = copied(model)
    assert twin.get_compile_config() == model.get_compile_config()
    assert same(state(twin), state(model))
    found, expected = (one.predict(X, batch_size=8, verbose=0) for one in (twin, model))
    assert same(found, expected)
    before = state(model)
    draws = global_seed_generator().state.numpy()
    twin.fit(X, y, epochs=1, **FIT)
    assert same(state(model), before)
    after = state(twin)
    global_seed_generator().state.assign(draws)
    model.fit(X, y, epochs=1, **FIT)
    assert same(state(model), after) and same(state(twin), after)


def test_an_unbuilt_model_is_copied_unbuilt():
    for copied in FEW_WAYS.values():
        twin = copied(compiled(kerasette.Sequential([layers.Dense(4), layers.Dense(3)])))
        assert not twin.built
        twin.fit(X, Y, **FIT)
        uncompiled = copied(kerasette.Sequential([kerasette.Input((6,)), layers.Dense(3)]))
        assert not uncompiled.compiled and uncompiled(X).shape == (24, 3)


@by(WAYS)
def test_parts_of_a_copy_belong_together(copied):
    model = stack()
    model.fit(X, Y, **FIT)
    twin, optimizer, layer = copied((model, model.optimizer, model.layers[0]))
    assert twin.optimizer is optimizer and twin.layers[0] is layer
    assert twin._compile_arguments["optimizer"] is optimizer
    pairs = zip(optimizer._trainable_variables, twin.trainable_variables, strict=True)
    assert all(mine is theirs for mine, theirs in pairs)


@by(WAYS)
def test_two_models_go_on_sharing_a_layer(copied):
    inputs, shared = kerasette.Input((6,)), layers.Dense(3)
    models = [kerasette.Model(inputs, shared(x)) for x in (inputs, ops.tanh(inputs))]
    one, other = copied(models)
    assert one.layers[-1] is other.layers[-1] is not shared
    assert same(other(X), models[1](X))


def test_a_deep_stack_has_no_limit():
    model = kerasette.Sequential([kerasette.Input((6,)), *(layers.Dense(6) for _ in range(300))])
    for copied in FEW_WAYS.values():
        assert same(copied(model)(X), model(X))


@by(FEW_WAYS)
def test_a_regularizer_changed_in_the_copy_acts_there_alone(copied):
    model = stack()
    twin = copied(model)
    twin.layers[0].kernel_regularizer.l2 = np.float32(5.0)
    before = model.evaluate(X, Y, verbose=0)[0]
    assert twin.evaluate(X, Y, verbose=0)[0] > before + 1


def test_a_shallow_copy_is_a_deep_one_as_in_keras():
    model = stack()
    model.fit(X, Y, **FIT)
    twin, before = copy.copy(model), state(model)
    assert same(state(twin), before)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=[])
    expected = model.evaluate(X, Y, verbose=0)
    # Recordings are not shared, either.
    twin.compile("sgd", lambda y_true, y_pred: ops.zeros((24,)), metrics=[])
    twin.layers[0].kernel_regularizer.l2 = np.float32(0)
    assert twin.evaluate(X, Y, verbose=0) == 0.0
    assert model.evaluate(X, Y, verbose=0) == expected
    twin.set_weights([weight * 0 for weight in twin.get_weights()])
    assert same([v.numpy() for v in model.variables], before[: len(model.variables)])


# ---- while and after a fit -----------------------------------------------------------


class Keep(kerasette.callbacks.Callback):
    """Copies the model at the end of epoch 1."""

    def __init__(self, copied):
        super().__init__()
        self.copied = copied

    def on_epoch_end(self, epoch, logs=None):
        if epoch == 1:
            self.twin = self.copied(self.model)


@by({name: WAYS[name] for name in ("deepcopy", "pickle 5")})
def test_a_copy_that_a_callback_makes_goes_on_by_itself(copied):
    model = stack()
    keep = Keep(copied)
    model.fit(X, Y, epochs=4, callbacks=[keep], **FIT)
    keep.twin.fit(X, Y, epochs=2, **FIT)
    assert same(keep.twin.get_weights(), model.get_weights())


@by(WAYS)
def test_a_history_comes_with_its_model(copied):
    model = stack()
    history = model.fit(X, Y, epochs=2, **FIT)
    twin = copied(history)
    assert (twin.history, twin.epoch, twin.params) == (history.history, [0, 1], history.params)
    assert twin.model is not model and twin.model.history is twin


@by(WAYS)
def test_callbacks_are_copied_with_what_they_have_seen(copied, tmp_path):
    stopping = kerasette.callbacks.EarlyStopping("loss", patience=1)
    reducing = kerasette.callbacks.ReduceLROnPlateau("loss", patience=1)
    writing = kerasette.callbacks.CSVLogger(str(tmp_path / "log.csv"))
    stack().fit(X, Y, epochs=2, callbacks=[stopping, reducing, writing], **FIT)
    twins = copied([stopping, reducing, writing])
    assert twins[0].best == stopping.best and twins[1].best == reducing.best
    assert twins[0].model is twins[2].model


# ---- in another process --------------------------------------------------------------

READ = """
import io, pickle, sys

import numpy as np

written, x, y, rows, weights = pickle.load(open("written", "rb"))
assert "kerasette" not in sys.modules
model = pickle.loads(written)
assert model.predict(x, verbose=0).tobytes() == rows.tobytes()
model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0)
assert all(a.tobytes() == b.tobytes() for a, b in zip(model.get_weights(), weights, strict=True))
assert model.replayed_steps > 0
"""


def read_elsewhere(folder, model, written, y):
    """Reads a pickled model in a process of its own, which compares what comes of it."""
    rows = model.predict(X, verbose=0)
    model.fit(X, y, epochs=3, **FIT)
    with open(folder / "written", "wb") as file:
        pickle.dump((written, X, y, rows, model.get_weights()), file)
    # In a folder of its own: the tests' modules are not found there.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", READ], cwd=folder, check=True, env=environment)


def test_another_process_predicts_and_trains_the_same(tmp_path):
    model = stack()
    model.fit(X, Y, **FIT)
    read_elsewhere(tmp_path, model, pickle.dumps(model), Y)


NOTEBOOK = """
import kerasette
from kerasette import layers, ops


class Scaled(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units))

    def call(self, inputs, training=False):
        return ops.tanh(inputs @ self.kernel)


class Doubled(kerasette.losses.Loss):
    def call(self, y_true, y_pred):
        return 2 * kerasette.losses.sparse_categorical_crossentropy(y_true, y_pred)


class Largest(kerasette.metrics.Metric):
    def __init__(self, name="largest"):
        super().__init__(name=name)
        self.value = self.add_weight(shape=(), name="value")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.value.assign(ops.maximum(self.value, ops.max(y_pred)))

    def result(self):
        return self.value


class Descent(kerasette.optimizers.Optimizer):
    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, learning_rate * gradient)


class Model(kerasette.Model):
    def __init__(self):
        inputs = kerasette.Input((6,))
        hidden = layers.Lambda(lambda x: x * 2)(Scaled(5)(inputs))
        super().__init__(inputs, layers.Dense(3, "softmax")(hidden))


model = Model()
model.compile(Descent(0.1), Doubled(), metrics=[Largest()])
"""


def test_classes_of_a_notebook_go_to_another_process(tmp_path):
    names = {"__name__": "__main__"}
    exec(textwrap.dedent(NOTEBOOK), names)
    model = names["model"]
    model.fit(X, Y, **FIT)
    read_elsewhere(tmp_path, model, pytest.importorskip("cloudpickle").dumps(model), Y)


# ---- files ---------------------------------------------------------------------------


@pytest.mark.parametrize("compress", [0, 3])
def test_joblib_writes_and_reads_models(compress):
    model = stack()
    model.fit(X, Y, **FIT)
    twin = through_joblib(model, compress=compress)
    assert same(state(twin), state(model))


def test_a_model_in_mapped_memory_predicts_and_trains(tmp_path):
    joblib = pytest.importorskip("joblib")
    model = stack()
    model.fit(X, Y, **FIT)
    joblib.dump(model, tmp_path / "model")
    before = (tmp_path / "model").read_bytes()
    twin = joblib.load(tmp_path / "model", mmap_mode="r")
    assert same(twin.predict(X, verbose=0), model.predict(X, verbose=0))
    for one in (model, twin):
        one.fit(X, Y, **FIT)
    assert same(state(twin), state(model))
    assert (tmp_path / "model").read_bytes() == before


def digits_sized(epochs):
    """A network as for the digits, trained, and the bytes of what it has learned."""
    model = kerasette.Sequential(
        [kerasette.Input((64,)), layers.Dense(100, "relu"), layers.Dense(10, "softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = RNG.normal(size=(256, 64)), RNG.integers(0, 10, 256)
    model.fit(x, y, epochs=epochs, validation_data=(x, y), verbose=0)
    model.predict(x, verbose=0)
    learned = [*model.variables, *model.optimizer.variables]
    return model, sum(variable.numpy().nbytes for variable in learned)


def test_a_pickle_is_little_more_than_weights_and_state():
    model, learned = digits_sized(epochs=200)
    # 200 epochs of four numbers are 7 KB of it, names and configs 8 KB.
    assert len(pickle.dumps(model)) < 1.25 * learned
    assert len(pickle.dumps(model.optimizer)) < 1.1 * learned
    # Neither data nor recordings are in it.
    model.predict(np.zeros((5000, 64)), verbose=0)
    assert len(pickle.dumps(model)) < 1.25 * learned


def test_a_pickle_knows_nothing_of_the_machine():
    model, _ = digits_sized(epochs=1)
    texts = [
        argument
        for _, argument, _ in pickletools.genops(pickle.dumps(model))
        if isinstance(argument, str)
    ]
    assert not [text for text in texts if text.startswith("/") or os.getcwd() in text]
    names = ("avx", "thread", "openblas", os.path.expanduser("~"), sys.prefix)
    assert not [text for text in texts for name in names if name in text.lower()]


def test_a_pickle_has_the_same_bytes_for_any_number_of_threads(tmp_path):
    code = """
        import numpy as np, pickle, sys, kerasette
        from kerasette import layers
        kerasette.config.set_num_threads(int(sys.argv[1]))
        kerasette.utils.set_random_seed(1)
        model = kerasette.Sequential([kerasette.Input((64,)), layers.Dense(300), layers.Dense(3)])
        model.compile("adam", "mse")
        model.fit(np.ones((64, 64)), np.ones((64, 3)), verbose=0)
        sys.stdout.buffer.write(pickle.dumps(model))
    """
    found = [
        subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code), threads],
            cwd=tmp_path, check=True, capture_output=True,
        ).stdout
        for threads in "12"
    ]  # fmt: skip
    assert found[0] == found[1]


# ---- errors --------------------------------------------------------------------------


class Replacing(pickle.Pickler):
    """Writes a variable with another value than it has."""

    def __init__(self, file, path, change):
        super().__init__(file, 4)
        self.path = path
        self.change = change

    def reducer_override(self, value):
        if not isinstance(value, kerasette.Variable) or not value.path.endswith(self.path):
            return NotImplemented
        make, (array, *others) = value.__reduce__()
        return make, (self.change(array), *others)


CHANGES = {
    "long": lambda array: np.resize(array, (7, *array.shape)),
    "empty": lambda array: np.zeros((0, *array.shape), array.dtype),
    "objects": lambda array: np.array([None]),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    "path", ["dense/kernel", "gamma", "seed_generator_state", "momentum", "iteration", "rate"]
)
def test_values_that_do_not_fit_raise_and_do_not_crash(path, change):
    kerasette.utils.clear_session(free_memory=False)
    model = stack()
    model.fit(X, Y, **FIT)
    file = io.BytesIO()
    Replacing(file, path, CHANGES[change]).dump(model)
    with pytest.raises((TypeError, ValueError)):
        pickle.loads(file.getvalue()).fit(X, Y, **FIT)


def test_what_cloudpickle_has_read_can_be_written_again():
    model = through_cloudpickle(stack())
    assert same(pickle.loads(pickle.dumps(model))(X), model(X))
