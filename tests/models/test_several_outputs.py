"""Models with several outputs in fit and evaluate: what is refused, and that it is right.

Numbers of Keras are in test_custom_steps.py and test_compiled.py.
"""

import copy
import pickle

import numpy as np
import pytest
from agreement import assert_agree

import kerasette
from kerasette import layers, losses

rng = np.random.default_rng(12)
N, BATCH = 24, 6
X = rng.normal(size=(N, 4)).astype("float32")
NUMBERS = rng.normal(size=(N, 2)).astype("float32")
KINDS = rng.integers(0, 3, N)
WEIGHTS = rng.uniform(0.1, 2, N).astype("float32")
SCCE = "sparse_categorical_crossentropy"


def make(outputs=list, optimizer="adam", compiles=True, **arguments):
    kerasette.utils.clear_session()
    kerasette.utils.set_random_seed(8)
    inputs = kerasette.Input((4,))
    hidden = layers.Dense(5, activation="tanh")(inputs)
    numbers = layers.Dense(2, name="numbers")(hidden)
    kinds = layers.Dense(3, activation="softmax", name="kinds")(hidden)
    found = {"numbers": numbers, "kinds": kinds} if outputs is dict else [numbers, kinds]
    model = kerasette.Model(inputs, found)
    if compiles:
        model.compile(**{"optimizer": optimizer, "loss": ["mse", SCCE], **arguments})
    return model


def state(model):
    return [weight.numpy() for weight in model.weights]


# ---- what is refused ------------------------------------------------------------------------

Y = [NUMBERS, KINDS]
BY_NAME = {"numbers": NUMBERS, "kinds": KINDS}
WRONG = {
    "fewer targets": ({"y": [NUMBERS]}, ValueError, "different structures"),
    "more targets": ({"y": [NUMBERS, KINDS, KINDS]}, ValueError, "different structures"),
    "one target": ({"y": NUMBERS}, ValueError, "different structures"),
    "other names": ({"y": {"numbers": NUMBERS, "kind": KINDS}}, ValueError, "different structures"),
    "a shape": (
        {"y": [NUMBERS[:, :1], KINDS]},
        ValueError,
        r"`y` of output 'numbers' has shape \(\d+, 1\)",
    ),
    "another shape": ({"y": [NUMBERS, NUMBERS]}, ValueError, "`y` of output 'kinds' has shape"),
    "a class": ({"y": [NUMBERS, KINDS + 1]}, ValueError, r"outside the valid range of \[0, 3\)"),
    "fewer weights": ({"sample_weight": [WEIGHTS]}, ValueError, "one `sample_weight` array per"),
    "weights by name": (
        {"sample_weight": {"numbers": WEIGHTS, "kinds": WEIGHTS}},
        ValueError,
        "one `sample_weight` array per output",
    ),
    "weights of places": (
        {"sample_weight": np.ones((N, 2))},
        ValueError,
        "a model with multiple outputs, when providing a single `sample_weight` array",
    ),
    "weights of places of one": (
        {"sample_weight": [np.ones((N, 2)), WEIGHTS]},
        ValueError,
        "`sample_weight` of output 'numbers' has shape",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_data_that_does_not_fit_is_refused_before_anything_changes(name):
    arguments, error, message = WRONG[name]
    model = make(metrics=[["mae"], ["accuracy"]])
    before = state(model)
    data = {"x": X, "y": Y, **arguments}
    for method in (model.fit, model.evaluate, model.train_on_batch, model.test_on_batch):
        with pytest.raises(error, match=message):
            method(**data)
        for a, b in zip(before, state(model), strict=True):
            np.testing.assert_array_equal(a, b)
    assert not model._compiled_loss.is_built


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"loss": {"numbers": "mse"}}, ValueError, "Expected keys .* in loss dict, but found"),
        ({"loss": {"numbers": "mse", "kind": "mse"}}, ValueError, "Expected keys"),
        ({"loss": ["mse"]}, ValueError, "match the structure of the model's outputs"),
        ({"metrics": {"kind": "mae"}}, ValueError, r"(?s)Invalid `metrics`.*'numbers', 'kinds'"),
        ({"metrics": ["mae"]}, ValueError, "Invalid `metrics`"),
        (
            {"loss": ["mse", SCCE], "loss_weights": {"numbers": 1, "kind": 2}},
            ValueError,
            "Expected keys .* in loss_weights dict",
        ),
    ],
)
def test_names_that_no_output_has_are_refused_with_the_first_data(arguments, error, message):
    model = make(**arguments)
    with pytest.raises(error, match=message):
        model.fit(X, Y, verbose=0)


def test_keys_that_no_output_has_are_refused_with_the_first_data():
    model = make(dict, loss={"numbers": "mse", "kind": "mse"})
    with pytest.raises(KeyError, match="in the `loss` argument, can't be found in the model's out"):
        model.fit(X, BY_NAME, verbose=0)


