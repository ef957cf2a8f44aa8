"""Callbacks made of functions."""

from kerasette.callbacks.base import Callback


class LambdaCallback(Callback):
    """A callback whose hooks are functions.

    Parameters
    ----------
    on_epoch_begin, on_epoch_end : callable, optional
        Called as ``function(epoch, logs)``.
    on_train_begin, on_train_end : callable, optional
        Called as ``function(logs)``.
    on_train_batch_begin, on_train_batch_end : callable, optional
        Called as ``function(batch, logs=logs)``.
    **kwargs
        Functions for other hooks, by their names; called as the methods of `Callback` are.

    Raises
    ------
    ValueError
        For a name that is no hook (Keras keeps such a function and never calls it), and for
        what cannot be called.

    Examples
    --------
    >>> hello = LambdaCallback(on_predict_begin=lambda logs: print("hello"))
    >>> hello.on_predict_begin({})
    hello
    """

    def __init__(
        self, on_epoch_begin=None, on_epoch_end=None, on_train_begin=None, on_train_end=None,
        on_train_batch_begin=None, on_train_batch_end=None, **kwargs,
    ):  # fmt: skip
        super().__init__()
        unknown = [name for name in kwargs if not callable(getattr(Callback, name, None))]
        if unknown:
            raise ValueError(f"LambdaCallback got functions for {unknown}, which are no hooks.")
        functions = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
            **kwargs,
        }
        for name, function in functions.items():
            if function is not None and not callable(function):
                raise ValueError(f"`{name}` must be a function. Received: {name}={function!r}")
            if function is not None:
                setattr(self, name, function)
