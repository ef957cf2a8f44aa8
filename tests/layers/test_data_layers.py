"""Rescaling, Normalization and CategoryEncoding."""

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

import kerasette
from kerasette import layers, ops

X = np.random.default_rng(0).normal(3.0, 2.0, size=(50, 4)).astype("float32")


# ---- Rescaling -----------------------------------------------------------------------------------


def test_rescaling_makes_integers_real_and_takes_lists():
    images = np.arange(256, dtype="uint8").reshape(1, 256)
    for dtype in ("float32", "float64"):
        found = layers.Rescaling(1 / 255, dtype=dtype)(images)
        assert found.dtype == dtype
        np.testing.assert_allclose(found.numpy(), images / 255, rtol=1e-6)
    assert layers.Rescaling(2.0, 1.0)([1, 2]).numpy().tolist() == [3.0, 5.0]
    assert float(layers.Rescaling(2.0)(4)) == 8.0


def test_rescaling_by_arrays():
    scale, offset = np.array([1.0, 2.0, 3.0, 4.0]), np.float64(0.5)
    layer = layers.Rescaling(scale, offset)
    np.testing.assert_allclose(layer(X).numpy(), X * scale + 0.5, rtol=1e-6)
    config = layer.get_config()
    # As Keras 3.15.1 prints it.
    assert config["scale"] == {
        "class_name": "__numpy__",
        "config": {"value": [1.0, 2.0, 3.0, 4.0], "dtype": "float64"},
    }
    assert config["offset"] == 0.5
    twin = layers.Rescaling.from_config(config)
    np.testing.assert_array_equal(twin(X).numpy(), layer(X).numpy())


# ---- Normalization -------------------------------------------------------------------------------


def test_adapt_finds_what_scikit_learn_finds():
    layer = layers.Normalization()
    layer.adapt(X)
    expected = StandardScaler().fit(X)
    np.testing.assert_allclose(layer.mean.numpy()[0], expected.mean_, rtol=1e-6)
    np.testing.assert_allclose(layer.variance.numpy()[0], expected.var_, rtol=1e-6)
    np.testing.assert_allclose(layer(X).numpy(), expected.transform(X), rtol=1e-5, atol=1e-5)
    back = layers.Normalization(invert=True)
    back.adapt(X)
    np.testing.assert_allclose(back(layer(X)).numpy(), X, rtol=1e-5, atol=1e-5)


def test_adapt_to_arrays_tensors_and_batches():
    expected = X.mean(0), X.var(0)
    batches = [X[:20], X[20:21], X[21:21], X[21:]]
    several = [
        X,
        ops.convert_to_tensor(X),
        batches,
        iter(batches),
        [(batch, None) for batch in batches],
        map(ops.convert_to_tensor, batches),
    ]
    for data in several:
        layer = layers.Normalization()
        layer.adapt(data)
        mean, variance, count = layer.get_weights()
        np.testing.assert_allclose((mean, variance), expected, rtol=1e-5)
        assert count == 0 and count.dtype == "int32"
        assert [w.path.split("/")[-1] for w in layer.weights] == ["mean", "variance", "count"]
        assert layer.trainable_weights == []


@pytest.mark.parametrize("axis", [None, 1, -1, (1, 2), (2, 1), [0], (0, 1, 2)])
def test_axes_of_their_own(axis):
    x = np.random.default_rng(0).normal(size=(5, 3, 4))
    kept = () if axis is None else (axis,) if isinstance(axis, int) else axis
    shared = tuple(i for i in range(3) if i not in [a % 3 for a in kept])
    layer = layers.Normalization(axis, dtype="float64")
    layer.adapt(x)
    deviation = np.maximum(x.std(shared, keepdims=True), 1e-7)
    expected = (x - x.mean(shared, keepdims=True)) / deviation
    np.testing.assert_allclose(layer(x).numpy(), expected, rtol=1e-10, atol=1e-10)
    assert layer.get_weights()[0].shape == tuple(x.shape[i] for i in sorted(a % 3 for a in kept))


