"""Keras's estimators: against Keras, by scikit-learn's checks, and without faults of Keras's."""

import copy
import pickle

import numpy as np
import pytest

pytest.importorskip("sklearn")

import sklearn
from agreement import assert_same, golden_arrays, golden_json
from estimator_cases import FIT, NAMES, NUMBERS, THREE, TWO, X, observe
from seen_cases import unpacked
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.ensemble import BaggingRegressor, StackingClassifier
from sklearn.exceptions import NotFittedError, UnsetMetadataPassedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import check_estimator

import kerasette
from kerasette import layers, optimizers
from kerasette.wrappers import SKLearnClassifier, SKLearnRegressor, SKLearnTransformer

NUMBERS_OF, DESCRIBED = golden_arrays("estimators.npz"), golden_json("estimators.json")
ARGUMENTS = ["model", "warm_start", "model_kwargs", "fit_kwargs"]
DATA = ["X", "y"]
COVERED = {
    f"wrappers.{name}{method}": parameters
    for name in ("SKLearnClassifier", "SKLearnRegressor", "SKLearnTransformer")
    for method, parameters in {
        "": ARGUMENTS,
        ".fit": DATA,
        ".set_fit_request": ["sample_weight"],
        ".set_score_request": ["sample_weight"],
    }.items()
    if (name, method) != ("SKLearnTransformer", ".set_score_request")
}


def network(X, outputs, activation, units):
    """The same network each time."""
    kerasette.utils.set_random_seed(0)
    return kerasette.Sequential(
        [
            kerasette.Input(X.shape[1:]),
            layers.Dense(units, activation="relu"),
            layers.Dense(outputs, activation=activation),
        ]
    )


def of_classes(X, y, units=30, loss="categorical_crossentropy", activation="softmax", outputs=None):
    """A compiled network for classes."""
    model = network(X, outputs or y.shape[1], activation, units)
    model.compile(optimizers.Adam(0.01), loss)
    return model


def of_numbers(X, y, units=30):
    """A compiled network for numbers."""
    model = network(X, y.shape[1], None, units)
    model.compile(optimizers.Adam(0.01), "mse")
    return model


KINDS = {
    "classifier": (SKLearnClassifier, of_classes, THREE),
    "regressor": (SKLearnRegressor, of_numbers, NUMBERS),
    "transformer": (SKLearnTransformer, of_numbers, NUMBERS),
}


@pytest.fixture(params=KINDS)
def kind(request):
    """A class, a function for it, and a y."""
    return KINDS[request.param]


def weights(fitted):
    return np.concatenate([weight.ravel() for weight in fitted.model_.get_weights()])


# ---- against Keras, and by scikit-learn's checks ---------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_all_is_as_in_keras(name):
    assert_same(observe(kerasette, name), unpacked(NUMBERS_OF[name], DESCRIBED[name]))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning", "ignore:.*A column-vec")
@pytest.mark.parametrize("is_deterministic", [False, True])
def test_scikit_learn_finds_no_fault(kind, is_deterministic, monkeypatch):
    cls, function, _ = kind
    if is_deterministic:
        # As it is with such a function; more checks are made then.
        tags_of = cls.__sklearn_tags__

        def deterministic(self):
            tags = tags_of(self)
            tags.non_deterministic = False
            return tags

        monkeypatch.setattr(cls, "__sklearn_tags__", deterministic)
    found = check_estimator(cls(function, fit_kwargs={"epochs": 20, "verbose": 0}), on_skip=None)
    assert len(found) > 40
    skipped = {check["check_name"] for check in found if check["status"] != "passed"}
    if is_deterministic:
        assert skipped <= {"check_array_api_input"}


def test_each_is_taken_for_what_it_is():
    assert is_classifier(SKLearnClassifier(of_classes))
    assert is_regressor(SKLearnRegressor(of_numbers))
    assert hasattr(SKLearnTransformer(of_numbers), "transform")


# ---- parameters --------------------------------------------------------------------------


def test_every_parameter_has_an_effect(kind):
    cls, function, y = kind
    fitted = cls(function, fit_kwargs=FIT).fit(X, y)
    assert fitted.model_.layers[0].units == 30 and fitted.epoch_ == 3
    other = cls(function, model_kwargs={"units": 4}, fit_kwargs=FIT).fit(X, y)
    assert other.model_.layers[0].units == 4
    other = cls(function, fit_kwargs={**FIT, "epochs": 5}).fit(X, y)
    assert other.epoch_ == len(other.history_.history["loss"]) == 5
    assert not np.array_equal(weights(other), weights(fitted))


