"""What training keeps, resets and counts, beyond the numbers that the golden scripts compare."""

import warnings

import numpy as np
import pytest
from agreement import assert_agree

import kerasette
from kerasette import layers, ops

rng = np.random.default_rng(9)
N = 24
X = rng.normal(size=(N, 4)).astype("float32")
Y = (X[:, :1] - X[:, 1:2] ** 2).astype("float32")
WEIGHT = rng.uniform(0, 2, N).astype("float32")
CLASSES = (X[:, 0] > 0).astype("int64")


def make(*stack, **arguments):
    kerasette.utils.clear_session()
    kerasette.utils.set_random_seed(5)
    model = kerasette.Sequential(
        [kerasette.Input((4,)), *(stack or [layers.Dense(5, activation="tanh"), layers.Dense(1)])]
    )
    model.compile(**{"optimizer": "sgd", "loss": "mse", **arguments})
    return model


# ---- arguments of compile ------------------------------------------------------------


class Draws(layers.Layer):
    """Adds what NumPy draws, at each call."""

    def call(self, inputs):
        return inputs + float(np.random.uniform())

    def compute_output_shape(self, input_shape):
        return input_shape


def test_eager_runs_draw_at_each_step():
    model = make(Draws(), layers.Dense(1), run_eagerly=True)
    np.random.seed(0)
    model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    drawn = np.random.get_state()[2]
    np.random.seed(0)
    np.random.uniform(size=12)
    assert np.random.get_state()[2] == drawn
    assert (model.replayed_steps, model.eager_steps) == (0, 12)
    model.predict(X, batch_size=4, verbose=0)
    assert (model.replayed_steps, model.eager_steps) == (0, 18)


def test_run_eagerly_may_be_switched_without_compiling():
    model = make()
    model.fit(X, Y, batch_size=4, verbose=0)
    assert (model.replayed_steps, model.eager_steps) == (5, 1)
    model.run_eagerly = True
    model.fit(X, Y, batch_size=4, verbose=0)
    assert (model.replayed_steps, model.eager_steps) == (5, 7)


def test_loss_weights_in_all_forms_are_factors():
    plain = make().evaluate(X, Y, verbose=0)
    for weights in (0.5, [0.5], (0.5,), {"dense_1": 0.5}, np.float32(0.5), 0):
        factor = 0.0 if weights == 0 else 0.5
        found = make(loss_weights=weights).evaluate(X, Y, verbose=0)
        assert_agree(found, factor * plain)


def test_jit_and_loss_scaling_change_nothing():
    expected = make().fit(X, Y, batch_size=5, verbose=0, shuffle=False).history
    for arguments in ({"jit_compile": True}, {"jit_compile": False}, {"auto_scale_loss": False}):
        model = make(**arguments)
        assert model.fit(X, Y, batch_size=5, verbose=0, shuffle=False).history == expected


# ---- losses that are missing, infinite, or added ---------------------------------------


def test_nothing_to_minimize_says_so_and_nothing_happens():
    model = make(loss=None)
    before = model.get_weights()
    for call in (
        lambda: model.fit(X, Y, verbose=0),
        lambda: model.fit(X, verbose=0),
        lambda: model.evaluate(X, Y, verbose=0),
        lambda: model.train_on_batch(X, Y),
        lambda: model.test_on_batch(X),
    ):
        with pytest.raises(ValueError, match="No loss to compute"):
            call()
    np.testing.assert_equal(model.get_weights(), before)
    assert int(model.optimizer.iterations) == 0


def test_without_an_optimizer_training_says_so():
    model = make(optimizer=None)
    for call in (model.fit, model.train_on_batch):
        with pytest.raises(ValueError, match=r"without an optimizer.*compile\(\)"):
            call(X, Y)


