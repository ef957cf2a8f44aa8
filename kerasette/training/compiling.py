"""What a model is trained with."""

import warnings
from typing import Any

from kerasette import optimizers
from kerasette._core.ops.operands import checked_bool
from kerasette._core.structure import bump_structure_version, structure_version
from kerasette.metrics import Mean, Metric
from kerasette.training.arguments import checked_count, checked_jit_compile
from kerasette.training.compile_loss import CompileLoss
from kerasette.training.compile_metrics import CompileMetrics
from kerasette.training.targets import check_targets, check_weights, class_targets


class Compiling:
    """The part of `Trainer` that takes optimizer, loss and metrics."""

    # Of a model that is not compiled.
    compiled = False
    loss = None
    jit_compile = False
    _compiled_loss = None
    _compiled_metrics = None
    _loss_tracker = None

    def compile(
        self, optimizer: Any = "rmsprop", loss=None, loss_weights=None, metrics=None,
        weighted_metrics=None, run_eagerly=False, steps_per_execution=1, jit_compile: Any = "auto",
        auto_scale_loss=True,
    ):  # fmt: skip
        """Says how the model is trained.

        Parameters
        ----------
        optimizer : str, Optimizer or None
            Without one, a model can be evaluated, and not be trained.
        loss : str, Loss or callable, or a structure of them, optional
            A callable gets ``(y_true, y_pred)`` and returns a loss for each sample. One is for
            all outputs; a list, or a dict by name, has one for each, None for an output without.
            Without any, that of an earlier `compile` stays, or layers must add one.
        loss_weights : float, or structure of float, optional
            What the losses are multiplied by; what layers and regularizers add is not.
        metrics, weighted_metrics : list of str, Metric or callable, optional
            For several outputs a list with an entry for each, or a dict by name; an entry is a
            metric or a list of them. The second kind takes sample and class weights into account.
            Without either, those of an earlier `compile` stay.
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
        TypeError
            For a metric of values, such as `Mean`, which does not compare targets with outputs.
        ValueError
            For a name that is not known, or a value that does not fit. The model is as before.
        RuntimeError
            While the model is trained.
        """
        self._check_is_idle("compile")
        optimizer = optimizers.get(optimizer)
        names = getattr(self, "output_names", None)
        compiled_loss, compiled_metrics = self._compiled_loss, self._compiled_metrics
        if loss is not None:
            compiled_loss = CompileLoss(loss, loss_weights, names)
        if compiled_metrics is None or metrics is not None or weighted_metrics is not None:
            compiled_metrics = CompileMetrics(metrics, weighted_metrics, names)
        compiled_metrics.loss = compiled_loss
        run_eagerly = checked_bool(run_eagerly, "run_eagerly")
        steps_per_execution = checked_count(steps_per_execution, "steps_per_execution")
        checked_bool(auto_scale_loss, "auto_scale_loss")
        jit_compile = checked_jit_compile(jit_compile)
        if jit_compile is True and run_eagerly:
            warnings.warn(
                "If `run_eagerly` is True, then `jit_compile` cannot also be True. Disabling "
                "`jit_compile`.",
                stacklevel=2,
            )
        self.optimizer = optimizer
        if loss is not None:
            self.loss = loss
        self.run_eagerly = run_eagerly
        self.jit_compile = jit_compile is True and not run_eagerly
        self.steps_per_execution = steps_per_execution
        self._compiled_loss = compiled_loss
        self._compiled_metrics = compiled_metrics
        self._loss_tracker = Mean(name="loss")
        self._compiled_trainable_state = self._trainable_state()
        self._compile_arguments = {
            "optimizer": optimizer,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
            "run_eagerly": run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile is True,
        }
        self.compiled = True
        bump_structure_version()

    def _check_is_idle(self, method):
        """Raises if the model is being trained."""
        self._check_init()
        self._turns.check_is_idle(method)

    @property
    def metrics(self):
        """What is measured.

        The loss, compiled metrics as one, the losses of several outputs; then the metrics among
        the attributes of the model, and of its layers.
        """
        found = self._own_metrics()
        for layer in self._once_a_structure("layers", self._flatten_layers):
            # Those of a model within this one belong to its own training.
            if not isinstance(layer, Compiling):
                found += layer._own_metrics()
        return list({id(metric): metric for metric in found}.values())

    def _current_metrics(self):
        """The same, looked for again only after a change of structure."""
        if type(self).metrics is not Compiling.metrics:
            return self.metrics
        return self._once_a_structure("metrics", lambda: self.metrics)

    def _once_a_structure(self, name, find):
        """What `find` has found since the structure last changed; single steps are short."""
        known = self._pool.known
        key = structure_version(), name
        if key not in known:
            value = find()
            # Finding may have built something.
            known[structure_version(), name] = value
            return value
        return known[key]

    def _own_metrics(self):
        found = []
        if self._loss_tracker is not None:
            found.append(self._loss_tracker)
        if self._compiled_metrics is not None and self._compiled_metrics.is_listed:
            found.append(self._compiled_metrics)
        if self._compiled_loss is not None:
            found.extend(self._compiled_loss.metrics)
        compiled = (self._loss_tracker, self._compiled_metrics)
        return [*found, *(m for m in self._owned(Metric) if m not in compiled)]

    @property
    def metrics_names(self):
        """Names of `metrics`, of which ``"compile_metrics"`` is one.

        What `evaluate` returns is named by ``return_dict=True``.
        """
        return [metric.name for metric in self.metrics]

    def reset_metrics(self):
        """Sets every metric back to its start."""
        for metric in self._current_metrics():
            metric.reset_state()

    @property
    def _awaits_shapes(self):
        """Whether model, loss or metrics are still to see the shapes of data."""
        return not self.built or not all(part.is_built for part in self._compiled_parts())

    def _compiled_parts(self):
        parts = [self._compiled_loss] if self._compiled_loss is not None else []
        return [*parts, self._compiled_metrics] if self._compiled_metrics.are_given else parts

    def _check_targets(self, y, sample_weight, y_pred):
        """Makes losses and metrics for data of such shapes; raises if they do not fit it.

        Parameters
        ----------
        y, sample_weight, y_pred : structure of what has a shape, or None
            Of a batch, whose size may be None; and of the outputs for it.
        """
        if self._has_own_steps():
            self._build_if_it_fits(y, y_pred)
            return
        parts = self._compiled_parts()
        if y is None and parts:
            raise ValueError(
                "Targets are needed: `y` is None, and the model was compiled with a loss or "
                "metrics, which compare outputs with targets."
            )
        if sample_weight is not None:
            check_weights(sample_weight, y, y_pred, self._compiled_loss)
        for part in parts:
            part.build(y, y_pred)
        if self._compiled_loss is not None:
            check_targets(self._compiled_loss, y, y_pred)

    def _class_targets(self, y, y_pred):
        """Which targets are class numbers of compiled losses; see `class_targets`."""
        if self._has_own_steps() or self._compiled_loss is None:
            return []
        return class_targets(self._compiled_loss, y, y_pred)

    def _has_own_steps(self):
        """Whether a subclass says what is done with targets."""
        return any(map(self._is_overridden, ("train_step", "test_step", "compute_loss")))

    def _build_if_it_fits(self, y, y_pred):
        """The same where a subclass has steps of its own, which may do anything with data."""
        if y is None or y_pred is None:
            return
        for part in self._compiled_parts():
            try:
                part.build(y, y_pred)
            except (KeyError, ValueError):
                # Its first use in a step will tell, if it is used.
                part.forget()

    def _check_has_optimizer(self, method):
        if self.optimizer is None and not self._is_overridden("train_step"):
            raise ValueError(
                f"`{method}()` changes weights, and the model was compiled without an optimizer. "
                "Pass one to `compile()`, e.g. `model.compile(optimizer='adam', ...)`."
            )

    def _build_optimizer(self):
        """Builds the optimizer for the weights that are there; steps do it otherwise."""

        def build():
            if not all(layer.built for layer in self._flatten_layers()):
                return
            if not self._is_overridden("train_step"):
                self.optimizer.ensure_built(self._learned_variables())
            elif not self.optimizer.built:
                self.optimizer.build(self._learned_variables())

        if self.optimizer is not None:
            self._once_a_structure("optimizer", build)

    def _check_compiled(self, method):
        if not self.compiled:
            raise ValueError(f"You must call `compile()` before calling `{method}()`.")
        if method in ("fit", "evaluate"):
            # A list among the attributes may hold another metric, which nothing has told.
            self._pool.known.pop((structure_version(), "metrics"), None)
        state = self._once_a_structure("trainable", self._trainable_state)
        if state is self._compiled_trainable_state:
            return
        changed = [
            name for name in state if state[name] != self._compiled_trainable_state.get(name)
        ]
        is_warned = changed and set(state) == set(self._compiled_trainable_state)
        if is_warned or not changed:
            # Once for each compile.
            self._compiled_trainable_state = state
        if is_warned:
            warnings.warn(
                "A layer's `trainable` state has changed since the model was compiled. Please "
                "recompile your model (e.g. `model.compile(...)`), so that the optimizer knows "
                f"of it. Changed layers: {changed}",
                stacklevel=3,
            )

    def _trainable_state(self):
        return {layer.name: layer.trainable for layer in self._flatten_layers()}
