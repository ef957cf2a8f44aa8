"""Dtype policies, as objects and as the default of layers."""

import numpy as np
import pytest

import kerasette
from kerasette import config, dtype_policies, layers, mixed_precision
from kerasette.dtype_policies import DTypePolicy


@pytest.fixture
def policy():
    yield
    kerasette.utils.clear_session()


@pytest.mark.parametrize(
    "name", ["mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "int8_from_float32"]
)
def test_policies_that_are_not_supported_raise(name):
    for make in (
        DTypePolicy,
        dtype_policies.get,
        config.set_dtype_policy,
        mixed_precision.set_global_policy,
        lambda name: layers.Dense(1, dtype=name),
    ):
        with pytest.raises(ValueError, match=f"Cannot convert '{name}'.*float64"):
            make(name)


def test_a_policy_of_another_kind_is_not_read():
    written = {
        "module": "keras.dtype_policies",
        "class_name": "QuantizedDTypePolicy",
        "config": {"mode": "int8", "source_name": "float32"},
        "registered_name": None,
    }
    with pytest.raises(ValueError, match="Cannot interpret a config"):
        dtype_policies.deserialize(written)


def test_a_policy_given_to_a_layer_is_its_own():
    for dtype in ("float64", DTypePolicy("float64"), np.float64):
        layer = layers.Dense(1, dtype=dtype)
        assert layer.dtype_policy == DTypePolicy("float64")
        assert layer(np.ones((1, 2))).dtype == "float64"
    assert hash(DTypePolicy("float64")) == hash(layer.dtype_policy)
    assert repr(layer.dtype_policy) == '<DTypePolicy "float64">'


def test_the_policy_of_a_layer_with_weights_cannot_be_changed():
    layer = layers.Dense(1)
    layer.build((None, 2))
    with pytest.raises(ValueError, match="before it is built"):
        layer.dtype_policy = "float64"
    layer.dtype_policy = "float32"
    assert layer.dtype == "float32"


def test_the_default_follows_floatx_until_a_policy_is_set(policy):
    config.set_floatx("float64")
    try:
        assert config.dtype_policy().name == layers.Dense(1).dtype == "float64"
        config.set_dtype_policy("float32")
        assert config.dtype_policy().name == layers.Dense(1).dtype == "float32"
        # Losses and metrics go by floatx.
        assert kerasette.losses.Huber().dtype == kerasette.metrics.Mean().dtype == "float64"
        kerasette.utils.clear_session()
        assert config.dtype_policy().name == "float64"
    finally:
        config.set_floatx("float32")


def test_the_names_of_mixed_precision():
    assert mixed_precision.Policy is mixed_precision.DTypePolicy is kerasette.DTypePolicy
    assert mixed_precision.LossScaleOptimizer is kerasette.optimizers.LossScaleOptimizer
    assert mixed_precision.global_policy is mixed_precision.dtype_policy is config.dtype_policy
    assert mixed_precision.set_global_policy is config.set_dtype_policy


def test_inputs_are_cast_unless_a_layer_says_otherwise():
    class Same(layers.Layer):
        def call(self, inputs, other=None):
            return inputs if other is None else other

    x = np.ones((1, 2), "float64")
    assert Same()(x).dtype == "float32"
    assert Same(autocast=False)(x).dtype == "float64"
    assert Same(autocast=False)(x, other=x).dtype == "float64"
    assert Same(autocast=False).get_config()["autocast"] is False
