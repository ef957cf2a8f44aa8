#include "reference.h"

static number plus(number total, number x) {
#if KS_IS_REAL
  return total + x;
#elif KS_IS_BOOL
  return total || x;
#else
  return (number)((uint64_t)total + (uint64_t)x);
#endif
}

FORWARD(cumsum) {
  const real *x = node->in[0].data;
  real *y = node->out[0].data;
  int64_t count = node->size[1], inner = node->size[2];
  for (int64_t at = 0; at < node->out[0].count; at++) {
    number total = 0;
    for (int64_t k = at / inner % count; k >= 0; k--) total = plus(total, x[at - k * inner]);
    y[at] = (real)total;
  }
  return KS_OK;
}

#if KS_IS_REAL
BACKWARD(cumsum) {
  const real *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  int64_t count = node->size[1], inner = node->size[2];
  for (int64_t at = 0; at < node->out[0].count; at++)
    for (int64_t k = at / inner % count; k < count; k++)
      dx[at] += dy[at + (k - at / inner % count) * inner];
  give_gradient(&node->in[0], dx);
  return KS_OK;
}
#endif
