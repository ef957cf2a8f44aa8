"""What holds for every layer, from one table; and configs against those of Keras."""

import json
import warnings

import numpy as np
import pytest
from agreement import golden_json, make
from layer_contract import contract
from layer_rows import ROWS, halved

import kerasette
from kerasette import GradientTape, layers, ops

GOLDEN = golden_json("contract.json")
CONFIGS = [
    *golden_json("configs.json")["layers"],
    *golden_json("embedding.json")["configs"],
    *golden_json("normalization.json")["configs"],
    *golden_json("more_layers.json")["configs"],
    *golden_json("convolutions.json")["configs"],
    *golden_json("pooling.json")["configs"],
    *golden_json("recurrent.json")["configs"],
]


# Bases, what is not called, and what takes no dtype, no tensors, or other layers and states, which
# has a file of its own.
WITHOUT_ROWS = {
    "GRUCell", "Hashing", "HashedCrossing", "InputLayer", "InputSpec", "IntegerLookup", "LSTMCell",
    "Layer", "Pipeline", "RNN", "SimpleRNNCell", "StackedRNNCells", "StringLookup", "Wrapper",
} & set(layers.__all__)  # fmt: skip


def test_every_layer_has_a_row():
    named = [getattr(layers, name) for name in layers.__all__]
    classes = {value.__name__ for value in named if isinstance(value, type)}
    assert classes - WITHOUT_ROWS == {row.name for row in ROWS.values()}


def test_every_row_has_an_answer_of_keras():
    # If not: python tests/golden/make_golden.py contract
    assert list(GOLDEN) == [name for name, row in ROWS.items() if row.is_of_keras]


@pytest.mark.filterwarnings("ignore:.*does not support masking")
@pytest.mark.parametrize("name", GOLDEN)
def test_numbers_shapes_dtypes_and_masks_are_those_of_keras(name):
    kerasette.utils.clear_session(free_memory=False)
    found, expected = json.loads(json.dumps(contract(kerasette, ROWS[name]))), GOLDEN[name]
    if name == "LayerNormalization":
        # Wrong inputs are named by a spec, which Keras's layer has not.
        assert "axes" in found.pop("spec")
        expected = {key: value for key, value in expected.items() if key != "spec"}
    assert found == expected


@pytest.fixture(params=ROWS)
def row(request):
    kerasette.utils.clear_session(free_memory=False)
    with kerasette.saving.custom_object_scope({"halved": halved}):
        yield ROWS[request.param]


def free(shapes):
    """Shapes with an unknown batch size."""
    if isinstance(shapes, list):
        return [free(shape) for shape in shapes]
    return (None, *shapes[1:])


def test_build_makes_the_weights_and_shapes_agree(row):
    layer = row.make()
    layer.build(row.input_shape)
    assert layer.built
    assert len(layer.trainable_weights) == row.trainable
    assert len(layer.non_trainable_weights) == row.non_trainable
    assert len(layer.variables) == row.trainable + row.non_trainable + row.generators
    assert layer(row.inputs()).shape == row.output_shape
    assert layer.compute_output_shape(row.input_shape) == row.output_shape
    assert layer.compute_output_shape(free(row.input_shape)) == free(row.output_shape)
    assert layer.count_params() == sum(w.numpy().size for w in layer.weights)


def test_an_unknown_batch_size_is_enough_to_build(row):
    layer = row.make()
    layer.build(free(row.input_shape))
    assert layer(row.inputs()).shape == row.output_shape


def test_a_layer_without_weights_is_built_when_it_is_made(row):
    # Given statistics are put into the shape of the inputs.
    if row.trainable + row.non_trainable == 0 and row.name != "Normalization":
        assert row.make().built


def test_config_round_trip(row):
    layer = row.make(name="mine")
    twin = type(layer).from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()
    assert twin.name == "mine"
    assert twin(row.inputs()).shape == row.output_shape
    # Nothing is added when a layer is called: the attributes are there or not from the start.
    again = type(layer).from_config(twin.get_config())
    again(row.inputs())
    assert set(dir(again)) == set(dir(twin))


def test_serialization_round_trip(row):
    layer = row.make(name="mine")
    twin = layers.deserialize(json.loads(json.dumps(layers.serialize(layer))))
    assert type(twin) is type(layer)
    assert twin.get_config() == layer.get_config()
    assert twin.name == "mine"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_functional_model_of_the_layer_does_the_same(row, dtype):
    is_integer = row.n_classes > 0

    def input_like(shape):
        return kerasette.Input(shape[1:], dtype="int32" if is_integer else dtype)

    layer = row.make(dtype=dtype)
    inputs = row.each(input_like)
    outputs = layer(inputs)
    assert outputs.shape == free(row.output_shape) and outputs.dtype == dtype
    model = kerasette.Model(inputs, outputs)
    for batch in (None, 5, 1):
        arrays = row.inputs(dtype, batch)
        found, expected = (f(arrays, training=False) for f in (model, layer))
        assert found.dtype == expected.dtype == dtype
        np.testing.assert_array_equal(found.numpy(), expected.numpy())
        # The losses of the layer belong to one call of one of the two.
        assert len(model.losses) == row.losses
    np.testing.assert_array_equal(model.predict(arrays, verbose=0), expected.numpy())


