"""Every argument of what Keras has in its core has a row in some table of changes.

Test files that have such tables name them in `COVERED`: for each public name, as "layers.Dense" or
"Model.fit", the parameters for which a test there shows that changing them changes the result or
raises an error.
"""

import importlib.util
from pathlib import Path

from agreement import golden_json
from changes import COMMON

import kerasette

KERAS = golden_json("signatures.json")
TESTS = Path(__file__).resolve().parent


def test_nothing():
    pass


def all_covered():
    found = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        if "\nCOVERED = " in path.read_text(encoding="utf-8"):
            spec = importlib.util.spec_from_file_location(f"covered_{path.stem}", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            for name, parameters in module.COVERED.items():
                found.setdefault(name, set()).update(parameters)
    return found


def named(parameters):
    """Names in a list of parameters, without what takes all the rest."""
    return [text.split("=")[0] for text in parameters if text[0] not in "*/"]


def demanded():
    """For each name the parameters that Keras gives it, if kerasette has it."""
    from test_signatures import signatures

    for name, entry in KERAS.items():
        if entry["tier"] > 2 or signatures.find(kerasette, name) is signatures.NOTHING:
            continue
        yield (
            name,
            [p for p in named(entry["parameters"]) if "members" not in entry or p not in COMMON],
        )
        for member, parameters in entry.get("members", {}).items():
            if isinstance(parameters, list) and hasattr(signatures.find(kerasette, name), member):
                yield f"{name}.{member}", named(parameters)


if __name__ == "__main__":
    cov = all_covered()
    for name, ps in demanded():
        miss = [p for p in ps if p not in cov.get(name, ())]
        if miss:
            print(name, miss)
