"""A cell carried along sequences."""

from kerasette import ops, tree
from kerasette._core.variable import Variable
from kerasette.checks import is_whole
from kerasette.layers.call import context
from kerasette.layers.cell_dropout import reset_patterns
from kerasette.layers.layer import Layer
from kerasette.layers.recurrent_checks import check_sequences, check_states, step_mask
from kerasette.layers.recurrent_steps import run_steps
from kerasette.layers.stacked_rnn_cells import (
    StackedRNNCells,
    call_cell,
    check_cell,
    initial_state_of,
    output_size_of,
)
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object


class RNN(Layer):
    """Calls a cell for each step of sequences, with the states that it returned before.

    Parameters
    ----------
    cell : cell, or list of them, which are stacked
        An object with ``call(inputs, states)``, which returns the output of a step and the list of
        new states, and ``state_size``: the size of its state, or a list of sizes. It may have
        ``output_size``, if that is not the size of the first state, and
        ``get_initial_state(batch_size)``, if the first states are no zeros. A cell that is a layer
        may take ``training``.
    return_sequences : bool
        Whether to return the outputs of all steps, not only the last.
    return_state : bool
        Whether to return the last states after the output.
    go_backwards : bool
        Whether to begin at the end; outputs come in that order.
    stateful : bool
        Whether a batch begins with the last states of the one before, row by row.
    unroll : bool
        Whether to go step by step even where a whole sequence could be one node.
    zero_output_for_mask : bool
        Whether outputs of masked steps are zeros instead of the output before.
    **kwargs
        ``name``, ``dtype``, ``trainable`` and ``activity_regularizer`` of `Layer`.

    Attributes
    ----------
    cell : cell
    state_size : list
        Of the cell.
    states : list of Variables, or None
        Those of a stateful layer, once it is built.

    Raises
    ------
    ValueError
        If `cell` is none; when it is called, if sequences, mask or states have a wrong shape, or a
        stateful layer gets another batch size. States and weights are as before then.

    Notes
    -----
    Inputs have shape (batch, steps, ...). Outputs have shape (batch, output_size), or
    (batch, steps, output_size) with `return_sequences`. A mask of shape (batch, steps) is False for
    steps that are passed over: states stay as they are, the output is that of the step before, or
    zeros if there is none. The states of a call may be given as ``initial_state``; the mask that
    inputs carry does not count then, only one that is given, as in Keras.

    Examples
    --------
    >>> import kerasette
    >>> class Sum(kerasette.layers.Layer):
    ...     state_size = 2
    ...
    ...     def call(self, inputs, states):
    ...         total = inputs + states[0]
    ...         return total, [total]
    >>> layer = kerasette.layers.RNN(Sum())
    >>> layer(kerasette.ops.ones((1, 5, 2))).numpy().tolist()
    [[5.0, 5.0]]
    """

    # Values that go along with batches: neither weights nor saved.
    _untracked = Layer._untracked | {"states"}

    def __init__(
        self,
        cell,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        zero_output_for_mask=False,
        **kwargs,
    ):
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells(cell)
        check_cell(cell, "The RNN cell should have a")
        sizes = cell.state_size
        if not isinstance(sizes, (list, tuple)) and not is_whole(sizes):
            raise ValueError(
                "state_size must be an integer, or a list/tuple of integers (one for each state "
                f"tensor). Received: cell.state_size={sizes!r}"
            )
        super().__init__(**kwargs)
        self.cell = cell
        self.return_sequences = return_sequences
        self.return_state = return_state
        self.go_backwards = go_backwards
        self.stateful = stateful
        self.unroll = unroll
        self.zero_output_for_mask = zero_output_for_mask
        self.supports_masking = True
        self.single_state = not isinstance(sizes, (list, tuple))
        self.state_size = [sizes] if self.single_state else list(sizes)
        self.states = None

    # ---- shapes ------------------------------------------------------------------

    def build(self, sequences_shape, initial_state_shape=None):
        """Builds the cell; a stateful layer gets its states, or they become zeros again."""
        if self.stateful and self.states is None and sequences_shape[0] is None:
            raise ValueError(
                "When using `stateful=True` in a RNN, the batch size must be static. Found "
                f"dynamic batch size: sequence.shape={sequences_shape}"
            )
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build((sequences_shape[0], *sequences_shape[2:]))
        if not self.stateful:
            return
        if self.states is None:
            self.states = self._state_variables(sequences_shape[0])
        else:
            self.reset_state()

    def _state_variables(self, batch_size):
        def variable(value):
            made = Variable(value, dtype=self.variable_dtype, trainable=False, name="rnn_state")
            made.path = "/".join((*context.path, "rnn_state"))
            return made

        return tree.map_structure(variable, self.get_initial_state(batch_size))

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        """Shape of the output; with `return_state`, a tuple of it and those of the states."""
        batch_size, length = sequences_shape[:2]
        size = output_size_of(self.cell)
        if not is_whole(size):
            raise ValueError(f"output_size must be an integer. Received: {size!r}")
        shape = (batch_size, length, size) if self.return_sequences else (batch_size, size)
        if not self.return_state:
            return shape
        return shape, *(_shapes(batch_size, size) for size in self.state_size)

    def compute_mask(self, _, mask):
        """The inputs' mask, if all outputs are returned; the states have none."""
        mask = tree.flatten(mask)[0] if self.return_sequences else None
        return [mask, *(None for _ in self.state_size)] if self.return_state else mask

    # ---- states ------------------------------------------------------------------

    def get_initial_state(self, batch_size):
        """The states to begin with: a list, for each state of the cell what it gives."""
        dtype = getattr(self.cell, "compute_dtype", self.compute_dtype)
        states = initial_state_of(self.cell, batch_size, dtype)
        return list(states) if tree.is_nested(states) else [states]

    @property
    def _carried_rows(self):
        states = tree.flatten(self.states) if self.stateful else []
        return states[0].shape[0] if states and states[0] is not None else None

    def reset_state(self):
        """Makes the states of a stateful layer zeros."""
        for variable in tree.flatten(self.states):
            if variable is not None:
                variable.assign(ops.zeros_like(variable))

    def reset_states(self):
        """The same as `reset_state`."""
        self.reset_state()

    def _first_states(self, sequences, initial_state):
        """The states that a call begins with, checked and of the cell's dtype."""
        batch_size, expected = sequences.shape[0], self._carried_rows
        if expected is not None and expected != batch_size:
            raise ValueError(
                "If an RNN is stateful, the batch size of the input sequences must be the same as "
                f"the batch size of the initial state.\n- Expected batch size: {expected}\n"
                f"- Received batch size: {batch_size}"
            )
        if initial_state is not None:
            states = initial_state if tree.is_nested(initial_state) else [initial_state]
            states = tree.map_structure(ops.convert_to_tensor, list(states))
            check_states(states, self.state_size, sequences)
        elif self.stateful:
            # Gradients go through what the states were before they are assigned.
            states = tree.map_structure(ops.copy, self.states)
        else:
            states = self.get_initial_state(batch_size)
        dtype = getattr(self.cell, "compute_dtype", self.compute_dtype)
        return tree.map_structure(lambda state: _in_dtype(state, dtype), states)

    # ---- call --------------------------------------------------------------------

    def call(self, sequences, initial_state=None, mask=None, training=False):
        """The outputs, and with `return_state` the last states after them.

        Parameters
        ----------
        sequences : Tensor of shape (batch, steps, ...)
        initial_state : Tensor or list of Tensors, of shape (batch, size of the state), optional
        mask : bool Tensor of shape (batch, steps), optional
        training : bool
            For cells that take it.
        """
        check_sequences(sequences, self.name)
        mask = step_mask(mask, sequences)
        states = self._first_states(sequences, initial_state)
        reset_patterns(self.cell)
        try:
            output, states = self._all_steps(sequences, states, mask, training)
        finally:
            reset_patterns(self.cell)
        output = _in_dtype(output, self.compute_dtype)
        states = tree.map_structure(lambda state: _in_dtype(state, self.compute_dtype), states)
        if self.stateful:
            for variable, state in zip(tree.flatten(self.states), tree.flatten(states)):
                variable.assign(state)
        return (output, *states) if self.return_state else output

    def _all_steps(self, sequences, states, mask, training):
        """The output, of the last step or of all, and the last states."""

        def step(inputs, states):
            return call_cell(self.cell, inputs, states, training)

        return run_steps(
            step,
            sequences,
            states,
            mask=mask,
            go_backwards=self.go_backwards,
            return_sequences=self.return_sequences,
            zero_output_for_mask=self.zero_output_for_mask,
        )

    # ---- config ------------------------------------------------------------------

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful,
            "unroll": self.unroll,
            "zero_output_for_mask": self.zero_output_for_mask,
            "cell": serialize_keras_object(self.cell),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The layer that `get_config` has described, with new weights."""
        if "cell" in config:
            cell = deserialize_keras_object(config["cell"], custom_objects)
            config = {**config, "cell": cell}
        return super().from_config(config)


def _in_dtype(x, dtype):
    return x if x.dtype == dtype else ops.cast(x, dtype)


def _shapes(batch_size, size):
    """Shape of a state, or of each of the states that a list has sizes of."""
    if isinstance(size, (list, tuple)):
        return [_shapes(batch_size, one) for one in size]
    return (batch_size, size)
