#include "reference.h"

static number combined(int64_t how, number a, number b) {
  if (how == KS_SCATTER_ADD) {
#if KS_IS_REAL
    return a + b;
#elif KS_IS_BOOL
    return a || b;
#else
    return (number)((uint64_t)a + (uint64_t)b);
#endif
  }
  if (how == KS_SCATTER_MULTIPLY) {
#if KS_IS_REAL
    return a * b;
#elif KS_IS_BOOL
    return a && b;
#else
    return (number)((uint64_t)a * (uint64_t)b);
#endif
  }
  if (is_nan(a)) return a;
  if (is_nan(b)) return b;
  return how == KS_SCATTER_MAXIMUM ? (a > b ? a : b) : (a < b ? a : b);
}

FORWARD(scatter) {
  int64_t width = node->size[1], n = node->in[1].count;
  const real *x = node->in[0].data, *rows = node->in[2].data;
  real *y = node->out[0].data;
  ks_status status = check_indices(node, node->size[0]);
  if (status != KS_OK) return status;
  for (int64_t at = 0; at < node->out[0].count; at++) {
    number value = x[at];
    for (int64_t i = 0; i < n; i++)
      if (integer_at(&node->in[1], i) == at / width)
        value = combined(node->size[2], value, rows[i * width + at % width]);
    y[at] = (real)value;
  }
  return KS_OK;
}

#if KS_IS_REAL

BACKWARD(scatter) {
  int64_t width = node->size[1];
  const real *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count), *drows = new_sums(node->in[2].count);
  for (int64_t at = 0; at < node->out[0].count; at++) dx[at] += dy[at];
  for (int64_t r = 0; r < node->in[1].count; r++)
    for (int64_t c = 0; c < width; c++)
      drows[r * width + c] += dy[integer_at(&node->in[1], r) * width + c];
  give_gradient(&node->in[0], dx);
  give_gradient(&node->in[2], drows);
  return KS_OK;
}

#endif
