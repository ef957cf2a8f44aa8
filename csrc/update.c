/* Steps of the optimizers: one pass that reads and writes each array once.
 * Several passes of element-wise kernels cost 1.5 times the whole step. */
#include "ks_math.h"
#include "ks_ops.h"
#include "ks_rows.h"
#include "ks_update.h"

#if KS_FLOATING

/* A range function for each way of a step: the flags are constants in it, and
 * cost nothing. The steps read the job into locals: otherwise the compiler
 * must reckon with a rate that changes as x is written. */
#define STEP static inline __attribute__((always_inline)) void
#define RANGE(name, step, ...)                              \
  static void name(void *job, int64_t begin, int64_t end) { \
    step((const ks_update *)job, begin, end, __VA_ARGS__);  \
  }

/* The learning rate has a dtype of its own. */
static double rate_of(const ks_operand *rate) {
  return rate->dtype == KS_FLOAT32 ? (double)*(const float *)rate->data
                                   : *(const double *)rate->data;
}

static ks_update job_of(const ks_node *node, double weight_decay) {
  const double rate = rate_of(&node->in[2]);
  return (ks_update){.x = node->in[0].data,
                     .g = node->in[1].data,
                     .rate = (real)rate,
                     .decay = (real)(rate * weight_decay)};
}

static ks_status run(ks_node *node, const ks_context *context, ks_range_function range,
                     ks_update *job) {
  if (ks_has_rows(node))
    KS_NAME(update_rows)(node, context, job, range);
  else
    ks_parallel_elements(context, node->in[0].count, range, job);
  return KS_OK;
}

/* ---- sgd ------------------------------------------------------------------ */

/* Nesterov's step looks one momentum ahead (Sutskever et al., 2013). */
STEP sgd_step(const ks_update *job, int64_t begin, int64_t end, int has_momentum, int nesterov,
              int decays) {
  real *restrict x = job->x, *restrict m = job->m;
  const real *restrict g = job->g;
  const real rate = job->rate, momentum = job->momentum, decay = job->decay;
  for (int64_t i = begin; i < end; i++) {
    const real step = rate * g[i], kept = decays ? x[i] - decay * x[i] : x[i];
    if (!has_momentum) {
      x[i] = kept - step;
      continue;
    }
    const real m1 = momentum * m[i] - step;
    m[i] = m1;
    x[i] = nesterov ? kept + (momentum * m1 - step) : kept + m1;
  }
}

RANGE(plain_range, sgd_step, 0, 0, 0)
RANGE(plain_decayed_range, sgd_step, 0, 0, 1)
RANGE(momentum_range, sgd_step, 1, 0, 0)
RANGE(momentum_decayed_range, sgd_step, 1, 0, 1)
RANGE(nesterov_range, sgd_step, 1, 1, 0)
RANGE(nesterov_decayed_range, sgd_step, 1, 1, 1)

typedef struct {
  ks_update update;
  const uint8_t *flags; /* of rows of `wide` whose gradient is not zero */
  int64_t wide;
} flagged_job;

/* x - rate * 0 is x: only rows whose gradient is not zero. */
static void plain_rows_range(void *arg, int64_t begin, int64_t end) {
  flagged_job *job = arg;
  for (int64_t r = begin; (r = ks_next_row(job->flags, r, end)) < end; r++)
    plain_range(&job->update, r * job->wide, (r + 1) * job->wide);
}

ks_status KS_NAME(sgd_forward)(ks_node *node, const ks_context *context) {
  static const ks_range_function ranges[][2] = {{plain_range, plain_decayed_range},
                                                {momentum_range, momentum_decayed_range},
                                                {nesterov_range, nesterov_decayed_range}};
  ks_update job = job_of(node, node->attr[1]);
  const int has_momentum = node->n_in == 4;
  if (node->scratch && node->size[3] > 0 && !has_momentum && node->attr[1] == 0) {
    flagged_job rows = {job, node->scratch, node->in[0].count / node->size[3]};
    ks_parallel_range(context, node->size[3], KS_ROWS_A_TILE, plain_rows_range, &rows);
    return KS_OK;
  }
  job.m = has_momentum ? node->in[3].data : NULL;
  job.momentum = (real)node->attr[0];
  const int way = has_momentum ? 1 + (node->size[0] != 0) : 0;
  return run(node, context, ranges[way][node->attr[1] != 0], &job);
}

/* ---- adam ----------------------------------------------------------------- */

STEP adam_step(const ks_update *job, int64_t begin, int64_t end, int amsgrad, int decays) {
  real *restrict x = job->x, *restrict m = job->m, *restrict v = job->v;
  real *restrict v_hat = job->extra;
  const real *restrict g = job->g;
  const real alpha = job->alpha, rest_1 = job->rest_1, rest_2 = job->rest_2;
  const real epsilon = job->epsilon, decay = job->decay;
  for (int64_t i = begin; i < end; i++) {
    const real m1 = m[i] + (g[i] - m[i]) * rest_1;
    const real v1 = v[i] + (g[i] * g[i] - v[i]) * rest_2;
    const real kept = decays ? x[i] - decay * x[i] : x[i];
    real largest = v1;
    m[i] = m1;
    v[i] = v1;
    if (amsgrad) v_hat[i] = largest = v_hat[i] > v1 ? v_hat[i] : v1;
    x[i] = kept - m1 * alpha / (ks_sqrt(largest) + epsilon);
  }
}

