"""Sequences of calls on one model: compile, fit, evaluate and single batches, with every argument.

A case is a script: a network and a list of steps ``[method, arguments]``. ``"@name"`` stands for
an array, ``"@name[1:3]"`` for a part of it, and ``{"object": [module, class, arguments]}`` for an
object, which is shared where the same text stands twice in a case and it has a "key".
"""

import warnings

import keras
import numpy as np
import torch
from keras.src.backend.torch.trainer import TorchTrainer
from keras.src.losses import loss as loss_module

from .call_cases import CASES
from .fit import shuffling_by_numpy
from .networks import draw_weights, fresh_session, numbered
from .store import plain, write_arrays, write_json

SEED = 11


class Penalty(keras.layers.Layer):
    """Adds the mean square of its input to the loss."""

    def __init__(self, factor=0.5, **kwargs):
        """Keep the factor."""
        super().__init__(**kwargs)
        self.factor = factor
        self.supports_masking = True

    def call(self, inputs):
        """Return the input as it is."""
        self.add_loss(self.factor * keras.ops.mean(keras.ops.square(inputs)))
        return inputs


class Recorder(keras.callbacks.Callback):
    """Notes the hooks around batches, and stops where it is told to."""

    def __init__(self, stop=None, after=0):
        """Stop `fit`, `evaluate` or `predict` after this batch."""
        super().__init__()
        self.events, self.stop, self.after = [], stop, after

    def note(self, mode, hook, batch, logs):
        """Keep the event, with its scalars."""
        logs = {k: float(v) for k, v in (logs or {}).items() if k != "outputs"}
        self.events.append([f"{mode}_{hook}", batch, logs])
        if (
            hook == "end"
            and {"train": "training", "test": "evaluating"}.get(mode, "predicting") == self.stop
            and batch >= self.after
        ):
            setattr(self.model, f"stop_{self.stop}", True)


for mode in ("train", "test", "predict"):
    for hook in ("begin", "end"):
        setattr(
            Recorder,
            f"on_{mode}_batch_{hook}",
            lambda self, batch, logs=None, mode=mode, hook=hook: self.note(mode, hook, batch, logs),
        )


def make():
    """Write `calls.json` (scripts and what the calls returned) and `calls.npz` (arrays)."""
    data = draw_data(np.random.default_rng(SEED))
    arrays, cases = dict(data), []
    for index, (name, case) in enumerate(CASES.items()):
        description, kept = run_case(case, data, np.random.default_rng(500 + index))
        cases.append({"name": name, **case, **description})
        arrays |= {f"{name}_{key}": array for key, array in kept.items()}
    write_arrays("calls", arrays)
    write_json("calls", {"seed": SEED, "cases": cases})


def draw_data(rng):
    """Draw the arrays that all cases share."""
    x = rng.normal(size=(22, 4)).astype("float32")
    classes = (x[:, :3] + rng.normal(size=(22, 3))).argmax(-1)
    steps = rng.normal(size=(10, 3, 4)).astype("float32")
    steps[rng.uniform(size=(10, 3)) < 0.3] = 0
    holes = x.copy()
    holes[17, 2] = np.nan
    return {
        "x": x,
        "holes": holes,
        "y": (x[:, :1] - x[:, 1:2] + rng.normal(size=(22, 1))).astype("float32"),
        "flat": x[:, 0] * x[:, 1],
        "classes": classes,
        "column": classes[:, None],
        "onehot": np.eye(3, dtype="float32")[classes],
        "weight": rng.uniform(0, 2, 22).astype("float32"),
        "weight_column": rng.uniform(0, 2, (22, 1)).astype("float32"),
        "steps": steps,
        "y_steps": rng.normal(size=(10, 3, 2)).astype("float32"),
        "class_steps": rng.integers(0, 2, (10, 3)),
        "weight_steps": rng.uniform(0, 2, (10, 3)).astype("float32"),
        "tokens": rng.integers(0, 5, (10, 3)),
    }


def run_case(case, data, rng):
    """Run the script; return its results for JSON, and first and last weights."""
    fresh_session()
    objects = {}
    layers = [resolve(layer, data, objects) for layer in case["layers"]]
    shape, dtype = case["input_shape"], case.get("input_dtype")
    model = keras.Sequential([keras.Input(shape, dtype=dtype), *layers])
    weights = draw_weights(model, rng)
    model.set_weights(weights)
    with shuffling_by_numpy(), other_backends():
        np.random.seed(SEED)
        results = [run_step(model, *step, data, objects) for step in case["script"]]
    kept = numbered("w0", weights) | numbered("w", model.get_weights())
    return {"results": results}, kept


