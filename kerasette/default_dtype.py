"""The dtype of what names none: the process's, or for a while another one in this thread."""

import threading
from contextlib import contextmanager

from kerasette._core.dtypes import floatx as floatx_of_process
from kerasette._core.dtypes import standardize_dtype

_thread = threading.local()


def floatx():
    """Default dtype of weights and computations: ``"float32"`` or ``"float64"``."""
    return dtype_of_thread() or floatx_of_process()


def dtype_of_thread():
    """The dtype that this thread has been given; None as a rule."""
    return getattr(_thread, "dtype", None)


@contextmanager
def floatx_in_thread(dtype):
    """Has `floatx`, and layers without a dtype, follow `dtype` in this thread, until the end.

    Other threads, which may build models of their own at the time, see nothing of it. What is
    made within keeps its dtype. A single op that is given Python's numbers and no dtype reads the
    process's setting.

    Parameters
    ----------
    dtype : {"float32", "float64"} or None
        None changes nothing.

    Examples
    --------
    >>> import kerasette
    >>> with floatx_in_thread("float64"):
    ...     kerasette.layers.Dense(1).dtype
    'float64'
    """
    before = dtype_of_thread()
    _thread.dtype = before if dtype is None else standardize_dtype(dtype)
    try:
        yield
    finally:
        _thread.dtype = before
