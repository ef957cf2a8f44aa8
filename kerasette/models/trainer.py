"""The training half of a model: compile, fit, evaluate, predict."""

import numpy as np

from kerasette.data.arrays import Batches, as_samples
from kerasette.data.epochs import Epochs, discard_first_draw
from kerasette.models.arguments import (
    checked_batch_size,
    checked_bool,
    checked_count,
    checked_epoch,
    checked_shuffle,
    checked_steps,
    checked_verbose,
    validated_epochs,
)
from kerasette.models.compiling import Compiling
from kerasette.models.data_checks import DataChecks
from kerasette.models.loop import Loop
from kerasette.models.programs import ProgramPool
from kerasette.models.single_batches import SingleBatches
from kerasette.models.steps import Steps
from kerasette.models.user_code import UserCode

# Rows that predict takes at a time when nobody named or watches batches. Products of 32 rows, the
# default otherwise, reach four fifths of the speed of these.
UNWATCHED_ROWS = 256


class Trainer(Compiling, DataChecks, Loop, SingleBatches, Steps):
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
        self._user_code = UserCode()
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
            If another thread, or the `fit` that this one is called from, trains this model.
        """
        self._check_compiled("fit")
        self._check_has_optimizer("fit")
        epochs = checked_count(epochs, "epochs")
        numbers = range(checked_epoch(initial_epoch, "initial_epoch"), epochs)
        verbose = checked_verbose(verbose)
        shuffle = checked_shuffle(shuffle)
        steps = checked_steps(steps_per_epoch, "steps_per_epoch")
        is_validated = validated_epochs(validation_freq)
        is_first = self._awaits_shapes
        data = (x, y, self._weighted(y, sample_weight, class_weight))
        if validation_split and validation_data is None:
            data, validation_data = self._split(data, sample_weight, validation_split)
        if validation_batch_size is None:
            validation_batch_size = batch_size
        with self._as_before_on_error():
            batches = self._checked_data("fit", data, batch_size, steps)
            validation = self._checked_validation(
                validation_data, validation_batch_size, validation_steps
            )
        passes = Epochs(batches, steps, shuffle)
        self._check_is_idle("fit")
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
        return_dict = checked_bool(return_dict, "return_dict")
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
            size = size if self._user_code_in("predict") else UNWATCHED_ROWS
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
