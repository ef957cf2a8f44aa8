"""The model that a fit trains: compiled, and nobody else's."""

import copy
import functools
from dataclasses import replace

import numpy as np
import pytest
from estimator_models import N_CLASSES, N_FEATURES, TASK, X, Y, built, trained, weights

import kerasette
from kerasette import layers
from kerasette.wrappers.scores import Scores

BINARY = replace(
    TASK, output_shape=(1,), loss="binary_crossentropy", output_activation="sigmoid", n_classes=2
)


def network(input_shape=(N_FEATURES,), n_classes=N_CLASSES, units=6, dropout=0.3):
    """A function as users write it."""
    return kerasette.Sequential(
        [
            kerasette.Input(input_shape),
            layers.Dense(units, "relu"),
            layers.Dropout(dropout),
            layers.Dense(n_classes, "softmax"),
        ]
    )


def compiled(make=network, **arguments):
    model = make()
    arguments = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], **arguments}
    model.compile(**{"optimizer": kerasette.optimizers.SGD(0.1, momentum=0.5), **arguments})
    return model


def graph():
    inputs = kerasette.Input((N_FEATURES,))
    hidden = layers.Dense(6, "relu")(inputs)
    return kerasette.Model(inputs, layers.Dense(N_CLASSES, "softmax")(hidden))


class Subclass(kerasette.Model):
    def __init__(self, units=6):
        super().__init__()
        self.hidden = layers.Dense(units, "relu")
        self.noise = layers.Dropout(0.3)
        self.out = layers.Dense(N_CLASSES, "softmax")

    def call(self, inputs, training=None):
        return self.out(self.noise(self.hidden(inputs), training=training))


# ---- functions ------------------------------------------------------------------------


def test_functions_get_the_arguments_that_they_name():
    seen = []

    def make(input_shape, n_classes, output_shape, units=3):
        seen.append((input_shape, n_classes, output_shape, units))
        return network(input_shape, n_classes, units)

    assert built(model=make, model__units=4).layers[0].units == 4
    assert seen == [((N_FEATURES,), N_CLASSES, (N_CLASSES,), 4)]


def test_functions_that_take_any_name():
    seen = {}

    def make(**arguments):
        seen.update(arguments)
        return network(units=arguments["units"])

    built(replace(TASK, n_classes=None), model=make, model__units=4)
    assert seen == {"input_shape": (N_FEATURES,), "output_shape": (N_CLASSES,), "units": 4}


def test_a_class_is_a_function():
    assert trained(model=Subclass, model__units=4).hidden.units == 4


class TakesAny(Subclass):
    """As many of Keras's users write a class."""

    def __init__(self, units=6, **kwargs):
        super().__init__(units)
        assert kwargs == {}


@pytest.mark.parametrize("model", [TakesAny, functools.partial(TakesAny)])
def test_a_class_gets_only_what_it_names(model):
    assert trained(model=model, model__units=4).hidden.units == 4


def test_functions_that_lack_an_argument():
    def make(input_shape, units, n_layers, dropout=0.1):
        raise AssertionError

    with pytest.raises(ValueError, match=r"needs .* \['units'\]. .* not given: model__units\."):
        built(model=make, model__n_layers=2)
    with pytest.raises(ValueError, match=r"'n_classes'.* is there for classifiers alone"):
        built(replace(TASK, n_classes=None), model=lambda n_classes: None)


def test_weights_that_a_function_returns_are_kept_anyhow():
    with pytest.raises(ValueError, match="keep_weights=True is for a Model given as `model`"):
        built(model=network, keep_weights=True)


def test_a_layer_is_no_model():
    with pytest.raises(ValueError, match=r"'model' parameter must be None, a kerasette.Model or"):
        built(model=layers.Dense(3))


def test_what_a_function_returns_is_compiled_as_the_task_asks():
    model = built(model=network)
    assert type(model.optimizer) is kerasette.optimizers.Adam
    assert model.loss == TASK.loss
    assert built(model=network, loss="mse").loss == "mse"


