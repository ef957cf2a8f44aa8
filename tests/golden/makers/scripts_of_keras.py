"""Run scripts of `tests/keras_scripts` under the Keras of this interpreter: their logs as JSON.

Run as `python scripts_of_keras.py OUT NAME...`, with KERAS_BACKEND set. It imports no other maker:
the interpreter may have Keras on another backend than the one of the other golden files.
"""

import json
import runpy
import sys
from pathlib import Path

import keras
import numpy as np

SCRIPTS = Path(__file__).resolve().parents[2] / "keras_scripts"


def main(out, names):
    """Write what the scripts log as one dict by their names."""
    sys.path.insert(0, str(SCRIPTS))
    Path(out).write_text(json.dumps({name: run(name) for name in names}), encoding="utf-8")


def run(name):
    """What a script logs, in a session of its own."""
    keras.utils.clear_session()
    return plain(runpy.run_path(str(SCRIPTS / f"{name}.py"), run_name="__main__")["logs"])


def plain(value):
    """Turn tensors, arrays and tuples into lists; round numbers to nine digits."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, float):
        return float(f"{value:.9g}")
    return plain(np.asarray(keras.ops.convert_to_numpy(value)).tolist())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
