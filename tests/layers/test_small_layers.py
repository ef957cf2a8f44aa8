"""Activation, Dropout, Flatten, Input and InputSpec."""

from types import SimpleNamespace

import numpy as np
import pytest

import kerasette
from kerasette import layers
from kerasette.layers.input_spec import check_inputs

X = np.random.default_rng(0).normal(size=(4, 3, 2)).astype("float32")


def test_activation_by_name_and_by_function():
    np.testing.assert_allclose(layers.Activation("tanh")(X).numpy(), np.tanh(X), rtol=1e-5)
    doubled = layers.Activation(lambda x: x + x)
    np.testing.assert_array_equal(doubled(X).numpy(), X + X)
    with pytest.raises(ValueError, match="Could not interpret activation function identifier"):
        layers.Activation("rely")
    with pytest.raises(TypeError, match="activation"):
        layers.Activation()


def test_softmax_layer_keeps_logits_for_the_loss():
    assert layers.Activation("softmax")(X)._logits[0] == "softmax"


# ---- Dropout -----------------------------------------------------------------------------------


def test_dropout_is_the_identity_unless_training():
    layer = layers.Dropout(0.5)
    x = kerasette.ops.convert_to_tensor(X)
    for training in (None, False):
        assert layer(x, training=training) is x
    assert layers.Dropout(0.0)(x, training=True) is x
    assert layers.Dropout(0.0).variables == []


def test_dropout_draws_anew_at_each_call_and_by_its_seed():
    layer, twin = (layers.Dropout(0.5, seed=3) for _ in range(2))
    x = np.ones((10, 10))
    first, second = (layer(x, training=True).numpy() for _ in range(2))
    assert (first != second).any()
    np.testing.assert_array_equal(twin(x, training=True).numpy(), first)
    assert set(np.unique(first)) == {0.0, 2.0}


def test_dropout_of_all_and_in_a_pattern():
    assert (layers.Dropout(1.0)(X, training=True).numpy() == 0).all()
    layer = layers.Dropout(0.5, noise_shape=(None, 1, None), seed=1)
    found = layer(np.ones((20, 3, 2)), training=True).numpy()
    assert (found == found[:, :1]).all()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"rate": 1.5}, ValueError, "argument `rate`. Expected a float value between 0 and 1"),
        ({"rate": -0.1}, ValueError, "Received: rate=-0.1"),
        ({"rate": "half"}, ValueError, "between 0 and 1"),
        ({"rate": 0.5, "seed": "a"}, ValueError, "Argument `seed` must be an integer"),
        ({"rate": 0.5, "noise_shape": 3}, ValueError, "argument `noise_shape`"),
    ],
)
def test_wrong_arguments_of_dropout_raise(arguments, error, words):
    with pytest.raises(error, match=words):
        layers.Dropout(**arguments)


# ---- Flatten -----------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(4, 3, 2), (4, 3), (4,), (0, 3, 2), (4, 0, 2)])
def test_flatten(shape):
    x = np.arange(float(np.prod(shape))).reshape(shape)
    width = int(np.prod(shape[1:]))
    layer = layers.Flatten()
    np.testing.assert_array_equal(layer(x).numpy(), x.reshape(shape[0], width))
    assert layer.compute_output_shape(shape) == (shape[0], width)


def test_flatten_of_unknown_sizes_and_of_scalars():
    assert layers.Flatten().compute_output_shape((None, None, 3)) == (None, None)
    with pytest.raises(ValueError, match="expected min_ndim=1, found ndim=0"):
        layers.Flatten()(np.float32(3))
    with pytest.raises(ValueError, match="`data_format` argument must be one of"):
        layers.Flatten(data_format="x")


def test_flatten_with_channels_first():
    x = np.arange(24.0).reshape(2, 3, 4)
    found = layers.Flatten(data_format="Channels_First")(x).numpy()
    np.testing.assert_array_equal(found, np.transpose(x, (0, 2, 1)).reshape(2, 12))


# ---- Input -------------------------------------------------------------------------------------


def test_input():
    assert kerasette.Input((4,)).shape == (None, 4)
    assert kerasette.Input((None, 2), batch_size=3).shape == (3, None, 2)
    assert kerasette.Input(batch_shape=(2, 4)).shape == (2, 4)
    assert kerasette.Input(()).shape == (None,)
    for dtype in ("uint8", np.uint8, np.dtype("int16")):
        assert kerasette.Input((4,), dtype=dtype).dtype == "int32"
    assert kerasette.Input((4,), dtype="uint32").dtype == "int64"
    assert kerasette.Input((4,), dtype="float16").dtype == "float32"
    layer = layers.InputLayer((np.int64(4),), dtype="float64", name="data")
    assert (layer.dtype, layer.name, layer.built) == ("float64", "data", True)
    assert layer.output.name == "data" and layer.output.dtype == "float64"
    with pytest.raises(TypeError, match="takes 1 positional argument"):
        layer(np.ones((2, 4)))


