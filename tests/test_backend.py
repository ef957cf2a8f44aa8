"""The module that Keras has for settings and dtypes."""

import itertools

import numpy as np
import pytest

import kerasette
from kerasette import backend, config, ops, utils

DTYPES = ("bool", "int32", "int64", "float32", "float64")


def test_names_are_those_of_the_settings():
    for name in ("backend", "epsilon", "floatx", "image_data_format", "set_epsilon", "set_floatx"):
        assert getattr(backend, name) is getattr(config, name)
    assert backend.clear_session is utils.clear_session
    assert backend.standardize_dtype is utils.standardize_dtype
    assert kerasette.version() == kerasette.__version__


def test_kinds_of_dtypes():
    assert [backend.is_float_dtype(d) for d in DTYPES] == [False, False, False, True, True]
    assert [backend.is_int_dtype(d) for d in DTYPES] == [False, True, True, False, False]
    assert backend.standardize_dtype(np.dtype("int32")) == "int32"
    assert backend.standardize_dtype(None) == backend.floatx()
    with pytest.raises(ValueError, match="Invalid dtype"):
        backend.is_float_dtype("text")


@pytest.mark.parametrize("pair", list(itertools.product(DTYPES, DTYPES)), ids="-".join)
def test_the_dtype_of_a_result_is_that_of_both_together(pair):
    a, b = (ops.ones((2,), dtype=dtype) for dtype in pair)
    assert backend.result_type(*pair) == ops.concatenate([a, b]).dtype


# What Keras says, which makes 32 bits of 64.
@pytest.mark.parametrize(
    ("dtypes", "expected"),
    [
        ((), "float32"),
        ((None,), "float32"),
        ((int,), "int32"),
        ((float,), "float32"),
        (("bool", int), "int32"),
        (("bool", float), "float32"),
        (("int32", float), "float32"),
        ((int, "float32"), "float32"),
        (("bool", "int32", "float32"), "float32"),
    ],
)
def test_numbers_of_python_are_weak(dtypes, expected):
    assert backend.result_type(*dtypes) == expected
    assert backend.result_type(*dtypes, "float64") == "float64"


def test_large_dtypes_stay_large():
    assert backend.result_type("int64", int) == "int64"
    assert backend.result_type("int64", "int32") == "int64"


COVERED = {"backend.result_type": ["dtypes"]}


def test_variables_without_a_name_are_numbered():
    utils.clear_session()
    names = [kerasette.Variable(0.0).name for _ in range(3)]
    assert names == ["variable", "variable_1", "variable_2"]
    momentum = kerasette.optimizers.SGD(momentum=0.9)
    momentum.build([kerasette.Variable(0.0), kerasette.Variable(0.0)])
    paths = [variable.path for variable in momentum.variables]
    assert len(set(paths)) == len(paths)
