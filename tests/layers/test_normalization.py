"""BatchNormalization and LayerNormalization: against Keras and NumPy, in steps, wrong inputs."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, make, numbered
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import GradientTape, layers, ops
from kerasette.testing import check_gradients

DESCRIBED = golden_json("normalization.json")
ARRAYS = golden_arrays("normalization.npz")
RNG = np.random.default_rng(0)
X = RNG.normal(size=(8, 3, 4))


pytestmark = pytest.mark.filterwarnings("ignore:`rms_scaling=True` is deprecated")


# ---- Keras -------------------------------------------------------------------------------------


def check_call(layer, arrays, name, **arguments):
    """Output and gradients of a call, against the golden ones."""
    x = ops.convert_to_tensor(arrays["x_0"])
    with GradientTape() as tape:
        tape.watch(x)
        y = layer(x, **arguments)
    assert_agree(y, arrays[f"{name}_y"], f"{name}: output")
    sources = [*layer.trainable_weights, x]
    *by_weights, by_input = tape.gradient(y, sources, output_gradients=arrays["seed"])
    assert_agree_in_scale(by_input, arrays[f"{name}_dx"], f"{name}: gradient of the input")
    for found, expected in zip(by_weights, numbered(arrays, f"{name}_dw_"), strict=True):
        assert_agree_in_scale(found, expected, f"{name}: gradient of a weight")


def assert_agree_in_scale(found, expected, what):
    """Sums of terms of the size of 1 that cancel are as exact as their terms are."""
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=5e-6, err_msg=what)


@pytest.mark.parametrize("case", DESCRIBED["cases"], ids=lambda case: case["name"])
def test_outputs_gradients_and_averages_are_those_of_keras(case):
    arrays = {
        key.partition("/")[2]: value
        for key, value in ARRAYS.items()
        if key.partition("/")[0] == case["name"]
    }
    layer = make(layers, case["layer"])
    layer.build(arrays["x_0"].shape)
    layer.set_weights(numbered(arrays, "w_"))
    check_call(layer, arrays, "before")
    if not isinstance(layer, layers.BatchNormalization):
        return
    masks = numbered(arrays, "mask_") or [None] * DESCRIBED["steps"]
    for step, (x, mask) in enumerate(zip(numbered(arrays, "x_"), masks, strict=True), start=1):
        if step == 1:
            check_call(layer, arrays, "step1", training=True, mask=mask)
        else:
            layer(x, training=True, mask=mask)
        if step in (1, DESCRIBED["steps"]):
            assert_agree(layer.moving_mean, arrays[f"moving_mean_{step}"], f"mean {step}")
            assert_agree(layer.moving_variance, arrays[f"moving_variance_{step}"], f"var {step}")
    check_call(layer, arrays, "after")


# ---- NumPy, float64 ------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 3), (4, 3, 2), (2, 3, 2, 4), (2, 3, 1, 2, 4)])
@pytest.mark.parametrize("axis", [1, -1])
def test_batch_normalization_is_its_formula(shape, axis):
    x = RNG.normal(2, 3, size=shape)
    others = tuple(a for a in range(x.ndim) if a != axis % x.ndim)
    layer = layers.BatchNormalization(axis=axis, momentum=0.9, epsilon=0.01, dtype="float64")
    layer.build((None, *shape[1:]))
    layer.set_weights([RNG.uniform(0.5, 2, size=w.shape) for w in layer.weights])
    gamma, beta, mean, variance = (broadcastable(w, axis, x.ndim) for w in layer.get_weights())
    inference = (x - mean) / np.sqrt(variance + 0.01) * gamma + beta
    np.testing.assert_allclose(layer(x).numpy(), inference, rtol=1e-10)
    batch_mean, batch_variance = x.mean(others, keepdims=True), x.var(others, keepdims=True)
    training = (x - batch_mean) / np.sqrt(batch_variance + 0.01) * gamma + beta
    np.testing.assert_allclose(layer(x, training=True).numpy(), training, rtol=1e-10)
    expected = 0.9 * mean + 0.1 * batch_mean
    np.testing.assert_allclose(layer.moving_mean.numpy(), expected.ravel(), rtol=1e-12)
    expected = 0.9 * variance + 0.1 * batch_variance
    np.testing.assert_allclose(layer.moving_variance.numpy(), expected.ravel(), rtol=1e-12)


def broadcastable(weight, axis, ndim):
    shape = [1] * ndim
    shape[axis] = -1
    return weight.reshape(shape)


@pytest.mark.parametrize("axis", [0, 1, -1, [0, 1], [2, 0], (0, 1, 2), [1, -1]])
@pytest.mark.parametrize("rms", [False, True])
def test_layer_normalization_is_its_formula(axis, rms):
    axes = tuple(a % 3 for a in (axis if isinstance(axis, (list, tuple)) else [axis]))
    layer = layers.LayerNormalization(axis, epsilon=0.01, rms_scaling=rms, dtype="float64")
    layer.build(X.shape)
    layer.set_weights([RNG.uniform(0.5, 2, size=w.shape) for w in layer.weights])
    shape = [n if a in axes else 1 for a, n in enumerate(X.shape)]
    gamma = layer.gamma.numpy().reshape(shape)
    mean, variance = X.mean(axes, keepdims=True), X.var(axes, keepdims=True)
    if rms:
        expected = X / np.sqrt(variance + 0.01) * gamma
    else:
        expected = (X - mean) / np.sqrt(variance + 0.01) * gamma + layer.beta.numpy().reshape(shape)
    np.testing.assert_allclose(layer(X).numpy(), expected, rtol=1e-10)


@pytest.mark.parametrize("axis", [1, 2])
@pytest.mark.parametrize("mask", [None, RNG.random((8, 3)) < 0.5])
def test_gradients_of_batch_normalization(axis, mask):
    layer = layers.BatchNormalization(axis=axis, epsilon=0.1, dtype="float64")
    layer.build(X.shape)
    layer.set_weights([RNG.uniform(0.5, 2, size=w.shape) for w in layer.weights])
    check_gradients(lambda x: layer(x, training=True, mask=mask), [X])
    check_gradients(lambda x: layer(x, training=False, mask=mask), [X])


@pytest.mark.parametrize("shape", [(3, 2, 4, 3), (2, 3, 2, 2, 2)])
@pytest.mark.parametrize("axis", [1, -1])
def test_gradients_of_batch_normalization_of_images(shape, axis):
    x = RNG.normal(size=shape)
    layer = layers.BatchNormalization(axis=axis, epsilon=0.1, dtype="float64")
    layer.build(shape)
    layer.set_weights([RNG.uniform(0.5, 2, size=w.shape) for w in layer.weights])
    check_gradients(lambda x: layer(x, training=True), [x])
    check_gradients(lambda x: layer(x, training=False), [x])


@pytest.mark.parametrize("axis", [1, [0, 2]])
def test_gradients_of_layer_normalization(axis):
    layer = layers.LayerNormalization(axis, epsilon=0.1, dtype="float64")
    check_gradients(layer, [X])


def test_masked_entries_are_left_out_of_the_statistics():
    mask = np.array([True, False, True, True])
    x = RNG.normal(size=(4, 3))
    layers_ = [layers.BatchNormalization(dtype="float64") for _ in range(2)]
    y = layers_[0](x, training=True, mask=mask).numpy()
    kept = layers_[1](x[mask], training=True).numpy()
    # Keras adds 1e-7 to the number of entries.
    np.testing.assert_allclose(y[mask], kept, rtol=1e-6, atol=1e-7)
    for a, b in zip(*(layer.get_weights() for layer in layers_), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-9)
    np.testing.assert_array_equal(
        layers_[0](x, training=False, mask=mask), layers_[0](x, training=False)
    )


def test_a_mask_that_the_input_carries_is_used():
    table = layers.Embedding(4, 2, mask_zero=True, dtype="float64")
    x = table(np.array([[1, 0, 3], [2, 2, 0]]))
    mask = np.array([[True, False, True], [True, True, False]])
    layer, twin = (layers.BatchNormalization(dtype="float64") for _ in range(2))
    y = layer(x, training=True)
    expected = twin(x.numpy(), training=True, mask=mask)
    np.testing.assert_array_equal(y.numpy(), expected.numpy())
    np.testing.assert_array_equal(y._keras_mask.numpy(), mask)


@pytest.mark.parametrize("shape", [(0, 3), (0, 4, 5, 3), (2, 0, 5, 3), (0, 2, 2, 2, 3)])
@pytest.mark.parametrize("axis", [1, -1])
def test_an_empty_batch_has_no_statistics(shape, axis):
    shape = shape if axis == -1 else (*shape[:1], 3, *shape[1:-1])
    layer = layers.BatchNormalization(axis=axis)
    assert layer(np.ones(shape), training=True).shape == shape
    assert np.isnan(layer.moving_mean.numpy()).all()
    assert layer(np.ones(shape)).shape == shape


def test_a_frozen_layer_infers():
    layer = layers.BatchNormalization()
    layer.build(X.shape)
    layer.trainable = False
    before = layer.get_weights()
    np.testing.assert_array_equal(layer(X, training=True), layer(X, training=False))
    for a, b in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert layer.trainable_weights == [] and len(layer.non_trainable_weights) == 4
    layer.trainable = True
    assert [w.name for w in layer.trainable_weights] == ["gamma", "beta"]
    layer(X, training=True)
    assert differ(before[2:], layer.get_weights()[2:])


def test_integers_are_cast():
    for cls in (layers.BatchNormalization, layers.LayerNormalization):
        x = np.arange(12).reshape(4, 3)
        expected = cls()(x.astype("float32"))
        np.testing.assert_array_equal(cls()(x).numpy(), expected.numpy())


# ---- in a step -----------------------------------------------------------------------------------

SAMPLES = RNG.normal(size=(70, 5)).astype("float32")
CLASSES = RNG.integers(0, 3, 70)


class Twice(layers.Layer):
    """One normalization that is used twice: the second call reads what the first assigns."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = layers.BatchNormalization(momentum=0.5)

    def call(self, inputs, training=None):
        return self.inner(2 * self.inner(inputs, training=training) + 1, training=training)


