"""Storage, tensors and variables.

A tensor is a C-contiguous, 64-byte aligned array of float32, float64, int32, int64 or bool. It
has no strides: transposition is a flag of a product or a copy, which takes strides out of every
kernel. It exchanges data with NumPy, the buffer protocol and DLPack.
"""

import numpy as np

from cpython.buffer cimport PyBUF_FORMAT, PyBUF_WRITABLE
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_REFCNT, PyObject
from libc.stdint cimport int64_t
from libc.stdlib cimport free
from libc.string cimport memcpy

from kerasette._core.csrc cimport (
    KS_ALIGNMENT,
    KS_BOOL,
    KS_FLOAT32,
    KS_FLOAT64,
    KS_INT32,
    KS_INT64,
)


cdef extern from *:
    """
    #include <stdlib.h>
    static void *ks_aligned(size_t nbytes) {
      void *data = NULL;
      return posix_memalign(&data, 64, nbytes) == 0 ? data : NULL;
    }
    /* The arena of the recording that this thread makes; borrowed. */
    static _Thread_local PyObject *ks_thread_arena;
    """
    void *ks_aligned(size_t nbytes) nogil
    PyObject *ks_thread_arena


# ---- dtypes ----------------------------------------------------------------

cdef tuple NAMES = ("float32", "float64", "int32", "int64", "bool")
cdef int64_t[5] SIZES = [4, 8, 4, 8, 1]
cdef tuple FORMATS = (b"f", b"d", b"i", b"q", b"?")
NUMPY_DTYPES = tuple(np.dtype(name) for name in NAMES)

# What becomes of the dtypes that tensors do not have. Nothing loses range: uint32 needs int64,
# and uint64 is left out.
CONVERTED = {
    "float16": "float32",
    "int8": "int32",
    "int16": "int32",
    "uint8": "int32",
    "uint16": "int32",
    "uint32": "int64",
}

_float_dtype = "float32"


def floatx():
    """Default dtype of floating-point data: ``"float32"`` or ``"float64"``."""
    return _float_dtype


def set_floatx(value):
    """Sets the default dtype of floating-point data.

    Raises
    ------
    ValueError
        If `value` is neither ``"float32"`` nor ``"float64"``.
    """
    global _float_dtype
    if value not in ("float32", "float64"):
        raise ValueError(
            f"Unknown `floatx` value: {value!r}. Expected one of ('float32', 'float64')."
        )
    _float_dtype = value


cdef int64_t itemsize(int code) noexcept nogil:
    return SIZES[code]


cdef str dtype_name(int code):
    return NAMES[code]


cdef int dtype_code(dtype) except -1:
    if dtype is float:
        dtype = _float_dtype
    elif dtype is int:
        dtype = "int32"
    elif not isinstance(dtype, str):
        try:
            dtype = np.dtype(dtype).name
        except TypeError:
            raise ValueError(f"Invalid dtype: {dtype!r}. Known are {NAMES}.") from None
    if dtype not in NAMES:
        raise ValueError(f"Invalid dtype: {dtype!r}. Known are {NAMES}.")
    return NAMES.index(dtype)


def standardize_dtype(dtype):
    """Name of a dtype that may come as a name, a NumPy dtype or None (``floatx()``)."""
    return _float_dtype if dtype is None else dtype_name(dtype_code(dtype))


# ---- memory ----------------------------------------------------------------

cdef int64_t _allocations = 0


def allocation_count():
    """How many times tensor memory was allocated so far (arenas count their blocks)."""
    return _allocations


cdef class Storage:
    def __dealloc__(self):
        if self.is_mine:
            free(self.data)


cdef Storage new_storage(size_t nbytes):
    global _allocations
    cdef Storage storage = Storage.__new__(Storage)
    storage.data = <char *> ks_aligned(nbytes if nbytes else 1)
    if storage.data == NULL:
        raise MemoryError(f"cannot allocate {nbytes} bytes for a tensor")
    storage.is_mine = True
    storage.nbytes = nbytes
    _allocations += 1
    return storage


cdef size_t ARENA_BLOCK = 1 << 20


