"""Loops and branches as functions.

They run in Python: a loop is recorded as its single rounds, one after the other, and a branch as
the one that was taken. Where the value of a tensor decides, it is read, and a step with that is
not replayed but run anew each time.
"""

from kerasette import tree
from kerasette._core.ops import concatenate, get_item, stack, zeros_like
from kerasette.ops.arrangement import flip
from kerasette.ops.axes import places
from kerasette.ops.conversion import convert_to_tensor


def cond(pred, true_fn, false_fn):
    """``true_fn()`` if `pred` holds, else ``false_fn()``.

    Parameters
    ----------
    pred : bool or Tensor of one element
        The value of a tensor is read.
    true_fn, false_fn : callable without arguments

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.cond(2 > 1, lambda: "yes", lambda: "no")
    'yes'
    """
    return true_fn() if pred else false_fn()


def switch(index, branches, *operands):
    """The result of the branch with a number; the first or last for numbers beyond.

    Parameters
    ----------
    index : int or Tensor of one integer
        The value of a tensor is read.
    branches : sequence of callables
    *operands
        What they are called with.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.switch(1, [lambda x: x, lambda x: 10 * x], 3)
    30
    """
    return branches[min(max(int(index), 0), len(branches) - 1)](*operands)


def fori_loop(lower, upper, body_fun, init_val):
    """What becomes of a value when ``value = body_fun(i, value)`` for each i from lower to upper.

    Parameters
    ----------
    lower, upper : int
        `upper` is not reached.
    body_fun : callable
    init_val : any

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.fori_loop(0, 4, lambda i, total: total + i, 0)
    6
    """
    value = init_val
    for i in range(int(lower), int(upper)):
        value = body_fun(i, value)
    return value


def while_loop(cond, body, loop_vars, maximum_iterations=None):
    """What becomes of variables when ``body`` is called with them as long as ``cond`` holds.

    Parameters
    ----------
    cond : callable
        From the variables to a bool or a tensor of one element, whose value is read.
    body : callable
        From the variables to as many.
    loop_vars : Tensor, or tuple or list of structures of tensors
    maximum_iterations : int, optional

    Returns
    -------
    tuple, or a single one as `loop_vars` was

    Examples
    --------
    >>> import kerasette
    >>> int(kerasette.ops.while_loop(lambda x: x < 100, lambda x: 3 * x, 1))
    243
    """
    is_several = isinstance(loop_vars, (tuple, list))
    values = tuple(loop_vars) if is_several else (loop_vars,)
    values = tree.map_structure(convert_to_tensor, values)
    count = 0
    while (maximum_iterations is None or count < maximum_iterations) and cond(*values):
        found = body(*values)
        values = tuple(found) if isinstance(found, (tuple, list)) else (found,)
        count += 1
    return values if is_several else values[0]


def map(f, xs):
    """The results of `f` for each place of the first axis, side by side along a first axis.

    Parameters
    ----------
    f : callable
        From a structure of tensors to a structure of tensors.
    xs : structure of Tensors

    Raises
    ------
    ValueError
        If their first axes have different sizes, or no places.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.ops.map(lambda x: x + 1, [[1, 2], [3, 4]] * kerasette.ops.ones((2, 2))).shape
    (2, 2)
    """
    return scan(lambda _, x: (None, f(x)), None, xs)[1]


def vectorized_map(function, elements):
    """The results of `function` for each place of the first axis, as `map`.

    Parameters
    ----------
    function : callable
    elements : structure of Tensors
        A list of tensors gives `function` a list of their parts.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.convert_to_tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> kerasette.ops.vectorized_map(kerasette.ops.sum, x).numpy().tolist()
    [3.0, 7.0]
    """
    return map(function, elements)


