"""Layers that make one tensor of several."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops

RNG = np.random.default_rng(0)
A, B = (RNG.normal(size=(2, 3, 4)) for _ in range(2))
FUNCTIONS = {
    "add": (layers.Add, A + B),
    "subtract": (layers.Subtract, A - B),
    "multiply": (layers.Multiply, A * B),
    "average": (layers.Average, (A + B) / 2),
    "maximum": (layers.Maximum, np.maximum(A, B)),
    "minimum": (layers.Minimum, np.minimum(A, B)),
    "concatenate": (layers.Concatenate, np.concatenate([A, B], -1)),
}
ELEMENTWISE = [layers.Add, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_function_forms(name):
    _, expected = FUNCTIONS[name]
    found = getattr(layers, name)([A, B], dtype="float64", name="mine")
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-15)


def test_function_forms_take_the_arguments_of_their_layers():
    joined = layers.concatenate([A, B], axis=0, dtype="float64").numpy()
    np.testing.assert_array_equal(joined, np.concatenate([A, B]))
    found = layers.dot([A, B], axes=2, normalize=True, dtype="float64").numpy()
    a, b = (x / np.linalg.norm(x, axis=2, keepdims=True) for x in (A, B))
    np.testing.assert_allclose(found, np.einsum("nai,nbi->nab", a, b), rtol=1e-13)
    default = layers.dot([A[:, 0], B[:, 0]], dtype="float64").numpy()
    np.testing.assert_allclose(default, np.sum(A[:, 0] * B[:, 0], 1, keepdims=True), rtol=1e-13)
    with pytest.raises(ValueError, match="Unrecognized keyword"):
        layers.add([A, B], nonsense=1)


@pytest.mark.parametrize("kind", ELEMENTWISE)
def test_one_input_and_three(kind):
    np.testing.assert_allclose(kind()([A]).numpy(), A, rtol=1e-6)
    layer = kind(dtype="float64")
    three = layer([A, B, A + 1]).numpy()
    function = {"Average": lambda xs: sum(xs) / 3}.get(
        kind.__name__, lambda xs: getattr(np, kind.__name__.lower()).reduce(xs)
    )
    np.testing.assert_allclose(three, function([A, B, A + 1]), rtol=1e-13)


@pytest.mark.parametrize("kind", [*ELEMENTWISE, layers.Subtract])
@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([(2, 3, 4), (2, 1, 4)], (2, 3, 4)),
        ([(2, 3, 4), (2, 4)], (2, 3, 4)),
        ([(2,), (2, 3)], (2, 3)),
        ([(2, 1), (2, 5, 3, 4)], (2, 5, 3, 4)),
        ([(0, 3), (0, 1)], (0, 3)),
    ],
)
def test_inputs_are_broadcast(kind, shapes, expected):
    layer = kind()
    arrays = [np.ones(shape, "float32") for shape in shapes]
    assert layer(arrays).shape == expected
    assert layer.compute_output_shape(shapes) == expected
    free = [(None, *shape[1:]) for shape in shapes]
    assert layer.compute_output_shape(free) == (None, *expected[1:])


def test_unknown_sizes():
    assert layers.Add().compute_output_shape([(None, None, 3), (4, 5, 1)]) == (4, None, 3)
    join = layers.Concatenate(axis=1)
    assert join.compute_output_shape([(None, None, 3), (None, 5, 3)]) == (None, None, 3)
    assert join.compute_output_shape([(None, 2, None), (None, 5, 3)]) == (None, 7, None)
    assert layers.Dot((1, 2)).compute_output_shape([(None, 3, None), (None, 5, 3)]) == (
        None,
        None,
        5,
    )
    assert layers.Dot(-1).compute_output_shape([(None, 3), (None, 3)]) == (None, 1)


@pytest.mark.parametrize(
    ("shapes", "axes"),
    [
        ([(2, 3), (2, 3)], 1),
        ([(2, 3), (2, 4, 3)], (1, 2)),
        ([(2, 3, 4), (2, 3)], 1),
        ([(2, 3, 4, 5), (2, 6, 3)], (1, 2)),
        ([(2, 3, 4, 5), (2, 6, 7, 4)], (2, -1)),
        ([(0, 3, 4), (0, 3)], 1),
        ([(1, 1), (1, 1)], -1),
    ],
)
def test_dot_sums_over_an_axis_of_each(shapes, axes):
    x, y = (RNG.normal(size=shape) for shape in shapes)
    places = [axes, axes] if isinstance(axes, int) else axes
    letters = ["nabcd"[: x.ndim], "nefgh"[: y.ndim]]
    first = letters[0][places[0]]
    letters[1] = letters[1].replace(letters[1][places[1]], first)
    out = "n" + "".join(c for word in letters for c in word[1:] if c != first)
    expected = np.einsum(f"{letters[0]},{letters[1]}->{out}", x, y)
    layer = layers.Dot(axes, dtype="float64")
    found = layer([x, y]).numpy()
    np.testing.assert_allclose(found, expected.reshape(found.shape), rtol=1e-12)
    assert found.shape == layer.compute_output_shape(shapes)
    assert found.ndim == max(2, expected.ndim)


def test_integers_stay_integers_unless_divided():
    x = np.arange(6).reshape(2, 3)
    for kind in (layers.Add, layers.Multiply, layers.Maximum, layers.Subtract, layers.Concatenate):
        assert kind()([x, x]).dtype == "int64"
    average = layers.Average()([x, x + 1])
    assert average.dtype == "float32"
    np.testing.assert_array_equal(average.numpy(), x + 0.5)


def test_shapes_are_checked_at_every_call():
    layer = layers.Add()
    layer([np.ones((2, 3)), np.ones((2, 3))])
    with pytest.raises(ValueError, match="different batch sizes"):
        layer([np.ones((2, 3)), np.ones((1, 3))])
    with pytest.raises(ValueError, match="should be called on a list of inputs"):
        layer(np.ones((2, 3)))
    with pytest.raises(ValueError, match="at least 1 input"):
        layers.Multiply()([])
    join = layers.Concatenate()
    join([np.ones((2, 3)), np.ones((2, 4))])
    with pytest.raises(ValueError, match="requires inputs with matching shapes"):
        join([np.ones((2, 3)), np.ones((3, 3))])
    with pytest.raises(ValueError, match="should be called on a list of at least 1 input"):
        join([])
    with pytest.raises(ValueError, match="axis=3 of a `Concatenate` layer is out of bounds"):
        layers.Concatenate(axis=3)([np.ones((2, 3)), np.ones((2, 3))])
    with pytest.raises(ValueError, match="axis 4 is out of bounds"):
        layers.Dot(4)([np.ones((2, 3)), np.ones((2, 3))])


def tensor(x, mask):
    value = ops.convert_to_tensor(x, "float32")
    value._keras_mask = None if mask is None else ops.convert_to_tensor(mask)
    return value


def test_masks_of_merged_tensors():
    first, second = np.array([[True, False, False]] * 2), np.array([[True, True, False]] * 2)
    for kind in (layers.Add, layers.Subtract, layers.Average):
        found = kind()([tensor(A, first), tensor(B, second)])._keras_mask
        np.testing.assert_array_equal(found.numpy(), first | second)
        assert kind()([tensor(A, first), tensor(B, None)])._keras_mask is None
    product = layers.Multiply()([tensor(A, first), tensor(B, second)])
    expected = np.where(first, 1, 0)[..., None] * A + np.where(first, 0, 1)[..., None]
    expected *= np.where(second[..., None], B, 1)
    expected *= (first | second)[..., None]
    np.testing.assert_allclose(product.numpy(), expected, rtol=1e-6)
    largest = layers.Maximum()([tensor(A, first), tensor(B, second)]).numpy()
    np.testing.assert_allclose(largest[:, 0], np.maximum(A, B)[:, 0], rtol=1e-6)
    np.testing.assert_allclose(largest[:, 1], B[:, 1], rtol=1e-6)


def test_masks_of_concatenated_tensors():
    mask = np.array([[True, False, False]] * 2)
    found = layers.Concatenate(axis=1)([tensor(A, mask), tensor(B, None)])._keras_mask
    np.testing.assert_array_equal(found.numpy(), np.concatenate([mask, mask | True], 1))
    full = np.broadcast_to(mask[..., None], A.shape)
    found = layers.Concatenate(axis=1)([tensor(A, full), tensor(B, mask)])._keras_mask
    np.testing.assert_array_equal(found.numpy(), np.concatenate([mask, mask], 1))
    layer = layers.Concatenate()
    assert layer.compute_mask([A, B], None) is None
    assert layer.compute_mask([A, B], [None, None]) is None
    with pytest.raises(ValueError, match="`mask` should be a list"):
        layer.compute_mask([A, B], mask)
    with pytest.raises(ValueError, match="`inputs` should be a list"):
        layer.compute_mask(A, [mask])
    with pytest.raises(ValueError, match="should have the same length"):
        layer.compute_mask([A, B], [mask])


def test_the_dtype_of_a_layer_is_that_of_its_output():
    assert layers.Add(dtype="float64")([A.astype("float32"), B]).dtype == "float64"
    assert kerasette.layers.Add()([A, B]).dtype == "float32"
