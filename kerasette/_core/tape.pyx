"""Nodes, gradients and recorded steps.

An op makes a `Node` and submits it. The node runs at once; beside that

- each `GradientTape` that watches one of its inputs keeps it, to walk back over;
- the `Step` that is being made, if there is one, keeps it, to run it again.

A step is a transaction: what it assigns to variables is computed at once, read as pending by the
rest of the step, and committed at its end, when nothing can fail any more. A step made with an
arena is a recording: `Step.replay` runs its nodes again, without Python.
"""

import numpy as np

from cpython.ref cimport PyObject
from libc.stdint cimport int32_t, int64_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcmp, memcpy, memset

from kerasette._core cimport runtime
from kerasette._core.csrc cimport (
    KS_ALIGNMENT,
    KS_INDEX_OUT_OF_RANGE,
    KS_MAX_DIMS,
    KS_MAX_SIZES,
    KS_OK,
    KS_OP_add,
    KS_OP_assign,
    KS_OP_fill,
    KS_UINT8,
    ks_drain,
    ks_feed,
    ks_function,
    ks_node,
    ks_op_entry,
    ks_operand,
    ks_program,
    ks_status,
    ks_step,
)
from kerasette._core.tensor cimport (
    Arena,
    Storage,
    Tensor,
    Variable,
    alias,
    dtype_code,
    empty,
    itemsize,
    swap_arena,
    tensor_of,
)

from kerasette._core.tensor import NUMPY_DTYPES


cdef extern from *:
    """
    /* What this thread is recording; owned by the stacks in Python. */
    static _Thread_local PyObject *ks_thread_step;
    static _Thread_local PyObject *ks_thread_tapes;
    """
    PyObject *ks_thread_step
    PyObject *ks_thread_tapes


# Releasing the GIL costs about 0.1 us; only work that takes longer is worth it.
cdef int64_t GIL_ELEMENTS = 8192


# ---- nodes -----------------------------------------------------------------


cdef class Node:
    def __dealloc__(self):
        free(self.more_operands)


cdef Node allocate_node(int n_in, int n_out):
    cdef Node node = Node.__new__(Node)
    cdef ks_operand *operands = node.inline_operands
    if n_in + n_out > INLINE_OPERANDS:
        operands = <ks_operand *> calloc(n_in + n_out, sizeof(ks_operand))
        if operands == NULL:
            raise MemoryError
        node.more_operands = operands
    node.c.n_in = n_in
    node.c.n_out = n_out
    node.c.inputs = operands
    node.c.outputs = operands + n_in
    return node


cdef Node new_node(int op, int code, list inputs, list outputs):
    cdef int n_in = <int> len(inputs)
    cdef Node node = allocate_node(n_in, <int> len(outputs))
    cdef const ks_op_entry *entry = &runtime.context.ops[code][op]
    cdef ks_operand *operand = node.c.inputs
    cdef Tensor tensor
    node.c.op = op
    node.c.dtype = code
    node.c.forward = entry.forward
    node.c.backward = entry.backward
    node.tensors = inputs + outputs
    node.storages = []
    for tensor in node.tensors:
        operand.data = tensor.data
        operand.count = tensor.count
        operand.dtype = tensor.code
        node.storages.append(tensor.storage)
        operand += 1
    return node