def test_what_a_function_has_compiled_stays():
    made = []

    def make():
        made.append(compiled())
        return made[-1]

    model = built(model=make)
    assert model is made[-1] and model.optimizer.momentum == 0.5
    assert built(model=make, learning_rate=0.5).optimizer.momentum == 0.5
    model = built(model=make, optimizer="adam", optimizer__beta_1=0.5, metrics=["mse"])
    assert model.optimizer.beta_1 == 0.5
    assert model._compile_arguments["metrics"] == ["mse"]
    assert model.loss == "sparse_categorical_crossentropy"


# ---- models ---------------------------------------------------------------------------

MODELS = {
    "a stack": compiled,
    "a graph": lambda: compiled(graph),
    "a subclass": lambda: compiled(Subclass),
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_given_models_are_copied(make):
    model = make()
    model(X[:1])
    before, generators = weights(model), pickled_state(model)
    first, again, other = (trained(model=model, seed=seed) for seed in (0, 0, 1))
    assert weights(model) == before and pickled_state(model) == generators
    assert model.optimizer.iterations.numpy() == 0
    # New weights, drawn from the sources in use.
    assert weights(first) == weights(again) != weights(other)
    kernels = [built(model=model, seed=seed).weights for seed in (0, 1)]
    for weight, kernel in zip(before, kernels[0]):
        assert kernel.numpy().tolist() != weight or "bias" in kernel.name
    assert type(first) is type(model)
    assert first.optimizer.momentum == 0.5 and first.optimizer is not model.optimizer
    assert "accuracy" in first.evaluate(X, Y, verbose=0, return_dict=True)


def pickled_state(model):
    return [v.numpy().tolist() for v in model.variables]


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_weights_may_be_kept(make):
    model = make()
    model.fit(X, Y, verbose=0)
    before, state = weights(model), pickled_state(model)
    kept = built(model=model, keep_weights=True)
    assert weights(kept) == before
    assert kept.optimizer.iterations.numpy() == 0
    first, again, other = (trained(model=model, keep_weights=True, seed=seed) for seed in (0, 0, 1))
    assert weights(first) == weights(again) != before
    # Dropout and shuffles follow the sources.
    assert weights(first) != weights(other)
    assert pickled_state(model) == state


def test_seeds_of_ones_own_are_kept():
    def make(seed=1):
        init = kerasette.initializers.GlorotUniform(seed)
        return kerasette.Sequential(
            [kerasette.Input((N_FEATURES,)), layers.Dense(N_CLASSES, kernel_initializer=init)]
        )

    model = make()
    assert weights(built(model=model, seed=5)) == weights(model)
    assert weights(built(model=make(None), seed=5)) != weights(built(model=make(None), seed=6))


def test_adapted_layers_are_copied_as_they_are():
    scaling = layers.Normalization()
    scaling.adapt(X * 7)
    inner = kerasette.Sequential([kerasette.Input((N_FEATURES,)), scaling, layers.Dense(4)])
    model = kerasette.Sequential(
        [kerasette.Input((N_FEATURES,)), inner, layers.Dense(N_CLASSES, "softmax")]
    )
    copied = built(model=model)
    assert copied.layers[0].layers[0].get_weights()[0].tolist() == scaling.get_weights()[0].tolist()
    assert copied.layers[0].layers[0] is not scaling
    assert weights(copied.layers[0].layers[1]) != weights(inner.layers[1])


def test_layers_that_are_not_trained_stay_so():
    model = graph()
    model.layers[1].trainable = False
    assert [layer.trainable for layer in built(model=model).layers] == [True, False, True]


def test_losses_and_metrics_are_copied():
    metric = kerasette.metrics.SparseCategoricalAccuracy()
    loss = kerasette.losses.SparseCategoricalCrossentropy()

    def own(y_true, y_pred):
        return kerasette.ops.mean(y_pred, axis=-1)

    given = compiled(metrics=[metric, own], loss=loss)
    model = trained(model=given)
    assert model._compile_arguments["metrics"][0] is not metric
    assert model._compile_arguments["metrics"][1] is own
    assert metric.total.numpy() == 0
    model = trained(loss=kerasette.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    assert "accuracy" in model.evaluate(X, Y, verbose=0, return_dict=True)


@pytest.mark.parametrize(
    ("optimizer", "arguments", "expected"),
    [
        (None, {}, {"learning_rate": 0.001, "beta_1": 0.9}),
        (None, {"beta_1": 0.5}, {"learning_rate": 0.001, "beta_1": 0.5}),
        ("sgd", {"momentum": 0.5, "learning_rate": 1}, {"momentum": 0.5, "learning_rate": 1.0}),
        (kerasette.optimizers.SGD, {"nesterov": True}, {"nesterov": True, "momentum": 0.0}),
        (
            kerasette.optimizers.SGD(0.25, momentum=0.5),
            {"clipnorm": 3.0},
            {"clipnorm": 3.0, "momentum": 0.5, "learning_rate": 0.25},
        ),
        (
            {"class_name": "SGD", "config": {"momentum": 0.5}},
            {"clipnorm": 3.0},
            {"clipnorm": 3.0, "momentum": 0.5},
        ),
    ],
)
def test_optimizers(optimizer, arguments, expected):
    nested = {f"optimizer__{name}": value for name, value in arguments.items()}
    model = built(optimizer=optimizer, **nested)
    assert model.optimizer is not optimizer
    config = model.optimizer.get_config()
    assert {name: config[name] for name in expected} == pytest.approx(expected)


def test_schedules_and_functions_as_learning_rates():
    class Halving(kerasette.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.5

    for rate in (Halving(), lambda: 0.25, kerasette.optimizers.schedules.CosineDecay(0.1, 10)):
        assert built(learning_rate=rate).optimizer._learning_rate is rate
        given = kerasette.optimizers.SGD(rate)
        assert built(optimizer=given, optimizer__momentum=0.5).optimizer._learning_rate is rate
    trained(learning_rate=Halving())


def test_names_without_weight_decay_are_kept():
    given = kerasette.optimizers.AdamW(weight_decay=0.1)
    given.exclude_from_weight_decay(var_names=["bias"])
    model = trained(optimizer=given)
    assert model.optimizer._exclusion.covers(model.layers[0].bias)
    assert not model.optimizer._exclusion.covers(model.layers[0].kernel)
    given.exclude_from_weight_decay(var_list=[model.layers[0].bias])
    with pytest.raises(ValueError, match=r"AdamW cannot be copied.*var_names"):
        built(optimizer=given)


# ---- each parameter -------------------------------------------------------------------

CHANGES = {
    "hidden_layer_sizes": {"hidden_layer_sizes": (4,)},
    "activation": {"activation": "tanh"},
    "dropout": {"dropout": 0.5},
    "batch_normalization": {"batch_normalization": True},
    "alpha": {"alpha": 1.0},
    "dtype": {"dtype": "float64"},
    "optimizer": {"optimizer": "sgd"},
    "optimizer__x": {"optimizer__beta_1": 0.1},
    "learning_rate": {"learning_rate": 0.1},
    "loss": {"loss": "sparse_categorical_crossentropy", "model": lambda: network()},
    "model": {"model": network},
}


@pytest.mark.parametrize("params", CHANGES.values(), ids=CHANGES)
def test_each_parameter_changes_the_result(params):
    assert weights(trained(**params)) != weights(trained())


def test_parameters_of_a_function_and_losses_change_the_result():
    results = [
        weights(trained(model=network, **params))
        for params in ({}, {"model__units": 7}, {"model__dropout": 0.0}, {"loss": first_output})
    ]
    assert all(a != b for i, a in enumerate(results) for b in results[:i])


def first_output(y_true, y_pred):
    """A loss."""
    return y_pred[:, 0]


def test_dtypes():
    double = replace(TASK, dtype="float64")
    assert built(double).layers[0].kernel.dtype == "float64"
    assert built(double, dtype=np.float32).layers[0].kernel.dtype == "float32"
    assert built(dtype="float64", model=network).layers[0].kernel.dtype == "float64"
    # A given model keeps its own.
    assert built(double, model=network()).layers[0].kernel.dtype == "float32"
    assert built(model=network(), dtype="float32").dtype == "float32"
    assert built(double, model=Subclass()).dtype == "float32"
    # Losses and metrics go with the weights.
    assert trained(double)._loss_tracker.total.dtype == "float64"
    assert trained(double, model=network())._loss_tracker.total.dtype == "float32"


# ---- errors ---------------------------------------------------------------------------


def not_copied(units):
    class Local(kerasette.Model):
        def __init__(self, hidden):
            super().__init__()
            self.hidden = hidden

        def call(self, inputs):
            return self.hidden(inputs)

        def get_config(self):
            raise NotImplementedError("no config")

    return Local(layers.Dense(units))


class OwnCompile(kerasette.Sequential):
    def compile(self, rate):
        super().compile(kerasette.optimizers.SGD(rate), "mse")


def own_compile():
    model = OwnCompile([kerasette.Input((N_FEATURES,)), layers.Dense(N_CLASSES)])
    model.compile(0.5)
    return model


def hidden_adapted():
    return kerasette.Sequential(
        [
            kerasette.Input((4, N_FEATURES)),
            layers.TimeDistributed(layers.Normalization()),
            layers.Flatten(),
        ]
    )


class Odd(kerasette.optimizers.SGD):
    def __init__(self, must, learning_rate=0.1):
        super().__init__(learning_rate)


ERRORS = {
    "model is a word": ({"model": "mlp"}, "'model' parameter must be None, .*Got 'mlp' instead"),
    "hidden sizes with a model": (
        {"model": network, "hidden_layer_sizes": (3,)}, r"hidden_layer_sizes=\(3,\) is a parameter"
    ),
    "activation with a model": ({"model": network, "activation": "tanh"}, "activation='tanh'"),
    "dropout with a model": ({"model": network, "dropout": 0.1}, "dropout=0.1"),
    "norm with a model": ({"model": network, "batch_normalization": True}, "batch_norm"),
    "keep_weights is a number": ({"keep_weights": 1}, "'keep_weights' parameter must be a bool"),
    "no weights to keep": ({"keep_weights": True}, "needs a `model`"),
    "no weights yet": ({"keep_weights": True, "model": Subclass()}, "has no weights yet"),
    "a given subclass without config": ({"model": not_copied(3)}, "cannot be copied.*no config"),
    "adapted inside": (
        {"model": hidden_adapted()}, "'normalization.*', adapted to data, is inside another one"
    ),
    "model argument": ({"model": network, "model__width": 3}, "parameter 'width'"),
    "model argument without a model": ({"model__units": 3}, "model__units"),
    "optimizer argument": ({"optimizer__width": 3}, "'width' for estimator Adam"),
    "of a compiled model's optimizer": (
        {"model": compiled(), "optimizer__beta_1": 0.5}, "'beta_1' for estimator SGD"
    ),
    "no optimizer to have arguments": (
        {"model": compiled(optimizer=None), "learning_rate": 0.5}, "without an optimizer"
    ),
    "optimizer is none": ({"optimizer": "sdg"}, "sdg"),
    "optimizer without config": ({"optimizer": Odd(3)}, "Odd cannot be copied: its `get_config`"),
    "two rates": (
        {"learning_rate": 0.1, "optimizer__learning_rate": 0.2}, "same parameter.*0.1 and 0.2"
    ),
    "a negative rate": ({"learning_rate": -1}, "'learning_rate' parameter must be.*Got -1"),
    "no rate": ({"optimizer__learning_rate": "big"}, "'learning_rate' parameter .*Got 'big'"),
    "an endless rate": ({"learning_rate": np.inf}, "'learning_rate' parameter .*Got inf"),
    "an unknown loss": ({"loss": "mes"}, "mes"),
    "a dtype that is none": ({"dtype": "double precision"}, "'dtype' parameter must be"),
    "an integer dtype": ({"dtype": "int32"}, "'dtype' parameter must be None or one of"),
    "another dtype than the model's": (
        {"dtype": "float64", "model": network()}, "dtype='float64', but the model .*float32"
    ),
    "outputs that do not fit": (
        {"model": network, "model__dropout": 0.1, "task": replace(TASK, n_classes=4,
         output_shape=(5,))}, r"returns outputs of shape \(None, 4\).*\(None, 5\)"
    ),
    "several inputs without a model": (
        {"task": replace(TASK, input_shape={"a": (3,), "b": (2,)})}, "give a `model`"
    ),
    "a compile of its own": ({"model": own_compile()}, "has a `compile` of its own"),
    "replacing in a compile of its own": (
        {"model": own_compile, "loss": "mse"}, "has a `compile` of its own"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("params", "message"), ERRORS.values(), ids=ERRORS)
def test_errors(params, message):
    with pytest.raises(ValueError, match=message):
        built(**params)


def test_functions_that_return_no_model():
    with pytest.raises(TypeError, match=r"nothing given as `model` must .* of type NoneType"):
        built(model=nothing)


def nothing():
    """Forgets to return the model."""


def test_a_compile_of_its_own_is_left_alone():
    assert built(model=own_compile).optimizer.learning_rate.numpy() == 0.5


def test_outputs_that_fit():
    two = kerasette.Sequential([kerasette.Input((N_FEATURES,)), layers.Dense(2, "softmax")])
    assert built(BINARY, model=two, loss="sparse_categorical_crossentropy")
    with pytest.raises(ValueError, match=r"\(None, 2\).*\(None, 1\)"):
        built(BINARY, model=two)
    flat = kerasette.Sequential(
        [kerasette.Input((N_FEATURES,)), layers.Dense(1), layers.Reshape(())]
    )
    assert built(replace(BINARY, n_classes=None, loss="mse"), model=flat)


# ---- scores ---------------------------------------------------------------------------


def test_scores_are_exact():
    dense = layers.Dense(2, "softmax", kernel_initializer="ones", bias_initializer="zeros")
    model = kerasette.Sequential([kerasette.Input((1,)), dense])
    dense.set_weights([np.array([[1000.0, -1000.0]]), np.zeros(2)])
    assert Scores(model).predict(np.ones((1, 1)), verbose=0).tolist() == [[1000.0, -1000.0]]
    assert model.predict(np.ones((1, 1)), verbose=0).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("task", [TASK, BINARY, replace(TASK, dtype="float64")])
def test_scores_of_the_default_network(task):
    model = built(task, activation="tanh")
    w1, b1, w2, b2 = (weight.astype("float64") for weight in model.get_weights())
    expected = np.tanh(X @ w1 + b1) @ w2 + b2
    found = Scores(model).predict(X, verbose=0)
    assert found.dtype == task.dtype
    np.testing.assert_allclose(
        found, expected, rtol=1e-9 if task.dtype == "float64" else 1e-4, atol=1e-6
    )


def test_scores_of_models_without_an_activation():
    model = kerasette.Sequential([kerasette.Input((N_FEATURES,)), layers.Dense(3)])
    found = Scores(model).predict(X, verbose=0)
    assert (found == model.predict(X, verbose=0)).all()


def test_scores_follow_the_weights():
    model = built()
    scores = Scores(model)
    before = scores.predict(X, verbose=0)
    model.set_weights([2 * weight for weight in model.get_weights()])
    assert not np.allclose(before, scores.predict(X, verbose=0))
    assert copy.deepcopy(model).count_params() == model.count_params()
