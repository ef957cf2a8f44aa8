"""Functions as layers."""

import functools

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops

X = np.array([[1.0, -2.0, 3.0]], "float32")


def scaled(x, factor=2.0):
    return x * factor


def test_functions_and_their_arguments():
    np.testing.assert_array_equal(layers.Lambda(scaled)(X).numpy(), 2 * X)
    layer = layers.Lambda(scaled, arguments={"factor": 3.0})
    np.testing.assert_array_equal(layer(X).numpy(), 3 * X)
    half = layers.Lambda(functools.partial(scaled, factor=0.5))
    np.testing.assert_array_equal(half(X).numpy(), X / 2)
    np.testing.assert_allclose(layers.Lambda(ops.exp)(X).numpy(), np.exp(X), rtol=1e-6)
    pair = layers.Lambda(lambda xs: xs[0] - xs[1])
    np.testing.assert_array_equal(pair([X, X]).numpy(), 0 * X)
    for wrong in ("tanh", 3, None):
        with pytest.raises(TypeError, match="must be callable"):
            layers.Lambda(wrong)


def test_training_and_mask_go_to_functions_that_take_them():
    layer = layers.Lambda(lambda x, training: x * 0 if training else x)
    np.testing.assert_array_equal(layer(X, training=True).numpy(), 0 * X)
    np.testing.assert_array_equal(layer(X).numpy(), X)
    layer = layers.Lambda(lambda x, mask: x * 0 if mask is None else x * 1, mask=opposite)
    np.testing.assert_array_equal(layer(X).numpy(), 0 * X)
    tensor = ops.convert_to_tensor(X)
    tensor._keras_mask = ops.convert_to_tensor(np.array([True]))
    output = layer(tensor)
    np.testing.assert_array_equal(output.numpy(), X)
    assert output._keras_mask.numpy().tolist() == [False]


def opposite(inputs, mask):
    return None if mask is None else ops.logical_not(mask)


def test_masks():
    mask = np.array([True])
    for given in (mask, ops.convert_to_tensor(mask)):
        layer = layers.Lambda(scaled, mask=given)
        assert layer.supports_masking
        assert layer(X)._keras_mask.numpy().tolist() == [True]
    layer = layers.Lambda(scaled)
    assert not layer.supports_masking
    assert layer.compute_mask(X, mask) is None


def test_output_shapes():
    assert layers.Lambda(scaled).compute_output_shape((None, 3)) == (None, 3)
    square = layers.Lambda(lambda x: ops.matmul(x, ops.transpose(x)))
    assert square.compute_output_shape((None, 3)) == (None, None)
    assert layers.Lambda(scaled, output_shape=(7,)).compute_output_shape((4, 3)) == (4, 7)
    pair = layers.Lambda(scaled, output_shape=[(1,), (2, 2)])
    assert pair.compute_output_shape((None, 3)) == [(None, 1), (None, 2, 2)]
    of_pair = layers.Lambda(scaled, output_shape=(7,))
    assert of_pair.compute_output_shape([(5, 3), (5, 2)]) == (5, 7)
    whole = layers.Lambda(scaled, output_shape=lambda shape: (*shape, 1))
    assert whole.compute_output_shape((None, 3)) == (None, 3, 1)
    with pytest.raises(NotImplementedError, match="specify the `output_shape`"):
        layers.Lambda(lambda x: ops.matmul(x, x)).compute_output_shape((None, 3, 4))


def test_the_config_of_a_function_is_that_of_keras():
    layer = layers.Lambda(scaled, output_shape=(3,), arguments={"factor": 3.0}, name="a")
    config = layer.get_config()
    # As Keras 3.15.1 prints it.
    assert config["function"] == {
        "module": "builtins",
        "class_name": "function",
        "config": "scaled",
        "registered_name": "function",
    }
    assert config["arguments"] == {"factor": 3.0}
    assert config["output_shape"] == (3,)
    assert set(config) == {
        "name", "trainable", "dtype", "function", "output_shape", "arguments",
    }  # fmt: skip
    twin = layers.Lambda.from_config(config, custom_objects={"scaled": scaled})
    assert twin.get_config() == config
    assert twin.compute_output_shape((None, 3)) == (None, 3)
    np.testing.assert_array_equal(twin(X).numpy(), 3 * X)
    with pytest.raises(TypeError, match="Could not locate function 'scaled'"):
        layers.Lambda.from_config(config)


def made(factor):
    return lambda x, shift=1.0: x * factor + shift


def test_the_code_of_lambdas_is_loaded_only_when_asked_to():
    layer = layers.Lambda(
        made(3.0),
        output_shape=lambda shape: shape,
        mask=np.array([True]),
        arguments={"shift": np.ones(3, "float32")},
    )
    config = layer.get_config()
    assert config["function"]["class_name"] == "__lambda__"
    assert config["function"]["config"]["defaults"] == (1.0,)
    assert config["function"]["config"]["closure"] == (3.0,)
    for safe_mode in (None, True):
        with pytest.raises(ValueError, match="potential risk of arbitrary code execution"):
            layers.Lambda.from_config(config, safe_mode=safe_mode)
    twin = layers.Lambda.from_config(config, safe_mode=False)
    np.testing.assert_array_equal(twin(X).numpy(), 3 * X + 1)
    assert twin(X)._keras_mask.numpy().tolist() == [True]
    assert twin.compute_output_shape((None, 3)) == (None, 3)
    # Recordings of a step with it are compared before they are trusted.
    assert twin.function.__module__ == "__lambda__"


def fit(function):
    kerasette.utils.set_random_seed(1)
    x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    model = kerasette.Sequential(
        [kerasette.Input((4,)), layers.Dense(3), layers.Lambda(function), layers.Dense(1)]
    )
    model.compile(optimizer="sgd", loss="mse")
    model.fit(x, x[:, 0], batch_size=16, epochs=3, shuffle=False, verbose=0)
    return model


def test_user_functions_replay_if_they_do_the_same_each_time():
    assert fit(lambda x: ops.tanh(x) + 1.0).replayed_steps > 0
    assert fit(lambda x: x * np.random.uniform(0.5, 1.5)).replayed_steps == 0
    assert fit(lambda x: x * float(ops.mean(x))).replayed_steps == 0


def test_a_symbolic_call_tells_the_dtype():
    layer = layers.Lambda(lambda x: ops.cast(x, "int32"))
    x = kerasette.Input((2,))
    assert layer(x).dtype == layer(np.ones((1, 2))).dtype == "int32"
    with pytest.raises(NotImplementedError, match="specify the `output_shape`"):
        layers.Lambda(lambda x: ops.matmul(x, x))(kerasette.Input((3, 4)))
