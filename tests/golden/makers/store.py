"""Writing of golden files whose bytes depend on their content alone."""

import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent
LINE_LENGTH = 100


def write_arrays(name, arrays):
    """Write a dict of arrays as `name`.npz; NumPy gives every member the same fixed date."""
    np.savez_compressed(FOLDER / f"{name}.npz", **arrays)


def write_json(name, data):
    """Write plain data as `name`.json."""
    (FOLDER / f"{name}.json").write_text(format_json(plain(data)) + "\n", encoding="utf-8")


def plain(value):
    """Turn arrays, tuples and NumPy scalars into what JSON knows; refuse everything else."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{value!r} has no plain form")


def shortest(array):
    """List float32 values by the shortest decimals that give the same float32 again."""
    array = np.asarray(array)
    if array.dtype != np.float32:
        return array.tolist()
    values = np.array([float(str(value)) for value in array.reshape(-1)])
    return values.reshape(array.shape).tolist()


def format_json(value, indent=""):
    """Indent nested data, but keep on one line what is short or an array of numbers."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent + line) <= LINE_LENGTH or not holds_dict(value):
        return line
    deeper = indent + " "
    if isinstance(value, dict):
        items = [
            f"{deeper}{json.dumps(key)}: {format_json(item, deeper)}" for key, item in value.items()
        ]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    items = [deeper + format_json(item, deeper) for item in value]
    return "[\n" + ",\n".join(items) + f"\n{indent}]"


def holds_dict(value):
    """Say whether a value is a dict, or a nested list with one anywhere in it."""
    if isinstance(value, list):
        return any(holds_dict(item) for item in value)
    return isinstance(value, dict)
