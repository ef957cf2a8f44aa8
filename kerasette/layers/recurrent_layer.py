"""What SimpleRNN, LSTM and GRU have in common: an `RNN` that shows what its cell has."""

from operator import attrgetter

from kerasette import activations, ops, regularizers
from kerasette.layers.layer import Layer
from kerasette.layers.rnn import RNN


def of_cell(name):
    """A property with the value of an attribute of the cell."""
    return property(attrgetter(f"cell.{name}"), doc=f"The `{name}` of the cell.")


# Activations that whole sequences can be computed with in one node.
_FUSED = {name: getattr(activations, name) for name in ("linear", "relu", "sigmoid", "tanh")}


class RecurrentLayer(RNN):
    """Base of `RNN` layers that make their cell.

    Subclasses have ``_op(x, kernel, recurrent_kernel, bias, *states, **mode)``, which computes
    whole sequences with the activations of `_FUSED`.

    Parameters
    ----------
    cell : RecurrentCell
    **arguments
        Those of `RNN`.
    """

    _needs_real = True
    units = of_cell("units")
    activation = of_cell("activation")
    use_bias = of_cell("use_bias")
    kernel_initializer = of_cell("kernel_initializer")
    recurrent_initializer = of_cell("recurrent_initializer")
    bias_initializer = of_cell("bias_initializer")
    kernel_regularizer = of_cell("kernel_regularizer")
    recurrent_regularizer = of_cell("recurrent_regularizer")
    bias_regularizer = of_cell("bias_regularizer")
    kernel_constraint = of_cell("kernel_constraint")
    recurrent_constraint = of_cell("recurrent_constraint")
    bias_constraint = of_cell("bias_constraint")
    dropout = of_cell("dropout")
    recurrent_dropout = of_cell("recurrent_dropout")

    def _all_steps(self, sequences, states, mask, training):
        """The output and the last states: of one node, if there is one for this layer."""
        cell = self.cell
        kinds = {name: _fused_name(getattr(self, name)) for name in cell.activation_names}
        inputs = sequences[:, 0] if training and cell.dropout else None
        factors, state_factors = cell._factors(inputs, states[0], training)
        # Gates whose inputs are dropped each by itself have no product in common.
        if self.unroll or None in kinds.values() or isinstance(factors, list):
            return super()._all_steps(sequences, states, mask, training)
        if factors is not None:
            sequences = ops.multiply(sequences, ops.expand_dims(factors, 1))
        if isinstance(state_factors, list):
            state_factors = ops.stack(state_factors)
        output, *states = self._op(
            sequences,
            cell.kernel,
            cell.recurrent_kernel,
            cell.bias,
            *states,
            **kinds,
            mask=mask,
            recurrent_factor=state_factors,
            go_backwards=self.go_backwards,
            return_sequences=self.return_sequences,
            zero_output_for_mask=self.zero_output_for_mask,
        )
        return output, states

    def get_config(self):
        """The arguments that make such a layer."""
        config = super().get_config()
        del config["cell"]
        of_layers = Layer.get_config(self.cell)
        of_cell = self.cell.get_config().items()
        return {
            **config,
            **{name: value for name, value in of_cell if name not in of_layers},
            "activity_regularizer": regularizers.serialize(self.activity_regularizer),
        }


class GatedLayer(RecurrentLayer):
    """Base of LSTM and GRU.

    Parameters
    ----------
    cell : GatedCell
    use_cudnn : {"auto", True, False}
        Whether to compute on a graphics card; True raises an error when the layer is called.
    **arguments
        Those of `RNN`.

    Raises
    ------
    ValueError
        If `use_cudnn` is none of these.
    """

    recurrent_activation = of_cell("recurrent_activation")

    def __init__(self, cell, use_cudnn, **arguments):
        super().__init__(cell, **arguments)
        if use_cudnn not in ("auto", True, False):
            raise ValueError(
                "Invalid value received for argument `use_cudnn`. Expected one of {'auto', True, "
                f"False}}. Received: use_cudnn={use_cudnn}"
            )
        self.use_cudnn = use_cudnn

    def _all_steps(self, sequences, states, mask, training):
        if self.use_cudnn is True:
            raise ValueError(
                "use_cudnn=True was specified, but cuDNN is not supported for this layer: it "
                "computes on the processor. Pass use_cudnn='auto'."
            )
        return super()._all_steps(sequences, states, mask, training)


def _fused_name(activation):
    return next((name for name, known in _FUSED.items() if activation is known), None)
