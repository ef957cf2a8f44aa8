"""Recurrent layers over whole sequences, each in one node.

All take sequences batch first, and weights as Keras lays them out: the kernels of the gates stand
side by side. A step that is masked leaves the states as they are. Outputs are those of all steps,
in the order in which they are walked, or that of the last one; a masked step gives the output of
the step before once more, zeros if there is none, or always zeros.
"""

from libc.stdint cimport int64_t

from kerasette._core cimport csrc
from kerasette._core.csrc cimport KS_BOOL
from kerasette._core.node cimport Node, add_scratch, new_node
from kerasette._core.ops.operands cimport as_dtype, common_code, operand, real_operand
from kerasette._core.tape cimport is_taped, submit
from kerasette._core.tensor cimport Tensor, empty

from kerasette._core.ops.matmul import FUSED_ACTIVATIONS


cdef int64_t activation_code(str op, str name, activation) except -1:
    if activation not in FUSED_ACTIVATIONS:
        raise ValueError(
            f"{op}() applies {sorted(filter(None, FUSED_ACTIVATIONS))}. "
            f"Received: {name}={activation!r}"
        )
    return FUSED_ACTIVATIONS[activation]


cdef class Layer:
    """The inputs and sizes of a node, as they come together."""

    cdef str op
    cdef int code
    cdef int64_t gates
    cdef int64_t batch
    cdef int64_t steps
    cdef int64_t units
    cdef list inputs
    # Where the sizes say that an input is, and which one it is.
    cdef dict places

    def __init__(self, str op, int64_t gates, x, kernel, recurrent_kernel):
        cdef Tensor data = real_operand(x)
        cdef Tensor w = real_operand(kernel)
        cdef Tensor r = real_operand(recurrent_kernel)
        if len(data.shape) != 3 or data.shape[1] == 0:
            raise ValueError(
                f"{op}: inputs must have the shape (batch, steps, inputs), with a step at least. "
                f"Received: inputs of shape {data.shape}."
            )
        units = r.shape[0] if len(r.shape) == 2 else 0
        if not units or r.shape != (units, gates * units):
            raise ValueError(
                f"{op}: the recurrent kernel must have the shape (units, {gates} * units). "
                f"Received: a recurrent kernel of shape {r.shape}."
            )
        if w.shape != (data.shape[2], gates * units):
            raise ValueError(
                f"{op}: the kernel must have the shape {(data.shape[2], gates * units)}, for "
                f"inputs of shape {data.shape} and {units} units. Received: a kernel of shape "
                f"{w.shape}."
            )
        self.op, self.gates, self.units = op, gates, units
        self.batch, self.steps = data.shape[0], data.shape[1]
        self.code = common_code(common_code(data.code, w.code), r.code)
        self.inputs = [as_dtype(tensor, self.code) for tensor in (data, w, r)]
        self.places = {}

    cdef int add(self, int place, str name, value, list shapes) except -1:
        """An input that need not be given, of one of the shapes."""
        cdef Tensor tensor
        if value is None:
            return 0
        if place == csrc.KS_RECURRENT_MASK:
            tensor = as_dtype(operand(value), KS_BOOL)
        else:
            tensor = as_dtype(real_operand(value), self.code)
        if tensor.shape not in shapes:
            raise ValueError(
                f"{self.op}: {name} must have the shape {' or '.join(map(str, shapes))}. "
                f"Received: {name} of shape {tensor.shape}."
            )
        self.places[place] = len(self.inputs)
        self.inputs.append(tensor)
        return 0

    cdef int add_state(self, int place, str name, value) except -1:
        return self.add(place, name, value, [(self.batch, self.units)])

    cdef int64_t add_factors(self, value) except -1:
        """How many of them each state is multiplied with."""
        state = (self.batch, self.units)
        self.add(csrc.KS_RECURRENT_FACTOR, "recurrent_factor", value, [state, (self.gates, *state)])
        if value is None:
            return 0
        cdef Tensor factors = self.inputs[len(self.inputs) - 1]
        return 1 if len(factors.shape) == 2 else self.gates

    cdef tuple submitted(
        self, int op, int n_states, mask, recurrent_factor, activation, gate_activation,
        bint reset_after, bint go_backwards, bint return_sequences, bint zero_output_for_mask,
    ):
        """The node's outputs; with the inputs and sizes that all have in common."""
        self.add(csrc.KS_RECURRENT_MASK, "mask", mask, [(self.batch, self.steps)])
        cdef int64_t factors = self.add_factors(recurrent_factor)
        state = (self.batch, self.units)
        y = empty((self.batch, self.steps, self.units) if return_sequences else state, self.code)
        outputs = [y, *[empty(state, self.code) for _ in range(n_states)]]
        cdef Node node = new_node(op, self.code, self.inputs, outputs)
        cdef int64_t *size = node.c.size
        size[<int> csrc.KS_RECURRENT_BATCH] = self.batch
        size[<int> csrc.KS_RECURRENT_STEPS] = self.steps
        size[<int> csrc.KS_RECURRENT_INPUTS] = (<Tensor> self.inputs[0]).shape[2]
        size[<int> csrc.KS_RECURRENT_UNITS] = self.units
        size[<int> csrc.KS_RECURRENT_ACTIVATION] = activation_code(
            self.op, "activation", activation
        )
        size[<int> csrc.KS_RECURRENT_GATE_ACTIVATION] = activation_code(
            self.op, "recurrent_activation", gate_activation
        )
        size[<int> csrc.KS_RECURRENT_BACKWARDS] = go_backwards
        size[<int> csrc.KS_RECURRENT_SEQUENCES] = return_sequences
        size[<int> csrc.KS_RECURRENT_ZERO_OUTPUT] = zero_output_for_mask
        size[<int> csrc.KS_RECURRENT_RESET_AFTER] = reset_after
        size[<int> csrc.KS_RECURRENT_KEEP] = is_taped()
        size[<int> csrc.KS_RECURRENT_FACTORS] = factors
        for place, which in self.places.items():
            size[<int> place] = which
        node.n_tracked = n_states + 1
        node.spends = True
        add_scratch(node, csrc.ks_recurrent_scratch_bytes(&node.c))
        submit(node)
        return tuple(outputs)


