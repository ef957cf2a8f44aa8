/* Softmax, cross-entropy, and the choice of one class.
 *
 * With p the softmax of a row x: log p = (x - most) - log_sum, in this order,
 * because x - most is exact where it matters, next to the maximum.
 */
#include <string.h>

#include "ks_index.h"
#include "ks_ops.h"
#include "ks_softmax.h"
#include "ks_tiles.h"

#if KS_FLOATING

typedef struct {
  const real *x, *targets, *dy;
  const ks_operand *labels;
  real *y;
  real *p; /* the softmax */
  real *dx;
  int add;
  int64_t classes;
} loss_job;

/* Rows of a tile: about KS_TILE_ELEMENTS / 8 exponentials, in whole groups of
 * KS_ROWS while rows are that short. */
static void run_rows(const ks_context *context, ks_node *node, ks_range_function function,
                     loss_job *job) {
  int64_t step = KS_TILE_ELEMENTS / 8 / (node->size[1] + 1) + 1;
  if (step > KS_ROWS) step -= step % KS_ROWS;
  job->classes = node->size[1];
  if (job->classes > 0) ks_parallel_range(context, node->size[0], step, function, job);
}

static inline int64_t group_of(int64_t r, int64_t end) {
  return end - r < KS_ROWS ? end - r : KS_ROWS;
}

static void softmax_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  ks_row_logs logs;
  for (int64_t r = begin; r < end; r += KS_ROWS) {
    int64_t at = r * job->classes;
    ks_soften(job->y + at, job->x + at, group_of(r, end), job->classes, &logs);
  }
}

static void log_softmax_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  int64_t n = job->classes;
  ks_row_logs logs;
  for (int64_t r0 = begin; r0 < end; r0 += KS_ROWS) {
    int64_t rows = group_of(r0, end);
    ks_soften(job->y + r0 * n, job->x + r0 * n, rows, n, &logs);
    for (int64_t r = 0; r < rows; r++) {
      const real *restrict x = job->x + (r0 + r) * n;
      real *restrict y = job->y + (r0 + r) * n, most = logs.most[r], log_sum = logs.log_sum[r];
      for (int64_t c = 0; c < n; c++) y[c] = (x[c] - most) - log_sum;
    }
  }
}

/* dx = y (dy - sum(dy y)). */
static void softmax_gradient_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  for (int64_t r = begin; r < end; r++) {
    const real *restrict y = job->p + r * job->classes, *restrict dy = job->dy + r * job->classes;
    real *restrict dx = job->dx + r * job->classes;
    real dot = (real)ks_row_sum(dy, y, job->classes);
    for (int64_t c = 0; c < job->classes; c++)
      dx[c] = (job->add ? dx[c] : 0) + y[c] * (dy[c] - dot);
  }
}

/* dx = dy - exp(y) sum(dy). */
static void log_softmax_gradient_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  for (int64_t r = begin; r < end; r++) {
    const real *restrict y = job->p + r * job->classes, *restrict dy = job->dy + r * job->classes;
    real *restrict dx = job->dx + r * job->classes;
    real sum = (real)ks_row_sum(dy, NULL, job->classes);
    for (int64_t c = 0; c < job->classes; c++)
      dx[c] = (job->add ? dx[c] : 0) + (dy[c] - ks_exp(y[c]) * sum);
  }
}

static ks_status run_softmax(ks_node *node, const ks_context *context, ks_range_function range) {
  loss_job job = {.x = node->in[0].data, .y = node->out[0].data};
  run_rows(context, node, range, &job);
  return KS_OK;
}

static ks_status run_softmax_gradient(ks_node *node, const ks_context *context,
                                      ks_range_function range) {
  loss_job job = {.p = node->out[0].data, .dy = node->out[0].grad, .dx = node->in[0].grad};
  job.add = node->in[0].add;
  if (job.dx) run_rows(context, node, range, &job);
  return KS_OK;
}

ks_status KS_NAME(softmax_forward)(ks_node *node, const ks_context *context) {
  return run_softmax(node, context, softmax_range);
}

ks_status KS_NAME(softmax_backward)(ks_node *node, const ks_context *context) {
  return run_softmax_gradient(node, context, softmax_gradient_range);
}

ks_status KS_NAME(log_softmax_forward)(ks_node *node, const ks_context *context) {
  return run_softmax(node, context, log_softmax_range);
}