def test_given_statistics_are_aligned_from_the_right():
    x = np.random.default_rng(0).normal(size=(5, 3, 4))
    mean, variance = np.arange(4.0), np.arange(1.0, 5.0)
    layer = layers.Normalization((1, 2), mean=mean, variance=variance, dtype="float64")
    np.testing.assert_allclose(layer(x).numpy(), (x - mean) / np.sqrt(variance), rtol=1e-12)
    assert layer.weights == []
    assert layer.mean.shape == (1, 3, 4)
    scalar = layers.Normalization(mean=1, variance=4, dtype="float64")
    assert scalar.mean is None
    np.testing.assert_allclose(scalar(x).numpy(), (x - 1) / 2, rtol=1e-12)
    flat = layers.Normalization(mean=[2.0], variance=[0.0])
    assert np.isfinite(flat(np.ones((2, 1))).numpy()).all()
    with pytest.raises(ValueError, match="do not go with inputs"):
        layers.Normalization(mean=[1.0, 2.0], variance=[1.0, 2.0])(x)


def test_a_model_sees_a_layer_that_adapts_again():
    layer = layers.Normalization()
    layer.adapt(X)
    model = kerasette.Sequential([kerasette.Input((4,)), layer])
    before = model.predict(X, verbose=0)
    model.predict(X, verbose=0)
    layer.adapt(2 * X)
    after = model.predict(X, verbose=0)
    np.testing.assert_allclose(after, (X - 2 * X.mean(0)) / (2 * X.std(0)), rtol=1e-4, atol=1e-5)
    assert np.abs(before - after).max() > 0.1


def test_the_statistics_are_saved_with_the_weights():
    layer = layers.Normalization()
    layer.adapt(X)
    twin = layers.Normalization.from_config(layer.get_config())
    twin.build((None, 4))
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(twin(X).numpy(), layer(X).numpy())


def test_wrong_data_to_adapt_to():
    layer = layers.Normalization()
    for data in (3, "data", {"x": X}):
        with pytest.raises(TypeError, match="Unsupported data type"):
            layer.adapt(data)
    with pytest.raises(TypeError, match=r"with a `.shape` attribute"):
        layer.adapt([1.0, 2.0])
    for data in ([], X[:0], [X[:0]]):
        with pytest.raises(ValueError, match="received no samples"):
            layers.Normalization().adapt(data)
    layer.adapt(X)
    before = layer.get_weights()
    for data in (X[:, :2], X[:, 0], [X, X[:, :2]]):
        with pytest.raises(ValueError, match="incompatible shape"):
            layer.adapt(data)
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="that were given"):
        layers.Normalization(mean=1.0, variance=1.0).adapt(X)


# ---- CategoryEncoding ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "x", "expected"),
    [
        # As Keras 3.15.1 prints them.
        ("multi_hot", [0, 1, 1], [1, 1, 0]),
        ("multi_hot", [[0, 1], [2, 2]], [[1, 1, 0], [0, 0, 1]]),
        ("multi_hot", [[0], [1]], [[1, 0, 0], [0, 1, 0]]),
        ("multi_hot", 2, [0, 0, 1]),
        ("multi_hot", [[0.0, 1.0]], [[1, 1, 0]]),
        ("binary", [[0, 0]], [[1, 0, 0]]),
        ("count", [0, 1, 1], [1, 2, 0]),
        ("count", [[0, 1], [2, 2]], [[1, 1, 0], [0, 0, 2]]),
        ("count", 2, [0, 0, 1]),
        ("one_hot", [0, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 1, 0]]),
        ("one_hot", [[0], [1]], [[1, 0, 0], [0, 1, 0]]),
        ("one_hot", [[0, 1]], [[[1, 0, 0], [0, 1, 0]]]),
        ("one_hot", 2, [[0, 0, 1]]),
    ],
)
def test_encodings(mode, x, expected):
    found = layers.CategoryEncoding(3, mode)(x)
    assert found.dtype == "float32"
    assert found.numpy().tolist() == expected
    assert layers.CategoryEncoding(3, mode, dtype="float64")(x).dtype == "float64"


@pytest.mark.parametrize(
    ("mode", "shape", "expected"),
    [
        ("multi_hot", (None, 2), (None, 3)),
        ("count", (None, 5), (None, 3)),
        ("one_hot", (None, 2), (None, 2, 3)),
        ("one_hot", (None, 1), (None, 3)),
        ("one_hot", (1,), (1, 3)),
        ("count", (4,), (3,)),
        ("count", (), (3,)),
    ],
)
def test_shapes_of_encodings(mode, shape, expected):
    layer = layers.CategoryEncoding(3, mode)
    assert layer.compute_output_shape(shape) == expected
    for n in (0, 1, 2):
        concrete = tuple(n if size is None else size for size in shape)
        found = layer(np.zeros(concrete, "int64")).shape
        assert found == tuple(n if size is None else size for size in expected)


