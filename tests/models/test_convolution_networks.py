"""Networks with convolutions: trained as by Keras, with the same bits however they are run."""

import json

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays
from convolution_cases import drawn
from convolution_networks import NETWORKS, data, initial_weights, trained

import kerasette
from kerasette import layers

GOLDEN = golden_arrays("convolutions.npz")


@pytest.mark.parametrize("name", NETWORKS)
def test_steps_of_training_are_those_of_keras(name):
    for key, found in trained(kerasette, name).items():
        expected = GOLDEN[f"{name}/{key}"]
        assert_agree(found, expected, key)


def fitted(name):
    """History, weights and predictions after epochs with a short last batch."""
    kerasette.utils.set_random_seed(1)
    model = NETWORKS[name](kerasette)
    x, y = data(name, model)
    x, y = np.concatenate([x] * 4), np.concatenate([y] * 4)
    n = len(x) // 2 + 1
    history = model.fit(x, y, batch_size=n, epochs=4, validation_data=(x[:3], y[:3]), verbose=0)
    found = [model.evaluate(x, y, batch_size=n, verbose=0), model.predict(x, n, verbose=0)]
    return model, [*history.history.values(), *model.get_weights(), *found]


@pytest.mark.parametrize("name", NETWORKS)
def test_replay_gives_the_bits_of_eager(name, eager):
    model, replayed = fitted(name)
    assert model.replayed_steps > 0
    eager()
    model, expected = fitted(name)
    assert model.replayed_steps == 0
    for found, other in zip(replayed, expected, strict=True):
        np.testing.assert_array_equal(found, other)


def wide():
    """So large that several threads take part."""
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((18, 17, 3)),
            layers.Conv2D(24, 3, padding="same", activation="relu"),
            layers.Conv2D(20, 3, strides=2, activation="tanh"),
            layers.DepthwiseConv2D(3, depth_multiplier=2),
            layers.Conv2DTranspose(5, 2, strides=2),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )
    model.compile("adam", "mse")
    x = np.random.default_rng(1).normal(size=(40, 18, 17, 3))
    model.fit(x, np.ones((40, 3)), batch_size=16, epochs=2, verbose=0)
    assert model.replayed_steps > 0
    return [*model.get_weights(), model.predict(x, verbose=0), model.predict(x[:1], verbose=0)]


def test_any_number_of_threads_gives_the_same_bits():
    before, found = kerasette.config.get_num_threads(), []
    try:
        for n in (1, 2, 3):
            kerasette.config.set_num_threads(n)
            found.append([*wide(), *(a for name in NETWORKS for a in fitted(name)[1])])
    finally:
        kerasette.config.set_num_threads(before)
    for arrays in found[1:]:
        for one, other in zip(found[0], arrays, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", NETWORKS)
def test_configs_and_clones_make_the_same_model(name):
    model = NETWORKS[name](kerasette)
    model.set_weights(initial_weights(model))
    x, _ = data(name, model)
    text = model.to_json()
    twins = [
        kerasette.models.model_from_json(text),
        type(model).from_config(json.loads(json.dumps(model.get_config()))),
        kerasette.models.clone_model(model),
    ]
    for twin in twins:
        assert [w.shape for w in twin.weights] == [w.shape for w in model.weights]
        twin.set_weights(model.get_weights())
        np.testing.assert_array_equal(twin(x).numpy(), model(x).numpy())
    assert twins[0].to_json() == text


# ---- images of any size -------------------------------------------------------------------------


def test_a_network_without_dense_layers_takes_images_of_any_size():
    model = NETWORKS["unet"](kerasette)
    assert model.output_shape == (None, None, None, 1)
    for rows, columns in ((8, 8), (4, 12), (16, 4)):
        x = drawn((3, rows, columns, 2), 1)
        assert model.predict(x, verbose=0).shape == (3, rows, columns, 1)
        y = np.zeros((3, rows, columns, 1), "float32")
        assert np.isfinite(model.train_on_batch(x, y))
    # Rows that cannot be halved twice meet others on the way up.
    with pytest.raises(ValueError, match="Concatenate"):
        model(drawn((3, 6, 8, 2), 1))


def test_sequences_of_any_length():
    model = NETWORKS["wavenet"](kerasette)
    assert model.output_shape == (None, None, 1)
    for steps in (1, 2, 20):
        assert model(drawn((2, steps, 2), 1)).shape == (2, steps, 1)


def test_an_image_may_become_too_small_later():
    model = kerasette.Sequential(
        [kerasette.Input((None, None, 1)), layers.Conv2D(2, 5), layers.Conv2D(2, 5)]
    )
    assert model(drawn((1, 9, 9, 1), 1)).shape == (1, 1, 1, 2)
    with pytest.raises(ValueError, match=r"zero or negative.*\(1, 4, 4, 2\)"):
        model(drawn((1, 8, 8, 1), 1))
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="zero or negative"):
        model.fit(drawn((4, 8, 8, 1), 1), np.zeros((4, 1, 1, 2)), verbose=0)
    assert model(drawn((1, 9, 9, 1), 1)).shape == (1, 1, 1, 2)


def test_a_summary_tells_shapes_and_parameters():
    texts = []
    model = kerasette.Sequential(
        [
            kerasette.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.Conv2D(64, 3, strides=2, padding="same"),
            layers.DepthwiseConv2D(3, depth_multiplier=2),
            layers.Conv2DTranspose(4, 3, strides=2),
            layers.SeparableConv2D(8, 3),
        ]
    )
    model.summary(print_fn=texts.append)
    text = "\n".join(texts)
    shapes = "(None, 26, 26, 32) (None, 13, 13, 64) (None, 11, 11, 128) (None, 23, 23, 4)"
    for shape in [*shapes.replace(") ", ")|").split("|"), "(None, 21, 21, 8)"]:
        assert shape in text
    counts = [32 * 10, 64 * (9 * 32 + 1), 128 * 10, 4 * (9 * 128 + 1), 9 * 4 + 4 * 8 + 8]
    assert [layer.count_params() for layer in model.layers] == counts
    assert f"{sum(counts):,}" in text


def test_a_model_is_built_by_its_first_images():
    model = kerasette.Sequential([layers.Conv2D(4, 3, activation="relu"), layers.Flatten()])
    model.add(layers.Dense(2))
    model.compile("adam", "mse")
    x = drawn((8, 6, 5, 3), 1)
    losses = model.fit(x, np.ones((8, 2)), epochs=30, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]
    assert model.layers[0].kernel.shape == (3, 3, 3, 4)
    with pytest.raises(ValueError, match=r"\(8, 6, 5, 2\)"):
        model.predict(drawn((8, 6, 5, 2), 1), verbose=0)


def test_a_frozen_convolution_stays_as_it_is():
    model = NETWORKS["volumes"](kerasette)
    model.layers[0].trainable = False
    before = model.get_weights()
    model.compile("sgd", "mse")
    model.fit(*data("volumes", model), epochs=2, verbose=0)
    is_equal = [np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True)]
    assert is_equal == [True, True, False, False, False, False]
