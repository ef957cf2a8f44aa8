"""What a loss says of the outputs that it wants: by its name, and by its arguments."""

from functools import partial

from kerasette import losses


def single_loss(loss):
    """A loss itself, where it comes as a list or dict of one, or as the config of one.

    Anything else is as it was.
    """
    while isinstance(loss, (list, tuple, dict)) and len(loss) == 1:
        loss = next(iter(loss.values())) if isinstance(loss, dict) else loss[0]
    return losses.get(loss) if isinstance(loss, dict) and "class_name" in loss else loss


def name_of_loss(loss):
    """What a loss is called: a function's name, or a class's."""
    inner = [None, *_unwrapped(loss)][-1]
    return inner if isinstance(inner, str) else getattr(inner, "__name__", type(inner).__name__)


def takes_logits(loss):
    """Whether a loss says that it takes logits."""
    return any(
        getattr(part, "from_logits", False) or _arguments(part).get("from_logits", False)
        for part in _unwrapped(loss)
    )


def _arguments(loss):
    """What a partial, or a wrapper of a function, calls it with."""
    return loss.keywords if isinstance(loss, partial) else getattr(loss, "_fn_kwargs", {})


def _unwrapped(loss):
    """A loss, the function in it, and so on."""
    loss = single_loss(loss)
    while loss is not None:
        yield loss
        loss = loss.func if isinstance(loss, partial) else getattr(loss, "fn", None)


def is_of_margins(loss):
    """Whether a loss takes classes for -1 and 1, and wants the outputs to have their sign."""
    return "hinge" in name_of_loss(loss).lower()
