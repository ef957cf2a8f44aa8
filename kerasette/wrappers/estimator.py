"""What estimators have in common: from data and parameters to a trained model."""

import copy
from contextlib import nullcontext
from numbers import Integral, Real
from typing import ClassVar

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, Options, StrOptions

from kerasette.callbacks import Callback
from kerasette.callbacks.callback_list import flatten
from kerasette.data.structures import as_samples
from kerasette.default_dtype import floatx_in_thread
from kerasette.random.sources import RandomSources
from kerasette.wrappers.attributes import FittedAttributes
from kerasette.wrappers.dtypes import dtype_of
from kerasette.wrappers.failures import (
    attributes_as_before_on_error,
    check_finite,
    draws_as_before_on_error,
    training_as_before_on_error,
)
from kerasette.wrappers.going_on import check_unchanged, parameters_of_model, take_weights
from kerasette.wrappers.inputs import check_range, holds_float64, row_shapes
from kerasette.wrappers.models import Task, build_model
from kerasette.wrappers.outputs import output_shape
from kerasette.wrappers.parameters import NestedParameters
from kerasette.wrappers.penalty import penalise, penalise_anew
from kerasette.wrappers.samples import weighted_samples
from kerasette.wrappers.stopping import Progress, put_aside
from kerasette.wrappers.targets import for_loss_of
from kerasette.wrappers.threads import threads_of_fit

POSITIVE = Interval(Integral, 1, None, closed="left")


class KerasetteEstimator(FittedAttributes, NestedParameters, BaseEstimator):
    """The part of estimators that trains a model.

    Subclasses say what y is: they define `_checked_data`, which returns X, y in the form of
    `_targets.encoded` and weights of classes or None; `_strata`, `_scorer` and `_note_outputs`.
    """

    _parameter_constraints: ClassVar[dict] = {
        "alpha": [Interval(Real, 0, None, closed="left")],
        "batch_size": [StrOptions({"auto"}), POSITIVE],
        "epochs": [Interval(Integral, 0, None, closed="left")],
        "shuffle": ["boolean"],
        "tol": [None, Interval(Real, 0, None, closed="left")],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "n_iter_no_change": [POSITIVE, Options(Real, {np.inf})],
        "callbacks": [None, list, tuple, Callback],
        "random_state": ["random_state"],
        "warm_start": ["boolean"],
        "verbose": ["boolean", Interval(Integral, 0, 2, closed="both")],
    }

    def _store(self, given):
        """Makes attributes of the constructor's arguments, as they are.

        Parameters
        ----------
        given : dict
            ``locals()`` of the constructor.
        """
        for name, value in given.items():
            if name not in ("self", "nested", "__class__"):
                setattr(self, name, value)
        self._set_nested(given["nested"])

    def _fit(self, X, y, sample_weight, is_partial=False, **kwargs):
        """Trains with all epochs, or with one; the estimator is as before if that fails."""
        with attributes_as_before_on_error(self):
            self._validate_params()
            if is_partial and self.early_stopping:
                raise ValueError("partial_fit does not support early_stopping=True")
            goes_on = hasattr(self, "model_") and (is_partial or self.warm_start)
            X, y, of_classes = self._checked_data(X, y, goes_on, is_partial, **kwargs)
            samples = weighted_samples(X, y, sample_weight, of_classes)
            self._train(samples, goes_on, is_partial)
        return self

    def _train(self, samples, goes_on, is_partial):
        rng = self._generator()
        X = samples.X
        samples, held_out = self._split(samples, rng)
        most = 200 if self.batch_size == "auto" else self.batch_size
        epochs = 1 if is_partial else self.epochs
        if epochs:
            samples = samples.for_batches(most, self.shuffle)
        size = min(most, len(samples))
        if not goes_on:
            self._row_shapes = row_shapes(samples.X)
            self._sources = RandomSources(rng.randint(2**31))
        task = self._task(samples.X, size * samples.mean_weight)
        is_anew = goes_on and not is_partial
        draws = draws_as_before_on_error(self._sources) if is_anew else nullcontext()
        with self._sources.in_use(), draws:
            model = self._prepared_model(samples.X, task, goes_on, is_partial)
            self._dtype = dtype_of(model)
            check_range(X, self._dtype)
            with floatx_in_thread(self._dtype):
                progress = self._progress(model, held_out, goes_on, is_partial)
                is_same = goes_on and is_partial
                undoing = training_as_before_on_error(self._sources) if is_same else nullcontext(())
                with undoing as callbacks:
                    own = [progress, *callbacks]
                    history = self._run_epochs(model, samples, size, epochs, own)
                    check_finite(model)
        self.model_ = model
        self._note_outputs(as_samples(samples.X, "X"))
        self._note(progress, history, len(samples), goes_on)

    def _generator(self):
        """Where the validation split and the seed of all the rest are drawn from."""
        if self.random_state is None:
            # One draw, whatever the parameters are.
            return np.random.RandomState(check_random_state(None).randint(2**31))
        return check_random_state(self.random_state)

    def _split(self, samples, rng):
        """The samples to train with, and those put aside for early stopping, or None."""
        if not self.early_stopping:
            return samples, None
        fraction = float(self.validation_fraction)
        train, test = put_aside(len(samples), fraction, self._strata(samples.y), rng)
        return samples.rows(train), samples.rows(test)

    def _progress(self, model, held_out, goes_on, is_partial):
        score = None if held_out is None else self._scorer(model, held_out)
        progress = Progress(None if is_partial else self.tol, self.n_iter_no_change, score)
        if goes_on:
            progress.go_on(*self._course_so_far())
        return progress

    def _task(self, X, batch_weight):
        shape, activation = self._targets.output_for(self.loss)
        return Task(
            input_shape=self._row_shapes,
            output_shape=shape,
            loss=self._targets.loss,
            output_activation=activation,
            batch_weight=batch_weight,
            dtype="float64" if holds_float64(X) else "float32",
            n_classes=self._targets.n_classes,
        )

    def _prepared_model(self, X, task, goes_on, is_partial):
        """A new model, with the weights of before if training goes on; or the one of before."""
        params = self._parameters()
        now = parameters_of_model(params)
        is_default = self.model is None
        if is_partial and goes_on:
            check_unchanged(self._made_of, now)
            self.model_._check_is_idle("partial_fit")
            repeat = penalise_anew if is_default else penalise
            repeat(self.model_, self.alpha, task.batch_weight)
            return self.model_
        self._made_of = now
        model = build_model(params, task)
        self._check_model(model, as_samples(X, "X"))
        if not is_default:
            penalise(model, self.alpha, task.batch_weight)
        if goes_on:
            take_weights(model, self.model_)
        return model

    def _check_model(self, model, X):
        """Raises unless a model, which is built by X, can be trained with it."""
        output_shape(model, X, self._targets.output_shape)

    def _targets_for(self, model, X, y):
        """What the loss compares the outputs with."""
        return for_loss_of(model, X, self._targets, y)

    def _run_epochs(self, model, samples, size, epochs, own_callbacks):
        """Logs of the epochs, by name."""
        X = as_samples(samples.X, "X")
        targets = self._targets_for(model, X, samples.y)
        if not epochs:
            return {}
        callbacks = [*own_callbacks, *map(copy.copy, flatten(self.callbacks or ()))]
        with threads_of_fit(model, size):
            return model.fit(
                X, targets, size, epochs, int(self.verbose), callbacks, shuffle=self.shuffle,
                sample_weight=samples.weights,
            ).history  # fmt: skip

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.three_d_array = True
        # The default network has one input.
        tags.input_tags.dict = self.model is not None
        return tags