def dtype_or_error(call):
    """Dtype of what is returned, or True for a ValueError."""
    try:
        return call().dtype
    except ValueError:
        return True


# Integers pass through those that change them in training alone, where they become real.
IN_TRAINING = ("AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout")


@pytest.mark.parametrize("dtype", [None, "int32"])
@pytest.mark.parametrize("input_dtype", ["float32", "int32"])
def test_a_symbolic_call_tells_the_dtype(row, dtype, input_dtype):
    if dtype is None and input_dtype == "int32" and row.name.startswith(IN_TRAINING):
        pytest.skip("real in training alone")
    arguments = {} if dtype is None else {"dtype": dtype}
    if row.n_classes and input_dtype == "float32":
        pytest.skip("class numbers are integers")
    inputs = row.each(lambda shape: kerasette.Input(shape[1:], dtype=input_dtype))
    arrays = row.each(lambda shape: ops.ones(shape, input_dtype))
    found = dtype_or_error(lambda: row.make(**arguments)(arrays))
    assert dtype_or_error(lambda: row.make(**arguments)(inputs)) == found


INTEGER = {
    "Add", "Concatenate", "Cropping1D", "Cropping2D", "Cropping3D", "Flatten", "GlobalMaxPooling1D",
    "Identity", "Masking", "MaxPooling2D", "Maximum", "Multiply", "Permute", "RandomFlip",
    "RepeatVector", "Rescaling", "Reshape", "Subtract", "UpSampling1D", "ZeroPadding2D",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(INTEGER))
def test_real_inputs_become_integers_for_a_layer_of_integers(name):
    # As in Keras: they lose their fractions, before anything else.
    row = ROWS[name]
    arrays = row.inputs()
    cut = (
        [a.astype("int32") for a in arrays] if isinstance(arrays, list) else arrays.astype("int32")
    )
    found, expected = (row.make(dtype="int32")(x) for x in (arrays, cut))
    assert found.dtype == "int32"
    np.testing.assert_array_equal(found.numpy(), expected.numpy())


@pytest.mark.parametrize(
    "name",
    [
        "Average", "AveragePooling1D", "BatchNormalization", "Conv2D", "Dense", "Dropout", "ELU",
        "Embedding", "GRU", "GaussianNoise", "GlobalAveragePooling2D", "LSTM", "LayerNormalization",
        "LeakyReLU", "Normalization", "PReLU", "RandomContrast", "Softmax", "UnitNormalization",
    ],
)  # fmt: skip
def test_layers_that_compute_with_real_numbers_have_no_integer_dtype(name):
    row = ROWS[name]
    with pytest.raises(ValueError, match=f"{name}.* computes with real numbers.*dtype='int32'"):
        row.make(dtype="int32")
    layer = row.make()
    with pytest.raises(ValueError, match="computes with real numbers"):
        layer.dtype_policy = "bool"
    assert layer.dtype == "float32"


def test_a_mask_goes_through_a_functional_model(row):
    def input_like(shape):
        tensor = kerasette.Input(shape[1:], dtype="int32" if row.n_classes else None)
        kept = kerasette.Input((row.mask_shape or shape[:-1])[1:], dtype="bool")
        tensor._keras_mask = kept
        return tensor

    if not row.supports_masking:
        pytest.skip("no masks")
    layer, inputs = row.make(), row.each(input_like)
    symbolic = layer(inputs)._keras_mask
    found = layer(masked(row.inputs(), row.masks()))._keras_mask
    assert (symbolic is None) == (found is None)
    if found is not None:
        assert symbolic.shape == (None, *found.shape[1:]) and symbolic.dtype == "bool"
        flat = [inputs] if not isinstance(inputs, list) else inputs
        masks = row.masks() if isinstance(inputs, list) else [row.masks()]
        arrays = row.inputs() if isinstance(inputs, list) else [row.inputs()]
        model = kerasette.Model([*flat, *(t._keras_mask for t in flat)], symbolic)
        np.testing.assert_array_equal(model([*arrays, *masks]).numpy(), found.numpy())


