"""Whether configs may hold code that is run, in this thread."""

import threading


class _State(threading.local):
    safe_mode = None


_state = _State()


def in_safe_mode():
    """Whether code in configs is refused; None if nothing has been said."""
    return _state.safe_mode


def enable_unsafe_deserialization():
    """Lets configs hold lambdas, whose code is run: for files that one trusts.

    From now on, in this thread, ``safe_mode`` of functions that read configs makes no difference.
    """
    _state.safe_mode = False


class SafeModeScope:
    """Within it, configs in configs are read with the same `safe_mode`."""

    def __init__(self, safe_mode):
        self.safe_mode = safe_mode

    def __enter__(self):
        self._outer = _state.safe_mode
        _state.safe_mode = self.safe_mode

    def __exit__(self, *exception):
        _state.safe_mode = self._outer
