from libc.stdint cimport int64_t

from kerasette._core.csrc cimport ks_context, ks_drain, ks_feed, ks_node, ks_program, ks_status

# The one context of the process. The other modules link no C of their own:
# they reach every kernel through its tables, and the functions below.
cdef ks_context *context

cdef ks_status run_program(const ks_program *program, ks_node **failed) noexcept nogil
cdef ks_status run_batches(
    const ks_program *program, const ks_feed *feeds, int64_t n_feeds, const ks_drain *drains,
    int64_t n_drains, const int64_t *index, int64_t batch, int64_t n_batches, int64_t deadline,
    int64_t *next_batch, ks_node **failed,
) noexcept nogil
cdef void feed_rows(
    const ks_feed *feeds, int64_t n_feeds, const int64_t *index, int64_t batch
) noexcept nogil
cdef int64_t nanoseconds() noexcept nogil
