"""What X may be, and how its parts are checked: by scikit-learn's rules and in its words."""

import numpy as np
from sklearn.utils import check_array
from sklearn.utils.validation import (
    assert_all_finite,
    check_consistent_length,
    validate_data,
)

from kerasette.data.sparse import is_sparse

# Integers stay: a model may look them up in an embedding.
RULES = {"accept_sparse": "csr", "allow_nd": True, "dtype": "numeric"}


def checked_x_and_y(estimator, X, y, *, y_numeric, reset):
    """X and y as arrays, of equal length and without NaN.

    Parameters
    ----------
    estimator : BaseEstimator
        It gets ``n_features_in_`` and ``feature_names_in_`` if `reset`, and is compared with them
        otherwise.
    X : array-like of shape (samples, features, ...), sparse, or dict of array-like
    y : array-like of shape (samples,) or (samples, outputs), or sparse
    y_numeric : bool
        Whether objects are to become numbers.
    reset : bool

    Returns
    -------
    (ndarray, csr matrix or dict of ndarray; ndarray or csr matrix)

    Raises
    ------
    ValueError
        For data that does not fit, in scikit-learn's words.
    """
    targets = {"multi_output": True, "y_numeric": y_numeric}
    if holds_inputs(X):
        y = validate_data(estimator, X="no_validation", y=y, reset=reset, **targets)
        X = _checked_dict(estimator, X, reset)
        check_consistent_length(*X.values(), y)
        return X, y
    X, y = validate_data(estimator, X, y, reset=reset, **RULES, **targets)
    return _checked_form(estimator, X, reset), y


def checked_x(estimator, X, *, reset=False):
    """X alone, as for `checked_x_and_y`; unless `reset` in the range of the model's numbers."""
    if not reset and _is_plain(estimator, X):
        return X
    if holds_inputs(X):
        X = _checked_dict(estimator, X, reset)
    else:
        X = _checked_form(estimator, validate_data(estimator, X, reset=reset, **RULES), reset)
    if not reset:
        check_range(X, estimator._dtype)
    return X


def holds_inputs(X):
    """Whether X has several inputs by name; one kind of sparse matrices is a dict, too."""
    return isinstance(X, dict) and not is_sparse(X)


def row_shapes(X):
    """Shape of a sample: a tuple, or a dict of them."""
    if isinstance(X, dict):
        return {name: array.shape[1:] for name, array in X.items()}
    return tuple(X.shape[1:])


def taken(X, rows):
    """Some rows of X: an array of numbers, or of truth values."""
    if isinstance(X, dict):
        return {name: array[rows] for name, array in X.items()}
    return X[rows]


def n_rows(X):
    """Number of samples."""
    return next(iter(X.values())).shape[0] if isinstance(X, dict) else X.shape[0]


def holds_float64(X):
    """Whether there are numbers of double precision in X."""
    arrays = X.values() if isinstance(X, dict) else [X]
    return any(array.dtype == np.float64 for array in arrays)


def check_range(X, dtype):
    """Raises if numbers of double precision are too great for a model that computes in `dtype`.

    Parameters
    ----------
    X : ndarray, csr matrix or dict of ndarray
        Checked to be finite.
    dtype : {"float32", "float64"} or None
        None is any.

    Raises
    ------
    ValueError
        In scikit-learn's words.
    """
    if dtype != "float32":
        return
    for array in X.values() if isinstance(X, dict) else [X]:
        numbers = array.data if is_sparse(array) else array
        if numbers.dtype == np.float64 and not _are_finite(numbers, dtype):
            raise ValueError(
                "Input X contains infinity or a value too large for dtype('float32'): the model "
                "computes in it."
            )


def _is_plain(estimator, X):
    """Whether X is as it was in `fit`, all of it finite: checks of one row cost more than it."""
    is_like = (
        type(X) is np.ndarray
        and X.dtype in (np.float64, np.float32)
        and X.shape[1:] == estimator._row_shapes
        and X.shape[0] > 0
        and not hasattr(estimator, "feature_names_in_")
    )
    return is_like and _has_finite_sum(X, estimator._dtype)


def _are_finite(array, dtype):
    """Whether real numbers are finite, and are so in `dtype`."""
    if _has_finite_sum(array, dtype):
        return True
    with np.errstate(over="ignore"):
        return bool(np.isfinite(array.astype(dtype)).all())


def _has_finite_sum(array, dtype):
    """As `_are_finite`, but for numbers whose sum is too great."""
    with np.errstate(over="ignore", invalid="ignore"):
        if dtype == "float32" and array.dtype == np.float64:
            array = array.astype(dtype)
        return bool(np.isfinite(array.sum()))


def _checked_form(estimator, X, reset):
    """X, if it has the axes of before."""
    if not reset and X.shape[1:] != estimator._row_shapes:
        raise ValueError(
            f"X has samples of shape {tuple(X.shape[1:])}, but {type(estimator).__name__} is "
            f"expecting samples of shape {estimator._row_shapes} as input."
        )
    return representable(X, "X")


def representable(array, name):
    """An array of numbers that tensors hold, in the machine's order of bytes.

    Parameters
    ----------
    array : ndarray or csr matrix
        Finite.
    name : str
        What it is called in errors.

    Raises
    ------
    ValueError
        For text, dates, and numbers beyond double precision.
    """
    if array.dtype.kind not in "biufO":
        raise ValueError(f"Input {name} must hold numbers, got the dtype {array.dtype}.")
    if array.dtype.itemsize > 8 or array.dtype in (np.uint64, object):
        with np.errstate(over="ignore"):
            array = array.astype(np.float64)
        assert_all_finite(array, input_name=name)
        return array
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def _checked_dict(estimator, X, reset):
    name = type(estimator).__name__
    if not X:
        raise ValueError(f"{name} got an empty dict as X: expected is an array for each input.")
    if reset:
        for attribute in ("n_features_in_", "feature_names_in_"):
            vars(estimator).pop(attribute, None)
    arrays = {
        key: representable(_column(value, input_name=name, estimator=estimator), name)
        for key, value, name in ((key, value, f"X[{key!r}]") for key, value in X.items())
    }
    check_consistent_length(*arrays.values())
    if not reset and row_shapes(arrays) != estimator._row_shapes:
        raise ValueError(
            f"X has inputs with samples of shapes {row_shapes(arrays)}, but {name} is expecting "
            f"{estimator._row_shapes} as input."
        )
    return arrays


def _column(array, **names):
    """An input of several: one number for each sample is a column."""
    array = check_array(array, ensure_2d=False, **RULES, **names)
    return array.reshape(-1, 1) if array.ndim == 1 else array
