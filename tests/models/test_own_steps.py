"""What steps of subclasses may do, what they are given, and what becomes of mistakes in them."""

import types
import warnings

import numpy as np
import pytest
from agreement import assert_agree

import kerasette
from kerasette import GradientTape, layers, metrics, ops

rng = np.random.default_rng(31)
N, BATCH = 20, 5
X = rng.normal(size=(N, 3)).astype("float32")
Y = rng.normal(size=(N, 2)).astype("float32")
WEIGHTS = rng.uniform(0, 2, N).astype("float32")


def make(cls, *arguments, compiles=True, **compile_arguments):
    kerasette.utils.clear_session()
    kerasette.utils.set_random_seed(3)
    inputs = kerasette.Input((3,))
    model = cls(inputs, layers.Dense(2)(layers.Dense(4, activation="tanh")(inputs)), *arguments)
    if compiles:
        model.compile(**{"optimizer": "adam", "loss": "mse", **compile_arguments})
    return model


def fit(model, **arguments):
    arguments = {"x": X, "y": Y, "batch_size": BATCH, "shuffle": False, "verbose": 0, **arguments}
    return model.fit(**arguments).history


def descend(model, data, change=lambda loss: loss):
    """A step as subclasses write it; returns the loss."""
    x, y = data
    with GradientTape() as tape:
        loss = change(model.compute_loss(x, y, model(x, training=True)))
    variables = model.trainable_variables
    model.optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


# ---- what steps are given ------------------------------------------------------------------


class Curious(kerasette.Model):
    """Notes what its steps are given."""

    seen = ()

    def note(self, mode, data):
        form = kerasette.tree.map_structure(lambda tensor: tensor.shape, data)
        type(self).seen = (*self.seen, (mode, form))

    def train_step(self, data):
        self.note("train", data)
        return {"none": ops.zeros(())}

    def test_step(self, data):
        self.note("test", data)
        return {"none": ops.zeros(())}

    def predict_step(self, data):
        self.note("predict", data)
        return super().predict_step(data)


X_FORM, Y_FORM, W_FORM = (10, 3), (10, 2), (10,)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"x": X}, X_FORM),
        ({"x": X, "y": Y}, (X_FORM, Y_FORM)),
        ({"x": X, "y": Y, "sample_weight": WEIGHTS}, (X_FORM, Y_FORM, W_FORM)),
        ({"x": X, "y": [Y, WEIGHTS]}, (X_FORM, [Y_FORM, W_FORM])),
        ({"x": X, "y": {"a": Y}}, (X_FORM, {"a": Y_FORM})),
    ],
)
def test_data_is_a_tuple_as_in_keras(arguments, expected):
    Curious.seen = ()
    model = make(Curious, compiles=False)
    model.compile("sgd")
    model.fit(**arguments, batch_size=10, verbose=0)
    model.evaluate(**arguments, batch_size=10, verbose=0)
    half = {
        name: kerasette.tree.map_structure(lambda a: a[:10], v) for name, v in arguments.items()
    }
    model.train_on_batch(**half)
    model.test_on_batch(**half)
    modes = [mode for mode, _ in Curious.seen]
    assert modes == sorted(modes, key=["train", "test"].index) or modes[-2:] == ["train", "test"]
    assert all(form == expected for _, form in Curious.seen)
    Curious.seen = ()
    model.predict(X, batch_size=10, verbose=0)
    model.predict_on_batch(X[:10])
    assert {form for _, form in Curious.seen} == {X_FORM}


def test_single_batches_go_through_steps_of_ones_own():
    class Own(kerasette.Model):
        def train_step(self, data):
            return {"z": descend(self, data), "a": {"b": 2}}

        def test_step(self, data):
            return {"mean": ops.mean(data[1])}

        def predict_step(self, data):
            return {"twice": 2 * self(data), "sum": [ops.sum(data, axis=-1)]}

    model = make(Own)
    before = model.get_weights()
    expected = ((model.predict(X, verbose=0)["twice"] / 2 - Y) ** 2).mean()
    logs = model.train_on_batch(X, Y, return_dict=True)
    assert list(logs) == ["b", "z"]
    assert_agree([logs["b"], logs["z"]], [2, expected])
    assert any((a != b).any() for a, b in zip(before, model.get_weights()))
    assert_agree(model.test_on_batch(X, Y), Y.mean())
    found = model.predict_on_batch(X)
    assert_agree(found["sum"][0], X.sum(-1))
    assert_agree(found["twice"], 2 * np.asarray(model(X)))


