/* Batch normalization, and what it does in inference: channels scaled and
 * shifted.
 *
 * x is (outer, channels, inner). With inner == 1 the channels are
 * columns and taken up to KS_COLUMNS at a time; else each is a number of runs
 * of neighbours. Sums over a channel are cut into parts of the outer loop, a
 * number that follows from the shape; the parts are joined in their order.
 *
 * Statistics and sums are in double. What is left for `real` is one pass that
 * writes y = (x - mean) factor + beta, or dx.
 */
#include <math.h>

#include "ks_moments.h"
#include "ks_ops.h"

#if KS_FLOATING

typedef struct {
  int64_t outer, channels, inner;
  int64_t width, groups, parts; /* channels taken at a time, and so on */
  const real *x, *dy, *mean;
  const real *factor, *offset, *slope; /* of each channel, for the passes over x */
  real *y;                             /* or dx */
  int add;
  double *first, *second; /* two results of each part (parts, channels) */
} channel_job;

static channel_job job_of(const ks_node *node) {
  channel_job job = {.outer = node->size[0], .channels = node->size[1], .inner = node->size[2]};
  job.x = node->in[0].data;
  job.width = job.inner == 1 ? KS_COLUMNS : 1;
  job.groups = (job.channels + job.width - 1) / job.width;
  job.parts = node->in[0].count / KS_TILE_ELEMENTS;
  if (job.groups >= KS_NORM_PARTS || job.parts < 1) job.parts = 1;
  if (job.parts > KS_NORM_PARTS) job.parts = KS_NORM_PARTS;
  if (job.parts > job.outer) job.parts = job.outer > 0 ? job.outer : 1;
  job.first = node->scratch;
  job.second = job.first + KS_NORM_PARTS * job.channels;
  return job;
}

/* After the sums there is room for three numbers of each channel. */
static real *channel_numbers(const channel_job *job, int which) {
  return (real *)(job->second + KS_NORM_PARTS * job->channels) + which * job->channels;
}

/* The rows of a part, and its channels. */
typedef struct {
  int64_t row, rows, channel, channels, at; /* at: of its results */
} channel_part;

static channel_part part_of(const channel_job *job, int64_t unit) {
  const int64_t part = unit / job->groups, channel = unit % job->groups * job->width;
  const int64_t row = part * job->outer / job->parts, left = job->channels - channel;
  return (channel_part){row, (part + 1) * job->outer / job->parts - row, channel,
                        left < job->width ? left : job->width, part * job->channels + channel};
}

static void run_parts(const ks_context *context, channel_job *job, ks_range_function function) {
  const int64_t elements = job->outer / job->parts * job->inner * job->width;
  ks_parallel_range(context, job->parts * job->groups, KS_TILE_ELEMENTS / (elements + 1) + 1,
                    function, job);
}

/* ---- statistics of channels ------------------------------------------------ */

static void moments_range(void *arg, int64_t begin, int64_t end) {
  const channel_job *job = arg;
  for (int64_t unit = begin; unit < end; unit++) {
    const channel_part p = part_of(job, unit);
    const real *x = job->x + (p.row * job->channels + p.channel) * job->inner;
    double *mean = job->first + p.at, *squares = job->second + p.at;
    if (job->inner == 1) {
      ks_column_moments(x, p.rows, job->channels, p.channels, mean, squares);
      continue;
    }
    ks_moments all = {0, 0, 0};
    for (int64_t r = 0; r < p.rows; r++) {
      ks_moments row = ks_row_moments(x + r * job->channels * job->inner, job->inner);
      all = r ? ks_join_moments(all, row) : row;
    }
    *mean = all.mean;
    *squares = all.squares;
  }
}

static void join_parts(const channel_job *job, real *mean, real *variance) {
  for (int64_t c = 0; c < job->channels; c++) {
    ks_moments all = {0, 0, 0};
    for (int64_t part = 0; part < job->parts; part++) {
      const channel_part p = part_of(job, part * job->groups);
      const int64_t at = part * job->channels + c;
      ks_moments more = {(double)(p.rows * job->inner), job->first[at], job->second[at]};
      all = part ? ks_join_moments(all, more) : more;
    }
    mean[c] = (real)(all.count > 0 ? all.mean : NAN);
    variance[c] = (real)(all.count > 0 ? all.squares / all.count : NAN);
  }
}