def test_class_weights_are_for_one_output():
    with pytest.raises(ValueError, match="`class_weight` is only supported for"):
        make().fit(X, Y, class_weight={0: 1.0}, verbose=0)


def test_an_unbuilt_loss_is_built_by_data_that_fits_after_data_that_does_not():
    model = make(loss=["mse", "ce"], metrics=[None, "accuracy"])
    one_hot = np.eye(3, dtype="float32")[KINDS]
    with pytest.raises(ValueError, match="sample_weight"):
        model.fit(X, [NUMBERS, one_hot], sample_weight=np.ones((N, 2)), verbose=0)
    model.fit(X, Y, verbose=0)
    (accuracy,) = model.metrics[1].metrics
    assert type(accuracy) is kerasette.metrics.SparseCategoricalAccuracy
    assert type(model._compiled_loss.losses[1]) is losses.SparseCategoricalCrossentropy


# ---- that it is right -----------------------------------------------------------------------


def test_structures_of_targets_and_weights_that_mean_the_same_train_the_same():
    weights = [WEIGHTS, WEIGHTS[::-1].copy()]
    weights_by_name = dict(zip(("numbers", "kinds"), weights, strict=True))
    found = []
    for outputs, y, weight in (
        (list, Y, weights),
        (list, tuple(Y), tuple(weights)),
        (list, BY_NAME, weights_by_name),
        (dict, BY_NAME, weights_by_name),
    ):
        model = make(outputs, loss={"numbers": "mse", "kinds": SCCE}, metrics={"kinds": "acc"})
        history = model.fit(
            X, y, sample_weight=weight, batch_size=BATCH, epochs=2, shuffle=False, verbose=0
        ).history
        # Layers stand in another order.
        found.append((history, sorted(state(model), key=np.shape)))
    for history, weights in found[1:]:
        assert history == found[0][0]
        for a, b in zip(weights, found[0][1], strict=True):
            np.testing.assert_array_equal(a, b)
    assert list(found[0][0]) == ["kinds_acc", "kinds_loss", "loss", "numbers_loss"]


def test_the_loss_is_the_weighted_sum_of_the_means_that_are_logged():
    model = make(loss_weights=[0.25, 3.0])
    logs = model.evaluate(X, Y, sample_weight=WEIGHTS, batch_size=7, verbose=0, return_dict=True)
    numbers, kinds = model.predict(X, verbose=0)
    squares = (((numbers - NUMBERS) ** 2).mean(-1) * WEIGHTS).mean()
    entropy = (-np.log(kinds[np.arange(N), KINDS]) * WEIGHTS).mean()
    assert_agree(logs["numbers_loss"], squares)
    assert_agree(logs["kinds_loss"], entropy)
    assert_agree(logs["loss"], 0.25 * squares + 3 * entropy)


