"""The record of a fit."""

from kerasette.callbacks.base import Callback

# Of a longer history a notebook shows the first and last epochs, so many in all.
SHOWN_EPOCHS = 10


class History(Callback):
    """Keeps the logs of every epoch; what `fit` returns.

    Attributes
    ----------
    history : dict of str to list of float
        One value an epoch. Used in several fits, it goes on.
    epoch : list of int
        The epochs of the last fit, counted from 0.
    params : dict
        ``verbose``, ``epochs`` and ``steps`` of the fit.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> history = model.fit([1.0], [2.0], epochs=2, verbose=0)
    >>> history.epoch, len(history.history["loss"])
    ([0, 1], 2)
    """

    def __init__(self):
        super().__init__()
        self.history = {}
        self.epoch = []
        # For each name the epochs of its values: validation may skip some.
        self._epochs = {}

    def on_train_begin(self, logs=None):
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
            self._epochs.setdefault(name, []).append(epoch)
        if self.model is not None:
            self.model.history = self

    def _repr_html_(self):
        """A table of the epochs, the middle ones left out, for notebooks."""
        from html import escape

        rows = [dict(zip(self._epochs[name], values)) for name, values in self.history.items()]
        epochs = sorted({epoch for epochs in self._epochs.values() for epoch in epochs})
        if len(epochs) > SHOWN_EPOCHS:
            half = SHOWN_EPOCHS // 2
            epochs = [*epochs[:half], None, *epochs[-half:]]
        header = "".join(f"<th>{escape(name)}</th>" for name in ("epoch", *self.history))
        body = "".join(html_row(epoch, rows) for epoch in epochs)
        return f"<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"


def html_row(epoch, rows):
    """Values of an epoch, counted from 1, as HTML; dots for None."""
    if epoch is None:
        texts = ["…"] * (len(rows) + 1)
    else:
        texts = [str(epoch + 1), *(as_text(row.get(epoch, "")) for row in rows)]
    return "<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>"


def as_text(value):
    """A value in four digits, escaped if it is no number."""
    from html import escape

    return f"{value:.4g}" if isinstance(value, float) else escape(str(value))
