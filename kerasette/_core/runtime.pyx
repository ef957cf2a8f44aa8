"""The context of the process: threads, BLAS, instruction set.

It is made when the package is imported, from the environment:

- ``KERASETTE_NUM_THREADS``, then ``OMP_NUM_THREADS`` (joblib sets it in its workers) where that
  is a positive integer, then the cores that affinity and the cgroup's quota leave;
- ``KERASETTE_ISA``, the instruction set, by default the best one that the machine has.
"""

import os

from libc.stdint cimport int64_t
from libc.stdlib cimport calloc

from kerasette._core.csrc cimport (
    KS_ISA_MISSING,
    KS_ISA_UNKNOWN,
    ks_context,
    ks_dispatch,
    ks_dispatch_status,
    ks_drain,
    ks_feed,
    ks_feed_rows,
    ks_isa_level,
    ks_nanoseconds,
    ks_node,
    ks_pool_new,
    ks_pool_resize,
    ks_pool_size,
    ks_pool_work_alone,
    ks_program,
    ks_program_run,
    ks_run_batches,
    ks_status,
    ks_usable_cores,
)


cdef extern from "openblas.h" nogil:
    void *KS_SGEMM
    void *KS_DGEMM
    void *KS_SGEMV
    void *KS_DGEMV
    void ks_openblas_one_thread()
    char *ks_openblas_config()
    char *ks_openblas_core()


cdef ks_status run_program(const ks_program *program, ks_node **failed) noexcept nogil:
    return ks_program_run(program, context, failed)


cdef ks_status run_batches(
    const ks_program *program, const ks_feed *feeds, int64_t n_feeds, const ks_drain *drains,
    int64_t n_drains, const int64_t *index, int64_t batch, int64_t n_batches, int64_t deadline,
    int64_t *next_batch, ks_node **failed,
) noexcept nogil:
    return ks_run_batches(
        program, context, feeds, n_feeds, drains, n_drains, index, batch, n_batches, deadline,
        next_batch, failed,
    )


cdef void feed_rows(
    const ks_feed *feeds, int64_t n_feeds, const int64_t *index, int64_t batch
) noexcept nogil:
    ks_feed_rows(context, feeds, n_feeds, index, batch)


cdef int64_t nanoseconds() noexcept nogil:
    return ks_nanoseconds()


def isa_levels():
    """Names of the compiled instruction sets, best first, with whether they run here.

    >>> dict(isa_levels())[isa()]
    True
    """
    cdef int runs_here = 0
    cdef int index = 0
    cdef const char *name
    levels = []
    while True:
        name = ks_isa_level(index, &runs_here)
        if name == NULL:
            return levels
        levels.append((name.decode(), bool(runs_here)))
        index += 1


def isa():
    """Name of the instruction set in use."""
    return context.isa.decode()


def set_isa(name):
    """Uses another instruction set from the next recorded node on (for the tests).

    Raises
    ------
    ValueError
        If `name` is not compiled, or the machine does not have it.
    """
    cdef ks_dispatch_status status
    encoded = None if name is None else name.encode()
    if encoded is None:
        status = ks_dispatch(context, NULL)
    else:
        status = ks_dispatch(context, encoded)
    known = ", ".join(level for level, _ in isa_levels())
    if status == KS_ISA_UNKNOWN:
        raise ValueError(f"Unknown instruction set {name!r} (KERASETTE_ISA); known are {known}.")
    if status == KS_ISA_MISSING:
        raise ValueError(f"This machine cannot run instruction set {name or known}.")


def get_num_threads():
    """Number of threads that a run may use."""
    return ks_pool_size(context.pool)


def set_num_threads(num_threads):
    """Sets the number of threads that a run may use; waits for a run to end.

    Parameters
    ----------
    num_threads : int
        At least 1.

    Raises
    ------
    ValueError
        If it is not a positive integer.
    """
    cdef int n
    if isinstance(num_threads, bool) or not hasattr(num_threads, "__index__"):
        raise ValueError(f"num_threads must be a positive integer. Received: {num_threads!r}")
    if not 1 <= num_threads <= 1024:
        raise ValueError(f"num_threads must be between 1 and 1024. Received: {num_threads}")
    n = num_threads
    with nogil:
        ks_pool_resize(context.pool, n)


def work_alone(bint alone):
    """Sets whether runs of the calling thread use that thread alone; returns what held before."""
    return bool(ks_pool_work_alone(alone))


def blas_description():
    """Name, version and kernels of the BLAS in use."""
    return f"{ks_openblas_config().decode().strip()}, kernels {ks_openblas_core().decode()}"


def _threads_from_environment():
    own = os.environ.get("KERASETTE_NUM_THREADS", "").strip()
    # It may be a list, one number a level of nesting, and is written for other programs, too.
    shared = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    if own and not _is_positive(own):
        raise ValueError(f"KERASETTE_NUM_THREADS must be a positive integer. Received: {own!r}")
    for number in (own, shared):
        if _is_positive(number):
            return min(int(number), 1024)
    return ks_usable_cores()


def _is_positive(text):
    return text.isdecimal() and int(text) >= 1


cdef int _start() except -1:
    global context
    context = <ks_context *> calloc(1, sizeof(ks_context))
    if context == NULL:
        raise MemoryError
    context.blas.sgemm = KS_SGEMM
    context.blas.dgemm = KS_DGEMM
    context.blas.sgemv = KS_SGEMV
    context.blas.dgemv = KS_DGEMV
    ks_openblas_one_thread()
    context.pool = ks_pool_new(_threads_from_environment())
    if context.pool == NULL:
        raise MemoryError
    set_isa(os.environ.get("KERASETTE_ISA") or None)
    return 0


_start()
