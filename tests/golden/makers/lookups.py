"""Lookups and hashes, which Keras computes by TensorFlow.

Made by itself, where Keras runs on TensorFlow:

    KERAS_BACKEND=tensorflow python tests/golden/makers/lookups.py
"""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

FILE = Path(__file__).resolve().parent.parent / "lookups.json"
WORDS = ["red", "green", "blue"]
ONE = ["green", "pink", "red"]
TWO = [["green", "pink"], ["red", "red"]]
COLUMN = [["green"], ["pink"], ["blue"]]
NUMBERS = [12, 36, 1138]
DATA = [["b", "a", "a", "c"], ["a", "b", "", "d"], ["e", "e", "e", "c"]]
COUNTED = [[5, 3, 3, 0], [3, 5, 7, 9], [8, 8, -1, 8]]
IDF = [0.25, 0.5, 0.75]

# Class, arguments, what `adapt` gets (if it is called), inputs.
LOOKUPS = [
    *[
        ("StringLookup", {"vocabulary": WORDS, "output_mode": mode}, None, values)
        for mode in ("int", "one_hot", "multi_hot", "count")
        for values in ("red", ONE, TWO, COLUMN, [TWO, TWO])
    ],
    ("StringLookup", {"vocabulary": WORDS, "mask_token": ""}, None, ["red", "", "pink"]),
    ("StringLookup", {"vocabulary": ["", "[UNK]", *WORDS], "mask_token": ""}, None, ONE),
    (
        "StringLookup",
        {"vocabulary": WORDS, "mask_token": "", "output_mode": "count"},
        None,
        [["red", "", "red"]],
    ),
    ("StringLookup", {"vocabulary": WORDS, "num_oov_indices": 3}, None, [*ONE, "a", "b", "é"]),
    (
        "StringLookup",
        {"vocabulary": WORDS, "num_oov_indices": 3, "salt": [5, 7]},
        None,
        [*ONE, "a", "b", "é"],
    ),
    ("StringLookup", {"vocabulary": WORDS, "num_oov_indices": 0}, None, ["blue", "red"]),
    (
        "StringLookup",
        {"vocabulary": WORDS, "output_mode": "one_hot", "max_tokens": 6, "pad_to_max_tokens": True},
        None,
        ONE,
    ),
    (
        "StringLookup",
        {"vocabulary": WORDS, "output_mode": "tf_idf", "idf_weights": IDF},
        None,
        TWO,
    ),
    (
        "StringLookup",
        {
            "vocabulary": WORDS,
            "output_mode": "tf_idf",
            "idf_weights": IDF,
            "max_tokens": 6,
            "pad_to_max_tokens": True,
            "num_oov_indices": 2,
        },
        None,
        TWO,
    ),
    ("StringLookup", {"vocabulary": WORDS, "invert": True}, None, [[0, 1], [3, 9]]),
    (
        "StringLookup",
        {"vocabulary": WORDS, "invert": True, "mask_token": "", "oov_token": "?"},
        None,
        [0, 1, 2, 9],
    ),
    ("StringLookup", {}, DATA, DATA),
    ("StringLookup", {"max_tokens": 4, "mask_token": ""}, DATA, DATA),
    ("StringLookup", {"output_mode": "tf_idf"}, DATA, DATA),
    (
        "StringLookup",
        {"output_mode": "tf-idf", "max_tokens": 9, "pad_to_max_tokens": True, "mask_token": ""},
        DATA,
        DATA,
    ),
    ("StringLookup", {"output_mode": "binary"}, DATA, DATA),
    ("StringLookup", {"output_mode": "tf_idf"}, DATA[0], DATA),
    *[
        ("IntegerLookup", {"vocabulary": NUMBERS, "output_mode": mode}, None, values)
        for mode in ("int", "one_hot", "multi_hot", "count")
        for values in (36, [12, 7], [[12, 7], [1138, 12]], [[36], [1]])
    ],
    ("IntegerLookup", {"vocabulary": NUMBERS, "num_oov_indices": 3}, None, [12, 7, -1, 5, 1138]),
    (
        "IntegerLookup",
        {"vocabulary": NUMBERS, "num_oov_indices": 3, "oov_method": "farmhash"},
        None,
        [12, 7, -1, 5, 1138],
    ),
    (
        "IntegerLookup",
        {"vocabulary": NUMBERS, "num_oov_indices": 3, "oov_method": "farmhash", "salt": 4},
        None,
        [12, 7, -1, 5, 1138],
    ),
    ("IntegerLookup", {"vocabulary": NUMBERS, "mask_token": 0}, None, [[0, 36], [5, 12]]),
    (
        "IntegerLookup",
        {"vocabulary": NUMBERS, "mask_token": 0, "output_mode": "multi_hot"},
        None,
        [[0, 36], [5, 12]],
    ),
    ("IntegerLookup", {"vocabulary": NUMBERS, "num_oov_indices": 0}, None, [1138, 12]),
    (
        "IntegerLookup",
        {"vocabulary": NUMBERS, "output_mode": "tf_idf", "idf_weights": IDF},
        None,
        [[12, 12, 5]],
    ),
    ("IntegerLookup", {"vocabulary": NUMBERS, "invert": True}, None, [[0, 1], [3, 9]]),
    (
        "IntegerLookup",
        {"vocabulary": NUMBERS, "invert": True, "mask_token": 0, "oov_token": -7},
        None,
        [0, 1, 2, 4, 9],
    ),
    ("IntegerLookup", {}, COUNTED, COUNTED),
    ("IntegerLookup", {"output_mode": "tf_idf", "mask_token": 0}, COUNTED, COUNTED),
    ("IntegerLookup", {"max_tokens": 3, "output_mode": "count"}, COUNTED, COUNTED),
]
TEXTS = ["", "a", "abcd", "abcdefgh", "é" * 10, "x" * 33, "0123456789" * 7, "y" * 128, "z" * 200]
HASHES = [
    *[
        ("Hashing", {"num_bins": 7, "output_mode": mode}, values)
        for mode in ("int", "one_hot", "multi_hot", "count")
        for values in (ONE, TWO, COLUMN)
    ],
    ("Hashing", {"num_bins": 10**9}, TEXTS),
    ("Hashing", {"num_bins": 10**9, "salt": 3}, TEXTS),
    ("Hashing", {"num_bins": 10**9, "salt": [3, 2**40]}, TEXTS),
    ("Hashing", {"num_bins": 1000}, [-1, 0, 5, 2**40]),
    ("Hashing", {"num_bins": 1000, "salt": 9}, [[-1], [0]]),
    ("Hashing", {"num_bins": 1000}, [0.5, -1.75, 12.0]),
    ("Hashing", {"num_bins": 3, "mask_value": "red"}, ONE),
    ("Hashing", {"num_bins": 3, "mask_value": 0, "output_mode": "one_hot"}, [0, 1, 2]),
    ("Hashing", {"num_bins": 1, "mask_value": "red"}, ONE),
    ("Hashing", {"num_bins": 9, "dtype": "int32"}, ONE),
    ("HashedCrossing", {"num_bins": 10**9}, [ONE, [5, -3, 2**40]]),
    ("HashedCrossing", {"num_bins": 10**9}, [[1, 2, 3], [5, -3, 0], [0, 1, 2]]),
    ("HashedCrossing", {"num_bins": 5, "output_mode": "one_hot"}, [ONE, ONE]),
    ("HashedCrossing", {"num_bins": 5, "output_mode": "one_hot"}, [COLUMN, COLUMN]),
    ("HashedCrossing", {"num_bins": 5}, ["red", "pink"]),
]
ERRORS = [
    ("StringLookup", {"max_tokens": 1}),
    ("StringLookup", {"pad_to_max_tokens": True}),
    ("StringLookup", {"num_oov_indices": -1}),
    ("StringLookup", {"output_mode": "one_hot", "invert": True}),
    ("StringLookup", {"idf_weights": IDF}),
    ("StringLookup", {"vocabulary": WORDS, "output_mode": "tf_idf"}),
    ("StringLookup", {"vocabulary": ["a", "a"]}),
    ("StringLookup", {"vocabulary": []}),
    ("StringLookup", {"vocabulary": ["a", ""], "mask_token": ""}),
    ("StringLookup", {"vocabulary": ["a", "[UNK]"], "invert": True}),
    ("StringLookup", {"vocabulary": WORDS, "max_tokens": 3}),
    ("StringLookup", {"vocabulary": "/does/not/exist"}),
    ("StringLookup", {"salt": "a"}),
    ("StringLookup", {"vocabulary": WORDS, "output_mode": "tf_idf", "idf_weights": [1.0]}),
    ("StringLookup", {"wrong": 1}),
    ("IntegerLookup", {"max_tokens": 1}),
    ("IntegerLookup", {"num_oov_indices": -1}),
    ("IntegerLookup", {"vocabulary_dtype": "int32"}),
    ("IntegerLookup", {"salt": 3}),
    ("Hashing", {"num_bins": 0}),
    ("Hashing", {"num_bins": 3, "output_mode": "binary"}),
    ("Hashing", {"num_bins": 3, "salt": "a"}),
    ("Hashing", {"num_bins": 3, "dtype": "float32"}),
]


