/* ks_gemm against a product by the definition, and its promises: beta = 0
 * does not read C, what lies between the rows of C is left alone, the
 * epilogue sees each finished element once. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../csrc/ks_gemm.h"
#include "harness.h"

typedef struct {
  int64_t m, n, k, pad; /* pad: how much longer than needed the rows are */
  int trans_a, trans_b, n_threads, with_epilogue;
  double alpha, beta;
} product;

#define DEFINE_CHECK(REAL, SUFFIX, DTYPE, EPSILON)                                                 \
  typedef struct {                                                                                 \
    int64_t ldc;                                                                                   \
    const REAL *c;                                                                                 \
    REAL *seen;                                                                                    \
    int *times;                                                                                    \
  } epilogue_job_##SUFFIX;                                                                         \
                                                                                                   \
  static void note_##SUFFIX(void *arg, int64_t r0, int64_t r1, int64_t c0, int64_t c1) {           \
    epilogue_job_##SUFFIX *job = arg;                                                              \
    for (int64_t i = r0; i < r1; i++)                                                              \
      for (int64_t j = c0; j < c1; j++) {                                                          \
        job->times[i * job->ldc + j]++;                                                            \
        job->seen[i * job->ldc + j] = job->c[i * job->ldc + j];                                    \
      }                                                                                            \
  }                                                                                                \
                                                                                                   \
  static REAL *new_matrix_##SUFFIX(int64_t rows, int64_t row, int64_t used) {                      \
    /* the last row has no padding: nobody may read it */                                          \
    int64_t count = rows > 0 ? (rows - 1) * row + used : 0;                                        \
    ks_operand values = {.dtype = DTYPE, .count = count};                                          \
    values.data = kt_allocate(kt_bytes(DTYPE, count));                                             \
    kt_fill(&values, KT_UNIFORM);                                                                  \
    return values.data;                                                                            \
  }                                                                                                \
                                                                                                   \
  static void compare_##SUFFIX(const product *p, const REAL *a, int64_t lda, const REAL *b,        \
                               int64_t ldb, const REAL *before, const REAL *c, int64_t ldc,        \
                               const epilogue_job_##SUFFIX *job) {                                 \
    for (int64_t i = 0; i < p->m; i++) {                                                           \
      for (int64_t j = 0; j < p->n; j++) {                                                         \
        long double sum = 0, size = 1;                                                             \
        for (int64_t l = 0; l < p->k; l++) {                                                       \
          long double term = (long double)a[p->trans_a ? l * lda + i : i * lda + l] *              \
                             b[p->trans_b ? j * ldb + l : l * ldb + j];                            \
          sum += term;                                                                             \
          size += fabsl(term);                                                                     \
        }                                                                                          \
        int64_t at = i * ldc + j;                                                                  \
        long double want = p->alpha * sum + (p->beta == 0 ? 0 : p->beta * before[at]);             \
        KT_EXPECT(fabsl(c[at] - want) <= 8 * EPSILON * size,                                       \
                  "gemm " #SUFFIX                                                                  \
                  " m %lld n %lld k %lld %c%c alpha %g beta %g threads %d: "                       \
                  "C[%lld, %lld] got %.9g want %.9Lg",                                             \
                  (long long)p->m, (long long)p->n, (long long)p->k, "nt"[p->trans_a],             \
                  "nt"[p->trans_b], p->alpha, p->beta, p->n_threads, (long long)i, (long long)j,   \
                  (double)c[at], want);                                                            \
        if (!p->with_epilogue) continue;                                                           \
        KT_EXPECT(job->times[at] == 1, "gemm m %lld n %lld: epilogue saw [%lld, %lld] %d times",   \
                  (long long)p->m, (long long)p->n, (long long)i, (long long)j, job->times[at]);   \
        KT_EXPECT(job->seen[at] == c[at], "gemm: epilogue before the end");                        \
      }                                                                                            \
      for (int64_t j = p->n; j < ldc && i + 1 < p->m; j++)                                         \
        KT_EXPECT(memcmp(&c[i * ldc + j], &before[i * ldc + j], sizeof(REAL)) == 0,                \
                  "gemm m %lld n %lld: wrote between the rows", (long long)p->m, (long long)p->n); \
    }                                                                                              \
  }                                                                                                \
                                                                                                   \
  /* Returns C, to be compared with that of another number of threads. */                          \
  static REAL *check_##SUFFIX(const product *p, const char *isa, const REAL *a, const REAL *b,     \
                              const REAL *before) {                                                \
    int64_t lda = (p->trans_a ? p->m : p->k) + p->pad, ldb = (p->trans_b ? p->k : p->n) + p->pad;  \
    int64_t ldc = p->n + p->pad, count = p->m > 0 ? (p->m - 1) * ldc + p->n : 0;                   \
    ks_context context = kt_context(isa, p->n_threads);                                            \
    REAL *c = kt_allocate((int64_t)sizeof(REAL) * count);                                          \
    epilogue_job_##SUFFIX job = {ldc, c, kt_allocate((int64_t)sizeof(REAL) * count),               \
                                 calloc((size_t)count + 1, sizeof(int))};                          \
    for (int64_t i = 0; i < count; i++) c[i] = p->beta == 0 && i % ldc < p->n ? NAN : before[i];   \
    ks_gemm_##SUFFIX(&context, p->trans_a, p->trans_b, p->m, p->n, p->k, (REAL)p->alpha, a, lda,   \
                     b, ldb, (REAL)p->beta, c, ldc, p->with_epilogue ? note_##SUFFIX : NULL,       \
                     &job);                                                                        \
    compare_##SUFFIX(p, a, lda, b, ldb, before, c, ldc, &job);                                     \
    free(job.seen);                                                                                \
    free(job.times);                                                                               \
    return c;                                                                                      \
  }                                                                                                \
                                                                                                   \
  static void check_threads_##SUFFIX(product p, const char *isa) {                                 \
    int64_t ldc = p.n + p.pad, count = p.m > 0 ? (p.m - 1) * ldc + p.n : 0;                        \
    int64_t rows_a = p.trans_a ? p.k : p.m, row_a = p.trans_a ? p.m : p.k;                         \
    int64_t rows_b = p.trans_b ? p.n : p.k, row_b = p.trans_b ? p.k : p.n;                         \
    REAL *a = new_matrix_##SUFFIX(rows_a, row_a + p.pad, row_a);                                   \
    REAL *b = new_matrix_##SUFFIX(rows_b, row_b + p.pad, row_b);                                   \
    REAL *before = new_matrix_##SUFFIX(p.m, ldc, p.n);                                             \
    REAL *one = NULL;                                                                              \
    for (p.n_threads = 1; p.n_threads <= 4; p.n_threads *= 2) {                                    \
      REAL *c = check_##SUFFIX(&p, isa, a, b, before);                                             \
      if (one)                                                                                     \
        KT_EXPECT(memcmp(one, c, sizeof(REAL) * (size_t)count) == 0,                               \
                  "gemm " #SUFFIX " m %lld n %lld k %lld: %d threads give other bits",             \
                  (long long)p.m, (long long)p.n, (long long)p.k, p.n_threads);                    \
      if (one)                                                                                     \
        free(c);                                                                                   \
      else                                                                                         \
        one = c;                                                                                   \
    }                                                                                              \
    free(one);                                                                                     \
    free(a);                                                                                       \
    free(b);                                                                                       \
    free(before);                                                                                  \
  }

