"""Checks that no argument is accepted and ignored.

A test file lists, for each public class or function, one change for every parameter: another value
than the default, and, by way of `observe`, what must then be different.
"""

import inspect

import numpy as np

import kerasette

# Parameters whose effect the contract tests check for every class alike.
COMMON = {"self", "name", "dtype", "trainable", "args", "kwargs"}


def parameters(function):
    """Names of the parameters, without those that are common to all."""
    return [name for name in all_parameters(function) if name not in COMMON]


def all_parameters(function):
    """Names of the parameters of a function, or of a class's constructor."""
    if inspect.isclass(function) and inspect.isfunction(function.__init__):
        # Before Python 3.11.4, the signature of a class may be that of an inherited `__new__`.
        function = function.__init__
    return list(inspect.signature(function).parameters)


def assert_every_parameter_has_a_row(function, rows):
    """Fails, with their names, if parameters of `function` (or class) are not in `rows`."""
    missing = set(parameters(function)) - set(rows)
    unknown = set(rows) - set(all_parameters(function))
    assert not missing, f"{function.__name__}: nothing shows that {sorted(missing)} have an effect"
    assert not unknown, f"{function.__name__} has no parameter {sorted(unknown)}"


def differ(a, b):
    """Whether two results differ: arrays, numbers, or lists, tuples and dicts of them."""
    if isinstance(a, str) or isinstance(b, str):
        return type(a) is not type(b) or a != b
    if isinstance(a, dict):
        return set(a) != set(b) or any(differ(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return (
            not hasattr(b, "__len__")
            or len(a) != len(b)
            or any(differ(x, y) for x, y in zip(a, b, strict=True))
        )
    a, b = np.asarray(a), np.asarray(b)
    return a.shape != b.shape or a.dtype != b.dtype or not np.array_equal(a, b)


def outcome(function, **arguments):
    """What a function returns with the same draws each time; or its error, in words."""
    kerasette.utils.set_random_seed(1)
    try:
        return function(**arguments)
    except (TypeError, ValueError) as error:
        return str(error)


def acts(function, name, value, others=None):
    """Whether a value of an argument changes what a function returns, or raises."""
    others = others or {}
    found = outcome(function, **{**others, name: value})
    return differ(found, outcome(function, **others))
