"""The dtypes of tensors, their names and the default one."""

import numpy as np

from libc.stdint cimport int64_t

cdef tuple NAMES = ("float32", "float64", "int32", "int64", "bool")
cdef int64_t[5] SIZES = [4, 8, 4, 8, 1]
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
    elif dtype is int or (isinstance(dtype, str) and dtype == "int"):
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
