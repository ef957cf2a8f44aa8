"""Layers with convolutions against Keras: calls, gradients, steps of training, errors."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, make
from convolution_cases import cases, drawn, drawn_weights, flat, trained

import kerasette
from kerasette import GradientTape, layers, ops
from kerasette.testing import check_gradients

GOLDEN = golden_json("convolutions.json")
ARRAYS = golden_arrays("convolutions.npz")
CASES = list(cases())
by_case = pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])


def part(key, number):
    """What an array has of a case."""
    lengths = [length[key == "trained"] for length in GOLDEN["lengths"].values()]
    return np.split(ARRAYS[key], np.cumsum(lengths))[number]


@by_case
def test_outputs_and_gradients_are_those_of_keras(number):
    name, described, shape = CASES[number]
    layer = make(layers, described)
    layer.build(shape)
    layer.set_weights(drawn_weights(layer))
    x = ops.convert_to_tensor(drawn(shape, 1))
    with GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
        total = ops.sum(y * drawn(y.shape, 3))
    gradients = tape.gradient(total, [x, *layer.trainable_weights])
    assert_agree(flat([a.numpy() for a in (y, *gradients)]), part("called", number), name)
    assert layer.compute_output_shape(shape) == y.shape


@by_case
def test_three_steps_are_those_of_keras(number):
    name, described, shape = CASES[number]
    losses, weights = trained(kerasette, make(layers, described), shape, number)
    assert_agree(losses, ARRAYS["losses"].reshape(-1, 3)[number], name)
    assert_agree(weights, part("trained", number), name)


@by_case
def test_gradients_are_those_of_differences(number):
    _, described, shape = CASES[number]
    layer = make(layers, [described[0], {**described[1], "dtype": "float64"}])
    layer.build(shape)
    names = [name for name in vars(layer) if any(vars(layer)[name] is w for w in layer.weights)]
    rng = np.random.default_rng(number)

    def called(x, *weights):
        vars(layer).update(zip(names, weights, strict=True))
        return layer(x)

    shapes = [shape, *(getattr(layer, name).shape for name in names)]
    check_gradients(called, [rng.normal(size=s) for s in shapes], rtol=1e-5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_symbolic_shapes_are_those_of_calls(case):
    _, described, shape = case
    layer = make(layers, described)
    is_last = described[1].get("data_format") != "channels_first"
    axes = range(1, len(shape) - 1) if is_last else range(2, len(shape))
    free = [None if axis in (0, *axes) else size for axis, size in enumerate(shape)]
    symbolic = layer(kerasette.KerasTensor(free))
    found = layer(drawn(shape, 1)).shape
    assert len(symbolic.shape) == len(found)
    # Sizes of space are known when those of the inputs are.
    assert all(a is None or a == b for a, b in zip(symbolic.shape, found, strict=True))
    assert symbolic.shape[1 - is_last * 2] == found[1 - is_last * 2]
    assert layer(kerasette.KerasTensor((None, *shape[1:]))).shape == (None, *found[1:])


# Each layer's constructor has a row in `test_arguments.py`.
COVERED = {f"layers.Conv{n}D.convolution_op": ["inputs", "kernel"] for n in (1, 2, 3)}


# ---- errors -------------------------------------------------------------------------------------

# Words of another error than Keras's, where that is of a backend or of Python itself.
UNKNOWN = "The number of input channels must be known"
NO_INTEGER = "Invalid value for argument `filters`. Expected a strictly positive integer"
OTHERWISE = {
    "filters_text": NO_INTEGER,
    "filters_fraction": NO_INTEGER,
    "rank_argument": "Unrecognized keyword arguments passed to Conv2D: {'rank': 4}",
    "padding_unknown": "must be one of ('same', 'valid'). Received: padding='full'",
    "padding_causal_2d": "must be one of ('same', 'valid'). Received: padding='causal'",
    "padding_unknown_1d": "must be one of ('causal', 'same', 'valid')",
    "transpose_causal": "must be one of ('same', 'valid')",
    "depthwise_causal": "must be one of ('same', 'valid')",
    "later_too_small": "Computed output size would be zero or negative",
    "later_of_rank_five": "must have the same length as input",
    "unknown_channels": UNKNOWN,
    "unknown_channels_transposed": UNKNOWN,
    "unknown_channels_symbolic": UNKNOWN,
    "unknown_channels_depthwise": UNKNOWN,
}


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: case["name"])
def test_errors_are_those_of_keras(case):
    names = {"keras": kerasette, "np": np}
    exec(GOLDEN["error_setup"], names)
    kerasette.utils.clear_session(free_memory=False)
    with pytest.raises(Exception) as caught:
        exec(case["code"], names)
    if case["name"] in OTHERWISE:
        assert caught.type is ValueError
        assert OTHERWISE[case["name"]] in str(caught.value)
    else:
        assert caught.type.__name__ == case["type"]
        words = case["message"].replace(" with name 'None'", "")
        assert str(caught.value)[:36] == words[:36]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"filters": None}, "`filters`"),
        ({"filters": True}, "`filters`"),
        ({"kernel_size": 2.0}, "`kernel_size`"),
        ({"kernel_size": (2.0, 1)}, "`kernel_size`"),
        ({"strides": True}, "`strides`"),
        ({"strides": {2, 3}}, "`strides`"),
        ({"padding": (1, 1)}, "`padding`"),
        ({"padding": None}, "`padding`"),
        ({"groups": 1.0}, "groups"),
        ({"dilation_rate": None}, "`dilation_rate`"),
    ],
)
def test_what_keras_finds_late_or_never_is_refused_at_once(arguments, words):
    with pytest.raises(ValueError, match=words):
        layers.Conv2D(**{"filters": 3, "kernel_size": 3, **arguments})


SHAPES = {
    "rank_five": ["(1, 2, 5, 6, 4)", "(3, 3)"],
    "channels_not_of_groups": ["(2, 5, 6, 4)", "groups=3"],
    "kernel_too_large": ["(2, 5, 6, 4)", "(6, 6)", "strides=(1, 1)"],
    "other_channels": ["(2, 5, 6, 3)", "value 4"],
    "later_too_small": ["(2, 2, 6, 4)", "(3, 3, 4, 3)"],
    "later_of_rank_five": ["(1, 2, 5, 6, 4)", "(3, 3, 4, 3)"],
    "unknown_channels": ["(None, 5, 6, None)", "axis -1"],
    "unknown_channels_symbolic": ["(None, 5, 6, None)"],
    "strides_and_dilation": ["(2, 2)"],
}


@pytest.mark.parametrize("name", SHAPES)
def test_errors_tell_shapes(name):
    (code,) = [case["code"] for case in GOLDEN["errors"] if case["name"] == name]
    names = {"keras": kerasette, "np": np}
    exec(GOLDEN["error_setup"], names)
    with pytest.raises(ValueError) as caught:
        exec(code, names)
    assert all(words in str(caught.value) for words in SHAPES[name])


@pytest.mark.parametrize(
    "layer",
    [
        layers.Conv2D(3, 6),
        layers.DepthwiseConv2D(6),
        layers.SeparableConv2D(2, 6),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_a_layer_that_could_not_be_built_can_be_built_later(layer):
    with pytest.raises(ValueError, match="zero or negative"):
        layer(np.ones((1, 5, 5, 2), "float32"))
    assert not layer.built and not layer.weights
    assert layer(np.ones((1, 6, 7, 3), "float32")).shape[1:3] == (1, 2)


def test_nothing_is_not_made_larger():
    layer = layers.Conv2DTranspose(3, 3, 2, padding="same")
    with pytest.raises(ValueError, match=r"zero or negative.*\(2, 0, 4, 1\)"):
        layer(np.ones((2, 0, 4, 1), "float32"))
    with pytest.raises(ValueError, match="zero or negative"):
        layers.Conv2D(3, 3)(np.ones((2, 0, 4, 1), "float32"))
    assert layer(np.ones((0, 2, 4, 1), "float32")).shape == (0, 4, 8, 3)


# ---- what is particular to them -----------------------------------------------------------------


def test_other_names_are_those_of_keras():
    for name in ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "SeparableConv1D"):
        other = name.replace("Conv", "Convolution")
        assert getattr(layers, other) is getattr(layers, name)
    assert not hasattr(layers, "DepthwiseConvolution2D")


def test_the_channels_format_is_the_configured_one():
    kerasette.config.set_image_data_format("channels_first")
    try:
        layer = layers.Conv2D(3, 2)
    finally:
        kerasette.config.set_image_data_format("channels_last")
    assert layer.data_format == "channels_first"
    assert layer(np.ones((1, 2, 5, 6), "float32")).shape == (1, 3, 4, 5)


@pytest.mark.parametrize("kind", ["Conv1D", "Conv2D", "Conv3D"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("activation", [None, "relu", "softmax"])
def test_a_convolution_of_ones_own(kind, data_format, activation):
    class Standardized(getattr(layers, kind)):
        def convolution_op(self, inputs, kernel):
            kernel = kernel - ops.mean(kernel)
            return super().convolution_op(inputs, kernel)

    arguments = {"data_format": data_format, "activation": activation, "padding": "same"}
    own = Standardized(2, 3, **arguments)
    x = drawn((2, 3, 4, 5, 6)[: own.rank + 2], 1)
    own.build(x.shape)
    own.set_weights(drawn_weights(own))
    plain = getattr(layers, kind)(2, 3, **arguments)
    plain.build(x.shape)
    kernel, bias = own.get_weights()
    plain.set_weights([kernel - kernel.mean(), bias])
    assert_agree(own(x), plain(x))


def test_a_convolution_of_ones_own_is_trained():
    class Weighed(layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            scale = ops.sqrt(ops.mean(ops.square(kernel), axis=(0, 1, 2), keepdims=True))
            return super().convolution_op(inputs, kernel / scale)

    model = kerasette.Sequential([kerasette.Input((6, 6, 2)), Weighed(3, 3), layers.Dense(1)])
    model.compile("sgd", "mse")
    x, y = drawn((4, 6, 6, 2), 1), drawn((4, 4, 4, 1), 2)
    history = model.fit(x, y, batch_size=2, epochs=5, verbose=0).history["loss"]
    assert history[-1] < history[0]
    assert model.replayed_steps >= 6


def test_low_rank_adaptation_is_refused():
    config = layers.Conv2D(2, 3, lora_rank=None, lora_alpha=None).get_config()
    assert "lora_rank" not in config
    with pytest.raises(ValueError, match="lora_rank"):
        layers.Conv2D(2, 3, lora_rank=4)


def test_the_old_way_to_tell_the_shape_of_images():
    with pytest.warns(UserWarning, match="`input_shape`"):
        layer = layers.Conv2D(4, 3, activation="relu", input_shape=(28, 28, 1))
    model = kerasette.Sequential([layer])
    assert model.output_shape == (None, 26, 26, 4)


def test_whole_numbers_are_inputs():
    layer = layers.Conv2D(2, 2)
    x = np.arange(18).reshape(1, 3, 3, 2)
    assert_agree(layer(x), layer(x.astype("float32")))


def test_a_causal_convolution_sees_no_later_steps():
    layer = layers.Conv1D(3, 4, padding="causal", dilation_rate=2)
    x = drawn((1, 20, 2), 1)
    before = layer(x).numpy()
    x[:, 11:] += 1
    after = layer(x).numpy()
    np.testing.assert_array_equal(before[:, :11], after[:, :11])
    assert (before[:, 11:] != after[:, 11:]).any(axis=(0, 2)).all()


def test_a_transposed_convolution_is_the_adjoint_of_a_convolution():
    rng = np.random.default_rng(1)
    for padding, strides, size in (("valid", 1, 7), ("valid", 2, 7), ("same", 1, 6)):
        arguments = {"padding": padding, "strides": strides, "use_bias": False}
        forth = layers.Conv2D(3, 3, **arguments, dtype="float64")
        x = rng.normal(size=(2, size, size, 2))
        y = forth(x)
        back = layers.Conv2DTranspose(2, 3, **arguments, dtype="float64")
        back.build(y.shape)
        back.set_weights(forth.get_weights())
        other = rng.normal(size=y.shape)
        # <A x, y> = <x, A^T y>
        assert (y.numpy() * other).sum() == pytest.approx((x * back(other).numpy()).sum())


def test_a_kernel_of_one_is_a_dense_layer():
    for layer, shape in ((layers.Conv1D(5, 1), (2, 4, 3)), (layers.Conv2D(5, 1), (2, 4, 2, 3))):
        x = drawn(shape, 1)
        y = layer(x)
        dense = layers.Dense(5)
        dense.build(shape)
        kernel, bias = layer.get_weights()
        dense.set_weights([kernel.reshape(3, 5), bias])
        assert_agree(y, dense(x))


FANS = [
    ("Conv2D", {"filters": 8, "kernel_size": (3, 5)}, (None, 9, 9, 4), [(60, 120)]),
    ("Conv2D", {"filters": 8, "kernel_size": 3, "groups": 2}, (None, 9, 9, 4), [(18, 72)]),
    ("Conv1D", {"filters": 8, "kernel_size": 3}, (None, 9, 4), [(12, 24)]),
    ("Conv3D", {"filters": 8, "kernel_size": 3}, (None, 9, 9, 9, 4), [(108, 216)]),
    ("Conv2DTranspose", {"filters": 8, "kernel_size": 3}, (None, 9, 9, 4), [(72, 36)]),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2}, (None, 9, 9, 4), [(36, 18)]),
    ("SeparableConv2D", {"filters": 8, "kernel_size": 3}, (None, 9, 9, 4), [(36, 9), (4, 8)]),
]


@pytest.mark.parametrize(("kind", "arguments", "shape", "fans"), FANS)
def test_kernels_are_spread_by_inputs_and_outputs_as_in_keras(kind, arguments, shape, fans):
    layer = getattr(layers, kind)(**arguments)
    layer.build(shape)
    for weight, (fan_in, fan_out) in zip(layer.weights, fans, strict=False):
        assert kerasette.initializers.compute_fans(weight.shape) == (fan_in, fan_out)
        largest, limit = abs(weight.numpy()).max(), np.sqrt(6 / (fan_in + fan_out))
        assert 0.7 * limit < largest <= limit


@pytest.mark.parametrize("name", ["Conv2D", "SeparableConv2D"])
def test_a_kernel_that_is_too_large_is_told_with_the_shape_that_came(name):
    layer = getattr(layers, name)(2, 3, data_format="channels_first")
    layer.build((1, 4, 5, 5))
    with pytest.raises(ValueError, match=r"inputs shape=\(1, 4, 5, 2\)"):
        layer(np.zeros((1, 4, 5, 2)))