def simple_rnn(
    x, kernel, recurrent_kernel, bias=None, state=None, *, activation="tanh", mask=None,
    recurrent_factor=None, bint go_backwards=False, bint return_sequences=False,
    bint zero_output_for_mask=False,
):
    """h = activation(x @ kernel + h @ recurrent_kernel + bias), step by step.

    Parameters
    ----------
    x : Tensor of shape (batch, steps, inputs)
    kernel : Tensor of shape (inputs, units)
    recurrent_kernel : Tensor of shape (units, units)
    bias : Tensor of shape (units,), optional
    state : Tensor of shape (batch, units), optional
        h before the first step, zeros by default.
    activation : {None, "linear", "relu", "sigmoid", "tanh"}
    mask : Tensor of bool of shape (batch, steps), optional
        False: the step is left out.
    recurrent_factor : Tensor of shape (batch, units), optional
        What h is multiplied with before the recurrent product, the same at all steps.
    go_backwards : bool
        Whether the last step is walked first.
    return_sequences : bool
        Whether the output is that of all steps.
    zero_output_for_mask : bool

    Returns
    -------
    output : Tensor of shape (batch, steps, units) or (batch, units)
    h : Tensor of shape (batch, units)
        After the last step.

    Raises
    ------
    ValueError
        If shapes do not fit, there is no step, or for another activation.
    """
    cdef Layer layer = Layer("simple_rnn", 1, x, kernel, recurrent_kernel)
    layer.add(csrc.KS_RECURRENT_BIAS, "bias", bias, [(layer.units,)])
    layer.add_state(csrc.KS_RECURRENT_STATE, "state", state)
    return layer.submitted(
        csrc.KS_OP_simple_rnn, 1, mask, recurrent_factor, activation, None, False, go_backwards,
        return_sequences, zero_output_for_mask,
    )


