"""Masks in layers, graphs, models, losses and metrics."""

import sys

import keras

from .calls import other_backends
from .store import FOLDER, write_arrays, write_json

sys.path.append(str(FOLDER.parent))
from mask_cases import CASES, observe
from seen_cases import packed


def make():
    """Write `masks.npz` and `masks.json`: numbers, and all else that `mask_cases.py` shows."""
    arrays, rest = {}, {}
    for name in CASES:
        with other_backends():
            arrays[name], rest[name] = packed(observe(keras, name))
    write_arrays("masks", arrays)
    write_json("masks", rest)