def run_step(model, method, arguments, data, objects):
    """Call a method; say what it returned or raised, what it warned of, and the hooks it called."""
    arguments = dict(arguments)
    recorder = None
    if "recorder" in arguments:
        recorder = Recorder(**arguments.pop("recorder"))
        arguments["callbacks"] = [recorder]
    arguments = resolve(arguments, data, objects)
    if method in ("fit", "evaluate", "predict"):
        arguments["verbose"] = 0
    if method == "set_trainable":
        model.layers[arguments["layer"]].trainable = arguments["value"]
        return {"value": None}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = getattr(model, method)(**arguments)
    found = {"value": written(value)}
    if any("ran out of data" in str(warning.message) for warning in caught):
        found["warns"] = "ran out of data"
    if getattr(model, "optimizer", None) is not None:
        found["iterations"] = int(model.optimizer.iterations)
    if recorder is not None:
        found["events"] = recorder.events
    return found


def written(value):
    """Write a history, logs or predictions as plain data."""
    if isinstance(value, keras.callbacks.History):
        return {"history": written(value.history), "epoch": value.epoch, "params": value.params}
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(item) for item in value]
    if hasattr(value, "detach"):
        value = value.detach().numpy()
    return plain(value)


def resolve(value, data, objects):
    """Put arrays and objects in the place of their names."""
    if isinstance(value, str) and value.startswith("@"):
        return part(value, data)
    if isinstance(value, dict) and "object" in value:
        key = value.get("key")
        if key is None or key not in objects:
            module, name, arguments = value["object"]
            arguments = resolve(arguments, data, objects)
            made = (Penalty if name == "Penalty" else getattr(getattr(keras, module), name))(
                **arguments
            )
            if key is None:
                return made
            objects[key] = made
        return objects[key]
    if isinstance(value, dict):
        return {integer(k): resolve(item, data, objects) for k, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, data, objects) for item in value]
    return value


def integer(key):
    """Keys of class weights are numbers, which JSON writes as text."""
    return int(key) if isinstance(key, str) and key.isdigit() else key


def part(text, data):
    """Return the array, or the rows of it, that "@name[start:stop]" means."""
    name, _, rows = text[1:].partition("[")
    if not rows:
        return data[name]
    start, stop = (int(number) if number else None for number in rows[:-1].split(":"))
    return data[name][start:stop]


class other_backends:
    """Has the PyTorch backend do what the others do.

    It refuses `steps_per_execution`: Keras's iterator over epochs gives as many batches at once,
    and here they are trained on one after the other. And a loss with a mask changes the array of
    weights in place, which metrics then see.
    """

    def __enter__(self):
        self.kept = {m: TorchTrainer.__dict__[f"make_{m}_function"] for m in self.methods}
        for mode in self.methods:
            setattr(TorchTrainer, f"make_{mode}_function", maker(mode))
        self.apply_mask = loss_module.apply_mask
        loss_module.apply_mask = self.apply_to_copy

    def __exit__(self, *error):
        for mode, method in self.kept.items():
            setattr(TorchTrainer, f"make_{mode}_function", method)
        loss_module.apply_mask = self.apply_mask

    def apply_to_copy(self, sample_weight, mask, dtype, reduction):
        """Apply a mask to a copy of the weights, as happens where tensors cannot be changed."""
        if sample_weight is not None:
            sample_weight = keras.ops.convert_to_tensor(sample_weight).clone()
            if mask is not None and sample_weight.ndim == mask.ndim:
                sample_weight = torch.broadcast_tensors(sample_weight, mask)[0].clone()
        return self.apply_mask(sample_weight, mask, dtype, reduction)

    methods = ("train", "test", "predict")


def maker(mode):
    """Return what takes the place of a ``make_..._function``."""

    def make_function(model, force=False):
        step = getattr(model, f"{mode}_step")

        def run(batches):
            with torch.enable_grad() if mode == "train" else torch.no_grad():
                results = [step(batch) for batch in batches]
            return torch.cat(results) if mode == "predict" else results[-1]

        setattr(model, f"{mode}_function", run)

    return make_function
