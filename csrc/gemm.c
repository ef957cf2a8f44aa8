#include <stdbool.h>
#include <string.h>

#include "ks_gemm.h"

/* CBLAS's own constants. */
enum { ROW_MAJOR = 101, NO_TRANS = 111, TRANS = 112 };

/* From here on a product is shared, and from there on it is worth waking threads. An element that
 * is read or written takes about as long as so many operations. */
#define SHARED_FLOPS 2e5
#define WAKING_FLOPS 2e6
#define FLOPS_AN_ELEMENT 16

/* Rows of each of two tiles of a product below WAKING_FLOPS, at least. With fewer, as there are in
 * batches of 32, threads get more of each other's cache than they save. */
#define SHARED_ROWS 64

static double flops_of(int64_t m, int64_t n, int64_t k) {
  double elements = (double)m * (double)k + (double)k * (double)n + (double)m * (double)n;
  return 2.0 * (double)m * (double)n * (double)k + FLOPS_AN_ELEMENT * elements;
}

/* Tiles of a product, by its shape alone. Few: two tiles cost one thread 3 to
 * 10 %, eight 14 to 28 %, because BLAS packs its operands anew for each. */
static int64_t tiles_of(int64_t m, int64_t n, int64_t k) {
  double flops = flops_of(m, n, k);
  if (flops < WAKING_FLOPS) return flops >= SHARED_FLOPS && m >= n && m >= 2 * SHARED_ROWS ? 2 : 1;
  if (flops < 256e6) return 2;
  return flops < 4e9 ? 4 : 8;
}

/* Where tile `index` of `count` begins on an axis of `length`: at multiples of 16 columns, so that
 * no two tiles write one cache line of a row of C, or of the 4 rows that kernels take at once. */
static int64_t tile_begin(int64_t length, int64_t index, int64_t count, bool by_rows) {
  if (index >= count) return length;
  int64_t begin = length * index / count;
  return begin - begin % (by_rows ? 4 : 16);
}

