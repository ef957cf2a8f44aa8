"""Pooling, padding, cropping and upsampling against Keras; masks, errors, ChannelPooling."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, make
from convolution_cases import drawn, flat
from pooling_cases import cases, trained

import kerasette
from kerasette import GradientTape, layers, ops
from kerasette.testing import check_gradients

GOLDEN = golden_json("pooling.json")
ARRAYS = golden_arrays("pooling.npz")
ON_JAX = golden_arrays("pooling_jax.npz")
CASES = list(cases())
ALL = CASES + list(cases("jax"))
ids = {"ids": [case[0] for case in ALL]}


def parts(values, lengths):
    return np.split(values, np.cumsum(lengths))[:-1]


LENGTHS = np.array(list(GOLDEN["lengths"].values()))
CALLED = parts(ARRAYS["called"], LENGTHS[:, 0]) + parts(ON_JAX["called"], ON_JAX["lengths"])
TRAINED = parts(ARRAYS["trained"], LENGTHS[:, 1])


@pytest.mark.parametrize("number", range(len(ALL)), **ids)
def test_outputs_and_gradients_are_those_of_keras(number):
    name, described, shape, mask = ALL[number]
    x = ops.convert_to_tensor(drawn(shape, 1))
    layer = make(layers, described)
    with GradientTape() as tape:
        tape.watch(x)
        y = layer(x) if mask is None else layer(x, mask=mask)
        total = ops.sum(y * drawn(y.shape, 3))
    found = flat([y.numpy(), tape.gradient(total, x).numpy()])
    assert_agree(found, CALLED[number], name)
    assert layer.compute_output_shape(shape) == y.shape


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
def test_three_steps_are_those_of_keras(number):
    name, described, shape, _ = CASES[number]
    losses, weights = trained(kerasette, make(layers, described), shape, number)
    assert_agree(losses, ARRAYS["losses"].reshape(-1, 3)[number], name)
    assert_agree(weights, TRAINED[number], name)


@pytest.mark.parametrize("number", range(0, len(CASES), 3), ids=[case[0] for case in CASES[::3]])
def test_replayed_steps_have_the_bits_of_eager_ones(number):
    _, described, shape, _ = CASES[number]
    found = [
        trained(kerasette, make(layers, described), shape, number, run_eagerly=eagerly)
        for eagerly in (False, True)
    ]
    for replayed, eager in zip(*found, strict=True):
        assert replayed.tobytes() == eager.tobytes()


@pytest.mark.parametrize("number", range(0, len(ALL), 2), ids=ids["ids"][::2])
def test_gradients_are_those_of_differences(number):
    _, (name, arguments), shape, mask = ALL[number]
    layer = getattr(layers, name)(**arguments, dtype="float64")
    x = np.random.default_rng(number).permutation(np.prod(shape)).reshape(shape) / 10
    check_gradients(
        lambda x: layer(x) if mask is None else layer(x, mask=mask), [x], rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("case", ALL, **ids)
def test_symbolic_shapes_are_those_of_calls(case):
    _, described, shape, _ = case
    layer = make(layers, described)
    found = layer(drawn(shape, 1)).shape
    assert layer(kerasette.KerasTensor((None, *shape[1:]))).shape == (None, *found[1:])
    is_last = described[1].get("data_format") != "channels_first"
    channels = len(shape) - 1 if is_last else 1
    free = [size if axis == channels else None for axis, size in enumerate(shape)]
    symbolic = layer(kerasette.KerasTensor(free)).shape
    assert len(symbolic) == len(found)
    assert all(a is None or a == b for a, b in zip(symbolic, found, strict=True))


# ---- arguments ----------------------------------------------------------------------------------


def test_padding_is_written_as_it_was_given():
    layer = layers.MaxPooling1D(padding="SAME")
    assert layer.get_config()["padding"] == "SAME"
    assert layer(drawn((1, 5, 1), 0)).shape == layer.compute_output_shape((1, 5, 1)) == (1, 3, 1)


@pytest.mark.parametrize(
    ("alias", "name"),
    [(f"{short}{n}D", f"{name}{n}D") for n in (1, 2, 3) for short, name in [
        ("MaxPool", "MaxPooling"), ("AvgPool", "AveragePooling"),
        ("GlobalMaxPool", "GlobalMaxPooling"), ("GlobalAvgPool", "GlobalAveragePooling"),
    ]],
)  # fmt: skip
def test_aliases_are_the_same_classes(alias, name):
    assert getattr(layers, alias) is getattr(layers, name)


def test_integers_that_are_pooled_padded_and_cut_stay_integers():
    x = np.arange(16).reshape(1, 4, 4, 1)
    for layer in (
        layers.MaxPooling2D(), layers.GlobalMaxPooling2D(), layers.ZeroPadding2D(),
        layers.Cropping2D(1), layers.UpSampling2D(), layers.ChannelPooling(),
    ):  # fmt: skip
        assert layer(x).dtype == "int64"
    assert layers.AveragePooling2D(2)(x).dtype == "float32"


@pytest.mark.parametrize("kind", ["bilinear", "bicubic", "lanczos3", "lanczos5", "nearest"])
def test_a_constant_image_stays_constant(kind):
    layer = layers.UpSampling2D((2, 3), interpolation=kind)
    y = layer(np.full((1, 4, 5, 2), 3.5, "float32")).numpy()
    np.testing.assert_allclose(y, np.full((1, 8, 15, 2), 3.5), rtol=1e-6)


def test_cropping_undoes_padding():
    x = drawn((2, 3, 4, 2), 0)
    for borders in (1, (1, 2), ((0, 3), (1, 0))):
        for first in ({}, {"data_format": "channels_first"}):
            padded = layers.ZeroPadding2D(borders, **first)(x)
            assert padded.numpy().sum() == pytest.approx(x.sum())
            np.testing.assert_array_equal(layers.Cropping2D(borders, **first)(padded), x)


def test_mask_of_steps():
    x = np.array([[[1.0], [2.0], [6.0]], [[3.0], [5.0], [4.0]]])
    y = layers.GlobalAveragePooling1D()(x, mask=np.array([[True, False, True], [False] * 3]))
    np.testing.assert_array_equal(y, [[3.5], [np.nan]])
    # As it comes from a layer before.
    model = kerasette.Sequential(
        [kerasette.Input((None, 1)), layers.Masking(), layers.GlobalAveragePooling1D()]
    )
    found = model.predict(np.array([[[1.0], [0.0], [5.0]]]), verbose=0)
    np.testing.assert_array_equal(found, [[3.0]])
    with pytest.warns(UserWarning, match="does not support masking"):
        layers.MaxPooling1D()(layers.Masking()(x))


# ---- errors -------------------------------------------------------------------------------------

# Words of another error than Keras's, where that is of a backend or of Python itself, or the
# mistake is found earlier.
ZERO = "Computed output size would be zero or negative. Received: `inputs.shape=(2, 5, 6, 4)`"
PADDING = "The `padding` argument must be one of"
OTHERWISE = {
    "pool_missing": (TypeError, "missing 1 required positional argument: 'pool_size'"),
    "pool_fraction_of_two": (ValueError, "The `pool_size` argument must be a tuple of 2 integers"),
    "padding_unknown": (ValueError, PADDING),
    "padding_number": (ValueError, PADDING),
    "window_too_large": (ValueError, ZERO),
    "window_too_wide": (ValueError, ZERO),
    "op_window_too_large": (ValueError, ZERO),
    "cropping_negative": (ValueError, "`cropping` cannot be negative"),
    "up_sampling_interpolation": (ValueError, "The `interpolation` argument must be one of"),
}


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: case["name"])
def test_errors_are_those_of_keras(case):
    names = {"keras": kerasette, "np": np}
    exec(GOLDEN["error_setup"], names)
    kerasette.utils.clear_session(free_memory=False)
    with pytest.raises(Exception) as caught:
        exec(case["code"], names)
    if case["name"] in OTHERWISE:
        error, words = OTHERWISE[case["name"]]
        assert caught.type is error
        assert words in str(caught.value)
    else:
        assert caught.type.__name__ == case["type"]
        words = case["message"].split("\x1b[1m")[-1].replace(" with name 'None'", "")
        assert str(caught.value)[:36] == words[:36]


SHAPES = {
    "rank_three": ["(2, 5, 4)"],
    "window_too_large_symbolic": ["(None, 5, 6, 4)", "(6, 6)"],
    "window_too_large_first": ["(None, 5, 6, 4)", "(5, 5)"],
    "window_too_wide": ["(2, 5, 6, 4)", "(1, 7)", "valid"],
    "cropping_all": ["(2, 5, 6, 4)", "((1, 1), (3, 3))"],
    "cropping_all_1d": ["(2, 5, 4)", "(2, 3)"],
    "op_rank_two": ["(5, 4)"],
}


@pytest.mark.parametrize("name", SHAPES)
def test_errors_tell_shapes(name):
    (code,) = [case["code"] for case in GOLDEN["errors"] if case["name"] == name]
    names = {"keras": kerasette, "np": np}
    exec(GOLDEN["error_setup"], names)
    with pytest.raises(ValueError) as caught:
        exec(code, names)
    assert all(words in str(caught.value) for words in SHAPES[name]), caught.value


# ---- ChannelPooling -----------------------------------------------------------------------------

REDUCED = {"max": np.max, "mean": np.mean, "sum": np.sum}


@pytest.mark.parametrize("reduction", REDUCED)
@pytest.mark.parametrize("shape", [(2, 6), (2, 3, 6), (2, 3, 4, 6), (1, 2, 3, 2, 6)])
def test_channels_are_pooled_at_each_place(reduction, shape):
    x = np.random.default_rng(0).normal(size=shape)
    reduced = REDUCED[reduction]
    for size in (None, 1, 2, 3, 6):
        groups = x.reshape(*shape[:-1], -1, size or 6)
        expected = reduced(groups, -1)
        layer = layers.ChannelPooling(reduction, pool_size=size, dtype="float64")
        np.testing.assert_allclose(layer(x), expected, rtol=1e-12)
        assert layer.compute_output_shape(shape) == expected.shape
        first = layers.ChannelPooling(
            reduction, pool_size=size, data_format="channels_first", dtype="float64"
        )
        found = first(np.moveaxis(x, -1, 1))
        np.testing.assert_allclose(np.moveaxis(found, 1, -1), expected, rtol=1e-12)
        check_gradients(layer, [x])


def test_maxout_units_are_maxima_of_linear_ones():
    # Goodfellow et al., 2013, equation 1 of section 3: h_i = max_j x W_ij + b_ij.
    dense, pooling = layers.Dense(6), layers.ChannelPooling(pool_size=3)
    x = drawn((4, 5), 0)
    kernel = np.asarray(pooling(dense(x)))
    linear = x @ dense.kernel.numpy() + dense.bias.numpy()
    np.testing.assert_allclose(kernel, linear.reshape(4, 2, 3).max(-1), rtol=1e-5, atol=1e-6)


def test_channel_pooling_between_convolutions():
    model = kerasette.Sequential(
        [
            kerasette.Input((8, 8, 1)),
            layers.Conv2D(4, 3),
            layers.ChannelPooling(),
            layers.Conv2D(3, 3),
            layers.ChannelPooling("mean"),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    assert [layer.output.shape[1:] for layer in model.layers[:4]] == [
        (6, 6, 4), (6, 6, 1), (4, 4, 3), (4, 4, 1),
    ]  # fmt: skip
    model.compile("sgd", "mse")
    history = model.fit(drawn((16, 8, 8, 1), 1), drawn((16, 1), 2), epochs=5, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"reduction": "min"}, ["`reduction`", "'max'", "'min'"]),
        ({"pool_size": 0}, ["`pool_size`", "0"]),
        ({"pool_size": 2.0}, ["`pool_size`", "2.0"]),
        ({"pool_size": True}, ["`pool_size`", "True"]),
        ({"pool_size": 4}, ["pool_size=4", "(2, 3, 6)", "6 channels"]),
        ({"data_format": "last"}, ["`data_format`", "last"]),
    ],
)
def test_errors_of_channel_pooling(arguments, words):
    with pytest.raises(ValueError) as caught:
        layers.ChannelPooling(**arguments)(np.ones((2, 3, 6)))
    assert all(word in str(caught.value) for word in words)
    with pytest.raises(ValueError, match="min_ndim=2"):
        layers.ChannelPooling()(np.ones(3))


@pytest.mark.parametrize("name", ["AveragePooling2D", "MaxPooling2D"])
def test_a_window_that_is_too_large_is_told_with_the_shape_that_came(name):
    layer = getattr(layers, name)((1, 3), data_format="channels_first")
    with pytest.raises(ValueError, match=r"inputs.shape=\(1, 4, 5, 2\)"):
        layer(np.zeros((1, 4, 5, 2)))
