"""The training half of a model: compile, fit, evaluate, predict."""

from typing import TYPE_CHECKING, Any

import numpy as np

from kerasette import tree
from kerasette._core.ops.operands import checked_bool
from kerasette.data.epochs import Epochs
from kerasette.data.splits import rows_between
from kerasette.data.structures import as_samples, count_samples
from kerasette.training.arguments import (
    checked_batch_size,
    checked_count,
    checked_epoch,
    checked_shuffle,
    checked_steps,
    checked_verbose,
    validated_epochs,
)
from kerasette.training.compile_config import CompileConfig
from kerasette.training.compiling import Compiling
from kerasette.training.data_checks import DataChecks, carried_rows
from kerasette.training.data_sources import DataSources, stream_of
from kerasette.training.inspection import Inspection
from kerasette.training.loop import Loop
from kerasette.training.programs import ProgramPool
from kerasette.training.results import Results
from kerasette.training.single_batches import SingleBatches
from kerasette.training.steps import Steps
from kerasette.training.turns import Turns
from kerasette.training.user_code import UserCode

if TYPE_CHECKING:
    from kerasette.callbacks import History

# Rows that predict takes at a time when nobody named or watches batches. Products of 32 rows, the
# default otherwise, reach four fifths of the speed of these.
UNWATCHED_ROWS = 256


