"""Variables, and how they are packed for an optimizer."""

from libc.stdint cimport int64_t
from libc.string cimport memcpy, memset

from kerasette._core.csrc cimport KS_ALIGNMENT
from kerasette._core.dtypes cimport dtype_code, itemsize
from kerasette._core.memory cimport Storage, new_storage
from kerasette._core.tensor cimport (
    Tensor,
    alias,
    array_of,
    checked_shape,
    code_for,
    copy_in,
    count_of,
    empty_private,
    source_of,
)

from kerasette._core.dtypes import standardize_dtype
from kerasette._core.structure import bump_structure_version

_operators = None
_initializer_of = None
_automatic_name = None


def set_operators(module):
    """Tells where the functions behind the methods are; the ops import this module."""
    global _operators
    _operators = module


def set_initializers(get):
    """Tells what function gives the initializer of a name."""
    global _initializer_of
    _initializer_of = get


def set_names(make):
    """Tells what function makes a name for an object of a class, from the name of the class."""
    global _automatic_name
    _automatic_name = make


def _is_initializer(value):
    return callable(value) and not isinstance(value, Tensor)


cdef class Variable(Tensor):
    """A tensor whose value can be assigned: a weight, a moment, a state.

    Parameters
    ----------
    initializer : array, callable or str
        The initial value, or a function of ``(shape, dtype=...)`` that gives it, or the name of
        one, such as ``"zeros"``.
    shape : tuple of int, optional
        Needed when `initializer` is a function or a name.
    dtype : str, optional
        By default ``floatx()`` for a function, the array's own otherwise.
    trainable : bool
        Whether a gradient tape watches it by itself.
    autocast : bool
        Whether layers of mixed precision may cast it; there are none.
    aggregation : {"none", "mean", "sum", "only_first_replica", None}
        How several machines would join their values; there is one.
    synchronization : {"auto", "none", "on_read", "on_write", None}
        When they would.
    name : str, optional
        By default "variable", "variable_1" and so on.
    layout : None
        Of distributed variables, which there are none of.

    Raises
    ------
    ValueError
        If the shape is missing, the value does not have it, or an argument is not known.
    """

    def __init__(
        self, initializer, shape=None, dtype=None, trainable=True, autocast=True,
        aggregation="none", synchronization="auto", name=None, layout=None,
    ):
        if self.storage is not None:
            # Recorded steps know its memory.
            raise RuntimeError(f"Variable {self.path} is there already: use `assign`.")
        check_replication(aggregation, synchronization, layout)
        check_name(name)
        if isinstance(initializer, str):
            initializer = _initializer_of(initializer)
        if _is_initializer(initializer):
            if shape is None:
                raise ValueError(
                    "When creating a Variable from an initializer, the `shape` argument should "
                    f"be specified. Received: initializer={initializer} and shape={shape}"
                )
            dtype = standardize_dtype(dtype)
            initializer = initializer(checked_shape(shape), dtype=dtype)
        # Not by way of a tensor: a Python float would be rounded to the default dtype.
        array = array_of(initializer) if isinstance(initializer, Tensor) else source_of(initializer)
        cdef int code = code_for(initializer, array) if dtype is None else dtype_code(dtype)
        if shape is not None and checked_shape(shape) != array.shape:
            raise ValueError(
                f"The value of a Variable has shape {array.shape}, and shape={shape} was given."
            )
        cdef int64_t count = count_of((<object> array).shape)
        cdef Storage storage = new_storage(<size_t> (count * itemsize(code)))
        self.shape = array.shape
        self.code = code
        self.count = count
        self.storage = storage
        self.data = storage.data
        copy_in(self, array)
        self.is_trainable = bool(trainable)
        self.autocast = bool(autocast)
        self.aggregation = aggregation or "none"
        self.synchronization = synchronization or "none"
        self.name = _automatic_name("Variable") if name is None else name
        self.path = self.name

    @property
    def trainable(self):
        return self.is_trainable

    @trainable.setter
    def trainable(self, value):
        bump_structure_version()
        self.is_trainable = bool(value)

    @property
    def regularizer(self):
        """A function of the value that adds to the loss, or None."""
        return self.value_regularizer

    @regularizer.setter
    def regularizer(self, value):
        check_callable("regularizer", value)
        bump_structure_version()
        self.value_regularizer = value

    @property
    def constraint(self):
        """A function that gives, after each update, the nearest value that is allowed; or None."""
        return self.value_constraint

    @constraint.setter
    def constraint(self, value):
        check_callable("constraint", value)
        bump_structure_version()
        self.value_constraint = value

    @property
    def overwrite_with_gradient(self):
        """Whether its gradient takes its place instead of moving it: no. Keras's float8 does so."""
        return False

    @overwrite_with_gradient.setter
    def overwrite_with_gradient(self, value):
        if value:
            raise ValueError("`overwrite_with_gradient=True` is not supported: it is for float8.")

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
        return _variable_from(*self._parts())

    def __reduce__(self):
        return _variable_from, self._parts()

    def _parts(self):
        arguments = {
            "dtype": self.dtype, "trainable": self.is_trainable, "autocast": self.autocast,
            "aggregation": self.aggregation, "synchronization": self.synchronization,
            "name": self.name,
        }
        return (
            self.numpy(), arguments, self.path, self.value_regularizer, self.value_constraint
        )


def check_callable(name, value):
    if value is not None and not callable(value):
        raise ValueError(
            f"Invalid value for attribute `{name}`. Expected a callable or None. "
            f"Received: {name}={value!r}"
        )


def check_replication(aggregation, synchronization, layout):
    known = (None, "none", "mean", "sum", "only_first_replica")
    if aggregation not in known:
        raise ValueError(
            f"Invalid value for argument `aggregation`. Expected one of {known}. "
            f"Received: aggregation={aggregation}"
        )
    known = (None, "none", "on_read", "on_write", "auto")
    if synchronization not in known:
        raise ValueError(
            f"Invalid value for argument `synchronization`. Expected one of {known}. "
            f"Received: synchronization={synchronization}"
        )
    if layout is not None:
        raise ValueError(f"Distributed variables are not supported. Received: layout={layout}")


def check_name(name):
    if name is not None and (not isinstance(name, str) or "/" in name):
        raise ValueError(
            "Argument `name` must be a string and cannot contain character `/`. "
            f"Received: name={name}"
        )


def _variable_from(array, arguments, path, regularizer, constraint):
    cdef Variable variable = Variable(array, **arguments)
    variable.path = path
    variable.value_regularizer = regularizer
    variable.value_constraint = constraint
    return variable


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
    memset(storage.data, 0, offset)
    for variable, start in moving:
        memcpy(
            storage.data + <size_t> start, variable.data,
            <size_t> (variable.count * itemsize(variable.code)),
        )
        variable.storage = storage
        variable.data = storage.data + <size_t> start
        variable.is_packed = True


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
    memset(tensor.data, 0, tensor.storage.nbytes)
    return tensor
