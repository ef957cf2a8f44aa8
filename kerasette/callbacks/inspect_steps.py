"""Looking inside chosen steps of a training."""

from kerasette.callbacks.base import Callback
from kerasette.checks import is_whole


class InspectSteps(Callback):
    """Keeps activations and gradients of chosen steps of `fit`. (Not in Keras.)

    The chosen steps are those of the training itself: they are run in Python, with the same
    results to the bit, and looked at on the way. See `StepView` for what is kept.

    Parameters
    ----------
    steps : int or collection of int
        Steps, counted from 0 and on over the epochs of one `fit`.
    on_step : callable, optional
        Called with the number of the step and its `StepView`; otherwise all are kept in
        ``views``.

    Attributes
    ----------
    views : dict of int to StepView
        By the number of the step; empty with `on_step`.

    Raises
    ------
    ValueError
        If a step is no integer from 0 on.

    Notes
    -----
    With this callback `fit` returns to Python after each batch. All of a step's arrays are kept
    until the callback is deleted.

    Examples
    --------
    >>> import kerasette, numpy as np
    >>> model = kerasette.Sequential([kerasette.Input((2,)), kerasette.layers.Dense(1, name="a")])
    >>> model.compile("sgd", "mse")
    >>> inside = kerasette.callbacks.InspectSteps([0, 3])
    >>> _ = model.fit(np.ones((8, 2)), np.ones(8), batch_size=4, epochs=2, verbose=0,
    ...               callbacks=[inside])
    >>> inside.views[3].activation_gradients["a"].shape
    (4, 1)
    """

    def __init__(self, steps, on_step=None):
        super().__init__()
        chosen = [steps] if is_whole(steps) else list(steps)
        for step in chosen:
            if not is_whole(step) or step < 0:
                raise ValueError(f"`steps` must be integers, 0 or more. Received: steps={steps!r}")
        if on_step is not None and not callable(on_step):
            raise ValueError(f"`on_step` must be callable. Received: on_step={on_step!r}")
        self.steps = frozenset(chosen)
        self.on_step = on_step
        self.views = {}
        self._step = 0

    def on_train_begin(self, logs=None):
        """Counts from 0.

        Raises
        ------
        ValueError
            If the model was compiled to run several steps at a time.
        """
        if self.model.steps_per_execution != 1:
            raise ValueError(
                "InspectSteps sees single steps: compile the model with `steps_per_execution=1`. "
                f"Received: steps_per_execution={self.model.steps_per_execution}"
            )
        self._step = 0
        self.views = {}

    def on_train_batch_begin(self, batch, logs=None):
        """Has the step watched if it is one of the chosen."""
        self.model._watch_next_step(self._step in self.steps)

    def on_train_batch_end(self, batch, logs=None):
        """Keeps what was seen."""
        if self._step in self.steps:
            view = self.model._watched_step(logs)
            if self.on_step is None:
                self.views[self._step] = view
            else:
                self.on_step(self._step, view)
        self._step += 1
