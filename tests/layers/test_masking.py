"""Masking, and what a mask does to a softmax."""

import warnings

import numpy as np
import pytest

from kerasette import layers, ops

X = np.array([[[1.0, 0.0], [0.0, 0.0], [5.0, 5.0]]])


@pytest.mark.parametrize(
    ("value", "mask"),
    [(0.0, [True, False, True]), (5.0, [True, True, False]), (5, [True, True, False])],
)
def test_masking_leaves_out_steps_of_one_value(value, mask):
    layer = layers.Masking(value)
    found = layer(X)
    assert found._keras_mask.numpy().tolist() == [mask]
    assert layer.compute_mask(ops.convert_to_tensor(X)).numpy().tolist() == [mask]
    np.testing.assert_array_equal(found.numpy(), X * np.array(mask)[:, None])


def test_masking_of_integers_and_of_no_features():
    found = layers.Masking(5)(X.astype("int32"))
    assert found.dtype == "int32"
    assert found._keras_mask.numpy().tolist() == [[True, True, False]]
    empty = layers.Masking()(np.ones((2, 3, 0)))
    assert not empty._keras_mask.numpy().any()


def test_a_mask_value_may_be_a_scalar_of_numpy():
    layer = layers.Masking(np.float32(5.0))
    assert layer.get_config()["mask_value"] == 5.0
    array = {"class_name": "__numpy__", "config": {"value": [5.0, 5.0], "dtype": "float32"}}
    found = layers.Masking(array)(X)
    assert found._keras_mask.numpy().tolist() == [[True, True, False]]
    assert layers.Masking(array).get_config()["mask_value"] == array


def test_masks_go_on_through_layers_that_support_them():
    masking = layers.Masking()
    through = [layers.Dense(3), layers.Dropout(0.5), layers.ReLU(), layers.Identity()]
    x = masking(X)
    expected = x._keras_mask.numpy()
    for layer in through:
        x = layer(x)
        np.testing.assert_array_equal(x._keras_mask.numpy(), expected)
    with pytest.warns(UserWarning, match="does not support masking"):
        assert layers.Flatten()(x)._keras_mask is None


def test_softmax_leaves_out_what_the_mask_does():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    mask = np.random.default_rng(1).random((2, 3, 4)) < 0.6
    mask[0, 0] = False
    powers = np.where(mask, np.exp(x), 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = np.nan_to_num(powers / powers.sum(-1, keepdims=True))
    layer = layers.Softmax(dtype="float64")
    for given in (mask, mask.astype("int32"), mask.astype("float32"), mask.tolist()):
        np.testing.assert_allclose(layer(x, mask=given).numpy(), expected, rtol=1e-12)
    both = layers.Softmax(axis=(1, 2), dtype="float64")
    found = both(x, mask=mask[:1]).numpy()
    powers = np.where(mask[:1], np.exp(x), 0.0)
    np.testing.assert_allclose(found, powers / powers.sum((1, 2), keepdims=True), rtol=1e-12)


def test_softmax_keeps_its_logits_for_the_loss():
    x = ops.convert_to_tensor(X)
    for axis in (-1, [-1]):
        assert layers.Softmax(axis)(x)._logits[0] == "softmax"


def test_a_softmax_over_several_axes_of_large_numbers():
    found = layers.Softmax((1, 2))(np.full((1, 2, 2), 1000.0)).numpy()
    np.testing.assert_array_equal(found, np.full((1, 2, 2), 0.25))
