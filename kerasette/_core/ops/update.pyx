"""The steps of optimizers, each one pass over a span of parameters.

Within a training step they run at its end, as assignments do.
"""

from operator import itemgetter

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_FLOAT64
from kerasette._core.dtypes cimport itemsize
from kerasette._core.node cimport Node, new_node
from kerasette._core.step cimport commit, current_value
from kerasette._core.tensor cimport Tensor

from kerasette._core.variable import part


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
    double weight_decay=0.0, places=(),
):
    """Stochastic gradient descent with momentum, over a flat span of variables.

    `variables` are all that is written: parameters and slots. Without momentum and decay, rows of
    `places`, the gradients of single variables, are passed over where they are known to be zero.
    """
    if momentum_buffer is None and weight_decay == 0:
        plain_sgd(parameters, gradients, learning_rate, variables, places)
        return
    cdef list slots = [] if momentum_buffer is None else [momentum_buffer]
    cdef Node node = update_node(csrc.KS_OP_sgd, parameters, gradients, learning_rate, slots)
    node.c.attr[0] = momentum
    node.c.attr[1] = weight_decay
    node.c.size[0] = nesterov
    commit(node, variables)


cdef int plain_sgd(
    Tensor parameters, Tensor gradients, Tensor learning_rate, list variables, places
) except -1:
    cdef Tensor place
    cdef int64_t done = 0
    cdef int64_t start
    cdef Node node
    for start, place in tables_in(gradients, places):
        if start > done:
            node = sgd_node(parameters, gradients, learning_rate, done, start - done)
            commit(node, variables)
        node = sgd_node(parameters, gradients, learning_rate, start, place.count)
        node.c.size[1] = place.row_flags.count
        node.c.scratch = place.row_flags.data
        node.storages.append(place.row_flags.storage)
        commit(node, variables)
        done = start + place.count
    if done < parameters.count or done == 0:
        node = sgd_node(parameters, gradients, learning_rate, done, parameters.count - done)
        commit(node, variables)
    return 0


cdef list tables_in(Tensor gradients, places):
    """(where it begins, place) for places with known rows that lie in a span of gradients."""
    cdef Tensor place
    cdef int64_t start
    cdef list found = []
    for place in places:
        if place.row_flags is None or place.storage is not gradients.storage:
            continue
        start = (place.data - gradients.data) // itemsize(gradients.code)
        if 0 <= start <= gradients.count - place.count:
            found.append((start, place))
    return sorted(found, key=itemgetter(0))


cdef Node sgd_node(
    Tensor parameters, Tensor gradients, Tensor learning_rate, int64_t start, int64_t count
):
    if count < parameters.count:
        parameters = part(parameters, start, count)
        gradients = part(gradients, start, count)
    return update_node(csrc.KS_OP_sgd, parameters, gradients, learning_rate, [])


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