/* Of each channel: the sums of dy and of dy (x - mean). */
static void channel_sums_columns(const channel_job *job, channel_part p) {
  double dy_sum[KS_COLUMNS], product[KS_COLUMNS];
  double *restrict first = job->first + p.at, *restrict second = job->second + p.at;
  const real *restrict mean = job->mean + p.channel;
  const int64_t n = p.channels;
  for (int64_t c = 0; c < n; c++) first[c] = second[c] = 0;
  for (int64_t begin = 0; begin < p.rows; begin += KS_BLOCK) {
    const int64_t end = p.rows - begin < KS_BLOCK ? p.rows : begin + KS_BLOCK;
    for (int64_t c = 0; c < n; c++) dy_sum[c] = product[c] = 0;
    for (int64_t r = begin; r < end; r++) {
      const int64_t at = (p.row + r) * job->channels + p.channel;
      const real *restrict x = job->x + at, *restrict dy = job->dy + at;
      for (int64_t c = 0; c < n; c++) {
        dy_sum[c] += dy[c];
        product[c] += (double)dy[c] * (x[c] - mean[c]);
      }
    }
    for (int64_t c = 0; c < n; c++) first[c] += dy_sum[c], second[c] += product[c];
  }
}

static void channel_sums_range(void *arg, int64_t begin, int64_t end) {
  const channel_job *job = arg;
  for (int64_t unit = begin; unit < end; unit++) {
    const channel_part p = part_of(job, unit);
    if (job->inner == 1) {
      channel_sums_columns(job, p);
      continue;
    }
    double *first = job->first + p.at, *second = job->second + p.at;
    *first = *second = 0;
    for (int64_t r = 0; r < p.rows; r++) {
      const int64_t at = ((p.row + r) * job->channels + p.channel) * job->inner;
      ks_sum_products(job->dy + at, job->x + at, job->mean[p.channel], job->inner, first, second);
    }
  }
}

/* The sums over all parts, left in those of the first part. */
static void sum_channels(const ks_context *context, channel_job *job) {
  run_parts(context, job, channel_sums_range);
  for (int64_t part = 1; part < job->parts; part++)
    for (int64_t c = 0; c < job->channels; c++) {
      job->first[c] += job->first[part * job->channels + c];
      job->second[c] += job->second[part * job->channels + c];
    }
}

/* ---- passes over x ---------------------------------------------------------- */

/* `step` is a constant wherever these are inlined: 1 for columns, which have a
 * number each, and 0 for a run of one channel. */
static inline void normalize_row(const channel_job *job, int64_t at, int64_t n, int64_t c,
                                 int64_t step) {
  const real *restrict x = job->x + at, *restrict mean = job->mean + c;
  const real *restrict factor = job->factor + c, *restrict offset = job->offset + c;
  real *restrict y = job->y + at;
  for (int64_t i = 0; i < n; i++)
    y[i] = (x[i] - mean[i * step]) * factor[i * step] + offset[i * step];
}

static inline void gradient_row(const channel_job *job, int64_t at, int64_t n, int64_t c,
                                int64_t step) {
  const real *restrict x = job->x + at, *restrict dy = job->dy + at;
  const real *restrict mean = job->mean + c, *restrict factor = job->factor + c;
  const real *restrict offset = job->offset + c, *restrict slope = job->slope + c;
  real *restrict dx = job->y + at;
  for (int64_t i = 0; i < n; i++)
    dx[i] = (job->add ? dx[i] : 0) + dy[i] * factor[i * step] + offset[i * step] +
            (x[i] - mean[i * step]) * slope[i * step];
}

static inline void scale_row(const channel_job *job, int64_t at, int64_t n, int64_t c,
                             int64_t step) {
  const real *restrict dy = job->dy + at, *restrict factor = job->factor + c;
  real *restrict dx = job->y + at;
  for (int64_t i = 0; i < n; i++) dx[i] = (job->add ? dx[i] : 0) + dy[i] * factor[i * step];
}

