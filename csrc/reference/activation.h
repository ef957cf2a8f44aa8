/* The activations that dense and conv apply themselves, and their slopes. */
#ifndef KS_REFERENCE_ACTIVATION_H
#define KS_REFERENCE_ACTIVATION_H

#include "reference.h"

#if KS_IS_REAL

/* What dense and conv do with z before that, if the node has the inputs. */
static inline wide scaled(const ks_node *node, wide z, int64_t channel) {
  const ks_operand *last = node->in + node->n_in - 3;
  if (node->n_in < 5) return z;
  const real *mean = last[0].data, *factor = last[1].data, *offset = last[2].data;
  return (z - mean[channel]) * factor[channel] + offset[channel];
}

static inline wide activate(int64_t activation, wide z) {
  switch (activation) {
    case KS_RELU:
      return z < 0 ? 0 : z;
    case KS_SIGMOID:
      return 1 / (1 + expl(-z));
    case KS_TANH:
      return tanhl(z);
    default:
      return z;
  }
}

static inline wide slope(int64_t activation, wide z) {
  switch (activation) {
    case KS_RELU:
      return z > 0;
    case KS_SIGMOID:
      return activate(KS_SIGMOID, z) * activate(KS_SIGMOID, -z);
    case KS_TANH:
      return 1 / (coshl(z) * coshl(z));
    default:
      return 1;
  }
}

#endif
#endif
