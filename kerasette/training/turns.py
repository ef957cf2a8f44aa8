"""Whose turn it is with a model: one thread at a time trains or evaluates it."""

import threading

# So often who waits looks whether a `fit` has begun, which nobody waits for.
LOOK_SECONDS = 0.05


class Turns:
    """The turns of threads to use the metrics of a model, in which training and evaluation count.

    Within its turn a thread may take another: `evaluate` in a callback of `fit`.

    Attributes
    ----------
    training : str or None
        The method that trains the model now.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._holder = None
        self._depth = 0
        self.training = None

    def __deepcopy__(self, memo):
        # A copy that a callback makes is not being trained.
        return Turns()

    def __reduce__(self):
        return Turns, ()

    def begin_training(self, method):
        """Waits for evaluations in other threads; raises if the model is trained."""
        self._begin(method, self.check_is_idle)
        if self.training is not None:
            # By the `fit` that this is called from.
            self.end()
            self.check_is_idle(method)
        self.training = method

    def end_training(self):
        self.training = None
        self.end()

    def begin_evaluation(self, method):
        """Waits for evaluations and single steps in other threads; raises if one runs `fit`."""
        self._begin(method, self._check_not_in_fit)

    def end(self):
        self._depth -= 1
        if self._depth == 0:
            self._holder = None
            self._lock.release()

    def check_is_idle(self, method):
        """Raises if the model is being trained."""
        if self.training is not None:
            raise RuntimeError(
                f"`{method}` cannot be called while the model is being trained, by a callback of "
                "`fit` or by another thread."
            )

    def _check_not_in_fit(self, method):
        if self.training == "fit":
            raise RuntimeError(
                f"`{method}` cannot be called while another thread trains the model by `fit`: both "
                "would count in the same metrics. Call it on a copy, `copy.deepcopy(model)`."
            )

    def _begin(self, method, check):
        thread = threading.current_thread()
        if self._holder is not thread:
            self._wait(method, check)
            self._holder = thread
        self._depth += 1

    def _wait(self, method, check):
        is_free = self._lock.acquire(blocking=False)
        while not is_free:
            holder = self._holder
            if holder is not None and not holder.is_alive():
                # This process was forked in the middle of its turn; it does not go on here.
                self.__init__()
            check(method)
            is_free = self._lock.acquire(timeout=LOOK_SECONDS)
