"""The same elements in another shape or order."""

from kerasette._core import ops as core
from kerasette._core.ops import get_item, reshape, transpose
from kerasette._core.ops.operands import axes_of
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor, ndim, shape, size


def concatenate(xs, axis=0):
    """Tensors one after the other along `axis`; their other sizes are equal."""
    return core.concatenate(xs, axis)


def ravel(x):
    """x as a vector."""
    return reshape(x, (-1,)) if size(x) else reshape(x, (0,))


def swapaxes(x, axis1, axis2):
    """x with two of its axes exchanged."""
    order = list(range(ndim(x)))
    axis1, axis2 = places((axis1, axis2), len(order))
    order[axis1], order[axis2] = axis2, axis1
    return transpose(x, order)


def moveaxis(x, source, destination):
    """x with axes moved to other places, the rest in their order.

    Parameters
    ----------
    x : Tensor
    source, destination : int, or list or tuple of ints
        As many places as axes.

    Raises
    ------
    ValueError
        If there are not, or one stands twice or out of bounds.
    """
    sources = source if isinstance(source, (list, tuple)) else (source,)
    destinations = destination if isinstance(destination, (list, tuple)) else (destination,)
    sources = places(sources, ndim(x))
    destinations = places(destinations, ndim(x))
    if not len(sources) == len(destinations) == len(set(sources)) == len(set(destinations)):
        raise ValueError(
            "`source` and `destination` must name equally many different axes. "
            f"Received: source={source}, destination={destination}"
        )
    order = [axis for axis in range(ndim(x)) if axis not in sources]
    for place, axis in sorted(zip(destinations, sources, strict=True)):
        order.insert(place, axis)
    return transpose(x, order)


def to_last(x, axis):
    """x with `axis` as its last one; as it is where it stands there."""
    return x if axis in (-1, ndim(x) - 1) else moveaxis(x, axis, -1)


def from_last(x, axis):
    """x with its last axis moved to `axis`; as it is where that is the last."""
    return x if axis in (-1, ndim(x) - 1) else moveaxis(x, -1, axis)


def expand_dims(x, axis):
    """x with new axes of size 1, which stand at `axis` (int or tuple) in the result.

    Raises
    ------
    ValueError
        If one stands twice or out of bounds.
    """
    if not isinstance(axis, (tuple, list)):
        return core.expand_dims(x, axis)
    n = ndim(x) + len(axis)
    new = axes_of(axis, n)
    old = iter(shape(x))
    return reshape(x, tuple(1 if place in new else next(old) for place in range(n)))


def flip(x, axis=None):
    """x with all axes, or those in `axis` (int or tuple), from the last to the first."""
    n = ndim(x)
    turned = axes_of(axis, n)
    key = tuple(slice(None, None, -1 if place in turned else None) for place in range(n))
    return get_item(x, key)


def roll(x, shift, axis=None):
    """x with its elements moved on along `axis`; those moved out come in at the other end.

    Parameters
    ----------
    x : Tensor
    shift : int or tuple of ints
    axis : int or tuple of ints, optional
        As many as shifts. By default the flattened tensor is rolled.

    Raises
    ------
    ValueError
        If there are more or fewer axes than shifts.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.roll([1, 2, 3, 4], 1).numpy().tolist()
    [4, 1, 2, 3]
    """
    x = convert_to_tensor(x)
    if axis is None:
        return reshape(roll(reshape(x, (x.size,)), shift, 0), x.shape)
    shifts = shift if isinstance(shift, (tuple, list)) else (shift,)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    if len(shifts) == 1:
        shifts = tuple(shifts) * len(axes)
    if len(shifts) != len(axes):
        raise ValueError(f"roll() takes a shift for each axis. Received: {shift=}, {axis=}")
    for count, place in zip(shifts, places(axes, len(x.shape)), strict=True):
        if x.size and count % x.shape[place]:
            kept = x.shape[place] - count % x.shape[place]
            first, second = split(x, [kept], place)
            x = core.concatenate([second, first], place)
    return x


def unstack(x, num=None, axis=0):
    """The parts of x at each place of `axis`, without that axis; a list.

    Raises
    ------
    ValueError
        If there are not `num` of them.
    """
    x = convert_to_tensor(x)
    (axis,) = places((axis,), len(x.shape))
    if num is not None and num != x.shape[axis]:
        raise ValueError(f"There are no num={num} parts along axis {axis} of shape {x.shape}.")
    lead = (slice(None),) * axis
    return [get_item(x, (*lead, place)) for place in range(x.shape[axis])]


def split(x, indices_or_sections, axis=0):
    """Parts of x along `axis`, a list.

    Parameters
    ----------
    x : Tensor
    indices_or_sections : int or sequence of ints
        The number of equal parts, or where the second and each later part begins.
    axis : int

    Raises
    ------
    ValueError
        If the axis cannot be cut in so many equal parts.
    """
    x = convert_to_tensor(x)
    (axis,) = places((axis,), len(x.shape))
    length = x.shape[axis]
    if hasattr(indices_or_sections, "__index__"):
        sections = int(indices_or_sections)
        if sections < 1 or length % sections:
            raise ValueError(
                f"indices_or_sections={sections} equal parts are asked for along axis={axis}, "
                f"whose size {length} is not divisible by it. The shape is {x.shape}."
            )
        cuts = [length // sections * i for i in range(1, sections)]
    else:
        cuts = [int(cut) for cut in indices_or_sections]
    lead = (slice(None),) * axis
    return [
        get_item(x, (*lead, slice(start, stop)))
        for start, stop in zip([0, *cuts], [*cuts, length], strict=True)
    ]
