#include "reference.h"

static int is_real(int dtype) { return dtype == KS_FLOAT32 || dtype == KS_FLOAT64; }

static wide real_at(const ks_operand *operand, int64_t i) {
  if (operand->dtype == KS_FLOAT32) return ((const float *)operand->data)[i];
  return ((const double *)operand->data)[i];
}

static int64_t whole_at(const ks_operand *operand, int64_t i) {
  if (operand->dtype == KS_BOOL) return ((const uint8_t *)operand->data)[i];
  return integer_at(operand, i);
}

FORWARD(cast) {
  const ks_operand *in = &node->in[0];
  real *y = node->out[0].data;
  for (int64_t i = 0; i < node->out[0].count; i++) {
#if KS_IS_BOOL
    y[i] = is_real(in->dtype) ? real_at(in, i) != 0 : whole_at(in, i) != 0;
#else
    y[i] = is_real(in->dtype) ? (real)real_at(in, i) : (real)whole_at(in, i);
#endif
  }
  return KS_OK;
}

#if KS_IS_REAL

/* The gradient has the dtype of the input, not the table's. */
static void give_as(ks_operand *in, int64_t i, wide value) {
  if (in->dtype == KS_FLOAT32) {
    float *grad = in->grad;
    grad[i] = (float)(in->add ? grad[i] + value : value);
  } else {
    double *grad = in->grad;
    grad[i] = (double)(in->add ? grad[i] + value : value);
  }
}

BACKWARD(cast) {
  if (!node->in[0].grad) return KS_OK;
  const real *dy = node->out[0].grad;
  for (int64_t i = 0; i < node->out[0].count; i++) give_as(&node->in[0], i, dy[i]);
  return KS_OK;
}

FORWARD(one_hot) {
  int64_t classes = node->size[0];
  real *y = node->out[0].data;
  for (int64_t r = 0; r < node->in[0].count; r++)
    for (int64_t c = 0; c < classes; c++) y[r * classes + c] = integer_at(&node->in[0], r) == c;
  return KS_OK;
}

#endif
