"""Steps, losses and metrics of subclasses' own: the same code runs under Keras, for its numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from agreement import assert_agree
from golden.makers.custom_step_cases import BATCH, EPOCHS, NAMES, SAMPLES, define, run

import kerasette
from kerasette import GradientTape, tree

GOLDEN = json.loads(
    (Path(__file__).parent.parent / "golden" / "custom_steps.json").read_text(encoding="utf-8")
)
CASES = define(kerasette, GradientTape)
MISSING = "ignore:Gradients do not exist for variables"


def trained(name, run_eagerly=False):
    kerasette.utils.clear_session()
    model, fit = CASES[name]()
    model.run_eagerly = run_eagerly
    return model, run(model, fit)


@pytest.mark.filterwarnings(MISSING)
@pytest.mark.parametrize("name", NAMES)
def test_logs_and_weights_are_those_of_keras(name):
    golden = GOLDEN[name]
    _, found = trained(name)
    assert sorted(found) == sorted(golden)
    assert found.pop("metrics_names") == golden["metrics_names"]
    for part, values in found.items():
        if isinstance(values, dict) and part != "predict":
            assert list(values) == list(golden[part]), part
        flat, expected = (
            tree.flatten_with_path(tree.map_structure(np.asarray, structure))
            for structure in (values, packed_like(values, golden[part]))
        )
        for (path, value), (_, other) in zip(flat, expected, strict=True):
            assert_agree(value, other, f"{part} {path}")


def packed_like(values, golden):
    """The golden numbers with lists where arrays are."""
    if isinstance(values, dict):
        return {key: packed_like(value, golden[key]) for key, value in values.items()}
    if isinstance(values, (list, tuple)):
        return type(values)(packed_like(*pair) for pair in zip(values, golden, strict=True))
    return np.asarray(golden)


@pytest.mark.filterwarnings(MISSING)
@pytest.mark.parametrize("name", NAMES)
def test_replay_has_the_bits_of_eager(name):
    model, found = trained(name)
    eager, expected = trained(name, run_eagerly=True)
    # All whole batches but those of the first epoch.
    assert model.replayed_steps >= (EPOCHS - 1) * (SAMPLES // BATCH)
    assert eager.replayed_steps == 0
    pairs = zip(tree.flatten(found), tree.flatten(expected), strict=True)
    for value, other in pairs:
        np.testing.assert_array_equal(value, other)