def test_replay_has_the_bits_of_eager():
    found = []
    for run_eagerly in (False, True):
        model = make(
            loss_weights=[0.5, 2.0],
            metrics=[["mae"], ["accuracy"]],
            weighted_metrics=[["mse"], None],
            run_eagerly=run_eagerly,
        )
        history = model.fit(
            X, Y, sample_weight=WEIGHTS, batch_size=BATCH, epochs=3, shuffle=False, verbose=0
        ).history
        found.append((history, state(model)))
        assert model.replayed_steps == (0 if run_eagerly else 11)
    assert found[0][0] == found[1][0]
    for a, b in zip(found[0][1], found[1][1], strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_go_on_as_the_model(copied):
    model = make(loss=["mse", "ce"], metrics=[["mae"], ["accuracy"]])
    model.fit(X, Y, batch_size=BATCH, shuffle=False, verbose=0)
    twin = copied(model)
    assert twin.metrics_names == model.metrics_names
    histories = [
        m.fit(X, Y, batch_size=BATCH, epochs=2, shuffle=False, verbose=0).history
        for m in (model, twin)
    ]
    assert histories[0] == histories[1]
    for a, b in zip(state(model), state(twin), strict=True):
        np.testing.assert_array_equal(a, b)


def test_losses_by_name_are_no_code_of_a_user():
    model = make(loss={"numbers": "mse", "kinds": SCCE})
    model.fit(X, BY_NAME, batch_size=BATCH, epochs=2, verbose=0)
    assert model.eager_steps == 1


def test_masks_belong_to_their_outputs():
    """Steps that a mask takes out of one output count for nothing there, and in the other."""
    x = np.array([[1, 2, 0], [3, 0, 0], [1, 1, 1]])
    inputs = kerasette.Input((3,), dtype="int32")
    embedded = layers.Embedding(4, 2, mask_zero=True)(inputs)
    plain = layers.Dense(2, name="plain")(layers.Flatten()(layers.Embedding(4, 2)(inputs)))
    model = kerasette.Model(inputs, [layers.Dense(2, name="steps")(embedded), plain])
    model.compile("sgd", ["mse", "mae"], metrics=[["mse"], None], weighted_metrics=[["mae"], None])
    y = [rng.normal(size=(3, 3, 2)), rng.normal(size=(3, 2))]
    weights = [rng.uniform(1, 2, (3, 3)), np.array([1.0, 2.0, 3.0])]
    logs = model.evaluate(x, y, sample_weight=weights, verbose=0, return_dict=True)
    steps, plain = model.predict(x, verbose=0)
    mask = x != 0
    squares = ((steps - y[0]) ** 2).mean(-1)
    assert_agree(logs["steps_loss"], (squares * weights[0] * mask).sum() / mask.sum())
    assert_agree(logs["plain_loss"], (abs(plain - y[1]).mean(-1) * weights[1]).mean())
    distances = abs(steps - y[0]).mean(-1)
    share = weights[0] * mask
    assert_agree(logs["steps_mae"], (distances * share).sum() / share.sum())


def test_a_scaled_optimizer_trains_several_outputs_as_an_unscaled_one():
    """Scaling by a power of two changes no bit."""
    found = []
    for scaled in (False, True):
        sgd = kerasette.optimizers.SGD(0.1)
        if scaled:
            sgd = kerasette.optimizers.LossScaleOptimizer(sgd, initial_scale=8.0)
        model = make(optimizer=sgd, auto_scale_loss=not scaled)
        history = model.fit(X, Y, batch_size=BATCH, epochs=2, shuffle=False, verbose=0).history
        found.append((history, state(model)))
    assert found[0][0] == found[1][0]
    for a, b in zip(found[0][1], found[1][1], strict=True):
        np.testing.assert_array_equal(a, b)


def test_freezing_a_part_and_compiling_again_trains_the_rest():
    model = make()
    model.fit(X, Y, batch_size=BATCH, verbose=0)
    model.get_layer("kinds").trainable = False
    with pytest.warns(UserWarning, match="`trainable` state has changed since the model was comp"):
        model.evaluate(X, Y, verbose=0)
    model.compile("sgd")
    before = model.get_layer("kinds").get_weights(), model.get_layer("numbers").get_weights()
    model.fit(X, Y, batch_size=BATCH, verbose=0)
    after = model.get_layer("kinds").get_weights(), model.get_layer("numbers").get_weights()
    for a, b in zip(before[0], after[0], strict=True):
        np.testing.assert_array_equal(a, b)
    assert all((a != b).any() for a, b in zip(before[1], after[1], strict=True))
    assert list(model.evaluate(X, Y, verbose=0, return_dict=True)) == [
        "kinds_loss", "loss", "numbers_loss",
    ]  # fmt: skip


class NamedOutputs(kerasette.Model):
    def __init__(self):
        super().__init__()
        self.dense = kerasette.layers.Dense(2)

    def call(self, inputs):
        return {"z": self.dense(inputs), "a": {"y": inputs, "b": inputs}}


def test_dicts_of_outputs_keep_the_order_that_the_model_gives_them():
    """As printed by Keras: a subclass's own order; that of the keys for a graph."""
    model = NamedOutputs()
    found = model.predict(X, verbose=0)
    assert list(found) == ["z", "a"]
    assert list(found["a"]) == ["y", "b"]
    np.testing.assert_array_equal(found["a"]["b"], X.astype("float32"))
    inputs = kerasette.Input(X.shape[1:])
    graph = kerasette.Model(inputs, {"z": inputs * 2.0, "a": inputs + 1.0})
    assert list(graph.predict(X, verbose=0)) == list(graph(X)) == ["a", "z"]
    assert list(graph.output) == ["z", "a"]


@pytest.mark.parametrize(
    ("outputs", "y", "none"),
    [
        (list, Y, [None, None]),
        (list, Y, (None, None)),
        (dict, BY_NAME, {"numbers": None, "kinds": None}),
    ],
)
def test_outputs_may_all_be_without_sample_weights(outputs, y, none):
    results = []
    for arguments in ({}, {"sample_weight": none}):
        loss = ["mse", SCCE] if outputs is list else {"numbers": "mse", "kinds": SCCE}
        model = make(outputs, loss=loss, weighted_metrics=[])
        history = model.fit(X, y, batch_size=BATCH, shuffle=False, verbose=0, **arguments)
        results.append((history.history, [weight.tolist() for weight in state(model)]))
    assert results[0] == results[1]
    with pytest.raises(ValueError, match="one `sample_weight` array per output"):
        model.fit(X, y, sample_weight=[None] * 3, verbose=0)
