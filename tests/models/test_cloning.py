"""Copies of models with new weights."""

import numpy as np
import pytest

import kerasette
from kerasette import Input, Model, Sequential, layers, losses, ops, saving
from kerasette.models import clone_model

# What the tests below show to have an effect.
COVERED = {
    "models.clone_model": [
        "model", "input_tensors", "clone_function", "call_function", "recursive",
    ],
}  # fmt: skip

X = np.array([[1.0, -2.0], [0.5, 3.0]], "float32")


def graph():
    x = Input((2,), name="x")
    hidden = layers.Dense(3, "relu", name="hidden")(x)
    return Model(x, layers.Dense(1, name="last")(hidden) + ops.sum(x, 1, keepdims=True), name="g")


def stack():
    return Sequential([Input((2,)), layers.Dense(3, name="a"), layers.Dense(1, name="b")], name="s")


def nested():
    x = Input((2,), name="x")
    shared = layers.Dense(2, name="shared")
    inner = Sequential([Input((2,)), shared], name="inner")
    # `shared` is part of two models; a copy that is not recursive has it twice.
    return Model(x, graph()(shared(inner(x))), name="outer")


@pytest.mark.parametrize("make", [graph, stack])
def test_a_copy_has_layers_and_weights_of_its_own(make):
    model = make()
    copy = clone_model(model)
    assert type(copy) is type(model)
    assert copy.name == model.name
    assert [layer.name for layer in copy.layers] == [layer.name for layer in model.layers]
    assert not set(map(id, copy.layers)) & set(map(id, model.layers))
    copy.set_weights([weight + 1 for weight in model.get_weights()])
    for weight, other in zip(model.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_array_equal(weight + 1, other)


@pytest.mark.parametrize("name", [None, "x"])
def test_a_copied_stack_keeps_its_input_layer(name):
    model = Sequential([layers.Dense(3)])
    if name is None:
        model.build((None, 2))
    else:
        model = Sequential([Input((2,), dtype="float64", name=name, optional=True), *model.layers])
    copy = clone_model(model)
    assert copy.get_config()["layers"][0] == model.get_config()["layers"][0]
    name = model.get_config()["layers"][0]["config"]["name"]
    assert copy.predict({name: X}, verbose=0).shape == (2, 3)


def test_layers_are_made_by_the_clone_function_once_each():
    made = []

    def clone(layer):
        made.append(layer.name)
        config = layer.get_config()
        if "units" in config:
            config["use_bias"] = False
        return type(layer).from_config(config)

    model = nested()
    copy = clone_model(model, clone_function=clone)
    assert made == ["inner", "shared", "g"]
    assert copy.get_layer("shared").bias is None
    copy = clone_model(stack(), clone_function=clone)
    assert [layer.bias for layer in copy.layers] == [None, None]
    reused = clone_model(graph(), clone_function=lambda layer: layer)
    assert reused.get_layer("hidden") is not None


def test_layers_may_be_shared_with_the_copy():
    model = graph()
    copy = clone_model(model, clone_function=lambda layer: layer)
    np.testing.assert_array_equal(model(X).numpy(), copy(X).numpy())
    assert copy.get_layer("last") is model.get_layer("last")


def test_models_in_the_model_are_copied_layer_by_layer_if_recursive():
    made = []

    def clone(layer):
        made.append(layer.name)
        return type(layer).from_config(layer.get_config())

    kerasette.utils.clear_session()
    model = nested()
    copy = clone_model(model, clone_function=clone, recursive=True)
    assert sorted(made) == ["add", "hidden", "last", "shared", "sum"]
    # What was shared between the two is so again.
    assert copy.get_layer("inner").layers[0] is copy.get_layer("shared")
    assert len(copy.weights) == len(model.weights)


def test_calls_are_made_by_the_call_function():
    def call(layer, *args, **kwargs):
        outputs = layer(*args, **kwargs)
        return layers.ReLU(name="cut")(outputs) if layer.name == "last" else outputs

    model = graph()
    copy = clone_model(model, clone_function=lambda layer: layer, call_function=call)
    assert [layer.name for layer in copy.layers] == ["x", "hidden", "last", "cut"]
    expected = np.maximum(model.get_layer("last")(model.get_layer("hidden")(X)).numpy(), 0)
    np.testing.assert_allclose(copy(X).numpy(), expected + X.sum(1, keepdims=True), rtol=1e-6)


def test_inputs_may_be_given():
    z = Input((2,), name="z")
    copy = clone_model(graph(), input_tensors=z)
    assert copy.inputs[0] is z
    copy = clone_model(stack(), input_tensors=[z])
    assert copy.inputs[0] is z
    inner = layers.Dense(2)(z)
    assert clone_model(graph(), input_tensors=inner).input_shape == (None, 2)


def test_a_copy_is_compiled_as_the_model_is():
    for make in (graph, stack):
        model = make()
        model.compile(kerasette.optimizers.SGD(0.25), losses.Huber(delta=2.0), metrics=["mae"])
        copy = clone_model(model)
        assert copy.compiled
        assert copy.optimizer is not model.optimizer
        assert float(copy.optimizer.learning_rate) == 0.25
        assert copy.loss.delta == 2.0
        assert copy.loss is not model.loss
        y = np.ones((2, 1), "float32")
        copy.set_weights(model.get_weights())
        assert copy.evaluate(X, y, verbose=0) == model.evaluate(X, y, verbose=0)
    assert not clone_model(graph()).compiled


class Own(Model):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)

    def get_config(self):
        return {"units": self.units, "name": self.name}