def test_metrics_without_targets_are_refused():
    model = make(layers.Dense(1, kernel_regularizer="l2"), loss=None, metrics=["mae"])
    with pytest.raises(ValueError, match="`y` is None"):
        model.fit(X, verbose=0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_shows(value):
    x = X.copy()
    x[20, 0] = value
    model = make(layers.Dense(1), metrics=["mae"])
    history = model.fit(x, Y, batch_size=4, epochs=2, shuffle=False, verbose=0).history
    assert not np.isfinite(history["loss"]).any() and not np.isfinite(history["mae"]).any()
    assert np.isnan(model.get_weights()[0][0]).all()
    fresh = make(layers.Dense(1)).predict(x, batch_size=4, verbose=0)
    assert np.isfinite(fresh[:20]).all() and not np.isfinite(fresh[20]).any()
    assert np.isfinite(fresh[21:]).all()


def test_predict_of_nothing():
    model = make(layers.Reshape((2, 2)), layers.Dense(3))
    assert model.predict(X[:0], verbose=0).shape == (0, 2, 3)
    assert model.predict_on_batch(X[:0]).shape == (0, 2, 3)


# ---- trainable ------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch", "test_on_batch"])
def test_trainable_after_compile_warns_once(method):
    model = make()
    model.layers[0].trainable = False
    with pytest.warns(UserWarning, match=r"`trainable` state has changed.*\['dense'\]"):
        getattr(model, method)(X, Y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        getattr(model, method)(X, Y)
        model.compile("sgd", "mse")
        getattr(model, method)(X, Y)


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
def test_a_model_without_trainable_weights_fits_and_stays():
    model = make(layers.Dense(1, trainable=False), optimizer="adam")
    before = model.get_weights()
    history = model.fit(X, Y, epochs=2, batch_size=4, shuffle=False, verbose=0).history["loss"]
    np.testing.assert_equal(model.get_weights(), before)
    assert history[0] == history[1]


# ---- after a change -------------------------------------------------------------------


class Counted(layers.Layer):
    """Counts its calls in a weight that is trainable, as all are where nothing else is said."""

    def __init__(self, is_trainable=True):
        super().__init__()
        self.is_trainable = is_trainable

    def build(self, input_shape):
        shared = {"initializer": "zeros", "trainable": self.is_trainable}
        self.calls = self.add_weight(shape=(), dtype="int32", name="calls", **shared)
        self.is_used = self.add_weight(shape=(), dtype="bool", name="is_used", **shared)
        self.kernel = self.add_weight(shape=(input_shape[-1], 1), name="kernel")

    def call(self, inputs):
        self.calls.assign_add(1)
        self.is_used.assign(True)
        return ops.matmul(inputs, self.kernel)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], 1)


class StepsOfOnesOwn(kerasette.Sequential):
    def train_step(self, data):
        x, y = data
        with kerasette.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        weights = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return {"loss": loss}


MOVED = {
    "plain": lambda: kerasette.optimizers.SGD(0.1),
    "averaged": lambda: kerasette.optimizers.Adam(
        0.1, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
    ),
    "accumulated": lambda: kerasette.optimizers.Lion(
        0.1, gradient_accumulation_steps=2, global_clipnorm=1.0, weight_decay=0.1
    ),
    "scaled": lambda: kerasette.optimizers.LossScaleOptimizer(
        kerasette.optimizers.RMSprop(0.1, use_ema=True, clipnorm=1.0)
    ),
}


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("name", MOVED)
def test_trainable_integers_and_bools_are_left_to_the_layer(name, eager):
    """On PyTorch, Keras makes no such variables."""
    results = []
    for is_trainable in (True, False):
        model = make(Counted(is_trainable), optimizer=MOVED[name](), run_eagerly=eager)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0)
        assert (model.replayed_steps > 0) is not eager
        layer = model.layers[0]
        assert len(model.trainable_variables) == (3 if is_trainable else 1)
        assert (int(layer.calls.numpy()), bool(layer.is_used.numpy())) == (12, True)
        results.append([layer.kernel.numpy(), *[v.numpy() for v in model.optimizer.variables]])
        n_variables = len(model.optimizer.variables)
        model.compile_from_config(model.get_compile_config())
        assert len(model.optimizer.variables) == n_variables
    for found, expected in zip(*results, strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["plain", "averaged"])
def test_steps_of_ones_own_may_hand_integers_to_the_optimizer(name):
    model = StepsOfOnesOwn([kerasette.Input((4,)), Counted()])
    model.compile(MOVED[name](), "mse")
    before = model.layers[0].kernel.numpy()
    with pytest.warns(UserWarning, match="Gradients do not exist for variables .*calls.*is_used"):
        model.fit(X, Y, batch_size=4, verbose=0)
    assert model.layers[0].calls.numpy() == 6
    assert (model.layers[0].kernel.numpy() != before).all()


def test_a_model_whose_trainable_weights_are_integers_fits_and_stays():
    class Counts(layers.Layer):
        def build(self, input_shape):
            self.calls = self.add_weight(shape=(), dtype="int32", initializer="zeros")

        def call(self, inputs):
            self.calls.assign_add(1)
            return inputs

    model = make(Counts(), optimizer="adam")
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        model.fit(X, X, batch_size=4, verbose=0)
    assert model.layers[0].calls.numpy() == 6


