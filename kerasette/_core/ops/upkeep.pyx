"""What optimizers do around their steps: gradients in place, averages, and whose turn it is.

Gradients are scratch, and worked on at once; what they are kept in, and the parameters, are written
at the end of a training step.
"""

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_BOOL, KS_FLOAT32, KS_FLOAT64
from kerasette._core.node cimport Node, new_node, set_gate
from kerasette._core.rows cimport note_whole
from kerasette._core.step cimport commit, current_gate, current_value
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty


cdef int edit(Node node) except -1:
    """Runs a node that works in place, where the condition of an `only_when` holds."""
    cdef Tensor gate = current_gate()
    if gate is not None:
        set_gate(node, gate)
    submit(node)
    return 0


def write(Tensor place, Tensor value):
    """Copies a gradient that was computed elsewhere to where the optimizer wants it."""
    cdef Node node
    if value.shape != place.shape or value.code != place.code:
        raise ValueError(
            f"A gradient of shape {value.shape} ({value.dtype}) was given for a variable of shape "
            f"{place.shape} ({place.dtype})."
        )
    note_whole(place)
    node = new_node(csrc.KS_OP_assign, place.code, [value], [place])
    submit(node)


def clip_value(Tensor gradient, double most):
    """Puts a gradient, in place, between ``-most`` and ``most``."""
    cdef Node node = new_node(csrc.KS_OP_clip_value, gradient.code, [gradient], [])
    node.c.attr[0] = most
    edit(node)


def square_sum(Tensor gradient, Tensor place):
    """The sum of squares, into a float64 tensor of one element."""
    submit(new_node(csrc.KS_OP_square_sum, gradient.code, [gradient], [place]))


def clip_norm(Tensor gradient, Tensor squares, double most, bint of_all=False):
    """Scales a gradient, in place, so that its norm is at most `most`.

    `squares` has the sums of squares that make up the norm: its own, or, with `of_all`, those of
    all gradients.
    """
    # A norm that is not finite leaves nan in every row.
    note_whole(gradient)
    cdef Node node = new_node(csrc.KS_OP_clip_norm, gradient.code, [gradient, squares], [])
    node.c.attr[0] = most
    node.c.size[0] = of_all
    edit(node)


def accumulate(Tensor gradients, Tensor accumulated, Tensor is_due, int64_t steps, places=()):
    """Adds what has accumulated to the gradients; where it is due, divides by the steps.

    `places` are the gradients of single variables in this span.
    """
    for place in places:
        note_whole(<Tensor?> place)
    cdef Node node = new_node(
        csrc.KS_OP_accumulate, gradients.code, [gradients, accumulated, is_due], []
    )
    node.c.size[0] = steps
    edit(node)


def fill(Tensor span, double value, list variables):
    """Sets a span of variables to one value."""
    cdef Node node = new_node(csrc.KS_OP_fill, span.code, [], [span])
    node.c.attr[0] = value
    commit(node, variables)


def copy_span(Tensor destination, Tensor source, list variables):
    """Copies a tensor into a span of variables."""
    commit(new_node(csrc.KS_OP_assign, destination.code, [source], [destination]), variables)


def average(
    Tensor averages, Tensor parameters, Tensor iterations, list variables, double momentum,
    int64_t accumulation_steps=1,
):
    """Moving averages: ``momentum * average + (1 - momentum) * parameter``.

    In the first step (of so many iterations) an average is the parameter itself.
    """
    cdef Node node = new_node(
        csrc.KS_OP_average, averages.code, [averages, parameters, current_value(iterations)], []
    )
    node.c.attr[0] = momentum
    node.c.size[0] = accumulation_steps
    commit(node, variables)


def is_turn(Tensor iterations, int64_t every, int64_t accumulation_steps=1):
    """Whether the step after `iterations` is one of those that come every so many; a bool."""
    if every < 1 or accumulation_steps < 1:
        # The kernel divides by both.
        raise ValueError(
            "Turns come every so many steps, 1 or more. Received: "
            f"every={every}, accumulation_steps={accumulation_steps}"
        )
    cdef Tensor found = empty((), KS_BOOL)
    cdef Node node = new_node(
        csrc.KS_OP_is_turn, KS_FLOAT32, [current_value(iterations)], [found]
    )
    node.c.size[0] = every
    node.c.size[1] = accumulation_steps
    submit(node)
    return found


def squares_for(int count):
    """A float64 tensor for so many sums of squares."""
    return empty((count,), KS_FLOAT64)
