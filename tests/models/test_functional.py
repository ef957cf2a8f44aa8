"""What functional models take and give back; what is expected is what Keras was seen to do."""

import copy
import pickle
import re
import warnings

import numpy as np
import pytest

import kerasette
from kerasette import Input, Model, Sequential, layers, ops

X2, X3 = np.ones((2, 2), "float32"), np.ones((2, 3), "float32")


@pytest.fixture(autouse=True)
def fresh_names():
    kerasette.utils.clear_session(free_memory=False)


def two_inputs(as_dict=False):
    inputs = [Input((3,), name="a"), Input((2,), name="b")]
    outputs = layers.Concatenate()([inputs[0], 2 * inputs[1]])
    return Model({"a": inputs[0], "b": inputs[1]} if as_dict else inputs, outputs)


@pytest.mark.filterwarnings("ignore:The structure of `inputs`")
@pytest.mark.parametrize("as_dict", [False, True])
def test_entries_of_a_dict_are_found_by_name(as_dict):
    model = two_inputs(as_dict)
    expected = [[1.0, 1.0, 1.0, 2.0, 2.0]] * 2
    for inputs in ({"a": X3, "b": X2}, {"b": X2, "a": X3}, {"a": X3, "b": X2, "A": X2}):
        assert model(inputs).numpy().tolist() == expected
    assert model.predict({"b": X2, "a": X3}, verbose=0).tolist() == expected


@pytest.mark.parametrize("as_dict", [False, True])
def test_masks_of_a_dict_are_found_by_name(as_dict):
    first, second = Input((3,), name="a"), Input((3,), name="b")
    outputs = [layers.Activation("relu")(first), layers.Activation("relu")(second)]
    model = Model({"a": first, "b": second} if as_dict else [first, second], outputs)
    mask = ops.convert_to_tensor([True, False])
    with warnings.catch_warnings():
        # Models do not support masks, which layers in them see.
        warnings.simplefilter("ignore")
        found = model({"A": X3, "b": X3, "a": X3}, mask={"A": None, "b": mask, "a": None})
    assert found[0]._keras_mask is None
    assert found[1]._keras_mask.numpy().tolist() == [True, False]


def test_lists_and_tuples_stand_for_each_other_and_for_a_dict():
    expected = [[1.0, 1.0, 1.0, 2.0, 2.0]] * 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert two_inputs()((X3, X2)).numpy().tolist() == expected
    with pytest.warns(UserWarning, match="structure of `inputs` doesn't match"):
        assert two_inputs(as_dict=True)([X3, X2]).numpy().tolist() == expected


@pytest.mark.parametrize("method", ["__call__", "predict", "fit", "evaluate"])
@pytest.mark.parametrize("kind", ["one", "list", "dict", "stack"])
def test_a_key_that_is_missing_is_named(kind, method):
    """In Keras's words."""
    if kind == "one":
        one = Input((3,), name="b")
        model = Model(one, one * 2)
    elif kind == "stack":
        model = kerasette.Sequential([Input((3,), name="b"), layers.Dense(3)])
    else:
        a, b = Input((3,), name="a"), Input((3,), name="b")
        model = Model({"a": a, "b": b} if kind == "dict" else [a, b], a + b)
    model.compile("sgd", "mse")
    expected = re.escape(str(["b"] if kind in ("one", "stack") else ["a", "b"]))
    arguments = [{"a": X3}] if method in ("__call__", "predict") else [{"a": X3}, X3]
    message = (
        r'Missing data for input "b"\. You passed a data dictionary with keys '
        rf"\['a'\]\. Expected the following keys: {expected}"
    )
    with pytest.raises(ValueError, match=message):
        getattr(model, method)(*arguments)


def test_an_input_without_a_name_has_that_of_its_layer():
    """The tensor has another automatic name, which nobody knows."""
    kerasette.utils.clear_session()
    inputs = Input((3,))
    model = Model(inputs, inputs * 2)
    with pytest.raises(ValueError, match=r"Expected the following keys: \['input_layer'\]"):
        model.predict({"keras_tensor": X3}, verbose=0)
    found = model.predict({"input_layer": X3}, verbose=0)
    np.testing.assert_array_equal(found, model.predict(X3, verbose=0))


def test_a_key_that_is_not_the_name_is_warned_of():
    x = Input((3,), name="x")
    with pytest.warns(UserWarning, match="Received key 'key' mapping to value"):
        model = Model({"key": x}, x * 2)
    assert model({"key": X3}).numpy().tolist() == [[2.0] * 3] * 2


@pytest.mark.parametrize(
    ("shape", "given"),
    [((3, 1), (2, 3)), ((3,), (2, 3, 1)), ((1,), (2,)), ((1,), (1,)), ((None, 1), (2, 5))],
)
def test_a_last_axis_of_one_comes_and_goes(shape, given):
    x = Input(shape)
    found = Model(x, x * 2)(np.ones(given, "float32"))
    assert len(found.shape) == len(shape) + 1


def test_flat_samples_whose_last_batch_is_one():
    x, y = np.linspace(0, 1, 5), np.linspace(1, 3, 5)
    found = []
    for samples in (x, x[:, None]):
        inputs = Input((1,))
        model = Model(inputs, layers.Dense(1, kernel_initializer="ones")(inputs))
        model.compile("sgd", "mse")
        losses = model.fit(samples, y, batch_size=2, shuffle=False, verbose=0).history["loss"]
        found.append([*losses, *model.predict(samples[:1], verbose=0)[0]])
    assert found[0] == found[1]


