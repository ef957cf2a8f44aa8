"""Products of tensors that are summed over axes with one label: ``einsum`` and what is made of it.

A label is a letter, or a number for an axis without one. Two tensors are contracted by one matrix
product: their axes are sorted into those of both that stay (a stack of matrices), those of one
(rows, columns), and those of both that are summed (the inner size).
"""

import math

from kerasette._core.ops import any, matmul, multiply, reshape, squeeze, sum, transpose
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor
from kerasette.ops.matrices import diagonal


def einsum(subscripts, *operands, **kwargs):
    """Sum of products over the axes that are not in the result (Einstein's convention).

    Parameters
    ----------
    subscripts : str
        Letters for the axes of each operand, operands parted by commas, then ``->`` and those of
        the result. ``...`` stands for any number of axes, which are broadcast. A letter that
        stands twice in one operand takes the diagonal. Without ``->`` the result has, after
        ``...``, the letters that stand once, in the order of the alphabet.
    *operands : Tensor
        Axes with the same letter have the same size, or size 1. They are contracted from the
        first to the last.

    Returns
    -------
    Tensor

    Raises
    ------
    ValueError
        If the subscripts are not of this form, or do not fit the shapes.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.einsum("ij,j->i", [[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0]).numpy().tolist()
    [21.0, 43.0]
    >>> float(kerasette.ops.einsum("ii", [[1.0, 2.0], [3.0, 4.0]]))
    5.0
    """
    if kwargs:
        raise ValueError(f"einsum() takes no arguments by name. Received: {sorted(kwargs)}")
    tensors = [convert_to_tensor(operand) for operand in operands]
    labels, result = _parsed(subscripts, [x.shape for x in tensors])
    terms = [_without_repeats(*term) for term in zip(tensors, labels, strict=True)]
    _check_sizes(subscripts, terms)
    x, own = terms[0]
    for position, (y, others) in enumerate(terms[1:], 2):
        later = {*result, *(label for _, rest in terms[position:] for label in rest)}
        x, own = contract(x, own, y, others, later)
    x, own = _summed(x, own, result)
    return transpose(x, [own.index(label) for label in result])


def contract(x, x_labels, y, y_labels, kept):
    """The product of two tensors, summed over the labels that are not in `kept`.

    Parameters
    ----------
    x, y : Tensor
    x_labels, y_labels : list
        A label for each axis; none stands twice in one tensor. An axis of size 1 fits any size.
    kept : collection of labels

    Returns
    -------
    tuple of Tensor and list
        The result and its labels.
    """
    x, x_labels = _summed(x, x_labels, {*kept, *y_labels})
    y, y_labels = _summed(y, y_labels, {*kept, *x_labels})
    x, x_labels = _without_ones(x, x_labels, y, y_labels)
    y, y_labels = _without_ones(y, y_labels, x, x_labels)
    common = [label for label in x_labels if label in y_labels]
    stack = [label for label in common if label in kept]
    inner = [label for label in common if label not in kept]
    rows = [label for label in x_labels if label not in common]
    columns = [label for label in y_labels if label not in common]
    x, sizes = _arranged(x, x_labels, [stack, rows, inner])
    y, others = _arranged(y, y_labels, [stack, inner, columns])
    if inner and (rows or columns):
        product = matmul(x, y)
    else:
        lead, m, k = x.shape
        # Nothing to sum, or only numbers to multiply.
        terms = multiply(reshape(x, (lead, m, k, 1)), reshape(y, (lead, 1, k, y.shape[-1])))
        total = any if terms.dtype == "bool" else sum
        product = total(terms, 2) if inner else squeeze(terms, 2)
    return reshape(product, [*sizes[0], *sizes[1], *others[2]]), stack + rows + columns


