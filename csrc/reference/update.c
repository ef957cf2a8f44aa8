#include "reference.h"

#if KS_IS_REAL

FORWARD(sgd) {
  real *x = node->in[0].data;
  const real *g = node->in[1].data;
  real *buffer = node->n_in == 4 ? node->in[3].data : NULL;
  wide rate = ((const float *)node->in[2].data)[0], momentum = node->attr[0];
  for (int64_t i = 0; i < node->in[0].count; i++) {
    wide step = -rate * g[i];
    if (buffer) {
      wide m = momentum * buffer[i] - rate * g[i];
      step = node->size[0] ? momentum * m - rate * g[i] : m;
      buffer[i] = (real)m;
    }
    x[i] = (real)(x[i] + step);
  }
  return KS_OK;
}

/* As in Keras 3, where the bias corrections go into the rate and epsilon
 * stands beside the uncorrected root: Kingma and Ba's "epsilon hat". */
FORWARD(adam) {
  real *x = node->in[0].data, *m = node->in[4].data, *v = node->in[5].data;
  const real *g = node->in[1].data;
  wide rate = ((const float *)node->in[2].data)[0];
  wide t = (wide)(((const int64_t *)node->in[3].data)[0] + 1);
  wide beta_1 = node->attr[0], beta_2 = node->attr[1], epsilon = node->attr[2];
  wide alpha = rate * sqrtl(1 - powl(beta_2, t)) / (1 - powl(beta_1, t));
  for (int64_t i = 0; i < node->in[0].count; i++) {
    wide mi = m[i] + (g[i] - (wide)m[i]) * (1 - beta_1);
    wide vi = v[i] + ((wide)g[i] * g[i] - v[i]) * (1 - beta_2);
    x[i] = (real)(x[i] - mi * alpha / (sqrtl(vi) + epsilon));
    m[i] = (real)mi;
    v[i] = (real)vi;
  }
  return KS_OK;
}

#endif
