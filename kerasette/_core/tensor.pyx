"""Tensors: results of ops.

A tensor is a C-contiguous, 64-byte aligned array of float32, float64, int32, int64 or bool. It
has no strides: transposition is a flag of a product or a copy, which takes strides out of every
kernel. It exchanges data with NumPy, the buffer protocol and DLPack.
"""

import numpy as np

from cpython.buffer cimport PyBUF_FORMAT
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_REFCNT
from libc.stdint cimport int64_t
from libc.string cimport memcpy

from kerasette._core.csrc cimport KS_INT32, KS_INT64, KS_MAX_DIMS
from kerasette._core.dtypes cimport dtype_code, dtype_name, itemsize
from kerasette._core.memory cimport Arena, Storage, current_arena, new_storage, note_read
from kerasette._core.recursion cimport Py_EnterRecursiveCall, Py_LeaveRecursiveCall

from kerasette._core.dtypes import CONVERTED, NUMPY_DTYPES, floatx

LOST = (
    "Can't call numpy() on a tensor that requires grad: NumPy would compute with its numbers, and "
    "the gradient would be lost. Use the functions of kerasette.ops; or, for the numbers alone, "
    "kerasette.ops.convert_to_numpy(x)."
)


def _is_watched(tensor):
    """Whether a tape of this thread records what becomes of a tensor; the tapes define it."""
    return False


def tell_what_is_watched(function):
    """Hands that function over; the tapes import this module."""
    global _is_watched
    _is_watched = function


cdef tuple FORMATS = (b"f", b"d", b"i", b"q", b"?")


cdef int check_dimensions(tuple shape) except -1:
    """Nodes have room for so many loops."""
    if len(shape) > KS_MAX_DIMS:
        raise ValueError(
            f"A tensor has at most {KS_MAX_DIMS} dimensions. Received shape {shape}"
        )
    return 0


cdef tuple checked_shape(shape):
    """`shape` as a tuple of non-negative ints."""
    if hasattr(shape, "__index__"):
        shape = (shape,)
    cdef tuple sizes
    try:
        sizes = tuple([int(size.__index__()) for size in shape])
    except (TypeError, AttributeError):
        raise ValueError(f"A shape is a tuple of integers. Received: {shape!r}") from None
    check_dimensions(sizes)
    for size in sizes:
        if size < 0:
            raise ValueError(f"The sizes of a shape are not negative. Received: {sizes}")
    return sizes


cdef extern from *:
    """
    /* Whether the product is more than an int64 holds. */
    static inline int ks_times(int64_t a, int64_t b, int64_t *product) {
      return __builtin_mul_overflow(a, b, product);
    }
    """
    bint ks_times(int64_t a, int64_t b, int64_t *product) nogil


# So that the bytes can be counted as well.
cdef int64_t MOST_ELEMENTS = (<int64_t> 1 << 60) - 1


cdef int64_t count_of(tuple shape) except -1:
    """The number of elements; each tensor that is made comes by here."""
    cdef int64_t count = 1
    check_dimensions(shape)
    for size in shape:
        # Unchecked, 2 ** 32 by 2 ** 32 would be no elements, and an op would write past them.
        if size > MOST_ELEMENTS or ks_times(count, size, &count) or count > MOST_ELEMENTS:
            raise MemoryError(f"a tensor of shape {shape} is too large for any memory")
    return count


cdef Tensor alias(Storage storage, char *data, tuple shape, int code):
    """A tensor over memory that is there already."""
    cdef Tensor tensor = Tensor.__new__(Tensor)
    tensor.shape = shape
    tensor.code = code
    tensor.count = count_of(shape)
    tensor.storage = storage
    tensor.data = data
    return tensor


cdef Tensor empty_private(tuple shape, int code):
    """A tensor in memory of its own, even while recording: what no node writes, a constant."""
    cdef Storage storage = new_storage(<size_t> (count_of(shape) * itemsize(code)))
    cdef Arena arena = current_arena()
    if arena is not None:
        arena.constant_bytes += storage.nbytes
    return alias(storage, storage.data, shape, code)


