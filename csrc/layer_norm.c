/* Layer normalization: rows of x, each with statistics of its own, and a gamma
 * and beta for each column. The sums over rows for their gradients are cut
 * into parts, a number that follows from the shape, which are added in order.
 */
#include <math.h>

#include "ks_moments.h"
#include "ks_ops.h"

#if KS_FLOATING

typedef struct {
  int64_t rows, width, parts;
  int rms;
  double epsilon;
  const real *x, *dy, *gamma, *beta;
  real *y; /* or dx */
  int add;
  real *stats;            /* mean and 1 / sqrt(variance + epsilon) of each row */
  double *first, *second; /* sums for dgamma and dbeta of each part */
} layer_job;

static layer_job layer_job_of(const ks_node *node) {
  layer_job job = {.rows = node->size[0], .width = node->size[1], .rms = node->size[2] != 0};
  job.epsilon = node->attr[0];
  job.x = node->in[0].data;
  job.gamma = node->in[1].data;
  job.beta = node->in[2].data;
  job.parts = node->in[0].count / KS_PART_ELEMENTS;
  if (job.parts > KS_NORM_PARTS) job.parts = KS_NORM_PARTS;
  if (job.parts > job.rows) job.parts = job.rows;
  if (job.parts < 1) job.parts = 1;
  job.first = node->scratch;
  job.second = job.first + KS_NORM_PARTS * job.width;
  job.stats = (real *)(job.second + KS_NORM_PARTS * job.width);
  return job;
}

static void layer_range(void *arg, int64_t begin, int64_t end) {
  const layer_job *job = arg;
  const int64_t n = job->width;
  for (int64_t r = begin; r < end; r++) {
    const real *restrict x = job->x + r * n, *restrict gamma = job->gamma;
    const real *restrict beta = job->beta;
    real *restrict y = job->y + r * n;
    ks_moments row = ks_row_moments(x, n);
    const real mean = (real)row.mean;
    const real inverse = (real)(1 / sqrt(row.squares / row.count + job->epsilon));
    const real centre = job->rms ? 0 : mean;
    for (int64_t i = 0; i < n; i++) y[i] = (x[i] - centre) * inverse * gamma[i] + beta[i];
    job->stats[2 * r] = mean;
    job->stats[2 * r + 1] = inverse;
  }
}

ks_status KS_NAME(layer_norm_forward)(ks_node *node, const ks_context *context) {
  layer_job job = layer_job_of(node);
  job.y = node->out[0].data;
  if (job.width == 0) return KS_OK;
  ks_parallel_range(context, job.rows, KS_TILE_ELEMENTS / job.width + 1, layer_range, &job);
  return KS_OK;
}

/* With g = dy gamma, i = 1 / sqrt(variance + epsilon), d = x - mean:
 * dx = i g - i sum(g) / n - i^3 d sum(g d) / n; with rms, where the mean is
 * not taken from x, i g - i^3 d sum(g x) / n. */
static inline void layer_gradient_row(const layer_job *job, int64_t r) {
  const int64_t n = job->width;
  const real *restrict x = job->x + r * n, *restrict dy = job->dy + r * n;
  const real *restrict gamma = job->gamma;
  real *restrict dx = job->y + r * n;
  const real mean = job->stats[2 * r], inverse = job->stats[2 * r + 1];
  const real centre = job->rms ? 0 : mean;
  double sum = 0, product = 0;
  for (int64_t begin = 0; begin < n; begin += KS_PIECE) {
    real g[KS_PIECE];
    const int64_t width = n - begin < KS_PIECE ? n - begin : KS_PIECE;
    for (int64_t i = 0; i < width; i++) g[i] = dy[begin + i] * gamma[begin + i];
    ks_sum_products(g, x + begin, centre, width, &sum, &product);
  }
  const double cube = (double)inverse * inverse * inverse;
  const real offset = job->rms ? 0 : (real)(-inverse * sum / (double)n);
  const real slope = (real)(-cube * product / (double)n);
  for (int64_t i = 0; i < n; i++)
    dx[i] = (job->add ? dx[i] : 0) + dy[i] * gamma[i] * inverse + offset + (x[i] - mean) * slope;
}

/* dgamma = sum of dy (x - mean) i over the rows, dbeta = sum of dy. */
static inline void layer_add_row(const layer_job *job, int64_t r, double *restrict first,
                                 double *restrict second) {
  const int64_t n = job->width;
  const real *restrict x = job->x + r * n, *restrict dy = job->dy + r * n;
  const real inverse = job->stats[2 * r + 1], centre = job->rms ? 0 : job->stats[2 * r];
  for (int64_t i = 0; i < n; i++) {
    first[i] += (double)dy[i] * ((x[i] - centre) * inverse);
    second[i] += dy[i];
  }
}

static void layer_gradient_parts(void *arg, int64_t begin, int64_t end) {
  const layer_job *job = arg;
  for (int64_t part = begin; part < end; part++) {
    const int64_t last = (part + 1) * job->rows / job->parts;
    double *first = job->first + part * job->width, *second = job->second + part * job->width;
    for (int64_t i = 0; i < job->width; i++) first[i] = second[i] = 0;
    for (int64_t r = part * job->rows / job->parts; r < last; r++) {
      if (job->y) layer_gradient_row(job, r);
      layer_add_row(job, r, first, second);
    }
  }
}

ks_status KS_NAME(layer_norm_backward)(ks_node *node, const ks_context *context) {
  layer_job job = layer_job_of(node);
  job.dy = node->out[0].grad;
  job.y = node->in[0].grad;
  job.add = node->in[0].add;
  ks_parallel_parts(context, job.parts, layer_gradient_parts, &job);
  for (int64_t part = 1; part < job.parts; part++)
    for (int64_t i = 0; i < job.width; i++) {
      job.first[i] += job.first[part * job.width + i];
      job.second[i] += job.second[part * job.width + i];
    }
  ks_give_sums(&node->in[1], job.first, NULL, job.width);
  ks_give_sums(&node->in[2], job.second, NULL, job.width);
  return KS_OK;
}

#endif
