"""The compiled core. Everything above it is Python; nothing in it imports what is above."""

import os

# OpenBLAS starts a thread per core when it is loaded, and work is shared out by our own pool
# instead: keep it from starting any. It reads the environment at that moment only.
_before = os.environ.get("OPENBLAS_NUM_THREADS")
os.environ["OPENBLAS_NUM_THREADS"] = "1"
try:
    from kerasette._core import runtime  # noqa: F401
except ImportError:
    from importlib.util import find_spec

    if find_spec(f"{__name__}.runtime") is not None:
        raise
    raise ImportError(
        f"{os.path.dirname(__file__)} is kerasette's source tree without its compiled extensions. "
        "Build them there (`make build`, see the Makefile), or, to use a kerasette that is "
        "installed, start Python in another folder."
    ) from None
finally:
    if _before is None:
        del os.environ["OPENBLAS_NUM_THREADS"]
    else:
        os.environ["OPENBLAS_NUM_THREADS"] = _before
