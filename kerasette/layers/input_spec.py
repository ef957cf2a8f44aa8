"""What a layer demands of its inputs."""

from kerasette._core.dtypes import standardize_dtype
from kerasette.shapes import standardize_shape


class InputSpec:
    """Rank, sizes and dtype that an input must have; None where anything is right.

    Parameters
    ----------
    dtype : str, optional
    shape : tuple, optional
        With None for sizes that are free.
    ndim, max_ndim, min_ndim : int, optional
        The number of axes, or bounds of it.
    axes : dict of int to int, optional
        Sizes of some axes.
    allow_last_axis_squeeze : bool
        Whether a last axis of size 1 may be missing, or be there in addition.
    name : str, optional
    """

    def __init__(
        self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None,
        allow_last_axis_squeeze=False, name=None,
    ):  # fmt: skip
        self.dtype = None if dtype is None else standardize_dtype(dtype)
        self.shape = None if shape is None else standardize_shape(shape)
        self.ndim = ndim if self.shape is None else len(self.shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = dict(axes or {})
        self.allow_last_axis_squeeze = bool(allow_last_axis_squeeze)
        self.name = name

    def __repr__(self):
        parts = ", ".join(f"{name}={value}" for name, value in vars(self).items() if value)
        return f"InputSpec({parts})"

    def mismatch(self, shape, dtype):
        """What is wrong with an input of this shape and dtype, in words; None if nothing is."""
        if self._fits_squeezed(shape):
            return None
        ndim = len(shape)
        if self.ndim is not None and ndim != self.ndim:
            return f"expected ndim={self.ndim}, found ndim={ndim}. Full shape received: {shape}"
        if self.max_ndim is not None and ndim > self.max_ndim:
            return f"expected max_ndim={self.max_ndim}, found ndim={ndim}"
        if self.min_ndim is not None and ndim < self.min_ndim:
            return (
                f"expected min_ndim={self.min_ndim}, found ndim={ndim}. "
                f"Full shape received: {shape}"
            )
        if self.dtype is not None and dtype != self.dtype:
            return f"expected dtype={self.dtype}, found dtype={dtype}"
        for axis, size in self.axes.items():
            if size is not None and shape[axis] not in (size, None):
                return (
                    f"expected axis {axis} of input shape to have value {size}, but received "
                    f"input with shape {shape}"
                )
        for expected, size in zip(self.shape or (), shape):
            if expected is not None and size not in (expected, None):
                return f"expected shape={self.shape}, found shape={shape}"
        return None

    def _fits_squeezed(self, shape):
        if not self.allow_last_axis_squeeze or self.shape is None:
            return False
        mine, given = (s[:-1] if s[-1:] == (1,) else s for s in (self.shape, tuple(shape)))
        return len(mine) == len(given) and all(
            None in (a, b) or a == b for a, b in zip(mine, given)
        )


def check_inputs(spec, inputs, layer_name):
    """Raises unless every input is as its spec demands.

    Parameters
    ----------
    spec : InputSpec, list of them, or None
    inputs : Tensor, or list or dict of them
    layer_name : str
        For the message.

    Raises
    ------
    ValueError
        If not, or if there are more or fewer.
    """
    if not spec:
        return
    if type(spec) is InputSpec and hasattr(inputs, "shape"):
        _check_one(spec, inputs, 0, layer_name)
        return
    specs = spec if isinstance(spec, (list, tuple)) else [spec]
    if isinstance(inputs, dict):
        inputs = list(inputs.values())
    inputs = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    if len(inputs) != len(specs):
        raise ValueError(
            f"Layer '{layer_name}' expects {len(specs)} input(s), but it received {len(inputs)} "
            "input tensors."
        )
    for index, (one, tensor) in enumerate(zip(specs, inputs)):
        if not hasattr(tensor, "shape"):
            raise ValueError(
                f"Inputs to a layer should be tensors. Got '{tensor}' (of type {type(tensor)}) "
                f"as input for layer '{layer_name}'."
            )
        if one is not None:
            _check_one(one, tensor, index, layer_name)


def _check_one(spec, tensor, index, layer_name):
    wrong = spec.mismatch(tensor.shape, tensor.dtype)
    if wrong:
        raise ValueError(
            f"Input {index} of layer '{layer_name}' is incompatible with the layer: {wrong}"
        )