/* Rows are those of columns, or the runs of the channels. */
#define CHANNEL_PASS(name)                                                               \
  static void name##_rows(void *arg, int64_t begin, int64_t end) {                       \
    const channel_job *job = arg;                                                        \
    const int64_t n = job->channels, inner = job->inner;                                 \
    for (int64_t r = begin; r < end && inner == 1; r++) name##_row(job, r * n, n, 0, 1); \
    for (int64_t r = begin; r < end && inner != 1; r++)                                  \
      name##_row(job, r * inner, inner, r % n, 0);                                       \
  }

CHANNEL_PASS(normalize)
CHANNEL_PASS(gradient)
CHANNEL_PASS(scale)

static void pass_over(const ks_context *context, channel_job *job, ks_range_function function) {
  const int64_t rows = job->inner == 1 ? job->outer : job->outer * job->channels;
  const int64_t n = job->inner == 1 ? job->channels : job->inner;
  if (n > 0) ks_parallel_range(context, rows, KS_TILE_ELEMENTS / n + 1, function, job);
}

/* ---- batch_norm --------------------------------------------------------------- */

/* gamma / sqrt(variance + epsilon). */
static real *batch_factors(const ks_node *node, const channel_job *job) {
  const real *gamma = node->in[1].data, *variance = node->out[2].data;
  real *factor = channel_numbers(job, 0);
  for (int64_t c = 0; c < job->channels; c++)
    factor[c] = (real)(gamma[c] / sqrt(variance[c] + node->attr[0]));
  return factor;
}

ks_status KS_NAME(batch_norm_forward)(ks_node *node, const ks_context *context) {
  channel_job job = job_of(node);
  run_parts(context, &job, moments_range);
  join_parts(&job, node->out[1].data, node->out[2].data);
  job.mean = node->out[1].data;
  job.factor = batch_factors(node, &job);
  job.offset = node->in[2].data;
  job.y = node->out[0].data;
  pass_over(context, &job, normalize_rows);
  return KS_OK;
}

/* With v = 1 / (variance + epsilon), f the factors and n values a channel:
 * dx = f (dy - sum(dy) / n - (x - mean) v sum(dy (x - mean)) / n), and
 * dgamma = sqrt(v) sum(dy (x - mean)), dbeta = sum(dy). */
ks_status KS_NAME(batch_norm_backward)(ks_node *node, const ks_context *context) {
  channel_job job = job_of(node);
  const real *variance = node->out[2].data;
  real *offset = channel_numbers(&job, 1), *slope = channel_numbers(&job, 2);
  const double n = (double)(job.outer * job.inner);
  job.mean = node->out[1].data;
  job.dy = node->out[0].grad;
  sum_channels(context, &job);
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
    pass_over(context, &job, gradient_rows);
  }
  ks_give_sums(&node->in[1], job.second, NULL, job.channels);
  ks_give_sums(&node->in[2], job.first, NULL, job.channels);
  return KS_OK;
}

/* ---- channel_affine ------------------------------------------------------------- */

ks_status KS_NAME(channel_affine_forward)(ks_node *node, const ks_context *context) {
  channel_job job = job_of(node);
  job.mean = node->in[1].data;
  job.factor = node->in[2].data;
  job.offset = node->in[3].data;
  job.y = node->out[0].data;
  pass_over(context, &job, normalize_rows);
  return KS_OK;
}

ks_status KS_NAME(channel_affine_backward)(ks_node *node, const ks_context *context) {
  channel_job job = job_of(node);
  job.mean = node->in[1].data;
  job.factor = node->in[2].data;
  job.dy = node->out[0].grad;
  if (node->in[0].grad) {
    job.y = node->in[0].grad;
    job.add = node->in[0].add;
    pass_over(context, &job, scale_rows);
  }
  if (!node->in[1].grad && !node->in[2].grad && !node->in[3].grad) return KS_OK;
  sum_channels(context, &job);
  real *negative = channel_numbers(&job, 0);
  for (int64_t c = 0; c < job.channels; c++) negative[c] = -job.factor[c];
  ks_give_sums(&node->in[1], job.first, negative, job.channels);
  ks_give_sums(&node->in[2], job.second, NULL, job.channels);
  ks_give_sums(&node->in[3], job.first, NULL, job.channels);
  return KS_OK;
}

#endif
