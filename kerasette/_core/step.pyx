"""Steps: transactions, and recordings that run again without Python.

What a step assigns to variables is computed at once, read as pending by the rest of the step, and
committed at its end, when nothing can fail any more.
"""

from cpython.ref cimport PyObject
from libc.stdint cimport int64_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcmp

from kerasette._core cimport runtime
from kerasette._core.csrc cimport (
    KS_BOOL,
    KS_OK,
    KS_OP_assign,
    ks_function,
    ks_node,
    ks_operand,
    ks_program,
    ks_status,
    ks_step,
)
from kerasette._core.dtypes cimport itemsize
from kerasette._core.memory cimport Arena, swap_arena
from kerasette._core.node cimport Node, new_node, op_name, raise_for, run_node, set_gate
from kerasette._core.tensor cimport Tensor, release, tensor_of
from kerasette._core.variable cimport Variable


cdef extern from *:
    """
    /* The step that this thread makes; borrowed from the frame that makes it. */
    static _Thread_local PyObject *ks_thread_step;
    /* The condition under which it writes; borrowed from the only_when that set it. */
    static _Thread_local PyObject *ks_thread_gate;
    """
    PyObject *ks_thread_step
    PyObject *ks_thread_gate


cdef Step current_step():
    return <Step> ks_thread_step if ks_thread_step != NULL else None


cdef Tensor current_gate():
    return <Tensor> ks_thread_gate if ks_thread_gate != NULL else None


cdef class only_when:
    """Within this context, variables change only where `condition` holds.

    The condition is looked at whenever the step runs, by C: it is how a branch on a value, such as
    the number of the step, is replayed. Everything is computed in either case; only writing waits
    for the condition. Contexts may stand in one another; all of their conditions must hold then.

    Parameters
    ----------
    condition : Tensor of bool, of one element

    Raises
    ------
    ValueError
        If it is another tensor.
    """

    cdef Tensor condition
    # The condition together with those of the contexts around this one.
    cdef Tensor gate
    cdef Tensor outer

    def __init__(self, Tensor condition not None):
        if condition.code != KS_BOOL or condition.count != 1:
            raise ValueError(
                "A condition is a tensor of one bool. Received: a tensor of shape "
                f"{condition.shape} and dtype {condition.dtype}"
            )
        self.condition = condition

    def __enter__(self):
        global ks_thread_gate
        self.outer = current_gate()
        if self.outer is not None:
            self.gate = _where(self.outer, self.condition, False)
        else:
            # A variable may change before what it decides about is written.
            is_variable = isinstance(self.condition, Variable)
            self.gate = _copy(self.condition) if is_variable else self.condition
        ks_thread_gate = <PyObject *> self.gate
        return self

    def __exit__(self, *error):
        global ks_thread_gate
        ks_thread_gate = NULL if self.outer is None else <PyObject *> self.outer
        return False


cdef Tensor current_value(Tensor tensor):
    cdef Step step
    if ks_thread_step == NULL or not isinstance(tensor, Variable):
        return tensor
    step = <Step> ks_thread_step
    if step.updated and id(tensor) in step.updated:
        step.flush()
    if step.pending:
        return step.pending.get(id(tensor), (None, tensor))[1]
    return tensor


cdef int commit(Node node, list variables) except -1:
    cdef Variable variable
    if ks_thread_gate != NULL:
        set_gate(node, <Tensor> ks_thread_gate)
    if ks_thread_step == NULL:
        run_node(node.c.forward, &node.c)
        for variable in variables:
            variable.version += 1
        return 0
    (<Step> ks_thread_step).add_commit(node, variables)
    return 0


def assign(Variable variable, value):
    """Sets a variable: at once, or, within a step, at the end of the step."""
    cdef Tensor tensor = tensor_of(value)
    if tensor.shape != variable.shape:
        raise ValueError(
            "The shape of the target variable and the shape of the target value in "
            f"`variable.assign(value)` must match. variable.shape={variable.shape}, Received: "
            f"value.shape={tensor.shape}. Target variable: {variable.path}"
        )
    if tensor.code != variable.code:
        tensor = _cast(tensor, variable.dtype)
    if ks_thread_gate != NULL:
        tensor = _where(<Tensor> ks_thread_gate, tensor, variable)
    cdef Step step = current_step()
    cdef Node node
    if step is not None:
        if not isinstance(tensor, Variable):
            step.pending[id(variable)] = (variable, tensor)
            return variable
        # The value of another variable, as it is now, not as it is at the end of the step.
        tensor = _copy(tensor)
        step.pending[id(variable)] = (variable, tensor)
        return variable
    node = new_node(KS_OP_assign, variable.code, [tensor], [variable])
    run_node(node.c.forward, &node.c)
    variable.version += 1
    return variable


