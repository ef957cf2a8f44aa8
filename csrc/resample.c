/* Sampling on another grid along one axis: a matrix times the middle of
 * (outer, in, inner). Rows of the matrix have few numbers that are not zero, and
 * these stand together, so that only a band of it is gone through.
 */
#include <string.h>

#include "ks_ops.h"
#include "ks_tiles.h"

#if KS_FLOATING

/* Up to so many numbers side by side are summed all at once. */
#define FEW_COLUMNS 12

#define INLINE static inline __attribute__((always_inline))

/* Where a row of the matrix (or of its transpose) has numbers. */
typedef struct {
  int64_t begin, end;
} band;

/* y (outer, n_to, inner) from x (outer, n_from, inner) by weights[to * to_step +
 * from * from_step]. */
typedef struct {
  const real *weights, *x;
  real *y;
  band *bands;
  int64_t n_from, n_to, inner, from_step, to_step;
  int add;
} resample_job;

static void find_bands(const resample_job *job) {
  for (int64_t to = 0; to < job->n_to; to++) {
    const real *weights = job->weights + to * job->to_step;
    int64_t begin = 0, end = job->n_from;
    while (begin < end && weights[begin * job->from_step] == 0) begin++;
    while (end > begin && weights[(end - 1) * job->from_step] == 0) end--;
    job->bands[to] = (band){begin, end};
  }
}

/* With the number of columns known the sums stay in registers. */
INLINE void sum_few(const resample_job *job, band b, const real *weights, const real *x, real *y,
                    int64_t inner) {
  real sums[FEW_COLUMNS];
  for (int64_t i = 0; i < inner; i++) sums[i] = job->add ? y[i] : 0;
  for (int64_t from = b.begin; from < b.end; from++) {
    const real weight = weights[from * job->from_step];
    for (int64_t i = 0; i < inner; i++) sums[i] += weight * x[from * inner + i];
  }
  for (int64_t i = 0; i < inner; i++) y[i] = sums[i];
}

static void sum_many(const resample_job *job, band b, const real *weights, const real *x, real *y) {
  const int64_t inner = job->inner;
  if (!job->add) memset(y, 0, (size_t)inner * sizeof(real));
  for (int64_t from = b.begin; from < b.end; from++) {
    const real weight = weights[from * job->from_step];
    const real *restrict values = x + from * inner;
    real *restrict sums = y;
    for (int64_t i = 0; i < inner; i++) sums[i] += weight * values[i];
  }
}

INLINE void resample_line(const resample_job *job, int64_t begin, int64_t end, int64_t inner) {
  int64_t to = begin % job->n_to;
  const real *x = job->x + begin / job->n_to * job->n_from * inner;
  for (int64_t i = begin; i < end; i++) {
    const real *weights = job->weights + to * job->to_step;
    real *y = job->y + i * inner;
    if (inner <= FEW_COLUMNS)
      sum_few(job, job->bands[to], weights, x, y, inner);
    else
      sum_many(job, job->bands[to], weights, x, y);
    if (++to == job->n_to) to = 0, x += job->n_from * inner;
  }
}

static void resample_range(void *arg, int64_t begin, int64_t end) {
  const resample_job *job = arg;
  if (job->inner == 1)
    resample_line(job, begin, end, 1);
  else if (job->inner == 3)
    resample_line(job, begin, end, 3);
  else
    resample_line(job, begin, end, job->inner);
}

static void run_resample(const ks_context *context, resample_job *job, int64_t outer) {
  if (outer == 0 || job->inner == 0) return;
  find_bands(job);
  const int64_t step = KS_TILE_ELEMENTS / 2 / job->inner + 1;
  ks_parallel_range(context, outer * job->n_to, step, resample_range, job);
}

ks_status KS_NAME(resample_forward)(ks_node *node, const ks_context *context) {
  const int64_t *size = node->size;
  resample_job job = {.weights = node->in[1].data,
                      .x = node->in[0].data,
                      .y = node->out[0].data,
                      .bands = node->scratch,
                      .n_from = size[1],
                      .n_to = size[2],
                      .inner = size[3],
                      .from_step = 1,
                      .to_step = size[1]};
  run_resample(context, &job, size[0]);
  return KS_OK;
}

ks_status KS_NAME(resample_backward)(ks_node *node, const ks_context *context) {
  const int64_t *size = node->size;
  if (!node->in[0].grad) return KS_OK;
  resample_job job = {.weights = node->in[1].data,
                      .x = node->out[0].grad,
                      .y = node->in[0].grad,
                      .bands = node->scratch,
                      .n_from = size[2],
                      .n_to = size[1],
                      .inner = size[3],
                      .from_step = size[1],
                      .to_step = 1,
                      .add = node->in[0].add};
  run_resample(context, &job, size[0]);
  return KS_OK;
}
#endif
