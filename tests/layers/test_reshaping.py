"""Layers that move numbers and compute nothing; and the rectifiers, and UnitNormalization."""

import numpy as np
import pytest

import kerasette
from kerasette import GradientTape, layers, ops

X = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")


@pytest.mark.parametrize(
    ("target", "shape", "expected"),
    [
        ((12,), (2, 3, 4), (2, 12)),
        ((-1,), (2, 3, 4), (2, 12)),
        ((4, -1), (2, 3, 4), (2, 4, 3)),
        ((1, -1, 6), (2, 3, 4), (2, 1, 2, 6)),
        ((), (2, 1), (2,)),
        ((1,), (2,), (2, 1)),
        ((-1,), (0, 3, 4), (0, 12)),
        ((0,), (2, 0), (2, 0)),
        ((-1, 3), (2, 0), (2, 0, 3)),
        ((np.int64(4), 3), (2, 3, 4), (2, 4, 3)),
    ],
)
def test_reshape(target, shape, expected):
    x = np.arange(float(np.prod(shape))).reshape(shape)
    layer = layers.Reshape(target)
    np.testing.assert_array_equal(layer(x).numpy(), x.reshape(expected))
    assert layer.compute_output_shape(shape) == expected
    assert layer.get_config()["target_shape"] == list(target)


def test_reshape_of_unknown_sizes():
    layer = layers.Reshape((-1, 2))
    assert layer.compute_output_shape((None, 8)) == (None, 4, 2)
    assert layer.compute_output_shape((None, None)) == (None, None, 2)
    assert layers.Reshape((3, 2)).compute_output_shape((None, None)) == (None, 3, 2)
    with pytest.raises(ValueError, match="cannot be divided by"):
        layers.Reshape((0, -1))(X)
    for wrong in (3, "ab", (2.5,), (None, 3)):
        with pytest.raises(ValueError, match="Each dimension in `target_shape` must be"):
            layers.Reshape(wrong)


def test_permute_and_repeat():
    np.testing.assert_array_equal(layers.Permute((2, 1))(X).numpy(), X.transpose(0, 2, 1))
    np.testing.assert_array_equal(layers.Permute([1, 2])(X).numpy(), X)
    assert layers.Permute((2, 1)).compute_output_shape((None, None, 4)) == (None, 4, None)
    repeated = layers.RepeatVector(np.int64(3))
    np.testing.assert_array_equal(repeated(X[:, 0]).numpy(), np.stack([X[:, 0]] * 3, 1))
    assert repeated.get_config()["n"] == 3
    with pytest.raises(TypeError, match="Expected an integer value for `n`"):
        layers.RepeatVector(True)


def test_identity_of_several_tensors():
    layer = layers.Identity()
    x = ops.convert_to_tensor(X)
    assert layer([x, x])[1] is x
    assert layer.compute_output_shape([(None, 3), (None, 4)]) == [(None, 3), (None, 4)]


@pytest.mark.parametrize(
    ("arguments", "function"),
    [
        ({}, lambda x: np.maximum(x, 0)),
        ({"max_value": 0.5}, lambda x: np.clip(x, 0, 0.5)),
        ({"max_value": 6}, lambda x: np.clip(x, 0, 6)),
        ({"negative_slope": 0.1}, lambda x: np.where(x > 0, x, 0.1 * x)),
        ({"threshold": 0.5}, lambda x: np.where(x > 0.5, x, 0)),
        (
            {"max_value": 1, "negative_slope": 0.1, "threshold": 0.5},
            lambda x: np.where(x > 1, 1, np.where(x > 0.5, x, 0.1 * (x - 0.5))),
        ),
        ({"max_value": 0}, lambda x: 0 * x),
    ],
)
def test_relu(arguments, function):
    found = layers.ReLU(**arguments, dtype="float64")(X.astype("float64")).numpy()
    np.testing.assert_allclose(found, function(X.astype("float64")), rtol=1e-12)


