"""Symbolic tensors: a shape and a dtype, and where they come from."""

from kerasette._core.dtypes import standardize_dtype
from kerasette._core.ops.operands import set_symbolic_kind
from kerasette.naming import auto_name
from kerasette.shapes import standardize_shape

_operators = None


def set_operators(module):
    """Tells where the functions behind the operators are; the ops import this module."""
    global _operators
    _operators = module


def operators():
    """The module of the ops."""
    return _operators


class KerasTensor:
    """A tensor without values: what layers and ops are called on to make a graph.

    ``Input`` makes the first; layers and the functions of ``kerasette.ops`` return others.
    Operators work as those of tensors do.

    Parameters
    ----------
    shape : tuple
        With None for sizes that are free; the first is the batch.
    dtype : str
    sparse, ragged : bool
        Of kinds of tensors that there are not: False.
    record_history : bool
        Whether calls on it become part of a graph; otherwise their results have only shape and
        dtype.
    name : str, optional

    Raises
    ------
    ValueError
        If it is no shape, or no dtype of tensors, or sparse or ragged.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.KerasTensor((None, 3))
    >>> (2 * x[:, :2]).shape
    (None, 2)
    """

    # NumPy's operators leave mixed expressions to ours.
    __array_priority__ = 100

    def __init__(
        self, shape, dtype="float32", sparse=False, ragged=False, record_history=True, name=None
    ):
        if sparse or ragged:
            raise ValueError(
                "Sparse and ragged tensors are not supported. "
                f"Received: sparse={sparse}, ragged={ragged}"
            )
        self.record_history = bool(record_history)
        self._shape = standardize_shape(shape)
        self._dtype = standardize_dtype(dtype)
        self.name = auto_name(type(self).__name__) if name is None else name
        # The operation that made it, by which of its calls, as which of its outputs.
        self._keras_history = None
        self._keras_mask = None

    def __getstate__(self):
        # A copy is no part of the graph: that belongs to models, which copy theirs as a whole.
        return {**self.__dict__, "_keras_history": None, "_keras_mask": None}

    @property
    def shape(self):
        """Sizes, None where they are free."""
        return self._shape

    @property
    def dtype(self):
        """Name of the dtype."""
        return self._dtype

    @property
    def ndim(self):
        """Number of axes."""
        return len(self._shape)

    @property
    def sparse(self):
        """False."""
        return False

    @property
    def ragged(self):
        """False."""
        return False

    def __repr__(self):
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"

    def reshape(self, newshape):
        """`kerasette.ops.reshape` of it."""
        return _operators.reshape(self, newshape)

    def squeeze(self, axis=None):
        """`kerasette.ops.squeeze` of it."""
        return _operators.squeeze(self, axis)

    # ---- there are no values -----------------------------------------------------

    def _no_value(self, kind):
        return ValueError(
            "A KerasTensor is symbolic: it's a placeholder for a shape and a dtype. It doesn't "
            f"have any actual numerical value. You cannot convert it to {kind}. Use the functions "
            "of `kerasette.ops`, or put the code into the `call` of a layer."
        )

    def __int__(self):
        raise self._no_value("an int")

    def __float__(self):
        raise self._no_value("a float")

    def __array__(self, dtype=None, copy=None):
        raise self._no_value("a NumPy array")

    def __bool__(self):
        raise TypeError("A symbolic KerasTensor cannot be used as a boolean.")

    def __iter__(self):
        raise NotImplementedError("Iterating over a symbolic KerasTensor is not supported.")

    # ---- operators ---------------------------------------------------------------

    def __getitem__(self, key):
        return _operators.get_item(self, key)

    def __neg__(self):
        return _operators.negative(self)

    def __abs__(self):
        return _operators.absolute(self)

    def __round__(self, ndigits=None):
        return _operators.round(self, ndigits or 0)

    def __add__(self, other):
        return _operators.add(self, other)

    def __radd__(self, other):
        return _operators.add(other, self)

    def __sub__(self, other):
        return _operators.subtract(self, other)

    def __rsub__(self, other):
        return _operators.subtract(other, self)

    def __mul__(self, other):
        return _operators.multiply(self, other)

    def __rmul__(self, other):
        return _operators.multiply(other, self)

    def __truediv__(self, other):
        return _operators.true_divide(self, other)

    def __rtruediv__(self, other):
        return _operators.true_divide(other, self)

    def __floordiv__(self, other):
        return _operators.floor_divide(self, other)

    def __rfloordiv__(self, other):
        return _operators.floor_divide(other, self)

    def __mod__(self, other):
        return _operators.mod(self, other)

    def __rmod__(self, other):
        return _operators.mod(other, self)

    def __pow__(self, other):
        return _operators.power(self, other)

    def __rpow__(self, other):
        return _operators.power(other, self)

    def __matmul__(self, other):
        return _operators.matmul(self, other)

    def __rmatmul__(self, other):
        return _operators.matmul(other, self)

    def __lt__(self, other):
        return _operators.less(self, other)

    def __le__(self, other):
        return _operators.less_equal(self, other)

    def __gt__(self, other):
        return _operators.greater(self, other)

    def __ge__(self, other):
        return _operators.greater_equal(self, other)

    def __ne__(self, other):
        return _operators.not_equal(self, other)

    # As in Keras, `==` tells whether it is the same tensor.
    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return id(self)

    def __and__(self, other):
        return _operators.logical_and(self, other)

    def __rand__(self, other):
        return _operators.logical_and(other, self)

    def __or__(self, other):
        return _operators.logical_or(self, other)

    def __ror__(self, other):
        return _operators.logical_or(other, self)

    def __xor__(self, other):
        return _operators.logical_xor(self, other)

    def __rxor__(self, other):
        return _operators.logical_xor(other, self)

    def __invert__(self):
        return _operators.logical_not(self)


def is_keras_tensor(x):
    """Whether x is a symbolic tensor.

    >>> is_keras_tensor(KerasTensor((None, 2))), is_keras_tensor(2)
    (True, False)
    """
    return isinstance(x, KerasTensor)


set_symbolic_kind(KerasTensor)
