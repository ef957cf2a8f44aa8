"""What `fit`, `evaluate` and `predict` do with data of all kinds."""

import sys

import keras

from .store import FOLDER, write_json

sys.path.append(str(FOLDER.parent))
import data_cases


def make():
    write_json("data", {name: data_cases.run_case(keras, name) for name in data_cases.CASES})
