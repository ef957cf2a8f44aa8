"""A fully connected recurrent network."""

from typing import Any

from kerasette import ops
from kerasette._core import ops as core
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.recurrent_cell import RecurrentCell, plus_bias, product
from kerasette.layers.recurrent_layer import RecurrentLayer


class SimpleRNNCell(RecurrentCell):
    """One step of `SimpleRNN`: ``activation(inputs @ kernel + bias + state @ recurrent_kernel)``.

    Parameters
    ----------
    units : int
        Size of the output and of the state.
    activation : str, callable or None
        Of the output.
    use_bias : bool
    kernel_initializer, recurrent_initializer, bias_initializer : str, Initializer or callable
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str, Regularizer or callable
        Functions of the weights that add to the loss; none by default.
    kernel_constraint, recurrent_constraint, bias_constraint : str, Constraint or callable
        What the weights are held to after each update; nothing by default.
    dropout, recurrent_dropout : float
        Share of inputs, and of the state, that is dropped in training; drawn once for all steps.
    seed : int, optional
        Of the dropout.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    kernel : Variable of shape (inputs, units)
    recurrent_kernel : Variable of shape (units, units)
    bias : Variable of shape (units,), or None

    Raises
    ------
    ValueError
        If `units` is not a positive integer, or an argument is not known.

    Examples
    --------
    >>> import kerasette
    >>> cell = kerasette.layers.SimpleRNNCell(4)
    >>> output, states = cell(kerasette.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> output.shape, states[0] is output
    ((2, 4), True)
    """

    def __init__(
        self,
        units,
        activation: Any = "tanh",
        use_bias=True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
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

    def call(self, sequence, states, training=False):
        """The output, which is the new state as well.

        Parameters
        ----------
        sequence : Tensor of shape (batch, inputs)
        states : Tensor of shape (batch, units), or a list of it
        training : bool
            Whether to drop.
        """
        state = states[0] if isinstance(states, (list, tuple)) else states
        factors, state_factors = self._factors(sequence, state, training)
        x = plus_bias(product(sequence, self.kernel, factors), self.bias)
        output = self.activation(ops.add(x, product(state, self.recurrent_kernel, state_factors)))
        return output, [output] if isinstance(states, (list, tuple)) else output


class SimpleRNN(RecurrentLayer):
    """A fully connected recurrent network: the output of each step goes into the next one.

    Parameters
    ----------
    units : int
        Size of the output and of the state.
    activation : str, callable or None
        Of the output.
    use_bias : bool
    kernel_initializer, recurrent_initializer, bias_initializer : str, Initializer or callable
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str, Regularizer or callable
        Functions of the weights that add to the loss; none by default.
    activity_regularizer : str, Regularizer or callable, optional
        A function of the output that adds to the loss.
    kernel_constraint, recurrent_constraint, bias_constraint : str, Constraint or callable
        What the weights are held to after each update; nothing by default.
    dropout, recurrent_dropout : float
        Share of inputs, and of the state, that is dropped in training; drawn once for all steps.
    return_sequences, return_state, go_backwards, stateful, unroll
        Of `RNN`.
    seed : int, optional
        Of the dropout.
    **kwargs
        ``zero_output_for_mask`` of `RNN`; ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        If an argument is out of range or not known; and as `RNN`.

    Notes
    -----
    With the activations linear, relu, sigmoid and tanh a whole sequence is one node. With others,
    or with `unroll`, each step is recorded by itself, which is slower.

    References
    ----------
    Elman, "Finding structure in time", Cognitive Science 14 (1990).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.SimpleRNN(4, return_sequences=True, return_state=True)
    >>> outputs, state = layer(kerasette.ops.ones((2, 5, 3)))
    >>> outputs.shape, state.shape
    ((2, 5, 4), (2, 4))
    """

    _op = staticmethod(core.simple_rnn)

    def __init__(
        self,
        units,
        activation: Any = "tanh",
        use_bias=True,
        kernel_initializer: Any = "glorot_uniform",
        recurrent_initializer: Any = "orthogonal",
        bias_initializer: Any = "zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        seed=None,
        **kwargs,
    ):
        cell = SimpleRNNCell(
            units,
            activation=activation,
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
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
            name="simple_rnn_cell",
        )
        super().__init__(
            cell,
            return_sequences=return_sequences,
            return_state=return_state,
            go_backwards=go_backwards,
            stateful=stateful,
            unroll=unroll,
            activity_regularizer=activity_regularizer,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=3)]

    def get_config(self):
        """The arguments that make such a layer; as in Keras without the seed."""
        config = super().get_config()
        del config["seed"]
        return config
