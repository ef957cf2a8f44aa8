"""The loops over epochs and batches around the steps."""

from kerasette.callbacks import CallbackList
from kerasette.models.runner import FOREVER, BatchRunner

# A run returns to Python this often, to see signals and to draw the bar.
CHUNK_SECONDS = 0.02

# Set to True by a callback, each ends its loop after the present batch.
STOPS = {"train": "stop_training", "test": "stop_evaluating", "predict": "stop_predicting"}


class Loop:
    """The part of `Trainer` that goes through epochs and batches, and calls callbacks."""

    def _fit_epochs(self, epochs, numbers, validation, is_validated, hooks, bar):
        hooks.call("on_train_begin")
        logs = {}
        for epoch in numbers:
            self.reset_metrics()
            hooks.call("on_epoch_begin", epoch)
            self._pass_over(epochs, "train", self._train_step, hooks, bar)
            logs = self._logs()
            if validation is not None and is_validated(epoch):
                found = self._run_test(validation(), hooks, None)
                logs.update({f"val_{name}": value for name, value in found.items()})
            hooks.call("on_epoch_end", epoch, logs)
            if self.stop_training:
                break
        if numbers:
            self.optimizer.finalize_variable_values(self.trainable_variables)
        hooks.call("on_train_end", logs)

    def _run_test(self, epochs, hooks, bar):
        self.stop_evaluating = False
        hooks.call("on_test_begin")
        self.reset_metrics()
        self._pass_over(epochs, "test", self._test_step, hooks, bar)
        logs = self._logs()
        hooks.call("on_test_end", logs)
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

    def _runner(self, batches, mode, step, order=None, result=None):
        has_user_code = self._user_code_in(mode) is not None
        if has_user_code and self._user_code.has_changed(mode):
            self._pool.distrust()
        return BatchRunner(
            self._pool, mode, step, batches, order, result, has_user_code, self.run_eagerly
        )

    def _count(self, runner):
        self.replayed_steps += runner.n_replayed
        self.eager_steps += runner.n_eager

    def _pass_over(self, epochs, mode, step, hooks, bar, result=None):
        """One epoch; returns to Python for signals, the bar and batch hooks.

        Returns
        -------
        int
            Number of batches that were done.
        """
        order, first, last = epochs.draw()
        runner = self._runner(epochs.batches, mode, step, order, result)
        at_a_time = self.steps_per_execution if hooks.wants_batches(mode) else None
        stop, done = STOPS[mode], first
        try:
            while done < last:
                begun = done
                if at_a_time is None:
                    # The bar is told of the first batch, whose time it leaves out of the mean.
                    is_alone = bar is not None and done == first
                    done = runner.run(done, last, 0.0 if is_alone else CHUNK_SECONDS)
                    if bar:
                        bar.progress(done - first, {} if mode == "predict" else self._logs())
                else:
                    hooks.call(f"on_{mode}_batch_begin", begun - first)
                    end = min(begun + at_a_time, last)
                    while done < end:
                        done = runner.run(done, end, FOREVER if at_a_time > 1 else 0.0)
                    logs = self._batch_logs(mode, epochs.batches, result, begun, done)
                    hooks.call(f"on_{mode}_batch_end", begun + at_a_time - 1 - first, logs)
                if getattr(self, stop):
                    break
        finally:
            self._count(runner)
        if not getattr(self, stop):
            epochs.warn_if_short(done - first)
        return done - first

    def _batch_logs(self, mode, batches, result, begun, done):
        if mode != "predict":
            return self._logs()
        size = batches.batch_size
        return {"outputs": result[begun * size : done * size].copy()}
