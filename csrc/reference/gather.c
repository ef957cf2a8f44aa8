#include "reference.h"

FORWARD(gather) {
  int64_t width = node->size[1];
  const real *x = node->in[0].data;
  real *y = node->out[0].data;
  ks_status status = check_indices(node, node->size[0]);
  if (status != KS_OK) return status;
  for (int64_t r = 0; r < node->in[1].count; r++)
    for (int64_t c = 0; c < width; c++)
      y[r * width + c] = x[integer_at(&node->in[1], r) * width + c];
  return KS_OK;
}

#if KS_IS_REAL

BACKWARD(gather) {
  int64_t width = node->size[1];
  const real *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  for (int64_t r = 0; r < node->in[1].count; r++)
    for (int64_t c = 0; c < width; c++)
      dx[integer_at(&node->in[1], r) * width + c] += dy[r * width + c];
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

#endif
