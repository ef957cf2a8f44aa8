"""Losses and metrics of several outputs, as `compile` takes them: values, names, and their order.

Keras's own containers of them are asked, with outputs that are given: no model is needed. What
cases are made of is in `compiled_cases.py`, which the tests read, too.
"""

import keras
from keras.src.trainers.compile_utils import CompileLoss, CompileMetrics

from .compiled_cases import CASES, arrays_of, structure_of
from .store import shortest, write_json


def make():
    """Write `compiled.json`."""
    write_json("compiled", {name: run_case(**case) for name, case in CASES.items()})


def run_case(outputs, y, loss=None, names=None, sample_weight=None, masks=(), **arguments):
    """Give two batches to the losses and metrics of a case, and describe what they say."""
    compiled_loss = loss and CompileLoss(loss, arguments.get("loss_weights"), output_names=names)
    metrics = arguments.get("metrics"), arguments.get("weighted_metrics")
    compiled_metrics = CompileMetrics(*metrics, output_names=names) if any(metrics) else None
    values = []
    for batch in (0, 1):
        arrays = {name: keras.ops.convert_to_tensor(a) for name, a in arrays_of(batch).items()}
        for name in masks:
            keras.src.backend.set_keras_mask(arrays[name], arrays["mask"])
        y_true, y_pred = structure_of(y, arrays), structure_of(outputs, arrays)
        weights = structure_of(sample_weight, arrays)
        if compiled_loss:
            values.append(number(compiled_loss(y_true, y_pred, weights)))
        if compiled_metrics:
            # A mask changes the weights in place, on PyTorch; each gets its own.
            weights = structure_of(sample_weight, arrays_of(batch))
            compiled_metrics.update_state(y_true, y_pred, weights)
    found = {"loss": values}
    if compiled_loss:
        found["trackers"] = [[m.name, number(m.result())] for m in compiled_loss.metrics]
    if compiled_metrics:
        found["metrics"] = [[k, number(v)] for k, v in compiled_metrics.result().items()]
        found["flat"] = [metric.name for metric in compiled_metrics.metrics]
    return found


def number(tensor):
    """Turn a scalar tensor into the shortest number that is the same float32."""
    return shortest(keras.ops.convert_to_numpy(tensor))
