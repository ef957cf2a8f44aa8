"""What the cells of SimpleRNN, LSTM and GRU have in common: arguments and weights."""

from kerasette import activations, constraints, initializers, ops, regularizers
from kerasette.checks import is_whole
from kerasette.layers.cell_dropout import CellDropout
from kerasette.layers.layer import Layer
from kerasette.layers.stacked_rnn_cells import zeros_of

_WEIGHTS = ("kernel", "recurrent_kernel", "bias")
# How arguments about each of them begin.
_PREFIXES = ("kernel", "recurrent", "bias")


class RecurrentCell(CellDropout, Layer):
    """Base of cells with a kernel, a recurrent kernel and a bias, for one or several gates.

    Subclasses define ``call(inputs, states, training)``, and `n_gates`.

    Parameters
    ----------
    units : int
        Size of the output and of each state.
    activation : str, callable or None
        Of the new state.
    use_bias : bool
    kernel_initializer, recurrent_initializer, bias_initializer : str, Initializer or callable
    kernel_regularizer, recurrent_regularizer, bias_regularizer : str, Regularizer or callable
    kernel_constraint, recurrent_constraint, bias_constraint : str, Constraint or callable
    dropout, recurrent_dropout : float
        Share of inputs, and of the state, to drop in training; what is beyond [0, 1] counts as
        its end.
    seed : int, optional
        Of the dropout.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    n_gates : int
        How many products there are side by side in the kernels.
    activation_names : tuple of str
        The attributes that are activations.

    Raises
    ------
    ValueError
        If `units` is not a positive integer, or an argument is not known.
    """

    _needs_real = True
    n_gates = 1
    activation_names = ("activation",)

    def __init__(
        self,
        units,
        *,
        activation,
        use_bias,
        kernel_initializer,
        recurrent_initializer,
        bias_initializer,
        kernel_regularizer,
        recurrent_regularizer,
        bias_regularizer,
        kernel_constraint,
        recurrent_constraint,
        bias_constraint,
        dropout,
        recurrent_dropout,
        seed,
        **kwargs,
    ):
        if not is_whole(units) or units <= 0:
            raise ValueError(
                "Received an invalid value for argument `units`, expected a positive integer, "
                f"got {units!r}."
            )
        super().__init__(**kwargs)
        self.units = units.__index__()
        self.activation = activations.get(activation)
        self.use_bias = bool(use_bias)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.recurrent_initializer = initializers.get(recurrent_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.recurrent_regularizer = regularizers.get(recurrent_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.recurrent_constraint = constraints.get(recurrent_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self._init_dropout(dropout, recurrent_dropout, seed)
        self.state_size = self.units
        self.output_size = self.units

    # ---- weights -----------------------------------------------------------------

    def build(self, input_shape):
        """Makes the kernels, and the bias if there is one."""
        width = self.n_gates * self.units
        self._add("kernel", (input_shape[-1], width), self.kernel_initializer)
        self._add("recurrent_kernel", (self.units, width), self.recurrent_initializer)
        self.bias = None
        if self.use_bias:
            self._add("bias", self._bias_shape(), self._bias_initializer())

    def _add(self, name, shape, initializer):
        prefix = _PREFIXES[_WEIGHTS.index(name)]
        weight = self.add_weight(
            shape=shape,
            initializer=initializer,
            regularizer=getattr(self, f"{prefix}_regularizer"),
            constraint=getattr(self, f"{prefix}_constraint"),
            name=name,
        )
        setattr(self, name, weight)

    def _bias_shape(self):
        return (self.n_gates * self.units,)

    def _bias_initializer(self):
        return self.bias_initializer

    # ---- a step ------------------------------------------------------------------

    def _factors(self, inputs, state, training):
        """What dropout multiplies inputs and state with; None for each that is left alone."""
        if not training:
            return None, None
        return (
            self.get_dropout_mask(inputs) if self._drops(self.dropout) else None,
            self.get_recurrent_dropout_mask(state) if self._drops(self.recurrent_dropout) else None,
        )

    def _drops(self, rate):
        return rate > 0

    def get_initial_state(self, batch_size=None):
        """Zeros for each state: a list of tensors of shape (batch_size, units)."""
        zeros = zeros_of(self.state_size, batch_size, self.compute_dtype)
        return zeros if isinstance(zeros, list) else [zeros]

    def get_config(self):
        """The arguments that make such a cell."""
        found = {
            **super().get_config(),
            "units": self.units,
            "activation": activations.serialize(self.activation),
            "use_bias": self.use_bias,
        }
        for prefix in _PREFIXES:
            for suffix, module in _KINDS.items():
                name = f"{prefix}_{suffix}"
                found[name] = module.serialize(getattr(self, name))
        return {
            **found,
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            "seed": self.seed,
        }


_KINDS = {
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
}


class GatedCell(RecurrentCell):
    """Base of the cells of LSTM and GRU.

    Parameters
    ----------
    units : int
    recurrent_activation : str, callable or None
        Of the gates.
    implementation : {1, 2}
        Whether each gate gets patterns of dropout of its own (1), as it does in any case if there
        is recurrent dropout, or all gates share one.
    **arguments
        Those of `RecurrentCell`.

    Raises
    ------
    ValueError
        If an argument is out of range or not known.
    """

    activation_names = ("activation", "recurrent_activation")

    def __init__(self, units, recurrent_activation, implementation=2, **arguments):
        super().__init__(units, **arguments)
        self.recurrent_activation = activations.get(recurrent_activation)
        if implementation not in (1, 2):
            raise ValueError(f"`implementation` must be 1 or 2. Received: {implementation!r}")
        self.implementation = 1 if self.recurrent_dropout else implementation
        if self.implementation == 1:
            self.dropout_mask_count = self.n_gates

    def _drops(self, rate):
        # As Keras: all or nothing is no dropout.
        return 0 < rate < 1

    def get_config(self):
        """The arguments that make such a cell."""
        recurrent_activation = activations.serialize(self.recurrent_activation)
        return {**super().get_config(), "recurrent_activation": recurrent_activation}


def product(x, kernel, factors=None):
    """``x @ kernel``, x times factors first: one tensor of them, or one for each gate.

    Parameters
    ----------
    x : Tensor of shape (batch, inputs)
    kernel : Tensor of shape (inputs, gates * units)
    factors : Tensor of shape (batch, inputs), or list of them, optional
    """
    if factors is None:
        return ops.matmul(x, kernel)
    if not isinstance(factors, list):
        return ops.matmul(ops.multiply(x, factors), kernel)
    parts = ops.split(kernel, len(factors), axis=1)
    products = [ops.matmul(ops.multiply(x, f), part) for f, part in zip(factors, parts)]
    return ops.concatenate(products, axis=1)


def plus_bias(x, bias):
    """x and a bias, if there is one."""
    return x if bias is None else ops.add(x, bias)
