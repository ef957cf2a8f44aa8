"""Every argument of the methods of models that `test_fit_arguments.py` leaves out acts."""

import numpy as np
import pytest
from changes import acts, assert_every_parameter_has_a_row

import kerasette
from kerasette import Sequential, layers

X = np.linspace(-1, 1, 12).reshape(4, 3).astype("float32")
Y = X[:, :1] + 1


def make(cls=Sequential):
    kerasette.utils.set_random_seed(3)
    stack = [kerasette.Input((3,)), layers.Dense(2, name="first"), layers.Dense(1, name="last")]
    model = cls(stack)
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    return model


# ---- losses and metrics of a batch ---------------------------------------------------------------

BATCH = {"x": X, "y": Y, "y_pred": 2 * Y, "sample_weight": np.array([1.0, 2.0, 3.0, 4.0])}


def computed(method, **arguments):
    def tensor(value):
        return kerasette.ops.convert_to_tensor(np.float32(value))

    given = {name: tensor(value) for name, value in arguments.items()}
    result = getattr(make(), method)(**given)
    return {k: float(v) for k, v in result.items()} if isinstance(result, dict) else float(result)


@pytest.mark.parametrize("method", ["compute_loss", "compute_metrics"])
@pytest.mark.parametrize("name", ["y", "y_pred", "sample_weight"])
def test_a_batch_counts(method, name):
    def result(**arguments):
        return computed(method, **arguments)

    assert acts(result, name, BATCH[name] + 1, BATCH)
    assert method == "compute_metrics" or computed(method, **BATCH) == pytest.approx(
        float(np.mean((Y**2)[:, 0] * BATCH["sample_weight"]))
    )


class Noting(Sequential):
    """Notes what its steps give to the methods that a user may override."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        self.noted["loss"] = (x.shape, y.shape, y_pred.shape, sample_weight.shape, training)
        return super().compute_loss(x, y, y_pred, sample_weight, training)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        self.noted["metrics"] = (x.shape, y.shape, y_pred.shape, sample_weight.shape)
        return super().compute_metrics(x, y, y_pred, sample_weight)


def test_overridden_methods_get_the_whole_batch():
    # What is there already computes nothing from `x` and `training`, in Keras as well.
    model = make(Noting)
    for run, training in ((model.train_on_batch, True), (model.test_on_batch, False)):
        model.noted = {}
        run(X, Y, sample_weight=BATCH["sample_weight"])
        shapes = ((4, 3), (4, 1), (4, 1), (4,))
        assert model.noted["metrics"] == shapes
        assert model.noted["loss"] == (*shapes, training)


# ---- layers --------------------------------------------------------------------------------------


def test_layers_are_found_by_name_and_by_index():
    model = make()
    assert model.get_layer(name="last") is model.get_layer(index=1) is model.layers[1]
    assert model.get_layer(name="first") is model.get_layer(index=0)
    with pytest.raises(ValueError, match="either a layer name or layer index"):
        model.get_layer()
    with pytest.raises(ValueError, match="only a layer name or a layer index"):
        model.get_layer(name="last", index=1)


@pytest.mark.parametrize("rebuild", [True, False])
def test_layers_are_added_and_taken_away(rebuild):
    model = make()
    top = layers.Dense(5)
    model.add(top, rebuild=rebuild)
    assert model.layers[-1] is top
    assert model.built == top.built == rebuild
    assert model.predict(X, verbose=0).shape == (4, 5)
    model.pop(rebuild=rebuild)
    assert model.built == rebuild
    assert model.predict(X, verbose=0).shape == (4, 1)


ROWS = {
    "compute_loss": ["x", "y", "y_pred", "sample_weight", "training"],
    "compute_metrics": ["x", "y", "y_pred", "sample_weight"],
    "get_layer": ["name", "index"],
}
COVERED = {
    **{f"Model.{method}": rows for method, rows in ROWS.items()},
    "Sequential.add": ["layer", "rebuild"],
}


def test_every_argument_has_a_row():
    for name, rows in COVERED.items():
        owner, method = name.split(".")
        assert_every_parameter_has_a_row(getattr(getattr(kerasette, owner), method), rows)


# ---- configs -------------------------------------------------------------------------------------


class Doubling(layers.Layer):
    """A layer that only `custom_objects` knows."""

    def call(self, inputs):
        return 2 * inputs


def test_configs_of_models_find_custom_layers():
    inputs = kerasette.Input((3,))
    own = {"Doubling": Doubling}
    stack = Sequential([inputs, Doubling(name="twice")])
    graph = kerasette.Model(inputs, Doubling(name="twice")(inputs))
    for model in (stack, graph):
        read = type(model).from_config
        np.testing.assert_array_equal(read(model.get_config(), custom_objects=own)(X), 2 * X)
        with pytest.raises((TypeError, ValueError)):
            read(model.get_config())
        written = model.to_json()
        found = kerasette.models.model_from_json(written, custom_objects=own)
        np.testing.assert_array_equal(found(X), 2 * X)
        with pytest.raises((TypeError, ValueError)):
            kerasette.models.model_from_json(written)


COVERED |= {
    "Model.from_config": ["config", "custom_objects"],
    "models.model_from_json": ["json_string", "custom_objects"],
}
