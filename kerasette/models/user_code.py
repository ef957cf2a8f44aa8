"""Whether code that is not ours runs in a step: then its recordings are not trusted at once."""

from kerasette._core.tensor import Tensor


def is_user_code(part):
    """Whether an object's class, or a function that it holds, is not ours.

    Parameters
    ----------
    part : Layer, Loss, Metric, Optimizer, or anything else that steps call; None is ours.
    """
    return _is_foreign(part) or any(_is_foreign(value) for value in _held_by(part))


def runs_user_code(layer):
    """The same for a layer, with the regularizers and constraints of its own weights."""
    functions = [
        f for weight in layer._own_weights() for f in (weight.regularizer, weight.constraint)
    ]
    return is_user_code(layer) or any(map(_is_foreign, functions))


def _held_by(part):
    """The functions among an object's attributes; initializers run in no step."""
    for name, value in getattr(part, "__dict__", {}).items():
        if callable(value) and not isinstance(value, Tensor) and not name.endswith("initializer"):
            yield value


def _is_foreign(value):
    if value is None:
        return False
    module = getattr(value, "__module__", None) or type(value).__module__
    return module.split(".")[0] not in ("kerasette", "builtins")