def make():
    """Write `lookups.json`."""
    answers = {
        "lookups": [lookup(*case) for case in LOOKUPS],
        "hashes": [hashed(*case) for case in HASHES],
        "errors": [error_of(*case) for case in ERRORS],
    }
    lines = []
    for name, cases in answers.items():
        rows = ",\n  ".join(json.dumps(case, ensure_ascii=False) for case in cases)
        lines.append(f" {json.dumps(name)}: [\n  {rows}\n ]")
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def lookup(name, arguments, data, inputs):
    """What a lookup answers, and its vocabulary and config."""
    keras.utils.clear_session(free_memory=False)
    layer = getattr(keras.layers, name)(**arguments)
    if data is not None:
        layer.adapt(np.array(data))
    output = layer(tf.constant(inputs))
    return {
        "layer": [name, arguments],
        "data": data,
        "inputs": inputs,
        "vocabulary": [plain(token) for token in layer.get_vocabulary()],
        **answer(output),
        "config": layer.get_config(),
    }


def hashed(name, arguments, inputs):
    """What a layer that hashes answers, and its config."""
    keras.utils.clear_session(free_memory=False)
    layer = getattr(keras.layers, name)(**arguments)
    crossed = name == "HashedCrossing"
    tensors = [tf.constant(value) for value in inputs] if crossed else tf.constant(inputs)
    described = {"layer": [name, arguments], "inputs": inputs}
    return {**described, **answer(layer(tensors)), "config": layer.get_config()}


def answer(output):
    """Values and dtype of a tensor."""
    values = output.numpy()
    if values.dtype == object:
        values = np.array([value.decode() for value in values.ravel()]).reshape(values.shape)
    return {"output": values.tolist(), "dtype": output.dtype.name}


def plain(token):
    """A token as JSON knows it."""
    return token.item() if isinstance(token, np.generic) else token


def error_of(name, arguments):
    """What the constructor raises."""
    try:
        getattr(keras.layers, name)(**arguments)
    except Exception as error:
        described = {"type": type(error).__name__, "message": str(error)}
    else:
        described = {"type": None, "message": None}
    return {"layer": [name, arguments], **described}


if __name__ == "__main__":
    make()