def network():
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((5,)),
            layers.Dense(6, use_bias=False),
            layers.BatchNormalization(momentum=0.8, name="batch"),
            layers.Activation("relu"),
            Twice(),
            layers.Dense(4),
            layers.LayerNormalization(name="layer"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model):
    """Fits with a short last batch, another momentum, and the layer frozen."""
    np.random.seed(5)
    batch = model.get_layer("batch")
    results = [model.fit(SAMPLES, CLASSES, batch_size=16, epochs=3, verbose=0).history]
    batch.momentum = 0.5
    results.append(model.fit(SAMPLES, CLASSES, batch_size=16, epochs=2, verbose=0).history)
    results.append(model.get_weights())
    batch.trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy")
    results.append(model.fit(SAMPLES, CLASSES, batch_size=16, epochs=2, verbose=0).history)
    results.append(batch.get_weights())
    batch.trainable = True
    model.compile("sgd", "sparse_categorical_crossentropy")
    results.append(model.fit(SAMPLES, CLASSES, batch_size=16, epochs=2, verbose=0).history)
    results += [model.get_weights(), model.predict(SAMPLES, verbose=0)]
    return results


def test_replay_gives_the_bits_of_eager(monkeypatch):
    replayed = network()
    found = train(replayed)
    assert replayed.replayed_steps > 20
    # Frozen, nothing of it moved.
    assert not differ(found[2][1:5], [found[4][i] for i in (0, 1, 2, 3)])
    pool = kerasette.training.programs.ProgramPool
    monkeypatch.setattr(pool, "is_replayable", lambda self, key: False)
    model = network()
    expected = train(model)
    assert model.replayed_steps == 0
    assert not differ(found, expected)


