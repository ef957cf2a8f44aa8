#include "reference.h"

#if KS_IS_REAL

FORWARD(clip_value) {
  real *x = node->in[0].data, most = (real)node->attr[0];
  for (int64_t i = 0; i < node->in[0].count; i++) {
    if (x[i] > most) x[i] = most;
    if (x[i] < -most) x[i] = -most;
  }
  return KS_OK;
}

FORWARD(square_sum) {
  const real *x = node->in[0].data;
  wide sum = 0;
  for (int64_t i = 0; i < node->in[0].count; i++) sum += (wide)x[i] * x[i];
  *(double *)node->out[0].data = (double)(real)sum;
  return KS_OK;
}

/* Keras's clip_by_norm and clip_by_global_norm, step by step. */
FORWARD(clip_norm) {
  real *x = node->in[0].data;
  wide sum = 0, most = (real)node->attr[0];
  for (int64_t i = 0; i < node->in[1].count; i++) sum += ((const double *)node->in[1].data)[i];
  wide norm = sqrtl((real)sum);
  wide larger = norm <= most ? most : norm;
  wide scale = norm <= most ? 1 : most / norm + (norm - norm);
  for (int64_t i = 0; i < node->in[0].count; i++)
    x[i] = (real)(node->size[0] ? x[i] * scale : (real)(x[i] * most) / larger);
  return KS_OK;
}

FORWARD(accumulate) {
  real *x = node->in[0].data;
  const real *sum = node->in[1].data;
  wide divisor = *(const uint8_t *)node->in[2].data ? (wide)node->size[0] : 1;
  for (int64_t i = 0; i < node->in[0].count; i++) x[i] = (real)(((wide)x[i] + sum[i]) / divisor);
  return KS_OK;
}

FORWARD(average) {
  real *x = node->in[0].data;
  const real *now = node->in[1].data;
  int64_t step = *(const int64_t *)node->in[2].data;
  if (node->size[0] > 1) step /= node->size[0];
  wide momentum = step == 0 ? 0 : node->attr[0];
  for (int64_t i = 0; i < node->in[0].count; i++)
    x[i] = (real)(momentum * x[i] + (1 - momentum) * now[i]);
  return KS_OK;
}

FORWARD(is_turn) {
  int64_t step = *(const int64_t *)node->in[0].data / node->size[1];
  *(uint8_t *)node->out[0].data = (step + 1) % node->size[0] == 0;
  return KS_OK;
}

#endif
