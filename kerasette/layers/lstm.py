"""Long short-term memory."""

from typing import Any

from kerasette import initializers, ops
from kerasette._core import ops as core
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.recurrent_cell import GatedCell, plus_bias, product
from kerasette.layers.recurrent_layer import GatedLayer, of_cell


class LSTMCell(GatedCell):
    """One step of `LSTM`.

    With ``i, f, g, o`` the four parts of ``inputs @ kernel + state @ recurrent_kernel + bias``,
    the carry becomes ``f * carry + i * activation(g)`` and the state
    ``o * activation(carry)``, where i, f and o went through `recurrent_activation`.

    Parameters
    ----------
    units : int
        Size of the output and of each of the two states.
    activation : str, callable or None
        Of what goes into the carry, and of the carry.
    recurrent_activation : str, callable or None
        Of the gates.
    use_bias : bool
    kernel_initializer, recurrent_initializer, bias_initializer : str, Initializer or callable
    unit_forget_bias : bool
        Whether the bias of the forget gate begins as ones.
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str, Regularizer or callable
        Functions of the weights that add to the loss; none by default.
    kernel_constraint, recurrent_constraint, bias_constraint : str, Constraint or callable
        What the weights are held to after each update; nothing by default.
    dropout, recurrent_dropout : float
        Share of inputs, and of the state, that is dropped in training; drawn once for all steps.
        1 drops nothing, as in cells of Keras.
    seed : int, optional
        Of the dropout.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`, and ``implementation``: 1 if each gate is
        to have a dropout of its own, as all have with recurrent dropout.

    Attributes
    ----------
    kernel : Variable of shape (inputs, 4 * units)
    recurrent_kernel : Variable of shape (units, 4 * units)
    bias : Variable of shape (4 * units,), or None

    Raises
    ------
    ValueError
        If `units` is not a positive integer, or an argument is not known.

    Examples
    --------
    >>> import kerasette
    >>> cell = kerasette.layers.LSTMCell(4)
    >>> output, states = cell(kerasette.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> output.shape, [state.shape for state in states]
    ((2, 4), [(2, 4), (2, 4)])
    """

    n_gates = 4

    def __init__(
        self,
        units,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias=True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
            **kwargs,
        )
        self.unit_forget_bias = unit_forget_bias
        self.state_size = [self.units, self.units]

    def _bias_initializer(self):
        return self._with_forget_bias if self.unit_forget_bias else self.bias_initializer

    def _with_forget_bias(self, shape, dtype=None):
        ones = initializers.Ones()
        parts = [(self.bias_initializer, 1), (ones, 1), (self.bias_initializer, 2)]
        return ops.concatenate([make((n * self.units,), dtype=dtype) for make, n in parts], axis=0)

    def call(self, inputs, states, training=False):
        """The output, and the new state and carry.

        Parameters
        ----------
        inputs : Tensor of shape (batch, inputs)
        states : list of two Tensors of shape (batch, units)
        training : bool
            Whether to drop.
        """
        state, carry = states
        factors, state_factors = self._factors(inputs, state, training)
        z = ops.add(
            product(inputs, self.kernel, factors),
            product(state, self.recurrent_kernel, state_factors),
        )
        i, f, g, o = ops.split(plus_bias(z, self.bias), 4, axis=1)
        i, f, o = (self.recurrent_activation(part) for part in (i, f, o))
        carry = ops.add(ops.multiply(f, carry), ops.multiply(i, self.activation(g)))
        state = ops.multiply(o, self.activation(carry))
        return state, [state, carry]

    def get_config(self):
        """The arguments that make such a cell."""
        return {**super().get_config(), "unit_forget_bias": self.unit_forget_bias}


class LSTM(GatedLayer):
    """Long short-term memory: a recurrent network whose gates decide what it keeps.

    Parameters
    ----------
    units : int
        Size of the output and of each of the two states.
    activation : str, callable or None
        Of what goes into the carry, and of the carry.
    recurrent_activation : str, callable or None
        Of the gates.
    use_bias : bool
    kernel_initializer, recurrent_initializer, bias_initializer : str, Initializer or callable
    unit_forget_bias : bool
        Whether the bias of the forget gate begins as ones.
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str, Regularizer or callable
        Functions of the weights that add to the loss; none by default.
    activity_regularizer : str, Regularizer or callable, optional
        A function of the output that adds to the loss.
    kernel_constraint, recurrent_constraint, bias_constraint : str, Constraint or callable
        What the weights are held to after each update; nothing by default.
    dropout, recurrent_dropout : float
        Share of inputs, and of the state, that is dropped in training; drawn once for all steps.
        1 drops nothing, as in cells of Keras.
    seed : int, optional
        Of the dropout.
    return_sequences, return_state, go_backwards, stateful, unroll
        Of `RNN`.
    use_cudnn : {"auto", True, False}
        Whether to compute on a graphics card: True raises an error when the layer is called.
    **kwargs
        ``zero_output_for_mask`` of `RNN`, ``implementation`` of the cell; ``name``, ``dtype`` and
        ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range or not known; and as `RNN`.

    Notes
    -----
    With the activations linear, relu, sigmoid and tanh a whole sequence is one node. With others,
    with `unroll`, or if both inputs and state are dropped in training, each step is recorded by
    itself, which is slower.

    References
    ----------
    Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997); with the
    forget gate of Gers, Schmidhuber and Cummins, "Learning to forget", Neural Computation 12
    (2000).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.LSTM(4, return_sequences=True, return_state=True)
    >>> outputs, state, carry = layer(kerasette.ops.ones((2, 5, 3)))
    >>> outputs.shape, state.shape, carry.shape
    ((2, 5, 4), (2, 4), (2, 4))
    """

    unit_forget_bias = of_cell("unit_forget_bias")
    _op = staticmethod(core.lstm)

    def __init__(
        self,
        units,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
        use_bias=True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        use_cudnn: Any = "auto",
        **kwargs,
    ):
        cell = LSTMCell(
            units,
            activation=activation,
            recurrent_activation=recurrent_activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            recurrent_initializer=recurrent_initializer,
            bias_initializer=bias_initializer,
            unit_forget_bias=unit_forget_bias,
            kernel_regularizer=kernel_regularizer,
            recurrent_regularizer=recurrent_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            recurrent_constraint=recurrent_constraint,
            bias_constraint=bias_constraint,
            dropout=dropout,
            recurrent_dropout=recurrent_dropout,
            seed=seed,
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
            name="lstm_cell",
            implementation=kwargs.pop("implementation", 2),
        )
        super().__init__(
            cell,
            use_cudnn,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.input_spec = InputSpec(ndim=3)
