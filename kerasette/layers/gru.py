"""Gated recurrent units."""

from typing import Any

from kerasette import ops
from kerasette._core import ops as core
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.recurrent_cell import GatedCell, plus_bias, product
from kerasette.layers.recurrent_layer import GatedLayer, of_cell


class GRUCell(GatedCell):
    """One step of `GRU`.

    The state becomes ``z * state + (1 - z) * h``: z is the update gate and h the new part, into
    which the state goes times the reset gate r.

    Parameters
    ----------
    units : int
        Size of the output and of the state.
    activation : str, callable or None
        Of the new part of the state.
    recurrent_activation : str, callable or None
        Of the gates.
    use_bias : bool
    kernel_initializer, recurrent_initializer, bias_initializer : str, Initializer or callable
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str, Regularizer or callable
        Functions of the weights that add to the loss; none by default.
    kernel_constraint, recurrent_constraint, bias_constraint : str, Constraint or callable
        What the weights are held to after each update; nothing by default.
    dropout, recurrent_dropout : float
        Share of inputs, and of the state, that is dropped in training; drawn once for all steps.
        1 drops nothing, as in cells of Keras.
    reset_after : bool
        Whether r is multiplied with ``state @ recurrent_kernel``, plus a bias of its own, rather
        than with the state.
    seed : int, optional
        Of the dropout.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`, and ``implementation``: 1 if each gate is
        to have a dropout of its own, as all have with recurrent dropout.

    Attributes
    ----------
    kernel : Variable of shape (inputs, 3 * units)
        For z, r and h.
    recurrent_kernel : Variable of shape (units, 3 * units)
    bias : Variable of shape (2, 3 * units) with `reset_after`, else (3 * units,), or None

    Raises
    ------
    ValueError
        If `units` is not a positive integer, or an argument is not known.

    Examples
    --------
    >>> import kerasette
    >>> cell = kerasette.layers.GRUCell(4)
    >>> output, states = cell(kerasette.ops.ones((2, 3)), cell.get_initial_state(2))
    >>> output.shape, states[0] is output
    ((2, 4), True)
    """

    n_gates = 3

    def __init__(
        self,
        units,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
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
        reset_after=True,
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
        self.reset_after = bool(reset_after)

    def _bias_shape(self):
        width = 3 * self.units
        return (2, width) if self.reset_after else (width,)

    def call(self, inputs, states, training=False):
        """The output, which is the new state as well.

        Parameters
        ----------
        inputs : Tensor of shape (batch, inputs)
        states : Tensor of shape (batch, units), or a list of it
        training : bool
            Whether to drop.
        """
        state = states[0] if isinstance(states, (list, tuple)) else states
        factors, state_factors = self._factors(inputs, state, training)
        bias = self.bias[0] if self.use_bias and self.reset_after else self.bias
        x = plus_bias(product(inputs, self.kernel, factors), bias)
        new = self._reset_after if self.reset_after else self._reset_before
        z, h = new(ops.split(x, 3, axis=1), state, state_factors)
        output = ops.add(ops.multiply(z, state), ops.multiply(ops.subtract(1.0, z), h))
        return output, [output] if isinstance(states, (list, tuple)) else output

    def _reset_after(self, parts, state, factors):
        """The update gate and the new part: r times the product of the state."""
        bias = self.bias[1] if self.use_bias else None
        products = plus_bias(product(state, self.recurrent_kernel, factors), bias)
        z, r, h = ops.split(products, 3, axis=1)
        z = self.recurrent_activation(ops.add(parts[0], z))
        r = self.recurrent_activation(ops.add(parts[1], r))
        return z, self.activation(ops.add(parts[2], ops.multiply(r, h)))

    def _reset_before(self, parts, state, factors):
        """The update gate and the new part: the product of r times the state."""
        gates, new = ops.split(self.recurrent_kernel, [2 * self.units], axis=1)
        of_gates, of_new = (None, None) if factors is None else (factors[:2], factors[2])
        z, r = ops.split(product(state, gates, of_gates), 2, axis=1)
        z = self.recurrent_activation(ops.add(parts[0], z))
        r = self.recurrent_activation(ops.add(parts[1], r))
        h = product(ops.multiply(r, state), new, of_new)
        return z, self.activation(ops.add(parts[2], h))

    def get_config(self):
        """The arguments that make such a cell."""
        return {**super().get_config(), "reset_after": self.reset_after}


class GRU(GatedLayer):
    """Gated recurrent units: a recurrent network whose gates decide what it keeps.

    Parameters
    ----------
    units : int
        Size of the output and of the state.
    activation : str, callable or None
        Of the new part of the state.
    recurrent_activation : str, callable or None
        Of the gates.
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
        1 drops nothing, as in cells of Keras.
    seed : int, optional
        Of the dropout.
    return_sequences, return_state, go_backwards, stateful, unroll
        Of `RNN`.
    reset_after : bool
        Whether the reset gate is multiplied with ``state @ recurrent_kernel``, plus a bias of its
        own, rather than with the state.
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
    Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine
    translation", EMNLP (2014): ``reset_after=False``. The other order is the one of cuDNN.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.GRU(4, return_sequences=True, return_state=True)
    >>> outputs, state = layer(kerasette.ops.ones((2, 5, 3)))
    >>> outputs.shape, state.shape
    ((2, 5, 4), (2, 4))
    """

    reset_after = of_cell("reset_after")

    def __init__(
        self,
        units,
        activation: Any = "tanh",
        recurrent_activation: Any = "sigmoid",
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
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        reset_after=True,
        use_cudnn: Any = "auto",
        **kwargs,
    ):
        cell = GRUCell(
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
            reset_after=reset_after,
            dtype=kwargs.get("dtype"),
            trainable=kwargs.get("trainable", True),
            name="gru_cell",
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

    def _op(self, *arrays, **mode):
        return core.gru(*arrays, reset_after=self.reset_after, **mode)
