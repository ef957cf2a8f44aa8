"""Aligned memory, and the arenas that recordings take theirs from."""

from cpython.ref cimport PyObject
from libc.stdint cimport int64_t
from libc.stdlib cimport free

from kerasette._core.csrc cimport KS_ALIGNMENT


cdef extern from *:
    """
    #include <stdlib.h>
    #ifdef __linux__
    #include <sys/mman.h>
    #endif
    #define KS_HUGE_PAGE ((size_t)1 << 21)
    /* Large tensors on huge pages, as far as whole ones are theirs: fewer misses of
     * the TLB, and the prefetcher does not stop every 4 KB. A depthwise convolution of
     * 8 MB goes back 1.5 times as fast, a 1x1 one 1.2 times. */
    static void *ks_aligned(size_t nbytes) {
      void *data = NULL;
      int is_large = nbytes >= 2 * KS_HUGE_PAGE;
      if (posix_memalign(&data, is_large ? KS_HUGE_PAGE : 64, nbytes) != 0) return NULL;
    #if defined(__linux__) && defined(MADV_HUGEPAGE)
      if (is_large) madvise(data, nbytes - nbytes % KS_HUGE_PAGE, MADV_HUGEPAGE);
    #endif
      return data;
    }
    /* The arena of the recording that this thread makes; borrowed. */
    static _Thread_local PyObject *ks_thread_arena;
    """
    void *ks_aligned(size_t nbytes) nogil
    PyObject *ks_thread_arena


cdef int64_t _allocations = 0


def allocation_count():
    """How many times tensor memory was allocated so far (arenas count their blocks)."""
    return _allocations


cdef class Storage:
    def __dealloc__(self):
        if self.is_mine:
            free(self.data)


cdef Storage new_storage(size_t nbytes):
    global _allocations
    cdef Storage storage = Storage.__new__(Storage)
    storage.data = <char *> ks_aligned(nbytes if nbytes else 1)
    if storage.data == NULL:
        raise MemoryError(f"cannot allocate {nbytes} bytes for a tensor")
    storage.is_mine = True
    storage.nbytes = nbytes
    _allocations += 1
    return storage


cdef size_t ARENA_BLOCK = 1 << 20


cdef class Arena:
    """Memory that the recordings of one workspace share.

    A recording takes its buffers one after the other from the start. Since only one recording
    of a workspace runs at a time, the next one starts from the start again.

    Parameters
    ----------
    nbytes : int
        Of the first block; as large as what needs it by default. What is not used yet costs
        addresses, no memory.
    """

    def __cinit__(self, size_t nbytes=0):
        self.blocks = [new_storage(nbytes)] if nbytes else []
        self.live = []
        self.restart()

    def restart(self):
        self.block = 0
        self.offset = 0
        self.used = 0
        self.constant_bytes = 0
        self.obstacle = None

    @property
    def nbytes(self):
        return sum((<Storage> block).nbytes for block in self.blocks)

    cdef char *take(self, size_t nbytes) except NULL:
        cdef Storage block
        cdef size_t start
        # Whole cache lines: two tensors never share one.
        nbytes = (nbytes + KS_ALIGNMENT - 1) // KS_ALIGNMENT * KS_ALIGNMENT
        while True:
            if self.block == len(self.blocks):
                self.blocks.append(new_storage(max(nbytes, ARENA_BLOCK)))
            block = <Storage> self.blocks[self.block]
            if self.offset + nbytes <= block.nbytes:
                break
            self.block += 1
            self.offset = 0
        start = self.offset
        self.offset += nbytes
        self.used += nbytes
        self.taken = block
        return block.data + start


cdef Arena current_arena():
    return <Arena> ks_thread_arena if ks_thread_arena != NULL else None


cdef Arena swap_arena(Arena arena):
    """Makes `arena` (which the caller keeps alive) this thread's; returns the one before."""
    global ks_thread_arena
    cdef Arena before = current_arena()
    ks_thread_arena = NULL if arena is None else <PyObject *> arena
    return before


def is_recording():
    """Whether this thread records a step, in whose replays values may be others."""
    return ks_thread_arena != NULL


cpdef int note_obstacle(str reason) except -1:
    """What is being recorded, if anything is, cannot be replayed."""
    if ks_thread_arena != NULL:
        (<Arena> ks_thread_arena).obstacle = reason
    return 0


cdef int note_read() except -1:
    """A value that Python has read may have decided what was recorded next."""
    return note_obstacle("a tensor's value was read in Python")
