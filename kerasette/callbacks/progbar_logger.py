"""Progress on the console."""

from kerasette.callbacks.base import Callback, content_between_chunks
from kerasette.utils.console import print_msg
from kerasette.utils.progbar import Progbar


class ProgbarLogger(Callback):
    """Draws a bar for each epoch, evaluation or prediction, or prints a line at its end.

    `fit`, `evaluate` and `predict` add one, unless ``verbose=0``; ``verbose`` among the
    parameters of the run says which of the two it does. Validation within a fit is silent.

    Attributes
    ----------
    seen : int
        Number of batches done.
    target : int or None
        Number of batches to do, if it is known.
    progbar : Progbar or None
    """

    def __init__(self):
        super().__init__()
        self.seen = 0
        self.progbar = None
        self.target = None
        self.verbose = 1
        self.epochs = 1
        self._is_in_fit = False

    def set_params(self, params):
        """Takes ``verbose``, ``epochs`` and ``steps``."""
        super().set_params(params)
        self.verbose = 1 if params["verbose"] == "auto" else params["verbose"]
        self.epochs = params["epochs"]
        self.target = params["steps"]

    def on_train_begin(self, logs=None):
        self._is_in_fit = True

    def on_epoch_begin(self, epoch, logs=None):
        self._start()
        if self.verbose and self.epochs > 1:
            print_msg(f"Epoch {epoch + 1}/{self.epochs}")

    def on_epoch_end(self, epoch, logs=None):
        self._finish(logs)

    def on_test_begin(self, logs=None):
        if not self._is_in_fit:
            self._start()

    def on_test_end(self, logs=None):
        if not self._is_in_fit:
            self._finish(logs)

    def on_predict_begin(self, logs=None):
        self._start()

    def on_predict_end(self, logs=None):
        self._finish(logs)

    @content_between_chunks
    def on_train_batch_end(self, batch, logs=None):
        self.progress(batch + 1, logs)

    @content_between_chunks
    def on_test_batch_end(self, batch, logs=None):
        if not self._is_in_fit:
            self.progress(batch + 1, logs)

    @content_between_chunks
    def on_predict_batch_end(self, batch, logs=None):
        self.progress(batch + 1, None)

    def progress(self, done, logs):
        """Says that `done` batches are done. Saying so twice is the same as once."""
        if self.progbar is None:
            self._start()
        if done == self.seen:
            return
        self.seen = done
        if self.verbose == 1:
            self.progbar.update(done, list((logs or {}).items()), finalize=False)

    def _start(self):
        self.seen = 0
        self.progbar = Progbar(
            target=self.target, verbose=self.verbose, unit_name="step", stateless_metrics=()
        )

    def _finish(self, logs):
        if self.target is None:
            self.target = self.progbar.target = self.seen
        self.progbar.update(self.target, list((logs or {}).items()), finalize=True)
