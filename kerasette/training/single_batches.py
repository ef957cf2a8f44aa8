"""Steps that the user's own loop takes one at a time."""

from typing import Any

from kerasette._core.ops.operands import checked_bool
from kerasette.data.structures import as_samples, count_samples
from kerasette.training.results import Results
from kerasette.training.steps import as_logs


class SingleBatches:
    """The part of `Trainer` with the methods that run one step."""

    def train_on_batch(
        self, x, y=None, sample_weight=None, class_weight=None, return_dict=False
    ) -> Any:
        """One step of training on one batch.

        Parameters
        ----------
        x, y, sample_weight : array of shape (samples, ...), or structure of them
        class_weight : dict of int to float, optional
            As for `fit`.
        return_dict : bool

        Returns
        -------
        float, list of float or dict
            Loss and metrics of this batch, as `evaluate` gives them.
        """
        self._check_compiled("train_on_batch")
        self._check_has_optimizer("train_on_batch")
        return_dict = checked_bool(return_dict, "return_dict")
        data = (x, y, self._weighted(y, sample_weight, class_weight))
        with self._turns.training("train_on_batch"):
            batches = self._whole_batch("train_on_batch", data)
            self._build_optimizer()
            self.reset_metrics()
            logs = self._run_one("train", batches)
        return logs if return_dict else self._in_order(logs)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False) -> Any:
        """Loss and metrics on one batch, as `evaluate` gives them."""
        self._check_compiled("test_on_batch")
        return_dict = checked_bool(return_dict, "return_dict")
        with self._turns.evaluation("test_on_batch"):
            batches = self._whole_batch("test_on_batch", (x, y, sample_weight))
            self.reset_metrics()
            logs = self._run_one("test", batches)
        return logs if return_dict else self._in_order(logs)

    def predict_on_batch(self, x) -> Any:
        """Outputs for one batch: arrays of shape (samples, ...) in memory of their own."""
        x = as_samples(x, "x")
        n_samples = count_samples(x)
        if n_samples == 0:
            return self._predict_nothing(x)
        results = Results(n_samples, n_samples)
        self._run_one("predict", self._prediction_batches(x, n_samples), results)
        return results.all(1)

    def _run_one(self, mode, batches, results=None):
        """One step on one batch, without callbacks; returns its logs."""
        runner = self._runner_starter(mode, results)(batches)
        try:
            runner.run(0, 1, 0.0)
        finally:
            self._count((runner.n_replayed, runner.n_eager))
        if mode == "predict":
            return None
        return as_logs(self._step_logs(runner))