cdef class Arena:
    """Memory that the recordings of one workspace share.

    A recording takes its buffers one after the other from the start. Since only one recording
    of a workspace runs at a time, the next one starts from the start again.
    """

    def __cinit__(self):
        self.blocks = []
        self.live = []
        self.restart()

    def restart(self):
        self.block = 0
        self.offset = 0
        self.obstacle = None

    @property
    def nbytes(self):
        return sum((<Storage> block).nbytes for block in self.blocks)

    cdef char *take(self, size_t nbytes) except NULL:
        cdef Storage block
        cdef size_t start
        # Whole cache lines: two tensors never share one.
        nbytes = (nbytes + KS_ALIGNMENT - 1) // KS_ALIGNMENT * KS_ALIGNMENT
        while True:
            if self.block == len(self.blocks):
                self.blocks.append(new_storage(max(nbytes, ARENA_BLOCK)))
            block = <Storage> self.blocks[self.block]
            if self.offset + nbytes <= block.nbytes:
                break
            self.block += 1
            self.offset = 0
        start = self.offset
        self.offset += nbytes
        self.taken = block
        return block.data + start

    def release(self):
        """Ends a recording: tensors that somebody still holds get memory of their own.

        Whatever leaves a recording is copied, because the next replay writes over it.
        """
        cdef Tensor tensor
        cdef list live = self.live
        self.live = []
        for tensor in live:
            tensor.cached_logits = None
        for tensor in live:
            # Held by the list and the loop variable, and by whom else?
            if Py_REFCNT(tensor) > 2:
                give_own_memory(tensor)


cdef int give_own_memory(Tensor tensor) except -1:
    cdef Storage storage = new_storage(<size_t> (tensor.count * itemsize(tensor.code)))
    memcpy(storage.data, tensor.data, storage.nbytes)
    tensor.storage = storage
    tensor.data = storage.data
    return 0


cdef Arena current_arena():
    return <Arena> ks_thread_arena if ks_thread_arena != NULL else None


cdef Arena swap_arena(Arena arena):
    """Makes `arena` (which the caller keeps alive) this thread's; returns the one before."""
    global ks_thread_arena
    cdef Arena before = current_arena()
    ks_thread_arena = NULL if arena is None else <PyObject *> arena
    return before


cdef int note_read() except -1:
    """A value that Python has read may have decided what was recorded next."""
    if ks_thread_arena != NULL:
        (<Arena> ks_thread_arena).obstacle = "a tensor's value was read in Python"
    return 0


# ---- tensors ---------------------------------------------------------------


cdef tuple checked_shape(shape):
    """`shape` as a tuple of non-negative ints."""
    if hasattr(shape, "__index__"):
        shape = (shape,)
    cdef tuple sizes
    try:
        sizes = tuple([int(size.__index__()) for size in shape])
    except (TypeError, AttributeError):
        raise ValueError(f"A shape is a tuple of integers. Received: {shape!r}") from None
    if len(sizes) > 8:
        raise ValueError(f"A tensor has at most 8 dimensions. Received shape {sizes}")
    for size in sizes:
        if size < 0:
            raise ValueError(f"The sizes of a shape are not negative. Received: {sizes}")
    return sizes


cdef int64_t count_of(tuple shape) except -1:
    cdef int64_t count = 1
    for size in shape:
        count *= <int64_t> size
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
    return alias(storage, storage.data, shape, code)


cdef Tensor empty(tuple shape, int code):
    """A tensor for a node to write."""
    cdef char *data
    cdef Tensor tensor
    cdef Arena arena
    if ks_thread_arena == NULL:
        return empty_private(shape, code)
    arena = <Arena> ks_thread_arena
    data = arena.take(<size_t> (count_of(shape) * itemsize(code)))
    tensor = alias(arena.taken, data, shape, code)
    arena.live.append(tensor)
    return tensor


_operators = None


