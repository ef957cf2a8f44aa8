/* Matrix products (ks_gemm.h): how they are shared, and who computes them. */
#include <string.h>

#include "ks_gemm.h"

#if KS_FLOATING

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
static int64_t tiles_of(double flops, int64_t m, int64_t n) {
  if (flops < WAKING_FLOPS) return flops >= SHARED_FLOPS && m >= n && m >= 2 * SHARED_ROWS ? 2 : 1;
  if (flops < 256e6) return 2;
  return flops < 4e9 ? 4 : 8;
}

/* Where tile `index` of `count` begins on an axis of `length`: at multiples of 16 columns, so that
 * no two tiles write one cache line of a row of C, or of the 4 rows that kernels take at once. */
static int64_t tile_begin(int64_t length, int64_t index, int64_t count, int by_rows) {
  if (index >= count) return length;
  int64_t begin = length * index / count;
  return begin - begin % (by_rows ? 4 : 16);
}

/* Products of no more columns are BLAS's. */
#define FEW_COLUMNS 3

#if KS_SINGLE
#define GEMM sgemm
#define GEMV sgemv
#else
#define GEMM dgemm
#define GEMV dgemv
#endif

typedef struct {
  const ks_context *context;
  const ks_product *product;
  int by_rows;
  int64_t n_tiles;
  ks_epilogue epilogue;
  void *job;
} gemm_job;

/* BLAS leaves C alone when k = 0. */
static void add_nothing(const ks_product *p) {
  for (int64_t i = 0; !p->add && i < p->m; i++)
    memset(p->c + i * p->ldc, 0, (size_t)p->n * sizeof(real));
}

/* One row: a product of a matrix and a vector. */
static void multiply_row(const ks_blas *blas, const ks_product *p) {
  int rows = (int)(p->trans_b ? p->n : p->k), columns = (int)(p->trans_b ? p->k : p->n);
  if (!p->add) memset(p->c, 0, sizeof(real) * (size_t)p->n); /* gemv may read C */
  blas->GEMV(ROW_MAJOR, p->trans_b ? NO_TRANS : TRANS, rows, columns, 1, p->b, (int)p->ldb, p->a, 1,
             p->add, p->c, 1);
}

static void multiply(const ks_blas *blas, const ks_product *p) {
  int is_ours = p->n > FEW_COLUMNS && !(p->trans_a && p->trans_b);
  if (p->k == 0)
    add_nothing(p);
  else if (p->m == 1 && !p->trans_a)
    multiply_row(blas, p);
  else if (KS_HAS_SPARSE_PRODUCTS && is_ours && KS_NAME(sparse_product)(p))
    return;
  else if (KS_HAS_PRODUCTS && is_ours)
    KS_NAME(product)(p);
  else
    blas->GEMM(ROW_MAJOR, p->trans_a ? TRANS : NO_TRANS, p->trans_b ? TRANS : NO_TRANS, (int)p->m,
               (int)p->n, (int)p->k, 1, p->a, (int)p->lda, p->b, (int)p->ldb, p->add, p->c,
               (int)p->ldc);
}

/* Rows r0 to r1 and columns c0 to c1 of C. */
static ks_product part_of(const ks_product *whole, int64_t r0, int64_t r1, int64_t c0, int64_t c1) {
  ks_product p = *whole;
  p.m = r1 - r0, p.n = c1 - c0;
  p.a += p.trans_a ? r0 : r0 * p.lda;
  p.b += p.trans_b ? c0 * p.ldb : c0;
  p.c += r0 * p.ldc + c0;
  return p;
}

static void run_gemm_tile(void *arg, int64_t tile) {
  const gemm_job *g = arg;
  int64_t m = g->product->m, n = g->product->n, length = g->by_rows ? m : n;
  int64_t begin = tile_begin(length, tile, g->n_tiles, g->by_rows);
  int64_t end = tile_begin(length, tile + 1, g->n_tiles, g->by_rows);
  if (begin == end) return;
  int64_t r0 = g->by_rows ? begin : 0, r1 = g->by_rows ? end : m;
  int64_t c0 = g->by_rows ? 0 : begin, c1 = g->by_rows ? n : end;
  ks_product part = part_of(g->product, r0, r1, c0, c1);
  multiply(&g->context->blas, &part);
  if (g->epilogue) g->epilogue(g->job, r0, r1, c0, c1);
}

void KS_NAME(gemm)(const ks_context *context, const ks_product *p, ks_epilogue epilogue,
                   void *job) {
  if (p->m == 0 || p->n == 0) return;
  gemm_job g = {context, p, p->m >= p->n, 1, epilogue, job};
  double flops = flops_of(p->m, p->n, p->k);
  if (p->k > 0) g.n_tiles = tiles_of(flops, p->m, p->n);
  ks_waking waking = flops < WAKING_FLOPS ? KS_WAKE_LATER : KS_WAKE_ALL;
  if (g.n_tiles == 1)
    run_gemm_tile(&g, 0);
  else
    ks_pool_run(context->pool, g.n_tiles, waking, run_gemm_tile, &g);
}

void KS_NAME(gemm_here)(const ks_context *context, const ks_product *p) {
  gemm_job g = {context, p, 1, 1, NULL, NULL};
  if (p->m > 0 && p->n > 0) run_gemm_tile(&g, 0);
}

#endif