def test_no_logs_are_no_logs():
    class Own(kerasette.Model):
        def train_step(self, data):
            descend(self, data)
            return {}

    model = make(Own)
    assert fit(model, epochs=2) == {}
    assert model.train_on_batch(X, Y) == []


# ---- Python within steps -------------------------------------------------------------------


class Reads(kerasette.Model):
    """Looks at numbers within its step."""

    def train_step(self, data):
        loss = descend(self, data, lambda loss: loss * 2 if float(loss) > 1.2 else loss)
        return {"loss_of_batch": float(loss), "rounded": round(float(loss.numpy()), 1)}


def test_steps_that_look_at_numbers_run_eagerly():
    model, eager = make(Reads), make(Reads)
    eager.run_eagerly = True
    histories = [fit(m, epochs=4) for m in (model, eager)]
    assert histories[0] == histories[1]
    assert len(set(histories[0]["loss_of_batch"])) == 4
    assert model.replayed_steps == 0
    for a, b in zip(model.get_weights(), eager.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


class Counts(kerasette.Model):
    """Has Python state that each step changes."""

    steps = 0

    def train_step(self, data):
        self.steps += 1
        return {"own": descend(self, data, lambda loss: loss * self.steps), "steps": self.steps}


def test_attributes_that_steps_change_are_never_stale():
    histories = []
    for run_eagerly in (False, True):
        model = make(Counts)
        model.run_eagerly = run_eagerly
        histories.append(fit(model, epochs=3))
    assert histories[0] == histories[1]
    assert histories[0]["steps"] == [4, 8, 12]


# ---- mistakes ------------------------------------------------------------------------------


@pytest.mark.parametrize("returned", [None, 3.0, [1.0], ops.zeros(())])
@pytest.mark.parametrize("method", ["train_step", "test_step", "compute_metrics"])
def test_steps_return_a_dict(returned, method):
    def own(self, *args, **kwargs):
        return returned

    model = make(type("Own", (kerasette.Model,), {method: own}))
    before = model.get_weights()
    call = model.evaluate if method == "test_step" else model.fit
    with pytest.raises(TypeError, match=rf"`{method}\(\)` must return a dict of logs"):
        call(X, Y, verbose=0)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_error_in_a_step_leaves_the_weights_of_before():
    class Own(kerasette.Model):
        def train_step(self, data):
            descend(self, data)
            raise RuntimeError("too late")

    model = make(Own)
    before = model.get_weights()
    with pytest.raises(RuntimeError, match="too late"):
        fit(model)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert int(model.optimizer.iterations) == 0


def test_gradients_that_are_missing():
    class Own(kerasette.Model):
        def train_step(self, data):
            x, _ = data
            with GradientTape() as tape:
                loss = ops.mean(self.chosen(x))
            variables = self.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
            return {"own": loss}

    model = make(Own)
    model.chosen = lambda x: x
    with pytest.raises(ValueError, match="No gradients provided for any variable"):
        fit(model)
    model.chosen = model.layers[1]
    with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \['dense/kernel'"):
        fit(model)


def test_a_loss_is_needed():
    model = make(kerasette.Model, loss=None)
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=r"No loss to compute\. Provide a `loss` argument in"):
            call(X, Y, verbose=0)


@pytest.mark.parametrize("method", ["train_step", "test_step"])
def test_targets_are_not_broadcast_where_steps_of_ones_own_use_the_compiled_loss(method):
    def own(self, data):
        x, y = data
        if method == "train_step":
            return {"own": descend(self, data)}
        return {"own": self.compute_loss(x, y, self(x))}

    model = make(type("Own", (kerasette.Model,), {method: own}))
    before = model.get_weights()
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=r"expects targets of shape \(None, 2\)"):
            call(X, Y[:, :1], verbose=0)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_model_without_weights_to_train_warns():
    model = make(kerasette.Model)
    model.trainable = False
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        fit(model)