def test_a_subclass_is_copied_by_its_config():
    model = Own(3, name="own")
    model(X)
    copy = clone_model(model)
    assert (type(copy), copy.units, copy.name) == (Own, 3, "own")
    assert [w.shape for w in copy.weights] == [w.shape for w in model.weights]
    for argument in ({"clone_function": lambda a: a}, {"input_tensors": Input((2,))}):
        with pytest.raises(ValueError, match="only supported for Sequential models or Functional"):
            clone_model(model, **argument)
    with pytest.raises(ValueError, match="`call_function` is only supported for Functional"):
        clone_model(model, call_function=lambda layer, x: layer(x))


class Named(Model):
    """A functional model with a constructor of its own."""

    def __init__(self, units):
        x = Input((2,))
        super().__init__(x, layers.Dense(units)(x))


def test_a_functional_subclass_becomes_a_plain_model():
    copy = clone_model(Named(2))
    assert type(copy).__name__ == "Functional"
    assert copy.output_shape == (None, 2)


def test_arguments_that_do_not_fit_raise():
    with pytest.raises(ValueError, match=r"Expected `model` argument to be a `Model`.*model=3"):
        clone_model(3)
    with pytest.raises(ValueError, match=r"Unexpected keyword argument\(s\): \('deep',\)"):
        clone_model(graph(), deep=True)
    with pytest.raises(ValueError, match="`call_function` argument is not supported with Sequent"):
        clone_model(stack(), call_function=lambda layer, x: layer(x))
    with pytest.raises(ValueError, match="must contain a single tensor"):
        clone_model(stack(), input_tensors=[Input((2,)), Input((2,))])
    with pytest.raises(ValueError, match="`input_tensors` must be a KerasTensor"):
        clone_model(stack(), input_tensors=[X])
    with pytest.raises(ValueError, match="All entries in `input_tensors` must be KerasTensors"):
        clone_model(graph(), input_tensors=X)
    with pytest.raises(ValueError, match=r"must have the same structure as model\.input"):
        clone_model(graph(), input_tensors=[Input((2,)), Input((2,))])


def test_a_loss_of_ones_own_is_found_in_a_scope():
    def own(y_true, y_pred):
        return ops.mean(ops.square(y_true - y_pred), axis=-1)

    model = graph()
    model.compile(loss=own)
    with pytest.raises(TypeError, match="Could not locate function 'own'"):
        clone_model(model)
    with saving.custom_object_scope({"own": own}):
        assert clone_model(model).loss is own


COVERED = {
    "models.clone_model": [
        "model", "input_tensors", "clone_function", "call_function", "recursive",
    ],
}  # fmt: skip
