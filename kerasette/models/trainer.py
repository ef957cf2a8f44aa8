"""The training half of a model: compile, fit, evaluate, predict."""

import warnings

import numpy as np

from kerasette import optimizers
from kerasette._core.dtypes import floatx
from kerasette._core.structure import bump_structure_version
from kerasette.data.arrays import Batches, as_samples, check_same_length, target_dtype
from kerasette.data.epochs import Epochs, discard_first_draw
from kerasette.data.splits import class_weight_to_sample_weights, train_validation_split
from kerasette.metrics import Mean
from kerasette.models.arguments import (
    checked_batch_size,
    checked_bool,
    checked_count,
    checked_epoch,
    checked_jit_compile,
    checked_shuffle,
    checked_steps,
    checked_verbose,
    validated_epochs,
)
from kerasette.models.compiled import CompiledLoss, CompiledMetrics
from kerasette.models.loop import Loop
from kerasette.models.programs import ProgramPool
from kerasette.models.steps import Steps
from kerasette.models.targets import check_class_numbers, check_sample_weight

# Rows that predict takes at a time when nobody named or watches batches. Products of 32 rows, the
# default otherwise, reach four fifths of the speed of these.
UNWATCHED_ROWS = 256


class Trainer(Loop, Steps):
    """What a model needs to be trained; mixed into models, apart from `Layer`."""

    # Attributes that say how far training is; setting them changes no recorded step.
    _progress_attributes = frozenset(
        {
            "stop_training", "stop_evaluating", "stop_predicting", "history", "_is_training",
            "replayed_steps", "eager_steps", "steps_per_execution", "run_eagerly",
            "_compiled_trainable_state",
        }
    )  # fmt: skip

    def _init_trainer(self):
        self._pool = ProgramPool()
        self._user_code = {}
        self._is_training = False
        self.stop_training = False
        self.stop_evaluating = False
        self.stop_predicting = False
        self.history = None
        self.run_eagerly = False
        self.steps_per_execution = 1
        # Public counters: how many steps of fit, evaluate and predict were replayed or not.
        self.replayed_steps = 0
        self.eager_steps = 0

    def __setattr__(self, name, value):
        if name in self._progress_attributes:
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    # ---- compile ---------------------------------------------------------------

    def compile(
        self, optimizer="rmsprop", loss=None, loss_weights=None, metrics=None,
        weighted_metrics=None, run_eagerly=False, steps_per_execution=1, jit_compile="auto",
        auto_scale_loss=True,
    ):  # fmt: skip
        """Says how the model is trained.

        Parameters
        ----------
        optimizer : str or Optimizer
        loss : str, Loss or callable, optional
            A callable gets ``(y_true, y_pred)`` and returns a loss for each sample. Without a
            loss, layers must add one.
        loss_weights : float, optional
            What the loss is multiplied by; what layers and regularizers add is not.
        metrics, weighted_metrics : list of str, Metric or callable, optional
            The second kind takes sample and class weights into account.
        run_eagerly : bool
            Whether every step runs as Python code, not as a recording: slower, and right for
            any Python in it.
        steps_per_execution : int
            Batches between two calls of the batch hooks of callbacks.
        jit_compile : bool or "auto"
            All the same: steps are always recorded and replayed, unless `run_eagerly`.
        auto_scale_loss : bool
            For mixed precision in Keras; there is none here.

        Raises
        ------
        ValueError
            For a name that is not known, or a value that does not fit. The model is as before.
        """
        optimizer = optimizers.get(optimizer)
        compiled_loss = None if loss is None else CompiledLoss(loss, loss_weights)
        compiled_metrics = CompiledMetrics(metrics, weighted_metrics)
        run_eagerly = checked_bool(run_eagerly, "run_eagerly")
        steps_per_execution = checked_count(steps_per_execution, "steps_per_execution")
        checked_bool(auto_scale_loss, "auto_scale_loss")
        if checked_jit_compile(jit_compile) is True and run_eagerly:
            warnings.warn(
                "If `run_eagerly` is True, then `jit_compile` cannot also be True. Disabling "
                "`jit_compile`.",
                stacklevel=2,
            )
        self.optimizer = optimizer
        self.loss = loss
        self.run_eagerly = run_eagerly
        self.steps_per_execution = steps_per_execution
        self._compiled_loss = compiled_loss
        self._compiled_metrics = compiled_metrics
        self._loss_tracker = Mean(name="loss")
        self._compiled_trainable_state = self._trainable_state()
        bump_structure_version()

    @property
    def compiled(self):
        """Whether `compile` has been called."""
        return hasattr(self, "_compiled_metrics")

    @property
    def metrics(self):
        """The loss tracker and the compiled metrics that are there so far."""
        return [self._loss_tracker, *self._compiled_metrics.metrics] if self.compiled else []

    def reset_metrics(self):
        """Sets every metric back to its start."""
        for metric in self.metrics:
            metric.reset_state()

    def _check_compiled(self, method):
        if not self.compiled:
            raise ValueError(f"You must call `compile()` before calling `{method}()`.")
        state = self._trainable_state()
        changed = [name for name in state if state[name] != self._compiled_trainable_state.get(name)]
        if changed and set(state) == set(self._compiled_trainable_state):
            # Once for each compile.
            self._compiled_trainable_state = state
            warnings.warn(
                "A layer's `trainable` state has changed since the model was compiled. Please "
                "recompile your model (e.g. `model.compile(...)`), so that the optimizer knows "
                f"of it. Changed layers: {changed}",
                stacklevel=3,
            )

    def _trainable_state(self):
        return {layer.name: layer.trainable for layer in self._flatten_layers()}

    # ---- data --------------------------------------------------------------------

    def _checked_data(self, what, arrays, batch_size, steps=None):
        """x, y and weights (or None) as `Batches`; raises before anything has changed."""
        names = ("x", "y", "sample_weight")
        arrays = {
            name: as_samples(array, name)
            for name, array in zip(names, arrays, strict=True)
            if array is not None or name == "x" or (name == "y" and self._compiled_loss)
        }
        check_same_length(arrays)
        n_samples = len(arrays["x"])
        if n_samples == 0:
            raise ValueError(f"{what} got no samples: x has shape {arrays['x'].shape}.")
        size = min(checked_batch_size(batch_size, n_samples, steps), n_samples)
        arrays["x"] = x = self._fit_input(arrays["x"])
        self._check_targets(arrays, self.compute_output_shape((size, *x.shape[1:])))
        dtypes = {"x": self._input_dtype(), "sample_weight": floatx()}
        if "y" in arrays:
            dtypes["y"] = target_dtype(arrays["y"])
        return Batches(size, dtypes, **arrays)

    def _check_targets(self, arrays, output_shape):
        y, weight = arrays.get("y"), arrays.get("sample_weight")
        if y is not None:
            if self._compiled_loss is not None:
                self._compiled_loss.build(y.shape, output_shape)
                check_class_numbers(self._compiled_loss.loss, y, output_shape)
            self._compiled_metrics.build(y.shape, output_shape)
        if weight is not None:
            check_sample_weight(weight.shape, output_shape)

    def _fit_input(self, x):
        """x with the rank of the model's input; builds the model if it is not."""
        if not self.built:
            self.build((None, *x.shape[1:]))
        expected = self.input_shape
        if x.ndim == len(expected) - 1 and expected[-1] == 1:
            x = x[..., None]
        sizes = zip(x.shape[1:], expected[1:])
        if x.ndim != len(expected) or any(b is not None and a != b for a, b in sizes):
            raise ValueError(
                f'Input of model "{self.name}" is incompatible with the data: expected '
                f"shape={expected}, found shape={x.shape}."
            )
        return x

    def _weighted(self, y, sample_weight, class_weight):
        """The sample weights; those of the classes if there are such."""
        if class_weight is None:
            return sample_weight
        if sample_weight is not None:
            raise ValueError(
                "Arguments `sample_weight` and `class_weight` cannot be specified at the same "
                "time: put the weights of the classes into `sample_weight`."
            )
        return class_weight_to_sample_weights(as_samples(y, "y"), class_weight)

    # ---- fit -----------------------------------------------------------------------

    def fit(
        self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None,
        validation_split=0.0, validation_data=None, shuffle=True, class_weight=None,
        sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,
        validation_batch_size=None, validation_freq=1,
    ):  # fmt: skip
        """Trains the model.

        Parameters
        ----------
        x : array of shape (samples, ...)
        y : array of shape (samples, ...)
        batch_size : int, optional
            32 by default, or what makes `steps_per_epoch` batches; the last may be shorter.
        epochs : int
            The number of the epoch to stop at.
        verbose : {"auto", 0, 1, 2}
            Silent, a bar ("auto"), or a line an epoch.
        callbacks : list of Callback, optional
        validation_split : float
            The share of the samples, from the end, that is kept for validation; in [0, 1).
        validation_data : (x, y) or (x, y, sample_weight), optional
            Evaluated after every epoch; `validation_split` has no effect then.
        shuffle : bool or "batch"
            Whether each epoch goes through the samples in an order drawn anew from NumPy's
            global generator; "batch" shuffles within each batch only.
        class_weight : dict of int to float, optional
            What the samples of a class count in the loss; classes that are not named count 1.
        sample_weight : array of shape (samples,), optional
            What each sample counts in the loss.
        initial_epoch : int
            The number of the epoch to begin with, counted from 0.
        steps_per_epoch : int, optional
            Batches of an epoch; the next epoch goes on where this one stopped.
        validation_steps : int, optional
            Batches of a validation; all by default.
        validation_batch_size : int, optional
            That of training by default.
        validation_freq : int or collection of int
            Validation comes every so many epochs, or after these, counted from 1.

        Returns
        -------
        History
            ``.history`` has a list of floats, one an epoch, for ``loss``, each metric, and the
            same with ``val_`` before.

        Raises
        ------
        ValueError
            For data, sizes or names that do not fit. The model is as before then.
        RuntimeError
            If another thread is training this model.
        """
        self._check_compiled("fit")
        epochs = checked_count(epochs, "epochs")
        numbers = range(checked_epoch(initial_epoch, "initial_epoch"), epochs)
        verbose = checked_verbose(verbose)
        shuffle = checked_shuffle(shuffle)
        steps = checked_steps(steps_per_epoch, "steps_per_epoch")
        is_validated = validated_epochs(validation_freq)
        is_first = not self._compiled_metrics.is_built
        data = (x, y, self._weighted(y, sample_weight, class_weight))
        if validation_split and validation_data is None:
            data, validation_data = self._split(data, sample_weight, validation_split)
        batches = self._checked_data("fit", data, batch_size, steps)
        passes = Epochs(batches, steps, shuffle)
        validation = self._checked_validation(
            validation_data, validation_batch_size or batch_size, validation_steps
        )
        if self._is_training:
            raise RuntimeError("This model is being trained in another thread.")
        hooks, bar = self._hooks(callbacks, verbose, epochs, passes.n_steps, add_history=True)
        self._is_training = True
        try:
            self.stop_training = False
            self.optimizer.ensure_built(self.trainable_variables)
            if is_first:
                discard_first_draw(shuffle, batches.n_samples, batches.batch_size)
            self._fit_epochs(passes, numbers, validation, is_validated, hooks, bar)
        finally:
            self._is_training = False
        return self.history

    def _split(self, data, sample_weight, share):
        """Training and validation data. Class weights are for training only."""
        arrays = [None if a is None else as_samples(a, n) for a, n in zip(data, ("x", "y", "sample_weight"))]
        check_same_length({n: a for n, a in zip(("x", "y", "sample_weight"), arrays) if a is not None})
        train, validation = train_validation_split(arrays, share)
        if sample_weight is None:
            validation[2] = None
        return train, validation

    def _checked_validation(self, data, batch_size, steps):
        """A function that gives the batches of a validation, from the first on; or None."""
        steps = checked_steps(steps, "validation_steps")
        if data is None:
            return None
        if not isinstance(data, (tuple, list)) or not 1 <= len(data) <= 3:
            raise ValueError(
                "`validation_data` must be a tuple (x_val, y_val) or (x_val, y_val, "
                f"sample_weight). Received: {type(data)}"
            )
        arrays = (*data, None, None)[:3]
        batches = self._checked_data("validation_data", arrays, batch_size, steps)
        return lambda: Epochs(batches, steps)

    # ---- evaluate --------------------------------------------------------------------

    def evaluate(
        self, x=None, y=None, batch_size=None, verbose="auto", sample_weight=None, steps=None,
        callbacks=None, return_dict=False,
    ):  # fmt: skip
        """Loss and metrics on data.

        Parameters
        ----------
        x, y, sample_weight : array of shape (samples, ...)
        batch_size : int, optional
            32 by default, or what makes `steps` batches.
        verbose : {"auto", 0, 1, 2}
        steps : int, optional
            Number of batches; all by default.
        callbacks : list of Callback, optional
        return_dict : bool

        Returns
        -------
        float, list of float or dict
            The loss alone; with metrics, a list of the loss and then each of them; with
            `return_dict`, a dict by name.
        """
        self._check_compiled("evaluate")
        verbose = checked_verbose(verbose)
        steps = checked_steps(steps, "steps")
        batches = self._checked_data("evaluate", (x, y, sample_weight), batch_size, steps)
        epochs = Epochs(batches, steps)
        hooks, bar = self._hooks(callbacks, verbose, 1, epochs.n_steps)
        logs = self._run_test(epochs, hooks, bar)
        return logs if return_dict else self._in_order(logs)

    # ---- predict ---------------------------------------------------------------------

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        """Outputs of the model, batch by batch, with ``training=False``.

        Parameters
        ----------
        x : array of shape (samples, ...)
        batch_size : int, optional
            32 by default, or what makes `steps` batches; more where nothing shows it: silent,
            without callbacks, and with layers of this package only.
        verbose : {"auto", 0, 1, 2}
        steps : int, optional
            Number of batches; all by default.
        callbacks : list of Callback, optional

        Returns
        -------
        ndarray of shape (samples, ...)
            In memory of its own.
        """
        verbose = checked_verbose(verbose)
        steps = checked_steps(steps, "steps")
        x = self._fit_input(as_samples(x, "x"))
        size = checked_batch_size(batch_size, len(x), steps)
        is_watched = verbose or callbacks is not None or self.run_eagerly
        if batch_size is None and steps is None and not is_watched:
            size = size if self._has_user_code("predict") else UNWATCHED_ROWS
        if steps is not None:
            x = x[: steps * size] if len(x) > steps * size else x
        shape = self.compute_output_shape((size, *x.shape[1:]))
        result = np.empty((len(x), *shape[1:]), dtype=self._output_dtype())
        if len(x) == 0:
            return result
        batches = Batches(min(size, len(x)), {"x": self._input_dtype()}, x=x)
        if len(batches) == 1 and not is_watched:
            # A service asks for one row at a time: nothing is built that nobody looks at.
            self._run_one("predict", self._predict_step, batches, result)
            return result
        epochs = Epochs(batches, steps)
        hooks, bar = self._hooks(callbacks, verbose, 1, epochs.n_steps)
        self.stop_predicting = False
        hooks.call("on_predict_begin")
        done = self._pass_over(epochs, "predict", self._predict_step, hooks, bar, result=result)
        hooks.call("on_predict_end")
        return result[: done * batches.batch_size]

    def _run_one(self, mode, step, batches, result=None):
        """One step on one batch, without callbacks."""
        runner = self._runner(batches, mode, step, None, result)
        runner.run(0, 1, 0.0)
        self._count(runner)

    # ---- one batch -------------------------------------------------------------------

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """One step of training on one batch.

        Parameters
        ----------
        x, y, sample_weight : array of shape (samples, ...)
        class_weight : dict of int to float, optional
            As for `fit`.
        return_dict : bool

        Returns
        -------
        float, list of float or dict
            Loss and metrics of this batch, as `evaluate` gives them.
        """
        self._check_compiled("train_on_batch")
        data = (x, y, self._weighted(y, sample_weight, class_weight))
        batches = self._whole_batch("train_on_batch", data)
        if self._is_training:
            raise RuntimeError("This model is being trained in another thread.")
        self._is_training = True
        try:
            self.optimizer.ensure_built(self.trainable_variables)
            self.reset_metrics()
            self._run_one("train", self._train_step, batches)
            logs = self._logs()
        finally:
            self._is_training = False
        return logs if return_dict else self._in_order(logs)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Loss and metrics on one batch, as `evaluate` gives them."""
        self._check_compiled("test_on_batch")
        batches = self._whole_batch("test_on_batch", (x, y, sample_weight))
        self.reset_metrics()
        self._run_one("test", self._test_step, batches)
        logs = self._logs()
        return logs if return_dict else self._in_order(logs)

    def predict_on_batch(self, x):
        """Outputs for one batch, an array of shape (samples, ...) in memory of its own."""
        x = as_samples(x, "x")
        return self.predict(x, batch_size=max(len(x), 1), verbose=0)

    def _whole_batch(self, what, data):
        x = as_samples(data[0], "x")
        return self._checked_data(what, (x, *data[1:]), max(len(x), 1))