cdef Tensor empty(tuple shape, int code):
    """A tensor for a node to write."""
    cdef char *data
    cdef Tensor tensor
    cdef Arena arena
    arena = current_arena()
    if arena is None:
        return empty_private(shape, code)
    data = arena.take(<size_t> (count_of(shape) * itemsize(code)))
    tensor = alias(arena.taken, data, shape, code)
    arena.live.append(tensor)
    return tensor


_operators = None


def set_operators(module):
    """Tells where the functions behind the operators are; the ops import this module."""
    global _operators
    _operators = module


def _truth(sign, value):
    """An operand of a logical operator: bool, because with other dtypes bits could be meant."""
    dtype = getattr(value, "dtype", type(value).__name__)
    if dtype != "bool":
        raise TypeError(
            f"`{sign}` is for tensors of dtype bool, and one of {dtype} was given. "
            "`ops.logical_and` and its like take other dtypes."
        )
    return value


cdef class Tensor:
    """An array of numbers, the result of an op. Its value does not change.

    Made by ``kerasette.ops.convert_to_tensor`` and every op; `numpy` copies it out. Operators
    follow NumPy, with broadcasting.

    Attributes
    ----------
    shape : tuple of int
    dtype : str
        ``"float32"``, ``"float64"``, ``"int32"``, ``"int64"`` or ``"bool"``.

    Examples
    --------
    >>> from kerasette import ops
    >>> x = ops.convert_to_tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> (x @ x + 1).numpy().tolist()
    [[8.0, 11.0], [16.0, 23.0]]
    """

    # NumPy's operators leave mixed expressions to ours.
    __array_priority__ = 100

    @property
    def dtype(self):
        return dtype_name(self.code)

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def size(self):
        return self.count

    @property
    def nbytes(self):
        return self.count * itemsize(self.code)

    @property
    def T(self):
        return _operators.transpose(self)

    # -- exchange

    def __getbuffer__(self, Py_buffer *buffer, int flags):
        if _is_watched(self):
            raise BufferError(LOST)
        cdef Py_ssize_t n = len(self.shape)
        cdef Py_ssize_t step = itemsize(self.code)
        cdef Py_ssize_t *sizes = <Py_ssize_t *> PyMem_Malloc((2 * n + 1) * sizeof(Py_ssize_t))
        if sizes == NULL:
            raise MemoryError
        note_export(self)
        for i in range(n - 1, -1, -1):
            sizes[i] = self.shape[i]
            sizes[n + i] = step
            step *= sizes[i]
        buffer.obj = self
        buffer.buf = self.data
        buffer.len = self.count * itemsize(self.code)
        buffer.itemsize = itemsize(self.code)
        buffer.readonly = 0
        buffer.ndim = <int> n
        buffer.format = <char *> FORMATS[self.code] if flags & PyBUF_FORMAT else NULL
        buffer.shape = sizes
        buffer.strides = sizes + n
        buffer.suboffsets = NULL
        buffer.internal = sizes

    def __releasebuffer__(self, Py_buffer *buffer):
        PyMem_Free(buffer.internal)

    def numpy(self):
        """A copy as a NumPy array."""
        note_read()
        return array_of(self)

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("A tensor cannot be handed to NumPy without a copy; use DLPack.")
        if _is_watched(self):
            raise RuntimeError(LOST)
        array = self.numpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __dlpack__(self, **kwargs):
        return np.asarray(memoryview(self)).__dlpack__(**kwargs)

    def __dlpack_device__(self):
        return (1, 0)

    def item(self):
        """The value of a tensor with one element, as a Python number."""
        if self.count != 1:
            raise ValueError(
                f"Only a tensor with one element is a number; the shape is {self.shape}."
            )
        return self.numpy().item()

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __index__(self):
        if self.code not in (KS_INT32, KS_INT64):
            raise TypeError(f"A {self.dtype} tensor cannot be used as an index.")
        return int(self.item())

    def __bool__(self):
        if self.count != 1:
            raise ValueError(
                f"The truth value of a tensor of shape {self.shape} is ambiguous: only one element "
                "has one. Use `ops.any` or `ops.all`."
            )
        return bool(self.item())

    def __len__(self):
        if not self.shape:
            raise TypeError("A scalar tensor has no length.")
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __format__(self, spec):
        return format(self.item(), spec) if spec else str(self)

    def __repr__(self):
        return f"<Tensor: shape={self.shape}, dtype={self.dtype}, value={self._text()}>"

    def _text(self):
        return np.array2string(self.numpy(), separator=", ", threshold=20)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return tensor_of(self.numpy())

    def __reduce__(self):
        return convert, (self.numpy(),)

    # -- operators

    def __getitem__(self, key):
        return _operators.get_item(self, key)

    def __neg__(self):
        return _operators.negative(self)

    def __pos__(self):
        return self

    def __abs__(self):
        return _operators.absolute(self)

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
        return _operators.divide(self, other)

    def __rtruediv__(self, other):
        return _operators.divide(other, self)

    def __floordiv__(self, other):
        return _operators.floor_divide(self, other)

    def __rfloordiv__(self, other):
        return _operators.floor_divide(other, self)

    def __mod__(self, other):
        return _operators.mod(self, other)

    def __rmod__(self, other):
        return _operators.mod(other, self)

    def __pow__(self, other, modulo):
        return _operators.power(self, other) if modulo is None else NotImplemented

    def __rpow__(self, other, modulo):
        return _operators.power(other, self) if modulo is None else NotImplemented

    def __matmul__(self, other):
        return _operators.matmul(self, other)

    def __rmatmul__(self, other):
        return _operators.matmul(other, self)

    def __and__(self, other):
        return _operators.where(_truth("&", self), _truth("&", other), False)

    def __rand__(self, other):
        return self & other

    def __or__(self, other):
        return _operators.where(_truth("|", self), True, _truth("|", other))

    def __ror__(self, other):
        return self | other

    def __xor__(self, other):
        return _operators.not_equal(_truth("^", self), _truth("^", other))

    def __rxor__(self, other):
        return self ^ other

    def __invert__(self):
        return _operators.equal(_truth("~", self), False)

    def __round__(self, ndigits=None):
        if not ndigits:
            return _operators.round(self)
        power = 10.0 ** abs(ndigits)
        if ndigits < 0:
            return _operators.round(self / power) * power
        return _operators.round(self * power) / power

    def __lt__(self, other):
        return _operators.less(self, other)

    def __le__(self, other):
        return _operators.less_equal(self, other)

    def __gt__(self, other):
        return _operators.greater(self, other)

    def __ge__(self, other):
        return _operators.greater_equal(self, other)

    def __eq__(self, other):
        if other is None:
            return NotImplemented
        return _operators.equal(self, other)

    def __ne__(self, other):
        if other is None:
            return NotImplemented
        return _operators.not_equal(self, other)

    def __hash__(self):
        return id(self)

    # -- what a softmax or sigmoid keeps for the cross-entropy after it

    @property
    def _logits(self):
        """What went into the softmax or sigmoid that made this tensor, and its name; or None."""
        return None if self.cached_logits is None else (self.cached_activation, self.cached_logits)

    @_logits.setter
    def _logits(self, value):
        self.cached_activation, self.cached_logits = value


