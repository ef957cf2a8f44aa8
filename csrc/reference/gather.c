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

/* Axis by axis, each with its stride; wrong indices are looked for first. */
FORWARD(flat_index) {
  const int64_t n_axes = node->size[0], *sizes = node->size + 1;
  int64_t *y = node->out[0].data;
  for (int64_t at = 0; at < node->in[0].count; at++) {
    int64_t index = integer_at(&node->in[0], at), size = sizes[at % n_axes];
    if (index >= -size && index < size) continue;
    node->error_position = at;
    node->error_value = index;
    return KS_INDEX_OUT_OF_RANGE;
  }
  memset(y, 0, (size_t)node->out[0].count * sizeof *y);
  for (int64_t stride = 1, d = n_axes - 1; d >= 0; stride *= sizes[d--])
    for (int64_t i = 0; i < node->out[0].count; i++) {
      int64_t index = integer_at(&node->in[0], i * n_axes + d);
      y[i] += stride * (index < 0 ? sizes[d] + index : index);
    }
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
