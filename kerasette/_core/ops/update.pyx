"""The steps of optimizers, each one pass over a span of parameters.

Within a training step they run at its end, as assignments do.
"""

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_FLOAT64
from kerasette._core.node cimport Node, new_node
from kerasette._core.step cimport commit, current_value
from kerasette._core.tensor cimport Tensor


cdef Node update_node(
    int op, Tensor parameters, Tensor gradients, Tensor learning_rate, list slots
):
    cdef Tensor slot
    for slot in [gradients, *slots]:
        if slot.code == parameters.code and slot.count not in (parameters.count, 1):
            raise ValueError(
                f"An update of {parameters.count} parameters got an array of {slot.count}."
            )
    if learning_rate.count != 1 or learning_rate.code > KS_FLOAT64:
        raise ValueError(
            "A learning rate is one floating-point number. Received: a tensor of shape "
            f"{learning_rate.shape} and dtype {learning_rate.dtype}"
        )
    # The first input is also what is written.
    return new_node(
        op, parameters.code, [parameters, gradients, current_value(learning_rate), *slots], []
    )


def sgd(
    Tensor parameters, Tensor gradients, Tensor learning_rate, list variables,
    Tensor momentum_buffer=None, double momentum=0.0, bint nesterov=False,
    double weight_decay=0.0,
):
    """Stochastic gradient descent with momentum, over a flat span of variables.

    `variables` are all that is written: parameters and slots.
    """
    cdef list slots = [] if momentum_buffer is None else [momentum_buffer]
    cdef Node node = update_node(csrc.KS_OP_sgd, parameters, gradients, learning_rate, slots)
    node.c.attr[0] = momentum
    node.c.attr[1] = weight_decay
    node.c.size[0] = nesterov
    commit(node, variables)


def adam(
    Tensor parameters, Tensor gradients, Tensor learning_rate, Tensor iterations, Tensor m,
    Tensor v, list variables, double beta_1, double beta_2, double epsilon, Tensor v_hat=None,
    double weight_decay=0.0, int accumulation_steps=1,
):
    """Adam (Kingma and Ba, ICLR 2015, section 2), over a flat span of variables."""
    cdef list slots = [current_value(iterations), m, v]
    if v_hat is not None:
        slots.append(v_hat)
    cdef Node node = update_node(csrc.KS_OP_adam, parameters, gradients, learning_rate, slots)
    node.c.attr[0] = beta_1
    node.c.attr[1] = beta_2
    node.c.attr[2] = epsilon
    node.c.attr[3] = weight_decay
    node.c.size[0] = accumulation_steps
    commit(node, variables)


def rmsprop(
    Tensor parameters, Tensor gradients, Tensor learning_rate, Tensor velocity, list variables,
    double rho, double epsilon, Tensor momentum_buffer=None, double momentum=0.0,
    Tensor average_gradient=None, double weight_decay=0.0,
):
    """RMSprop (Tieleman and Hinton, 2012), over a flat span of variables."""
    cdef list slots = [velocity]
    if momentum_buffer is not None:
        slots.append(momentum_buffer)
    if average_gradient is not None:
        slots.append(average_gradient)
    cdef Node node = update_node(csrc.KS_OP_rmsprop, parameters, gradients, learning_rate, slots)
    node.c.attr[0] = rho
    node.c.attr[1] = momentum
    node.c.attr[2] = epsilon
    node.c.attr[3] = weight_decay
    node.c.size[0] = momentum_buffer is not None
    node.c.size[1] = average_gradient is not None
    commit(node, variables)
