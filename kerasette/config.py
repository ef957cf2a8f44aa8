"""Settings of the process: dtype, epsilon, threads.

Recordings are dropped when a setting changes that goes into them.
"""

import os
import platform
import sys

import numpy as np

from kerasette._core import dtypes as _dtypes
from kerasette._core import runtime
from kerasette._core.runtime import get_num_threads, set_num_threads
from kerasette._core.structure import bump_structure_version
from kerasette.default_dtype import floatx
from kerasette.dtype_policy import dtype_policy, set_dtype_policy
from kerasette.lazy import getattr_of
from kerasette.safe_mode import enable_unsafe_deserialization

__all__ = [
    "backend",
    "disable_interactive_logging",
    "dtype_policy",
    "enable_interactive_logging",
    "enable_unsafe_deserialization",
    "epsilon",
    "floatx",
    "get_num_threads",
    "image_data_format",
    "is_interactive_logging_enabled",
    "set_backend",
    "set_dtype_policy",
    "set_epsilon",
    "set_floatx",
    "set_image_data_format",
    "set_num_threads",
    "show_config",
]

__getattr__ = getattr_of(__name__)

_epsilon = 1e-7
_image_data_format = "channels_last"
_is_interactive = True


def backend():
    """Name of the backend, ``"kerasette"``: there is no other.

    >>> backend()
    'kerasette'
    """
    return "kerasette"


def set_backend(backend):
    """Raises for all but ``"kerasette"``: there is no other backend to choose.

    Raises
    ------
    ValueError
        If it is another one.
    """
    if backend != "kerasette":
        raise ValueError(
            "kerasette computes by itself and has no backends to choose from. "
            f"Received: backend={backend!r}; expected 'kerasette'."
        )


def set_floatx(value):
    """Sets the dtype of weights and computations that name none.

    Parameters
    ----------
    value : {"float32", "float64"}
        At first ``"float32"``.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    _dtypes.set_floatx(value)
    bump_structure_version()


def epsilon():
    """The small number that keeps logarithms and quotients finite: at first 1e-7.

    >>> epsilon()
    1e-07
    """
    return _epsilon


def set_epsilon(value):
    """Sets `epsilon`.

    Parameters
    ----------
    value : float
        Positive.

    Raises
    ------
    ValueError
        If it is not a positive number, or infinite.
    """
    global _epsilon
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not is_number or not 0 < value < float("inf"):
        raise ValueError(
            f"`epsilon` must be a positive number, and finite. Received: value={value!r}"
        )
    _epsilon = float(value)
    bump_structure_version()


def image_data_format():
    """Where images have their channels when nothing else is said: at first ``"channels_last"``.

    >>> image_data_format()
    'channels_last'
    """
    return _image_data_format


def set_image_data_format(data_format):
    """Sets where layers that are made from now on expect the channels of images.

    Parameters
    ----------
    data_format : {"channels_last", "channels_first"}
        (rows, columns, channels), or (channels, rows, columns).

    Raises
    ------
    ValueError
        If it is neither.
    """
    global _image_data_format
    _image_data_format = standardize_data_format(str(data_format))


def standardize_data_format(data_format):
    """`data_format` in small letters, or what is configured if it is None.

    Raises
    ------
    ValueError
        If it is neither ``"channels_last"`` nor ``"channels_first"``.
    """
    if data_format is None:
        return image_data_format()
    name = str(data_format).lower()
    if name not in ("channels_first", "channels_last"):
        raise ValueError(
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}. "
            f"Received: data_format={data_format}"
        )
    return name


def enable_interactive_logging():
    """Lets progress and messages go to standard output, as they do at first."""
    global _is_interactive
    _is_interactive = True


def disable_interactive_logging():
    """Sends progress and messages to ``logging.getLogger("kerasette")``, at level INFO.

    Keras sends them to absl's logging, which kerasette does not need.
    """
    global _is_interactive
    _is_interactive = False


def is_interactive_logging_enabled():
    """Whether progress and messages go to standard output.

    >>> is_interactive_logging_enabled()
    True
    """
    return _is_interactive


def show_config():
    """Prints versions, BLAS, instruction set and threads: what a report of a bug needs."""
    levels = ", ".join(name for name, runs_here in runtime.isa_levels() if runs_here)
    version = getattr(sys.modules.get("kerasette"), "__version__", "not installed")
    print(f"kerasette    {version}")
    print(f"Python       {platform.python_version()} ({sys.platform}, {platform.machine()})")
    print(f"NumPy        {np.__version__}")
    print(f"BLAS         {runtime.blas_description()}")
    print(f"instructions {runtime.isa()} (this machine runs: {levels})")
    print(f"threads      {get_num_threads()} (the machine has {os.cpu_count()} cores)")
    print(f"floatx       {floatx()}")