def set_operators(module):
    """Tells where the functions behind the operators are; the ops import this module."""
    global _operators
    _operators = module


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
        self.exports += 1

    def __releasebuffer__(self, Py_buffer *buffer):
        self.exports -= 1
        PyMem_Free(buffer.internal)

    def numpy(self):
        """A copy as a NumPy array."""
        note_read()
        return array_of(self)

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("A tensor cannot be handed to NumPy without a copy; use DLPack.")
        array = self.numpy()
        return array if dtype is None else array.astype(dtype, copy=False)

    def __dlpack__(self, **kwargs):
        return np.asarray(memoryview(self)).__dlpack__(**kwargs)

    def __dlpack_device__(self):
        return (1, 0)

    def item(self):
        """The value of a tensor with one element, as a Python number."""
        if self.count != 1:
            raise ValueError(f"item() is for tensors with one element; the shape is {self.shape}.")
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
        return bool(self.item())

    def __len__(self):
        if not self.shape:
            raise TypeError("A scalar tensor has no length.")
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

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

    def __pow__(self, other, modulo):
        return _operators.power(self, other)

    def __rpow__(self, other, modulo):
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
    note_read()
    if ks_thread_arena != NULL:
        (<Arena> ks_thread_arena).is_exported = True
    if isinstance(tensor, Variable):
        (<Variable> tensor).is_shared = True
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


cdef int code_for(value, array) except -1:
    """Code of the dtype that Python numbers and arrays get: as in Keras, arrays keep theirs."""
    name = array.dtype.name
    if not hasattr(value, "dtype"):
        # Python numbers, and lists of them, have no dtype of their own.
        if array.dtype.kind == "f":
            name = _float_dtype
        elif array.dtype.kind in "iu" and (array.size == 0 or abs(array).max() < 2**31):
            name = "int32"
    return dtype_code(CONVERTED.get(name, name))


cdef Tensor tensor_of(value):
    """`value` as a tensor: a Tensor stays, anything else is copied into a constant."""
    if isinstance(value, Tensor):
        return <Tensor> value
    if hasattr(value, "__dlpack__") and not isinstance(value, np.ndarray):
        value = np.from_dlpack(value)
    array = checked_array(value)
    cdef Tensor tensor = empty_private((<object> array).shape, code_for(value, array))
    copy_in(tensor, array)
    return tensor


cdef Tensor constant(value, int code):
    """A number as a tensor of a dtype, not rounded on the way."""
    cdef Tensor tensor = empty_private((), code)
    copy_in(tensor, np.asarray(value))
    return tensor


# ---- variables -------------------------------------------------------------


def _is_initializer(value):
    return callable(value) and not isinstance(value, Tensor)


cdef class Variable(Tensor):
    """A tensor whose value can be assigned: a weight, a moment, a state.

    Parameters
    ----------
    initializer : array or callable
        The initial value, or a function of ``(shape, dtype=...)`` that gives it.
    shape : tuple of int, optional
        Needed when `initializer` is a function.
    dtype : str, optional
        By default ``floatx()`` for a function, the array's own otherwise.
    trainable : bool
        Whether a gradient tape watches it by itself.
    name : str, optional

    Raises
    ------
    ValueError
        If the shape is missing, or the value does not have it.
    """

    def __init__(self, initializer, shape=None, dtype=None, trainable=True, name=None):
        if _is_initializer(initializer):
            if shape is None:
                raise ValueError(
                    "When creating a Variable from an initializer, the `shape` argument should "
                    f"be specified. Received: initializer={initializer} and shape={shape}"
                )
            dtype = standardize_dtype(dtype)
            initializer = initializer(checked_shape(shape), dtype=dtype)
        cdef Tensor value = tensor_of(initializer)
        if shape is not None and checked_shape(shape) != value.shape:
            raise ValueError(
                f"The value of a Variable has shape {value.shape}, and shape={shape} was given."
            )
        cdef int code = value.code if dtype is None else dtype_code(dtype)
        self.storage = new_storage(<size_t> (value.count * itemsize(code)))
        self.data = self.storage.data
        self.shape = value.shape
        self.count = value.count
        self.code = code
        copy_in(self, array_of(value))
        self.is_trainable = bool(trainable)
        self.name = "variable" if name is None else name
        self.path = self.name

    @property
    def trainable(self):
        return self.is_trainable

    @trainable.setter
    def trainable(self, value):
        bump_structure_version()
        self.is_trainable = bool(value)

    @property
    def value(self):
        """The present value, as a tensor that later assignments leave alone."""
        return _operators.copy(self)

    def assign(self, value):
        """Sets the value: ``v = value``. Within a training step, at the end of the step.

        Raises
        ------
        ValueError
            If the shape of `value` is another one. The variable is as before.
        """
        return _operators.assign(self, value)

    def assign_add(self, value):
        """``v = v + value``."""
        return _operators.assign(self, _operators.add(self, value))

    def assign_sub(self, value):
        """``v = v - value``."""
        return _operators.assign(self, _operators.subtract(self, value))

    def __repr__(self):
        return (
            f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}, "
            f"value={self._text()}>"
        )

    def __deepcopy__(self, memo):
        copy = Variable(
            self.numpy(), dtype=self.dtype, trainable=self.is_trainable, name=self.name
        )
        copy.path = self.path
        return copy

    def __reduce__(self):
        return _variable_from, (self.numpy(), self.dtype, self.is_trainable, self.name, self.path)


