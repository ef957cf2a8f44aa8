/* Rows of a table by index: embeddings, and the rows of a batch. Where the
 * elements of a table stand. */
#include <string.h>

#include "ks_index.h"
#include "ks_ops.h"
#include "ks_rows.h"
#include "ks_tiles.h"

typedef struct {
  real *table; /* the table's gradient in backward */
  const ks_operand *indices;
  real *rows; /* (indices->count, wide) */
  int64_t wide;
  uint8_t *flags; /* of the rows of the table that are not zero */
} gather_job;

static void gather_range(void *arg, int64_t begin, int64_t end) {
  const gather_job *job = arg;
  size_t bytes = (size_t)job->wide * sizeof(real);
  for (int64_t i = begin; i < end; i++)
    memcpy(job->rows + i * job->wide, job->table + ks_index(job->indices, i) * job->wide, bytes);
}

ks_status KS_NAME(gather_forward)(ks_node *node, const ks_context *context) {
  gather_job job = {node->in[0].data, &node->in[1], node->out[0].data, node->size[1], NULL};
  ks_status status = ks_check_indices(node, job.indices, node->size[0]);
  if (status != KS_OK || job.wide == 0) return status;
  int64_t step = KS_TILE_ELEMENTS / job.wide + 1;
  ks_parallel_range(context, job.indices->count, step, gather_range, &job);
  return KS_OK;
}

/* Compiled for every dtype, as table entries are; indices are integers in each. */
ks_status KS_NAME(flat_index_forward)(ks_node *node, const ks_context *context) {
  const ks_operand *in = &node->in[0];
  const int64_t n_axes = node->size[0], *sizes = node->size + 1;
  int64_t *y = node->out[0].data;
  (void)context;
  for (int64_t i = 0, at = 0; i < node->out[0].count; i++) {
    int64_t number = 0;
    for (int64_t d = 0; d < n_axes; d++, at++) {
      const int64_t index = ks_index(in, at), size = sizes[d];
      if (index < -size || index >= size) {
        node->error_position = at;
        node->error_value = index;
        return KS_INDEX_OUT_OF_RANGE;
      }
      number = number * size + (index < 0 ? index + size : index);
    }
    y[i] = number;
  }
  return KS_OK;
}

#if KS_FLOATING
static void zero_range(void *arg, int64_t begin, int64_t end) {
  const gather_job *job = arg;
  memset(job->table + begin, 0, (size_t)(end - begin) * sizeof(real));
}

static void clear_range(void *arg, int64_t begin, int64_t end) {
  const gather_job *job = arg;
  const size_t bytes = (size_t)job->wide * sizeof(real);
  for (int64_t r = begin; (r = ks_next_row(job->flags, r, end)) < end; r++) {
    memset(job->table + r * job->wide, 0, bytes);
    job->flags[r] = 0;
  }
}

static void clear(const ks_context *context, gather_job *job, int64_t rows) {
  if (job->flags)
    ks_parallel_range(context, rows, KS_ROWS_A_TILE, clear_range, job);
  else
    ks_parallel_range(context, rows * job->wide, KS_TILE_ELEMENTS, zero_range, job);
}

/* Columns begin .. end of all rows. Threads share the columns and not the
 * indices, so that duplicates add up in the order of the indices. */
static void scatter_range(void *arg, int64_t begin, int64_t end) {
  const gather_job *job = arg;
  for (int64_t i = 0; i < job->indices->count; i++) {
    real *restrict to = job->table + ks_index(job->indices, i) * job->wide;
    const real *restrict from = job->rows + i * job->wide;
    for (int64_t c = begin; c < end; c++) to[c] += from[c];
  }
}

ks_status KS_NAME(gather_backward)(ks_node *node, const ks_context *context) {
  const ks_operand *in = &node->in[0];
  if (!in->grad) return KS_OK;
  gather_job job = {in->grad, &node->in[1], node->out[0].grad, node->size[1], node->scratch};
  if (!in->add) clear(context, &job, node->size[0]);
  for (int64_t i = 0; job.flags && i < job.indices->count; i++)
    job.flags[ks_index(job.indices, i)] = 1;
  /* At least four cache lines of a row a tile. */
  int64_t step = KS_TILE_ELEMENTS / (job.indices->count + 1) / 64 * 64 + 64;
  ks_parallel_range(context, job.wide, step, scatter_range, &job);
  return KS_OK;
}
#endif
