"""Configs of models: what is not compared with Keras's files."""

import json
import warnings

import numpy as np
import pytest

import kerasette
from kerasette import Input, Model, Sequential, layers, ops, saving
from kerasette.models import model_from_json

# What the tests below show to have an effect.
COVERED = {
    "models.model_from_json": ["json_string", "custom_objects"],
    "Model.from_config": ["config", "custom_objects"],
    "Sequential.from_config": ["config", "custom_objects"],
}


def graph():
    x = Input((2,), name="x")
    return Model(x, layers.Dense(1, name="d")(x), name="g")


def test_json_takes_the_arguments_of_dumps():
    model = graph()
    text = model.to_json(indent=1, sort_keys=True)
    assert text.startswith('{\n "build_config"')
    assert json.loads(text) == json.loads(model.to_json())


def test_configs_do_not_change_with_what_is_made_of_them():
    config = graph().get_config()
    before = json.dumps(config)
    twin = Model.from_config(config)
    assert type(twin) is type(graph())
    assert json.dumps(config) == before
    config = Sequential([Input((2,)), layers.Dense(1)]).get_config()
    before = json.dumps(config)
    Sequential.from_config(config)
    assert json.dumps(config) == before


def test_paths_of_weights_are_those_of_keras():
    model = Sequential([Input((2,)), layers.Dense(1, name="d")], name="s")
    twin = model_from_json(model.to_json())
    # As in Keras: the layer is built before it is part of the model.
    assert [w.path for w in model.weights] == ["s/d/kernel", "s/d/bias"]
    assert [w.path for w in twin.weights] == ["d/kernel", "d/bias"]


def test_a_frozen_stack_stays_frozen():
    model = Sequential([Input((2,)), layers.Dense(1)], trainable=False)
    twin = model_from_json(model.to_json())
    assert not twin.trainable
    assert twin.layers[0].trainable
    assert twin.trainable_weights == []


def test_frozen_layers_of_a_graph_stay_frozen_alone():
    x = Input((2,))
    model = Model(x, layers.Dense(1)(layers.Dense(2, trainable=False)(x)))
    twin = model_from_json(model.to_json())
    assert [layer.trainable for layer in twin.layers[1:]] == [False, True]
    assert len(twin.trainable_weights) == 2


def test_calls_outside_of_the_model_are_left_out():
    dense = layers.Dense(2, name="d")
    x, y = Input((2,), name="x"), Input((2,), name="y")
    dense(y)
    once = dense(x)
    dense(once)
    model = Model(x, dense(dense(x)))
    described = next(a for a in model.get_config()["layers"] if a["name"] == "d")
    assert len(described["inbound_nodes"]) == 2
    twin = model_from_json(model.to_json())
    twin.set_weights(model.get_weights())
    values = np.array([[1.0, 2.0]], "float32")
    np.testing.assert_array_equal(twin(values).numpy(), model(values).numpy())


def test_constants_in_calls_come_back():
    x = Input((2,), name="x")
    outputs = ops.isclose(x, ops.convert_to_tensor([1.0, 2.5]), rtol=0.5, atol=0.0)
    padded = ops.pad(x, ((0, 0), (1, 1)), constant_values=7.0)
    model = Model(x, [outputs, padded, x[0], x[:, :, None]])
    twin = model_from_json(model.to_json())
    values = np.array([[1.4, 9.0]], "float32")
    for found, expected in zip(twin(values), model(values), strict=True):
        np.testing.assert_array_equal(found.numpy(), expected.numpy())


class Twice(layers.Layer):
    def call(self, inputs):
        return 2 * inputs


def test_configs_of_models_find_custom_objects():
    x = Input((2,))
    for model in (Sequential([x, Twice()]), Model(x, Twice()(x))):
        config = model.get_config()
        twin = type(model).from_config(config, custom_objects={"Twice": Twice})
        assert isinstance(twin.layers[-1], Twice)
        with pytest.raises(TypeError, match="Could not locate class 'Twice'"):
            type(model).from_config(config)


# ---- subclasses ---------------------------------------------------------------------


class Own(Model):
    def __init__(self, units=1, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)


class Narrow(Own):
    """Cannot be called on zeros of the shape that it was built for."""

    def call(self, inputs):
        if inputs.shape[0] != 3:
            raise ValueError("three rows")
        return super().call(inputs)


def test_a_subclass_is_described_by_plain_arguments():
    model = Own(units=3, name="own")
    assert model.get_config()["units"] == 3
    twin = model_from_json(model.to_json(), {"Own": Own})
    assert (twin.dense.units, twin.name) == (3, "own")
    with pytest.raises(TypeError, match="Could not locate class 'Own'"):
        model_from_json(model.to_json())


def test_a_config_that_the_constructor_does_not_take_raises():
    class Strict(Own):
        def __init__(self, units):
            super().__init__(units)

    with pytest.raises(TypeError, match="Unable to revive model from config"):
        Strict.from_config({"sizes": 3})
    with pytest.raises(ValueError, match="keyword arguments passed to Own"):
        Own.from_config({"sizes": 3})
    with pytest.raises(ValueError, match="must be a dictionary containing the 'name' and"):
        Sequential.from_config({"layers": []})


def test_a_model_that_cannot_be_built_again_is_left_unbuilt_with_a_warning():
    model = Narrow(name="n")
    model(np.ones((3, 2), "float32"))
    described = json.loads(model.to_json())
    described["build_config"] = {"input_shape": [2, 2]}
    with pytest.warns(UserWarning, match="cannot be built automatically in `build_from_config"):
        twin = model_from_json(json.dumps(described), {"Narrow": Narrow})
    assert not twin.built
    assert twin(np.ones((3, 2), "float32")).shape == (3, 1)


