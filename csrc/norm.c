/* Batch normalization, and what it does in inference: channels scaled and
 * shifted. Once there are statistics and sums of channels (ks_channels.h), it is
 * one pass over x that writes y = (x - mean) factor + beta, or dx.
 */
#include <math.h>

#include "ks_activate.h"
#include "ks_channels.h"

#if KS_FLOATING

/* ---- passes over x ---------------------------------------------------------- */

/* `step` is a constant wherever these are inlined: 1 for columns, which have a
 * number each, and 0 for a run of one channel. */
static inline void normalize_row(const ks_channels *job, int64_t at, int64_t n, int64_t c,
                                 int64_t step) {
  const real *restrict x = job->x + at, *restrict mean = job->mean + c;
  const real *restrict factor = job->factor + c, *restrict offset = job->offset + c;
  real *restrict y = job->y + at;
  for (int64_t i = 0; i < n; i++)
    y[i] = ks_scaled(x[i], mean[i * step], factor[i * step], offset[i * step]);
}

static inline void rectify_row(const ks_channels *job, int64_t at, int64_t n, int64_t c,
                               int64_t step) {
  const real *restrict x = job->x + at, *restrict mean = job->mean + c;
  const real *restrict factor = job->factor + c, *restrict offset = job->offset + c;
  real *restrict y = job->y + at;
  for (int64_t i = 0; i < n; i++) {
    const real z = ks_scaled(x[i], mean[i * step], factor[i * step], offset[i * step]);
    y[i] = z < 0 ? 0 : z; /* keeps nan */
  }
}

/* `result` is y, or NULL; which of them is known where this is inlined. */
KS_TERMS_INLINE void add_gradient_row(const ks_channels *job, const real *result, int64_t at,
                                      int64_t n, int64_t c, int64_t step) {
  const real *restrict x = job->x + at, *restrict dy = job->dy + at;
  const real *restrict mean = job->mean + c, *restrict factor = job->factor + c;
  const real *restrict offset = job->offset + c, *restrict slope = job->slope + c;
  const real *restrict y = result;
  real *restrict dx = job->y + at;
  for (int64_t i = 0; i < n; i++) {
    const real dz = y ? ks_where_positive(y[i], dy[i]) : dy[i];
    /* First these three, which nearly cancel where a batch is small. */
    const real d =
        dz * factor[i * step] + offset[i * step] + (x[i] - mean[i * step]) * slope[i * step];
    dx[i] = job->add ? dx[i] + d : d;
  }
}

static inline void gradient_row(const ks_channels *job, int64_t at, int64_t n, int64_t c,
                                int64_t step) {
  if (job->rectified)
    add_gradient_row(job, job->rectified + at, at, n, c, step);
  else
    add_gradient_row(job, NULL, at, n, c, step);
}

static inline void scale_row(const ks_channels *job, int64_t at, int64_t n, int64_t c,
                             int64_t step) {
  const real *restrict dy = job->dy + at, *restrict factor = job->factor + c;
  real *restrict dx = job->y + at;
  for (int64_t i = 0; i < n; i++) dx[i] = (job->add ? dx[i] : 0) + dy[i] * factor[i * step];
}

/* The numbers of channels as often as a folded row has them. */
static ks_channels folded(const ks_channels *job, real room[4][KS_FOLDED]) {
  const real *numbers[] = {job->mean, job->factor, job->offset, job->slope};
  for (int k = 0; k < 4; k++)
    if (numbers[k]) ks_repeat(room[k], numbers[k], job->channels, ks_fold_of(job));
  ks_channels wide = *job;
  wide.mean = room[0], wide.factor = room[1], wide.offset = room[2], wide.slope = room[3];
  return wide;
}

/* Rows are those of columns, folded if they are few, or the runs of channels. */
#define CHANNEL_PASS(name)                                                   \
  static void name##_columns(void *arg, int64_t begin, int64_t end) {        \
    const ks_channels *job = arg;                                            \
    const int64_t fold = ks_fold_of(job), n = fold * job->channels;          \
    const int64_t count = job->outer * job->channels;                        \
    real room[4][KS_FOLDED];                                                 \
    const ks_channels wide = fold > 1 ? folded(job, room) : *job;            \
    for (int64_t r = begin; r < end; r++)                                    \
      name##_row(&wide, r * n, count - r * n < n ? count - r * n : n, 0, 1); \
  }                                                                          \
  static void name##_runs(void *arg, int64_t begin, int64_t end) {           \
    const ks_channels *job = arg;                                            \
    for (int64_t r = begin; r < end; r++)                                    \
      name##_row(job, r * job->inner, job->inner, r % job->channels, 0);     \
  }

