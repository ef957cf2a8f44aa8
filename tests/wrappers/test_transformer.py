"""Features from an inner layer, and what networks learn for them."""

import copy
import pickle

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from transformer_cases import LABELS, SEQUENCES, WIDE, Subclass, network, up_to

import kerasette
from kerasette import Input, Sequential, layers
from kerasette.wrappers import KerasetteTransformer

# ---- reconstruction -----------------------------------------------------------------------


@pytest.mark.parametrize("width", [1, 3])
def test_a_linear_one_reconstructs_as_well_as_principal_components(width):
    principal = PCA(width).fit(WIDE)
    best = np.mean((principal.inverse_transform(principal.transform(WIDE)) - WIDE) ** 2)
    encoder = KerasetteTransformer(
        hidden_layer_sizes=width, activation="linear", alpha=0, learning_rate=0.02, epochs=1500,
        tol=None, random_state=0,
    ).fit(WIDE)  # fmt: skip
    features = encoder.transform(WIDE)
    assert features.shape == (120, width)
    assert features.dtype == "float64"
    error = np.mean((encoder.inverse_transform(features) - WIDE) ** 2)
    assert best * (1 - 1e-9) <= error <= best * 1.01
    assert encoder.loss_ == pytest.approx(error, rel=1e-3)


def test_features_are_the_outputs_of_a_layer():
    encoder = KerasetteTransformer(hidden_layer_sizes=(8, 2, 8), epochs=3, random_state=0).fit(WIDE)
    assert encoder.layer_ == "hidden_2"
    features = encoder.transform(WIDE)
    np.testing.assert_array_equal(features, up_to(encoder, "hidden_2", WIDE))
    np.testing.assert_array_equal(
        encoder.inverse_transform(features), encoder.model_.predict(WIDE, verbose=0)
    )
    first, second = (layer.get_weights() for layer in encoder.model_.layers[:2])
    hidden = np.maximum(WIDE @ first[0] + first[1], 0)
    np.testing.assert_allclose(
        features, np.maximum(hidden @ second[0] + second[1], 0), rtol=1e-12, atol=1e-14
    )


@pytest.mark.parametrize(
    ("layer", "width"), [("hidden_1", 8), ("hidden_3", 7), (1, 2), (-1, 6), (0, 8), ("output", 6)]
)
def test_layers_by_name_and_index(layer, width):
    encoder = KerasetteTransformer(layer=layer, hidden_layer_sizes=(8, 2, 7), epochs=1).fit(WIDE)
    assert encoder.transform(WIDE).shape == (120, width)
    model = encoder.model_
    expected = model.get_layer(layer) if isinstance(layer, str) else model.layers[layer]
    assert encoder.layer_ == expected.name
    np.testing.assert_array_equal(encoder.transform(WIDE), up_to(encoder, expected.name, WIDE))


DEFAULTS = {
    "autoencoder": ({"hidden_layer_sizes": (8, 2, 7)}, None, "hidden_2"),
    "of equal widths": ({"hidden_layer_sizes": (8, 2, 2, 7)}, None, "hidden_3"),
    "normalized": (
        {"hidden_layer_sizes": (8, 2, 7), "batch_normalization": True}, None, "activation_2"
    ),
    "one layer": ({"hidden_layer_sizes": 12}, None, "hidden_1"),
    "classes": ({"hidden_layer_sizes": (8, 2, 7)}, LABELS, "hidden_3"),
    "numbers": ({"hidden_layer_sizes": (8, 2, 7)}, WIDE[:24, 0], "hidden_3"),
    "a model": ({"model": network}, None, "narrow"),
    "a model of classes": ({"model": network}, LABELS, "dropout"),
    "a subclass": ({"model": Subclass}, None, "inner"),
}  # fmt: skip


@pytest.mark.parametrize(("params", "y", "expected"), DEFAULTS.values(), ids=DEFAULTS)
def test_layers_by_default(params, y, expected):
    assert KerasetteTransformer(**params, epochs=1).fit(WIDE[:24], y).layer_ == expected


