"""Ways to copy an object, and how copies are compared."""

import copy
import io
import pickle

import numpy as np
import pytest

from kerasette import tree


def through_cloudpickle(value):
    """What somebody gets who receives `value` as joblib's worker processes do."""
    return pickle.loads(pytest.importorskip("cloudpickle").dumps(value))


def through_joblib(value, mmap_mode=None, compress=0):
    """What joblib reads of the file that it wrote."""
    joblib = pytest.importorskip("joblib")
    file = io.BytesIO()
    joblib.dump(value, file, compress=compress)
    file.seek(0)
    return joblib.load(file, mmap_mode)


def _through_pickle(protocol):
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


PICKLES = {
    **{f"pickle {protocol}": _through_pickle(protocol) for protocol in (2, 3, 4, 5)},
    "cloudpickle": through_cloudpickle,
}
WAYS = {"deepcopy": copy.deepcopy, **PICKLES}
# Those that take different paths through the code, for tests that train.
FEW_WAYS = {name: WAYS[name] for name in ("deepcopy", "pickle 5", "cloudpickle")}


def by(ways):
    """Parametrizes a test by `copied`, one way to copy after the other."""
    return pytest.mark.parametrize("copied", ways.values(), ids=ways)


def same(found, expected):
    """Whether structures of arrays are equal, dtypes too."""
    pairs = zip(tree.flatten(found), tree.flatten(expected), strict=True)
    return all(_same_arrays(np.asarray(x), np.asarray(y)) for x, y in pairs)


def _same_arrays(x, y):
    return x.dtype == y.dtype and x.shape == y.shape and x.tobytes() == y.tobytes()
