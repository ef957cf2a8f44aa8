"""The loops over epochs and batches around the steps."""

from functools import partial

from kerasette.callbacks import CallbackList
from kerasette.callbacks.callback_list import plain_logs
from kerasette.training.courses import ArrayCourse
from kerasette.training.runner import BatchRunner
from kerasette.training.steps import as_logs
from kerasette.training.watched_kinds import is_ours

# A run returns to Python this often, to see signals and to draw the bar.
CHUNK_SECONDS = 0.02

# Set to True by a callback, each ends its loop after the present batch.
STOPS = {"train": "stop_training", "test": "stop_evaluating", "predict": "stop_predicting"}


class Loop:
    """The part of `Trainer` that goes through epochs and batches, and calls callbacks."""

    def _fit_epochs(self, epochs, numbers, validation, is_validated, hooks, bar):
        self._watch_next_step(False)
        hooks.call("on_train_begin")
        logs = {}
        for epoch in numbers:
            self.reset_metrics()
            hooks.call("on_epoch_begin", epoch)
            course = self._pass_over(epochs, "train", hooks, bar)
            logs = self._logs_of_epoch(course)
            if validation is not None and is_validated(epoch):
                found = self._run_test(validation(), hooks, None)
                logs.update({f"val_{name}": value for name, value in found.items()})
            hooks.call("on_epoch_end", epoch, logs)
            if self.stop_training:
                break
        if numbers and self.optimizer is not None:
            self.optimizer.finalize_variable_values(
                self._once_a_structure("weights", lambda: self.trainable_variables)
            )
        hooks.call("on_train_end", logs)

    def _run_test(self, epochs, hooks, bar):
        self.stop_evaluating = False
        try:
            epochs.begin(is_first=False)
            hooks.call("on_test_begin")
            self.reset_metrics()
            logs = plain_logs(self._logs_of_epoch(self._pass_over(epochs, "test", hooks, bar)))
            hooks.call("on_test_end", logs)
        finally:
            epochs.close()
        return logs

    def _hooks(self, callbacks, verbose, epochs, steps, add_history=False):
        """The user's callbacks, a history in `fit`, and the bar if there is one."""
        hooks = callbacks
        if not isinstance(callbacks, CallbackList):
            hooks = CallbackList(
                callbacks, add_history=add_history, add_progbar=verbose != 0, model=self,
                verbose=verbose, epochs=epochs, steps=steps,
            )  # fmt: skip
        return hooks, hooks.progbar

    def _runner_starter(self, mode, results=None, is_stream=False, is_interrupted=False):
        """A function that makes runners, all of one pass, of `Batches` and an order of samples.

        Parameters
        ----------
        mode : str
        results : Results, optional
        is_stream : bool
            Whether batches are made between the steps.
        is_interrupted : bool
            Whether code of a user runs between the steps.
        """
        step = self._step(mode)
        code = self._user_code_in(mode)
        if code is not None and self._user_code_has_changed(mode):
            self._pool.distrust()
        is_eager = self.run_eagerly or not self._is_recordable(mode, code, is_interrupted)
        has_moved = None if code is None else partial(self._user_code_has_moved, mode)

        def start(batches, order=None):
            if is_stream:
                self._look_again_at_user_code(mode)
            return BatchRunner(
                self._pool, mode, step, batches, order, results, has_moved, is_eager,
                watcher=lambda: self._watcher,
            )  # fmt: skip

        return start

    def _is_recordable(self, mode, code, is_interrupted):
        if code is None or (code.is_steady and (code.is_closed or not is_interrupted)):
            return True
        if not code.is_steady:
            obstacle = "user code draws numbers, or looks at the clock"
        else:
            obstacle = "user code reads what cannot be watched, and other code runs between steps"
        # For the log: whether it is so is asked in each pass.
        if self._pool.is_replayable((mode,)):
            self._pool.note_obstacle((mode,), obstacle)
        return False

    def _look_again_at_user_code(self, mode):
        """Has steps recorded anew if Python that ran between batches changed what they read."""
        if self._user_code_in(mode) is not None and self._user_code_has_moved(mode):
            self._pool.distrust()

    def _count(self, counts):
        # Not by attributes of a model, which are looked at when they are set.
        progress = self.__dict__
        progress["replayed_steps"] += counts[0]
        progress["eager_steps"] += counts[1]

    def _pass_over(self, epochs, mode, hooks, bar, results=None):
        """One epoch; returns to Python for signals, the bar and batch hooks.

        Returns
        -------
        ArrayCourse or StreamCourse
            How far it got.
        """
        batch_hooks = hooks.batch_hooks(mode)
        between = [*batch_hooks, epochs.stream.source] if epochs.is_stream else batch_hooks
        is_interrupted = not all(map(is_ours, between))
        start = self._runner_starter(mode, results, epochs.is_stream, is_interrupted)
        if epochs.is_stream:
            from kerasette.training.stream_batches import StreamCourse

            course = StreamCourse(epochs, start, self._batch_maker(mode, epochs))
        else:
            course = ArrayCourse(epochs, start)
        try:
            at_a_time = self.steps_per_execution if batch_hooks else None
            self._go_through(course, at_a_time, mode, hooks, bar, results)
        finally:
            self._count(course.counts)
        if not getattr(self, STOPS[mode]):
            epochs.end_epoch(course.done)
        return course

    def _go_through(self, course, at_a_time, mode, hooks, bar, results):
        # `at_a_time` is None if nobody asks to be called between batches.
        while course.fetch(at_a_time):
            begun = course.done
            if at_a_time is None:
                # The bar is told of the first batch, whose time it leaves out of the mean.
                course.advance(0.0 if bar is not None and begun == 0 else CHUNK_SECONDS)
                if bar:
                    logs = {} if mode == "predict" else as_logs(self._step_logs(course))
                    bar.progress(course.done, logs)
            else:
                hooks.call(f"on_{mode}_batch_begin", begun)
                self._look_again_at_user_code(mode)
                course.run_fetched()
                if mode == "predict":
                    logs = {"outputs": results.between(begun, course.done)}
                else:
                    logs = self._step_logs(course)
                hooks.call(f"on_{mode}_batch_end", begun + at_a_time - 1, logs)
            if getattr(self, STOPS[mode]):
                break

    def _step_logs(self, course):
        """What the last step returned as logs, or else metrics so far."""
        return self._logs() if course.logs is None else course.logs

    def _logs_of_epoch(self, course):
        """Metrics over the epoch; what the last step returned, where that has other names."""
        if course.done == 0:
            return {}
        logs = self._logs()
        if course.logs is not None and set(course.logs) != set(logs):
            return dict(course.logs)
        return logs
