"""TimeDistributed: against Keras, all steps at once against one by one, errors."""

import numpy as np
import pytest
from agreement import assert_agree, assert_same, golden_arrays, golden_json
from mask_cases import wave
from seen_cases import unpacked
from time_distributed_cases import NAMES, observe

import kerasette
from kerasette import layers, ops
from kerasette.layers import TimeDistributed
from kerasette.layers.row_wise import is_row_wise

NUMBERS, DESCRIBED = golden_arrays("wrappers.npz"), golden_json("wrappers.json")
X = wave(2, 3, 4)
COVERED = {"layers.TimeDistributed.from_config": ["config", "custom_objects"]}


@pytest.mark.parametrize("name", NAMES)
def test_all_is_as_in_keras(name):
    assert_same(observe(kerasette, name), unpacked(NUMBERS[name], DESCRIBED[name]))


def stack(*inner):
    return kerasette.Sequential([kerasette.Input((4, 2)), *inner])


ROW_WISE = [
    lambda: layers.Conv1D(3, 2, activation="tanh"),
    lambda: layers.DepthwiseConv1D(2),
    lambda: layers.MaxPooling1D(2),
    lambda: layers.GlobalAveragePooling1D(),
    lambda: layers.LayerNormalization(),
    lambda: layers.Dense(3, activation=layers.ReLU()),
    lambda: layers.GroupNormalization(1),
    lambda: layers.Dropout(0.5),
    lambda: layers.BatchNormalization(),
    lambda: layers.Reshape((2, 4)),
    lambda: layers.Softmax(),
    lambda: layers.LSTM(3),
    lambda: layers.Bidirectional(layers.GRU(2, return_sequences=True), "ave"),
    lambda: stack(layers.Dense(3, "relu"), layers.Flatten(), layers.BatchNormalization()),
]


@pytest.mark.parametrize("make", ROW_WISE)
def test_all_steps_at_once_are_what_they_are_one_by_one(make):
    x, layer = wave(3, 5, 4, 2), make()
    assert is_row_wise(layer, training=False)
    found = TimeDistributed(layer)(x)
    expected = np.stack([layer(x[:, i]).numpy() for i in range(5)], axis=1)
    assert_agree(found.numpy(), expected)


class Custom(layers.Dense):
    pass


@pytest.mark.parametrize(
    ("make", "training"),
    [
        (lambda: layers.BatchNormalization(), True),
        (lambda: stack(layers.BatchNormalization()), True),
        (lambda: layers.Dropout(0.5, noise_shape=(1, None)), True),
        (lambda: layers.LayerNormalization(axis=0), False),
        (lambda: layers.Softmax(axis=0), False),
        (lambda: layers.Lambda(lambda x: x), False),
        (lambda: layers.EinsumDense("ab,ac->bc", (2,)), False),
        (lambda: Custom(2), False),
        (lambda: layers.GRU(2, stateful=True), False),
        (lambda: layers.LSTM(2, recurrent_activation=lambda x: x), False),
        (lambda: layers.Bidirectional(layers.GRU(2, activity_regularizer="l2")), False),
        (lambda: layers.Dense(2, activation=lambda x: x), False),
        (lambda: stack(Custom(2)), False),
        (lambda: stack(layers.Dense(2, activity_regularizer="l2")), False),
        (lambda: kerasette.Sequential([layers.Dense(2)]), False),
    ],
)
def test_what_may_look_at_the_batch_goes_step_by_step(make, training):
    assert not is_row_wise(make(), training)


def test_steps_of_random_layers_differ():
    x = np.ones((2, 50, 8), "float32")
    for layer in (layers.Dropout(0.5, seed=1), layers.Dropout(0.5, noise_shape=(None, 1), seed=1)):
        found = TimeDistributed(layer)(x, training=True).numpy()
        assert set(np.unique(found)) == {0.0, 2.0}
        assert not np.array_equal(found[:, 0], found[:, 1])
        np.testing.assert_array_equal(TimeDistributed(layer)(x).numpy(), x)


def test_the_dtype_is_the_wrappers():
    layer = TimeDistributed(layers.Dense(2, dtype="float32"), dtype="float64")
    assert layer(X.astype("float64")).dtype == "float64"
    ids = TimeDistributed(layers.Embedding(5, 2))(np.ones((2, 3, 4), "int32"))
    assert ids.shape == (2, 3, 4, 2)


