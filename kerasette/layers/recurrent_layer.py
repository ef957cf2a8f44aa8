"""What SimpleRNN, LSTM and GRU have in common: an `RNN` that shows what its cell has."""

from operator import attrgetter

from kerasette import regularizers
from kerasette.layers.layer import Layer
from kerasette.layers.rnn import RNN


def of_cell(name):
    """A property with the value of an attribute of the cell."""
    return property(attrgetter(f"cell.{name}"), doc=f"The `{name}` of the cell.")


class RecurrentLayer(RNN):
    """Base of `RNN` layers that make their cell.

    Parameters
    ----------
    cell : RecurrentCell
    **arguments
        Those of `RNN`.
    """

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

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """All steps; as `RNN.inner_loop`."""
        if self.use_cudnn is True:
            raise ValueError(
                "use_cudnn=True was specified, but cuDNN is not supported for this layer: it "
                "computes on the processor. Pass use_cudnn='auto'."
            )
        return super().inner_loop(sequences, initial_state, mask, training)
