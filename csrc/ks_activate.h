/* The activations that a node applies itself, in place, and their slopes: those
 * whose derivative follows from their output. */
#ifndef KS_ACTIVATE_H
#define KS_ACTIVATE_H

#include "ks_math.h"
#include "ks_ops.h"

#ifdef KS_DTYPE
/* What a node does with its sums before their activation: for each channel
 * y = (sum - mean) * factor + offset, which channel_affine is. */
typedef struct {
  const real *mean, *factor, *offset; /* NULL: nothing */
} ks_affine;
#endif

#if KS_FLOATING

static inline real ks_scaled(real x, real mean, real factor, real offset) {
  return (x - mean) * factor + offset;
}

/* After x and the weights, dense and conv have a bias or not, and then three
 * inputs more or none. */
static inline const real *ks_bias_of(const ks_node *node) {
  return node->n_in == 3 || node->n_in == 6 ? node->in[2].data : NULL;
}

static inline ks_affine ks_affine_of(const ks_node *node) {
  if (node->n_in < 5) return (ks_affine){NULL, NULL, NULL};
  const ks_operand *last = node->in + node->n_in - 3;
  return (ks_affine){last[0].data, last[1].data, last[2].data};
}

/* Those of the channels from `first` on. */
static inline ks_affine ks_affine_from(ks_affine all, int64_t first) {
  if (!all.mean) return all;
  return (ks_affine){all.mean + first, all.factor + first, all.offset + first};
}

/* In place, a number of each channel. */
static inline void ks_scale(real *restrict y, int64_t channels, ks_affine by) {
  const real *restrict mean = by.mean, *restrict factor = by.factor, *restrict offset = by.offset;
  for (int64_t c = 0; c < channels; c++) y[c] = ks_scaled(y[c], mean[c], factor[c], offset[c]);
}

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

/* dz = dy f'(y), for an f other than the identity; dz may be dy. */
static inline void ks_activation_slope(real *dz, const real *dy, const real *restrict y, int64_t n,
                                       int64_t activation) {
  switch (activation) {
    case KS_RELU:
      for (int64_t i = 0; i < n; i++) dz[i] = ks_where_positive(y[i], dy[i]);
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
