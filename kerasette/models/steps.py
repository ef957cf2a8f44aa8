"""The steps of training, evaluation and prediction: what is recorded, and replayed."""

import warnings

import numpy as np

from kerasette import ops, tree
from kerasette._core.tape import GradientTape


class Steps:
    """The part of `Trainer` that runs within a step, and what it leaves in metrics."""

    # Attributes that predictions do not call: whether they are user code is asked apart.
    _parts_of_training = frozenset(
        {"loss", "optimizer", "_compiled_loss", "_compiled_metrics", "_loss_tracker"}
    )

    def _train_step(self, x, y=None, sample_weight=None):
        variables = self.trainable_variables
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self._total_loss(y, y_pred, sample_weight)
            scaled = self.optimizer.scale_loss(loss)
        if variables:
            places = self.optimizer.gradient_places(variables)
            gradients = tape.gradient(scaled, variables, destinations=places)
            self.optimizer.apply(gradients, variables)
        else:
            warnings.warn("The model does not have any trainable weights.", stacklevel=2)
        return self._update_metrics(x, y, y_pred, sample_weight, loss)

    def _test_step(self, x, y=None, sample_weight=None):
        y_pred = self(x, training=False)
        loss = self._total_loss(y, y_pred, sample_weight)
        return self._update_metrics(x, y, y_pred, sample_weight, loss)

    def _predict_step(self, x):
        return self(x, training=False)

    def _step(self, mode):
        """What runs for each batch of "train", "test" or "predict"."""
        return getattr(self, f"_{mode}_step")

    def _total_loss(self, y, y_pred, sample_weight):
        """The compiled loss, and what layers and regularizers add to it."""
        # As Keras does, whatever the shape of what a layer or a regularizer gave.
        terms = [term if term.shape == () else ops.sum(term) for term in self.losses]
        compiled = self._compiled_loss and self._compiled_loss(y, y_pred, sample_weight)
        if compiled is not None:
            terms.insert(0, compiled)
        if not terms:
            raise ValueError("No loss to compute. Provide a `loss` argument in `compile()`.")
        total = terms[0]
        for term in terms[1:]:
            total = ops.add(total, ops.cast(term, total.dtype))
        return total

    def _update_metrics(self, x, y, y_pred, sample_weight, loss):
        self._loss_tracker.update_state(loss, sample_weight=float(tree.flatten(x)[0].shape[0]))
        self._compiled_metrics.update_state(y, y_pred, sample_weight)
        return []

    def get_metrics_result(self):
        """Results of `metrics` by name; those of a metric whose result is a dict, one by one."""
        results = {}
        for metric in self.metrics:
            result = metric.result()
            results.update(result if isinstance(result, dict) else {metric.name: result})
        return results

    def _logs(self):
        """Metrics so far, by name, in alphabetical order as in Keras."""
        return as_logs(self.get_metrics_result())

    def _in_order(self, logs):
        """Logs as `evaluate` returns them: a list, or a number if it is alone.

        In the order of `metrics`, then the rest by name.
        """
        names = [m.name for metric in self.metrics for m in getattr(metric, "metrics", [metric])]
        values = [logs[name] for name in names if name in logs]
        values += [logs[name] for name in sorted(logs) if name not in names]
        return values[0] if len(values) == 1 else values

    def _user_code_in(self, mode):
        """The code of a user that runs in a step, or None; looked for again after changes."""
        return self._user_code.find(mode, self._flatten_layers, lambda: self._parts_of(mode))

    def _user_code_has_changed(self, mode):
        """Whether what was recorded of it may not be what it does now."""
        return self._user_code.has_changed(mode, self._flatten_layers, lambda: self._parts_of(mode))

    def _parts_of(self, mode):
        """What a step runs besides layers."""
        if mode == "predict":
            return []
        losses = self._compiled_loss.losses if self._compiled_loss else []
        parts = [*losses, *self._compiled_metrics.metrics]
        return [*parts, self.optimizer] if mode == "train" else parts


def as_logs(results):
    """Results by name in alphabetical order, those of a dict in it in its place."""
    logs = {}
    for name, value in sorted(results.items()):
        logs.update(as_logs(value) if isinstance(value, dict) else {name: as_log(value)})
    return logs


def as_log(value):
    """The value of a metric as a float, or, if it holds several numbers, as an array."""
    value = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    return float(value) if value.size == 1 else value