def _variable_from(array, dtype, trainable, name, path):
    variable = Variable(array, dtype=dtype, trainable=trainable, name=name)
    variable.path = path
    return variable


# ---- the version of the structure -------------------------------------------

cdef int64_t _structure_version = 0


def structure_version():
    """Changes with every event after which recordings made before must not run again."""
    return _structure_version


def bump_structure_version():
    """Called when an attribute of a layer, loss, optimizer or model is set, or memory moves."""
    global _structure_version
    _structure_version += 1


# ---- packing ----------------------------------------------------------------


def pack(variables):
    """Moves variables of one dtype into one piece of memory, so that an optimizer's step over
    them is one pass. Variables that are packed already, or whose memory somebody outside looks
    at (DLPack, buffer), stay where they are.
    """
    cdef Variable variable
    cdef size_t offset = 0
    cdef Storage storage
    cdef list moving = []
    for variable in variables:
        if not (variable.is_packed or variable.is_shared):
            moving.append((variable, offset))
            offset += padded_bytes(variable)
    if not moving:
        return
    bump_structure_version()
    storage = new_storage(offset)
    zero(storage.data, offset)
    for variable, start in moving:
        memcpy(
            storage.data + <size_t> start, variable.data,
            <size_t> (variable.count * itemsize(variable.code)),
        )
        variable.storage = storage
        variable.data = storage.data + <size_t> start
        variable.is_packed = True


cdef void zero(char *data, size_t nbytes) noexcept:
    cdef size_t i
    for i in range(nbytes):
        data[i] = 0


cdef size_t padded_bytes(Tensor tensor) noexcept:
    cdef size_t nbytes = <size_t> (tensor.count * itemsize(tensor.code))
    return (nbytes + KS_ALIGNMENT - 1) // KS_ALIGNMENT * KS_ALIGNMENT


def spans(variables):
    """Groups variables that stand side by side in memory.

    Returns
    -------
    list of (Tensor, list of Variable, list of int)
        A flat tensor over the memory of each group, its variables, and where each begins in it,
        in elements. The gaps between variables (up to a cache line) belong to the tensor.
    """
    cdef Variable variable, last
    cdef list groups = []
    cdef list group
    for variable in sorted(variables, key=_address):
        group = groups[-1] if groups else None
        if group is not None:
            last = group[-1]
            if (
                last.storage is variable.storage and last.code == variable.code
                and variable.data == last.data + padded_bytes(last)
            ):
                group.append(variable)
                continue
        groups.append([variable])
    return [_span(group) for group in groups]


def _address(Variable variable):
    return <size_t> variable.data


cdef tuple _span(list group):
    cdef Variable first = group[0]
    cdef Variable last = group[len(group) - 1]
    cdef int64_t size = itemsize(first.code)
    cdef Variable variable
    cdef list starts = []
    for variable in group:
        starts.append((variable.data - first.data) // size)
    cdef int64_t count = (last.data - first.data) // size + last.count
    return alias(first.storage, first.data, (count,), first.code), group, starts


def part(Tensor whole, int64_t start, shape):
    """A tensor over the elements of `whole` (flat) from `start` on: the same memory."""
    return alias(
        whole.storage, whole.data + start * itemsize(whole.code), checked_shape(shape), whole.code
    )


def zeros_like_span(Tensor span):
    """A tensor of zeros like `span`, in memory of its own: slots and gradients of a span."""
    cdef Tensor tensor = empty_private(span.shape, span.code)
    zero(tensor.data, tensor.storage.nbytes)
    return tensor
