"""Every argument of what Keras has in its core, or is here of the rest, has a row in a table.

Test files with such tables name them in `COVERED`: for each public name, as "layers.Dense" or
"Model.fit", the parameters of which a test there shows that changing them changes the result or
raises an error.
"""

import functools
import importlib.util
import re
from pathlib import Path

import pytest
import signatures
from agreement import golden_json
from changes import COMMON

import kerasette

TESTS = Path(__file__).resolve().parent
KERAS = golden_json("signatures.json")

# What models and loops call, and layers and metrics define. Its parameters are data, and what
# comes of them is what the other tests of the class are about.
PROTOCOL = re.compile(
    r"(build|call|__call__|compute_mask|compute_output_\w+|on_\w+|set_model|set_params|update_step)"
)


@functools.cache
def covered():
    """Parameters with a row, by name of the function."""
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        if "\nCOVERED = " in path.read_text(encoding="utf-8"):
            spec = importlib.util.spec_from_file_location(f"tables_of_{path.stem}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            for name, parameters in module.COVERED.items():
                found.setdefault(name, set()).update(parameters)
    return found


def demanded():
    """Public functions, classes and methods with the parameters that need a row."""
    for name, entry in KERAS.items():
        value = signatures.find(kerasette, name)
        if entry["tier"] > 2 or value is signatures.NOTHING:
            continue
        ours = signatures.describe(value)
        common = COMMON if isinstance(value, type) else ()
        yield name, [one for one in names_of(ours["parameters"]) if one not in common]
        for member, parameters in entry.get("members", {}).items():
            parameters = isinstance(parameters, list) and ours["members"].get(member)
            if parameters and not PROTOCOL.fullmatch(member):
                yield f"{name}.{member}", names_of(parameters)


def names_of(parameters):
    return [text.split("=")[0] for text in parameters if text[0] not in "*/("]


# A function of one argument cannot ignore it without any test of it failing.
DEMANDED = [(name, parameters) for name, parameters in demanded() if len(parameters) > 1]


@pytest.mark.parametrize(("name", "parameters"), DEMANDED, ids=[name for name, _ in DEMANDED])
def test_every_parameter_has_a_row(name, parameters):
    missing = [one for one in parameters if one not in covered().get(name, ())]
    assert not missing, f"{name}: nothing shows that {missing} have an effect"


def test_no_table_is_for_what_is_not_there():
    for name in covered():
        owner, _, member = name.rpartition(".")
        owner = signatures.find(kerasette, owner)
        is_there = signatures.find(kerasette, name) is not signatures.NOTHING
        assert is_there or hasattr(owner, member), name
