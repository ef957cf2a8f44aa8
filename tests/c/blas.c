/* A BLAS for the tests: naive, so that sanitizers see every access. The sum
 * over k starts at a place that depends on the shape, as the blocking of a
 * real BLAS does: a cut by the number of threads would show in the bits. */
#include "harness.h"

enum { ROW_MAJOR = 101, TRANS = 112 };

#define DEFINE_BLAS(REAL, GEMM, GEMV)                                                             \
  /* sum of x[l] y[l] over l = start .. n - 1, 0 .. start - 1 */                                  \
  static REAL GEMM##_dot(int n, int start, const REAL *x, int64_t incx, const REAL *y,            \
                         int64_t incy) {                                                          \
    REAL sum = 0;                                                                                 \
    for (int64_t l = start; l < n; l++) sum += x[l * incx] * y[l * incy];                         \
    for (int64_t l = 0; l < start; l++) sum += x[l * incx] * y[l * incy];                         \
    return sum;                                                                                   \
  }                                                                                               \
                                                                                                  \
  static void GEMM(int order, int trans_a, int trans_b, int m, int n, int k, REAL alpha,          \
                   const REAL *a, int lda, const REAL *b, int ldb, REAL beta, REAL *c, int ldc) { \
    int ta = trans_a == TRANS, tb = trans_b == TRANS, start = k > 0 ? (3 * m + n) % k : 0;        \
    KT_EXPECT(order == ROW_MAJOR, "gemm: order %d", order);                                       \
    KT_EXPECT(lda >= (ta ? m : k) && ldb >= (tb ? k : n) && ldc >= n,                             \
              "gemm: m %d n %d k %d lda %d ldb %d ldc %d", m, n, k, lda, ldb, ldc);               \
    for (int64_t i = 0; i < m; i++)                                                               \
      for (int64_t j = 0; j < n; j++) {                                                           \
        REAL sum = GEMM##_dot(k, start, a + i * (ta ? 1 : lda), ta ? lda : 1,                     \
                              b + j * (tb ? ldb : 1), tb ? 1 : ldb);                              \
        REAL *result = &c[i * ldc + j];                                                           \
        *result = alpha * sum + (beta == 0 ? 0 : beta * *result);                                 \
      }                                                                                           \
  }                                                                                               \
                                                                                                  \
  static void GEMV(int order, int trans, int m, int n, REAL alpha, const REAL *a, int lda,        \
                   const REAL *x, int incx, REAL beta, REAL *y, int incy) {                       \
    int t = trans == TRANS, length = t ? n : m, sums = t ? m : n;                                 \
    int start = sums > 0 ? (3 * m + n) % sums : 0;                                                \
    KT_EXPECT(order == ROW_MAJOR && lda >= n, "gemv: order %d n %d lda %d", order, n, lda);       \
    for (int64_t i = 0; i < length; i++) {                                                        \
      REAL sum = GEMM##_dot(sums, start, a + i * (t ? 1 : lda), t ? lda : 1, x, incx);            \
      REAL *result = &y[i * incy];                                                                \
      *result = alpha * sum + (beta == 0 ? 0 : beta * *result);                                   \
    }                                                                                             \
  }

DEFINE_BLAS(float, naive_sgemm, naive_sgemv)
DEFINE_BLAS(double, naive_dgemm, naive_dgemv)

const ks_blas kt_naive_blas = {naive_sgemm, naive_dgemm, naive_sgemv, naive_dgemv};
