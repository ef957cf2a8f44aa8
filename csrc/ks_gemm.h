/* Matrix products through the BLAS table, cut into tiles by shape.
 *
 * C[m, n] = alpha * op(A) op(B) + beta * C, row-major; op(X) is X or its
 * transpose; lda, ldb, ldc are row lengths of the stored matrices. beta = 0
 * writes C without reading it. k = 0 writes beta * C.
 *
 * After a tile of C is done, while it is warm, `epilogue` (may be NULL) is
 * called with the rows and columns of the tile.
 */
#ifndef KS_GEMM_H
#define KS_GEMM_H

#include "ks_context.h"

typedef void (*ks_epilogue)(void *job, int64_t row_begin, int64_t row_end, int64_t column_begin,
                            int64_t column_end);

void ks_gemm_f32(const ks_context *context, int trans_a, int trans_b, int64_t m, int64_t n,
                 int64_t k, float alpha, const float *a, int64_t lda, const float *b, int64_t ldb,
                 float beta, float *c, int64_t ldc, ks_epilogue epilogue, void *job);
void ks_gemm_f64(const ks_context *context, int trans_a, int trans_b, int64_t m, int64_t n,
                 int64_t k, double alpha, const double *a, int64_t lda, const double *b,
                 int64_t ldb, double beta, double *c, int64_t ldc, ks_epilogue epilogue, void *job);

/* The same as one tile, by the calling thread. */
void ks_gemm_here_f32(const ks_context *context, int trans_a, int trans_b, int64_t m, int64_t n,
                      int64_t k, float alpha, const float *a, int64_t lda, const float *b,
                      int64_t ldb, float beta, float *c, int64_t ldc);
void ks_gemm_here_f64(const ks_context *context, int trans_a, int trans_b, int64_t m, int64_t n,
                      int64_t k, double alpha, const double *a, int64_t lda, const double *b,
                      int64_t ldb, double beta, double *c, int64_t ldc);

#ifdef KS_DTYPE
#if KS_DTYPE_NUMBER == 1
#define ks_gemm ks_gemm_f32
#define ks_gemm_here ks_gemm_here_f32
#elif KS_DTYPE_NUMBER == 2
#define ks_gemm ks_gemm_f64
#define ks_gemm_here ks_gemm_here_f64
#endif
#endif

#endif
