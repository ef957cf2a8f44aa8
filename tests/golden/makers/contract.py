"""What holds for each layer in Keras: numbers of weights, shapes, dtypes and masks."""

import sys
import warnings

import keras

from .networks import fresh_session
from .store import FOLDER, write_json

sys.path.append(str(FOLDER.parent))
from layer_contract import contract
from layer_rows import ROWS


def make():
    """Write `contract.json`: for each row of `layer_rows.py` what `contract` sees."""
    answers = {}
    with warnings.catch_warnings():
        # Of masks that layers do not support.
        warnings.simplefilter("ignore")
        for name, row in ROWS.items():
            if row.is_of_keras:
                fresh_session()
                answers[name] = contract(keras, row)
    write_json("contract", answers)