def settle(variables):
    """Writes what this step has updated so far, if any of `variables` is among it.

    Called before the memory is written anew from which a waiting update reads: the gradients of
    an optimizer that takes two steps within one.
    """
    if ks_thread_step != NULL:
        for variable in variables:
            current_value(variable)


_cast = None
_copy = None
_where = None


def set_ops(cast, copy, where):
    """Hands over the ops that assignment needs; the ops import this module."""
    global _cast, _copy, _where
    _cast = cast
    _copy = copy
    _where = where


cdef class Step:
    """A transaction, and with an arena a recording that can run again.

    Used as a context manager. On leaving, assignments are committed; if the body raised, they
    are dropped, and every variable is as before.

    Parameters
    ----------
    arena : Arena, optional
        Where the buffers of a recording lie.
    """

    def __init__(self, Arena arena=None):
        self.nodes = []
        self.commits = []
        self.pending = {}
        self.updated = set()
        self.written = set()
        self.arena = arena

    def __dealloc__(self):
        free(self.steps)
        free(self.replayed)

    def __enter__(self):
        global ks_thread_step
        if self.is_finished or self.nodes:
            raise RuntimeError("A step is made once.")
        self.outer = current_step()
        ks_thread_step = <PyObject *> self
        if self.arena is not None:
            self.arena.restart()
            self.outer_arena = swap_arena(self.arena)
        return self

    def __exit__(self, error_type, error, traceback):
        global ks_thread_step
        try:
            if error_type is None:
                self.finish()
        finally:
            ks_thread_step = NULL if self.outer is None else <PyObject *> self.outer
            self.outer = None
            if self.arena is not None:
                swap_arena(self.outer_arena)
                self.outer_arena = None
                self.forget_tensors()
                release(self.arena)
            else:
                self.nodes = []
            self.is_finished = True
        return False

    cdef int append(self, ks_function function, Node node) except -1:
        cdef ks_step *grown
        if self.arena is None:
            return 0
        if self.n_steps == self.capacity:
            self.capacity = 2 * self.capacity + 16
            grown = <ks_step *> realloc(self.steps, self.capacity * sizeof(ks_step))
            if grown == NULL:
                raise MemoryError
            self.steps = grown
        self.steps[self.n_steps].function = function
        self.steps[self.n_steps].node = &node.c
        self.n_steps += 1
        self.nodes.append(node)
        return 0

    cdef int add_commit(self, Node node, list variables) except -1:
        cdef Variable variable
        for variable in variables:
            # What was assigned before this update is what it updates.
            if id(variable) in self.pending:
                self.commit_assignment(variable, self.pending.pop(id(variable))[1])
            self.updated.add(id(variable))
            self.written.add(<size_t> variable.data)
        self.commits.append((node, variables))
        return 0

    cdef int commit_assignment(self, Variable variable, Tensor value) except -1:
        self.written.add(<size_t> variable.data)
        self.commits.append(
            (new_node(KS_OP_assign, variable.code, [value], [variable]), [variable])
        )
        return 0

    cdef int flush(self) except -1:
        """Commits what has been computed so far, because the step reads it."""
        cdef Node node
        cdef Variable variable
        for node, variables in self.commits:
            run_node(node.c.forward, &node.c)
            self.append(node.c.forward, node)
            for variable in variables:
                variable.version += 1
        self.commits = []
        self.updated = set()
        return 0

    cdef int finish(self) except -1:
        cdef Variable variable
        cdef Tensor value
        for variable, value in self.pending.values():
            self.commit_assignment(variable, value)
        self.pending = {}
        self.flush()
        return 0

    cdef int forget_tensors(self) except -1:
        """Keeps the memory, not the Python objects: whoever still holds one gets a copy."""
        cdef Node node
        for node in self.nodes:
            node.tensors = None
            node.scratch_of = None
        return 0

    cdef list nodes_replayed(self):
        return self.nodes if self.replayed == NULL else self.replayed_nodes

    cdef int replay_instead(self, dict placed) except -1:
        cdef ks_program before = self.program()
        cdef ks_step *replayed = <ks_step *> malloc(before.n_steps * sizeof(ks_step))
        cdef list nodes = []
        cdef Node node
        cdef ks_step step
        cdef int64_t i
        if replayed == NULL:
            raise MemoryError
        for i, node in enumerate(self.nodes_replayed()):
            node = placed.get(i, node)
            if node is None:
                continue
            step = before.steps[i]
            is_forward = step.function == step.node.forward
            step.function = node.c.forward if is_forward else node.c.backward
            step.node = &node.c
            replayed[len(nodes)] = step
            nodes.append(node)
        free(self.replayed)
        self.replayed = replayed
        self.n_replayed = len(nodes)
        self.replayed_nodes = nodes
        return 0

    @property
    def replayed_ops(self):
        """What replays run: the names of ops in their order, those of gradients with a -."""
        cdef ks_program program = self.program()
        cdef const ks_step *run
        cdef int64_t i
        names = []
        for i in range(program.n_steps):
            run = &program.steps[i]
            sign = "" if run.function == run.node.forward else "-"
            names.append(sign + op_name(run.node))
        return names

    @property
    def obstacle(self):
        """Why this recording cannot be replayed; None if it can."""
        return None if self.arena is None else self.arena.obstacle

    def __len__(self):
        return self.n_steps

    def replay(self):
        """Runs the recorded nodes again."""
        cdef ks_program program = self.program()
        cdef ks_node *failed = NULL
        cdef ks_status status
        with nogil:
            status = runtime.run_program(&program, &failed)
        if status != KS_OK:
            raise_for(status, failed)

    cdef ks_program program(self) noexcept:
        cdef ks_program program
        program.steps = self.steps if self.replayed == NULL else self.replayed
        program.n_steps = self.n_steps if self.replayed == NULL else self.n_replayed
        return program

    def agrees_with(self, Step other, inputs=(), other_inputs=()):
        """Whether the other recording does the same: node by node, constants included.

        Two recordings of one step agree if the Python code between the nodes did the same both
        times: the same ops on the same variables, and equal constants.

        Parameters
        ----------
        other : Step
        inputs, other_inputs : list of Tensor
            What is fed into the two; their values do not matter.
        """
        cdef int64_t i
        cdef dict twins = {
            <size_t> (<Tensor> mine).data: <size_t> (<Tensor> theirs).data
            for mine, theirs in zip(inputs, other_inputs)
        }
        # Of variables made within the step each recording has its own, and a replay would go on
        # where one of them was left.
        if self.n_steps != other.n_steps or self.written != other.written:
            return False
        for i in range(self.n_steps):
            if self.steps[i].function != other.steps[i].function:
                return False
            if not same_call(self.steps[i].node, other.steps[i].node, twins):
                return False
        return True


