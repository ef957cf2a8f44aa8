#include "reference.h"

#if KS_IS_REAL

static wide rate_of(const ks_node *node) {
  const ks_operand *rate = &node->in[2];
  return rate->dtype == KS_FLOAT32 ? ((const float *)rate->data)[0]
                                   : ((const double *)rate->data)[0];
}

FORWARD(sgd) {
  real *x = node->in[0].data;
  const real *g = node->in[1].data;
  real *buffer = node->n_in == 4 ? node->in[3].data : NULL;
  wide rate = rate_of(node), momentum = node->attr[0], decay = node->attr[1];
  for (int64_t i = 0; i < node->in[0].count; i++) {
    wide step = -rate * g[i];
    if (buffer) {
      wide m = momentum * buffer[i] - rate * g[i];
      step = node->size[0] ? momentum * m - rate * g[i] : m;
      buffer[i] = (real)m;
    }
    x[i] = (real)(x[i] - x[i] * decay * rate + step);
  }
  return KS_OK;
}

/* As in Keras 3, where the bias corrections go into the rate and epsilon
 * stands beside the uncorrected root: Kingma and Ba's "epsilon hat". */
FORWARD(adam) {
  real *x = node->in[0].data, *m = node->in[4].data, *v = node->in[5].data;
  real *v_hat = node->n_in == 7 ? node->in[6].data : NULL;
  const real *g = node->in[1].data;
  int64_t iterations = ((const int64_t *)node->in[3].data)[0];
  if (node->size[0] > 1) iterations /= node->size[0];
  wide rate = rate_of(node), t = (wide)(iterations + 1);
  wide beta_1 = node->attr[0], beta_2 = node->attr[1], epsilon = node->attr[2];
  wide alpha = rate * sqrtl(1 - powl(beta_2, t)) / (1 - powl(beta_1, t));
  for (int64_t i = 0; i < node->in[0].count; i++) {
    wide mi = m[i] + (g[i] - (wide)m[i]) * (1 - beta_1);
    wide vi = v[i] + ((wide)g[i] * g[i] - v[i]) * (1 - beta_2);
    m[i] = (real)mi;
    v[i] = (real)vi;
    if (v_hat) {
      vi = v_hat[i] > vi ? v_hat[i] : vi;
      v_hat[i] = (real)vi;
    }
    x[i] = (real)(x[i] - x[i] * node->attr[3] * rate - mi * alpha / (sqrtl(vi) + epsilon));
  }
  return KS_OK;
}

FORWARD(rmsprop) {
  real *x = node->in[0].data, *velocity = node->in[3].data;
  real *momentum = node->size[0] ? node->in[4].data : NULL;
  real *average = node->size[1] ? node->in[node->n_in - 1].data : NULL;
  const real *g = node->in[1].data;
  wide rate = rate_of(node), rho = node->attr[0], epsilon = node->attr[2];
  for (int64_t i = 0; i < node->in[0].count; i++) {
    wide v = rho * velocity[i] + (1 - rho) * g[i] * g[i], a = 0;
    if (average) a = rho * average[i] + (1 - rho) * g[i];
    wide step = rate * g[i] / sqrtl(v - a * a + epsilon);
    velocity[i] = (real)v;
    if (average) average[i] = (real)a;
    if (momentum) {
      step += node->attr[1] * momentum[i];
      momentum[i] = (real)step;
    }
    x[i] = (real)(x[i] - x[i] * node->attr[3] * rate - step);
  }
  return KS_OK;
}

#endif
