"""Keras's estimators for scikit-learn: what they train on, and what they answer."""

import sys

import keras

from .store import FOLDER, write_arrays, write_json

sys.path.append(str(FOLDER.parent))
import estimator_cases
from seen_cases import packed


def make():
    """Write `estimators.npz` and `estimators.json`: numbers, and all else that the cases show."""
    arrays, rest = {}, {}
    for name in estimator_cases.NAMES:
        arrays[name], rest[name] = packed(estimator_cases.observe(keras, name))
    write_arrays("estimators", arrays)
    write_json("estimators", rest)
