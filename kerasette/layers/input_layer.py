"""Where a model begins: the shape and dtype of its input."""

from kerasette._core.dtypes import floatx
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.layers.layer import Layer
from kerasette.shapes import standardize_shape


class InputLayer(Layer):
    """The shape and dtype of a model's input; passes it on as it is.

    Parameters
    ----------
    shape : tuple
        Without the batch; None for sizes that are free.
    batch_size : int, optional
        Free by default.
    dtype : str, optional
        ``floatx()`` by default.
    batch_shape : tuple, optional
        In place of `shape` and `batch_size`.
    name : str, optional

    Raises
    ------
    ValueError
        If there is no shape, or two, or it is none.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.InputLayer((4,)).batch_shape
    (None, 4)
    """

    _none_only = frozenset()

    def __init__(
        self, shape=None, batch_size=None, dtype=None, *, batch_shape=None, name=None, **kwargs
    ):
        # Configs of Keras have these, for kinds of tensors that there are not.
        kwargs = {
            key: value
            for key, value in kwargs.items()
            if value or key not in ("sparse", "ragged", "optional")
        }
        super().__init__(name=name, dtype=dtype or floatx(), **kwargs)
        if shape is not None and batch_shape is not None:
            raise ValueError("You cannot pass both `shape` and `batch_shape` at the same time.")
        if batch_size is not None and batch_shape is not None:
            raise ValueError("You cannot pass both `batch_size` and `batch_shape` together.")
        if shape is None and batch_shape is None:
            raise ValueError("You must pass a `shape` argument.")
        if batch_shape is None:
            batch_shape = (batch_size, *standardize_shape(shape))
        self.batch_shape = standardize_shape(batch_shape)
        self.built = True
        self._begin_graph()

    def _init_nodes(self):
        super()._init_nodes()
        if "batch_shape" in self.__dict__:
            self._begin_graph()

    def _begin_graph(self):
        """Makes a node without inputs, and the tensor that graphs begin with."""
        self._called_symbolically((), {}, KerasTensor(self.batch_shape, self.dtype, self.name))

    @property
    def shape(self):
        """Shape of the input with the batch size, None where it is free."""
        return self.batch_shape

    def call(self, inputs):
        """The inputs."""
        return inputs

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            "batch_shape": list(self.batch_shape),
            "dtype": self.dtype,
            "sparse": False,
            "ragged": False,
            "name": self.name,
            "optional": False,
        }


def Input(shape=None, batch_size=None, dtype=None, *, batch_shape=None, name=None):
    """The symbolic input of a model, for layers to be called on.

    Parameters
    ----------
    shape : tuple
        Without the batch; None for sizes that are free.
    batch_size : int, optional
    dtype : str, optional
    batch_shape : tuple, optional
        In place of `shape` and `batch_size`.
    name : str, optional

    Returns
    -------
    KerasTensor
        Of `shape` with the batch before it. A ``Sequential`` takes it as its first member.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.Input((28, 28)).shape
    (None, 28, 28)
    """
    return InputLayer(shape, batch_size, dtype, batch_shape=batch_shape, name=name).output