def test_a_cross_entropy_reconstructs_by_a_sigmoid():
    share = 1 / (1 + np.exp(-WIDE))
    encoder = KerasetteTransformer(loss="binary_crossentropy", epochs=1).fit(share)
    assert encoder.out_activation_ == "logistic"
    loss = kerasette.losses.BinaryCrossentropy(from_logits=True)
    assert KerasetteTransformer(loss=loss, epochs=1).fit(share).out_activation_ == "identity"
    assert KerasetteTransformer(epochs=1).fit(share).out_activation_ == "identity"


def test_early_stopping_measures_how_well_all_numbers_are_reconstructed():
    X = np.hstack([WIDE, np.ones((120, 1))])
    encoder = KerasetteTransformer(
        hidden_layer_sizes=4, activation="linear", epochs=60, learning_rate=0.05, random_state=0,
        early_stopping=True, validation_fraction=0.999,
    )  # fmt: skip
    with pytest.raises(ValueError, match="validation_fraction"):
        encoder.set_params(validation_fraction=1.5).fit(X)
    encoder.set_params(validation_fraction=0.5).fit(X)
    assert 0.5 < encoder.best_validation_score_ < 1
    assert encoder.best_validation_score_ == max(encoder.validation_scores_)
    assert encoder.best_loss_ is None
    outputs = encoder.model_.predict(X, verbose=0)
    assert r2_score(X, outputs, multioutput="variance_weighted") == pytest.approx(
        encoder.best_validation_score_, abs=0.1
    )
    for form in (sparse.csr_matrix(X), X.reshape(120, 7, 1)):
        other = clone(encoder).fit(form)
        np.testing.assert_allclose(other.validation_scores_, encoder.validation_scores_, rtol=1e-6)


# ---- what else is learned -----------------------------------------------------------------