ks_status KS_NAME(log_softmax_backward)(ks_node *node, const ks_context *context) {
  return run_softmax_gradient(node, context, log_softmax_gradient_range);
}

/* y = -sum_c t log p, and the softmax p for the backward pass. */
static void crossentropy_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  int64_t n = job->classes;
  ks_row_logs logs;
  for (int64_t r0 = begin; r0 < end; r0 += KS_ROWS) {
    int64_t rows = group_of(r0, end);
    ks_soften(job->p + r0 * n, job->x + r0 * n, rows, n, &logs);
    for (int64_t r = 0; r < rows; r++) {
      const real *x = job->x + (r0 + r) * n, *t = job->targets + (r0 + r) * n;
      double sum = 0;
      for (int64_t c0 = 0; c0 < n; c0 += KS_CHUNK) {
        int64_t width = n - c0 < KS_CHUNK ? n - c0 : KS_CHUNK;
        real term[KS_CHUNK];
        for (int64_t c = 0; c < width; c++)
          term[c] = t[c0 + c] * (logs.log_sum[r] - (x[c0 + c] - logs.most[r]));
        sum += ks_chunk_sum(term, width);
      }
      job->y[r0 + r] = (real)sum;
    }
  }
}

/* dx = dy (p sum(t) - t): only for targets that sum to one is it p - t. */
static void crossentropy_gradient_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  for (int64_t r = begin; r < end; r++) {
    const real *restrict p = job->p + r * job->classes, *restrict t =
                                                            job->targets + r * job->classes;
    real *restrict dx = job->dx + r * job->classes, dy = job->dy[r];
    real mass = (real)ks_row_sum(t, NULL, job->classes);
    for (int64_t c = 0; c < job->classes; c++)
      dx[c] = (job->add ? dx[c] : 0) + dy * (mass * p[c] - t[c]);
  }
}

/* dt = -dy log p. The logarithms are made anew, because log of a stored p
 * would be -inf where p underflows; p itself comes out as it was. */
static void target_gradient_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  int64_t n = job->classes;
  ks_row_logs logs;
  for (int64_t r0 = begin; r0 < end; r0 += KS_ROWS) {
    int64_t rows = group_of(r0, end);
    ks_soften(job->p + r0 * n, job->x + r0 * n, rows, n, &logs);
    for (int64_t r = 0; r < rows; r++) {
      const real *restrict x = job->x + (r0 + r) * n;
      real *restrict dt = job->dx + (r0 + r) * n, dy = job->dy[r0 + r];
      for (int64_t c = 0; c < n; c++)
        dt[c] = (job->add ? dt[c] : 0) + dy * (logs.log_sum[r] - (x[c] - logs.most[r]));
    }
  }
}

static loss_job crossentropy_job(const ks_node *node) {
  return (loss_job){.x = node->in[0].data,
                    .targets = node->in[1].data,
                    .labels = &node->in[1],
                    .y = node->out[0].data,
                    .dy = node->out[0].grad,
                    .p = node->scratch};
}

ks_status KS_NAME(softmax_crossentropy_forward)(ks_node *node, const ks_context *context) {
  loss_job job = crossentropy_job(node);
  run_rows(context, node, crossentropy_range, &job);
  if (job.classes == 0) memset(job.y, 0, (size_t)node->size[0] * sizeof(real)); /* an empty sum */
  return KS_OK;
}

ks_status KS_NAME(softmax_crossentropy_backward)(ks_node *node, const ks_context *context) {
  loss_job job = crossentropy_job(node);
  ks_range_function ranges[2] = {crossentropy_gradient_range, target_gradient_range};
  for (int i = 0; i < 2; i++) {
    job.dx = node->in[i].grad;
    job.add = node->in[i].add;
    if (job.dx) run_rows(context, node, ranges[i], &job);
  }
  return KS_OK;
}

/* As crossentropy_range for a target of 1 at the label. */
static void sparse_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  int64_t n = job->classes;
  ks_row_logs logs;
  for (int64_t r0 = begin; r0 < end; r0 += KS_ROWS) {
    int64_t rows = group_of(r0, end);
    ks_soften(job->p + r0 * n, job->x + r0 * n, rows, n, &logs);
    for (int64_t r = 0; r < rows; r++) {
      real x = job->x[(r0 + r) * n + ks_index(job->labels, r0 + r)];
      job->y[r0 + r] = logs.log_sum[r] - (x - logs.most[r]);
    }
  }
}

