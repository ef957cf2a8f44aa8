"""EinsumDense, GroupNormalization, Discretization, Pipeline and Wrapper against Keras."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, make, numbered
from changes import assert_every_parameter_has_a_row, differ, outcome

import kerasette
from kerasette import GradientTape, layers, ops

GOLDEN = golden_json("more_layers.json")
ARRAYS = golden_arrays("more_layers.npz")


# Each in a test below.
COVERED = {
    "layers.Discretization": [
        "bin_boundaries", "num_bins", "epsilon", "output_mode", "sparse", "dtype", "name",
    ],
    "layers.Discretization.adapt": ["data", "steps"],
    "layers.Wrapper.from_config": ["config", "custom_objects"],
}  # fmt: skip


def arrays_of(name):
    return {key.partition("/")[2]: a for key, a in ARRAYS.items() if key.startswith(f"{name}/")}


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_calls_and_gradients_are_those_of_keras(case):
    arrays = arrays_of(case["name"])
    layer = make(layers, case["layer"])
    layer.build(arrays["x"].shape)
    layer.set_weights(numbered(arrays, "w_"))
    x = ops.convert_to_tensor(arrays["x"])
    with GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
        total = ops.sum(y * arrays["seed"])
    assert_agree(y, arrays["y"])
    found = tape.gradient(total, [*layer.trainable_weights, x])
    for gradient, expected in zip(found, [*numbered(arrays, "dw_"), arrays["dx"]], strict=True):
        assert_agree(gradient, expected)
    assert layer.compute_output_shape(arrays["x"].shape) == y.shape
    assert layer.compute_output_shape((None, *arrays["x"].shape[1:])) == (None, *y.shape[1:])


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: str(case["layer"]))
def test_errors_are_those_of_keras(case):
    with pytest.raises(Exception) as caught:
        make(layers, case["layer"])(np.ones((2, 3, 4), "float32"))
    assert caught.type.__name__ == case["type"]
    words = case["message"].partition("[1m")[2] or case["message"]
    if "sparse" in case["layer"][1]:
        words = "`sparse=True`"
    assert str(caught.value).startswith(words[:36])


@pytest.mark.parametrize(
    ("equation", "output", "shape"),
    [
        ("ab,bc->ac", 3, (2, 4, 5)),
        ("abc,cd->abd", 3, (2, 4, 5)),
        ("...ab,bc->...ac", 3, (2, 4, 5)),
        ("...ab,bc->...ac", 3, (4,)),
        ("...ab...,bc->...ac...", 3, (2, 4, 5)),
        ("...ab,bc->ac", 3, (2, 4, 5)),
    ],
)
def test_equations_that_do_not_fit(equation, output, shape):
    with pytest.raises(ValueError, match=r"equation|another number of axes"):
        layers.EinsumDense(equation, output).build(shape)


@pytest.mark.parametrize("case", GOLDEN["fans"], ids=lambda case: case["equation"])
def test_kernels_are_spread_by_the_inputs_and_outputs_of_the_equation(case):
    layer = layers.EinsumDense(case["equation"], case["output"])
    layer.build(tuple(case["shape"]))
    # The largest of many numbers is nearly the bound.
    assert abs(layer.kernel.numpy()).max() == pytest.approx(case["most"], rel=2e-3)
    assert layer.get_config()["kernel_initializer"]["config"] == {
        "seed": None, "input_axes": None, "output_axes": None
    }  # fmt: skip


def test_what_the_constructor_says_of_axes_stays():
    initializer = kerasette.initializers.GlorotUniform(input_axes=[1], output_axes=[0])
    layer = layers.EinsumDense("ab,cb->ac", 3, kernel_initializer=initializer)
    layer.build((2, 4))
    assert layer.kernel_initializer is initializer
    assert layer.kernel.shape == (3, 4)


def test_a_size_that_the_inputs_have_may_be_left_open():
    layer = layers.EinsumDense("abc,cd->abd", (None, 6))
    assert layer(np.ones((2, 3, 4), "float32")).shape == (2, 3, 6)


def test_groups_with_an_unknown_number_of_channels():
    with pytest.raises(ValueError, match="should have a defined dimension"):
        layers.GroupNormalization(1).build((None, None))
    with pytest.raises(ValueError, match="out of bounds"):
        layers.GroupNormalization(1, axis=2).build((None, 3))


# ---- Discretization -----------------------------------------------------------------------------


@pytest.mark.parametrize("case", GOLDEN["bins"], ids=lambda case: case["mode"])
def test_bins_are_those_of_keras(case):
    layer = layers.Discretization([0.0, 0.5, 2.0], output_mode=case["mode"])
    values = np.array(case["values"], "float32")
    found = layer(values)
    # Keras on PyTorch has int64 here and says int32 in `output_dtype`.
    assert found.dtype == layer.output_dtype
    assert found.numpy().tolist() == case["y"]
    assert layer.compute_output_shape(values.shape) == found.shape


@pytest.mark.parametrize("case", GOLDEN["adapted"])
def test_boundaries_are_those_of_keras(case):
    layer = layers.Discretization(**case["arguments"])
    batches = [np.array(batch, "float32") for batch in case["batches"]]
    layer.adapt(batches[0] if len(batches) == 1 else batches, steps=case["steps"])
    np.testing.assert_allclose(layer.bin_boundaries, case["boundaries"], rtol=1e-6)
    twin = layers.Discretization.from_config(layer.get_config())
    assert twin.bin_boundaries == layer.bin_boundaries
    np.testing.assert_array_equal(twin(batches[0]), layer(batches[0]))
    # Data are forgotten before they are found anew.
    layer.adapt(iter(batches), steps=case["steps"])
    np.testing.assert_allclose(layer.bin_boundaries, case["boundaries"], rtol=1e-6)


def test_boundaries_that_were_given_are_not_adapted():
    with pytest.raises(ValueError, match="Cannot adapt a Discretization layer"):
        layers.Discretization([1.0]).adapt(np.ones(3))
    with pytest.raises(ValueError, match="Invalid value for argument `output_mode`"):
        layers.Discretization([1.0], output_mode="binary")
    with pytest.raises(ValueError, match="Sparse tensors are not supported"):
        layers.Discretization([1.0], output_mode="count", sparse=True)


def test_arguments_of_discretization():
    layer = layers.Discretization([1.0], output_mode="one_hot", dtype="float64", name="mine")
    assert layer([0.5]).dtype == "float64"
    assert layer.name == "mine"
    bounds = []
    for epsilon in (0.01, 0.3):
        layer = layers.Discretization(num_bins=3, epsilon=epsilon)
        layer.adapt(np.arange(40.0) ** 2)
        bounds.append(layer.bin_boundaries)
    assert bounds[0] != bounds[1]


def test_bins_in_a_model_that_is_trained():
    kerasette.utils.set_random_seed(1)
    x = np.linspace(-3, 3, 120)[:, None]
    layer = layers.Discretization(num_bins=12, output_mode="one_hot")
    layer.adapt(x)
    model = kerasette.Sequential([kerasette.Input((1,)), layer, layers.Dense(1)])
    model.compile("adam", "mse")
    model.optimizer.learning_rate = 0.1
    history = model.fit(x, np.sin(x), epochs=20, verbose=0)
    assert history.history["loss"][-1] < 0.05


# ---- layers around layers -----------------------------------------------------------------------


def test_a_pipeline_has_the_config_of_keras():
    kerasette.utils.clear_session()
    layer = layers.Pipeline([layers.Masking(), layers.Dropout(0.5)])
    assert layer.get_config() == GOLDEN["pipeline"]["config"]
    twin = layers.Pipeline.from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()
    with pytest.raises(ValueError, match="must contain a `layers` key"):
        layers.Pipeline.from_config({"name": "a", "layers": None})


def test_a_pipeline_calls_its_layers():
    layer = layers.Pipeline([layers.Dense(3), layers.Dropout(0.5, seed=1), layers.Dense(2)])
    x = np.ones((4, 5), "float32")
    first, dropout, last = layer.layers
    inference = layer(x, training=False)
    np.testing.assert_array_equal(inference, last(first(x)))
    # In training by default, as in Keras.
    assert (layer(x).numpy() != inference.numpy()).any()
    assert len(layer.trainable_weights) == 4
    assert len(layer._flatten_layers()) == 4
    assert layer.compute_output_shape((None, 5)) == (None, 2)
    assert layers.Pipeline([], name="mine").name == "mine"
    np.testing.assert_array_equal(layers.Pipeline([])(x), x)


def test_masks_go_through_a_pipeline():
    layer = layers.Pipeline([layers.Masking(), layers.Softmax()])
    x = np.array([[[1.0, 2.0], [0.0, 0.0]]])
    found = layer(x)
    assert found._keras_mask.numpy().tolist() == [[True, False]]
    x = ops.convert_to_tensor(np.ones((1, 2), "float32"))
    mask = np.array([[True, False]])
    found = layers.Pipeline([layers.Softmax()])(x, mask=mask)
    assert found.numpy().tolist() == layers.Softmax()(x, mask=mask).numpy().tolist()


class Own(layers.Dense):
    """A layer that only `custom_objects` knows."""


Own.__module__ = "elsewhere"


class Twice(layers.Wrapper):
    def call(self, inputs):
        return self.layer(self.layer(inputs))


def test_a_wrapper_holds_a_layer():
    inner = layers.Dense(3, name="inner")
    layer = Twice(inner, name="outer")
    layer.build((None, 3))
    assert inner.built and layer.weights == inner.weights
    x = np.ones((2, 3), "float32")
    np.testing.assert_array_equal(layer(x), inner(inner(x)))
    twin = Twice.from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()
    assert twin.layer.name == "inner" and twin.layer is not inner
    config = Twice(Own(3, name="own")).get_config()
    with pytest.raises(TypeError):
        Twice.from_config(config)
    assert type(Twice.from_config(config, custom_objects={"Own": Own}).layer) is Own
    with pytest.raises(ValueError, match="supplied to Wrapper isn't a supported layer type"):
        layers.Wrapper(None)


# ---- arguments ----------------------------------------------------------------------------------


class OwnLayer(layers.Layer):
    """A layer that only `custom_objects` knows."""

    def call(self, inputs):
        return inputs


def test_custom_layers_are_found_in_a_wrapper():
    config = Twice(OwnLayer(name="own")).get_config()
    found = Twice.from_config(config, custom_objects={"OwnLayer": OwnLayer})
    assert type(found.layer) is OwnLayer
    with pytest.raises((TypeError, ValueError)):
        Twice.from_config(config)


DISCRETIZATION = {
    "bin_boundaries": [0.0],
    "num_bins": 3,
    "epsilon": 0.3,
    "output_mode": "one_hot",
    "sparse": True,
}
COVERED = {
    "layers.Discretization": DISCRETIZATION,
    "layers.Discretization.adapt": ["data", "steps"],
    "layers.Wrapper.from_config": ["config", "custom_objects"],
}


def bins(steps=None, data=None, **arguments):
    """Boundaries that a layer finds in data, and what becomes of some numbers."""
    layer = layers.Discretization(**{"num_bins": 5, **arguments})
    if "bin_boundaries" not in arguments:
        layer.adapt(np.arange(40.0) ** 2 if data is None else data, steps=steps)
    return [list(layer.bin_boundaries), layer(np.array([[-3.0, 0.5, 700.0]])).numpy()]


@pytest.mark.parametrize("name", DISCRETIZATION)
def test_each_argument_of_discretization_acts(name):
    assert_every_parameter_has_a_row(layers.Discretization, DISCRETIZATION)
    others = {"num_bins": None} if name == "bin_boundaries" else {}
    found = outcome(bins, **others, **{name: DISCRETIZATION[name]})
    assert differ(found, outcome(bins))


def test_each_argument_of_adapt_acts():
    batches = [np.arange(4.0), np.arange(50.0, 60.0)]
    assert differ(bins(data=np.arange(9.0)), bins())
    assert differ(bins(data=iter(batches), steps=1), bins(data=iter(batches)))
