#include "reference.h"

#if KS_IS_REAL

FORWARD(resample) {
  const int64_t n_from = node->size[1], n_to = node->size[2], inner = node->size[3];
  const real *x = node->in[0].data, *matrix = node->in[1].data;
  real *y = node->out[0].data;
  for (int64_t o = 0; o < node->size[0]; o++)
    for (int64_t to = 0; to < n_to; to++)
      for (int64_t i = 0; i < inner; i++) {
        wide sum = 0;
        for (int64_t from = 0; from < n_from; from++)
          sum += (wide)matrix[to * n_from + from] * x[(o * n_from + from) * inner + i];
        y[(o * n_to + to) * inner + i] = (real)sum;
      }
  return KS_OK;
}

BACKWARD(resample) {
  const int64_t n_from = node->size[1], n_to = node->size[2], inner = node->size[3];
  const real *dy = node->out[0].grad, *matrix = node->in[1].data;
  wide *dx = new_sums(node->in[0].count);
  for (int64_t o = 0; o < node->size[0]; o++)
    for (int64_t to = 0; to < n_to; to++)
      for (int64_t from = 0; from < n_from; from++)
        for (int64_t i = 0; i < inner; i++)
          dx[(o * n_from + from) * inner + i] +=
              (wide)matrix[to * n_from + from] * dy[(o * n_to + to) * inner + i];
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

#endif
