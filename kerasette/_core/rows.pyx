"""Gradients of tables, of which a step writes few rows.

A place for the gradient of a table, which an optimizer keeps from step to step, has a byte for
each row: whether the row may be other than zero. The backward functions of `take` and `bag` clear
the rows that the step before wrote, instead of the whole table, and optimizers pass over rows that
they do not change. The bytes belong to the place: all recordings that write there share them, and
whatever writes more than rows sets them all.
"""

from libc.stdint cimport int64_t
from libc.string cimport memset

from kerasette._core.csrc cimport KS_BOOL, KS_OP_bag, KS_OP_fill
from kerasette._core.memory cimport Arena, current_arena
from kerasette._core.node cimport Node, new_node, run_node
from kerasette._core.step cimport Step, current_step
from kerasette._core.tensor cimport Tensor, alias, empty_private

from kerasette._core.structure import bump_structure_version


cdef int note_rows(Tensor place, Node twin, bint is_first) except -1:
    cdef Tensor flags = place.row_flags
    if flags is None:
        if not is_first or is_short_lived(place):
            return 0
        flags = place.row_flags = new_flags(twin.c.size[0])
    if twin.c.op == KS_OP_bag:
        twin.c.inputs[1].grad = flags.data
    else:
        twin.c.scratch = flags.data
        twin.c.scratch_bytes = flags.count
    twin.storages.append(flags.storage)
    if place.is_written_whole:
        # Recordings that write all of it know nothing of the bytes yet.
        place.is_written_whole = False
        bump_structure_version()
    return 0


cdef bint is_short_lived(Tensor place) except -1:
    """Whether other recordings use this memory for something else."""
    cdef Arena arena = current_arena()
    return arena is not None and place.storage in arena.blocks


cdef Tensor new_flags(int64_t rows):
    cdef Tensor flags = empty_private((rows,), KS_BOOL)
    memset(flags.data, 1, <size_t> rows)
    return flags


cdef int note_whole(Tensor place) except -1:
    cdef Node node
    cdef Step step
    if place.row_flags is None:
        place.is_written_whole = True
        return 0
    node = new_node(KS_OP_fill, KS_BOOL, [], [place.row_flags])
    node.c.attr[0] = 1
    run_node(node.c.forward, &node.c)
    step = current_step()
    if step is not None:
        step.append(node.c.forward, node)
    return 0


def written_rows(Tensor place):
    """Which rows of a place for gradients may be other than zero; None: all of it may.

    Returns
    -------
    bool Tensor of shape (rows,), the memory itself, or None
    """
    cdef Tensor flags = place.row_flags
    return None if flags is None else alias(flags.storage, flags.data, flags.shape, flags.code)
