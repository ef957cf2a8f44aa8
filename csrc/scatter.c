/* Rows that are combined with the rows of a table by index: sums, products
 * and extremes of segments. */
#include <string.h>

#include "ks_index.h"
#include "ks_ops.h"
#include "ks_tiles.h"

#if KS_DTYPE_NUMBER == 5
#define PLUS(a, b) ((a) | (b)) /* a bool has `or` for + and `and` for * */
#define TIMES(a, b) ((a) & (b))
#elif KS_FLOATING
#define PLUS(a, b) ((a) + (b))
#define TIMES(a, b) ((a) * (b))
#else
#define PLUS(a, b) ((uint64_t)(a) + (uint64_t)(b)) /* wraps around */
#define TIMES(a, b) ((uint64_t)(a) * (uint64_t)(b))
#endif

typedef struct {
  real *table;
  const ks_operand *indices;
  real *rows; /* (indices->count, wide) */
  int64_t wide;
  int64_t how;
  int add; /* to what is there, in backward */
} scatter_job;

static void copy_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  memcpy((real *)node->out[0].data + begin, (const real *)node->in[0].data + begin,
         (size_t)(end - begin) * sizeof(real));
}

/* a: what the table holds, b: what comes. nan wins against either. */
#define COMBINE(value)                    \
  for (int64_t c = begin; c < end; c++) { \
    const real a = to[c], b = from[c];    \
    to[c] = (real)(value);                \
  }                                       \
  break;

/* Columns begin .. end of all rows. Threads share the columns and not the
 * indices, so that duplicates are combined in the order of the indices. */
static void combine_range(void *arg, int64_t begin, int64_t end) {
  const scatter_job *job = arg;
  for (int64_t i = 0; i < job->indices->count; i++) {
    real *restrict to = job->table + ks_index(job->indices, i) * job->wide;
    const real *restrict from = job->rows + i * job->wide;
    switch (job->how) {
      case KS_SCATTER_ADD:
        COMBINE(PLUS(a, b))
      case KS_SCATTER_MULTIPLY:
        COMBINE(TIMES(a, b))
      case KS_SCATTER_MAXIMUM:
        COMBINE(a >= b || a != a ? a : b)
      default:
        COMBINE(a <= b || a != a ? a : b)
    }
  }
}

ks_status KS_NAME(scatter_forward)(ks_node *node, const ks_context *context) {
  scatter_job job = {
      .table = node->out[0].data,
      .indices = &node->in[1],
      .rows = node->in[2].data,
      .wide = node->size[1],
      .how = node->size[2],
  };
  ks_status status = ks_check_indices(node, job.indices, node->size[0]);
  if (status != KS_OK) return status;
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, copy_range, node);
  /* At least four cache lines of a row a tile. */
  int64_t step = KS_TILE_ELEMENTS / (job.indices->count + 1) / 64 * 64 + 64;
  ks_parallel_range(context, job.wide, step, combine_range, &job);
  return KS_OK;
}

#if KS_FLOATING
static void pass_on(real *restrict to, const real *restrict from, int64_t n, int add) {
  if (!add) memcpy(to, from, (size_t)n * sizeof(real));
  for (int64_t i = 0; add && i < n; i++) to[i] += from[i];
}

static void table_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  const ks_operand *in = &node->in[0];
  const real *dy = node->out[0].grad;
  pass_on((real *)in->grad + begin, dy + begin, end - begin, in->add);
}

static void rows_range(void *arg, int64_t begin, int64_t end) {
  const scatter_job *job = arg;
  for (int64_t i = begin; i < end; i++)
    pass_on(job->rows + i * job->wide, job->table + ks_index(job->indices, i) * job->wide,
            job->wide, job->add);
}

ks_status KS_NAME(scatter_backward)(ks_node *node, const ks_context *context) {
  const ks_operand *rows = &node->in[2];
  if (node->in[0].grad)
    ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, table_range, node);
  if (!rows->grad || node->size[1] == 0) return KS_OK;
  scatter_job job = {
      .table = node->out[0].grad,
      .indices = &node->in[1],
      .rows = rows->grad,
      .wide = node->size[1],
      .add = rows->add,
  };
  ks_parallel_range(context, job.indices->count, KS_TILE_ELEMENTS / job.wide + 1, rows_range, &job);
  return KS_OK;
}
#endif
