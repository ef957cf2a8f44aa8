"""Each parameter of transformers changes what comes out; what is wrong is refused."""

import inspect

import numpy as np
import pytest

pytest.importorskip("sklearn")

import sklearn
from estimator_parameters import CHANGES, OF_A_MODEL, SMALL, WRONG, X, Y
from estimator_parameters import network as compiled_network
from transformer_cases import LABELS, SEQUENCES

import kerasette
from kerasette import Input, Model, layers
from kerasette.wrappers import KerasetteTransformer

IMAGES = SEQUENCES.reshape(24, 5, 3, 1)

OWN_CHANGES = {
    **{name: change for name, change in CHANGES.items() if name != "class_weight"},
    "keep_weights": (
        {"keep_weights": True},
        {**OF_A_MODEL, "model": compiled_network((4,), (4,))},
    ),
    "layer": ({"layer": "output"}, {}),
    "task": ({"task": "regression"}, {}),
}


def outcome(encoder):
    """All that two fits, one after the other, leave."""
    y = Y if encoder.task else None
    encoder.fit(X, y).fit(X, y)
    features = encoder.transform(X).tolist()
    return features, encoder.history_, encoder.loss_curve_, encoder.validation_scores_


@pytest.mark.parametrize(("changes", "common"), OWN_CHANGES.values(), ids=OWN_CHANGES)
def test_it_changes_the_result(changes, common):
    before = outcome(KerasetteTransformer(**{**SMALL, **common}))
    assert outcome(KerasetteTransformer(**{**SMALL, **common})) == before
    assert outcome(KerasetteTransformer(**{**SMALL, **common, **changes})) != before


def test_none_is_left_out():
    names = set(inspect.signature(KerasetteTransformer.__init__).parameters)
    # Of the first there is a test of its own.
    assert names <= {*OWN_CHANGES, "verbose", "nested", "self"}


@pytest.mark.parametrize("verbose", [0, 1, 2])
def test_verbose(verbose, capsys):
    KerasetteTransformer(**SMALL, verbose=verbose).fit(X)
    assert ("loss" in capsys.readouterr().out) == bool(verbose)


OWN_WRONG = {
    **{name: values for name, values in WRONG.items() if name != "class_weight"},
    "layer": ["hidden_7", 17, -9, 1.5, True, ["hidden_1"]],
    "task": ["autoencoder", 3],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in OWN_WRONG.items() for value in values]
)
def test_wrong_values(name, value):
    encoder = KerasetteTransformer(**SMALL)
    vars(encoder)[name] = value
    with pytest.raises((ValueError, TypeError), match=name.removeprefix("optimizer__")[:5]):
        encoder.fit(X)
    assert not [key for key in vars(encoder) if key.endswith("_")]


WRONG_CALLS = {
    "no hidden layer": (
        lambda: KerasetteTransformer(hidden_layer_sizes=(), epochs=1).fit(X),
        "has no hidden layer, which features could come from",
    ),
    "no y": (
        lambda: KerasetteTransformer(task="regression").fit(X),
        "requires y to be passed, but the target y is None",
    ),
    "y of real numbers": (
        lambda: KerasetteTransformer(task="classification").fit(X, X[:, 0]),
        "Unknown label type: continuous",
    ),
    "y that is missing": (
        lambda: KerasetteTransformer().fit(X, X[:, 0] * np.nan),
        "y contains NaN",
    ),
    "layer with several outputs": (
        lambda: KerasetteTransformer(several_outputs, layer="lstm").fit(SEQUENCES, LABELS),
        "layer='lstm' .* returns no single array",
    ),
    "inputs": (
        lambda: KerasetteTransformer(several_outputs, layer=0).fit(SEQUENCES, LABELS),
        "layer=0 .* returns nothing in a call",
    ),
    "another shape of features": (
        lambda: KerasetteTransformer(**SMALL).fit(X).inverse_transform(X),
        r"X has features of shape \(4,\) for a sample, and the layer 'hidden_1' .* shape \(6,\)",
    ),
    "outputs of another shape": (
        lambda: KerasetteTransformer(compiled_network((4,), (3,)), epochs=1).fit(X),
        r"outputs of shape \(None, 3\)",
    ),
    "outputs of other axes": (
        lambda: KerasetteTransformer(Narrow(), epochs=1).fit(SEQUENCES),
        r"X has samples of shape \(5, 3\), which are to be reconstructed",
    ),
    "images that become rows": (
        lambda: KerasetteTransformer(Flat(), epochs=1).fit(IMAGES),
        r"must have one output of shape \(samples, 5, 3, 1\)",
    ),
}  # fmt: skip


class Flat(Model):
    def call(self, inputs):
        return kerasette.ops.reshape(inputs, (-1, 15))


class Narrow(Model):
    def __init__(self):
        super().__init__()
        self.stack = [layers.Dense(4), layers.Dense(2)]

    def call(self, inputs):
        return self.stack[1](self.stack[0](inputs))


def several_outputs(input_shape, output_shape):
    inputs = Input(input_shape)
    outputs, state, _ = layers.LSTM(4, return_state=True, name="lstm")(inputs)
    return Model(inputs, layers.Dense(*output_shape)(layers.Add()([outputs, state])))


@pytest.mark.parametrize(("call", "message"), WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_wrong_calls(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_fit_that_fails_leaves_a_fitted_one():
    encoder = KerasetteTransformer(**SMALL).fit(X)
    features = encoder.transform(X)
    for fail in (
        lambda: encoder.set_params(layer="nowhere").fit(X[:, :2]),
        lambda: encoder.set_params(layer=None, task="regression").fit(X[:, :2]),
        lambda: encoder.set_params(task=None).partial_fit(X[:, :2]),
        lambda: encoder.set_params(layer="nowhere").partial_fit(X),
    ):
        with pytest.raises(ValueError):
            fail()
        np.testing.assert_array_equal(encoder.transform(X), features)
        assert encoder.layer_ == "hidden_1"


def test_before_fit():
    encoder = KerasetteTransformer()
    for call in (encoder.transform, lambda X: encoder.get_feature_names_out()):
        with pytest.raises(sklearn.exceptions.NotFittedError):
            call(X)
    with pytest.raises(AttributeError, match="inverse_transform"):
        encoder.inverse_transform(X)
    with pytest.raises(AttributeError, match="before it is fitted"):
        _ = encoder.coefs_