def test_a_layer_that_returns_less_than_it_has_told():
    class Two(layers.Layer):
        def compute_output_shape(self, input_shape):
            return input_shape, input_shape

        def call(self, inputs):
            return (inputs,)

    x = Input((3,))
    model = Model(x, Two(name="two")(x))
    with pytest.raises(ValueError, match=r"'two' has returned 1 tensors.* it returned 2"):
        model(X3)


def test_inputs_get_the_dtype_of_their_input():
    x = Input((3,), dtype="int32")
    found = Model(x, x + 1)(2.7 * X3)
    assert found.dtype == "int32" and found.numpy().tolist() == [[3] * 3] * 2


@pytest.mark.parametrize("kind", ["functional", "stack"])
def test_a_batch_size_is_a_hint(kind):
    x = Input(batch_shape=(2, 3))
    dense = layers.Dense(2)
    model = Model(x, dense(x)) if kind == "functional" else Sequential([x, dense])
    model.compile("sgd", "mse")
    data = np.ones((5, 3), "float32")
    assert model.output_shape == (2, 2)
    assert model(data).shape == (5, 2)
    assert model.predict(data, batch_size=2, verbose=0).shape == (5, 2)
    assert model.compute_output_shape((5, 3)) == (5, 2)
    history = model.fit(data, np.ones((5, 2)), batch_size=2, epochs=2, verbose=0)
    assert history.history["loss"][1] < history.history["loss"][0]


def test_input_dtype_of_a_stack():
    assert Sequential([layers.Dense(2)]).input_dtype == "float32"
    assert Sequential([Input((2,), dtype="int32"), layers.Dense(2)]).input_dtype == "int32"


@pytest.mark.parametrize("constant", [ops.ones((2, 3)), X3])
def test_symbolic_and_real_tensors_in_one_call(constant):
    x = Input((3,))
    model = Model(x, [layers.Add()([x, constant]), x * constant])
    assert [y.numpy().tolist() for y in model(2 * X3)] == [[[3.0] * 3] * 2, [[2.0] * 3] * 2]


def test_a_subclassed_model_in_a_graph():
    class Branch(Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.dense = layers.Dense(2)

        def call(self, inputs):
            return {"sum": self.dense(inputs["a"]) + inputs["b"]}

    branch = Branch(name="branch")
    inputs = {"a": Input((3,), name="a"), "b": Input((2,), name="b")}
    model = Model(inputs, [branch(inputs)["sum"], branch(inputs)["sum"] * 2])
    assert [w.path for w in model.weights] == ["branch/dense/kernel", "branch/dense/bias"]
    once, twice = model({"a": X3, "b": X2})
    np.testing.assert_array_equal(2 * once.numpy(), twice.numpy())
    assert branch.built and len(branch._inbound_nodes) == 2


def test_attributes_may_be_set_before_the_base_is_initialized():
    class Early(layers.Layer):
        def __init__(self):
            self.units = 2
            super().__init__()
            self.dense = layers.Dense(self.units)

        def call(self, inputs):
            return self.dense(inputs)

    layer = Early()
    assert layer(X3).shape == (2, 2) and len(layer.weights) == 2


def test_freezing_goes_down_to_shared_layers():
    x, dense = Input((3,)), layers.Dense(2)
    model = Model(x, dense(dense(x)[:, :1] * X3[:1]))
    assert len(model.trainable_weights) == 2
    model.trainable = False
    assert not dense.trainable and not model.trainable_weights
    model.trainable = True
    assert len(model.trainable_weights) == 2


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_have_graphs_of_their_own(twin_of):
    a, b = Input((3,), name="a"), Input((3,), name="b")
    shared = layers.Dense(3)
    model = Model({"a": a, "b": b}, {"y": shared(shared(a)) @ np.eye(3, dtype="float32"), "z": b})
    twin = twin_of(model)
    assert [layer.name for layer in twin.layers] == [layer.name for layer in model.layers]
    assert [t.name for t in twin.inputs] == [t.name for t in model.inputs]
    assert twin.inputs[0] is not model.inputs[0]
    expected = model({"a": X3, "b": X3})
    twin.set_weights([2 * weight for weight in twin.get_weights()])
    again = model({"a": X3, "b": X3})
    np.testing.assert_array_equal(again["y"].numpy(), expected["y"].numpy())
    found = twin({"a": X3, "b": X3})
    assert found["z"].numpy().tolist() == X3.tolist()
    assert (found["y"].numpy() != expected["y"].numpy()).any()


def test_function():
    x = kerasette.KerasTensor((None, 3))
    function = kerasette.Function(x, {"twice": x * 2, "more": [x + 1]})
    found = function(X3)
    assert found["twice"].numpy().tolist() == [[2.0] * 3] * 2
    assert found["more"][0].numpy().tolist() == [[2.0] * 3] * 2
    assert function.compute_output_shape((4, 3)) == {"twice": (4, 3), "more": [(4, 3)]}
    assert function.inputs == [x]
    assert [operation.name for operation in function.operations] == ["add", "multiply"]


def test_a_key_that_no_input_has_is_left_out_with_a_warning():
    a, b = Input((3,), name="a"), Input((3,), name="b")
    model = Model({"a": a, "b": b}, ops.add(a, b))
    x = np.ones((2, 3), "float32")
    # As Keras 3.15.1 says it.
    words = (
        r"doesn't match the expected structure.\nExpected: {'a': 'a', 'b': 'b'}\nReceived: .*'c'"
    )
    with pytest.warns(UserWarning, match=words):
        found = model({"a": x, "b": x, "c": x})
    np.testing.assert_array_equal(found.numpy(), 2 * x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model({"b": x, "a": x})
