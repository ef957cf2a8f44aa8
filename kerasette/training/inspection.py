"""Looking inside a step: what the layers return, and the gradients."""

from contextlib import contextmanager

import numpy as np

from kerasette import tree
from kerasette._core.step import Step
from kerasette._core.tape import tell_gradients_to
from kerasette._core.tensor import Tensor
from kerasette.layers.call import context
from kerasette.training.steps import as_logs


class StepView:
    """What happened in one step: arrays of one's own.

    Attributes
    ----------
    activations : dict of str to array, or structure of arrays
        What each layer returned, in the order of the calls. The key is the layer's name, with the
        names of the models around it, as ``"encoder/dense"``; a second call of the same layer has
        the key ``"dense:1"``.
    activation_gradients : dict of str to array, structure of arrays, or None
        Gradients of the loss with respect to these. None where the gradient does not pass: in
        evaluation, before the first weight, and for a softmax or sigmoid right before a
        cross-entropy, which is differentiated with it in one.
    gradients : dict of str to array or None
        Gradients with respect to the variables, by their paths, before any clipping.
    logs : dict of str to float
        Loss and metrics, this step included.
    """

    def __init__(self, activations, activation_gradients, gradients, logs):
        self.activations = activations
        self.activation_gradients = activation_gradients
        self.gradients = gradients
        self.logs = logs

    def __repr__(self):
        lines = [f"{name}: {_summary(value)}" for name, value in self.activations.items()]
        return "\n".join(["StepView", *lines, f"logs: {self.logs}"])


class Watcher:
    """Collects what layers return and what tapes compute, while it is `watching`."""

    def __init__(self):
        self._outputs = {}
        self._gradients = {}
        self._variables = {}

    @contextmanager
    def watching(self):
        """Watches this thread."""
        before = context.watcher, tell_gradients_to(self._note_gradients)
        context.watcher = self._note_outputs
        try:
            yield self
        finally:
            context.watcher = before[0]
            tell_gradients_to(before[1])

    def _note_outputs(self, layer, outputs):
        if not context.path:
            # The model itself.
            return
        name = "/".join((*context.path[1:], layer.name))
        count = sum(known.split(":")[0] == name for known in self._outputs)
        self._outputs[f"{name}:{count}" if count else name] = outputs

    def _note_gradients(self, gradients, sources):
        self._gradients.update(gradients)
        for source in sources:
            self._variables[getattr(source, "path", str(id(source)))] = source

    def view(self, logs):
        """What was collected, as a `StepView`."""
        return StepView(
            {name: tree.map_structure(_array, value) for name, value in self._outputs.items()},
            {
                name: tree.map_structure(self._gradient_of, value)
                for name, value in self._outputs.items()
            },
            {name: self._gradient_of(variable) for name, variable in self._variables.items()},
            logs,
        )

    def _gradient_of(self, tensor):
        return _array(self._gradients.get(id(tensor)))


class Inspection:
    """The part of `Trainer` that lets a callback look inside steps of `fit`."""

    def _watch_next_step(self, is_wanted=True):
        self._watcher = Watcher() if is_wanted else None

    def _watched_step(self, logs):
        """The view of the step that has run since; and no more is watched."""
        watcher, self._watcher = self._watcher, None
        return watcher.view(dict(logs or {}))


def _array(value):
    return value.numpy() if isinstance(value, Tensor) else value


def _summary(value):
    arrays = [array for array in tree.flatten(value) if isinstance(array, np.ndarray)]
    return ", ".join(f"{a.shape}, mean {a.mean():.4g}, std {a.std():.4g}" for a in arrays if a.size)


class _Abort(Exception):
    """Ends a step that is not to have any effect."""


def inspect_step(model, x, y=None, sample_weight=None, training=True):
    """What a step of training on a batch would do, without doing it.

    The model, its optimizer and its metrics stay as they are; random layers draw what they will
    draw in the next step of training.

    Parameters
    ----------
    model : Model
        Compiled.
    x, y, sample_weight : array of shape (samples, ...), or structure of them
    training : bool
        False for a step of evaluation, which has no gradients.

    Returns
    -------
    StepView

    Raises
    ------
    ValueError
        For what is no model, for data that does not fit, or a model that is not compiled.
    RuntimeError
        If another thread trains the model by `fit`.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> inputs = kerasette.Input((2,))
    >>> model = kerasette.Model(inputs, kerasette.layers.Dense(1, name="a")(inputs))
    >>> model.compile("sgd", "mse")
    >>> view = kerasette.models.inspect_step(model, np.ones((3, 2)), np.zeros(3))
    >>> view.activations["a"].shape, sorted(view.gradients)
    ((3, 1), ['a/bias', 'a/kernel'])
    """
    if not hasattr(model, "_check_compiled"):
        raise ValueError(f"Expected `model` to be a `Model`. Received: model={model!r}")
    model._check_compiled("inspect_step")
    if training:
        model._check_has_optimizer("inspect_step")
    with model._turns.evaluation("inspect_step"):
        return _view_of_step(model, (x, y, sample_weight), training)


def _view_of_step(model, data, training):
    mode = "train" if training else "test"
    batches = model._whole_batch("inspect_step", data)
    if training:
        model._build_optimizer()
    runner = model._runner_starter(mode)(batches)
    inputs = runner.tensors(0, batches.n_samples)
    watcher = Watcher()
    try:
        with Step(), watcher.watching():
            model.reset_metrics()
            returned = runner.call(*inputs)
            # A step of one's own may return other logs than metrics.
            is_own = isinstance(returned, dict)
            view = watcher.view(as_logs(returned) if is_own else model._logs())
            raise _Abort
    except _Abort:
        return view
