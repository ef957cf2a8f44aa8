"""Progress on the console."""

import sys
import time

from kerasette.callbacks.base import Callback

BAR_WIDTH = 20
# Redrawing more often costs more than anybody sees.
REDRAW_SECONDS = 0.05

BOLD, GREEN, WHITE, PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"


class ProgbarLogger(Callback):
    """Draws a bar for every epoch (verbose 1), or prints a line at its end (verbose 2)."""

    def __init__(self, verbose=1):
        super().__init__()
        self.verbose = verbose
        self._mode = None

    def on_epoch_begin(self, epoch, logs=None):
        self._mode = "train"
        if self.params["epochs"] > 1:
            print(f"Epoch {epoch + 1}/{self.params['epochs']}", flush=True)
        self._start()

    def on_epoch_end(self, epoch, logs=None):
        self._finish(logs, epoch)
        self._mode = None

    def on_test_begin(self, logs=None):
        # Validation within a fit is silent.
        if self._mode is None:
            self._mode = "test"
            self._start()

    def on_test_end(self, logs=None):
        if self._mode == "test":
            self._finish(logs)
            self._mode = None

    def on_predict_begin(self, logs=None):
        self._start()

    def on_predict_end(self, logs=None):
        self._finish({})

    def progress(self, done, logs):
        """Tells that `done` batches are done; draws if it is time."""
        now = time.time()
        if self.verbose == 1 and now - self._drawn > REDRAW_SECONDS:
            self._drawn = now
            self._draw(done, logs, now)

    def _start(self):
        self._began = time.time()
        self._drawn = 0.0
        self._width = 0

    def _finish(self, logs, epoch=None):
        now = time.time()
        if self.verbose == 1:
            self._draw(self.params["steps"], logs or {}, now, is_last=True)
            return
        steps = self.params["steps"]
        spent = now - self._began
        done = epoch + 1 if epoch is not None else steps
        total = self.params["epochs"] if epoch is not None else steps
        line = f"{done}/{total} - {spent:.0f}s - {per_step(spent / max(steps, 1))}"
        print(line + metrics_text(logs or {}), flush=True)

    def _draw(self, done, logs, now, is_last=False):
        total = self.params["steps"]
        filled = BAR_WIDTH * done // max(total, 1)
        spent = now - self._began
        seconds = spent / max(done, 1)
        count = f"{done:{len(str(total))}d}/{total}"
        left = duration(spent if is_last else seconds * (total - done))
        text = f" {per_step(seconds)}{metrics_text(logs)}"
        width = len(count) + 1 + BAR_WIDTH + 1 + len(left) + len(text)
        sys.stdout.write(
            "\b" * self._width + "\r" + f"{BOLD}{count}{PLAIN} {GREEN}{'━' * filled}{PLAIN}"
            f"{WHITE}{'━' * (BAR_WIDTH - filled)}{PLAIN} {BOLD}{left}{PLAIN}{text}"
            + " " * max(0, self._width - width)
            + ("\n" if is_last else "")
        )
        sys.stdout.flush()
        self._width = width


def duration(seconds):
    """Seconds as ``3s``, ``1:05`` or ``1:02:03``."""
    seconds = int(seconds)
    if seconds >= 3600:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return f"{seconds // 60}:{seconds % 60:02d}" if seconds >= 60 else f"{seconds}s"


def per_step(seconds):
    """Seconds a step as ``2s/step``, ``12ms/step`` or ``340us/step``."""
    if seconds >= 1:
        return f"{seconds:.0f}s/step"
    return f"{seconds * 1e3:.0f}ms/step" if seconds >= 1e-3 else f"{seconds * 1e6:.0f}us/step"


def metrics_text(logs):
    """`` - name: value`` for every entry."""
    return "".join(
        f" - {name}: {value:.4f}" if abs(value) > 1e-3 else f" - {name}: {value:.4e}"
        for name, value in logs.items()
    )
