/* Matrix products, cut into tiles by shape, and each tile by BLAS or by our own code.
 *
 * C[m, n] = op(A) op(B), or C += that, row-major; op(X) is X or its transpose; lda, ldb, ldc are
 * row lengths of the stored matrices. C is not read unless it is added to. k = 0 writes zeros.
 *
 * After a tile of C is done, while it is warm, `epilogue` (may be NULL) is
 * called with the rows and columns of the tile.
 */
#ifndef KS_GEMM_H
#define KS_GEMM_H

#include "ks_context.h"

typedef void (*ks_epilogue)(void *job, int64_t row_begin, int64_t row_end, int64_t column_begin,
                            int64_t column_end);

#ifdef KS_DTYPE
#if KS_FLOATING
#include "ks_vector.h"

/* With AVX-512 most products are ours: no slower than OpenBLAS's kernels with AVX-512, but for the
 * narrowest ones, and up to twice as fast as its kernels without. */
#define KS_HAS_PRODUCTS (KS_VECTOR_BYTES == 64)

typedef struct {
  int trans_a, trans_b;
  int64_t m, n, k;
  const real *a;
  int64_t lda;
  const real *b;
  int64_t ldb;
  real *c;
  int64_t ldc;
  int add;
} ks_product;

void KS_NAME(gemm)(const ks_context *context, const ks_product *product, ks_epilogue epilogue,
                   void *job);

/* The same as one tile, by the calling thread. */
void KS_NAME(gemm_here)(const ks_context *context, const ks_product *product);

/* product.c, if KS_HAS_PRODUCTS: a tile without BLAS. None of m, n and k is 0, and not both
 * operands are transposed. */
void KS_NAME(product)(const ks_product *product);

/* Its bits of comparisons take AVX. */
#define KS_HAS_SPARSE_PRODUCTS (KS_VECTOR_BYTES >= 32)

/* sparse_product.c, if KS_HAS_SPARSE_PRODUCTS: the same if A has zeros enough, or 0. */
int KS_NAME(sparse_product)(const ks_product *product);

#endif
#endif
#endif
