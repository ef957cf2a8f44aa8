"""Whole calls of `fit`: histories, evaluation, prediction and the order of shuffled samples."""

from contextlib import contextmanager

import keras
import numpy as np
import torch
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

from .networks import build_model, build_object, dense, draw_weights, numbered
from .store import write_arrays, write_json

SEED = 7
EPOCHS = 3
EVALUATION_BATCH = 8
SHUFFLED_SAMPLES = 10
SHUFFLED_BATCH = 4

CLASSIFIER = {
    "input_shape": [6],
    "layers": [dense(8, "relu"), dense(3, "softmax")],
    "loss": ["SparseCategoricalCrossentropy", {}],
    "optimizer": ["Adam", {"learning_rate": 0.01}],
    "classes": 3,
    "samples": 50,
}
BINARY = {
    "input_shape": [5],
    "layers": [dense(6, "tanh"), dense(1, "sigmoid")],
    "loss": ["BinaryCrossentropy", {}],
    "optimizer": ["SGD", {"learning_rate": 0.1, "momentum": 0.9}],
    "classes": 2,
    "samples": 70,
}

# What to compile, and how to call `fit`; `fit_arrays` names arguments of `fit` that are arrays.
CASES = {
    "classifier": {
        "network": CLASSIFIER,
        "compile": {"metrics": ["accuracy"]},
        "fit": {"batch_size": 16},
        "fit_arrays": ["validation_data"],
    },
    "binary": {
        "network": BINARY,
        "compile": {"metrics": ["accuracy"]},
        "fit": {},
        "fit_arrays": ["validation_data"],
    },
    "validation_split": {
        "network": BINARY,
        "compile": {"metrics": ["accuracy"]},
        "fit": {"batch_size": 16, "validation_split": 0.23},
        "fit_arrays": [],
    },
    "sample_weight": {
        "network": CLASSIFIER,
        "compile": {"metrics": ["accuracy"], "weighted_metrics": ["acc"]},
        "fit": {"batch_size": 16},
        "fit_arrays": ["sample_weight", "validation_data"],
    },
    "class_weight": {
        "network": CLASSIFIER,
        "compile": {"weighted_metrics": ["accuracy"]},
        "fit": {"batch_size": 16, "class_weight": {0: 0.5, 2: 3.0}},
        "fit_arrays": [],
    },
    "initial_epoch": {
        "network": CLASSIFIER,
        "compile": {},
        "fit": {"batch_size": 16, "initial_epoch": 1},
        "fit_arrays": [],
    },
    "shuffled": {
        "network": CLASSIFIER,
        "compile": {"metrics": ["accuracy"]},
        "fit": {"batch_size": 16, "shuffle": True},
        "fit_arrays": ["validation_data"],
    },
    "shuffled_in_batches": {
        "network": CLASSIFIER,
        "compile": {"metrics": ["accuracy"]},
        "fit": {"batch_size": 16, "shuffle": "batch"},
        "fit_arrays": [],
    },
}


def make():
    """Write `fit.json` (histories and shuffled orders) and `fit.npz` (all arrays)."""
    arrays, cases = {}, []
    for index, (name, case) in enumerate(CASES.items()):
        description, kept = run_case(name, case, np.random.default_rng(300 + index))
        cases.append(description)
        arrays |= {f"{name}_{key}": array for key, array in kept.items()}
    write_arrays("fit", arrays)
    write_json(
        "fit",
        {
            "seed": SEED,
            "evaluation_batch_size": EVALUATION_BATCH,
            "cases": cases,
            "orders": shuffled_orders(),
        },
    )


