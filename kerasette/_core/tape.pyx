"""Gradients: a tape of the nodes that came of what it watches, walked backwards.

An op makes a node and submits it: the node runs, the tapes of this thread that watch one of its
inputs keep it, and so does the step that is being made. The walk is a loop over a list: a long
unrolled network meets no recursion limit.
"""

import threading

from cpython.ref cimport PyObject

from kerasette._core.csrc cimport (
    KS_OP_add,
    KS_OP_assign,
    KS_OP_bag,
    KS_OP_cast,
    KS_OP_fill,
    KS_OP_gather,
    ks_bag_scratch,
)
from kerasette._core.node cimport Node, add_scratch, backward_twin, new_node, run_node
from kerasette._core.rows cimport note_rows, note_whole
from kerasette._core.step cimport Step, current_step
from kerasette._core.tensor cimport Tensor, empty, tensor_of
from kerasette._core.variable cimport Variable

from kerasette._core.tensor import tell_what_is_watched


cdef extern from *:
    """
    /* The list of tapes that this thread is in; owned by _tape_lists. */
    static _Thread_local PyObject *ks_thread_tapes;
    """
    PyObject *ks_thread_tapes


cdef int submit(Node node) except -1:
    cdef Step step = current_step()
    run_node(node.c.forward, &node.c)
    if ks_thread_tapes != NULL:
        for tape in <list> ks_thread_tapes:
            (<GradientTape> tape).note(node)
    if step is not None:
        step.append(node.c.forward, node)
    return 0


cdef bint is_taped() noexcept:
    return ks_thread_tapes != NULL


def is_watched(Tensor tensor):
    """Whether a tape of this thread records what becomes of a tensor."""
    cdef GradientTape tape
    if ks_thread_tapes != NULL:
        for tape in <list> ks_thread_tapes:
            if id(tensor) in tape.tracked or tape.watches(tensor):
                return True
    return False


