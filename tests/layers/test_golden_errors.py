"""Mistakes that Keras answers with an error, answered with the same kind of error and key words."""

import re

import numpy as np
import pytest
from agreement import golden_json

import kerasette

CASES = [
    case
    for case in golden_json("errors.json")["cases"]
    if case["code"].startswith(("keras.", "layer = "))
    and not any(word in case["code"] for word in ("Sequential", "optimizers"))
]

# Where the answer differs on purpose: (type, words). Shapes that do not fit are a ValueError
# everywhere; what is not there says so.
OTHERWISE = {
    "dense_rank_one_input": (ValueError, "is incompatible with the layer: expected min_ndim=2"),
    "mse_shapes_differ": (ValueError, "broadcast"),
    "loss_weights_do_not_fit": (ValueError, "broadcast"),
    "binary_accuracy_threshold": (ValueError, "`threshold`"),
    # Python's own words for what went wrong inside name no argument.
    "dropout_text_rate": (ValueError, "between 0 and 1. Received: rate='half'"),
    "lambda_of_text": (TypeError, "`function` of a Lambda layer must be callable"),
}


def own_words(message):
    """The first words of a message, without what Keras puts around those from within a call."""
    around = re.match(
        r"Exception encountered when calling [^\n]*\n\n\x1b\[1m(.*)", message, re.DOTALL
    )
    message = around[1] if around else message
    # Layers' names carry numbers that depend on what was made before.
    return message.replace(" with name 'None'", "")[:36]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_error_is_that_of_keras(case):
    kerasette.utils.clear_session()
    y = np.arange(8) % 3
    names = {"keras": kerasette, "np": np, "y": y, "one_hot": np.eye(3, dtype="float32")[y]}
    with pytest.raises(Exception) as caught:
        exec(case["code"], names)
    if case["name"] in OTHERWISE:
        error, words = OTHERWISE[case["name"]]
        assert caught.type is error
        assert words in str(caught.value)
    else:
        assert caught.type.__name__ == case["type"]
        assert own_words(str(caught.value)) == own_words(case["message"])