def test_arguments_of_fit_come_first_and_the_dict_stays(kind):
    cls, function, y = kind
    given = dict(FIT)
    fitted = cls(function, fit_kwargs=given).fit(X, y, epochs=1)
    assert fitted.epoch_ == 1 and given == FIT and fitted.fit_kwargs is given
    assert fitted.fit(X, y).epoch_ == 3


def test_a_clone_has_all_parameters(kind):
    cls, function, _ = kind
    model = function(X, np.ones((30, 3)))
    before = cls(model, True, None, {"epochs": 7, "callbacks": []})
    again = clone(before)
    assert again.fit_kwargs == before.fit_kwargs and again.warm_start is True
    assert again.model is not model
    np.testing.assert_array_equal(again.model(X), model(X))
    assert clone(cls(function, False, {"units": 3})).get_params() == {
        "model": function, "warm_start": False, "model_kwargs": {"units": 3}, "fit_kwargs": None,
    }  # fmt: skip


def test_parameters_are_set_by_name(kind):
    cls, function, y = kind
    fitted = cls(None).set_params(model=function, fit_kwargs=FIT).fit(X, y)
    assert fitted.epoch_ == 3


def test_a_given_model_is_copied_as_it_is_compiled(kind):
    cls, function, y = kind
    model = function(X, np.ones((30, 3 if cls is SKLearnClassifier else 1)))
    before = model.get_weights()
    fitted = cls(model, fit_kwargs=FIT).fit(X, y)
    assert fitted.model_ is not model and fitted.model is model
    assert fitted.model_.optimizer.get_config() == model.optimizer.get_config()
    assert all(map(np.array_equal, model.get_weights(), before))
    assert not np.array_equal(fitted.model_.get_weights()[0], before[0])
    # The copy has new weights, which this rate leaves as they are.
    model.optimizer.learning_rate = 0.0
    fitted.fit(X, y)
    assert np.abs(fitted.model_.get_weights()[0] - before[0]).max() > 0.1


def test_warm_start_goes_on(kind):
    cls, function, y = kind
    once = cls(function, fit_kwargs={**FIT, "epochs": 6}).fit(X, y)
    twice = cls(function, warm_start=True, fit_kwargs=FIT).fit(X, y)
    model = twice.model_
    twice.fit(X, y)
    assert twice.model_ is model and twice.epoch_ == 6
    np.testing.assert_array_equal(weights(twice), weights(once))
    cold = cls(function, fit_kwargs=FIT).fit(X, y).fit(X, y)
    assert cold.epoch_ == 3 and not np.array_equal(weights(cold), weights(once))


def test_warm_start_trains_a_given_model_itself(kind):
    cls, function, y = kind
    model = function(X, np.ones((30, 3 if cls is SKLearnClassifier else 1)))
    fitted = cls(model, warm_start=True, fit_kwargs=FIT).fit(X, y)
    assert fitted.model_ is model and int(model.optimizer.iterations) == 12


def test_warm_start_wants_the_same_kind_of_data(kind):
    cls, function, y = kind
    fitted = cls(function, warm_start=True, fit_kwargs=FIT).fit(X, y)
    before = weights(fitted)
    with pytest.raises(ValueError, match="4 features"):
        fitted.fit(X[:, :2], y)
    if cls is SKLearnClassifier:
        with pytest.raises(ValueError, match="same classes as in the previous call"):
            fitted.fit(X, y + 1)
    np.testing.assert_array_equal(weights(fitted), before)


# ---- what comes of it ----------------------------------------------------------------------


def test_epochs_are_counted_and_a_history_is_kept(kind):
    cls, function, y = kind
    fitted = cls(function, fit_kwargs=FIT)
    assert fitted.epoch_ == 0
    fitted.fit(X, y)
    assert fitted.history_.epoch == [0, 1, 2] and list(fitted.history_.history) == ["loss"]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_copies_predict_the_same_and_know_their_history(kind, copied):
    cls, function, y = kind
    fitted = cls(function, warm_start=True, fit_kwargs=FIT).fit(X, y)
    twin = copied(fitted)
    np.testing.assert_array_equal(twin.predict(X), fitted.predict(X))
    assert twin.history_.history == fitted.history_.history and twin.epoch_ == 3
    assert twin.history_.model is twin.model_ is not fitted.model_
    np.testing.assert_array_equal(weights(twin.fit(X, y)), weights(fitted.fit(X, y)))