def test_weights_of_counts():
    layer = layers.CategoryEncoding(3, "count")
    found = layer([[0, 1, 1]], count_weights=np.array([[0.5, 1.0, 2.0]]))
    assert found.numpy().tolist() == [[0.5, 3.0, 0.0]]
    with pytest.raises(ValueError, match="`count_weights` is not used"):
        layers.CategoryEncoding(3)([[0]], count_weights=np.ones((1, 1)))


@pytest.mark.parametrize("shape", [(2, 3, 2), (2, 3, 1), (2, 1, 2), (2, 3, 2, 1)])
@pytest.mark.parametrize("mode", ["multi_hot", "count"])
def test_numbers_along_the_second_axis_are_taken_together(mode, shape):
    # As Keras 3.15.1 does, whose symbolic shape is another one.
    x = np.random.default_rng(0).integers(0, 4, shape)
    layer = layers.CategoryEncoding(4, mode)
    counts = np.stack([(x == i).sum(1) for i in range(4)], -1)
    expected = counts if mode == "count" else counts > 0
    np.testing.assert_array_equal(layer(x).numpy(), expected)
    inputs = kerasette.Input(shape[1:], dtype="int64")
    model = kerasette.Model(inputs, layers.Flatten()(layer(inputs)))
    assert layer(inputs).shape == (None, *expected.shape[1:])
    np.testing.assert_array_equal(model.predict(x, verbose=0), expected.reshape(2, -1))
    if mode == "count":
        weighted = np.stack([np.where(x == i, 0.5 * x, 0).sum(1) for i in range(4)], -1)
        np.testing.assert_array_equal(layer(x, count_weights=0.5 * x).numpy(), weighted)


def test_statistics_of_another_size_than_the_inputs():
    given = {"mean": [1.0, 2.0], "variance": [1.0, 4.0]}
    with pytest.raises(ValueError, match=r"shape \(2,\) do not go with .* axis 1 has size 3"):
        layers.Normalization(**given)(np.zeros((2, 3)))
    adapted, built = layers.Normalization(), layers.Normalization(**given)
    adapted.adapt(np.zeros((5, 2)))
    built(np.zeros((5, 2)))
    for layer in (adapted, built):
        for inputs in (np.zeros((4, 3)), kerasette.Input((3,))):
            with pytest.raises(ValueError, match=r", 3\) do not go with .* sizes \(1, 2\)"):
                layer(inputs)
        # As in Keras, whatever can be broadcast is.
        assert layer(np.zeros((4, 1))).shape == layer(np.zeros((4, 2))).shape == (4, 2)
        assert layer(np.zeros((4, 3, 2))).shape == (4, 3, 2)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("Discretization", {"bin_boundaries": (None, 1)}, r"`bin_boundaries` .*\(None, 1\)"),
        ("Discretization", {"bin_boundaries": ["0", "1"]}, "`bin_boundaries` must be"),
        ("ELU", {"alpha": "3"}, "`alpha` must be a number. Received: alpha='3'"),
        ("ELU", {"alpha": None}, "`alpha` must be a number. Received: alpha=None"),
        ("Rescaling", {"scale": "3"}, "`scale` must be a number, .* Received: scale='3'"),
        ("Rescaling", {"scale": None}, "Received: scale=None"),
        ("Rescaling", {"scale": 2, "offset": "3"}, "Received: offset='3'"),
        ("Normalization", {"mean": "3", "variance": 1}, "Received: mean='3'"),
        ("Normalization", {"mean": 3, "variance": "1"}, "Received: variance='1'"),
        ("GroupNormalization", {"groups": 1, "epsilon": (1,)}, r"epsilon=\(1,\)"),
        ("GroupNormalization", {"groups": 1, "axis": []}, r"`axis` must be an integer.*axis=\[\]"),
        ("GroupNormalization", {"groups": 1, "axis": ()}, r"`axis` must be an integer.*axis=\(\)"),
        ("LayerNormalization", {"epsilon": "1"}, "Received: epsilon='1'"),
        ("LayerNormalization", {"axis": []}, r"Received: axis=\[\]"),
        ("Softmax", {"axis": []}, r"`axis` must be an integer, or .*axis=\[\]"),
        ("Softmax", {"axis": ()}, r"axis=\(\)"),
        ("Softmax", {"axis": "1"}, "axis='1'"),
    ],
)
def test_what_is_no_number_is_named_when_a_layer_is_made(name, arguments, words):
    with pytest.raises(ValueError, match=words):
        getattr(layers, name)(**arguments)
