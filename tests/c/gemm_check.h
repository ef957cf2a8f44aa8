/* A product for gemm to compute, and its check, compiled once per dtype and instruction set. */
#ifndef KT_GEMM_CHECK_H
#define KT_GEMM_CHECK_H

#include <stdint.h>

typedef struct {
  int64_t m, n, k, pad; /* pad: how much longer than needed the rows are */
  int trans_a, trans_b, with_epilogue;
  int add;
  int zeros;         /* percent of A */
  int is_not_finite; /* an element of B */
} kt_product;

typedef void (*kt_product_check)(const char *isa, kt_product p);

#define KT_DECLARE(isa)                                            \
  void ks_check_product_f32_##isa(const char *name, kt_product p); \
  void ks_check_product_f64_##isa(const char *name, kt_product p);

#if defined(__x86_64__)
KT_DECLARE(v2)
KT_DECLARE(v3)
KT_DECLARE(v4)
#else
KT_DECLARE(generic)
#endif

#endif