cdef bint same_call(ks_node *a, ks_node *b, dict twins) except -1:
    """Whether two nodes do the same. `twins` maps the memory of one recording to the other's."""
    cdef int i
    if a.op != b.op or a.dtype != b.dtype or a.n_in != b.n_in or a.n_out != b.n_out:
        return False
    if a.n_dims != b.n_dims or a.scratch_bytes != b.scratch_bytes:
        return False
    if memcmp(a.size, b.size, sizeof(a.size)) or memcmp(a.attr, b.attr, sizeof(a.attr)):
        return False
    if memcmp(a.dims, b.dims, sizeof(a.dims)) or memcmp(a.strides, b.strides, sizeof(a.strides)):
        return False
    if not same_gate(a, b, twins):
        return False
    for i in range(a.n_in):
        if not same_operand(&a.inputs[i], &b.inputs[i], twins):
            return False
    for i in range(a.n_out):
        if a.outputs[i].count != b.outputs[i].count or a.outputs[i].dtype != b.outputs[i].dtype:
            return False
        if not match(<size_t> a.outputs[i].data, <size_t> b.outputs[i].data, twins):
            return False
        if not match(<size_t> a.outputs[i].grad, <size_t> b.outputs[i].grad, twins):
            return False
    return True


cdef bint same_gate(ks_node *a, ks_node *b, dict twins) except -1:
    if a.gate == NULL or b.gate == NULL:
        return a.gate == b.gate
    if a.gate == b.gate or <size_t> a.gate in twins:
        return match(<size_t> a.gate, <size_t> b.gate, twins)
    return a.gate[0] == b.gate[0]


cdef bint same_operand(ks_operand *a, ks_operand *b, dict twins) except -1:
    if a.count != b.count or a.dtype != b.dtype or a.add != b.add:
        return False
    if (a.grad == NULL) != (b.grad == NULL):
        return False
    if a.grad != NULL and not match(<size_t> a.grad, <size_t> b.grad, twins):
        return False
    if a.data == b.data or <size_t> a.data in twins:
        return match(<size_t> a.data, <size_t> b.data, twins)
    # Not written in the step, and not the same memory: constants, equal if their values are.
    return memcmp(a.data, b.data, <size_t> (a.count * itemsize(a.dtype))) == 0


cdef bint match(size_t a, size_t b, dict twins) except -1:
    return twins.setdefault(a, b) == b