def test_bags_of_words_of_each_sentence():
    layer = TimeDistributed(layers.EmbeddingBag(5, 2, mask_zero=True))
    ids = np.array([[[1, 2, 0], [0, 0, 0]], [[4, 4, 3], [1, 0, 0]]])
    assert is_row_wise(layer.layer, training=True)
    found = layer(ids).numpy()
    expected = np.stack([layer.layer(ids[:, i]).numpy() for i in range(2)], axis=1)
    np.testing.assert_array_equal(found, expected)


def test_a_batch_of_no_rows():
    assert TimeDistributed(layers.Dense(2))(X[:0]).shape == (0, 3, 2)


def test_weights_are_those_of_the_layer():
    inner = layers.Dense(2)
    layer = TimeDistributed(inner)
    layer(X)
    assert layer.layer is inner and layer.weights == inner.weights
    config = layer.get_config()
    assert config["layer"] == layers.serialize(inner)
    twin = TimeDistributed.from_config(config)
    twin.build(X.shape)
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(twin(X).numpy(), layer(X).numpy())


def test_custom_objects_are_what_a_config_may_name():
    config = TimeDistributed(Custom(3, name="mine")).get_config()
    twin = TimeDistributed.from_config(config, custom_objects={"Custom": Custom})
    assert type(twin.layer) is Custom and twin.layer.units == 3 and twin.layer.name == "mine"
    with pytest.raises(TypeError, match="Custom"):
        TimeDistributed.from_config(config)


@pytest.mark.parametrize("inner", [lambda: layers.Dense(2), lambda: layers.BatchNormalization()])
def test_training_replays_with_the_bits_of_eager_steps(inner):
    x, y = wave(8, 3, 2), wave(8, 3, 2, phase=1.0)
    found = []
    for is_eager in (False, True):
        model = kerasette.Sequential([kerasette.Input((3, 2)), TimeDistributed(inner())])
        model.set_weights([wave(*w.shape) ** 2 for w in model.get_weights()])
        model.compile("adam", "mse", run_eagerly=is_eager)
        model.fit(x, y, batch_size=2, epochs=2, verbose=0, shuffle=False)
        assert (model.replayed_steps > 0) is not is_eager
        found.append(np.concatenate([w.ravel() for w in model.get_weights()]))
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TimeDistributed(3), "Please initialize `TimeDistributed` layer with a .*Layer"),
        (lambda: TimeDistributed(layers.Dense(2))(X[0]), r"at least 3 dimensions.*\(3, 4\)"),
        (lambda: TimeDistributed(layers.Dense(2))([X, X]), r"at least 3 dimensions.*\(2, 3, 4\)"),
        (
            lambda: TimeDistributed(layers.Dense(2)).compute_output_shape((2, 3)),
            "at least 3 dimensions",
        ),
        (lambda: TimeDistributed(layers.Dense(2))(X[:, :0]), r"a time step.*\(2, 0, 4\)"),
        (
            lambda: TimeDistributed(layers.Dense(2))(X, mask=np.ones(2, bool)),
            r"must be at least 2D.*\(2,\)",
        ),
        (
            lambda: TimeDistributed(layers.Dense(2))(X, mask=np.ones((2, 4), bool)),
            r"shape \(2, 4\) that is incompatible with the input shape \(2, 3, 4\)",
        ),
        (
            lambda: TimeDistributed(layers.Lambda(lambda x: (x, x)))(X),
            "must return one tensor.*tuple",
        ),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_mask_of_a_graph_reaches_the_layer():
    x = kerasette.Input((None, 4, 2))
    masked = layers.Masking(0.5)(x)
    pooled = TimeDistributed(layers.GlobalAveragePooling1D())(masked)
    assert pooled._keras_mask.shape == (None, None, 4)
    model = kerasette.Model(x, pooled)
    data = np.where(wave(2, 3, 4, 1) > 0.0, wave(2, 3, 4, 2), np.float32(0.5))
    kept = (data != 0.5).any(-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        expected = (data * kept).sum(2) / kept.sum(2)
    np.testing.assert_allclose(model(data), expected, rtol=1e-5)
    assert ops.any(model(data)._keras_mask).numpy()
