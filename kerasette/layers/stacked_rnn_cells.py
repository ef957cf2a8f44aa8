"""Recurrent cells one after the other, as one cell."""

from kerasette import ops, tree
from kerasette.layers.layer import Layer
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


class StackedRNNCells(Layer):
    """Cells of which each takes the output of the one before it: deep networks in one `RNN`.

    Parameters
    ----------
    cells : list of cells
        What `RNN` takes.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    state_size : list
        That of each cell.
    output_size : int
        Of the last cell.

    Raises
    ------
    ValueError
        If there is none, or one has no ``call`` or ``state_size``.

    Examples
    --------
    >>> import kerasette
    >>> cells = [kerasette.layers.LSTMCell(4), kerasette.layers.GRUCell(3)]
    >>> layer = kerasette.layers.RNN(kerasette.layers.StackedRNNCells(cells))
    >>> layer(kerasette.ops.ones((2, 5, 1))).shape
    (2, 3)
    """

    def __init__(self, cells, **kwargs):
        super().__init__(**kwargs)
        for cell in cells:
            check_cell(cell, "All cells must have a")
        if not cells:
            raise ValueError("`cells` must hold at least one cell. Received: an empty list")
        self.cells = list(cells)

    @property
    def state_size(self):
        """The sizes of the states of each cell: a list."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self):
        """Size of the last cell's output."""
        return output_size_of(self.cells[-1])

    def get_initial_state(self, batch_size=None):
        """The first states of each cell: a list."""
        return [initial_state_of(cell, batch_size, self.compute_dtype) for cell in self.cells]

    def build(self, input_shape):
        """Builds the cells that are layers."""
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(input_shape)
            input_shape = (input_shape[0], output_size_of(cell))

    def call(self, inputs, states, training=False, **kwargs):
        """The output of the last cell, and a list of the new states of each."""
        new_states = []
        for cell, state in zip(self.cells, states, strict=True):
            is_nested = tree.is_nested(state)
            inputs, new = call_cell(cell, inputs, state if is_nested else [state], training, kwargs)
            is_single = not is_nested and tree.is_nested(new) and len(new) == 1
            new_states.append(new[0] if is_single else new)
        return inputs, new_states

    def get_config(self):
        """The arguments that make such a cell."""
        cells = [serialize_keras_object(cell) for cell in self.cells]
        return {**super().get_config(), "cells": cells}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The cell that `get_config` has described, with new weights."""
        cells = [deserialize_keras_object(cell, custom_objects) for cell in config["cells"]]
        return super().from_config({**config, "cells": cells})


# ---- what may be a cell --------------------------------------------------------------------------


def check_cell(cell, words):
    """Raises unless a value can be a cell.

    Parameters
    ----------
    cell : object
    words : str
        How the message begins.

    Raises
    ------
    ValueError
        If it has no ``call``, or no ``state_size``.
    """
    for name, kind in (("call", "method"), ("state_size", "attribute")):
        if name not in dir(cell):
            raise ValueError(f"{words} `{name}` {kind}. Received: cell={cell}")


def call_cell(cell, inputs, states, training, kwargs=None):
    """A cell's output and new states; `training` goes to layers that take it."""
    kwargs = dict(kwargs or {})
    if isinstance(cell, Layer) and cell._takes_training:
        kwargs["training"] = training
    return (cell if callable(cell) else cell.call)(inputs, states, **kwargs)


def output_size_of(cell):
    """A cell's ``output_size``; by default the size of its first state."""
    size = getattr(cell, "output_size", None)
    if size is not None:
        return size
    return cell.state_size[0] if isinstance(cell.state_size, (list, tuple)) else cell.state_size


def initial_state_of(cell, batch_size, dtype):
    """What a cell gives as first states; by default zeros of its state sizes."""
    if getattr(cell, "get_initial_state", None):
        return cell.get_initial_state(batch_size=batch_size)
    return zeros_of(cell.state_size, batch_size, dtype)


def zeros_of(size, batch_size, dtype):
    """Zeros of shape (batch_size, size); a list of them for a list or tuple of sizes."""
    if isinstance(size, (list, tuple)):
        return [zeros_of(one, batch_size, dtype) for one in size]
    return ops.zeros((batch_size, size), dtype=dtype)