def test_classes_and_numbers():
    X, y = load_iris(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    params = {"hidden_layer_sizes": 4, "epochs": 60, "learning_rate": 0.02, "random_state": 0}
    encoder = KerasetteTransformer(**params).fit(X, np.array(["x", "y", "z"])[y])
    assert encoder.classes_.tolist() == ["x", "y", "z"]
    assert encoder.out_activation_ == "softmax"
    assert LogisticRegression().fit(encoder.transform(X), y).score(encoder.transform(X), y) > 0.95
    with pytest.raises(AttributeError) as refused:
        encoder.inverse_transform(encoder.transform(X))
    assert "from y: see `task`" in str(refused.value.__cause__)
    encoder.fit(X, X[:, :2] + 0.5)
    assert not hasattr(encoder, "classes_")
    assert encoder.out_activation_ == "identity"
    assert encoder.n_outputs_ == 2
    assert encoder.fit(X, np.stack([y > 0, y > 1], axis=1)).classes_.tolist() == [0, 1]
    assert encoder.out_activation_ == "logistic"


def test_the_task_may_be_said():
    y = np.arange(120) % 3
    fitted = {
        task: KerasetteTransformer(task=task, epochs=2, random_state=0).fit(WIDE, y)
        for task in (None, "classification", "regression", "reconstruction")
    }
    n_outputs = {task: encoder.n_outputs_ for task, encoder in fitted.items()}
    assert n_outputs == {None: 3, "classification": 3, "regression": 1, "reconstruction": 6}
    alone = KerasetteTransformer(epochs=2, random_state=0).fit(WIDE)
    np.testing.assert_array_equal(alone.transform(WIDE), fitted["reconstruction"].transform(WIDE))


@pytest.mark.parametrize("y", [LABELS, SEQUENCES[:, 0, 0], LABELS == "a"])
def test_early_stopping_with_y(y):
    encoder = KerasetteTransformer(epochs=3, early_stopping=True, validation_fraction=0.25)
    assert len(encoder.fit(WIDE[:24], y).validation_scores_) == 3


# ---- training again -----------------------------------------------------------------------


def test_partial_fit_goes_on():
    whole = KerasetteTransformer(shuffle=False, epochs=3, tol=None, random_state=0).fit(WIDE)
    parts = KerasetteTransformer(shuffle=False, random_state=0)
    for _ in range(3):
        parts.partial_fit(WIDE)
    np.testing.assert_allclose(parts.transform(WIDE), whole.transform(WIDE), rtol=1e-12)
    assert parts.epoch_ == 3
    assert parts.n_iter_ == 1


def test_classes_of_the_parts():
    encoder = KerasetteTransformer(random_state=0)
    encoder.partial_fit(WIDE[:4], LABELS[:2].repeat(2), classes=["a", "b", "c"])
    assert encoder.partial_fit(WIDE[:3], LABELS[:3]).classes_.tolist() == ["a", "b", "c"]
    with pytest.raises(ValueError, match="is not the same as on last call to partial_fit"):
        encoder.partial_fit(WIDE[:3], LABELS[:3], classes=["a", "b"])
    encoder = KerasetteTransformer().partial_fit(WIDE[:4], LABELS[:2].repeat(2))
    with pytest.raises(ValueError, match="`y` has classes not in"):
        encoder.partial_fit(WIDE[:3], LABELS[:3])
    with pytest.raises(ValueError, match=r"`classes` are given, and the model learns regression"):
        KerasetteTransformer().partial_fit(WIDE, WIDE[:, 0], classes=[0, 1])


def test_training_goes_on_with_the_same_task():
    encoder = KerasetteTransformer(epochs=1).fit(WIDE)
    with pytest.raises(ValueError, match=r"model for reconstruction, and .* regress"):
        encoder.partial_fit(WIDE, WIDE[:, 0])
    encoder.set_params(warm_start=True)
    with pytest.raises(ValueError, match="this is classification"):
        encoder.fit(WIDE, WIDE[:, 0] > 0)
    assert encoder.fit(WIDE).epoch_ == 2
    assert encoder.set_params(warm_start=False).fit(WIDE, WIDE[:, 0]).n_outputs_ == 1
    encoder = KerasetteTransformer(epochs=1, warm_start=True).fit(WIDE[:24], LABELS)
    with pytest.raises(ValueError, match="the same classes as in the previous"):
        encoder.fit(WIDE[:24], LABELS == "a")


# ---- with the rest of scikit-learn --------------------------------------------------------


def test_a_search_over_layers_in_a_pipeline():
    X, y = load_iris(return_X_y=True)
    line = make_pipeline(
        StandardScaler(),
        KerasetteTransformer(epochs=3, learning_rate=0.02, random_state=0),
        LogisticRegression(),
    )
    grid = {
        "kerasettetransformer__hidden_layer_sizes": [(6, 3), (5, 4)],
        "kerasettetransformer__layer": [None, "hidden_1"],
        "kerasettetransformer__task": [None, "reconstruction"],
    }
    search = GridSearchCV(line, grid, cv=2, error_score="raise").fit(X, y)
    assert search.best_score_ > 0.8
    assert len(set(search.cv_results_["mean_test_score"])) > 2
    widths = {
        sizes: clone(line).set_params(
            kerasettetransformer__hidden_layer_sizes=sizes, kerasettetransformer__layer=0
        ).fit(X, y)[:-1].transform(X).shape[1]
        for sizes in [(6, 3), (5, 4)]
    }  # fmt: skip
    assert widths == {(6, 3): 6, (5, 4): 5}


def with_width(input_shape, output_shape, n=4):
    return Sequential([Input(input_shape), layers.Dense(n), layers.Dense(*output_shape)])


@pytest.mark.parametrize(
    "params",
    [{}, {"model": Subclass}, {"model": with_width, "model__n": 3}],
    ids=["default", "subclass", "function"],
)
def test_copies(params):
    encoder = KerasetteTransformer(**params, epochs=1, random_state=0).fit(WIDE)
    features, size = encoder.transform(WIDE), len(pickle.dumps(encoder))
    for other in (pickle.loads(pickle.dumps(encoder)), copy.deepcopy(encoder)):
        np.testing.assert_array_equal(other.transform(WIDE), features)
        np.testing.assert_array_equal(
            other.partial_fit(WIDE).transform(WIDE),
            copy.deepcopy(encoder).partial_fit(WIDE).transform(WIDE),
        )
    assert len(pickle.dumps(encoder)) <= size * 1.05
    np.testing.assert_array_equal(clone(encoder).fit_transform(WIDE), features)