def lstm(
    x, kernel, recurrent_kernel, bias=None, h=None, c=None, *, activation="tanh",
    recurrent_activation="sigmoid", mask=None, recurrent_factor=None, bint go_backwards=False,
    bint return_sequences=False, bint zero_output_for_mask=False,
):
    """A long short-term memory: c = f c + i g, h = o activation(c), step by step.

    i, f, g and o stand in this order in weights of 4 * units columns: ``x @ kernel +
    h @ recurrent_kernel + bias``, g through `activation`, the others through
    `recurrent_activation`.

    Parameters
    ----------
    x : Tensor of shape (batch, steps, inputs)
    kernel : Tensor of shape (inputs, 4 * units)
    recurrent_kernel : Tensor of shape (units, 4 * units)
    bias : Tensor of shape (4 * units,), optional
    h, c : Tensor of shape (batch, units), optional
        The states before the first step, zeros by default.
    activation, recurrent_activation : {None, "linear", "relu", "sigmoid", "tanh"}
    recurrent_factor : Tensor of shape (batch, units) or (4, batch, units), optional
        What h is multiplied with before the recurrent product: for all gates, or for each.
    mask, go_backwards, return_sequences, zero_output_for_mask
        As in `simple_rnn`.

    Returns
    -------
    output : Tensor of shape (batch, steps, units) or (batch, units)
    h, c : Tensor of shape (batch, units)
        After the last step.

    Raises
    ------
    ValueError
        If shapes do not fit, there is no step, or for another activation.
    """
    cdef Layer layer = Layer("lstm", 4, x, kernel, recurrent_kernel)
    layer.add(csrc.KS_RECURRENT_BIAS, "bias", bias, [(4 * layer.units,)])
    layer.add_state(csrc.KS_RECURRENT_STATE, "h", h)
    layer.add_state(csrc.KS_RECURRENT_CARRY, "c", c)
    return layer.submitted(
        csrc.KS_OP_lstm, 2, mask, recurrent_factor, activation, recurrent_activation, False,
        go_backwards, return_sequences, zero_output_for_mask,
    )


def gru(
    x, kernel, recurrent_kernel, bias=None, state=None, *, activation="tanh",
    recurrent_activation="sigmoid", bint reset_after=True, mask=None, recurrent_factor=None,
    bint go_backwards=False, bint return_sequences=False, bint zero_output_for_mask=False,
):
    """A gated recurrent unit: h = z h + (1 - z) g, step by step.

    z, r and g stand in this order in weights of 3 * units columns. z and r go through
    `recurrent_activation`, g through `activation`: of ``x @ K + r * (h @ R + b') + b`` where the
    reset comes after the product, or else of ``x @ K + (r * h) @ R + b``.

    Parameters
    ----------
    x : Tensor of shape (batch, steps, inputs)
    kernel : Tensor of shape (inputs, 3 * units)
    recurrent_kernel : Tensor of shape (units, 3 * units)
    bias : Tensor of shape (2, 3 * units), or (3 * units,) if the reset comes before, optional
        Two rows: b, and b', which is added to the recurrent product.
    state : Tensor of shape (batch, units), optional
        h before the first step, zeros by default.
    activation, recurrent_activation : {None, "linear", "relu", "sigmoid", "tanh"}
    reset_after : bool
    recurrent_factor : Tensor of shape (batch, units) or (3, batch, units), optional
        What h is multiplied with before the recurrent product: for all gates, or for each.
    mask, go_backwards, return_sequences, zero_output_for_mask
        As in `simple_rnn`.

    Returns
    -------
    output : Tensor of shape (batch, steps, units) or (batch, units)
    h : Tensor of shape (batch, units)
        After the last step.

    Raises
    ------
    ValueError
        If shapes do not fit, there is no step, or for another activation.
    """
    cdef Layer layer = Layer("gru", 3, x, kernel, recurrent_kernel)
    columns = (3 * layer.units,)
    layer.add(csrc.KS_RECURRENT_BIAS, "bias", bias, [(2, *columns) if reset_after else columns])
    layer.add_state(csrc.KS_RECURRENT_STATE, "state", state)
    return layer.submitted(
        csrc.KS_OP_gru, 1, mask, recurrent_factor, activation, recurrent_activation, reset_after,
        go_backwards, return_sequences, zero_output_for_mask,
    )
