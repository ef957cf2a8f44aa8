/* gemm against a product by the definition, and its promises: C is read only
 * where it is added to, what lies between the rows of C is left alone, the
 * epilogue sees each finished element once, and the number of threads does
 * not change a bit. Zeros of A may be skipped, but not beside what is not finite. */
#include "gemm_check.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../csrc/ks_gemm.h"
#include "harness.h"

#define DTYPE (KS_SINGLE ? KS_FLOAT32 : KS_FLOAT64)
#define EPSILON (KS_SINGLE ? FLT_EPSILON : DBL_EPSILON)

typedef struct {
  real *values;
  int64_t rows, columns, row; /* from row to row */
} matrix;

typedef struct {
  matrix a, b, before;
} operands;

/* What the epilogue saw. */
typedef struct {
  const matrix *c;
  real *seen;
  int *times;
} notes;

/* The last row has no padding: nobody may read it. */
static int64_t count_of(const matrix *x) {
  return x->rows > 0 ? (x->rows - 1) * x->row + x->columns : 0;
}

static matrix new_matrix(int64_t rows, int64_t columns, int64_t pad) {
  matrix x = {NULL, rows, columns, columns + pad};
  ks_operand operand = {.dtype = DTYPE, .count = count_of(&x)};
  operand.data = kt_allocate(kt_bytes(DTYPE, operand.count));
  kt_fill(&operand, KT_UNIFORM);
  x.values = operand.data;
  return x;
}

static void put_zeros(matrix *x, int percent) {
  for (int64_t i = 0; i < count_of(x); i++)
    if (kt_random() % 100 < (uint64_t)percent) x->values[i] = i % 2 ? (real)-0.0 : 0;
}

static real at(const matrix *x, int transposed, int64_t i, int64_t j) {
  return transposed ? x->values[j * x->row + i] : x->values[i * x->row + j];
}

/* Several threads, each with its own rows or columns. */
static void note(void *arg, int64_t r0, int64_t r1, int64_t c0, int64_t c1) {
  notes *n = arg;
  for (int64_t i = r0; i < r1; i++)
    for (int64_t j = c0; j < c1; j++) {
      n->times[i * n->c->row + j]++;
      n->seen[i * n->c->row + j] = n->c->values[i * n->c->row + j];
    }
}

static void check_element(const kt_product *p, const operands *x, const matrix *c, int64_t i,
                          int64_t j) {
  long double sum = 0, size = 1, got = at(c, 0, i, j);
  for (int64_t l = 0; l < p->k; l++) {
    long double term = (long double)at(&x->a, p->trans_a, i, l) * at(&x->b, p->trans_b, l, j);
    sum += term;
    size += fabsl(term);
  }
  long double want = sum + (p->add ? at(&x->before, 0, i, j) : 0);
  int is_right = isfinite(want) ? fabsl(got - want) <= 8 * EPSILON * size
                                : isnan(want) == isnan(got) && (isnan(want) || got == want);
  if (!is_right)
    kt_failed("gemm %s m %lld n %lld k %lld %c%c add %d zeros %d: C[%lld, %lld] got %Lg want %Lg",
              kt_dtype_name(DTYPE), (long long)p->m, (long long)p->n, (long long)p->k,
              "nt"[p->trans_a], "nt"[p->trans_b], p->add, p->zeros, (long long)i, (long long)j, got,
              want);
}

static void check_notes(const kt_product *p, const notes *n, int64_t i, int64_t j) {
  int64_t place = i * n->c->row + j;
  if (n->times[place] != 1)
    kt_failed("gemm m %lld n %lld: the epilogue saw [%lld, %lld] %d times", (long long)p->m,
              (long long)p->n, (long long)i, (long long)j, n->times[place]);
  if (memcmp(&n->seen[place], &n->c->values[place], sizeof(real))) /* which may be nan */
    kt_failed("gemm m %lld n %lld: the epilogue saw [%lld, %lld] too early", (long long)p->m,
              (long long)p->n, (long long)i, (long long)j);
}

static void check_padding(const kt_product *p, const matrix *c, const matrix *before) {
  for (int64_t i = 0; i + 1 < c->rows; i++)
    if (memcmp(c->values + i * c->row + c->columns, before->values + i * c->row + c->columns,
               sizeof(real) * (size_t)(c->row - c->columns)))
      kt_failed("gemm m %lld n %lld: wrote behind row %lld", (long long)p->m, (long long)p->n,
                (long long)i);
}

/* C before the product; if it is not added to, its values must not matter. */
static matrix new_result(const kt_product *p, const operands *x) {
  matrix c = new_matrix(p->m, p->n, p->pad);
  for (int64_t i = 0; i < count_of(&c); i++)
    c.values[i] = !p->add && i % c.row < c.columns ? (real)NAN : x->before.values[i];
  return c;
}

static matrix multiply(const char *isa, const kt_product *p, const operands *x, int n_threads) {
  ks_context context = kt_context(isa, n_threads);
  matrix c = new_result(p, x);
  size_t count = (size_t)count_of(&c) + 1;
  notes n = {&c, calloc(count, sizeof(real)), calloc(count, sizeof(int))};
  ks_product product = {.m = p->m, .n = p->n, .k = p->k, .add = p->add};
  product.trans_a = p->trans_a, product.a = x->a.values, product.lda = x->a.row;
  product.trans_b = p->trans_b, product.b = x->b.values, product.ldb = x->b.row;
  product.c = c.values, product.ldc = c.row;
  KS_NAME(gemm)(&context, &product, p->with_epilogue ? note : NULL, &n);
  for (int64_t i = 0; i < p->m; i++)
    for (int64_t j = 0; j < p->n; j++) {
      if (n_threads == 1) check_element(p, x, &c, i, j);
      if (p->with_epilogue) check_notes(p, &n, i, j);
    }
  check_padding(p, &c, &x->before);
  free(n.seen);
  free(n.times);
  return c;
}

void KS_NAME(check_product)(const char *isa, kt_product p) {
  operands x = {
      new_matrix(p.trans_a ? p.k : p.m, p.trans_a ? p.m : p.k, p.pad),
      new_matrix(p.trans_b ? p.n : p.k, p.trans_b ? p.k : p.n, p.pad),
      new_matrix(p.m, p.n, p.pad),
  };
  put_zeros(&x.a, p.zeros);
  if (p.is_not_finite) x.b.values[count_of(&x.b) / 2] = (real)INFINITY;
  matrix one = multiply(isa, &p, &x, 1);
  for (int n_threads = 2; n_threads <= 4; n_threads += 2) {
    matrix several = multiply(isa, &p, &x, n_threads);
    KT_EXPECT(!memcmp(one.values, several.values, sizeof(real) * (size_t)count_of(&one)),
              "gemm %s m %lld n %lld k %lld: %d threads give other bits", kt_dtype_name(DTYPE),
              (long long)p.m, (long long)p.n, (long long)p.k, n_threads);
    free(several.values);
  }
  free(one.values);
  free(x.a.values);
  free(x.b.values);
  free(x.before.values);
}
