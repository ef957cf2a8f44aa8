"""Where a model begins: the shape and dtype of its input."""

import warnings

from kerasette._core.dtypes import CONVERTED, standardize_dtype
from kerasette.default_dtype import floatx
from kerasette.graph.keras_tensor import KerasTensor
from kerasette.layers.layer import Layer
from kerasette.shapes import standardize_shape


class InputLayer(Layer):
    """The shape and dtype of a model's input; from which graphs begin.

    Parameters
    ----------
    shape : tuple
        Without the batch; None for sizes that are free.
    batch_size : int, optional
        Free by default.
    dtype : str, optional
        ``floatx()`` by default. Small and unsigned integers become int32 (uint32: int64).
    sparse, ragged : bool, optional
        Of kinds of tensors that there are not: False or None.
    batch_shape : tuple, optional
        In place of `shape` and `batch_size`.
    input_tensor : KerasTensor, optional
        Where the graph begins, in place of a new tensor.
    optional : bool
        Whether None may be given for this input; layers behind it get None then.
    name : str, optional
    **kwargs
        The old names ``input_shape`` of `shape`, and ``batch_input_shape`` of `batch_shape`.

    Raises
    ------
    ValueError
        If there is no shape, or two, or it is none, or `input_tensor` has another one.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.layers.InputLayer((4,)).batch_shape
    (None, 4)
    """

    _none_only = frozenset()
    sparse = ragged = False

    def __init__(
        self, shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None,
        input_tensor=None, optional=False, name=None, **kwargs,
    ):  # fmt: skip
        for kind, value in (("sparse", sparse), ("ragged", ragged)):
            if value:
                raise ValueError(f"`{kind}=True` is not supported.")
        if kwargs.get("input_shape") is not None:
            warnings.warn(
                "Argument `input_shape` is deprecated. Use `shape` instead.", stacklevel=2
            )
            shape = kwargs.pop("input_shape")
        batch_shape = kwargs.pop("batch_input_shape", None) or batch_shape
        if input_tensor is not None:
            check_fits(input_tensor, shape, batch_size, dtype, batch_shape)
            shape = batch_size = None
            batch_shape, dtype = input_tensor.shape, input_tensor.dtype
        super().__init__(name=name, dtype=_dtype_of_data(dtype), **kwargs)
        if shape is not None and batch_shape is not None:
            raise ValueError("You cannot pass both `shape` and `batch_shape` at the same time.")
        if batch_size is not None and batch_shape is not None:
            raise ValueError(
                "You cannot pass both `batch_size` and `batch_shape` at the same time."
            )
        if shape is None and batch_shape is None:
            raise ValueError("You must pass a `shape` argument.")
        if batch_shape is None:
            batch_shape = (batch_size, *standardize_shape(shape))
        self.batch_shape = standardize_shape(batch_shape)
        self.optional = bool(optional)
        self.built = True
        if input_tensor is None:
            # As in Keras, a tensor whose layer is given no name has one of its own.
            input_tensor = KerasTensor(self.batch_shape, self.dtype, name=name)
        self._tensor_name = input_tensor.name
        self._begin_graph(input_tensor)

    def _init_nodes(self):
        super()._init_nodes()
        if "_tensor_name" in self.__dict__:
            # In a copy.
            self._begin_graph(KerasTensor(self.batch_shape, self.dtype, name=self._tensor_name))

    def _begin_graph(self, tensor):
        """Makes a node without inputs, which gives the tensor that graphs begin with."""
        self._called_symbolically((), {}, tensor)

    @property
    def shape(self):
        """Shape of the input with the batch size, None where it is free."""
        return self.batch_shape

    def call(self):
        """Nothing: it is not called, graphs begin with its `output`."""

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            "batch_shape": list(self.batch_shape),
            "dtype": self.dtype,
            "sparse": False,
            "ragged": False,
            "name": self.name,
            "optional": self.optional,
        }


def _dtype_of_data(dtype):
    """What data of a dtype are as an input: uint8, for example, becomes int32."""
    if dtype is None:
        return floatx()
    name = getattr(dtype, "__name__", None) or getattr(dtype, "name", dtype)
    if name == "int":
        return "int32"
    return CONVERTED.get(name, dtype) if isinstance(name, str) else dtype


def check_fits(tensor, shape, batch_size, dtype, batch_shape):
    """Raises unless a tensor is symbolic and what other arguments say of it."""
    if not isinstance(tensor, KerasTensor):
        raise ValueError(
            "Argument `input_tensor` must be a KerasTensor. Received invalid type: "
            f"input_tensor={tensor} (of type {type(tensor)})"
        )
    said = {
        "batch_size": (batch_size, tensor.shape[:1] and tensor.shape[0]),
        "shape": (shape and tuple(shape), tensor.shape[1:]),
        "batch_shape": (batch_shape and tuple(batch_shape), tensor.shape),
        "dtype": (dtype and standardize_dtype(dtype), tensor.dtype),
    }
    for name, (value, own) in said.items():
        if value is not None and value != own:
            raise ValueError(
                "When providing the `input_tensor` argument, you cannot provide an incompatible "
                f"`{name}` argument."
            )


def Input(
    shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, name=None,
    tensor=None, optional=False,
):  # fmt: skip
    """The symbolic input of a model, for layers to be called on.

    Parameters
    ----------
    shape : tuple
        Without the batch; None for sizes that are free.
    batch_size : int, optional
    dtype : str, optional
    sparse, ragged : bool, optional
        Of kinds of tensors that there are not: False or None.
    batch_shape : tuple, optional
        In place of `shape` and `batch_size`.
    name : str, optional
    tensor : KerasTensor, optional
        Where the model begins, in place of a new tensor.
    optional : bool
        Whether None may be given for this input; layers behind it get None then.

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
    layer = InputLayer(
        shape, batch_size, dtype, sparse, ragged, batch_shape, tensor, optional, name=name
    )
    return layer.output
