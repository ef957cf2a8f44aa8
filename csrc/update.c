/* Steps of the optimizers: one pass that reads and writes each array once.
 * Several passes of element-wise kernels cost 1.5 times the whole step. */
#include "ks_math.h"
#include "ks_ops.h"
#include "ks_tiles.h"

#if KS_FLOATING

typedef struct {
  real *x, *m, *v;
  const real *g;
  real rate, momentum;                 /* sgd */
  real alpha, rest_1, rest_2, epsilon; /* adam; rest is 1 - beta */
} update_job;

/* The loops read the job into locals: otherwise the compiler must reckon with
 * a rate that changes as x is written. */
static void plain_range(void *arg, int64_t begin, int64_t end) {
  const update_job *job = arg;
  real *restrict x = job->x;
  const real *restrict g = job->g;
  real rate = job->rate;
  for (int64_t i = begin; i < end; i++) x[i] -= rate * g[i];
}

static void momentum_range(void *arg, int64_t begin, int64_t end) {
  const update_job *job = arg;
  real *restrict x = job->x, *restrict m = job->m;
  const real *restrict g = job->g;
  real rate = job->rate, momentum = job->momentum;
  for (int64_t i = begin; i < end; i++) {
    m[i] = momentum * m[i] - rate * g[i];
    x[i] += m[i];
  }
}

/* Nesterov's step looks one momentum ahead (Sutskever et al., 2013). */
static void nesterov_range(void *arg, int64_t begin, int64_t end) {
  const update_job *job = arg;
  real *restrict x = job->x, *restrict m = job->m;
  const real *restrict g = job->g;
  real rate = job->rate, momentum = job->momentum;
  for (int64_t i = begin; i < end; i++) {
    real step = rate * g[i];
    m[i] = momentum * m[i] - step;
    x[i] += momentum * m[i] - step;
  }
}

ks_status KS_NAME(sgd_forward)(ks_node *node, const ks_context *context) {
  update_job job = {.x = node->in[0].data, .g = node->in[1].data};
  job.rate = (real) * (const float *)node->in[2].data;
  ks_range_function range = plain_range;
  if (node->n_in == 4) {
    job.m = node->in[3].data;
    job.momentum = (real)node->attr[0];
    range = node->size[0] ? nesterov_range : momentum_range;
  }
  ks_parallel_range(context, node->in[0].count, KS_TILE_ELEMENTS, range, &job);
  return KS_OK;
}

static void adam_range(void *arg, int64_t begin, int64_t end) {
  const update_job *job = arg;
  real *restrict x = job->x, *restrict m = job->m, *restrict v = job->v;
  const real *restrict g = job->g;
  real alpha = job->alpha, rest_1 = job->rest_1, rest_2 = job->rest_2, epsilon = job->epsilon;
  for (int64_t i = begin; i < end; i++) {
    real m1 = m[i] + (g[i] - m[i]) * rest_1;
    real v1 = v[i] + (g[i] * g[i] - v[i]) * rest_2;
    m[i] = m1;
    v[i] = v1;
    x[i] -= m1 * alpha / (ks_sqrt(v1) + epsilon);
  }
}

/* Keras's form of Kingma and Ba's section 2: the bias corrections go into the
 * rate, epsilon stays outside of them. They are computed in double, because
 * 1 - beta_2^t loses most of its digits in float32 for small t. */
ks_status KS_NAME(adam_forward)(ks_node *node, const ks_context *context) {
  update_job job = {
      .x = node->in[0].data, .g = node->in[1].data, .m = node->in[4].data, .v = node->in[5].data};
  double rate = *(const float *)node->in[2].data;
  double t = (double)*(const int64_t *)node->in[3].data + 1;
  double beta_1 = node->attr[0], beta_2 = node->attr[1];
  job.alpha = (real)(rate * sqrt(1 - pow(beta_2, t)) / (1 - pow(beta_1, t)));
  job.rest_1 = (real)(1 - beta_1);
  job.rest_2 = (real)(1 - beta_2);
  job.epsilon = (real)node->attr[2];
  ks_parallel_range(context, node->in[0].count, KS_TILE_ELEMENTS, adam_range, &job);
  return KS_OK;
}
#endif
