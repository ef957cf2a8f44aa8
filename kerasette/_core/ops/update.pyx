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


cdef int update(
    int op, Tensor parameters, Tensor gradients, Tensor learning_rate, list others, list slots,
    tuple attributes, tuple sizes, list variables, places,
) except -1:
    """Commits the nodes of a step: one, or more where tables stand of which rows are known.

    `others` are read whole, and the rest are as long as the parameters.
    """
    cdef list inputs
    cdef Tensor place
    cdef Node node
    cdef int64_t start, count
    check(parameters, [gradients, *slots], learning_rate)
    learning_rate = current_value(learning_rate)
    for start, count, place in pieces_of(parameters, gradients, places):
        # The first input is also what is written.
        inputs = [parameters, gradients, *slots]
        if count < parameters.count:
            inputs = [part(tensor, start, count) for tensor in inputs]
        inputs[2:2] = [learning_rate, *others]
        node = new_node(op, parameters.code, inputs, [])
        for number, value in enumerate(attributes):
            node.c.attr[<int> number] = value
        for number, value in enumerate(sizes):
            node.c.size[<int> number] = value
        if place is not None:
            node.c.size[3] = place.row_flags.count
            node.c.scratch = place.row_flags.data
            node.storages.append(place.row_flags.storage)
        commit(node, variables)
    return 0


cdef int check(Tensor parameters, list arrays, Tensor learning_rate) except -1:
    cdef Tensor array
    for array in arrays:
        if array.count != parameters.count:
            raise ValueError(
                f"An update of {parameters.count} parameters got an array of {array.count}."
            )
        if array.code != parameters.code:
            raise ValueError(
                f"An update of {parameters.dtype} parameters got an array of {array.dtype}."
            )
    if learning_rate.count != 1 or learning_rate.code > KS_FLOAT64:
        raise ValueError(
            "A learning rate is one floating-point number. Received: a tensor of shape "
            f"{learning_rate.shape} and dtype {learning_rate.dtype}"
        )
    return 0


cdef list pieces_of(Tensor parameters, Tensor gradients, places):
    """(where it begins, how long it is, its place): a span in pieces, tables with known rows and,
    without a place, what lies between them."""
    cdef Tensor place
    cdef list pieces = []
    cdef int64_t done = 0
    cdef int64_t start
    for start, place in tables_in(gradients, places):
        if start > done:
            pieces.append((done, start - done, None))
        pieces.append((start, place.count, place))
        done = start + place.count
    if done < parameters.count or done == 0:
        pieces.append((done, parameters.count - done, None))
    return pieces


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


cdef list given(slots):
    return [slot for slot in slots if slot is not None]


def sgd(
    Tensor parameters, Tensor gradients, Tensor learning_rate, list variables,
    Tensor momentum_buffer=None, double momentum=0.0, bint nesterov=False,
    double weight_decay=0.0, places=(),
):
    """Stochastic gradient descent with momentum, over a flat span of variables.

    `variables` are all that is written: parameters and slots. Of `places`, the gradients of single
    variables, here as in what follows, no row is read that is known to be zero.
    """
    update(
        csrc.KS_OP_sgd, parameters, gradients, learning_rate, [], given([momentum_buffer]),
        (momentum, weight_decay), (nesterov,), variables, places,
    )


def adam(
    Tensor parameters, Tensor gradients, Tensor learning_rate, Tensor iterations, Tensor m,
    Tensor v, list variables, double beta_1, double beta_2, double epsilon, Tensor v_hat=None,
    double weight_decay=0.0, int64_t accumulation_steps=1, places=(),
):
    """Adam (Kingma and Ba, ICLR 2015, section 2), over a flat span of variables."""
    update(
        csrc.KS_OP_adam, parameters, gradients, learning_rate, [current_value(iterations)],
        given([m, v, v_hat]), (beta_1, beta_2, epsilon, weight_decay), (accumulation_steps,),
        variables, places,
    )


def rmsprop(
    Tensor parameters, Tensor gradients, Tensor learning_rate, Tensor velocity, list variables,
    double rho, double epsilon, Tensor momentum_buffer=None, double momentum=0.0,
    Tensor average_gradient=None, double weight_decay=0.0, places=(),
):
    """RMSprop (Tieleman and Hinton, 2012), over a flat span of variables."""
    update(
        csrc.KS_OP_rmsprop, parameters, gradients, learning_rate, [],
        given([velocity, momentum_buffer, average_gradient]),
        (rho, momentum, epsilon, weight_decay),
        (momentum_buffer is not None, average_gradient is not None), variables, places,
    )
