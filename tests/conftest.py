"""What holds for all tests: they run on a build that is up to date."""

import gc
import os
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# They import Keras: what makes the golden files, and scripts that a test runs.
collect_ignore = ["golden", "keras_scripts"]

# Files copied or checked out one after another are not out of date.
TOLERANCE_SECONDS = 5


def newest(root, patterns):
    files = (path for pattern in patterns for path in root.glob(pattern))
    return max(files, key=lambda path: path.stat().st_mtime, default=None)


def stale_build(root=ROOT):
    """Why the build in the source tree is out of date; None if it is not, or if there is none.

    Only the newest of the extensions counts: a build leaves alone what has not changed.
    """
    built = newest(root, (f"kerasette/_core/**/*{suffix}" for suffix in EXTENSION_SUFFIXES[:1]))
    if built is None:
        return None
    core = "kerasette/_core"
    source = newest(root, ("csrc/*.[ch]", f"{core}/**/*.pyx", f"{core}/**/*.pxd", f"{core}/*.h"))
    if source.stat().st_mtime <= built.stat().st_mtime + TOLERANCE_SECONDS:
        return None
    return f"{source.relative_to(root)} is newer than the build of kerasette"


def pytest_configure(config):
    reason = stale_build()
    if reason and os.environ.get("KERASETTE_ALLOW_STALE_BUILD") != "1":
        raise pytest.UsageError(
            f"{reason}: run `make build`, or set KERASETTE_ALLOW_STALE_BUILD=1 to test it as it is."
        )


def pytest_collection_finish(session):
    # Seventeen thousand tests are a large heap, through which each collection of garbage would go;
    # those that measure memory make many.
    gc.collect()
    gc.freeze()


def pytest_report_header(config):
    # Which of several builds is tested, and how: it matters when a result is not what one expects.
    import kerasette
    from kerasette._core import runtime

    place = Path(kerasette.__file__).parent
    return f"kerasette: {place}, {runtime.isa()}, {runtime.get_num_threads()} threads"
