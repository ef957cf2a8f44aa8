"""Ops of integers and truth values: exact, and in their own dtypes."""

import numpy as np
import pytest

import kerasette
from kerasette import ops

rng = np.random.default_rng(3)
# Real numbers of single precision do not hold their products.
GREAT = rng.integers(-(2**14), 2**14, (2, 5, 7))
TRUE = rng.random((2, 5, 7)) < 0.2


def assert_same(found, expected, dtype):
    assert found.dtype == dtype
    np.testing.assert_array_equal(found.numpy(), expected)


@pytest.mark.parametrize("dtype", ["int32", "int64"])
@pytest.mark.parametrize("shapes", [((5, 7), (7, 3)), ((7,), (7, 3)), ((5, 7), (7,)), ((7,), (7,))])
def test_products_of_matrices_of_integers(dtype, shapes):
    x, y = (rng.integers(-(2**14), 2**14, shape).astype(dtype) for shape in shapes)
    for product in (ops.matmul, ops.dot):
        assert_same(product(x, y), x @ y, dtype)


def test_stacks_of_matrices_of_integers():
    x = GREAT.astype("int32")
    y = np.moveaxis(x, 1, 2)
    assert_same(ops.matmul(x, y), x @ y, "int32")
    assert_same(ops.matmul(x, y[0]), x @ y[0], "int32")
    assert_same(ops.matmul(x[:, :0], y), x[:, :0] @ y, "int32")
    assert_same(ops.matmul(x[..., :0], y[:, :0]), np.zeros((2, 5, 5)), "int32")
    assert_same(ops.matmul(GREAT, y), GREAT @ y, "int64")
    large = rng.integers(-9, 9, (300, 200))
    assert_same(ops.matmul(large, large.T), large @ large.T, "int64")


def test_integers_wrap_around():
    x = np.array([[2**30, 2**30]], "int32")
    assert_same(ops.matmul(x, 2 * np.ones((2, 1), "int32")), [[0]], "int32")


def test_integers_beside_real_numbers():
    x, y = np.array([[1, 2]]), np.array([[0.5], [0.25]], "float32")
    assert_same(ops.matmul(x, y), [[1.0]], "float32")
    assert_same(ops.matmul(x, y > 0), [[3]], "int64")


def test_contractions():
    x, y = TRUE[0], TRUE[1]
    assert_same(ops.matmul(x, y.T), x @ y.T, "bool")
    assert_same(ops.einsum("ij,kj->ik", x, y), x @ y.T, "bool")
    assert_same(ops.tensordot(x, y, axes=2), (x & y).any(), "bool")
    assert_same(ops.inner(x[0], y[0]), (x[0] & y[0]).any(), "bool")
    assert_same(ops.vdot(x, y), (x & y).any(), "bool")
    assert_same(ops.outer(x[0], y[0]), x[0][:, None] & y[0], "bool")
    whole = GREAT.astype("int32")
    assert_same(ops.tensordot(whole, whole, axes=3), (whole * whole).sum(dtype="int32"), "int32")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("add", np.logical_or), ("maximum", np.logical_or), ("fmax", np.logical_or),
        ("multiply", np.logical_and), ("minimum", np.logical_and), ("fmin", np.logical_and),
    ],
)  # fmt: skip
def test_arithmetic_of_truth_values(name, expected):
    x, y = TRUE[0], TRUE[1]
    assert_same(getattr(ops, name)(x, y), expected(x, y), "bool")
    assert_same(getattr(ops, name)(x, y[:1]), expected(x, y[:1]), "bool")


def test_operators_of_truth_values():
    x, y = ops.convert_to_tensor(TRUE[0]), TRUE[1]
    assert_same(x * y, TRUE[0] & y, "bool")
    assert_same(x + y, TRUE[0] | y, "bool")
    assert_same(x * 2, TRUE[0] * 2, "int32")
    with pytest.raises(TypeError, match="subtract is not defined for two bool tensors"):
        x - y


def test_functions_of_truth_values():
    x = TRUE[0]
    assert_same(ops.abs(x), x, "bool")
    assert_same(ops.sign(x), x, "bool")
    assert_same(ops.square(x), x, "int32")
    # As Keras 3.15.1 has it.
    assert_same(ops.mod(x, TRUE[1]), np.zeros(x.shape), "int32")
    assert_same(ops.fmod(x, TRUE[1]), np.zeros(x.shape), "int32")


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_activations_of_integers(dtype):
    x = np.array([-3, 2**24 + 1, 5, 8], dtype)
    assert_same(ops.relu(x), np.maximum(x, 0), dtype)
    assert_same(ops.relu6(x), np.clip(x, 0, 6), dtype)
    assert_same(ops.hard_tanh(x), np.clip(x, -1, 1), dtype)
    assert ops.relu(TRUE).dtype == "float32"


def test_arrays_that_fill_tensors():
    assert_same(ops.full((2, 3), [1.0, 2.0, 3.0]), [[1, 2, 3]] * 2, "float32")
    assert_same(ops.full((2, 2), np.array([[1], [2]]), "int64"), [[1, 1], [2, 2]], "int64")
    assert_same(ops.full((2,), np.float64(0.5)), [0.5, 0.5], "float32")
    with pytest.raises(ValueError, match=r"Cannot broadcast a tensor of shape \(3,\)"):
        ops.full((2,), [1, 2, 3])


def test_rows_for_numbers_of_other_dtypes():
    expected = [[1, 0, 0], [0, 0, 1]]
    assert_same(ops.one_hot(np.array([0.0, 2.9]), 3), expected, "float32")
    assert_same(ops.one_hot(np.array([False, True]), 2), [[1, 0], [0, 1]], "float32")


def test_the_name_of_integers():
    assert kerasette.backend.standardize_dtype("int") == "int32"
    assert_same(ops.zeros((2,), "int"), [0, 0], "int32")
    assert_same(ops.cast([1.5, -1.5], "int"), [1, -1], "int32")
    assert kerasette.Input((2,), dtype="int").dtype == "int32"
    assert kerasette.Input((2,), dtype=int).dtype == "int32"
    assert ops.zeros((2,), np.dtype("int64")).dtype == "int64"


def test_sizes_of_symbolic_tensors():
    x = kerasette.Input((3, None))
    count = ops.size(x)
    assert (count.shape, count.dtype) == ((), "int32")
    model = kerasette.Model(x, x * ops.cast(ops.size(x), "float32"))
    np.testing.assert_array_equal(model(np.ones((2, 3, 4))), np.full((2, 3, 4), 24))
