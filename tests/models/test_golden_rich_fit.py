"""Ten epochs of a network with all kinds of parts, against Keras."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, make, network, numbered

import kerasette
from kerasette import losses, metrics, optimizers
from kerasette.optimizers import schedules

GOLDEN = golden_json("rich_fit.json")
ARRAYS = golden_arrays("rich_fit.npz")
CASES = {case["name"]: case for case in GOLDEN["cases"]}
WEIGHTS = {
    "class_weight": {int(number): weight for number, weight in GOLDEN["class_weight"].items()},
    "sample_weight": ARRAYS["sample_weight"],
}


@pytest.fixture
def case(request):
    """A case, in its precision: in single, errors of rounding grow over the epochs."""
    before = kerasette.config.floatx()
    kerasette.config.set_floatx(CASES[request.param]["floatx"])
    yield CASES[request.param]
    kerasette.config.set_floatx(before)


def compiled(case):
    name, arguments = case["optimizer"]
    if isinstance(arguments["learning_rate"], list):
        arguments = arguments | {"learning_rate": make(schedules, arguments["learning_rate"])}
    optimizer = make(optimizers, [name, arguments])
    if "exclude" in case:
        optimizer.exclude_from_weight_decay(var_names=case["exclude"])
    model = network(GOLDEN, compiled=False)
    model.compile(
        optimizer,
        losses.CategoricalCrossentropy(label_smoothing=0.1),
        loss_weights=0.7,
        metrics=[make(metrics, metric) for metric in GOLDEN["metrics"]],
        weighted_metrics=[make(metrics, metric) for metric in GOLDEN["weighted_metrics"]],
    )
    return model


@pytest.mark.parametrize("case", CASES, indirect=True)
def test_ten_epochs_agree_with_keras(case):
    model = compiled(case)
    model.set_weights(numbered(ARRAYS, "start_"))
    np.random.seed(GOLDEN["seed"])
    validation = ARRAYS["x_val"], ARRAYS["y_val"]
    weights = {case["weights"]: WEIGHTS[case["weights"]]}
    history = model.fit(
        ARRAYS["x"], ARRAYS["y"], verbose=0, validation_data=validation, **GOLDEN["fit"], **weights
    ).history
    assert model.replayed_steps == 50 + 20 - (3 + 4)
    assert list(history) == list(case["history"])
    for name, values in case["history"].items():
        assert np.isfinite(values).all()
        assert_agree(history[name], values, name)
    name = case["name"]
    expected = {k[len(name) + 1 :]: v for k, v in ARRAYS.items() if k.startswith(f"{name}_")}
    for variable, end in zip(model.weights, numbered(expected, "end_"), strict=True):
        assert variable.dtype == case["floatx"]
        assert_agree(variable.numpy(), end, variable.path)
    assert int(model.optimizer.iterations) == expected["iterations"]
    found = model.evaluate(*validation, verbose=0, return_dict=True)
    assert found == pytest.approx(case["evaluate"], rel=1e-5)
    assert_agree(model.predict(ARRAYS["x_val"], verbose=0), expected["predict"], "predict")
