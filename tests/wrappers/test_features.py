"""Features of samples of any form, from models of any kind."""

import numpy as np
import pytest

pytest.importorskip("sklearn")

import pandas
import sklearn
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from transformer_cases import (
    IMAGES,
    LABELS,
    SEQUENCES,
    WIDE,
    Subclass,
    convolutions,
    up_to,
)

from kerasette import Input, Model, Sequential, layers
from kerasette.wrappers import KerasetteTransformer

# ---- forms of X ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", [sparse.csr_matrix, sparse.coo_array, pandas.DataFrame, np.asfortranarray, list]
)
def test_forms_of_two_axes(form):
    plain = KerasetteTransformer(epochs=2, random_state=0).fit(WIDE)
    other = KerasetteTransformer(epochs=2, random_state=0).fit(form(WIDE))
    np.testing.assert_allclose(other.transform(form(WIDE)), plain.transform(WIDE), rtol=1e-12)


def test_weights_count_as_repetitions():
    counts = np.arange(24) % 3
    params = {"shuffle": False, "batch_size": 1000, "epochs": 5, "random_state": 0}
    weighed = KerasetteTransformer(**params).fit(WIDE[:24], sample_weight=counts)
    repeated = KerasetteTransformer(**params).fit(WIDE[:24].repeat(counts, axis=0))
    np.testing.assert_allclose(weighed.transform(WIDE), repeated.transform(WIDE), rtol=1e-9)
    # The other way of weights to the estimator.
    with sklearn.config_context(enable_metadata_routing=True):
        encoder = KerasetteTransformer(**params).set_fit_request(sample_weight=True)
        line = make_pipeline(encoder, LogisticRegression().set_fit_request(sample_weight=True))
        line.set_params(kerasettetransformer__task="reconstruction")
        line.fit(WIDE[:24], LABELS, sample_weight=counts)
    np.testing.assert_array_equal(line[0].transform(WIDE), weighed.transform(WIDE))


def test_images():
    flat = KerasetteTransformer(hidden_layer_sizes=5, epochs=2, random_state=0).fit(IMAGES)
    assert flat.transform(IMAGES).shape == (24, 5)
    assert flat.inverse_transform(flat.transform(IMAGES)).shape == IMAGES.shape
    encoder = KerasetteTransformer(convolutions, epochs=2).fit(IMAGES)
    assert encoder.layer_ == "pool"
    features = encoder.transform(IMAGES)
    assert features.shape == (24, 2, 2, 4)
    np.testing.assert_array_equal(features, up_to(encoder, "pool", IMAGES))
    assert encoder.inverse_transform(features).shape == IMAGES.shape


def test_sequences_and_words():
    def recurrent(input_shape, output_shape):
        return Sequential(
            [Input(input_shape), layers.LSTM(4), layers.Dense(*output_shape, "softmax")]
        )

    encoder = KerasetteTransformer(recurrent, epochs=1).fit(SEQUENCES, LABELS)
    assert encoder.transform(SEQUENCES).shape == (24, 4)

    def of_words(output_shape):
        return Sequential(
            [
                Input((3,), dtype="int32"),
                layers.Embedding(9, 2),
                layers.GlobalAveragePooling1D(name="mean"),
                layers.Dense(*output_shape, "softmax"),
            ]
        )

    words = np.arange(72).reshape(24, 3) % 9
    encoder = KerasetteTransformer(of_words, epochs=1).fit(words, LABELS)
    table = encoder.model_.layers[0].get_weights()[0]
    np.testing.assert_allclose(
        encoder.transform(words), table[words].mean(axis=1), rtol=1e-5, atol=1e-7
    )


def several_inputs(input_shape, output_shape):
    inputs = {name: Input(shape, name=name) for name, shape in input_shape.items()}
    joined = layers.Concatenate(name="joined")(list(inputs.values()))
    hidden = layers.Dense(4, "relu", name="hidden")(joined)
    return Model(inputs, layers.Dense(*output_shape)(hidden))


def test_several_inputs():
    X = {"left": WIDE[:, :2], "right": WIDE[:, 2:]}
    encoder = KerasetteTransformer(several_inputs, epochs=1, random_state=0).fit(X, WIDE[:, 0])
    features = encoder.transform(X)
    kernel, bias = encoder.model_.get_layer("hidden").get_weights()
    np.testing.assert_allclose(features, np.maximum(WIDE @ kernel + bias, 0), rtol=1e-12)
    assert encoder.get_feature_names_out()[-1] == "kerasettetransformer3"
    with pytest.raises(ValueError, match="cannot be reconstructed: give y"):
        KerasetteTransformer(several_inputs, epochs=1).fit(X)
    as_given = KerasetteTransformer(encoder.model_, keep_weights=True, epochs=0)
    counts = np.arange(120) % 2
    np.testing.assert_array_equal(as_given.fit(X, sample_weight=counts).transform(X), features)
    assert as_given.n_outputs_ == 6


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtypes(dtype):
    assert KerasetteTransformer(epochs=1).fit_transform(WIDE.astype(dtype)).dtype == dtype
    assert KerasetteTransformer(epochs=1, dtype=dtype).fit_transform(WIDE).dtype == dtype