CHANNEL_PASS(normalize)
CHANNEL_PASS(rectify)
CHANNEL_PASS(gradient)
CHANNEL_PASS(scale)

#define pass_over(context, job, name) \
  run_pass(context, job, (job)->inner == 1 ? name##_columns : name##_runs)

static void run_pass(const ks_context *context, ks_channels *job, ks_range_function function) {
  const int64_t fold = job->inner == 1 ? ks_fold_of(job) : 1;
  const int64_t rows =
      job->inner == 1 ? (job->outer + fold - 1) / fold : job->outer * job->channels;
  const int64_t n = job->inner == 1 ? fold * job->channels : job->inner;
  if (n > 0) ks_parallel_range(context, rows, KS_TILE_ELEMENTS / n + 1, function, job);
}

/* ---- batch_norm --------------------------------------------------------------- */

/* gamma / sqrt(variance + epsilon). */
static real *batch_factors(const ks_node *node, const ks_channels *job) {
  const real *gamma = node->in[1].data, *variance = node->out[2].data;
  real *factor = ks_channel_numbers(job, 0);
  for (int64_t c = 0; c < job->channels; c++)
    factor[c] = (real)(gamma[c] / sqrt(variance[c] + node->attr[0]));
  return factor;
}

ks_status KS_NAME(batch_norm_forward)(ks_node *node, const ks_context *context) {
  ks_channels job = ks_channels_of(node);
  ks_channel_moments(context, &job, node->out[1].data, node->out[2].data);
  job.mean = node->out[1].data;
  job.factor = batch_factors(node, &job);
  job.offset = node->in[2].data;
  job.y = node->out[0].data;
  if (node->size[3] == KS_RELU)
    pass_over(context, &job, rectify);
  else
    pass_over(context, &job, normalize);
  return KS_OK;
}

/* With v = 1 / (variance + epsilon), f the factors and n values a channel:
 * dx = f (dy - sum(dy) / n - (x - mean) v sum(dy (x - mean)) / n), and
 * dgamma = sqrt(v) sum(dy (x - mean)), dbeta = sum(dy). */
ks_status KS_NAME(batch_norm_backward)(ks_node *node, const ks_context *context) {
  ks_channels job = ks_channels_of(node);
  const real *variance = node->out[2].data;
  real *offset = ks_channel_numbers(&job, 1), *slope = ks_channel_numbers(&job, 2);
  const double n = (double)(job.outer * job.inner);
  job.mean = node->out[1].data;
  job.dy = node->out[0].grad;
  job.rectified = node->size[3] == KS_RELU ? node->out[0].data : NULL;
  ks_sum_channels(context, &job);
  real *factor = batch_factors(node, &job);
  for (int64_t c = 0; c < job.channels; c++) {
    double v = 1 / (variance[c] + node->attr[0]);
    offset[c] = (real)(-factor[c] * job.first[c] / n);
    slope[c] = (real)(-factor[c] * v * job.second[c] / n);
    job.second[c] *= sqrt(v);
  }
  if (node->in[0].grad) {
    job.factor = factor, job.offset = offset, job.slope = slope;
    job.y = node->in[0].grad;
    job.add = node->in[0].add;
    pass_over(context, &job, gradient);
  }
  ks_give_sums(&node->in[1], job.second, NULL, job.channels);
  ks_give_sums(&node->in[2], job.first, NULL, job.channels);
  return KS_OK;
}

/* ---- channel_affine ------------------------------------------------------------- */

ks_status KS_NAME(channel_affine_forward)(ks_node *node, const ks_context *context) {
  ks_channels job = ks_channels_of(node);
  job.mean = node->in[1].data;
  job.factor = node->in[2].data;
  job.offset = node->in[3].data;
  job.y = node->out[0].data;
  pass_over(context, &job, normalize);
  return KS_OK;
}

ks_status KS_NAME(channel_affine_backward)(ks_node *node, const ks_context *context) {
  ks_channels job = ks_channels_of(node);
  job.mean = node->in[1].data;
  job.factor = node->in[2].data;
  job.dy = node->out[0].grad;
  if (node->in[0].grad) {
    job.y = node->in[0].grad;
    job.add = node->in[0].add;
    pass_over(context, &job, scale);
  }
  if (!node->in[1].grad && !node->in[2].grad && !node->in[3].grad) return KS_OK;
  ks_sum_channels(context, &job);
  real *negative = ks_channel_numbers(&job, 0);
  for (int64_t c = 0; c < job.channels; c++) negative[c] = -job.factor[c];
  ks_give_sums(&node->in[1], job.first, negative, job.channels);
  ks_give_sums(&node->in[2], job.second, NULL, job.channels);
  ks_give_sums(&node->in[3], job.first, NULL, job.channels);
  return KS_OK;
}

#endif