FORMS = {
    "softmax": {},
    "class numbers": {"loss": "sparse_categorical_crossentropy"},
    "one column": {"loss": "binary_crossentropy", "activation": "sigmoid", "outputs": 1},
    "one logit": {
        "loss": kerasette.losses.BinaryCrossentropy(from_logits=True),
        "activation": None,
        "outputs": 1,
    },
}


@pytest.mark.parametrize("form", FORMS)
def test_two_classes_have_one_score_and_two_probabilities(form):
    fitted = SKLearnClassifier(of_classes, model_kwargs=FORMS[form], fit_kwargs=FIT).fit(X, TWO)
    raw = fitted.model_.predict(X, verbose=0)
    scores, probabilities = fitted.decision_function(X), fitted.predict_proba(X)
    assert scores.shape == (30,) and probabilities.shape == (30, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    expected = np.array(["no", "yes"])[(scores > 0).astype(int)]
    assert fitted.predict(X).tolist() == expected.tolist()
    second = raw[:, -1] if form != "one logit" else 1 / (1 + np.exp(-raw[:, 0]))
    np.testing.assert_allclose(probabilities[:, 1], second, rtol=1e-6)
    if form != "one logit":
        np.testing.assert_allclose(scores, 2 * second - 1, rtol=1e-5, atol=1e-7)
    assert cross_val_score(fitted, X, TWO, cv=2, scoring="roc_auc").shape == (2,)


def test_scores_that_are_no_probabilities_are_not_taken_for_such():
    arguments = {"loss": "categorical_hinge", "activation": None}
    fitted = SKLearnClassifier(of_classes, model_kwargs=arguments, fit_kwargs=FIT).fit(X, THREE)
    assert not hasattr(fitted, "predict_proba") and fitted.decision_function(X).shape == (30, 3)
    with pytest.raises(AttributeError, match="'predict_proba'"):
        fitted.predict_proba(X)


@pytest.mark.parametrize(("loss", "middle"), [("mse", 0.5), ("hinge", 0.0)])
def test_one_score_decides_where_its_loss_says(loss, middle):
    arguments = {"loss": loss, "activation": None, "outputs": 1}
    fitted = SKLearnClassifier(of_classes, model_kwargs=arguments, fit_kwargs=FIT).fit(X, TWO)
    raw = fitted.model_.predict(X, verbose=0)[:, 0]
    np.testing.assert_array_equal(fitted.predict(X) == "yes", raw > middle)
    np.testing.assert_array_equal(fitted.decision_function(X) > 0, raw > middle)


def test_several_numbers_are_predicted():
    fitted = SKLearnRegressor(of_numbers, fit_kwargs=FIT).fit(X, X[:, :2])
    assert fitted.predict(X).shape == (30, 2)
    assert SKLearnRegressor(of_numbers, fit_kwargs=FIT).fit(X, NUMBERS).predict(X).shape == (30,)


@pytest.mark.parametrize(("dtype", "expected"), [("f4", "f4"), ("f8", "f8"), ("i8", "f4")])
def test_numbers_are_no_less_precise_than_y(dtype, expected):
    fitted = SKLearnRegressor(of_numbers, fit_kwargs=FIT).fit(X, NUMBERS.astype(dtype))
    assert fitted.predict(X).dtype == expected
    raw = fitted.model_.predict(X, verbose=0)[:, 0]
    np.testing.assert_array_equal(fitted.predict(X), raw)


def test_features_have_names_and_come_in_frames():
    pandas = pytest.importorskip("pandas")
    fitted = SKLearnTransformer(of_numbers, fit_kwargs=FIT).fit(X, X[:, :2])
    names = ["sklearntransformer0", "sklearntransformer1"]
    assert fitted.get_feature_names_out().tolist() == names
    frame = fitted.set_output(transform="pandas").transform(X)
    assert isinstance(frame, pandas.DataFrame) and frame.columns.tolist() == names
    np.testing.assert_array_equal(frame, fitted.model_.predict(X, verbose=0))


def test_a_transformer_may_learn_from_classes():
    arguments = {"loss": "sparse_categorical_crossentropy", "outputs": 3, "units": 5}
    fitted = SKLearnTransformer(of_classes, model_kwargs=arguments, fit_kwargs=FIT).fit(X, THREE)
    assert fitted.transform(X).shape == fitted.predict(X).shape == (30, 3)


def test_outputs_may_be_without_an_axis(kind):
    cls, function, _ = kind
    y_is_classes = cls is SKLearnClassifier

    def flat(X, y):
        model = function(X, np.ones((30, 1)), **({"activation": None} if y_is_classes else {}))
        model = kerasette.Model(model.inputs, layers.Reshape(())(model.outputs[0]))
        loss = kerasette.losses.BinaryCrossentropy(from_logits=True) if y_is_classes else "mse"
        model.compile("sgd", loss)
        return model

    fitted = cls(flat, fit_kwargs=FIT).fit(X, TWO if y_is_classes else NUMBERS)
    assert fitted.predict(X).shape == (30,)
    if hasattr(fitted, "transform"):
        assert fitted.transform(X).shape == (30, 1)


def test_images_and_several_inputs_are_taken():
    def of_images(X, y):
        inputs = kerasette.Input(X.shape[1:])
        outputs = layers.Dense(y.shape[1], "softmax")(layers.Flatten()(inputs))
        model = kerasette.Model(inputs, outputs)
        model.compile("sgd", "categorical_crossentropy")
        return model

    fitted = SKLearnClassifier(of_images, fit_kwargs=FIT).fit(X.reshape(30, 2, 2), THREE)
    assert fitted.predict(X.reshape(30, 2, 2)).shape == (30,)

    def of_parts(X, y):
        inputs = {name: kerasette.Input(X[name].shape[1:], name=name) for name in X}
        joined = layers.Concatenate()(list(inputs.values()))
        model = kerasette.Model(inputs, layers.Dense(y.shape[1])(joined))
        model.compile("sgd", "mse")
        return model

    parts = {"left": X[:, :1], "right": X[:, 1:]}
    fitted = SKLearnRegressor(of_parts, fit_kwargs=FIT).fit(parts, NUMBERS)
    assert fitted.predict(parts).shape == (30,)


# ---- weights of samples ----------------------------------------------------------------------


def test_weights_are_those_of_a_fit(kind):
    cls, function, y = kind
    counts = np.arange(30) % 3 + 1.0
    fitted = cls(function, fit_kwargs=FIT).fit(X, y, sample_weight=counts)
    other = cls(function, fit_kwargs={**FIT, "sample_weight": counts}).fit(X, y)
    np.testing.assert_array_equal(weights(fitted), weights(other))
    assert not np.allclose(weights(fitted), weights(cls(function, fit_kwargs=FIT).fit(X, y)))
    targets = fitted._shown(fitted._targets.encoded(y))
    expected = function(X, targets)
    expected.fit(X, targets, sample_weight=counts, **FIT)
    np.testing.assert_array_equal(expected.get_weights()[0], fitted.model_.get_weights()[0])


def test_weights_are_routed():
    counts = np.arange(30) % 3 + 1.0
    classifier = SKLearnClassifier(of_classes, fit_kwargs=FIT)
    alone = classifier.fit(X, THREE, sample_weight=counts)
    expected = weights(alone)
    with sklearn.config_context(enable_metadata_routing=True):
        asking = clone(classifier).set_fit_request(sample_weight=True)
        scaler = StandardScaler(with_mean=False, with_std=False)
        pipeline = make_pipeline(scaler.set_fit_request(sample_weight=False), asking)
        found = pipeline.fit(X, THREE, sample_weight=counts)
        np.testing.assert_array_equal(weights(found[-1]), expected)
        assert clone(asking).get_metadata_routing().fit.requests == {"sample_weight": True}
        with pytest.raises(UnsetMetadataPassedError, match="sample_weight"):
            make_pipeline(clone(classifier)).fit(X, THREE, sample_weight=counts)
        scored = asking.set_score_request(sample_weight="importance")
        assert scored.get_metadata_routing().score.requests == {"sample_weight": "importance"}
    with pytest.raises(RuntimeError, match="enable_metadata_routing"):
        classifier.set_fit_request(sample_weight=True)


def test_ensembles_and_searches_take_them():
    classifier = SKLearnClassifier(of_classes, fit_kwargs=FIT)
    stacked = StackingClassifier([("net", classifier)], DecisionTreeClassifier(), cv=2)
    assert stacked.fit(X, THREE).predict(X).shape == (30,)
    regressor = SKLearnRegressor(of_numbers, fit_kwargs=FIT)
    assert BaggingRegressor(regressor, n_estimators=2).fit(X, NUMBERS).predict(X).shape == (30,)
    grid = {"fit_kwargs": [{**FIT, "epochs": 1}, {**FIT, "epochs": 4}]}
    search = GridSearchCV(classifier, grid, cv=2).fit(X, THREE)
    assert search.best_estimator_.epoch_ == search.best_params_["fit_kwargs"]["epochs"]


# ---- errors --------------------------------------------------------------------------------


def uncompiled(X, y):
    return kerasette.Sequential([layers.Dense(y.shape[1])])


def without_loss(X, y):
    model = uncompiled(X, y)
    model.compile("sgd")
    return model


def without_optimizer(X, y):
    model = uncompiled(X, y)
    model.compile(None, "mse")
    return model


@pytest.mark.parametrize("function", [uncompiled, without_loss, without_optimizer])
def test_a_model_must_be_compiled(kind, function):
    cls, _, y = kind
    words = "Given model needs to be compiled, and have a loss and an optimizer."
    for model in (function, function(X, np.ones((30, 3)))):
        with pytest.raises(RuntimeError, match=words):
            cls(model).fit(X, y)


def test_what_is_no_model_is_refused(kind):
    cls, function, y = kind
    with pytest.raises(ValueError, match="'model' parameter must be a compiled"):
        cls("mlp").fit(X, y)
    with pytest.raises(ValueError, match=r"Got <Dense .* instead"):
        cls(kerasette.layers.Dense(1)).fit(X, y)
    with pytest.raises(TypeError, match=r"must return a kerasette\.Model\. It returned None"):
        cls(lambda X, y: None).fit(X, y)
    with pytest.raises(TypeError, match="unexpected keyword argument 'depth'"):
        cls(function, model_kwargs={"depth": 3}).fit(X, y)
    with pytest.raises(ValueError, match="`model_kwargs` are arguments of a function"):
        cls(function(X, np.ones((30, 1))), model_kwargs={"units": 3}).fit(X, y)
    with pytest.raises(TypeError, match="unexpected keyword argument 'rounds'"):
        cls(function, fit_kwargs={"rounds": 3}).fit(X, y)


@pytest.mark.parametrize(
    ("y", "words"),
    [
        (NUMBERS, "Only binary and multiclass target types are supported."),
        (np.eye(30, 3) + np.eye(30, 3)[::-1], "Only binary and multiclass target types are supp"),
        (np.zeros(30), "Classifier can't train when only one class is present."),
    ],
)
def test_what_is_no_class_is_refused(y, words):
    with pytest.raises(ValueError, match=words):
        SKLearnClassifier(of_classes).fit(X, y)


def test_outputs_that_do_not_fit_y_are_refused():
    with pytest.raises(ValueError, match="output has 2 columns, and y has 3 classes"):
        SKLearnClassifier(of_classes, model_kwargs={"outputs": 2}).fit(X, THREE)
    twice = of_numbers(X, X[:, :1])
    twice = kerasette.Model(twice.inputs, [twice.outputs[0], twice.outputs[0] * 2])
    twice.compile("sgd", ["mse", "mse"])
    for cls in (SKLearnRegressor, SKLearnTransformer):
        with pytest.raises(ValueError, match="must have one output"):
            cls(twice).fit(X, NUMBERS)
    with pytest.raises(ValueError, match="requires y to be passed"):
        SKLearnTransformer(of_numbers).fit(X, None)


def test_an_error_leaves_all_as_it_was(kind):
    cls, function, y = kind
    fitted = cls(function, fit_kwargs=FIT)
    with pytest.raises(NotFittedError):
        fitted.predict(X)
    fitted.fit(X, y)
    before = dict(vars(fitted))
    with pytest.raises(TypeError):
        fitted.fit(X[:, :2], y, rounds=3)
    assert vars(fitted) == before
    with pytest.raises(ValueError, match="4 features"):
        fitted.predict(X[:, :3])