cdef int add_scratch(Node node, int64_t nbytes) except -1:
    """Memory that forward leaves for backward, or backward needs for itself."""
    node.scratch_of = empty(((nbytes + 3) // 4,), 2)
    node.c.scratch = node.scratch_of.data
    node.c.scratch_bytes = nbytes
    node.storages.append(node.scratch_of.storage)
    return 0


cdef Node backward_twin(Node node):
    """A node over the same operands, for one call of backward: gradients belong to a call."""
    cdef int n_in = node.c.n_in
    cdef int n_out = node.c.n_out
    cdef Node twin = allocate_node(n_in, n_out)
    cdef ks_operand *operands = twin.c.inputs
    memcpy(operands, node.c.inputs, (n_in + n_out) * sizeof(ks_operand))
    twin.c = node.c
    twin.c.inputs = operands
    twin.c.outputs = operands + n_in
    twin.scratch_of = node.scratch_of
    twin.tensors = node.tensors
    twin.storages = list(node.storages)
    return twin


cdef int raise_for(ks_status status, ks_node *node) except -1:
    name = (<bytes> runtime.context.ops[node.dtype][node.op].name).decode()
    if status == KS_INDEX_OUT_OF_RANGE:
        raise ValueError(
            f"{name}: value {node.error_value} at position {node.error_position} is out of range: "
            f"expected an index in [0, {node.size[0 if name == 'gather' else 1]})."
        )
    raise RuntimeError(f"{name} failed with status {status}")


cdef int run_node(ks_function function, ks_node *node) except -1:
    cdef ks_step step
    cdef ks_program program
    cdef ks_node *failed = NULL
    cdef ks_status status
    cdef int64_t work = 0
    cdef int i
    step.function = function
    step.node = node
    program.steps = &step
    program.n_steps = 1
    for i in range(node.n_in):
        work += node.inputs[i].count
    if work < GIL_ELEMENTS:
        status = runtime.run_program(&program, &failed)
    else:
        with nogil:
            status = runtime.run_program(&program, &failed)
    if status != KS_OK:
        raise_for(status, failed)
    return 0


cdef int submit(Node node) except -1:
    cdef Step step
    run_node(node.c.forward, &node.c)
    if ks_thread_tapes != NULL:
        for tape in <list> ks_thread_tapes:
            (<GradientTape> tape).note(node)
    if ks_thread_step != NULL:
        step = <Step> ks_thread_step
        step.append(node.c.forward, node)
    return 0


cdef Step current_step():
    return <Step> ks_thread_step if ks_thread_step != NULL else None


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


_cast = None
_copy = None


def set_ops(cast, copy):
    """Hands over two ops that assignment needs; the ops import this module."""
    global _cast, _copy
    _cast = cast
    _copy = copy


# ---- steps -----------------------------------------------------------------


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
        self.arena = arena

    def __dealloc__(self):
        free(self.steps)

    def __enter__(self):
        global ks_thread_step, ks_thread_tapes
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
                self.arena.release()
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
        self.commits.append((node, variables))
        for variable in variables:
            self.updated.add(id(variable))
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
            self.add_commit(
                new_node(KS_OP_assign, variable.code, [value], [variable]), [variable]
            )
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
        program.steps = self.steps
        program.n_steps = self.n_steps
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
        cdef set made = set()
        if self.n_steps != other.n_steps:
            return False
        for i in range(self.n_steps):
            if self.steps[i].function != other.steps[i].function:
                return False
            if not same_call(self.steps[i].node, other.steps[i].node, twins, made):
                return False
        return True


cdef bint same_call(ks_node *a, ks_node *b, dict twins, set made) except -1:
    """Whether two nodes do the same. `twins` maps the memory of one recording to the other's,
    `made` holds what earlier nodes have written."""
    cdef int i
    if a.op != b.op or a.dtype != b.dtype or a.n_in != b.n_in or a.n_out != b.n_out:
        return False
    if a.n_dims != b.n_dims or a.scratch_bytes != b.scratch_bytes:
        return False
    if memcmp(a.size, b.size, sizeof(a.size)) or memcmp(a.attr, b.attr, sizeof(a.attr)):
        return False
    if memcmp(a.dims, b.dims, sizeof(a.dims)) or memcmp(a.strides, b.strides, sizeof(a.strides)):
        return False
    for i in range(a.n_in):
        if not same_operand(&a.inputs[i], &b.inputs[i], twins, made):
            return False
    for i in range(a.n_out):
        if a.outputs[i].count != b.outputs[i].count or a.outputs[i].dtype != b.outputs[i].dtype:
            return False
        if not match(<size_t> a.outputs[i].data, <size_t> b.outputs[i].data, twins):
            return False
        if not match(<size_t> a.outputs[i].grad, <size_t> b.outputs[i].grad, twins):
            return False
        made.add(<size_t> a.outputs[i].data)
    return True


cdef bint same_operand(ks_operand *a, ks_operand *b, dict twins, set made) except -1:
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


# ---- gradients ---------------------------------------------------------------


cdef class GradientTape:
    """Records ops, and computes gradients of what they made.

    Trainable variables are watched by themselves, other tensors after `watch`.

    Parameters
    ----------
    persistent : bool
        Whether `gradient` may be called more than once.
    watch_accessed_variables : bool
        Whether trainable variables are watched by themselves.

    Examples
    --------
    >>> from kerasette import GradientTape, ops
    >>> x = ops.convert_to_tensor(3.0)
    >>> with GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = x * x
    >>> float(tape.gradient(y, x))
    6.0
    """

    cdef list nodes
    cdef dict tracked
    cdef dict versions
    cdef bint persistent
    cdef bint watches_variables
    cdef bint is_used
    cdef bint is_active

    def __init__(self, persistent=False, watch_accessed_variables=True):
        self.persistent = bool(persistent)
        self.watches_variables = bool(watch_accessed_variables)
        self.reset()

    def reset(self):
        """Forgets everything recorded so far."""
        self.nodes = []
        self.tracked = {}
        self.versions = {}
        self.is_used = False

    def __enter__(self):
        if self.is_active:
            raise ValueError("Tape is still recording, it cannot be entered again.")
        self.is_active = True
        push_tape(self)
        return self

    def __exit__(self, *error):
        remove_tape(self)
        self.is_active = False

    def watch(self, tensors):
        """Records what becomes of a tensor, or of a list of them.

        Raises
        ------
        ValueError
            If one is not a tensor of floating-point numbers.
        """
        for tensor in tensors if isinstance(tensors, (list, tuple)) else [tensors]:
            if not isinstance(tensor, Tensor):
                raise ValueError(f"watch() takes tensors. Received: {type(tensor)}")
            if (<Tensor> tensor).code > 1:
                raise ValueError(
                    f"Only floating-point tensors have gradients. Received dtype {tensor.dtype}"
                )
            self.tracked[id(tensor)] = tensor

    cdef int note(self, Node node) except -1:
        cdef int i
        cdef Tensor tensor
        cdef bint wanted = False
        if node.c.backward == NULL and node.barrier is None:
            return 0
        for i in range(node.c.n_in):
            tensor = <Tensor> node.tensors[i]
            if id(tensor) in self.tracked:
                wanted = True
            elif self.watches_variables and isinstance(tensor, Variable):
                if (<Variable> tensor).is_trainable and tensor.code <= 1:
                    self.tracked[id(tensor)] = tensor
                    wanted = True
            if isinstance(tensor, Variable):
                self.versions[id(tensor)] = (tensor, (<Variable> tensor).version)
        if wanted:
            self.nodes.append(node)
            for i in range(node.c.n_in, node.c.n_in + node.c.n_out):
                self.tracked[id(node.tensors[i])] = node.tensors[i]
        return 0

    def gradient(
        self, target, sources, output_gradients=None, unconnected_gradients="none",
        destinations=None,
    ):
        """Gradients of the sum of `target` with respect to `sources`.

        Parameters
        ----------
        target : Tensor, or list or tuple of them
            Of any shape; the gradients of several are summed.
        sources : Tensor or Variable, or list, tuple or dict of them
        output_gradients : Tensor, or list of them, optional
            What to start with in place of ones, of the shapes of the targets.
        unconnected_gradients : {"none", "zero"}
            What is given for sources that do not lead to the target.
        destinations : list of Tensor, optional
            Where the gradients are written, one for each source.

        Returns
        -------
        Tensor or None, or a structure of them like `sources`

        Raises
        ------
        RuntimeError
            If a tape that is not persistent is asked twice, or a variable has been changed since.
        NotImplementedError
            For second-order gradients.
        """
        if self.is_used and not self.persistent:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of gradients."
            )
        if unconnected_gradients not in ("none", "zero"):
            raise ValueError(
                "unconnected_gradients must be 'none' or 'zero'. "
                f"Received: {unconnected_gradients!r}"
            )
        if isinstance(sources, dict):
            found = self.gradient(
                target, list(sources.values()), output_gradients, unconnected_gradients
            )
            return dict(zip(sources, found))
        single = isinstance(sources, Tensor)
        source_list = [sources] if single else list(sources)
        targets = list(target) if isinstance(target, (list, tuple)) else [target]
        for tensor in targets + source_list:
            if not isinstance(tensor, Tensor):
                raise TypeError(
                    f"gradient() takes tensors and variables. Received: {type(tensor)}"
                )
        self.check_versions()
        outer = pause_tapes()
        try:
            found = self.walk(
                targets, source_list, seeds_of(targets, output_gradients), destinations
            )
        finally:
            resume_tapes(outer)
        self.is_used = True
        if not self.persistent:
            self.nodes = []
            self.tracked = {}
        if unconnected_gradients == "zero":
            found = [
                filled(source, 0.0) if gradient is None else gradient
                for gradient, source in zip(found, source_list)
            ]
        note_barrier(source_list + targets, found)
        return found[0] if single else type(sources)(found) if type(sources) is tuple else found

    def check_versions(self):
        cdef Variable variable
        for variable, version in self.versions.values():
            if variable.version != version:
                raise RuntimeError(
                    f"Variable {variable.path} was assigned after the tape had used it; its "
                    "gradient cannot be computed any more."
                )

    cdef list walk(self, list targets, list sources, list seeds, destinations):
        cdef dict reach = self.reached_from(sources)
        cdef dict gradients = {}
        cdef dict places = {}
        cdef Py_ssize_t i
        cdef Tensor target
        if destinations is not None:
            places = {id(source): place for source, place in zip(sources, destinations)}
        for target, seed in zip(targets, seeds):
            if id(target) in reach:
                start_with(gradients, places, target, seed)
        for i in range(len(self.nodes) - 1, -1, -1):
            back_through(<Node> self.nodes[i], reach, gradients, places)
        return [gradients.get(id(source)) for source in sources]

    cdef dict reached_from(self, list sources):
        """The tensors between the sources and whatever came of them."""
        cdef dict reach = {id(s): s for s in sources if id(s) in self.tracked}
        cdef Node node
        cdef int i
        for node in self.nodes:
            if node.tensors is None:
                raise RuntimeError(
                    "This tape recorded a training step that has ended; ask for gradients "
                    "within the step."
                )
            for i in range(node.c.n_in):
                if id(node.tensors[i]) in reach:
                    for output in node.tensors[node.c.n_in:]:
                        reach[id(output)] = output
                    break
        return reach


cdef list seeds_of(list targets, output_gradients):
    cdef Tensor target
    cdef Tensor seed
    cdef list seeds = []
    if output_gradients is None:
        output_gradients = [None] * len(targets)
    elif not isinstance(output_gradients, (list, tuple)):
        output_gradients = [output_gradients]
    if len(output_gradients) != len(targets):
        raise ValueError(
            f"There are {len(targets)} targets and {len(output_gradients)} output_gradients."
        )
    for target, given in zip(targets, output_gradients):
        if target.code > 1:
            raise ValueError(
                f"Only floating-point tensors have gradients. The target is {target.dtype}."
            )
        if given is None:
            seeds.append(None)
            continue
        seed = _cast(tensor_of(given), target.dtype)
        if seed.shape != target.shape:
            raise ValueError(
                f"output_gradients has shape {seed.shape}, and the target {target.shape}."
            )
        seeds.append(seed)
    return seeds


cdef Tensor filled(Tensor like, double value, Tensor place=None):
    cdef Tensor tensor = empty(like.shape, like.code) if place is None else place
    cdef Node node = new_node(KS_OP_fill, like.code, [], [tensor])
    node.c.attr[0] = value
    submit(node)
    return tensor


cdef int start_with(dict gradients, dict places, Tensor target, Tensor seed) except -1:
    """Puts the gradient of a target with respect to itself in place."""
    cdef Tensor place = gradients.get(id(target))
    cdef Node node
    if place is not None:
        # A target given twice.
        seed = filled(target, 1.0) if seed is None else seed
        gradients[id(target)] = _operators_add(place, seed)
        return 0
    place = places.get(id(target))
    if seed is None:
        gradients[id(target)] = filled(target, 1.0, place)
        return 0
    place = empty(target.shape, target.code) if place is None else place
    node = new_node(KS_OP_assign, target.code, [seed], [place])
    submit(node)
    gradients[id(target)] = place
    return 0


cdef Tensor _operators_add(Tensor a, Tensor b):
    cdef Tensor total = empty(a.shape, a.code)
    cdef Node node = new_node(KS_OP_add, a.code, [a, b], [total])
    node.c.n_dims = 1
    node.c.dims[0] = a.count
    node.c.strides[0][0] = 1
    node.c.strides[1][0] = 1
    submit(node)
    return total


cdef int back_through(Node node, dict reach, dict gradients, dict places) except -1:
    """Adds a node's share to the gradients of its inputs; the first that comes is written."""
    cdef int n_in = node.c.n_in
    cdef Tensor gradient = gradients.get(id(node.tensors[n_in]))
    cdef Tensor tensor
    cdef Node twin
    cdef Step step
    cdef int i
    cdef bint wanted = False
    if gradient is None:
        return 0
    if node.barrier is not None:
        raise NotImplementedError(node.barrier)
    twin = backward_twin(node)
    twin.c.outputs[0].grad = gradient.data
    twin.storages.append(gradient.storage)
    for i in range(n_in):
        tensor = <Tensor> node.tensors[i]
        if id(tensor) not in reach or tensor.code > 1:
            continue
        wanted = True
        gradient = gradients.get(id(tensor))
        twin.c.inputs[i].add = gradient is not None
        if gradient is None:
            gradient = places.get(id(tensor))
            if gradient is None:
                gradient = empty(tensor.shape, tensor.code)
            gradients[id(tensor)] = gradient
        twin.c.inputs[i].grad = gradient.data
        twin.storages.append(gradient.storage)
    if not wanted:
        return 0
    run_node(node.c.backward, &twin.c)
    step = current_step()
    if step is not None:
        step.append(node.c.backward, twin)
    return 0


# ---- the tapes of a thread ---------------------------------------------------

# Keeps the lists alive that ks_thread_tapes borrows, by thread.
_tape_lists = {}


cdef int push_tape(tape) except -1:
    global ks_thread_tapes
    import threading

    tapes = [tape] if ks_thread_tapes == NULL else [*(<list> ks_thread_tapes), tape]
    set_tapes(threading.get_ident(), tapes)
    return 0


cdef int remove_tape(tape) except -1:
    import threading

    if ks_thread_tapes == NULL:
        return 0
    tapes = [other for other in <list> ks_thread_tapes if other is not tape]
    set_tapes(threading.get_ident(), tapes or None)
    return 0


cdef int set_tapes(thread, tapes) except -1:
    global ks_thread_tapes
    ks_thread_tapes = NULL if tapes is None else <PyObject *> tapes
    if tapes is None:
        _tape_lists.pop(thread, None)
    else:
        _tape_lists[thread] = tapes
    return 0


cdef list pause_tapes():
    """Gradients are not themselves recorded by tapes."""
    import threading

    cdef list tapes = <list> ks_thread_tapes if ks_thread_tapes != NULL else None
    set_tapes(threading.get_ident(), None)
    return tapes


cdef int resume_tapes(list tapes) except -1:
    import threading

    set_tapes(threading.get_ident(), tapes)
    return 0


cdef int note_barrier(list inputs, list gradients) except -1:
    """Tells tapes that still record that these gradients depend on these inputs, so that a
    second-order gradient raises, and is not silently missing."""
    cdef Node node
    cdef list outputs = [gradient for gradient in gradients if gradient is not None]
    if ks_thread_tapes == NULL or not outputs:
        return 0
    for output in outputs:
        node = new_node(KS_OP_assign, 0, list(inputs), [output])
        node.c.backward = NULL
        node.barrier = (
            "Second-order gradients (the gradient of a gradient) are not implemented."
        )
        for other in <list> ks_thread_tapes:
            (<GradientTape> other).note(node)
    return 0


# ---- replay over batches -------------------------------------------------------

FEED_DTYPES = {np.dtype("uint8"): KS_UINT8}
for _code, _dtype in enumerate(NUMPY_DTYPES):
    FEED_DTYPES[_dtype] = _code


def can_feed(array):
    """Whether rows of `array` can be gathered in C: contiguous rows of a dtype that C knows."""
    if array.dtype not in FEED_DTYPES or array.ndim == 0:
        return False
    return array.size == 0 or array[0:1].flags.c_contiguous


cdef class Feed:
    """Where the inputs of a recording come from: arrays, whose rows are gathered into its inputs.

    Parameters
    ----------
    arrays : list of ndarray
        `can_feed` each; all of the same length.
    inputs : list of Tensor
        Of shape (batch, ...).
    """

    cdef ks_feed *feeds
    cdef readonly list arrays
    cdef readonly list inputs
    cdef int64_t batch
    cdef int64_t rows

    def __init__(self, list arrays, list inputs):
        cdef int64_t i
        cdef Tensor tensor
        self.arrays = arrays
        self.inputs = inputs
        self.feeds = <ks_feed *> calloc(len(arrays) + 1, sizeof(ks_feed))
        if self.feeds == NULL:
            raise MemoryError
        for i in range(len(arrays)):
            tensor = inputs[i]
            array = arrays[i]
            if not can_feed(array) or array.shape[1:] != tensor.shape[1:]:
                raise ValueError(f"cannot feed an array {array.shape} into {tensor.shape}")
            self.batch = tensor.shape[0]
            self.rows = array.shape[0]
            self.feeds[i].source = <const char *> <size_t> array.__array_interface__["data"][0]
            self.feeds[i].row_bytes = array.strides[0]
            self.feeds[i].row_count = tensor.count // max(self.batch, 1)
            self.feeds[i].from_dtype = FEED_DTYPES[array.dtype]
            self.feeds[i].to_dtype = tensor.code
            self.feeds[i].destination = tensor.data

    def __dealloc__(self):
        free(self.feeds)

    def load(self, int64_t start):
        """Rows start, start + 1, ... into the inputs, in their order."""
        cdef ks_feed feed
        cdef int64_t i
        if not 0 <= start <= self.rows - self.batch:
            raise IndexError("rows out of range")
        for i in range(len(self.arrays)):
            feed = self.feeds[i]
            feed.source += start * feed.row_bytes
            runtime.feed_rows(&feed, 1, NULL, self.batch)

    def gather(self, const int64_t[::1] index):
        """Rows index[0], index[1], ... into the inputs."""
        self.check_index(index)
        if index.shape[0] != self.batch:
            raise IndexError("as many indices as the batch has rows are needed")
        if self.batch:
            runtime.feed_rows(self.feeds, len(self.arrays), &index[0], self.batch)

    def check_index(self, const int64_t[::1] index):
        """Raises unless every index is a row: C does not look."""
        cdef int64_t i
        for i in range(index.shape[0]):
            if not 0 <= index[i] < self.rows:
                raise IndexError(f"row {index[i]} of {self.rows}")

    def run(
        self, Step step, index, int64_t first, int64_t n_batches, double seconds,
        Tensor output=None, result=None,
    ):
        """Replays `step` for batches `first` .. `n_batches` - 1, without the GIL.

        Parameters
        ----------
        index : ndarray of int64 or None
            Row numbers, `check_index`-ed; batch b takes batch-size many from b * batch-size on.
            None: the rows in their order.
        seconds : float
            Returns after the first batch that ends later than this.
        output, result : Tensor and ndarray, optional
            After batch b, `output` is copied to where batch b begins in `result` (C-contiguous,
            of its dtype).

        Returns
        -------
        int
            The batch to go on with.
        """
        cdef const int64_t[::1] rows
        cdef const int64_t *row = NULL
        cdef int64_t next_batch = first
        cdef int64_t deadline = runtime.nanoseconds() + <int64_t> (seconds * 1e9)
        cdef ks_program program = step.program()
        cdef ks_node *failed = NULL
        cdef ks_status status
        cdef int64_t n_feeds = len(self.arrays)
        cdef int64_t available = self.rows
        cdef ks_drain drain
        drain.source = NULL
        drain.destination = NULL
        drain.batch_bytes = 0
        if output is not None:
            drain.source = output.data
            drain.batch_bytes = output.count * itemsize(output.code)
            drain.destination = checked_result(result, n_batches * drain.batch_bytes)
        if index is not None:
            rows = index
            available = rows.shape[0]
            if available:
                row = &rows[0]
        if n_batches * self.batch > available:
            raise IndexError("there are fewer rows than the batches need")
        with nogil:
            status = runtime.run_batches(
                &program, self.feeds, n_feeds, &drain, row, self.batch, n_batches, deadline,
                &next_batch, &failed,
            )
        if status != KS_OK:
            raise_for(status, failed)
        return next_batch


cdef char *checked_result(result, int64_t nbytes) except? NULL:
    if not (result.flags.c_contiguous and result.flags.writeable and result.nbytes >= nbytes):
        raise ValueError("the result needs a C-contiguous, writable array that is large enough")
    return <char *> <size_t> result.__array_interface__["data"][0]


def placeholder(shape, dtype):
    """A tensor to be fed. While recording it lies in the arena, and survives the recording."""
    cdef Tensor tensor = empty(tuple(shape), dtype_code(dtype))
    return keep(tensor)


def keep(Tensor tensor):
    """A second tensor over the same memory, which stays there when the recording ends: what is
    fed into, and read from, a recording."""
    return alias(tensor.storage, tensor.data, tensor.shape, tensor.code)
