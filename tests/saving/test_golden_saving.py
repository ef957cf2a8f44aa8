"""Objects as dicts, and back, beside Keras."""

import inspect
import re
import sys
from importlib import import_module

import numpy as np
import pytest
from agreement import golden_json
from short_configs import resolved

import kerasette
from kerasette import ops, saving
from kerasette.graph.keras_names import tensor_parameters
from kerasette.graph.operation import operation_class
from kerasette.saving.public_names import public_name

GOLDEN = golden_json("saving.json")
RESULTS = [case for case in GOLDEN["cases"] if "result" in case]
ERRORS = [case for case in GOLDEN["cases"] if "error" in case]
PACKAGES = (
    "constraints", "initializers", "layers", "losses", "metrics", "models", "optimizers",
    "optimizers.schedules", "random", "regularizers",
)  # fmt: skip
NOT_IN_KERAS = ("StepView",)


@pytest.fixture
def run(monkeypatch):
    """Runs the code of a case with kerasette as keras, and gives what it leaves in `result`."""
    registered = saving.get_custom_objects()
    before = dict(registered)
    monkeypatch.setitem(sys.modules, "keras", kerasette)
    monkeypatch.setitem(sys.modules, "keras.saving", saving)
    kerasette.utils.clear_session()

    def run_code(code):
        namespace = {"keras": kerasette, "__name__": "__main__"}
        exec(GOLDEN["prelude"], namespace)
        exec(code, namespace)
        return namespace.get("result")

    yield run_code
    registered.clear()
    registered.update(before)


def plain(value):
    """As JSON has it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


@pytest.mark.parametrize("case", RESULTS, ids=lambda case: case["code"])
def test_what_is_written_and_read_is_that_of_keras(case, run):
    assert plain(run(case["code"])) == resolved(case["result"], GOLDEN["short"])


def own_words(message):
    """The beginning of a message, without where a class or an object is."""
    message = re.sub(r"<class '.*?'>| at 0x\w+", "", message).replace("kerasette", "keras")
    return message.strip()[:28]


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case["code"])
def test_errors_are_those_of_keras(case, run):
    with pytest.raises(Exception) as caught:
        run(case["code"])
    assert caught.type.__name__ == case["error"]
    assert own_words(str(caught.value)).startswith(own_words(case["message"]))


@pytest.mark.parametrize("package", PACKAGES)
def test_classes_are_written_under_the_module_of_keras(package):
    home = import_module(f"kerasette.{package}")
    for name in home.__all__:
        value = getattr(home, name)
        if not inspect.isclass(value) or name in NOT_IN_KERAS:
            continue
        module, class_name, registered_name = public_name(value)
        expected = GOLDEN["modules"].get(f"{package}.{name}", f"keras.{package}.{name}")
        assert (f"{module}.{class_name}", registered_name) == (expected, None)
        config = {"module": module, "class_name": class_name, "config": None}
        try:
            found = type(saving.deserialize_keras_object(config))
        except (KeyError, TypeError, ValueError):
            # It needs arguments.
            continue
        assert found is value


# They take functions, with which no node can be written down.
OF_FUNCTIONS = {
    "associative_scan", "cond", "fori_loop", "map", "scan", "switch", "vectorized_map",
    "while_loop",
}  # fmt: skip
# Functions that make nodes of no class of their own in Keras, or none at all.
WITHOUT_CLASS = {"Empty", "Eye", "Identity", "Ones", "Tri", "Zeros"}
# Arguments that are one's own in Keras, but are given with each call.
GIVEN_WITH_CALLS = {
    "Arange": {"start", "stop", "step"},
    "Full": {"fill_value"},
    "Linspace": {"start", "stop"},
}


def test_nodes_of_functions_are_described_as_by_keras():
    functions = [getattr(ops, name) for name in ops.__all__]
    functions = [f.__wrapped__ for f in functions if hasattr(f, "__wrapped__")]
    assert len(functions) > 200
    for function in functions:
        cls = operation_class(function)
        if cls.__name__ in WITHOUT_CLASS or function.__name__ in OF_FUNCTIONS:
            continue
        module, *arguments = GOLDEN["operations"][cls.__name__]
        expected = (f"keras.src.ops.{module}", cls.__name__, cls.__name__)
        assert public_name(cls) == expected
        tensors = tensor_parameters(function.__name__)
        own = set(inspect.signature(function).parameters) - set(tensors) - {"kwargs"}
        assert own - GIVEN_WITH_CALLS.get(cls.__name__, set()) <= set(arguments), cls
