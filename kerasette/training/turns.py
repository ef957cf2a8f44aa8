"""Whose turn it is with a model: one thread at a time trains or evaluates it."""

import threading
from contextlib import contextmanager

# So often who waits looks whether a `fit` has begun, which nobody waits for.
LOOK_SECONDS = 0.05


class Turns:
    """The turns of threads to use the metrics of a model, in which training and evaluation count.

    Within its turn a thread may take another: `evaluate` in a callback of `fit`.

    Attributes
    ----------
    trained_by : str or None
        The method that trains the model now.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._holder = None
        self._depth = 0
        self.trained_by = None

    def __deepcopy__(self, memo):
        # A copy that a callback makes is not being trained.
        return Turns()

    def __reduce__(self):
        return Turns, ()

    @contextmanager
    def training(self, method):
        """A turn to train in; waits for evaluations in other threads.

        Raises
        ------
        RuntimeError
            If the model is trained already, by another thread or by whom this is called from.
        """
        with self._turn(method, self.check_is_idle):
            self.check_is_idle(method)
            self.trained_by = method
            try:
                yield
            finally:
                self.trained_by = None

    def evaluation(self, method):
        """A turn to evaluate in; waits for evaluations and single steps in other threads.

        Raises
        ------
        RuntimeError
            If another thread trains the model by `fit`.
        """
        return self._turn(method, self._check_not_in_fit)

    def check_is_idle(self, method):
        """Raises if the model is being trained."""
        if self.trained_by is not None:
            raise RuntimeError(
                f"`{method}` cannot be called while the model is being trained, by a callback of "
                "`fit` or by another thread."
            )

    def _check_not_in_fit(self, method):
        if self.trained_by == "fit":
            raise RuntimeError(
                f"`{method}` cannot be called while another thread trains the model by `fit`: both "
                "would count in the same metrics. Call it on a copy, `copy.deepcopy(model)`."
            )

    @contextmanager
    def _turn(self, method, check):
        thread = threading.current_thread()
        if self._holder is not thread:
            self._wait(method, check)
            self._holder = thread
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._holder = None
                self._lock.release()

    def _wait(self, method, check):
        is_free = self._lock.acquire(blocking=False)
        while not is_free:
            holder = self._holder
            if holder is not None and not holder.is_alive():
                # This process was forked in the middle of its turn; it does not go on here.
                self.__init__()
            check(method)
            is_free = self._lock.acquire(timeout=LOOK_SECONDS)
