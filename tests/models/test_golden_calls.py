"""Sequences of calls with every argument of compile, fit, evaluate and the rest, against Keras."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json, numbered
from call_scripts import Script

import kerasette

GOLDEN = golden_json("calls.json")
ARRAYS = golden_arrays("calls.npz")
CASES = {case["name"]: case for case in GOLDEN["cases"]}

# Too few steps of one kind for a recording to be worth it.
FEW_STEPS = {
    "masked_tokens",
    "no_optimizer",
    "order_of_metrics",
    "single_batches_of_classes",
    "weights_of_steps",
}


def assert_same(found, expected, what):
    """Dicts with keys in the same order, lists of the same length, numbers that agree."""
    if isinstance(found, kerasette.callbacks.History):
        found = {"history": found.history, "epoch": found.epoch, "params": found.params}
    if isinstance(expected, dict):
        assert list(found) == list(expected), what
        for key, value in expected.items():
            assert_same(found[key], value, f"{what} {key}")
    elif isinstance(expected, list) and any(isinstance(e, (list, np.ndarray)) for e in expected):
        assert len(found) == len(expected), what
        for index, (one, other) in enumerate(zip(found, expected)):
            assert_same(one, other, f"{what} {index}")
    elif expected is None:
        assert found is None
    else:
        found, expected = np.asarray(found, "float64"), np.asarray(expected, "float64")
        is_number = ~np.isnan(expected)
        assert found.shape == expected.shape
        np.testing.assert_array_equal(~np.isnan(found), is_number, what)
        assert_agree(found[is_number], expected[is_number], what)


def assert_same_events(found, expected, what):
    assert [event[:2] for event in found] == [event[:2] for event in expected], what
    for (*_, logs), (name, batch, expected_logs) in zip(found, expected):
        assert_same(logs, expected_logs, f"{what} {name} {batch}")


@pytest.mark.parametrize("run_eagerly", [False, True], ids=["replayed", "eager"])
@pytest.mark.parametrize("name", CASES)
def test_calls_agree_with_keras(name, run_eagerly):
    case = CASES[name]
    script = Script(case, ARRAYS)
    script.model.set_weights(numbered(ARRAYS, f"{name}_w0_"))
    np.random.seed(GOLDEN["seed"])
    for number, (step, result) in enumerate(zip(case["script"], case["results"], strict=True)):
        method, arguments = step
        what = f"{name} {number} {method}"
        if method == "compile":
            arguments = {**arguments, "run_eagerly": run_eagerly}
        value, warned, events = script.run(method, arguments)
        assert_same(value, result["value"], what)
        if not script.model.steps_per_execution > 1:
            # Keras also warns if the last batches of an epoch are fewer than at other times.
            assert any("ran out of data" in text for text in warned) is ("warns" in result), what
        assert_same_events(events, result.get("events", []), what)
        if "iterations" in result:
            assert int(script.model.optimizer.iterations) == result["iterations"], what
    assert_same(script.model.get_weights(), numbered(ARRAYS, f"{name}_w_"), f"weights after {name}")
    if run_eagerly or name not in FEW_STEPS:
        assert (script.model.replayed_steps > 0) is not run_eagerly


def test_scripts_name_every_argument():
    used = {}
    for case in CASES.values():
        for method, arguments in case["script"]:
            used.setdefault(method, set()).update(arguments)
    # What shows on the screen, and what stays the same in one run, is tested elsewhere.
    left_out = {
        "compile": {"run_eagerly", "jit_compile", "auto_scale_loss"},
        "fit": {"verbose", "callbacks", "recorder"},
        "evaluate": {"verbose", "callbacks", "recorder"},
        "predict": {"verbose", "callbacks", "recorder"},
    }
    for method, found in used.items():
        if method != "set_trainable":
            code = getattr(kerasette.Sequential, method).__code__
            names = set(code.co_varnames[1 : code.co_argcount])
            assert names - found <= left_out.get(method, set()), method
