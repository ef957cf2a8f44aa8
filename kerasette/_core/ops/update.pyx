"""The steps of optimizers, each one pass over a span of parameters.

Within a training step they run at its end, as assignments do.
"""

from kerasette._core cimport csrc
from kerasette._core.node cimport Node, new_node
from kerasette._core.step cimport commit
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor


cdef Node update_node(int op, Tensor parameters, list others):
    cdef Tensor slot
    for slot in others:
        if slot.code == parameters.code and slot.count not in (parameters.count, 1):
            raise ValueError(
                f"An update of {parameters.count} parameters got an array of {slot.count}."
            )
    # The first input is also what is written.
    return new_node(op, parameters.code, [parameters] + others, [])


def sgd(
    Tensor parameters, Tensor gradients, Tensor learning_rate, list variables,
    Tensor momentum_buffer=None, double momentum=0.0, bint nesterov=False,
):
    """Stochastic gradient descent with momentum, over a flat span of variables."""
    cdef list others = [gradients, learning_rate]
    if momentum_buffer is not None:
        others.append(momentum_buffer)
    cdef Node node = update_node(csrc.KS_OP_sgd, parameters, others)
    node.c.attr[0] = momentum
    node.c.size[0] = nesterov
    commit(node, variables)


def adam(
    Tensor parameters, Tensor gradients, Tensor learning_rate, Tensor iterations, Tensor m,
    Tensor v, list variables, double beta_1, double beta_2, double epsilon,
):
    """Adam (Kingma and Ba, ICLR 2015, section 2), over a flat span of variables."""
    cdef Node node = update_node(
        csrc.KS_OP_adam, parameters, [gradients, learning_rate, iterations, m, v]
    )
    node.c.attr[0] = beta_1
    node.c.attr[1] = beta_2
    node.c.attr[2] = epsilon
    commit(node, variables)


def write(Tensor place, Tensor value):
    """Copies a gradient that was computed elsewhere to where the optimizer wants it."""
    cdef Node node
    if value.count != place.count or value.code != place.code:
        raise ValueError(
            f"A gradient of shape {value.shape} ({value.dtype}) was given for a variable of shape "
            f"{place.shape} ({place.dtype})."
        )
    node = new_node(csrc.KS_OP_assign, place.code, [value], [place])
    submit(node)
