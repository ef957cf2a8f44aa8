"""Whether code that is not ours runs in a step: then its recordings are not trusted at once."""

from types import FunctionType

from kerasette._core.tensor import Tensor
from kerasette.tracking import Tracked


def is_user_code(part):
    """Whether an object's class, or anything that it holds and may call, is not ours.

    So counts an object with a public dict, too: what stands in it may change without notice.

    Parameters
    ----------
    part : Layer, Loss, Metric, Optimizer, or anything else that steps call; None is ours.
    """
    return _has_user_code(part, set())


def runs_user_code(layer):
    """The same for a layer, with the regularizers and constraints of its own weights."""
    functions = [
        f for weight in layer._own_weights() for f in (weight.regularizer, weight.constraint)
    ]
    return is_user_code(layer) or any(map(is_user_code, functions))


def _has_user_code(part, seen):
    # A method runs with what its object holds.
    owner = getattr(part, "__self__", part)
    if _is_foreign(part) or _is_foreign(owner):
        return True
    if not isinstance(owner, Tracked) or id(owner) in seen:
        return False
    seen.add(id(owner))
    return _shows_dict(owner) or any(_has_user_code(value, seen) for value in _held_by(owner))


def _held_by(part):
    """What an object may call among its attributes; initializers run in no step."""
    apart = getattr(part, "_parts_of_training", ())
    for name, value in part.__dict__.items():
        if name in apart or name.endswith("initializer") or isinstance(value, Tensor):
            continue
        if callable(value) or isinstance(value, Tracked):
            yield value


def _shows_dict(part):
    attributes = part.__dict__.items()
    return any(isinstance(v, dict) and v and not name.startswith("_") for name, v in attributes)


def _is_foreign(value):
    if value is None:
        return False
    if isinstance(value, FunctionType):
        # Not __module__: decorators copy that from what they wrap.
        module = value.__globals__.get("__name__", "")
    else:
        module = getattr(value, "__module__", None) or type(value).__module__
    return module.split(".")[0] not in ("kerasette", "builtins")