def scan(f, init, xs=None, length=None, reverse=False, unroll=1):
    """A state carried along the first axis: ``state, y = f(state, x)`` for each x in turn.

    Parameters
    ----------
    f : callable
        From the state and the part of `xs` to a new state and a result.
    init : structure of Tensors
        The first state.
    xs : structure of Tensors, optional
        By default each x is None.
    length : int, optional
        The number of rounds, needed without `xs`.
    reverse : bool
        Whether to go from the last to the first; results stand where their x does.
    unroll : int or bool
        How many rounds are compiled together where loops are compiled; the result is the same.

    Returns
    -------
    tuple
        The last state; and the results side by side along a first axis, or, if they are None,
        zeros like the first state.

    Raises
    ------
    TypeError
        If `f` cannot be called.
    ValueError
        If there is neither `xs` nor `length`, the first axes have different sizes, or `unroll`
        is neither positive nor bool.

    Examples
    --------
    >>> import kerasette
    >>> total, sums = kerasette.ops.scan(
    ...     lambda total, x: (total + x, total + x), 0, kerasette.ops.arange(4)
    ... )
    >>> int(total), sums.numpy().tolist()
    (6, [0, 1, 3, 6])
    """
    if not callable(f):
        raise TypeError(f"`f` should be a callable. Received: f={f}")
    if not isinstance(unroll, bool) and (not isinstance(unroll, int) or unroll < 1):
        raise ValueError(
            f"`unroll` must be a positive integer or boolean. Received: unroll={unroll}"
        )
    state = _tensors(init)
    xs, count = _rounds(xs, length)
    nothing = tree.map_structure(_zeros, state)
    results = [None] * count
    for i in reversed(range(count)) if reverse else range(count):
        x = tree.map_structure(lambda part, place=i: _at(part, place), xs)
        state, y = f(state, x)
        results[i] = nothing if y is None else y
    if not count:
        raise ValueError("There is no result to stack: the first axis has no places.")
    return state, tree.map_structure(_stacked, *results)


def _tensors(structure):
    """None stays None: a state or x that is not there."""
    return tree.map_structure(lambda x: None if x is None else convert_to_tensor(x), structure)


def _zeros(x):
    return None if x is None else zeros_like(x)


def _at(x, place):
    return None if x is None else get_item(x, place)


def _stacked(*parts):
    return None if parts[0] is None else stack(parts, 0)


def _rounds(xs, length):
    """`xs` as tensors, and how many rounds there are."""
    if xs is None:
        if length is None:
            raise ValueError("Got no `xs` to scan over and `length` not provided.")
        return None, int(length)
    xs = _tensors(xs)
    sizes = {x.shape[0] if x.shape else 0 for x in tree.flatten(xs)}
    if len(sizes) != 1:
        raise ValueError(f"The first axes must have one size. Received: {sorted(sizes)}")
    count = sizes.pop()
    if length is not None and length > count:
        raise ValueError(f"There are not length={length} places along an axis of size {count}.")
    return xs, count if length is None else int(length)


def associative_scan(f, elems, reverse=False, axis=0):
    """All partial results of an associative function along an axis, in few calls of it.

    Parameters
    ----------
    f : callable
        From two structures of tensors like `elems`, with any sizes along `axis`, to one that
        combines them place by place; associative.
    elems : structure of Tensors
    reverse : bool
        Whether to combine from the last to the first.
    axis : int

    Returns
    -------
    structure of Tensors like `elems`
        At each place of `axis`, the combination of all up to there.

    Raises
    ------
    TypeError
        If `f` cannot be called.
    ValueError
        If the sizes along `axis` differ.

    Examples
    --------
    >>> import kerasette
    >>> sums = kerasette.ops.associative_scan(kerasette.ops.add, kerasette.ops.arange(5))
    >>> sums.numpy().tolist()
    [0, 1, 3, 6, 10]
    """
    if not callable(f):
        raise TypeError(f"`f` should be a callable. Received: f={f}")
    elems = _tensors(elems)
    parts = tree.flatten(elems)
    axes = [places((axis,), len(part.shape))[0] for part in parts]
    sizes = {part.shape[place] for part, place in zip(parts, axes, strict=True)}
    if len(sizes) != 1:
        raise ValueError(
            "Array inputs to associative_scan must have the same size along the axis. "
            f"Received shapes: {[part.shape for part in parts]}"
        )
    if reverse:
        parts = [flip(part, place) for part, place in zip(parts, axes, strict=True)]

    def combined(first, second):
        pair = (tree.pack_sequence_as(elems, values) for values in (first, second))
        return [convert_to_tensor(value) for value in tree.flatten(f(*pair))]

    reach, count = 1, sizes.pop()
    # Each round combines with what is as far before as results reach already.
    while reach < count:
        earlier = [_cut(part, place, 0, count - reach) for part, place in zip(parts, axes)]
        later = [_cut(part, place, reach, count) for part, place in zip(parts, axes)]
        heads = [_cut(part, place, 0, reach) for part, place in zip(parts, axes)]
        tails = combined(earlier, later)
        parts = [
            concatenate([head, tail], place)
            for head, tail, place in zip(heads, tails, axes, strict=True)
        ]
        reach *= 2
    if reverse:
        parts = [flip(part, place) for part, place in zip(parts, axes, strict=True)]
    return tree.pack_sequence_as(elems, parts)


def _cut(x, axis, start, stop):
    return get_item(x, (slice(None),) * axis + (slice(start, stop),))
