"""What a model is trained with."""

import warnings

from kerasette import optimizers
from kerasette._core.structure import bump_structure_version
from kerasette.metrics import Mean
from kerasette.models.arguments import checked_bool, checked_count, checked_jit_compile
from kerasette.models.compiled import CompiledLoss, CompiledMetrics


class Compiling:
    """The part of `Trainer` that takes optimizer, loss and metrics."""

    def compile(
        self, optimizer="rmsprop", loss=None, loss_weights=None, metrics=None,
        weighted_metrics=None, run_eagerly=False, steps_per_execution=1, jit_compile="auto",
        auto_scale_loss=True,
    ):  # fmt: skip
        """Says how the model is trained.

        Parameters
        ----------
        optimizer : str, Optimizer or None
            Without one, a model can be evaluated, and not be trained.
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
        RuntimeError
            While the model is trained.
        """
        self._check_is_idle("compile")
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

    def _check_is_idle(self, method):
        """Raises if the model is being trained."""
        if self._is_training:
            raise RuntimeError(
                f"`{method}` cannot be called while the model is being trained, by a callback of "
                "`fit` or by another thread."
            )

    @property
    def compiled(self):
        """Whether `compile` has been called."""
        return hasattr(self, "_compiled_metrics")

    @property
    def metrics(self):
        """The loss tracker and the compiled metrics that are there so far."""
        return [self._loss_tracker, *self._compiled_metrics.metrics] if self.compiled else []

    @property
    def metrics_names(self):
        """``["loss", "compile_metrics"]``: Keras counts all compiled metrics as one.

        What `evaluate` returns is named by ``return_dict=True``.
        """
        if not self.compiled:
            return []
        has_metrics = bool(self._compiled_metrics.given or self._compiled_metrics.given_weighted)
        return ["loss", *["compile_metrics"] * has_metrics]

    def reset_metrics(self):
        """Sets every metric back to its start."""
        for metric in self.metrics:
            metric.reset_state()

    @property
    def _awaits_shapes(self):
        """Whether model, loss or metrics are still to see the shapes of data."""
        parts = [self._compiled_loss] if self._compiled_loss else []
        if self._compiled_metrics.are_given:
            parts.append(self._compiled_metrics)
        return not self.built or not all(part.is_built for part in parts)

    def _check_has_optimizer(self, method):
        if self.optimizer is None:
            raise ValueError(
                f"`{method}()` changes weights, and the model was compiled without an optimizer. "
                "Pass one to `compile()`, e.g. `model.compile(optimizer='adam', ...)`."
            )

    def _check_compiled(self, method):
        if not self.compiled:
            raise ValueError(f"You must call `compile()` before calling `{method}()`.")
        state = self._trainable_state()
        changed = [
            name for name in state if state[name] != self._compiled_trainable_state.get(name)
        ]
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
