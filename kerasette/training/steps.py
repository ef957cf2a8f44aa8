"""The steps of training, evaluation and prediction: what is recorded, and replayed."""

import inspect
import warnings
from functools import partial

from kerasette import ops, tree
from kerasette._core.tape import GradientTape
from kerasette.callbacks.callback_list import plain_logs
from kerasette.data.unpacking import pack_x_y_sample_weight, unpack_x_y_sample_weight
from kerasette.losses.reduction import as_numbers
from kerasette.optimizers.arguments import floating
from kerasette.training.runner import as_log


class Steps:
    """The part of `Trainer` that runs within a step, and what it leaves in metrics."""

    # Attributes that predictions do not call: whether they are user code is asked apart.
    _parts_of_training = frozenset(
        {"loss", "optimizer", "_compiled_loss", "_compiled_metrics", "_loss_tracker"}
    )

    # ---- what subclasses may do in another way -----------------------------------------

    def train_step(self, data):
        """One step of training: what `fit` does with a batch.

        A subclass that defines it is trained by it. It runs once for every kind of batch and is
        then replayed, so all that it computes has to be made of ops.

        Parameters
        ----------
        data : x, (x, y) or (x, y, sample_weight)
            Structures of tensors; see `kerasette.utils.unpack_x_y_sample_weight`.

        Returns
        -------
        dict of str to Tensor or number
            Logs.
        """
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self._learn(x, y, sample_weight)
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def test_step(self, data):
        """What `evaluate` does with a batch; as `train_step`, without training."""
        x, y, sample_weight = unpack_x_y_sample_weight(data)
        y_pred = self._judge(x, y, sample_weight)
        return self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)

    def predict_step(self, data):
        """What `predict` does with a batch.

        Parameters
        ----------
        data : x, or (x, ...)

        Returns
        -------
        structure of Tensor
            The outputs.
        """
        x, _, _ = unpack_x_y_sample_weight(data)
        return self(x, training=False)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """The compiled loss, and what layers and regularizers add to it.

        Parameters
        ----------
        x, y, y_pred, sample_weight : structure of Tensor
            A batch, and what the model makes of it.
        training : bool

        Returns
        -------
        Tensor
            A scalar.

        Raises
        ------
        ValueError
            If there is no loss.
        """
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

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """Has the compiled metrics take a batch into account.

        Parameters
        ----------
        x, y, y_pred, sample_weight : structure of Tensor

        Returns
        -------
        dict of str to Tensor
            Results of all metrics so far.
        """
        if self._compiled_metrics is not None:
            self._compiled_metrics.update_state(y, y_pred, sample_weight)
        return self.get_metrics_result()

    def get_metrics_result(self):
        """Results of `metrics` by name; those of a metric whose result is a dict, one by one."""
        results = {}
        for metric in self._current_metrics():
            result = metric.result()
            results.update(result if isinstance(result, dict) else {metric.name: result})
        return results

    # ---- what runs within a step ---------------------------------------------------------

    def _step(self, mode):
        """What a batch is given to, by the names among x, y and sample_weight that are there.

        Parameters
        ----------
        mode : {"train", "test", "predict"}

        Returns
        -------
        callable
            It returns the outputs in mode "predict"; otherwise logs in a dict, or an empty list:
            then logs are what `_logs` reads from metrics, whenever somebody looks.
        """
        if self._is_overridden(f"{mode}_step"):
            return partial(self._custom_step, mode)
        return getattr(self, f"_{mode}_step")

    def _is_overridden(self, name):
        return name in self.__dict__ or getattr(type(self), name) is not getattr(Steps, name)

    def _custom_step(self, mode, x, y=None, sample_weight=None):
        returned = getattr(self, f"{mode}_step")(pack_x_y_sample_weight(x, y, sample_weight))
        return returned if mode == "predict" else checked_logs(returned, f"{mode}_step")

    def _train_step(self, x, y=None, sample_weight=None):
        return self._measure(x, y, self._learn(x, y, sample_weight), sample_weight)

    def _test_step(self, x, y=None, sample_weight=None):
        return self._measure(x, y, self._judge(x, y, sample_weight), sample_weight)

    def _predict_step(self, x):
        return self(x, training=False)

    def _learn(self, x, y, sample_weight):
        """Moves the weights against their gradients; the outputs of before."""
        variables = self._learned_variables()
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self._loss_of(x, y, y_pred, sample_weight, training=True)
            scaled = self.optimizer.scale_loss(loss)
        if variables:
            self.optimizer.ensure_built(variables)
            places = self.optimizer.gradient_places(variables)
            gradients = tape.gradient(scaled, variables, destinations=places)
            check_depends_on_weights(gradients)
            self.optimizer.apply(gradients, variables)
        else:
            warnings.warn("The model does not have any trainable weights.", stacklevel=2)
        return y_pred

    def _learned_variables(self):
        """What the optimizer moves. A counter of integers may be among the trainable weights."""
        return floating(self.trainable_variables)

    def _judge(self, x, y, sample_weight):
        """The outputs; notes the loss."""
        y_pred = self(x, training=False)
        self._loss_of(x, y, y_pred, sample_weight, training=False)
        return y_pred

    def _loss_of(self, x, y, y_pred, sample_weight, training):
        arguments = {"x": x, "y": y, "y_pred": y_pred, "sample_weight": sample_weight}
        if self._loss_takes_training():
            arguments["training"] = training
        loss = as_numbers(self.compute_loss(**arguments), "`compute_loss()`")
        self._loss_tracker.update_state(loss, sample_weight=float(_n_samples(x)))
        return loss

    def _loss_takes_training(self):
        """Whether `compute_loss` has that argument; it came late to Keras."""
        if not self._is_overridden("compute_loss"):
            return True
        return "training" in inspect.signature(self.compute_loss).parameters

    def _measure(self, x, y, y_pred, sample_weight):
        if self._is_overridden("compute_metrics"):
            results = self.compute_metrics(x, y, y_pred, sample_weight=sample_weight)
            return checked_logs(results, "compute_metrics")
        self._compiled_metrics.update_state(y, y_pred, sample_weight)
        # Results are read when somebody looks.
        return []

    # ---- logs ----------------------------------------------------------------------------

    def _logs(self):
        """Metrics so far, by name, in alphabetical order as in Keras."""
        return as_logs(self.get_metrics_result())

    def _in_order(self, logs):
        """Logs as `evaluate` returns them: a list, or a number if it is alone.

        In the order of `metrics`, then the rest by name.
        """
        metrics = self._current_metrics()
        names = [m.name for metric in metrics for m in getattr(metric, "metrics", [metric])]
        values = [logs[name] for name in names if name in logs]
        values += [logs[name] for name in sorted(logs) if name not in names]
        return values[0] if len(values) == 1 else values

    def _user_code_in(self, mode):
        """The code of a user that runs in a step, or None; looked for again after changes."""
        return self._user_code.find(mode, self._flatten_layers, lambda: self._parts_of(mode))

    def _user_code_has_changed(self, mode):
        """Whether what was recorded of it may not be what it does now."""
        return self._user_code.has_changed(mode, self._flatten_layers, lambda: self._parts_of(mode))

    def _user_code_has_moved(self, mode):
        """Whether something that it reads is not as it was when this was last asked."""
        return self._user_code.has_moved(mode, self._flatten_layers, lambda: self._parts_of(mode))

    def _parts_of(self, mode):
        """What a step runs besides layers."""
        if mode == "predict":
            return []
        losses = self._compiled_loss.losses if self._compiled_loss else []
        parts = [*losses, *self._compiled_metrics.metrics]
        return [*parts, self.optimizer] if mode == "train" else parts


def as_logs(results):
    """Results by name in alphabetical order, as floats or arrays; those in dicts one by one."""
    return plain_logs(
        {
            name: tree.map_structure(as_log, value) if tree.is_nested(value) else as_log(value)
            for name, value in results.items()
        }
    )


def checked_logs(returned, method):
    """What a method returned as logs.

    Raises
    ------
    TypeError
        If it is no dict.
    """
    if not isinstance(returned, dict):
        raise TypeError(
            f"`{method}()` must return a dict of logs, such as `{{'loss': loss}}`. "
            f"Received: {returned!r} of type {type(returned)}"
        )
    return returned


def check_depends_on_weights(gradients):
    """Raises if a loss has no gradients at all, so that a step would change nothing."""
    if all(gradient is None for gradient in gradients):
        raise ValueError(
            "No gradients provided for any variable: the loss does not depend on the trainable "
            "weights by way of tensors. A constant, or what NumPy computes, has no gradients."
        )


def _n_samples(x):
    return next(array for array in tree.flatten(x) if array is not None).shape[0]
