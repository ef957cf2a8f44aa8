/* A product for ks_gemm to compute, and its check, compiled once per dtype
 * (-DKS_DTYPE, with KS_ISA = check). */
#ifndef KT_GEMM_CHECK_H
#define KT_GEMM_CHECK_H

#include <stdint.h>

typedef struct {
  int64_t m, n, k, pad; /* pad: how much longer than needed the rows are */
  int trans_a, trans_b, with_epilogue;
  double alpha, beta;
} kt_product;

void ks_check_product_f32_check(kt_product p);
void ks_check_product_f64_check(kt_product p);

#endif
