"""Shapes and dtypes of what a function returns, found by calling it on zeros."""

from kerasette import tree
from kerasette._core.ops import zeros
from kerasette._core.step import Step
from kerasette._core.tensor import Tensor
from kerasette.graph.keras_tensor import KerasTensor, is_keras_tensor

# What stands for sizes that are free, the batch and others, in two calls; a size of the output that
# follows them differs between the two. Small ones first: they are cheap, and strides of up to 16
# tell 2 from 17. Then multiples, for reshapes and large windows, and last ones, which go with any
# size of another operand.
STAND_INS = (((2, 2), (3, 17)), ((24, 24), (48, 48)), ((2, 1), (3, 1)), ((1, 1), (1, 1)))


class _Abort(Exception):
    """Ends a step whose assignments are not wanted."""


def outputs_on_zeros(function, args, kwargs):
    """The structure of symbolic tensors like what a function of tensors returns.

    The function runs, on zeros: twice if the shape of an argument has free sizes. What it assigns
    to variables is dropped.

    Parameters
    ----------
    function : callable
    args : tuple
    kwargs : dict
        With symbolic tensors, also within lists, tuples and dicts.
    """
    symbolic = [value for value in tree.flatten((args, kwargs)) if is_keras_tensor(value)]
    if not any(None in tensor.shape for tensor in symbolic):
        found = _outputs(function, args, kwargs, (None, None))
        return _merged(found, found, None)
    errors = []
    for first, second in STAND_INS:
        try:
            found = [_outputs(function, args, kwargs, sizes) for sizes in (first, second)]
        except Exception as error:
            errors.append(error)
        else:
            return _merged(*found, free=1 if 1 in first else None)
    shapes = ", ".join(str(tensor.shape) for tensor in symbolic)
    errors[0].add_note(f"called on symbolic tensors of shape {shapes}, with 2 for each None")
    raise errors[0]


def _outputs(function, args, kwargs, sizes):
    """(shape, dtype) of each tensor in what `function` returns, with `sizes` for free sizes."""

    def stand_in(value):
        if not is_keras_tensor(value):
            return value
        shape = [sizes[i > 0] if n is None else n for i, n in enumerate(value.shape)]
        return zeros(tuple(shape), value.dtype)

    args, kwargs = tree.map_structure(stand_in, (tuple(args), kwargs))
    try:
        with Step():
            outputs = tree.map_structure(_described, function(*args, **kwargs))
            raise _Abort
    except _Abort:
        return outputs


class _Described:
    """Shape and dtype of a tensor; no tuple, which would be a structure."""

    def __init__(self, tensor):
        self.shape = tensor.shape
        self.dtype = tensor.dtype


def _described(value):
    return _Described(value) if isinstance(value, Tensor) else value


def _merged(first, second, free):
    """Symbolic tensors with None where the sizes of two calls differ, or are `free`."""

    def merge(a, b):
        if not isinstance(a, _Described):
            return a
        sizes = zip(a.shape, b.shape, strict=True)
        return KerasTensor([m if m == n and m != free else None for m, n in sizes], a.dtype)

    return tree.map_structure(merge, first, second)