class Trainer(
    CompileConfig, Compiling, DataChecks, DataSources, Inspection, Loop, SingleBatches, Steps
):
    """What a model needs to be trained; mixed into models, apart from `Layer`."""

    # Attributes that say how far training is; setting them changes no recorded step.
    _progress_attributes = frozenset(
        {
            "stop_training", "stop_evaluating", "stop_predicting", "history",
            "replayed_steps", "eager_steps", "steps_per_execution", "run_eagerly",
            "_compiled_trainable_state", "_watcher",
        }
    )  # fmt: skip

    def _init_trainer(self):
        self._pool = ProgramPool()
        self._user_code = UserCode()
        self._turns = Turns()
        self.stop_training = False
        self.stop_evaluating = False
        self.stop_predicting = False
        self.history: Any = None
        # What looks inside the next step; see `inspection`.
        self._watcher = None
        self.run_eagerly = False
        self.steps_per_execution = 1
        # Public counters: how many steps of fit, evaluate and predict were replayed or not.
        self.replayed_steps = 0
        self.eager_steps = 0

    def __getstate__(self):
        # A copy that a callback makes is not looked into.
        return {**super().__getstate__(), "_watcher": None}

    def __setattr__(self, name, value):
        if name in self._progress_attributes:
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)

    # ---- fit -----------------------------------------------------------------------

    def fit(
        self, x=None, y=None, batch_size=None, epochs=1, verbose: Any = "auto", callbacks=None,
        validation_split=0.0, validation_data=None, shuffle: Any = True, class_weight=None,
        sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,
        validation_batch_size=None, validation_freq: Any = 1,
    ) -> "History":  # fmt: skip
        """Trains the model.

        Parameters
        ----------
        x : array of shape (samples, ...), structure of arrays, or batches
            Arrays are those of NumPy, tensors of any library, data frames, memory maps, sparse
            matrices (dense one batch at a time), or lists of numbers; a list, tuple or dict of
            arrays has several inputs. Batches are a `kerasette.utils.PyDataset`, a generator, or
            anything else to iterate over, such as a DataLoader of PyTorch; each is ``(x,)``,
            ``(x, y)`` or ``(x, y, sample_weight)``, and `y` and `sample_weight` are left out.
        y : array of shape (samples, ...), or structure of arrays
            Integers are class numbers; anything else becomes real numbers.
        batch_size : int, optional
            32 by default, or what makes `steps_per_epoch` batches; the last may be shorter.
        epochs : int
            The number of the epoch to stop at.
        verbose : {"auto", 0, 1, 2}
            Silent, a bar ("auto"), or a line an epoch.
        callbacks : list of Callback, optional
        validation_split : float
            The share of the samples, from the end, that is kept for validation; in [0, 1).
        validation_data : (x, y), (x, y, sample_weight), or batches, optional
            Evaluated after every epoch; `validation_split` has no effect then.
        shuffle : bool, "batch" or None
            Whether each epoch goes through the samples in an order drawn anew from NumPy's
            global generator; "batch" shuffles within each batch only. A `PyDataset` is asked for
            its batches in an order drawn by Python's `random`; other batches come as they come.
        class_weight : dict of int to float, optional
            What the samples of a class count in the loss; classes that are not named count 1.
            For arrays and for a `PyDataset`.
        sample_weight : array of shape (samples,), or structure of arrays, optional
            What each sample counts in the loss; one for all outputs, or as `y` for each.
        initial_epoch : int
            The number of the epoch to begin with, counted from 0.
        steps_per_epoch : int, optional
            Batches of an epoch; the next epoch goes on where this one stopped. All by default,
            which is without an end for some generators.
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
            For data, sizes or names that do not fit. The model is as before then, or, if a batch
            is what does not fit, as after the last whole step.
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
        data = (x, y, sample_weight)
        if validation_split and validation_data is None:
            data, validation_data = self._split(data, validation_split)
        with self._turns.training("fit"):
            is_first = self._awaits_shapes
            with self._as_before_on_error():
                passes = self._epochs("fit", data, batch_size, steps, shuffle, class_weight)
                validation = self._checked_validation(
                    validation_data, validation_batch_size, validation_steps, batch_size
                )
            try:
                hooks, bar = self._hooks(
                    callbacks, verbose, epochs, passes.n_steps, add_history=True
                )
                self.stop_training = False
                self._build_optimizer()
                passes.begin(is_first)
                self._fit_epochs(passes, numbers, validation, is_validated, hooks, bar)
            finally:
                passes.close()
        return self.history

    # ---- evaluate --------------------------------------------------------------------

    def evaluate(
        self, x=None, y=None, batch_size=None, verbose: Any = "auto", sample_weight=None,
        steps=None, callbacks=None, return_dict=False,
    ) -> Any:  # fmt: skip
        """Loss and metrics on data.

        Parameters
        ----------
        x, y, sample_weight : array of shape (samples, ...), structure of arrays, or batches
            As for `fit`.
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

        Raises
        ------
        RuntimeError
            If another thread trains this model by `fit`. Other evaluations are waited for.
        """
        self._check_compiled("evaluate")
        verbose = checked_verbose(verbose)
        steps = checked_steps(steps, "steps")
        return_dict = checked_bool(return_dict, "return_dict")
        with self._turns.evaluation("evaluate"):
            epochs = self._epochs("evaluate", (x, y, sample_weight), batch_size, steps)
            hooks, bar = self._hooks(callbacks, verbose, 1, epochs.n_steps)
            logs = self._run_test(epochs, hooks, bar)
        return logs if return_dict else self._in_order(logs)

    # ---- predict ---------------------------------------------------------------------

    def predict(self, x, batch_size=None, verbose: Any = "auto", steps=None, callbacks=None) -> Any:
        """Outputs of the model, batch by batch, with ``training=False``.

        Parameters
        ----------
        x : array of shape (samples, ...), structure of arrays, or batches
            As for `fit`; of batches the first entry counts.
        batch_size : int, optional
            32 by default, or what makes `steps` batches; more where nothing shows it: silent,
            without callbacks, and with layers of this package only.
        verbose : {"auto", 0, 1, 2}
        steps : int, optional
            Number of batches; all by default.
        callbacks : list of Callback, optional

        Returns
        -------
        ndarray of shape (samples, ...), or structure of them
            As the model returns it, in memory of its own.
        """
        verbose = checked_verbose(verbose)
        steps = checked_steps(steps, "steps")
        stream = stream_of(x)
        if stream is not None:
            from kerasette.data.stream_epochs import StreamEpochs
            from kerasette.training.stream_sources import warn_of_batch_size

            if batch_size is not None:
                warn_of_batch_size(stream, checked_batch_size(batch_size))
            return self._predict_over(StreamEpochs(stream, steps), verbose, callbacks, Results())
        x = as_samples(x, "x")
        n_samples = count_samples(x)
        size = checked_batch_size(batch_size, n_samples, steps)
        is_watched = verbose or callbacks is not None or self.run_eagerly
        is_free = batch_size is None and not is_watched
        if n_samples > size and steps is None:
            self._check_carried_rows(n_samples, size)
            if is_free and not self._user_code_in("predict") and carried_rows(self) is None:
                size = UNWATCHED_ROWS
        if n_samples == 0:
            return self._predict_nothing(x)
        if steps is not None and n_samples > steps * size:
            n_samples = steps * size
            x = rows_between(x, 0, n_samples)
        size = min(size, n_samples)
        batches = self._prediction_batches(x, size)
        results = Results(n_samples, size)
        if size == n_samples and not is_watched:
            # A service asks for one row at a time: nothing is built that nobody looks at.
            self._run_one("predict", batches, results)
            return results.all(1)
        return self._predict_over(Epochs(batches, steps), verbose, callbacks, results)

    def _predict_over(self, epochs, verbose, callbacks, results):
        hooks, bar = self._hooks(callbacks, verbose, 1, epochs.n_steps)
        self.stop_predicting = False
        try:
            hooks.call("on_predict_begin")
            course = self._pass_over(epochs, "predict", hooks, bar, results)
            hooks.call("on_predict_end")
        finally:
            epochs.close()
        return results.all(course.done)

    def _predict_nothing(self, x):
        """Outputs for no samples."""
        _, outputs = self._specs_and_outputs(x)
        return tree.map_structure(
            lambda spec: np.empty((0, *[size or 0 for size in spec.shape[1:]]), spec.dtype), outputs
        )