tell_what_is_watched(is_watched)


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
    cdef list read
    cdef bint persistent
    cdef bint watches_variables
    cdef bint is_used
    cdef bint is_active
    cdef object turn

    def __init__(self, persistent=False, watch_accessed_variables=True):
        self.persistent = bool(persistent)
        self.watches_variables = bool(watch_accessed_variables)
        # Held by the thread that looks at the nodes, or forgets them.
        self.turn = threading.RLock()
        self.reset()

    def reset(self):
        """Forgets everything recorded so far."""
        with self.turn:
            self.nodes = []
            self.tracked = {}
            # Of each node, the variables that it read, and their versions then; None for none.
            self.read = []
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

    cdef bint watches(self, Tensor tensor):
        """Whether it is watched without being asked for."""
        if not self.watches_variables or not isinstance(tensor, Variable):
            return False
        return (<Variable> tensor).is_trainable and tensor.code <= 1

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
            elif self.watches(tensor):
                self.tracked[id(tensor)] = tensor
                wanted = True
        if wanted:
            self.nodes.append(node)
            self.read.append(variables_of(node))
            # Of most ops, outputs after the first are statistics, constants to a tape.
            for tensor in tracked_outputs(node):
                self.tracked[id(tensor)] = tensor
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
            Where the gradients are written, one for each source, of its shape and dtype.

        Returns
        -------
        Tensor or None, or a structure of them like `sources`

        Raises
        ------
        ValueError
            If `destinations` are not as the sources are.
        RuntimeError
            If a tape that is not persistent is asked twice, or a variable has been changed since.
        NotImplementedError
            For second-order gradients.
        """
        if unconnected_gradients not in ("none", "zero"):
            raise ValueError(
                "unconnected_gradients must be 'none' or 'zero'. "
                f"Received: {unconnected_gradients!r}"
            )
        if isinstance(sources, dict):
            found = self.gradient(
                target, list(sources.values()), output_gradients, unconnected_gradients,
                destinations,
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
        places = None if destinations is None else list(destinations)
        check_places(places, source_list)
        # Another thread could forget the nodes, or have them use their scratch, at the same time.
        with self.turn:
            found = self.gradients_of(targets, source_list, output_gradients, places)
        if unconnected_gradients == "zero":
            found = [
                filled(source, 0.0) if gradient is None else gradient
                for gradient, source in zip(found, source_list)
            ]
        note_barrier(source_list + targets, found)
        return found[0] if single else type(sources)(found) if type(sources) is tuple else found

    cdef list gradients_of(self, list targets, list sources, output_gradients, list places):
        """A gradient for each source, or None; a tape that is not persistent is used up by it."""
        if self.is_used and not self.persistent:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of gradients."
            )
        outer = pause_tapes()
        try:
            gradients = self.walk(targets, sources, seeds_of(targets, output_gradients), places)
        finally:
            resume_tapes(outer)
        found = [gradients.get(id(source)) for source in sources]
        if _listening.listener is not None:
            _listening.listener(gradients, sources)
        self.is_used = True
        if not self.persistent:
            self.nodes = []
            self.read = []
            self.tracked = {}
        return found

    cdef dict walk(self, list targets, list sources, list seeds, list destinations):
        """Gradients by the ids of tensors: of the sources, and of what lies between."""
        cdef dict reach = self.reached_from(sources, targets)
        cdef dict gradients = {}
        cdef dict places = {}
        cdef Py_ssize_t i
        cdef Tensor target
        cdef Node node
        if destinations is not None:
            places = {id(source): place for source, place in zip(sources, destinations)}
        for target, seed in zip(targets, seeds):
            if id(target) in reach:
                start_with(gradients, places, target, seed)
        for i in range(len(self.nodes) - 1, -1, -1):
            node = <Node> self.nodes[i]
            if self.read[i] is not None and leads_on(node, gradients):
                check_versions(self.read[i])
            back_through(node, reach, gradients, places)
        return gradients

    cdef dict reached_from(self, list sources, list targets):
        """The tensors between the sources and whatever came of them."""
        cdef dict reach = {id(s): s for s in sources if id(s) in self.tracked}
        for source in sources:
            # A variable that no op has read is still its own target.
            if isinstance(source, Variable) and (<Variable> source).is_trainable:
                if any(source is target for target in targets):
                    reach[id(source)] = source
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
                    for output in tracked_outputs(node):
                        reach[id(output)] = output
                    break
        return reach


class _Listening(threading.local):
    """Whom tapes of this thread tell of all gradients that they compute, also on the way."""

    listener = None


_listening = _Listening()


def tell_gradients_to(listener):
    """Has tapes of this thread call ``listener(gradients, sources)``; None ends it.

    Parameters
    ----------
    listener : callable or None
        Gets a dict of the gradients by the ids of tensors, and the list of sources.

    Returns
    -------
    callable or None
        Who was told before.
    """
    before = _listening.listener
    _listening.listener = listener
    return before


cdef int check_places(list places, list sources) except -1:
    """Raises unless gradients of the sources can be written there."""
    if places is None:
        return 0
    if len(places) != len(sources):
        raise ValueError(
            f"There are {len(sources)} sources and {len(places)} destinations of gradients."
        )
    if len(set(map(id, places))) < len(set(map(id, sources))):
        raise ValueError("Gradients of different sources need different destinations.")
    cdef Tensor source
    for place, source in zip(places, sources):
        if not isinstance(place, Tensor):
            raise ValueError(f"A destination of a gradient is a tensor. Received: {type(place)}")
        if place.shape != source.shape or (<Tensor> place).code != source.code:
            raise ValueError(
                f"The gradient of a {source.dtype} tensor of shape {source.shape} cannot be "
                f"written to a {place.dtype} tensor of shape {place.shape}."
            )
    return 0


cdef list tracked_outputs(Node node):
    """The outputs that have a gradient."""
    return node.tensors[node.c.n_in:node.c.n_in + node.n_tracked]


cdef bint leads_on(Node node, dict gradients) except -1:
    """Whether there is a gradient of any of its outputs."""
    cdef int i
    for i in range(node.n_tracked):
        if id(node.tensors[node.c.n_in + i]) in gradients:
            return True
    return False


cdef list variables_of(Node node):
    """What the gradient of a node reads and must not have changed until then."""
    cdef Variable variable
    cdef list found = None
    cdef int i
    for i in range(node.c.n_in):
        if isinstance(node.tensors[i], Variable):
            variable = <Variable> node.tensors[i]
            found = [] if found is None else found
            found.append((variable, variable.version))
    return found


cdef int check_versions(list read) except -1:
    cdef Variable variable
    for variable, version in read:
        if variable.version != version:
            raise RuntimeError(
                f"Variable {variable.path} was assigned after the tape had used it; its "
                "gradient cannot be computed any more."
            )
    return 0


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
        seed = as_dtype_of(tensor_of(given), target)
        if seed.shape != target.shape:
            raise ValueError(
                f"output_gradients has shape {seed.shape}, and the target {target.shape}."
            )
        seeds.append(seed)
    return seeds


cdef Tensor as_dtype_of(Tensor tensor, Tensor like):
    cdef Tensor converted
    if tensor.code == like.code:
        return tensor
    converted = empty(tensor.shape, like.code)
    submit(new_node(KS_OP_cast, like.code, [tensor], [converted]))
    return converted


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
        gradients[id(target)] = added(place, seed)
        return 0
    place = places.get(id(target))
    if place is not None:
        note_whole(place)
    if seed is None:
        gradients[id(target)] = filled(target, 1.0, place)
        return 0
    place = empty(target.shape, target.code) if place is None else place
    node = new_node(KS_OP_assign, target.code, [seed], [place])
    submit(node)
    gradients[id(target)] = place
    return 0


cdef Tensor added(Tensor a, Tensor b):
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
    cdef Tensor gradient
    cdef Tensor tensor
    cdef Node twin
    cdef Step step
    cdef int i
    cdef bint wanted = False
    cdef bint is_first
    if not leads_on(node, gradients):
        return 0
    if node.barrier is not None:
        raise NotImplementedError(node.barrier)
    twin = backward_twin(node)
    for i in range(node.n_tracked):
        gradient = gradients.get(id(node.tensors[n_in + i]))
        if gradient is not None:
            twin.c.outputs[i].grad = gradient.data
            twin.storages.append(gradient.storage)
    for i in range(n_in):
        tensor = <Tensor> node.tensors[i]
        if id(tensor) not in reach or tensor.code > 1:
            continue
        wanted = True
        gradient = gradients.get(id(tensor))
        is_first = gradient is None
        twin.c.inputs[i].add = not is_first
        if is_first:
            gradient = places.get(id(tensor))
            if gradient is None:
                gradient = empty(tensor.shape, tensor.code)
            gradients[id(tensor)] = gradient
        if id(tensor) not in places:
            pass
        elif node.c.op == KS_OP_gather or node.c.op == KS_OP_bag:
            note_rows(gradient, twin, is_first)
        else:
            note_whole(gradient)
        twin.c.inputs[i].grad = gradient.data
        twin.storages.append(gradient.storage)
    if not wanted:
        return 0
    if node.c.op == KS_OP_bag:
        # Nobody needs it forward, where it would be as long as the table.
        add_scratch(twin, ks_bag_scratch(&twin.c))
    step = current_step()
    if node.is_spent:
        # A persistent tape: what backward needs is made once more.
        run_node(node.c.forward, &node.c)
        if step is not None:
            step.append(node.c.forward, node)
    node.is_spent = node.spends
    run_node(node.c.backward, &twin.c)
    if step is not None:
        step.append(node.c.backward, twin)
    return 0


# ---- the tapes of a thread ---------------------------------------------------

# Keeps the lists alive that ks_thread_tapes borrows, by thread.
_tape_lists = {}


cdef int push_tape(tape) except -1:
    global ks_thread_tapes
    tapes = [tape] if ks_thread_tapes == NULL else [*(<list> ks_thread_tapes), tape]
    set_tapes(threading.get_ident(), tapes)
    return 0


cdef int remove_tape(tape) except -1:
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
    cdef list tapes = <list> ks_thread_tapes if ks_thread_tapes != NULL else None
    set_tapes(threading.get_ident(), None)
    return tapes


cdef int resume_tapes(list tapes) except -1:
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
