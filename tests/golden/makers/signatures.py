"""Names, places and signatures of what Keras offers, as far as kerasette follows it."""

import sys
import warnings

import keras

from .store import FOLDER, write_json

sys.path.append(str(FOLDER.parent.parent / "tools"))
from compare_with_keras import describe_keras


def make():
    """Write `signatures.json`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_json("signatures", describe_keras(keras))
