"""Layers around layers of sequences: training, masks."""

import sys

import keras

from .store import FOLDER, write_arrays, write_json

sys.path.append(str(FOLDER.parent))
import bidirectional_cases
import time_distributed_cases
from seen_cases import packed

TABLES = (time_distributed_cases, bidirectional_cases)


def make():
    """Write `wrappers.npz` and `wrappers.json`: numbers, and all else that the cases show."""
    arrays, rest = {}, {}
    for table in TABLES:
        for name in table.NAMES:
            arrays[name], rest[name] = packed(table.observe(keras, name))
    write_arrays("wrappers", arrays)
    write_json("wrappers", rest)