def test_a_new_loss_is_used_from_the_next_step_on():
    model = make(optimizer="adam", metrics=["mae"])
    model.fit(X, Y, batch_size=4, epochs=2, verbose=0)
    optimizer, steps = model.optimizer, int(model.optimizer.iterations)
    model.compile(optimizer, "mae", metrics=["mse"])
    found = model.evaluate(X, Y, verbose=0, return_dict=True)
    error = Y - model.predict(X, verbose=0)
    assert_agree(found["loss"], abs(error).mean())
    assert_agree(found["mse"], (error**2).mean())
    model.fit(X, Y, batch_size=4, epochs=2, verbose=0)
    assert int(optimizer.iterations) == steps + 12


@pytest.mark.parametrize("arguments", [
    {"sample_weight": WEIGHT},
    {"class_weight": {0: 2.0}},
    {"validation_split": 0.25},
    {"validation_data": (X, CLASSES, WEIGHT), "validation_batch_size": 7},
    {"steps_per_epoch": 3},
    {"shuffle": "batch"},
])  # fmt: skip
def test_all_arguments_replay(arguments):
    stack = [layers.Dense(2, activation="softmax", activity_regularizer="l2")]
    model = make(*stack, loss="sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
    model.fit(X, CLASSES, batch_size=4, epochs=3, verbose=0, **arguments)
    n_train = 6 if "steps_per_epoch" not in arguments else 3
    if "validation_split" in arguments:
        n_train = 5
    assert model.replayed_steps >= 3 * n_train - 3
    # A batch that comes once is not recorded, nor one that is short at its first time.
    assert model.eager_steps <= 7


def test_masks_and_weights_of_steps_replay():
    x = rng.integers(0, 4, (N, 3))
    model = kerasette.Sequential(
        [
            kerasette.Input((3,), dtype="int32"),
            layers.Embedding(4, 2, mask_zero=True),
            layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse", metrics=["mae"])
    weight = rng.uniform(size=(N, 3))
    y = rng.normal(size=(N, 3, 1))
    model.fit(x, y, batch_size=4, epochs=2, sample_weight=weight, verbose=0)
    assert model.replayed_steps == 11


def test_functions_as_losses_and_metrics_have_their_names():
    def distance(y_true, y_pred):
        return ops.mean(ops.absolute(y_true - y_pred), axis=-1)

    model = make(loss=distance, metrics=[distance, "mae"])
    loss, first, second = model.evaluate(X, Y, verbose=0)
    assert loss == first == second
    assert list(model.evaluate(X, Y, verbose=0, return_dict=True)) == ["distance", "loss", "mae"]


def test_compile_keeps_losses_and_metrics_unless_it_names_others():
    """As Keras does; each golden number is that of NumPy."""
    model = make(metrics=["mae"], weighted_metrics=["mse"], loss_weights=0.5)
    model.fit(X, Y, verbose=0)
    model.compile("sgd")
    error = Y - model.predict(X, verbose=0)
    squares, distances = (error**2).mean(), abs(error).mean()
    assert model.loss == "mse"
    assert_agree(model.evaluate(X, Y, verbose=0), [squares / 2, distances, squares])
    model.compile("sgd", "mae")
    assert_agree(model.evaluate(X, Y, verbose=0), [distances, distances, squares])
    model.compile("sgd", metrics=["mse"])
    assert_agree(model.evaluate(X, Y, verbose=0), [distances, squares])
    model.compile("sgd", metrics=[])
    assert_agree(model.evaluate(X, Y, verbose=0), distances)


def test_steps_at_a_time_end_where_the_epoch_does():
    """5 steps, 2 at a time, are 5; Keras's iterator takes a sixth."""
    model = make(steps_per_execution=2)
    batches = []

    class Batches(kerasette.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            batches.append(("begin", batch))

        def on_train_batch_end(self, batch, logs=None):
            batches.append(("end", batch))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(X, Y, batch_size=2, steps_per_epoch=5, verbose=0, callbacks=[Batches()])
    assert int(model.optimizer.iterations) == 5
    assert batches == [(hook, b) for b in (0, 2, 4) for hook, b in (("begin", b), ("end", b + 1))]


def test_metrics_names_are_those_of_keras():
    model = kerasette.Sequential([kerasette.Input((2,)), kerasette.layers.Dense(1)])
    assert model.metrics_names == []
    model.compile(loss="mse")
    assert model.metrics_names == ["loss"]
    model.compile(loss="mse", metrics=["mae"])
    assert model.metrics_names == ["loss", "compile_metrics"]