def test_elu_of_large_numbers():
    found = layers.ELU(2.0)(np.array([-1e4, -1e-3, 0.0, 1e4])).numpy()
    np.testing.assert_allclose(found, [-2.0, 2 * np.expm1(-1e-3), 0.0, 1e4], rtol=1e-5)


def test_prelu_shares_its_slopes_along_axes():
    shapes = {None: (3, 4), 1: (1, 4), (2,): (3, 1), (1, 2): (1, 1)}
    for shared, shape in shapes.items():
        layer = layers.PReLU("ones", shared_axes=shared)
        layer.build((None, 3, 4))
        assert layer.alpha.shape == shape
        assert layer.alpha.path.endswith("/alpha")
        np.testing.assert_allclose(layer(X).numpy(), X, rtol=1e-6)
    layer = layers.PReLU(shared_axes=[1])
    layer.build((None, None, 4))
    assert layer(X).shape == X.shape
    with pytest.raises(ValueError, match="expected axis 2 of input shape to have value 4"):
        layer(X[:, :, :2])
    for shared in (0, 3, -1):
        with pytest.raises(ValueError, match="`shared_axes` counts the axes of a sample from 1"):
            layers.PReLU(shared_axes=shared).build((None, 3, 4))


def test_prelu_is_regularized_and_constrained():
    layer = layers.PReLU("ones", alpha_regularizer="l2", alpha_constraint="non_neg")
    layer.build((None, 5))
    assert [float(loss) for loss in layer.losses] == pytest.approx([0.05])
    layer.alpha.assign(-np.ones(5))
    assert layer.alpha.constraint(layer.alpha).numpy().tolist() == [0.0] * 5


@pytest.mark.parametrize("axis", [-1, 1, (1, 2), [0, 2]])
def test_unit_normalization(axis):
    layer = layers.UnitNormalization(axis, dtype="float64")
    x = X.astype("float64")
    axes = tuple(axis) if isinstance(axis, list) else axis
    expected = x / np.sqrt((x**2).sum(axes, keepdims=True))
    np.testing.assert_allclose(layer(x).numpy(), expected, rtol=1e-12)
    assert layer(np.arange(24).reshape(2, 3, 4)).dtype == "float64"


def test_unit_normalization_of_zeros():
    layer = layers.UnitNormalization()
    x = ops.convert_to_tensor(np.array([[0.0, 0.0], [1e-30, 0.0], [3e10, 4e10]], "float32"))
    with GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    np.testing.assert_allclose(y.numpy(), [[0.0, 0.0], [1e-18, 0.0], [0.6, 0.8]], rtol=1e-5)
    assert np.isfinite(tape.gradient(y, [x])[0].numpy()).all()


def test_an_activity_regularization_adds_its_penalty_to_the_loss():
    layer = layers.ActivityRegularization(l1=0.1, l2=0.2)
    layer(X)
    expected = (0.1 * np.abs(X).sum() + 0.2 * (X**2).sum()) / len(X)
    assert [float(loss) for loss in layer.losses] == pytest.approx([expected], rel=1e-5)
    layer(2 * X)
    assert len(layer.losses) == 1
    with pytest.raises(ValueError, match="l1"):
        layers.ActivityRegularization(l1=-1.0)


def test_images_of_integers_pass_through_a_stack():
    x = np.arange(24, dtype="uint8").reshape(2, 12)
    model = kerasette.Sequential(
        [
            kerasette.Input((12,)),
            layers.Rescaling(1 / 24),
            layers.Reshape((3, 4)),
            layers.Permute((2, 1)),
            layers.Flatten(),
        ]
    )
    expected = (x / 24).reshape(2, 3, 4).transpose(0, 2, 1).reshape(2, 12)
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, rtol=1e-6)
    assert model.output_shape == (None, 12)


def test_identity_of_several_inputs_keeps_the_dtype_of_each():
    found = layers.Identity()(
        {"a": kerasette.Input((2,), dtype="int32"), "b": kerasette.Input((3,))}
    )
    assert {key: (x.shape, x.dtype) for key, x in found.items()} == {
        "a": ((None, 2), "int32"),
        "b": ((None, 3), "float32"),
    }