def test_averages_wait_for_the_end_of_the_step():
    from kerasette._core.step import Step

    layer = layers.BatchNormalization(momentum=0.5)
    layer.build((None, 2))
    x = np.array([[1.0, 2.0], [3.0, 6.0]], "float32")
    with pytest.raises(KeyError), Step():
        layer(x, training=True)
        raise KeyError
    assert layer.moving_mean.numpy().tolist() == [0.0, 0.0]
    with Step():
        layer(x, training=True)
        layer(x, training=True)
    assert layer.moving_mean.numpy().tolist() == [1.5, 3.0]


# ---- arguments -----------------------------------------------------------------------------------

# One change for each parameter; None: it is refused.
BATCH_ROWS = {
    "axis": 1,
    "momentum": 0.5,
    "epsilon": 0.5,
    "center": False,
    "scale": False,
    "beta_initializer": "ones",
    "gamma_initializer": "zeros",
    "moving_mean_initializer": "ones",
    "moving_variance_initializer": "zeros",
    "beta_regularizer": "l2",
    "gamma_regularizer": "l2",
    "beta_constraint": "unit_norm",
    "gamma_constraint": "unit_norm",
    "renorm": None,
    "renorm_clipping": None,
    "renorm_momentum": None,
    "synchronized": None,
}
LAYER_ROWS = {
    "axis": 1,
    "epsilon": 0.5,
    "center": False,
    "scale": False,
    "beta_initializer": "ones",
    "gamma_initializer": "zeros",
    "beta_regularizer": "l2",
    "gamma_regularizer": "l2",
    "beta_constraint": "unit_norm",
    "gamma_constraint": "unit_norm",
    "rms_scaling": True,
}
COVERED = {"layers.BatchNormalization": BATCH_ROWS, "layers.LayerNormalization": LAYER_ROWS}
ALL_ROWS = [
    (cls, name, value)
    for cls, rows in (
        (layers.BatchNormalization, BATCH_ROWS),
        (layers.LayerNormalization, LAYER_ROWS),
    )
    for name, value in rows.items()
    if value is not None
]