def _parsed(subscripts, shapes):
    """Lists of labels of the operands, and of the result."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    parts = inputs.split(",")
    if len(parts) != len(shapes):
        raise ValueError(
            f"einsum: subscripts='{subscripts}' are for {len(parts)} operands. Received: "
            f"{len(shapes)}"
        )
    counts = [_more_axes(subscripts, *both) for both in zip(parts, shapes, strict=True)]
    labels = [_spelled(part, count) for part, count in zip(parts, counts, strict=True)]
    most = max(counts)
    used = [label for term in labels for label in term]
    if not arrow:
        once = sorted(x for x in set(used) if isinstance(x, str) and used.count(x) == 1)
        return labels, [*_dots(most), *once]
    result = _spelled(_checked(subscripts, output), most)
    if len(set(result)) != len(result) or not {x for x in result if isinstance(x, str)} <= {*used}:
        raise ValueError(
            f"einsum: in subscripts='{subscripts}' each letter of the result must stand in an "
            "operand, and once in the result."
        )
    return labels, result


def _checked(subscripts, part):
    letters = part.replace("...", "", 1)
    if not all(letter.isascii() and letter.isalpha() for letter in letters):
        raise ValueError(
            f"einsum: subscripts='{subscripts}' are made of letters, commas, '...' and '->'."
        )
    return part


def _more_axes(subscripts, part, shape):
    """How many axes ``...`` stands for."""
    n_letters = len(_checked(subscripts, part).replace("...", ""))
    rest = len(shape) - n_letters
    if rest < 0 or (rest and "..." not in part):
        raise ValueError(
            f"einsum: subscripts='{subscripts}' name {n_letters} axes of an operand of shape "
            f"{shape}."
        )
    return rest


def _dots(n):
    # Counted from the last: broadcasting aligns them there.
    return list(range(-n, 0))


def _spelled(part, n):
    first, dots, last = part.partition("...")
    return [*first, *_dots(n if dots else 0), *last]


def _without_repeats(x, labels):
    """Diagonals of the labels that stand twice."""
    labels = list(labels)
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            if x.shape[first] != x.shape[second]:
                raise ValueError(
                    f"einsum: label '{label}' has sizes {x.shape[first]} and {x.shape[second]} in "
                    f"an operand of shape {x.shape}."
                )
            x = diagonal(x, 0, first, second)
            del labels[second], labels[first]
            labels.append(label)
    return x, labels


def _check_sizes(subscripts, terms):
    sizes = {}
    for x, labels in terms:
        for label, size in zip(labels, x.shape, strict=True):
            known = sizes.get(label, 1)
            if 1 not in (size, known) and size != known:
                raise ValueError(
                    f"einsum: in subscripts='{subscripts}' label '{label}' has sizes {known} and "
                    f"{size}."
                )
            sizes[label] = size if known == 1 else known


def _summed(x, labels, kept):
    """x summed over the labels that are not kept."""
    gone = tuple(place for place, label in enumerate(labels) if label not in kept)
    if not gone:
        return x, list(labels)
    return sum(x, gone), [label for label in labels if label in kept]


def _without_ones(x, labels, y, other_labels):
    """x without the axes of size 1 that are longer in y: they are only repeated."""
    sizes = dict(zip(other_labels, y.shape, strict=True))
    gone = tuple(
        place
        for place, label in enumerate(labels)
        if x.shape[place] == 1 and sizes.get(label, 1) != 1
    )
    if not gone:
        return x, labels
    return squeeze(x, gone), [label for place, label in enumerate(labels) if place not in gone]


def _arranged(x, labels, groups):
    """x as a tensor with an axis for each group of labels, and the sizes in each group."""
    order = [labels.index(label) for group in groups for label in group]
    sizes = [[x.shape[labels.index(label)] for label in group] for group in groups]
    if order != sorted(order):
        x = transpose(x, order)
    return reshape(x, [math.prod(group) for group in sizes]), sizes


# ---- products with names of their own -----------------------------------------------------------


def tensordot(x1, x2, axes=2):
    """Products summed over axes of one and axes of the other.

    Parameters
    ----------
    x1, x2 : Tensor
    axes : int, or pair of ints or lists of ints
        How many: the last ones of x1, the first ones of x2. Or which of x1, and which of x2.

    Raises
    ------
    ValueError
        If there are not such axes, or their sizes differ.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.tensordot([[1.0, 2.0]], [[3.0], [4.0]], axes=1).numpy().tolist()
    [[11.0]]
    """
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    n1, n2 = len(x1.shape), len(x2.shape)
    if hasattr(axes, "__index__"):
        count = axes.__index__()
        if not 0 <= count <= min(n1, n2):
            raise ValueError(f"tensordot() sums over axes of both. Received: axes={axes}")
        first, second = list(range(n1 - count, n1)), list(range(count))
    else:
        first, second = (list(part) if hasattr(part, "__iter__") else [part] for part in axes)
        first, second = places(first, n1), places(second, n2)
    sizes = [x1.shape[axis] for axis in first], [x2.shape[axis] for axis in second]
    if sizes[0] != sizes[1] or len({*first}) != len(first) or len({*second}) != len(second):
        raise ValueError(
            f"tensordot() sums over different axes of the same sizes. Received: axes={axes}, with "
            f"shapes {x1.shape} and {x2.shape}."
        )
    labels = [f"x{axis}" for axis in range(n1)]
    others = [f"y{axis}" for axis in range(n2)]
    for axis, other in zip(first, second, strict=True):
        others[other] = labels[axis]
    summed = {labels[axis] for axis in first}
    kept = [label for label in labels + others if label not in summed]
    return contract(x1, labels, x2, others, kept)[0]


def inner(x1, x2):
    """Products summed over the last axes of both; of numbers, their product.

    >>> import kerasette
    >>> float(kerasette.ops.inner([1.0, 2.0], [3.0, 4.0]))
    11.0
    """
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    return tensordot(x1, x2, (-1, -1)) if x1.shape and x2.shape else multiply(x1, x2)


def vdot(x1, x2):
    """Sum of the products of all elements, in their order, of two tensors of the same size.

    >>> import kerasette
    >>> kerasette.ops.vdot([[1, 2], [3, 4]], [[1, 1], [1, 1]]).numpy().tolist()
    10
    """
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    if x1.size != x2.size:
        raise ValueError(f"vdot() takes tensors of one size. Received: {x1.shape} and {x2.shape}")
    return inner(reshape(x1, (x1.size,)), reshape(x2, (x2.size,)))


def kron(x1, x2):
    """x1, each element of which is replaced by its product with x2 (Kronecker's product).

    >>> import kerasette
    >>> kerasette.ops.kron([1, 10], [1, 2]).numpy().tolist()
    [1, 2, 10, 20]
    """
    x1, x2 = convert_to_tensor(x1), convert_to_tensor(x2)
    n = max(len(x1.shape), len(x2.shape))
    first = (1,) * (n - len(x1.shape)) + x1.shape
    second = (1,) * (n - len(x2.shape)) + x2.shape
    wide = multiply(
        reshape(x1, [part for size in first for part in (size, 1)]),
        reshape(x2, [part for size in second for part in (1, size)]),
    )
    return reshape(wide, [a * b for a, b in zip(first, second, strict=True)])