@pytest.mark.filterwarnings("ignore:.*does not support masking")
def test_a_fit_in_a_subclassed_model_is_replayed(row):
    class Around(kerasette.Model):
        def __init__(self):
            super().__init__()
            self.layer = row.make()
            self.flatten = layers.Flatten()
            self.out = layers.Dense(1)

        def call(self, inputs):
            return self.out(self.flatten(self.layer(inputs)))

    model = Around()
    model.compile(optimizer="sgd", loss="mse")
    x = row.inputs(batch=6)
    history = model.fit(x, np.ones((6, 1)), batch_size=2, epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    assert model.replayed_steps >= 4
    assert model.predict(x, verbose=0).shape == (6, 1)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_and_losses(row, dtype):
    layer = row.make(dtype=dtype)
    inputs = row.inputs(dtype)
    found = layer(inputs)
    assert found.dtype == dtype
    assert len(layer.losses) == row.losses
    assert all(loss.shape == () and loss.dtype == dtype for loss in layer.losses)
    if row.values is not None:
        expected = row.values(row.inputs("float64"), [w.numpy() for w in layer.weights])
        tolerance = 1e-6 if dtype == "float32" else 1e-12
        np.testing.assert_allclose(found.numpy(), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("training", [None, False, True])
def test_values_repeat_in_both_precisions(row, training):
    def called(dtype, weights=None):
        kerasette.utils.set_random_seed(1)
        layer = row.make(dtype=dtype)
        layer.build(row.input_shape)
        layer.set_weights(weights or layer.get_weights())
        return layer(row.inputs(), training=training), layer.get_weights()

    rough, weights = called("float32")
    assert rough.dtype == "float32"
    np.testing.assert_array_equal(called("float32")[0].numpy(), rough.numpy())
    precise, _ = called("float64", weights)
    assert precise.dtype == "float64"
    # Numbers drawn in one precision are not those drawn in the other.
    if not (training and row.generators):
        np.testing.assert_allclose(rough.numpy(), precise.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("n", [0, 1])
def test_empty_and_single_batches(row, n):
    for training in (False, True):
        found = row.make()(row.inputs(batch=n), training=training)
        assert found.shape == (n, *row.output_shape[1:])


def test_masks(row):
    layer = row.make()
    assert layer.supports_masking == row.supports_masking
    masks = row.masks()
    inputs = masked(row.inputs(), masks)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = layer(inputs)._keras_mask
    if not row.supports_masking:
        assert found is None
        assert "does not support masking" in str(caught[0].message)
        return
    assert not caught
    if row.output_mask_shape == "same":
        one = masks[0] if isinstance(masks, list) else masks
        assert found.shape == one.shape and found.dtype == "bool"
        if not isinstance(masks, list):
            np.testing.assert_array_equal(found.numpy(), one)
    else:
        assert (None if found is None else found.shape) == row.output_mask_shape


def masked(value, mask):
    """Tensors that carry masks."""
    if isinstance(value, list):
        return [masked(*pair) for pair in zip(value, mask, strict=True)]
    tensor = ops.convert_to_tensor(value)
    tensor._keras_mask = ops.convert_to_tensor(mask)
    return tensor


def test_gradients_reach_inputs_and_weights(row):
    if row.n_classes:
        pytest.skip("class numbers have no gradient")
    layer = row.make(dtype="float64")
    layer.build(row.input_shape)
    arrays = row.inputs("float64")
    is_list = isinstance(arrays, list)
    xs = [ops.convert_to_tensor(x) for x in (arrays if is_list else [arrays])]
    direction_out = np.random.default_rng(3).normal(size=row.output_shape)

    weights = {id(weight) for weight in layer.weights}
    generators = [variable for variable in layer.variables if id(variable) not in weights]
    drawn_from = [state.numpy() for state in generators]

    def total():
        for state, value in zip(generators, drawn_from, strict=True):
            state.assign(value)
        return ops.sum(layer(xs if is_list else xs[0]) * direction_out)

    sources = [*xs, *layer.trainable_weights]
    with GradientTape() as tape:
        for x in xs:
            tape.watch(x)
        value = total()
    gradients = tape.gradient(value, sources)
    rng = np.random.default_rng(1)
    for number, (source, gradient) in enumerate(zip(sources, gradients, strict=True)):
        direction = rng.normal(size=source.shape)
        before = source.numpy()
        values = []
        for step in (1e-6, -1e-6):
            moved = before + step * direction
            if number < len(xs):
                xs[number] = ops.convert_to_tensor(moved)
            else:
                source.assign(moved)
            values.append(float(total()))
        if number < len(xs):
            xs[number] = source
        else:
            source.assign(before)
        slope = (gradient.numpy() * direction).sum()
        assert slope == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-6, abs=1e-8)


@pytest.mark.filterwarnings("ignore:`rms_scaling=True`")
@pytest.mark.parametrize("case", CONFIGS, ids=lambda case: str(case["object"]))
def test_config_is_that_of_keras(case):
    kerasette.utils.clear_session(free_memory=False)
    layer = make(layers, case["object"])
    assert layer.name == case["name"]
    assert layer.get_config() == case["config"]
    # And a config that Keras has written is understood.
    assert type(layer).from_config(case["config"]).get_config() == case["config"]