def observe(cls, **arguments):
    """Outputs, weights and losses of a layer in a training of a few steps."""
    layer = cls(**arguments)
    layer.build((None, 3, 3))
    # Constraints and regularizers have something to do.
    start = [w - 0.5 for w in layer.get_weights()]
    model = kerasette.Sequential([kerasette.Input((3, 3)), layer, layers.Flatten()])
    model.compile(kerasette.optimizers.SGD(2.0), "mse")
    if not {"beta_initializer", "gamma_initializer"} & set(arguments):
        layer.set_weights(start[:2] + [w + 1 for w in start[2:]] if len(start) > 2 else start)
    x = np.random.default_rng(0).normal(size=(8, 3, 3)).astype("float32")
    outputs = [layer(x).numpy()]
    history = model.fit(x, x.reshape(8, 9), batch_size=4, shuffle=False, verbose=0).history
    return [*outputs, history["loss"], layer.get_weights(), layer(x).numpy()]


def test_every_parameter_has_a_row():
    assert_every_parameter_has_a_row(layers.BatchNormalization, BATCH_ROWS)
    assert_every_parameter_has_a_row(layers.LayerNormalization, LAYER_ROWS)


@pytest.mark.parametrize(("cls", "name", "value"), ALL_ROWS)
def test_every_argument_acts(cls, name, value):
    assert differ(observe(cls), observe(cls, **{name: value}))


def built(cls, **arguments):
    layer = cls(**arguments)
    layer(X)
    return layer


@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        (lambda: layers.BatchNormalization(axis=[1, 2]), ValueError, "`axis` must be a finite"),
        (lambda: layers.BatchNormalization(axis="a"), ValueError, "`axis` must be a finite number"),
        (lambda: layers.BatchNormalization(axis=float("inf")), ValueError, "Received: axis=inf"),
        (lambda: layers.BatchNormalization(momentum="a"), ValueError, "`momentum` must be"),
        (lambda: layers.BatchNormalization(epsilon="a"), ValueError, "`epsilon` must be"),
        (
            lambda: layers.BatchNormalization(synchronized=True),
            ValueError,
            "Argument synchronized=True is not supported: .* one device. Leave it False",
        ),
        (lambda: layers.BatchNormalization(renorm=True), ValueError, "not supported.*renorm=True"),
        (lambda: layers.BatchNormalization(renorm_clipping={"rmax": 2}), ValueError, "rmax"),
        (lambda: layers.BatchNormalization(renorm_momentum=0.5), ValueError, "renorm_momentum=0.5"),
        (lambda: layers.BatchNormalization(gamma=1), ValueError, "Unrecognized keyword arguments"),
        (
            lambda: layers.BatchNormalization(axis=3)(X),
            ValueError,
            r"Axis 3 is out of bounds for input shape \(8, 3, 4\). Received: axis=3",
        ),
        (
            lambda: layers.BatchNormalization(axis=5).compute_output_shape((2, 3)),
            ValueError,
            "Axis 5 is out of bounds",
        ),
        (lambda: layers.BatchNormalization().build((None, None)), ValueError, "fully-defined"),
        (lambda: built(layers.BatchNormalization)(X[..., :3]), ValueError, "to have value 4"),
        (lambda: built(layers.BatchNormalization)(X[0]), ValueError, "expected ndim=3, found"),
        (
            lambda: built(layers.BatchNormalization)(X, mask=np.ones((8,), bool)),
            ValueError,
            r"should be one dimension less than the inputs. Received: mask.shape=\(8,\)",
        ),
        (
            lambda: layers.LayerNormalization(axis="a"),
            TypeError,
            "Expected an int or a list/tuple of ints for the argument 'axis', but received: 'a'",
        ),
        (lambda: layers.LayerNormalization(axis=1.0), TypeError, "Expected an int or a list"),
        (lambda: layers.LayerNormalization(axis=-4)(X), ValueError, "Axis -4 is out of bounds"),
        (lambda: layers.LayerNormalization(axis=[1, -2])(X), ValueError, "An axis stands twice"),
        (lambda: layers.LayerNormalization(epsilon="a"), ValueError, "`epsilon` must be a number"),
        (lambda: layers.LayerNormalization().build((None, None)), ValueError, "fully-defined"),
        (lambda: built(layers.LayerNormalization)(X[..., :3]), ValueError, "to have value 4"),
        (lambda: built(layers.LayerNormalization, axis=2)(X[0]), ValueError, "min_ndim=3"),
    ],
)
def test_wrong_arguments_and_inputs_raise(function, error, words):
    with pytest.raises(error, match=words):
        function()