/* One source for both dtypes: REAL, its suffix, and BLAS's routines. */
#define DEFINE_GEMM(REAL, SUFFIX, GEMM, GEMV)                                                      \
  typedef struct {                                                                                 \
    const ks_context *context;                                                                     \
    bool trans_a, trans_b, by_rows;                                                                \
    int64_t m, n, k, lda, ldb, ldc, n_tiles;                                                       \
    REAL alpha, beta;                                                                              \
    const REAL *a, *b;                                                                             \
    REAL *c;                                                                                       \
    ks_epilogue epilogue;                                                                          \
    void *job;                                                                                     \
  } gemm_job_##SUFFIX;                                                                             \
                                                                                                   \
  /* BLAS leaves C alone when k = 0; we promise beta * C. */                                       \
  static void scale_##SUFFIX(const gemm_job_##SUFFIX *g, int64_t r0, int64_t r1) {                 \
    for (int64_t i = r0; i < r1; i++)                                                              \
      for (int64_t j = 0; j < g->n; j++)                                                           \
        g->c[i * g->ldc + j] = g->beta == 0 ? 0 : g->beta * g->c[i * g->ldc + j];                  \
  }                                                                                                \
                                                                                                   \
  static void multiply_##SUFFIX(const gemm_job_##SUFFIX *g, int64_t r0, int64_t r1, int64_t c0,    \
                                int64_t c1) {                                                      \
    const REAL *a = g->a + (g->trans_a ? r0 : r0 * g->lda);                                        \
    const REAL *b = g->b + (g->trans_b ? c0 * g->ldb : c0);                                        \
    REAL *c = g->c + r0 * g->ldc + c0;                                                             \
    if (r1 - r0 == 1 && !g->trans_a) { /* one row: a product of a matrix and a vector */           \
      int rows = (int)(g->trans_b ? c1 - c0 : g->k), columns = (int)(g->trans_b ? g->k : c1 - c0); \
      if (g->beta == 0) memset(c, 0, sizeof(REAL) * (size_t)(c1 - c0)); /* gemv may read C */      \
      g->context->blas.GEMV(ROW_MAJOR, g->trans_b ? NO_TRANS : TRANS, rows, columns, g->alpha, b,  \
                            (int)g->ldb, a, 1, g->beta, c, 1);                                     \
      return;                                                                                      \
    }                                                                                              \
    g->context->blas.GEMM(ROW_MAJOR, g->trans_a ? TRANS : NO_TRANS, g->trans_b ? TRANS : NO_TRANS, \
                          (int)(r1 - r0), (int)(c1 - c0), (int)g->k, g->alpha, a, (int)g->lda, b,  \
                          (int)g->ldb, g->beta, c, (int)g->ldc);                                   \
  }                                                                                                \
                                                                                                   \
  static void gemm_tile_##SUFFIX(void *arg, int64_t tile) {                                        \
    const gemm_job_##SUFFIX *g = arg;                                                              \
    int64_t length = g->by_rows ? g->m : g->n;                                                     \
    int64_t begin = tile_begin(length, tile, g->n_tiles, g->by_rows);                              \
    int64_t end = tile_begin(length, tile + 1, g->n_tiles, g->by_rows);                            \
    if (begin == end) return;                                                                      \
    int64_t r0 = g->by_rows ? begin : 0, r1 = g->by_rows ? end : g->m;                             \
    int64_t c0 = g->by_rows ? 0 : begin, c1 = g->by_rows ? g->n : end;                             \
    if (g->k == 0)                                                                                 \
      scale_##SUFFIX(g, r0, r1);                                                                   \
    else                                                                                           \
      multiply_##SUFFIX(g, r0, r1, c0, c1);                                                        \
    if (g->epilogue) g->epilogue(g->job, r0, r1, c0, c1);                                          \
  }                                                                                                \
                                                                                                   \
  void ks_gemm_##SUFFIX(const ks_context *context, int trans_a, int trans_b, int64_t m, int64_t n, \
                        int64_t k, REAL alpha, const REAL *a, int64_t lda, const REAL *b,          \
                        int64_t ldb, REAL beta, REAL *c, int64_t ldc, ks_epilogue epilogue,        \
                        void *job) {                                                               \
    if (m == 0 || n == 0) return;                                                                  \
    gemm_job_##SUFFIX g = {context, trans_a, trans_b, m >= n, m, n, k, lda,      ldb,              \
                           ldc,     1,       alpha,   beta,   a, b, c, epilogue, job};             \
    g.n_tiles = k == 0 ? 1 : tiles_of(m, n, k);                                                    \
    if (g.n_tiles == 1)                                                                            \
      gemm_tile_##SUFFIX(&g, 0);                                                                   \
    else                                                                                           \
      ks_pool_run(context->pool, g.n_tiles,                                                        \
                  flops_of(m, n, k) < WAKING_FLOPS ? KS_WAKE_LATER : KS_WAKE_ALL,                  \
                  gemm_tile_##SUFFIX, &g);                                                         \
  }                                                                                                \
                                                                                                   \
  void ks_gemm_here_##SUFFIX(const ks_context *context, int trans_a, int trans_b, int64_t m,       \
                             int64_t n, int64_t k, REAL alpha, const REAL *a, int64_t lda,         \
                             const REAL *b, int64_t ldb, REAL beta, REAL *c, int64_t ldc) {        \
    if (m == 0 || n == 0) return;                                                                  \
    gemm_job_##SUFFIX g = {context, trans_a, trans_b, m >= n, m, n, k, lda,  ldb,                  \
                           ldc,     1,       alpha,   beta,   a, b, c, NULL, NULL};                \
    gemm_tile_##SUFFIX(&g, 0);                                                                     \
  }

DEFINE_GEMM(float, f32, sgemm, sgemv)
DEFINE_GEMM(double, f64, dgemm, dgemv)