/* dx = dy (p - 1 at the label): the difference first, as it is exact for the
 * p near 1 of a network that has learnt. */
static void sparse_gradient_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  for (int64_t r = begin; r < end; r++) {
    int64_t label = ks_index(job->labels, r);
    const real *restrict p = job->p + r * job->classes;
    real *restrict dx = job->dx + r * job->classes, dy = job->dy[r];
    real at_label = (job->add ? dx[label] : 0) + dy * (p[label] - 1);
    for (int64_t c = 0; c < job->classes; c++) dx[c] = (job->add ? dx[c] : 0) + dy * p[c];
    dx[label] = at_label;
  }
}

ks_status KS_NAME(sparse_softmax_crossentropy_forward)(ks_node *node, const ks_context *context) {
  loss_job job = crossentropy_job(node);
  ks_status status = ks_check_indices(node, job.labels, node->size[1]);
  if (status == KS_OK) run_rows(context, node, sparse_range, &job);
  return status;
}

ks_status KS_NAME(sparse_softmax_crossentropy_backward)(ks_node *node, const ks_context *context) {
  loss_job job = crossentropy_job(node);
  job.dx = node->in[0].grad;
  job.add = node->in[0].add;
  if (job.dx) run_rows(context, node, sparse_gradient_range, &job);
  return KS_OK;
}

/* Cross-entropy of sigmoid(x), in the form that cannot overflow: e^x never
 * appears for a positive x. */
static void sigmoid_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  const real *restrict x = job->x, *restrict t = job->targets;
  real *restrict y = job->y;
  for (int64_t i = begin; i < end; i++) {
    real positive = x[i] > 0 ? x[i] : 0;
    y[i] = (positive - x[i] * t[i]) + ks_log1p(ks_exp(-ks_abs(x[i])));
  }
}

static void sigmoid_gradient_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  const real *restrict x = job->x, *restrict t = job->targets, *restrict dy = job->dy;
  real *restrict dx = job->dx;
  for (int64_t i = begin; i < end; i++)
    dx[i] = (job->add ? dx[i] : 0) + dy[i] * (ks_sigmoid(x[i]) - t[i]);
}

static void sigmoid_target_range(void *arg, int64_t begin, int64_t end) {
  const loss_job *job = arg;
  const real *restrict x = job->x, *restrict dy = job->dy;
  real *restrict dt = job->dx;
  for (int64_t i = begin; i < end; i++) dt[i] = (job->add ? dt[i] : 0) - dy[i] * x[i];
}

ks_status KS_NAME(sigmoid_crossentropy_forward)(ks_node *node, const ks_context *context) {
  loss_job job = crossentropy_job(node);
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, sigmoid_range, &job);
  return KS_OK;
}

ks_status KS_NAME(sigmoid_crossentropy_backward)(ks_node *node, const ks_context *context) {
  loss_job job = crossentropy_job(node);
  ks_range_function ranges[2] = {sigmoid_gradient_range, sigmoid_target_range};
  for (int i = 0; i < 2; i++) {
    job.dx = node->in[i].grad;
    job.add = node->in[i].add;
    if (job.dx) ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, ranges[i], &job);
  }
  return KS_OK;
}

ks_status KS_NAME(pick_forward)(ks_node *node, const ks_context *context) {
  (void)context;
  const real *x = node->in[0].data;
  real *y = node->out[0].data;
  ks_status status = ks_check_indices(node, &node->in[1], node->size[1]);
  if (status != KS_OK) return status;
  for (int64_t r = 0; r < node->size[0]; r++)
    y[r] = x[r * node->size[1] + ks_index(&node->in[1], r)];
  return KS_OK;
}

ks_status KS_NAME(pick_backward)(ks_node *node, const ks_context *context) {
  (void)context;
  const real *dy = node->out[0].grad;
  real *dx = node->in[0].grad;
  if (!dx) return KS_OK;
  if (!node->in[0].add) memset(dx, 0, (size_t)node->in[0].count * sizeof(real));
  for (int64_t r = 0; r < node->size[0]; r++)
    dx[r * node->size[1] + ks_index(&node->in[1], r)] += dy[r];
  return KS_OK;
}
#endif