def test_targets_are_needed_by_losses_unless_a_subclass_says_what_they_are():
    with pytest.raises(ValueError, match="fit needs targets: `y` is None"):
        make(kerasette.Model).fit(X, verbose=0)

    class Own(kerasette.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return super().compute_loss(x, x[:, :2], y_pred, sample_weight, training)

    model = make(Own, optimizer="sgd")
    expected = ((model.predict(X, verbose=0) - X[:, :2]) ** 2).mean()
    assert_agree(model.evaluate(X, verbose=0), expected)
    assert len(fit(model, y=None, epochs=2)["loss"]) == 2


# ---- what may be left out or overridden -----------------------------------------------------


def test_no_optimizer_is_needed_by_steps_of_ones_own():
    class Own(kerasette.Model):
        def train_step(self, data):
            self.kernel.assign_add(ops.ones_like(self.kernel))
            return {"sum": ops.sum(self.kernel)}

    model = make(Own, compiles=False)
    model.kernel = model.layers[1].kernel
    model.compile(optimizer=None)
    start = float(ops.sum(model.kernel))
    history = fit(model, epochs=3)
    size = model.kernel.shape[0] * model.kernel.shape[1]
    assert_agree(history["sum"], [start + 4 * size * (epoch + 1) for epoch in range(3)])
    with pytest.raises(ValueError, match="compiled without an optimizer"):
        make(kerasette.Model, optimizer=None).fit(X, Y, verbose=0)


class WithoutCall(kerasette.Model):
    """Has no `call`, and optimizers of its own, which no one has built."""

    def __init__(self, part):
        super().__init__()
        self.part = part
        self.own_optimizer = kerasette.optimizers.Adam(0.1)

    def train_step(self, data):
        x, y = data
        with GradientTape() as tape:
            loss = ops.mean(ops.square(self.part(x, training=True) - y))
        variables = self.part.trainable_weights
        self.own_optimizer.apply(tape.gradient(loss, variables), variables)
        return {"own": loss}


def test_a_model_without_call_and_optimizers_built_by_the_first_step():
    histories, states = [], []
    for run_eagerly in (False, True):
        model = WithoutCall(make(kerasette.Model, compiles=False))
        model.compile(run_eagerly=run_eagerly)
        histories.append(fit(model, epochs=3))
        states.append([v.numpy() for v in (*model.weights, *model.own_optimizer.variables)])
        assert (model.replayed_steps >= 9) is not run_eagerly
    assert histories[0] == histories[1]
    assert histories[0]["own"][2] < histories[0]["own"][0]
    for a, b in zip(*states, strict=True):
        np.testing.assert_array_equal(a, b)
    assert int(model.own_optimizer.iterations) == 12


def test_layers_built_by_the_first_step():
    """As by the default step, from the same weights."""

    def trained(cls):
        kerasette.utils.clear_session()
        kerasette.utils.set_random_seed(3)
        model = cls([layers.Dense(4, activation="tanh"), layers.Dense(2)])
        model.compile("adam", "mse")
        fit(model, epochs=3)
        return model

    class Own(kerasette.Sequential):
        def train_step(self, data):
            return {"own": descend(self, data)}

    found, expected = trained(Own), trained(kerasette.Sequential)
    assert found.replayed_steps >= 9
    for a, b in zip(found.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_step_may_be_set_on_a_model():
    model = make(kerasette.Model)
    own = types.MethodType(lambda self, data: {"own": descend(self, data)}, model)
    expected = make(kerasette.Model)
    fit(expected)
    model.train_step = own
    assert list(fit(model)) == ["own"]
    for a, b in zip(model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_steps_may_be_called_by_a_loop_of_ones_own():
    model, expected = make(kerasette.Model), make(kerasette.Model)
    fit(expected)
    for start in range(0, N, BATCH):
        batch = slice(start, start + BATCH)
        logs = model.train_step((ops.convert_to_tensor(X[batch]), ops.convert_to_tensor(Y[batch])))
    assert list(logs) == ["loss"]
    for a, b in zip(model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert_agree(model.predict_step((X, Y)).numpy(), model.predict(X, verbose=0))
    model.reset_metrics()
    assert_agree(float(model.test_step((X, Y))["loss"]), expected.evaluate(X, Y, verbose=0))


def test_results_and_resets_may_be_overridden():
    class Own(kerasette.Model):
        resets = ()

        def get_metrics_result(self):
            return {"rate": self.optimizer.learning_rate, **super().get_metrics_result()}

        def reset_metrics(self):
            type(self).resets = (*self.resets, "reset")
            super().reset_metrics()

    model = make(Own)
    assert list(fit(model, epochs=3)) == ["loss", "rate"]
    assert len(Own.resets) == 3
    assert model.replayed_steps >= 9


def test_compiled_means_that_compile_was_called():
    model = make(kerasette.Model, compiles=False)
    assert not model.compiled
    with pytest.raises(ValueError, match="You must call `compile"):
        fit(model)
    model.compile("sgd", "mse")
    assert model.compiled


# ---- metrics as attributes -------------------------------------------------------------------


class Watched(layers.Layer):
    def __init__(self):
        super().__init__()
        self.mean = metrics.Mean(name="mean_input")
        self.more = {"key": [metrics.Sum(name="sum_input")]}

    def call(self, inputs):
        self.mean.update_state(inputs)
        self.more["key"][0].update_state(inputs)
        return inputs


def test_metrics_of_layers_are_reset_and_logged():
    layer = Watched()
    model = kerasette.Sequential([kerasette.Input((3,)), layer, layers.Dense(2)])
    model.compile("sgd", "mse", metrics=["mae"])
    history = fit(model, epochs=2)
    assert model.metrics_names == ["loss", "compile_metrics", "mean_input", "sum_input"]
    assert model.metrics[2:] == layer.metrics == [layer.mean, layer.more["key"][0]]
    assert_agree(history["mean_input"], [X.mean()] * 2)
    assert_agree(history["sum_input"], [X.sum()] * 2)
    assert len(model.weights) == len(model.variables) == 2
    assert len(layer.metrics_variables) == 3 and len(model.metrics_variables) == 7
    values = model.evaluate(X, Y, verbose=0)
    assert_agree(values[2:], [X.mean(), X.sum()])
    assert model.replayed_steps >= 6


def test_a_metric_put_into_a_list_later_is_seen_by_the_next_fit():
    model, later = make(kerasette.Model), metrics.Mean(name="later")
    model.more = []
    fit(model)
    model.more.append(later)
    assert list(fit(model)) == ["later", "loss"]


def test_metrics_that_stand_twice_count_once():
    class Outer(layers.Layer):
        def __init__(self):
            super().__init__()
            self.inner = Watched()
            self.same = self.inner.mean

        def call(self, inputs):
            return self.inner(inputs)

    model = kerasette.Sequential([kerasette.Input((3,)), Outer(), layers.Dense(2)])
    model.compile("sgd", "mse")
    assert model.metrics_names == ["loss", "mean_input", "sum_input"]
    assert len(model.evaluate(X, Y, verbose=0)) == 3


def test_metrics_of_the_training_of_an_inner_model_stay_with_it():
    inner = make(kerasette.Model, metrics=["mae"])
    outer = kerasette.Sequential([kerasette.Input((3,)), inner])
    outer.compile("sgd", "mse")
    assert outer.metrics_names == ["loss"]


def test_an_own_list_of_metrics_decides_what_is_reset_and_logged():
    class Own(kerasette.Model):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.kept = metrics.Mean(name="kept")
            self.listed = metrics.Mean(name="listed")

        def train_step(self, data):
            loss = descend(self, data)
            self.kept.update_state(loss)
            self.listed.update_state(loss)
            return {m.name: m.result() for m in self.metrics} | {"kept": self.kept.result()}

        @property
        def metrics(self):
            return [self.listed]

    history = fit(make(Own), epochs=3)
    assert list(history) == ["kept", "listed"]
    so_far = np.cumsum(history["listed"]) / [1, 2, 3]
    assert_agree(history["kept"], so_far)


def test_a_direction_is_found_among_compiled_metrics():
    model = make(kerasette.Model, loss="mse", metrics=["accuracy", "mae"])
    stop = kerasette.callbacks.EarlyStopping("accuracy", patience=1)
    fit(model, epochs=2, callbacks=[stop])
    stop = kerasette.callbacks.EarlyStopping("unknown")
    with warnings.catch_warnings(), pytest.raises(ValueError, match="automatically determine"):
        warnings.simplefilter("ignore")
        fit(model, epochs=2, callbacks=[stop])