DEFINE_CHECK(float, f32, KS_FLOAT32, FLT_EPSILON)
DEFINE_CHECK(double, f64, KS_FLOAT64, DBL_EPSILON)

static void check_shape(int64_t m, int64_t n, int64_t k, int64_t pad) {
  static const double factors[][2] = {{1, 0}, {1, 1}, {-0.5, 2}};
  int best = 0;
  const char *isa = kt_next_isa(&best);
  for (int trans = 0; trans < 4; trans++)
    for (int f = 0; f < 3; f++) {
      product p = {m, n, k, pad, trans & 1, trans >> 1, 1, f < 2, factors[f][0], factors[f][1]};
      check_threads_f32(p, isa);
      check_threads_f64(p, isa);
    }
}

int main(void) {
  static const int64_t shapes[][3] = {{1, 1, 1},
                                      {1, 7, 5},
                                      {7, 1, 5},
                                      {5, 7, 1},
                                      {0, 3, 2},
                                      {3, 0, 2},
                                      {3, 2, 0},
                                      {17, 9, 33},
                                      {16, 32, 16},
                                      {1, 300, 40},
                                      {300, 1, 40},
                                      /* cut into tiles */
                                      {130, 70, 121},
                                      {70, 130, 121},
                                      {1, 4001, 260},
                                      {4001, 1, 260},
                                      {3, 4001, 90},
                                      {15, 15, 4600}};
  for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++)
    for (int64_t pad = 0; pad <= 3; pad += 3)
      check_shape(shapes[i][0], shapes[i][1], shapes[i][2], pad);
  return kt_summary("gemm");
}
