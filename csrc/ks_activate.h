/* The activations that a node applies itself, in place, and their slopes: those
 * whose derivative follows from their output. */
#ifndef KS_ACTIVATE_H
#define KS_ACTIVATE_H

#include "ks_math.h"
#include "ks_ops.h"

#if KS_FLOATING

static inline void ks_activate(real *restrict y, int64_t n, int64_t activation) {
  switch (activation) {
    case KS_RELU:
      for (int64_t i = 0; i < n; i++) y[i] = y[i] < 0 ? 0 : y[i]; /* keeps nan */
      break;
    case KS_SIGMOID:
      for (int64_t i = 0; i < n; i++) y[i] = ks_sigmoid(y[i]);
      break;
    case KS_TANH:
      for (int64_t i = 0; i < n; i++) y[i] = ks_tanh(y[i]);
      break;
    default:
      break;
  }
}

/* dz = dy f'(y), for an f other than the identity. */
static inline void ks_activation_slope(real *restrict dz, const real *restrict dy,
                                       const real *restrict y, int64_t n, int64_t activation) {
  switch (activation) {
    case KS_RELU:
      for (int64_t i = 0; i < n; i++) dz[i] = y[i] > 0 ? dy[i] : 0;
      break;
    case KS_SIGMOID:
      for (int64_t i = 0; i < n; i++) dz[i] = dy[i] * y[i] * (1 - y[i]);
      break;
    default:
      for (int64_t i = 0; i < n; i++) dz[i] = dy[i] * (1 - y[i] * y[i]);
      break;
  }
}

#endif
#endif