def test_shapes_of_json_are_tuples_for_build():
    class Shaped(layers.Layer):
        def build(self, input_shape):
            assert isinstance(input_shape, tuple)
            self.w = self.add_weight(shape=(*input_shape[1:], 1))

        def call(self, inputs):
            return inputs @ self.w

    model = Sequential([Input((2,)), Shaped()])
    assert model_from_json(model.to_json(), {"Shaped": Shaped}).layers[0].built


def test_subclasses_of_graphs_may_add_to_the_config():
    class Tagged(Model):
        def __init__(self, *args, tag="none", **kwargs):
            super().__init__(*args, **kwargs)
            self.tag = tag

        def get_config(self):
            return {**super().get_config(), "tag": self.tag}

    x = Input((2,))
    model = Tagged(x, layers.Dense(1)(x), tag="a")
    twin = model_from_json(model.to_json(), {"Tagged": Tagged})
    assert (type(twin), twin.tag, twin.output_shape) == (Tagged, "a", (None, 1))


# ---- graphs that are none -----------------------------------------------------------


def changed(change):
    config = json.loads(graph().to_json())
    change(config["config"])
    return json.dumps(config)


def test_graphs_that_do_not_fit_together_raise():
    def loop(config):
        tensor = config["layers"][1]["inbound_nodes"][0]["args"][0]
        tensor["config"]["keras_history"] = ["d", 0, 0]

    def unknown(config):
        tensor = config["layers"][1]["inbound_nodes"][0]["args"][0]
        tensor["config"]["keras_history"] = ["z", 0, 0]

    def no_layer(config):
        described = saving.serialize_keras_object(kerasette.losses.Huber())
        config["layers"][1] = {**described, "name": "d", "inbound_nodes": []}

    def no_end(config):
        config["output_layers"] = ["z", 0, 0]

    for change, words in (
        (loop, "loops or disconnected nodes"),
        (unknown, "Unknown layer: z"),
        (no_layer, "expected a layer or operation"),
        (no_end, "Unknown layer: z"),
    ):
        with pytest.raises(ValueError, match=words):
            model_from_json(changed(change))


def test_an_operation_with_an_argument_that_there_is_not_raises():
    x = Input((2,))
    model = Model(x, ops.max(x, axis=1))
    config = json.loads(model.to_json())
    config["config"]["layers"][1]["config"]["wherever"] = 3
    with pytest.raises(ValueError, match=r"Max does not support \{'wherever': 3\}"):
        model_from_json(json.dumps(config))
    config["config"]["layers"][1]["config"]["wherever"] = None
    assert model_from_json(json.dumps(config)).output_shape == (None,)
    config["config"]["layers"][1]["class_name"] = "Maxx"
    with pytest.raises(ValueError, match="kerasette has no such name"):
        model_from_json(json.dumps(config))


# ---- what a model was compiled with -------------------------------------------------


def test_a_compiled_model_comes_back_compiled():
    model = graph()
    assert model.get_compile_config() == {}
    model.compile("adam", "mse", metrics=["mae"], weighted_metrics=["mse"], steps_per_execution=3)
    described = model.get_compile_config()
    assert described["optimizer"]["class_name"] == "Adam"
    assert (described["loss"], described["metrics"]) == ("mse", ["mae"])
    twin = model_from_json(model.to_json())
    assert twin.compiled
    assert twin.steps_per_execution == 3
    assert twin.optimizer.built
    assert twin.get_compile_config() == described
    assert [m.name for m in twin.metrics] == [m.name for m in model.metrics]


def test_metrics_that_compile_was_given_are_not_attributes():
    model = graph()
    metric = kerasette.metrics.MeanSquaredError()
    model.compile("sgd", "mse", metrics=[metric])
    names = [m.name for m in model.metrics]
    assert names == ["loss", "compile_metrics"]


def test_a_compile_of_ones_own_is_not_called():
    class Differently(Own):
        def compile(self, **kwargs):
            super().compile(**kwargs)

    model = Differently(name="d")
    model.compile(optimizer="sgd", loss="mse")
    with pytest.warns(UserWarning, match=r"model's `compile\(\)` method is custom"):
        twin = model_from_json(model.to_json(), {"Differently": Differently})
    assert not twin.compiled
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model_from_json(Own().to_json(), {"Own": Own})


@pytest.mark.parametrize("text", ["[]", "3", "null"])
def test_json_of_something_else_is_refused(text):
    with pytest.raises(ValueError, match="`json_string` must be what `to_json` returns"):
        model_from_json(text)


def test_a_model_in_a_wrapper_comes_back():
    class Around(layers.Layer):
        def __init__(self, layer, **kwargs):
            super().__init__(**kwargs)
            self.layer = layer

        def call(self, inputs):
            return self.layer(inputs)

        def get_config(self):
            return {**super().get_config(), "layer": saving.serialize_keras_object(self.layer)}

        @classmethod
        def from_config(cls, config):
            return cls(saving.deserialize_keras_object(config.pop("layer")), **config)

    model = Sequential([Input((2,)), Around(graph(), name="a")])
    twin = model_from_json(model.to_json(), {"Around": Around})
    assert json.loads(twin.to_json()) == json.loads(model.to_json())
    twin.set_weights(model.get_weights())
    x = np.ones((1, 2), "float32")
    np.testing.assert_array_equal(twin(x).numpy(), model(x).numpy())