def run_case(name, case, rng):
    """Fit, evaluate and predict; return the description for JSON and the arrays to keep."""
    network = case["network"]
    data = draw_data(network, rng)
    model = build_model(network["input_shape"], network["layers"])
    weights = draw_weights(model, rng)
    model.set_weights(weights)
    model.compile(
        optimizer=build_object("optimizers", network["optimizer"]),
        loss=build_object("losses", network["loss"]),
        **case["compile"],
    )
    arguments = {"epochs": EPOCHS, "shuffle": False} | case["fit"]
    history = fit(model, data, arguments, case["fit_arrays"])
    evaluation = {"x": data["x_val"], "y": data["y_val"], "batch_size": EVALUATION_BATCH}
    description = {
        "name": name,
        **case,
        "fit": arguments,
        "keys": list(history.history),
        "history": history.history,
        "epoch": history.epoch,
        "params": history.params,
        "evaluate": model.evaluate(**evaluation, verbose=0),
        "evaluate_dict": model.evaluate(**evaluation, verbose=0, return_dict=True),
    }
    kept = data | numbered("w0", weights) | numbered("w", model.get_weights())
    return description, kept | {"predict": model.predict(data["x_val"], verbose=0)}


def fit(model, data, arguments, array_arguments):
    """Call `fit` with plain arguments and with those arrays that the case asks for."""
    available = {
        "validation_data": (data["x_val"], data["y_val"]),
        "sample_weight": data["sample_weight"],
    }
    arrays = {name: available[name] for name in array_arguments}
    with shuffling_by_numpy():
        return model.fit(data["x"], data["y"], verbose=0, **arguments, **arrays)


def draw_data(network, rng):
    """Draw data that can be learned in part, for training and for validation."""
    shape, classes = network["input_shape"], network["classes"]
    projection = rng.normal(size=(*shape, classes))
    data = {}
    for suffix, size in (("", network["samples"]), ("_val", 20)):
        x = rng.normal(size=(size, *shape)).astype("float32")
        data[f"x{suffix}"] = x
        data[f"y{suffix}"] = (x @ projection + rng.normal(size=(size, classes))).argmax(axis=-1)
    data["sample_weight"] = rng.uniform(0, 2, network["samples"]).astype("float32")
    return data


@contextmanager
def shuffling_by_numpy():
    """Let `fit` draw its order from NumPy's seeded global generator.

    This is the iterator of Keras's NumPy and JAX backends. Its PyTorch backend uses a DataLoader,
    whose order nobody can reproduce without PyTorch.
    """
    original = ArrayDataAdapter.get_torch_dataloader

    def numpy_batches(adapter):
        for batch in adapter.get_numpy_iterator():
            yield keras.tree.map_structure(keras.ops.convert_to_tensor, batch)

    ArrayDataAdapter.get_torch_dataloader = numpy_batches
    np.random.seed(SEED)
    try:
        yield
    finally:
        ArrayDataAdapter.get_torch_dataloader = original


@contextmanager
def shuffling_by_torch():
    """Leave `fit` as it is on the PyTorch backend, with a seeded generator."""
    torch.manual_seed(SEED)
    yield


def shuffled_orders():
    """Observe in which order `fit` takes the samples, for every generator and kind of shuffling."""
    observed = [
        {"generator": generator, "shuffle": shuffle, **observe_two_fits(start, shuffle)}
        for generator, start in (("numpy", shuffling_by_numpy), ("torch", shuffling_by_torch))
        for shuffle in (True, "batch")
    ]
    return {"samples": SHUFFLED_SAMPLES, "batch_size": SHUFFLED_BATCH, "observed": observed}


def observe_two_fits(start, shuffle):
    """Fit a recording model twice, without a new seed or another `compile` in between."""
    model = RecordingModel()
    model.compile(loss="mse")
    with start():
        return {call: observe_fit(model, shuffle) for call in ("first_fit", "second_fit")}


def observe_fit(model, shuffle):
    """Fit on samples which hold their own index, and split what was seen into epochs."""
    model.seen = []
    x = np.arange(SHUFFLED_SAMPLES, dtype="float32")[:, None]
    model.fit(x, x, batch_size=SHUFFLED_BATCH, epochs=EPOCHS, shuffle=shuffle, verbose=0)
    return np.reshape(model.seen, (EPOCHS, SHUFFLED_SAMPLES)).tolist()


class RecordingModel(keras.Model):
    """A model of one weight that notes the samples on which it is trained, in their order."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
        self.seen = []

    def call(self, inputs):
        """Predict one number."""
        return self.dense(inputs)

    def train_step(self, data):
        """Note the samples of a batch, and train on it as usual."""
        self.seen = [*self.seen, *(int(index) for index in data[0][:, 0])]
        return super().train_step(data)
