"""Steps that the user's own loop takes one at a time."""

from kerasette.data.arrays import as_samples
from kerasette.models.arguments import checked_bool


class SingleBatches:
    """The part of `Trainer` with the methods that run one step."""

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        """One step of training on one batch.

        Parameters
        ----------
        x, y, sample_weight : array of shape (samples, ...)
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
        batches = self._whole_batch("train_on_batch", data)
        self._check_is_idle("train_on_batch")
        self._is_training = True
        try:
            self.optimizer.ensure_built(self.trainable_variables)
            self.reset_metrics()
            self._run_one("train", self._train_step, batches)
            logs = self._logs()
        finally:
            self._is_training = False
        return logs if return_dict else self._in_order(logs)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Loss and metrics on one batch, as `evaluate` gives them."""
        self._check_compiled("test_on_batch")
        return_dict = checked_bool(return_dict, "return_dict")
        batches = self._whole_batch("test_on_batch", (x, y, sample_weight))
        self.reset_metrics()
        self._run_one("test", self._test_step, batches)
        logs = self._logs()
        return logs if return_dict else self._in_order(logs)

    def predict_on_batch(self, x):
        """Outputs for one batch, an array of shape (samples, ...) in memory of its own."""
        x = as_samples(x, "x")
        return self.predict(x, batch_size=max(len(x), 1), verbose=0)

    def _run_one(self, mode, step, batches, result=None):
        """One step on one batch, without callbacks."""
        runner = self._runner(batches, mode, step, None, result)
        runner.run(0, 1, 0.0)
        self._count(runner)
