"""What functional models of all kinds look like from outside, and return."""

import sys
import warnings

import keras

from .store import FOLDER, write_json

sys.path.append(str(FOLDER.parent))
from graph_cases import CASES, run_case


def make():
    """Write `graphs.json`: for each case, its models as `run_case` describes them."""
    with warnings.catch_warnings():
        # Of masks that models do not support, which is part of some cases.
        warnings.simplefilter("ignore")
        write_json("graphs", {name: run_case(keras, name) for name in CASES})
