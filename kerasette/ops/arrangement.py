"""The same elements in another shape, order or number."""

from kerasette._core import ops as core
from kerasette._core.ops import get_item, reshape, transpose
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor, ndim, size


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
