/* What an optimizer does around its step: clipping of gradients in place,
 * their accumulation, averages of the parameters, and the question whether it
 * is the turn of something that happens every so many steps. */
#include "ks_math.h"
#include "ks_ops.h"
#include "ks_sum.h"

#if KS_FLOATING

typedef struct {
  real *x;
  const real *other;
  real factor, divisor;
} upkeep_job;

static ks_status run(ks_node *node, const ks_context *context, ks_range_function range,
                     upkeep_job *job) {
  job->x = node->in[0].data;
  ks_parallel_range(context, node->in[0].count, KS_TILE_ELEMENTS, range, job);
  return KS_OK;
}

/* ---- clipping ------------------------------------------------------------- */

static void clip_value_range(void *arg, int64_t begin, int64_t end) {
  const upkeep_job *job = arg;
  real *x = job->x;
  const real most = job->factor;
  for (int64_t i = begin; i < end; i++) {
    const real value = x[i] > most ? most : x[i]; /* nan stays */
    x[i] = value < -most ? -most : value;
  }
}

ks_status KS_NAME(clip_value_forward)(ks_node *node, const ks_context *context) {
  upkeep_job job = {.factor = (real)node->attr[0]};
  return run(node, context, clip_value_range, &job);
}

/* Rounded to the dtype of the gradients, whose squares may be too large for it
 * as they are in Keras. */
ks_status KS_NAME(square_sum_forward)(ks_node *node, const ks_context *context) {
  ks_loops loops = {.n = 1, .dims = {node->in[0].count}, .strides = {{1, 0, 0}}};
  real sum = 0;
  ks_row row = {.a = node->in[0].data, .out = &sum};
  ks_sum(context, &loops, 2, ks_square_row, row, 0, 1);
  *(double *)node->out[0].data = (double)sum;
  return KS_OK;
}

static void clip_norm_range(void *arg, int64_t begin, int64_t end) {
  const upkeep_job *job = arg;
  real *x = job->x;
  const real factor = job->factor, divisor = job->divisor;
  for (int64_t i = begin; i < end; i++) x[i] = x[i] * factor / divisor;
}

static void scale_range(void *arg, int64_t begin, int64_t end) {
  const upkeep_job *job = arg;
  real *x = job->x;
  const real factor = job->factor;
  for (int64_t i = begin; i < end; i++) x[i] *= factor;
}

/* A norm that is not larger leaves the gradient alone, bit for bit. The rest
 * is Keras's: an infinite norm makes nan of what is infinite itself when each
 * gradient has its norm, and of everything when the norm is that of all. */
ks_status KS_NAME(clip_norm_forward)(ks_node *node, const ks_context *context) {
  const double *squares = node->in[1].data;
  const real most = (real)node->attr[0];
  double sum = 0;
  for (int64_t i = 0; i < node->in[1].count; i++) sum += squares[i];
  const real norm = ks_sqrt((real)sum);
  if (norm <= most) return KS_OK;
  upkeep_job job = {.factor = most, .divisor = norm};
  if (!node->size[0]) return run(node, context, clip_norm_range, &job);
  job.factor = most * (1 / norm) + (norm - norm);
  return run(node, context, scale_range, &job);
}

/* ---- accumulation --------------------------------------------------------- */

static void accumulate_range(void *arg, int64_t begin, int64_t end) {
  const upkeep_job *job = arg;
  real *restrict x = job->x;
  const real *restrict other = job->other;
  const real divisor = job->divisor;
  for (int64_t i = begin; i < end; i++) x[i] = (x[i] + other[i]) / divisor;
}

ks_status KS_NAME(accumulate_forward)(ks_node *node, const ks_context *context) {
  const int is_due = *(const uint8_t *)node->in[2].data;
  upkeep_job job = {.other = node->in[1].data, .divisor = is_due ? (real)node->size[0] : 1};
  return run(node, context, accumulate_range, &job);
}

/* ---- averages ------------------------------------------------------------- */

static void average_range(void *arg, int64_t begin, int64_t end) {
  const upkeep_job *job = arg;
  real *restrict x = job->x;
  const real *restrict other = job->other;
  const real momentum = job->factor, rest = 1 - momentum;
  for (int64_t i = begin; i < end; i++) x[i] = momentum * x[i] + rest * other[i];
}

ks_status KS_NAME(average_forward)(ks_node *node, const ks_context *context) {
  const int64_t a_step = node->size[0] > 1 ? node->size[0] : 1;
  const int is_first = *(const int64_t *)node->in[2].data / a_step == 0;
  upkeep_job job = {.other = node->in[1].data, .factor = is_first ? 0 : (real)node->attr[0]};
  return run(node, context, average_range, &job);
}

/* ---- turns ---------------------------------------------------------------- */

ks_status KS_NAME(is_turn_forward)(ks_node *node, const ks_context *context) {
  (void)context;
  const int64_t step = *(const int64_t *)node->in[0].data / node->size[1];
  *(uint8_t *)node->out[0].data = (step + 1) % node->size[0] == 0;
  return KS_OK;
}
#endif
