/* What the naive versions of the ops share.
 *
 * They are the oracle of the kernels in csrc/: written from the formulas in
 * ks_ops.h alone, one element after the other, in `long double`, rounded once
 * at the end. They may allocate; nobody waits for them. Built with
 * -DKS_ISA=reference and linked only into the tests.
 */
#ifndef KS_REFERENCE_H
#define KS_REFERENCE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../ks_ops.h"

#define KS_IS_REAL KS_FLOATING
#define KS_IS_BOOL (KS_DTYPE_NUMBER == 5)

typedef long double wide;

/* What one computes in: for integers 64 bits, cut down at the end. */
#if KS_IS_REAL
typedef wide number;
#define is_nan(x) isnan(x)
#else
typedef int64_t number;
#define is_nan(x) ((void)(x), 0)
#endif

/* clang-format off */
#define UNUSED __attribute__((unused))
#define FORWARD(name) \
  ks_status KS_NAME(name##_forward)(ks_node *node, UNUSED const ks_context *context)
#define BACKWARD(name) \
  ks_status KS_NAME(name##_backward)(ks_node *node, UNUSED const ks_context *context)
/* clang-format on */

/* Zeros, in which the gradient of an input is gathered. */
static inline wide *new_sums(int64_t count) { return calloc((size_t)count + 1, sizeof(wide)); }

#if KS_IS_REAL
/* Writes or adds a gathered gradient, if it is wanted, and frees it. */
static inline void give_gradient(ks_operand *in, wide *sums) {
  real *grad = in->grad;
  if (grad)
    for (int64_t i = 0; i < in->count; i++) grad[i] = (real)(in->add ? grad[i] + sums[i] : sums[i]);
  free(sums);
}
#endif

/* Where position i of the loops lies in operand `which`. */
static inline int64_t offset_at(const ks_node *node, int which, int64_t i) {
  int64_t offset = 0;
  for (int d = node->n_dims - 1; d >= 0; d--) {
    offset += i % node->dims[d] * node->strides[which][d];
    i /= node->dims[d];
  }
  return offset;
}

/* An int32 or int64 operand's element: a label or an index. */
static inline int64_t integer_at(const ks_operand *operand, int64_t i) {
  if (operand->dtype == KS_INT32) return ((const int32_t *)operand->data)[i];
  return ((const int64_t *)operand->data)[i];
}

/* The first of in[1] that is not in 0 .. limit - 1. */
static inline ks_status check_indices(ks_node *node, int64_t limit) {
  for (int64_t i = 0; i < node->in[1].count; i++) {
    int64_t index = integer_at(&node->in[1], i);
    if (index >= 0 && index < limit) continue;
    node->error_position = i;
    node->error_value = index;
    return KS_INDEX_OUT_OF_RANGE;
  }
  return KS_OK;
}

#endif