RANGE(adam_range, adam_step, 0, 0)
RANGE(adam_decayed_range, adam_step, 0, 1)
RANGE(amsgrad_range, adam_step, 1, 0)
RANGE(amsgrad_decayed_range, adam_step, 1, 1)

/* Keras's form of Kingma and Ba's section 2: the bias corrections go into the
 * rate, epsilon stays outside of them. They are computed in double, because
 * 1 - beta_2^t loses most of its digits in float32 for small t. */
ks_status KS_NAME(adam_forward)(ks_node *node, const ks_context *context) {
  static const ks_range_function ranges[][2] = {{adam_range, adam_decayed_range},
                                                {amsgrad_range, amsgrad_decayed_range}};
  const int amsgrad = node->n_in == 7;
  const int64_t a_step = node->size[0] > 1 ? node->size[0] : 1;
  const double t = (double)(*(const int64_t *)node->in[3].data / a_step + 1);
  const double beta_1 = node->attr[0], beta_2 = node->attr[1];
  ks_update job = job_of(node, node->attr[3]);
  job.m = node->in[4].data;
  job.v = node->in[5].data;
  job.extra = amsgrad ? node->in[6].data : NULL;
  job.alpha = (real)(rate_of(&node->in[2]) * sqrt(1 - pow(beta_2, t)) / (1 - pow(beta_1, t)));
  job.rest_1 = (real)(1 - beta_1);
  job.rest_2 = (real)(1 - beta_2);
  job.epsilon = (real)node->attr[2];
  return run(node, context, ranges[amsgrad][node->attr[3] != 0], &job);
}

/* ---- rmsprop -------------------------------------------------------------- */

STEP rmsprop_step(const ks_update *job, int64_t begin, int64_t end, int has_momentum, int centered,
                  int decays) {
  real *restrict x = job->x, *restrict m = job->m, *restrict v = job->v;
  real *restrict average = job->extra;
  const real *restrict g = job->g;
  const real rate = job->rate, momentum = job->momentum, decay = job->decay;
  const real rho = job->rho, rest = job->rest, epsilon = job->epsilon;
  for (int64_t i = begin; i < end; i++) {
    const real v1 = rho * v[i] + rest * (g[i] * g[i]);
    const real kept = decays ? x[i] - decay * x[i] : x[i];
    real spread = v1;
    v[i] = v1;
    if (centered) {
      const real average_1 = rho * average[i] + rest * g[i];
      average[i] = average_1;
      spread = v1 - average_1 * average_1;
    }
    real step = rate * g[i] / ks_sqrt(spread + epsilon);
    if (has_momentum) m[i] = step = momentum * m[i] + step;
    x[i] = kept - step;
  }
}

RANGE(rmsprop_range, rmsprop_step, 0, 0, 0)
RANGE(rmsprop_decayed_range, rmsprop_step, 0, 0, 1)
RANGE(rmsprop_centered_range, rmsprop_step, 0, 1, 0)
RANGE(rmsprop_centered_decayed_range, rmsprop_step, 0, 1, 1)
RANGE(rmsprop_momentum_range, rmsprop_step, 1, 0, 0)
RANGE(rmsprop_momentum_decayed_range, rmsprop_step, 1, 0, 1)
RANGE(rmsprop_momentum_centered_range, rmsprop_step, 1, 1, 0)
RANGE(rmsprop_momentum_centered_decayed_range, rmsprop_step, 1, 1, 1)

ks_status KS_NAME(rmsprop_forward)(ks_node *node, const ks_context *context) {
  static const ks_range_function ranges[2][2][2] = {
      {{rmsprop_range, rmsprop_decayed_range},
       {rmsprop_centered_range, rmsprop_centered_decayed_range}},
      {{rmsprop_momentum_range, rmsprop_momentum_decayed_range},
       {rmsprop_momentum_centered_range, rmsprop_momentum_centered_decayed_range}}};
  const int has_momentum = node->size[0] != 0, centered = node->size[1] != 0;
  ks_update job = job_of(node, node->attr[3]);
  job.v = node->in[3].data;
  job.m = has_momentum ? node->in[4].data : NULL;
  job.extra = centered ? node->in[4 + has_momentum].data : NULL;
  job.rho = (real)node->attr[0];
  job.rest = (real)(1 - node->attr[0]);
  job.momentum = (real)node->attr[1];
  job.epsilon = (real)node->attr[2];
  return run(node, context, ranges[has_momentum][centered][node->attr[3] != 0], &job);
}
#endif