def test_old_names_of_shapes():
    with pytest.warns(UserWarning, match="Argument `input_shape` is deprecated. Use `shape`"):
        layer = layers.InputLayer(input_shape=(28, 28))
    assert layer.batch_shape == (None, 28, 28)
    assert layers.InputLayer(batch_input_shape=(2, 4)).batch_shape == (2, 4)
    stack = kerasette.Sequential([layers.InputLayer(batch_input_shape=(None, 4)), layers.Dense(1)])
    assert stack.output_shape == (None, 1)


def test_input_of_a_tensor_that_is_there():
    tensor = kerasette.KerasTensor((None, 3), "float64", name="there")
    assert kerasette.Input(tensor=tensor, shape=(3,), dtype="float64") is tensor
    layer = tensor._keras_history.operation
    assert isinstance(layer, layers.InputLayer)
    assert (layer.batch_shape, layer.dtype) == ((None, 3), "float64")
    double = kerasette.Model(tensor, tensor * 2)
    assert double(np.ones((2, 3))).numpy().tolist() == [[2.0] * 3] * 2


@pytest.mark.parametrize(
    "arguments", [{"shape": (4,)}, {"batch_size": 2}, {"batch_shape": (2, 3)}, {"dtype": "int32"}]
)
def test_input_of_another_tensor_raises(arguments):
    tensor = kerasette.KerasTensor((None, 3))
    with pytest.raises(ValueError, match=f"incompatible `{next(iter(arguments))}` argument"):
        kerasette.Input(tensor=tensor, **arguments)


def test_input_of_a_tensor_with_values_raises():
    with pytest.raises(ValueError, match="`input_tensor` must be a KerasTensor"):
        kerasette.Input(tensor=np.ones((2, 3)))


class Plus(layers.Layer):
    def call(self, first, second=None):
        return first if second is None else first + second


def test_optional_inputs():
    first, second = kerasette.Input((2,), name="first"), kerasette.Input((2,), optional=True)
    model = kerasette.Model([first, second], Plus()(first, second))
    x = np.ones((3, 2), "float32")
    assert model([x, None]).numpy().tolist() == x.tolist()
    assert model([x, x]).numpy().tolist() == (2 * x).tolist()
    assert [spec.optional for spec in model.input_spec] == [False, True]
    assert second._keras_history.operation.get_config()["optional"]
    with pytest.raises(ValueError, match="'first' is not optional, but None was passed"):
        model([None, x])
    assert model([kerasette.Input((2,)), None]).shape == (None, 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "You must pass a `shape` argument"),
        ({"shape": (3,), "batch_shape": (1, 3)}, "both `shape` and `batch_shape`"),
        ({"batch_size": 3, "batch_shape": (1, 3)}, "both `batch_size` and `batch_shape`"),
        ({"shape": 3}, "Cannot convert 3 to a shape"),
        ({"shape": "abc"}, "Found invalid dimension 'a' of type"),
        ({"shape": (2.5,)}, "Found invalid dimension '2.5'"),
        ({"shape": (-4,)}, "Negative dimensions are not allowed"),
        ({"shape": (4,), "dtype": "foo"}, "Cannot convert 'foo'"),
        ({"shape": (4,), "sparse": True}, "`sparse=True` is not supported"),
        ({"shape": (4,), "nothing": True}, "Unrecognized keyword arguments"),
    ],
)
def test_wrong_arguments_of_input_raise(arguments, words):
    with pytest.raises(ValueError, match=words):
        layers.InputLayer(**arguments)


# ---- InputSpec -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"ndim": 3}, "expected ndim=3, found ndim=2"),
        ({"max_ndim": 1}, "expected max_ndim=1, found ndim=2"),
        ({"min_ndim": 3}, "expected min_ndim=3, found ndim=2"),
        ({"dtype": "int32"}, "expected dtype=int32, found dtype=float32"),
        ({"axes": {-1: 4}}, "expected axis -1 of input shape to have value 4"),
        ({"shape": (None, 4)}, r"expected shape=\(None, 4\), found shape=\(2, 3\)"),
    ],
)
def test_specs(spec, words):
    tensor = SimpleNamespace(shape=(2, 3), dtype="float32")
    with pytest.raises(ValueError, match=words):
        check_inputs(layers.InputSpec(**spec), tensor, "a")
    fitting = SimpleNamespace(shape=(2, 3), dtype="float32")
    check_inputs(layers.InputSpec(ndim=2, shape=(None, 3), axes={0: 2}), fitting, "a")


def test_specs_of_several_inputs():
    tensor = SimpleNamespace(shape=(2, 3), dtype="float32")
    specs = [layers.InputSpec(ndim=2), None]
    check_inputs(specs, [tensor, tensor], "a")
    check_inputs(specs, {"x": tensor, "y": tensor}, "a")
    with pytest.raises(ValueError, match=r"expects 2 input\(s\), but it received 1"):
        check_inputs(specs, tensor, "a")
    with pytest.raises(ValueError, match="Inputs to a layer should be tensors"):
        check_inputs([None, layers.InputSpec()], [tensor, 3], "a")
    with pytest.raises(ValueError, match="Input 0 of layer 'a'"):
        check_inputs([layers.InputSpec(ndim=3), None], [tensor, tensor], "a")
    assert repr(layers.InputSpec(ndim=2)) == "InputSpec(ndim=2)"