cdef int note_export(Tensor tensor) except -1:
    """Somebody outside looks at this memory: it must not move or be written over unawares."""
    cdef Arena arena = current_arena()
    note_read()
    if arena is not None:
        arena.is_exported = True
    tensor.is_shared = True
    return 0


cdef object array_of(Tensor tensor):
    """A NumPy copy, for us: nobody decides anything by it."""
    array = np.empty(tensor.shape, NUMPY_DTYPES[tensor.code])
    cdef unsigned char[::1] target
    if tensor.count:
        target = array.reshape(-1).view(np.uint8)
        memcpy(&target[0], tensor.data, <size_t> (tensor.count * itemsize(tensor.code)))
    return array


cdef int copy_in(Tensor tensor, array) except -1:
    """Copies an array of any layout, byte order or numeric dtype into the tensor."""
    cdef const unsigned char[::1] source
    array = np.ascontiguousarray(array, dtype=NUMPY_DTYPES[tensor.code])
    if tensor.count:
        source = array.reshape(-1).view(np.uint8)
        memcpy(tensor.data, &source[0], <size_t> (tensor.count * itemsize(tensor.code)))
    return 0


def convert(value):
    """`value` as a tensor: a Tensor stays, anything else is copied."""
    return tensor_of(value)


def checked_array(value, what="The value"):
    """`value` as a NumPy array of numbers, whatever its layout or byte order.

    Raises
    ------
    ValueError
        If it holds strings, objects or complex numbers, or rows of different lengths.
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{what} cannot be converted to an array of numbers: {error}") from None
    if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8 or array.dtype == np.uint64:
        raise ValueError(
            f"{what} cannot be converted to a tensor: it has dtype {array.dtype}, and expected "
            "are real numbers (float16 to float64, integers up to int64, bool)."
        )
    return array


def holds_tensors(value):
    """Whether a value is a list or tuple with a tensor in it, or such lists."""
    if not isinstance(value, (list, tuple)):
        return False
    # A list may hold itself.
    Py_EnterRecursiveCall(b" in a list of numbers or tensors")
    try:
        return any([isinstance(item, Tensor) or holds_tensors(item) for item in value])
    finally:
        Py_LeaveRecursiveCall()


cdef int code_for(value, array) except -1:
    """Code of the dtype that Python numbers and arrays get: as in Keras, arrays keep theirs."""
    name = array.dtype.name
    if not hasattr(value, "dtype"):
        # Python numbers, and lists of them, have no dtype of their own.
        if array.dtype.kind == "f":
            name = floatx()
        elif array.dtype.kind in "iu" and (array.size == 0 or abs(array).max() < 2**31):
            name = "int32"
    return dtype_code(CONVERTED.get(name, name))


cdef object source_of(value):
    """`value` as a NumPy array of numbers."""
    if hasattr(value, "__dlpack__") and not isinstance(value, np.ndarray):
        value = np.from_dlpack(value)
    return checked_array(value)


cdef Tensor tensor_of(value):
    """`value` as a tensor: a Tensor stays, of a list of them comes one that leads back to them, and
    anything else is copied into a constant."""
    if isinstance(value, Tensor):
        return <Tensor> value
    if holds_tensors(value):
        return _operators.stack([tensor_of(item) for item in value])
    array = source_of(value)
    cdef Tensor tensor = empty_private((<object> array).shape, code_for(value, array))
    copy_in(tensor, array)
    return tensor


cdef Tensor constant(value, int code):
    """A number as a tensor of a dtype, not rounded on the way."""
    cdef Tensor tensor = empty_private((), code)
    copy_in(tensor, np.asarray(value))
    return tensor


# ---- the end of a recording --------------------------------------------------


cdef int release(Arena arena) except -1:
    """Ends a recording: tensors that somebody still holds get memory of their own.

    Whatever leaves a recording is copied, because the next replay writes over it.
    """
    cdef Tensor tensor
    cdef list live = arena.live
    arena.live = []
    for tensor in live:
        tensor.cached_logits = None
        tensor._keras_mask = None
    for tensor in live:
        # Held by the list and the loop variable, and by whom else?
        if Py_REFCNT(tensor) > 2:
            give_own_memory(tensor)
    return 0


cdef int give_own_memory(Tensor tensor) except -1:
    cdef Storage storage = new_storage(<size_t> (tensor.count * itemsize(tensor.code)))
    memcpy(storage.data, tensor.data, storage.nbytes)
    tensor.storage = storage
    tensor.data = storage.data
    return 0
