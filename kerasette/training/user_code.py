"""Which code that is not ours runs in a step: its recordings are not trusted at once."""

from kerasette._core.structure import structure_version
from kerasette._core.tensor import Tensor
from kerasette.tracking import Tracked
from kerasette.training.watched_kinds import is_ours


class UserCode:
    """The code of a user in a model, by the kind of step that it runs in."""

    def __init__(self):
        self._version = None
        self._known = {}

    def __deepcopy__(self, memo):
        # What was found belongs to the objects of one model.
        return UserCode()

    def __reduce__(self):
        return UserCode, ()

    def find(self, mode, layers, parts):
        """What runs in steps of a kind: a `WatchedCode`, or None.

        Parameters
        ----------
        mode : str
        layers, parts : callable
            Give what `code_of_users` takes.
        """
        version = structure_version()
        if version != self._version:
            # Not cleared: another thread may be looking into it.
            self._known = {}
            self._version = version
        known = self._known
        if mode not in known:
            known[mode] = code_of_users(layers(), parts())
        return known[mode]

    def has_changed(self, mode, layers, parts):
        """Whether the code in steps of a kind may do something else than when it was found."""
        code = self.find(mode, layers, parts)
        if code is None or not code.has_changed():
            return False
        self.has_moved(mode, layers, parts)
        return True

    def has_moved(self, mode, layers, parts):
        """Whether something of what the code reads, and can be watched, is not as it was.

        What it is now counts from then on.
        """
        code = self.find(mode, layers, parts)
        if code is None or not code.has_moved():
            return False
        # What it reads now is what the next recordings hold.
        self._known[mode] = code_of_users(layers(), parts())
        return True


def code_of_users(layers, parts):
    """The code of a user that may run in a step, or None if there is none.

    Parameters
    ----------
    layers : list of Layer
        With the regularizers and constraints of their own weights.
    parts : list
        Losses, metrics, the optimizer, and what else steps call; None among them is ours.

    Returns
    -------
    WatchedCode or None
    """
    roots, seen = [], set()
    for part in (*layers, *parts):
        _collect(part, roots, seen)
    for layer in layers:
        for weight in layer._own_weights():
            _collect(weight.regularizer, roots, seen)
            _collect(weight.constraint, roots, seen)
    if not roots:
        return None
    # What most models do not need is loaded when it is needed.
    from kerasette.training.watched_code import WatchedCode

    return WatchedCode(roots)


def _collect(part, roots, seen):
    """Adds a part to `roots` if its class is not ours, or what it holds and may call.

    So counts an object with a public dict, too: what stands in it may change without notice.
    """
    # A method runs with what its object holds.
    owner = getattr(part, "__self__", part)
    if part is None or id(part) in seen:
        return
    seen.add(id(part))
    if not _is_ours(part) or not _is_ours(owner):
        roots.append(part)
    if not isinstance(owner, Tracked):
        return
    if _shows_dict(owner):
        roots.append(owner)
    for value in _held_by(owner):
        _collect(value, roots, seen)


def _held_by(part):
    """What an object may call among its attributes; initializers run in no step."""
    apart = getattr(part, "_parts_of_training", ())
    for name, value in part.__dict__.copy().items():
        if name in apart or name.endswith("initializer") or isinstance(value, Tensor):
            continue
        if callable(value) or isinstance(value, Tracked):
            yield value


def _shows_dict(part):
    apart = getattr(part, "_parts_of_training", ())
    return any(
        isinstance(value, dict) and value and not name.startswith("_") and name not in apart
        for name, value in part.__dict__.copy().items()
    )


def _is_ours(value):
    return is_ours(value) or (getattr(value, "__module__", None) or "") == "builtins"
