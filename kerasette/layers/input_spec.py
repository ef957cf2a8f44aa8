"""What a layer demands of its inputs."""

from kerasette import tree
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
        Whether a last axis of size 1 may be there or not, in the input and in `shape`.
    name : str, optional
        The key of the input, where a layer takes a dict of them.
    optional : bool
        Whether None may stand for the input.

    Raises
    ------
    TypeError
        If `axes` is no dict with integers as keys.
    ValueError
        If it names an axis that an input of so many axes does not have.

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.Flatten()
    >>> layer.input_spec = kerasette.InputSpec(shape=(None, 2, 3))
    >>> layer(kerasette.ops.ones((5, 2, 3))).shape
    (5, 6)
    """

    def __init__(
        self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None,
        allow_last_axis_squeeze=False, name=None, optional=False,
    ):  # fmt: skip
        self.dtype = None if dtype is None else standardize_dtype(dtype)
        self.shape = None if shape is None else standardize_shape(shape)
        self.ndim = ndim if self.shape is None else len(self.shape)
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = _checked_axes(axes or {}, self.ndim or max_ndim)
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        self.name = name
        self.optional = optional

    def __repr__(self):
        known = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        parts = [f"{name}={getattr(self, name)}" for name in known if getattr(self, name)]
        return f"InputSpec({', '.join(parts)})"

    def get_config(self):
        """The arguments that make such a spec."""
        config = dict(vars(self))
        # Keras leaves these two out.
        for name in ("allow_last_axis_squeeze", "name"):
            if not config[name]:
                del config[name]
        return config

    @classmethod
    def from_config(cls, config):
        """The spec that `get_config` has described."""
        return cls(**config)

    def mismatch(self, shape, dtype):
        """What is wrong with an input of this shape and dtype, in words; None if nothing is."""
        ndim = len(shape)
        is_free = self.allow_last_axis_squeeze
        if self.ndim is not None and ndim != self.ndim and not is_free:
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
        wanted = self.shape or ()
        found = shape
        if is_free and self.shape is not None:
            if len(wanted) > len(found):
                wanted = _squeezed(wanted)
            elif len(wanted) < len(found):
                found = _squeezed(found)
            if len(wanted) != len(found):
                return f"expected shape={self.shape}, found shape={shape}"
        for expected, size in zip(wanted, found):
            if expected is not None and size not in (expected, None):
                return f"expected shape={self.shape}, found shape={shape}"
        return None


def _checked_axes(axes, ndim):
    try:
        axes = {int(axis): axes[axis] for axis in axes}
    except (TypeError, ValueError):
        raise TypeError(
            f"Argument `axes` must be a dict with integer keys. Received: axes={axes}"
        ) from None
    if axes and ndim is not None and max(axes) >= ndim:
        raise ValueError(f"Axis {max(axes)} is greater than the maximum allowed value: {ndim - 1}")
    return axes


def _squeezed(shape):
    return shape[:-1] if shape and shape[-1] == 1 else shape


def check_inputs(spec, inputs, layer_name):
    """Raises unless every input is as its spec demands.

    Parameters
    ----------
    spec : InputSpec, list or dict of them, or None
    inputs : Tensor, or list or dict of them
        A dict may have its entries in any order, and more of them, if all specs have names.
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
    specs = tree.flatten(spec)
    names = [getattr(one, "name", None) for one in specs]
    if isinstance(inputs, dict) and all(names):
        inputs = by_name(inputs, names)
    inputs = tree.flatten(inputs)
    if len(inputs) != len(specs):
        wanted, advice = "input(s)", ""
        if all(names):
            wanted = f"named input(s) with keys {names}"
            advice = (
                " They may be passed as a dict: {" + ", ".join(f"'{n}': ..." for n in names) + "}."
            )
        raise ValueError(
            f'Layer "{layer_name}" expects {len(specs)} {wanted}, but it received '
            f"{len(inputs)} input tensors.{advice}"
        )
    for index, (one, tensor) in enumerate(zip(specs, inputs)):
        if one is None or (tensor is None and one.optional):
            continue
        if tensor is None and one.name is not None:
            raise ValueError(
                f"The input '{one.name}' is not optional, but None was passed. Please provide a "
                "valid tensor."
            )
        if not hasattr(tensor, "shape"):
            raise ValueError(
                f"Inputs to a layer should be tensors. Got '{tensor}' (of type {type(tensor)}) "
                f"as input for layer '{layer_name}'."
            )
        _check_one(one, tensor, index, layer_name)


def by_name(inputs, names):
    """The entries of a dict that have these names, in a list.

    Raises
    ------
    ValueError
        If one of them is missing.
    """
    missing = [name for name in names if name not in inputs]
    if missing:
        raise ValueError(
            f'Missing data for input "{missing[0]}". You passed a data dictionary with keys '
            f"{list(inputs)}. Expected the following keys: {names}"
        )
    return [inputs[name] for name in names]


def _check_one(spec, tensor, index, layer_name):
    wrong = spec.mismatch(tensor.shape, tensor.dtype)
    if wrong:
        named = "" if spec.name is None else f" with name '{spec.name}'"
        raise ValueError(
            f"Input {index}{named} of layer '{layer_name}' is incompatible with the layer: {wrong}"
        )