def test_without_weights_any_width_is_right():
    layer = layers.LayerNormalization(center=False, scale=False)
    assert layer(X).shape == (8, 3, 4)
    assert layer(X[..., :3]).shape == (8, 3, 3)


def test_axis_is_a_sorted_list_once_built():
    layer = layers.LayerNormalization((2, 1))
    assert layer.get_config()["axis"] == [2, 1]
    layer.build((None, 3, 4))
    assert layer.get_config()["axis"] == [1, 2]
    assert layer.gamma.shape == layer.beta.shape == (3, 4)
    assert built(layers.LayerNormalization).get_config()["axis"] == [-1]


def test_rms_scaling_warns():
    with pytest.warns(UserWarning, match="rms_scaling=True.*deprecated"):
        layer = layers.LayerNormalization(rms_scaling=True, scale=False)
    layer.build((None, 3))
    assert [w.name for w in layer.weights] == ["gamma"]


@pytest.mark.parametrize("kind", [layers.BatchNormalization, layers.GroupNormalization])
@pytest.mark.parametrize("off", [("scale",), ("center",), ("scale", "center")])
def test_scale_and_center_may_be_turned_off_after_building(kind, off):
    """As in Keras; the weights stay."""
    options = {"groups": 2} if kind is layers.GroupNormalization else {}
    x = X.astype("float32")
    layer = kind(**options)
    layer.build(x.shape)
    layer.gamma.assign([1.0, 2.0, 3.0, 4.0])
    layer.beta.assign([5.0, 6.0, 7.0, 8.0])
    plain = kind(**options, **dict.fromkeys(off, False))
    plain.build(x.shape)
    for name, weight in (("scale", "gamma"), ("center", "beta")):
        if name not in off:
            getattr(plain, weight).assign(getattr(layer, weight))
    model = kerasette.Sequential([kerasette.Input(x.shape[1:]), layer])
    before = model.predict(x, verbose=0)
    for name in off:
        setattr(layer, name, False)
    for training in (True, False):
        np.testing.assert_array_equal(layer(x, training=training), plain(x, training=training))
    after = model.predict(x, verbose=0)
    np.testing.assert_array_equal(after, plain(x))
    assert not np.allclose(after, before)
    assert len(layer.trainable_weights) == 2


@pytest.mark.parametrize("name", ["scale", "center"])
def test_scale_and_center_cannot_be_turned_on_after_building(name):
    layer = layers.BatchNormalization(**{name: False})
    layer(X)
    setattr(layer, name, True)
    for training in (True, False):
        with pytest.raises(ValueError, match=f"`{name}` of layer .* the layer was built without"):
            layer(X, training=training)


@pytest.mark.parametrize(("axis", "shape"), [(-2, (2, 3)), (0, (2, 3)), (0, (2, 3, 4))])
def test_groups_of_samples_are_refused(axis, shape):
    with pytest.raises(ValueError, match=f"not that of the batch. Received: axis={axis} "):
        layers.GroupNormalization(1, axis=axis)(np.ones(shape))