# ---- models -------------------------------------------------------------------------------


def pretrained():
    return Sequential(
        [Input((6,)), layers.Dense(5, "tanh", name="inner"), layers.Dense(77, "softmax")]
    )


@pytest.mark.parametrize("y", [None, LABELS, SEQUENCES[:, 0, 0]])
@pytest.mark.parametrize("layer", [None, "inner", 0, -2])
def test_features_of_a_pretrained_model(y, layer):
    model, X = pretrained(), WIDE[:24].astype("float32")
    encoder = KerasetteTransformer(model, layer=layer, keep_weights=True, epochs=0).fit(X, y)
    expected = Model(model.inputs, model.layers[0].output).predict(X, verbose=0)
    np.testing.assert_array_equal(encoder.transform(X), expected)
    assert encoder.n_iter_ == 0
    assert not hasattr(encoder, "inverse_transform")
    # A copy, even so.
    model.set_weights([weight * 2 for weight in model.get_weights()])
    np.testing.assert_array_equal(encoder.transform(X), expected)
    new = KerasetteTransformer(model, layer=layer, epochs=0, random_state=0).fit(X, y)
    assert np.abs(new.transform(X) - expected).max() > 0.1
    with pytest.raises(ValueError, match=r"outputs of shape \(None, 77\); for y they have to have"):
        KerasetteTransformer(model, epochs=1).fit(X, y)


def test_models_in_models():
    encoder = Sequential([Input((6,)), layers.Dense(4, "relu"), layers.Dense(2)], name="encoder")
    decoder = Sequential([Input((2,)), layers.Dense(4, "relu"), layers.Dense(6)], name="decoder")
    inputs = Input((6,))
    for model in (Model(inputs, decoder(encoder(inputs))), Sequential([encoder, decoder])):
        fitted = KerasetteTransformer(model, epochs=1).fit(WIDE)
        assert fitted.layer_ == "encoder"
        X = WIDE.astype("float32")
        features = fitted.transform(X)
        np.testing.assert_array_equal(
            features, fitted.model_.get_layer("encoder").predict(X, verbose=0)
        )
        np.testing.assert_array_equal(
            fitted.inverse_transform(features), fitted.model_.predict(X, verbose=0)
        )


def test_models_without_a_graph():
    fitted = KerasetteTransformer(Subclass, epochs=1).fit(WIDE)
    np.testing.assert_array_equal(fitted.transform(WIDE), fitted.model_.hidden(WIDE).numpy())
    with pytest.raises(ValueError, match="not known to follow from those of its layer 'inner'"):
        fitted.inverse_transform(fitted.transform(WIDE))


def test_a_layer_that_is_called_twice_counts_by_its_last_call():
    def build(input_shape):
        inputs, twice = Input(input_shape), layers.Dense(6, "tanh", name="twice")
        return Model(inputs, layers.Dense(6)(twice(twice(inputs))))

    fitted = KerasetteTransformer(build, epochs=1).fit(WIDE)
    twice = fitted.model_.get_layer("twice")
    assert fitted.layer_ == "twice"
    np.testing.assert_allclose(
        fitted.transform(WIDE), twice(twice(WIDE)).numpy(), rtol=1e-12, atol=1e-14
    )
    with pytest.raises(ValueError, match="it is called several times"):
        fitted.inverse_transform(fitted.transform(WIDE))


# ---- names and frames ---------------------------------------------------------------------


def test_names_and_frames():
    frame = pandas.DataFrame(WIDE, columns=list("abcdef"), index=np.arange(120) + 7)
    encoder = KerasetteTransformer(hidden_layer_sizes=3, epochs=1, random_state=0)
    features = encoder.fit(frame).transform(frame)
    names = [f"kerasettetransformer{i}" for i in range(3)]
    assert encoder.get_feature_names_out().tolist() == names
    assert encoder.feature_names_in_.tolist() == list("abcdef")
    found = encoder.set_output(transform="pandas").transform(frame)
    assert found.columns.tolist() == names
    assert found.index.tolist() == frame.index.tolist()
    np.testing.assert_array_equal(found.to_numpy(), features)
    with pytest.raises(ValueError, match="feature names should match"):
        encoder.transform(frame.rename(columns={"a": "z"}))


def test_frames_of_polars():
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({name: WIDE[:, i] for i, name in enumerate("abcdef")})
    encoder = KerasetteTransformer(hidden_layer_sizes=3, epochs=1, random_state=0).fit(frame)
    features = encoder.transform(frame)
    found = encoder.set_output(transform="polars").transform(frame)
    assert found.columns == [f"kerasettetransformer{i}" for i in range(3)]
    np.testing.assert_array_equal(found.to_numpy(), features)


def test_features_of_more_axes_have_no_names():
    encoder = KerasetteTransformer(convolutions, epochs=1).fit(IMAGES)
    message = r"features of the layer 'pool' have the shape \(2, 2, 4\) for a sample"
    with pytest.raises(ValueError, match=message):
        encoder.get_feature_names_out()
    with pytest.raises(ValueError, match=message):
        encoder.set_output(transform="pandas").transform(IMAGES)
    assert encoder.set_output(transform="default").transform(IMAGES).ndim == 4
