"""The training half of a model: compile, fit, evaluate, predict."""

import numpy as np

from kerasette import losses, optimizers
from kerasette._core.structure import bump_structure_version, structure_version
from kerasette._core.tape import GradientTape
from kerasette.callbacks import CallbackList, History, ProgbarLogger
from kerasette.data.arrays import Batches, as_samples, check_same_length, target_dtype
from kerasette.metrics import Mean
from kerasette.models.arguments import (
    checked_batch_size,
    checked_count,
    checked_shuffle,
    checked_verbose,
)
from kerasette.models.compiled import (
    CompiledMetrics,
    check_class_numbers,
    check_target_shape,
    is_user_code,
    loss_depends_on_shapes,
)
from kerasette.models.programs import ProgramPool
from kerasette.models.runner import BatchRunner, discard_first_draw, shuffled

# A run returns to Python this often, to see signals and to draw the bar.
CHUNK_SECONDS = 0.02

# Rows that predict takes at a time when nobody named or watches batches. Products of 32 rows, the
# default otherwise, reach four fifths of the speed of these.
UNWATCHED_ROWS = 256


class Trainer:
    """What a model needs to be trained; mixed into models, apart from `Layer`."""

    # Attributes that say how far training is; setting them changes no recorded step.
    _progress_attributes = frozenset(
        {"stop_training", "history", "_is_training", "replayed_steps", "eager_steps"}
    )

    def _init_trainer(self):
        self._pool = ProgramPool()
        self._user_code = {}
        self._is_training = False
        self.stop_training = False
        self.history = None
        # Public counters: how many steps of fit, evaluate and predict were replayed or not.
        self.replayed_steps = 0
        self.eager_steps = 0

    def __setattr__(self, name, value):
        if name in self._progress_attributes:
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    # ---- compile ---------------------------------------------------------------

    def compile(self, optimizer, loss=None, metrics=None):
        """Says how the model is trained.

        Parameters
        ----------
        optimizer : str or Optimizer
        loss : str, Loss or callable
            A callable gets ``(y_true, y_pred)`` and returns a loss for each sample.
        metrics : list of str, Metric or callable, optional

        Raises
        ------
        ValueError
            For a name that is not known. The model is as before.
        """
        optimizer = optimizers.get(optimizer)
        loss_object = None if loss_depends_on_shapes(loss) else losses.get_loss(loss)
        compiled_metrics = CompiledMetrics(metrics)
        self.optimizer = optimizer
        self.loss = loss
        self._loss_object = loss_object
        self._compiled_metrics = compiled_metrics
        self._loss_tracker = Mean(name="loss")
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
        if self.loss is None:
            raise ValueError(
                f"No loss to compute in `{method}()`. Provide a `loss` argument in `compile()`."
            )

    # ---- the steps ---------------------------------------------------------------

    def _train_step(self, x, y):
        variables = self.trainable_variables
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self._loss_object(y, y_pred)
        if variables:
            places = self.optimizer.gradient_places(variables)
            gradients = tape.gradient(loss, variables, destinations=places)
            self.optimizer.apply(gradients, variables)
        return self._update_metrics(x, y, y_pred, loss)

    def _test_step(self, x, y):
        y_pred = self(x, training=False)
        return self._update_metrics(x, y, y_pred, self._loss_object(y, y_pred))

    def _predict_step(self, x):
        return [self(x, training=False)]

    def _update_metrics(self, x, y, y_pred, loss):
        self._loss_tracker.update_state(loss, sample_weight=float(x.shape[0]))
        for metric in self._compiled_metrics.metrics:
            metric.update_state(y, y_pred)
        return []

    def _logs(self):
        """Metrics so far, by name, in alphabetical order as in Keras."""
        logs = {name: float(metric.result()) for name, metric in self._named_metrics()}
        return dict(sorted(logs.items()))

    def _named_metrics(self):
        return [("loss", self._loss_tracker), *self._compiled_metrics.named()]

    def _has_user_code(self, mode):
        """Whether code that is not ours runs in a step; found again after the structure changed."""
        known = self._user_code
        if known.get("version") != structure_version():
            known.clear()
            known["version"] = structure_version()
        if mode not in known:
            parts = self._flatten_layers()
            if mode != "predict":
                parts = [*parts, self._loss_object, *self._compiled_metrics.metrics]
            known[mode] = any(is_user_code(part) for part in parts)
        return known[mode]

    # ---- data --------------------------------------------------------------------

    def _checked_data(self, x, y, batch_size, what):
        """Arrays x and y as `Batches`; raises before anything has changed."""
        x, y = as_samples(x, "x"), as_samples(y, "y")
        check_same_length({"x": x, "y": y})
        if len(x) == 0:
            raise ValueError(f"{what} got no samples: x has shape {x.shape}.")
        size = checked_batch_size(batch_size)
        x = self._fit_input(x)
        output_shape = self.compute_output_shape((min(size, len(x)), *x.shape[1:]))
        if self._loss_object is None:
            self._loss_object = losses.get_loss(self.loss, y.shape, output_shape)
        check_target_shape(self._loss_object, y.shape, output_shape)
        check_class_numbers(self._loss_object, y, output_shape)
        self._compiled_metrics.build(y.shape, output_shape)
        return Batches([x, y], min(size, len(x)))

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

    # ---- fit -----------------------------------------------------------------------

    def fit(
        self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None,
        validation_data=None, shuffle=True,
    ):  # fmt: skip
        """Trains the model.

        Parameters
        ----------
        x : array of shape (samples, ...)
        y : array of shape (samples, ...)
        batch_size : int, optional
            32 by default; the last batch may be shorter.
        epochs : int
        verbose : {"auto", 0, 1, 2}
            Silent, a bar ("auto"), or a line an epoch.
        callbacks : list of Callback, optional
        validation_data : (x, y), optional
            Evaluated after every epoch.
        shuffle : bool or "batch"
            Whether each epoch goes through the samples in an order drawn anew from NumPy's
            global generator; "batch" shuffles within each batch only.

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
        verbose = checked_verbose(verbose)
        shuffle = checked_shuffle(shuffle)
        is_first = not self._compiled_metrics.is_built
        batches = self._checked_data(x, y, batch_size, "fit")
        validation = self._checked_validation(validation_data, batch_size)
        history = History()
        hooks, bar = self._hooks(callbacks, verbose, epochs, len(batches), history)
        if self._is_training:
            raise RuntimeError("This model is being trained in another thread.")
        self._is_training = True
        try:
            self.history = history
            self.stop_training = False
            self.optimizer.build(self.trainable_variables)
            if is_first:
                discard_first_draw(shuffle, batches.n_samples, batches.batch_size)
            self._fit_epochs(batches, validation, epochs, shuffle, hooks, bar)
        finally:
            self._is_training = False
        return history

    def _checked_validation(self, data, batch_size):
        if data is None:
            return None
        if not isinstance(data, (tuple, list)) or len(data) != 2:
            raise ValueError(
                f"`validation_data` must be a tuple (x_val, y_val). Received: {type(data)}"
            )
        return self._checked_data(*data, batch_size, "validation_data")

    def _fit_epochs(self, batches, validation, epochs, shuffle, hooks, bar):
        hooks.call("on_train_begin")
        for epoch in range(epochs):
            self.reset_metrics()
            hooks.call("on_epoch_begin", epoch)
            order = shuffled(shuffle, batches.n_samples, batches.batch_size)
            self._pass_over(batches, "train", self._train_step, hooks, bar, order)
            logs = self._logs()
            if validation is not None:
                found = self._run_test(validation, hooks, None)
                logs.update({f"val_{name}": value for name, value in found.items()})
            hooks.call("on_epoch_end", epoch, logs)
            if self.stop_training:
                break
        hooks.call("on_train_end", logs)

    def _hooks(self, callbacks, verbose, epochs, steps, *own):
        """The user's callbacks, then our own, and the bar if there is one."""
        hooks = CallbackList(callbacks, self, verbose=verbose, epochs=epochs, steps=steps)
        bar = ProgbarLogger(verbose) if verbose else None
        for callback in (*own, bar):
            if callback is not None:
                hooks.append(callback)
        return hooks, bar

    def _runner(self, batches, mode, step, order=None, result=None):
        dtypes = [self._input_dtype(), *(target_dtype(a) for a in batches.arrays[1:])]
        user_code = self._has_user_code(mode)
        if user_code:
            self._pool.distrust()
        return BatchRunner(self._pool, mode, step, batches, dtypes, order, result, user_code)

    def _count(self, runner):
        self.replayed_steps += runner.n_replayed
        self.eager_steps += runner.n_eager

    def _pass_over(self, batches, mode, step, hooks, bar, order=None, result=None):
        """One pass over the batches; returns to Python for signals, the bar and batch hooks."""
        runner = self._runner(batches, mode, step, order, result)
        seconds = 0.0 if hooks.wants_batches(mode) else CHUNK_SECONDS
        done = 0
        try:
            while done < len(batches) and not (mode == "train" and self.stop_training):
                if seconds == 0.0:
                    hooks.call(f"on_{mode}_batch_begin", done)
                done = runner.run(done, seconds)
                if seconds == 0.0:
                    hooks.call(f"on_{mode}_batch_end", done - 1, self._batch_logs(mode, result))
                if bar:
                    bar.progress(done, {} if mode == "predict" else self._logs())
        finally:
            self._count(runner)

    def _batch_logs(self, mode, result):
        return {"outputs": result} if mode == "predict" else self._logs()

    # ---- evaluate --------------------------------------------------------------------

    def evaluate(
        self, x=None, y=None, batch_size=None, verbose="auto", callbacks=None, return_dict=False
    ):
        """Loss and metrics on data.

        Returns
        -------
        float, list of float or dict
            The loss alone; with metrics, a list of the loss and then each of them; with
            `return_dict`, a dict by name.
        """
        self._check_compiled("evaluate")
        verbose = checked_verbose(verbose)
        batches = self._checked_data(x, y, batch_size, "evaluate")
        hooks, bar = self._hooks(callbacks, verbose, 1, len(batches))
        logs = self._run_test(batches, hooks, bar)
        if return_dict:
            return logs
        values = [logs[name] for name, _ in self._named_metrics()]
        return values[0] if len(values) == 1 else values

    def _run_test(self, batches, hooks, bar):
        self.reset_metrics()
        hooks.call("on_test_begin")
        self._pass_over(batches, "test", self._test_step, hooks, bar)
        logs = self._logs()
        hooks.call("on_test_end", logs)
        return logs

    # ---- predict ---------------------------------------------------------------------

    def predict(self, x, batch_size=None, verbose="auto", callbacks=None):
        """Outputs of the model, batch by batch, with ``training=False``.

        Parameters
        ----------
        x : array of shape (samples, ...)
        batch_size : int, optional
            32 by default; more where nothing shows it: silent, without callbacks, and with
            layers of this package only.

        Returns
        -------
        ndarray of shape (samples, ...)
            In memory of its own.
        """
        verbose = checked_verbose(verbose)
        size = checked_batch_size(batch_size)
        x = self._fit_input(as_samples(x, "x"))
        if batch_size is None and not verbose and callbacks is None:
            size = size if self._has_user_code("predict") else UNWATCHED_ROWS
        shape = self.compute_output_shape((size, *x.shape[1:]))
        result = np.empty((len(x), *shape[1:]), dtype=self._output_dtype())
        if len(x) == 0:
            return result
        batches = Batches([x], min(size, len(x)))
        if len(batches) == 1 and not verbose and callbacks is None:
            # A service asks for one row at a time: nothing is built that nobody looks at.
            runner = self._runner(batches, "predict", self._predict_step, None, result)
            runner.run(0, 0.0)
            self._count(runner)
            return result
        hooks, bar = self._hooks(callbacks, verbose, 1, len(batches))
        hooks.call("on_predict_begin")
        self._pass_over(batches, "predict", self._predict_step, hooks, bar, result=result)
        hooks.call("on_predict_end")
        return result
