/* Products of matrices: of real numbers by gemm, of others exactly. */
#include <string.h>

#include "ks_gemm.h"
#include "ks_ops.h"
#include "ks_tiles.h"

#if KS_FLOATING

/* A batched product C = op(A) op(B); a step of 0 repeats the operand or, for
 * C, adds up over the batch. */
typedef struct {
  const ks_context *context;
  int trans_a, trans_b;
  int64_t batch, m, n, k;
  const real *a, *b;
  int64_t lda, ldb, step_a, step_b;
  real *c;
  int64_t step_c;
  int add;
} product_job;

static void product_range(void *arg, int64_t begin, int64_t end) {
  const product_job *p = arg;
  for (int64_t i = begin; i < end; i++) {
    ks_product one = {
        .trans_a = p->trans_a, .trans_b = p->trans_b, .m = p->m, .n = p->n, .k = p->k};
    one.a = p->a + i * p->step_a, one.lda = p->lda;
    one.b = p->b + i * p->step_b, one.ldb = p->ldb;
    one.c = p->c + i * p->step_c, one.ldc = p->n;
    one.add = p->add || (p->step_c == 0 && i > 0);
    KS_NAME(gemm)(p->context, &one, NULL, NULL);
  }
}

/* Small products are shared out by the batch, about 2 MFLOP a tile; large
 * ones run one after another, because gemm cuts each of them itself. So
 * do products that add up in one C, whose order is then that of the batch. */
static void run_product(product_job *p) {
  if (p->m == 0 || p->n == 0) return;
  if (p->batch == 0 && p->step_c == 0 && !p->add)
    memset(p->c, 0, (size_t)(p->m * p->n) * sizeof(real));
  double flop = 2.0 * (double)p->m * (double)p->n * (double)p->k + 1;
  int64_t step = flop < 4e6 ? (int64_t)(2e6 / flop) + 1 : p->batch;
  if (p->step_c == 0) step = p->batch;
  ks_parallel_range(p->context, p->batch, step, product_range, p);
}

/* The product that a matmul node stands for. A batch of matrices that meet
 * the same x1 is one tall matrix: one product instead of many. */
static product_job forward_product(const ks_node *node, const ks_context *context) {
  product_job p = {.context = context, .batch = node->size[0], .m = node->size[1]};
  p.n = node->size[2];
  p.k = node->size[3];
  p.trans_a = node->size[4] != 0;
  p.trans_b = node->size[5] != 0;
  p.step_a = node->size[6];
  p.step_b = node->size[7];
  if (!p.trans_a && p.step_b == 0 && p.step_a == p.m * p.k && p.batch > 1) {
    p.m *= p.batch;
    p.batch = 1;
  }
  p.a = node->in[0].data;
  p.b = node->in[1].data;
  p.lda = p.trans_a ? p.m : p.k;
  p.ldb = p.trans_b ? p.k : p.n;
  p.c = node->out[0].data;
  p.step_c = p.m * p.n;
  return p;
}

ks_status KS_NAME(matmul_forward)(ks_node *node, const ks_context *context) {
  product_job p = forward_product(node, context);
  run_product(&p);
  return KS_OK;
}

/* With Y = A' B', A' and B' being op(A) and op(B): dA' = dY B'^T and
 * dB' = A'^T dY, and their transposes where the operand is stored so. */
static product_job gradient_of_a(const product_job *p, const real *dy) {
  product_job d = {.context = p->context, .batch = p->batch, .k = p->n, .step_c = p->step_a};
  int64_t step_y = p->m * p->n;
  if (p->trans_a) { /* (k, m) = B' dY^T */
    d.trans_a = p->trans_b, d.a = p->b, d.lda = p->ldb, d.step_a = p->step_b, d.m = p->k;
    d.trans_b = 1, d.b = dy, d.ldb = p->n, d.step_b = step_y, d.n = p->m;
  } else { /* (m, k) = dY B'^T */
    d.trans_a = 0, d.a = dy, d.lda = p->n, d.step_a = step_y, d.m = p->m;
    d.trans_b = !p->trans_b, d.b = p->b, d.ldb = p->ldb, d.step_b = p->step_b, d.n = p->k;
  }
  return d;
}

static product_job gradient_of_b(const product_job *p, const real *dy) {
  product_job d = {.context = p->context, .batch = p->batch, .k = p->m, .step_c = p->step_b};
  int64_t step_y = p->m * p->n;
  if (p->trans_b) { /* (n, k) = dY^T A' */
    d.trans_a = 1, d.a = dy, d.lda = p->n, d.step_a = step_y, d.m = p->n;
    d.trans_b = p->trans_a, d.b = p->a, d.ldb = p->lda, d.step_b = p->step_a, d.n = p->k;
  } else { /* (k, n) = A'^T dY */
    d.trans_a = !p->trans_a, d.a = p->a, d.lda = p->lda, d.step_a = p->step_a, d.m = p->k;
    d.trans_b = 0, d.b = dy, d.ldb = p->n, d.step_b = step_y, d.n = p->n;
  }
  return d;
}

ks_status KS_NAME(matmul_backward)(ks_node *node, const ks_context *context) {
  product_job p = forward_product(node, context);
  for (int i = 0; i < 2; i++) {
    if (!node->in[i].grad) continue;
    product_job d =
        i == 0 ? gradient_of_a(&p, node->out[0].grad) : gradient_of_b(&p, node->out[0].grad);
    d.c = node->in[i].grad;
    d.add = node->in[i].add;
    run_product(&d);
  }
  return KS_OK;
}

#else

/* Integers wrap around, through unsigned types because signed overflow is undefined. Truth values
 * are multiplied by "and", and added by "or". */
#if KS_DTYPE_NUMBER == 5
#define PLUS_TIMES(sum, a, b) ((real)((sum) | ((a) & (b))))
#else
#define PLUS_TIMES(sum, a, b) ((real)((uint64_t)(sum) + (uint64_t)(a) * (uint64_t)(b)))
#endif

/* Rows of the products, counted through the batch. */
static void row_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  int64_t m = node->size[1], n = node->size[2], k = node->size[3];
  int trans_a = node->size[4] != 0, trans_b = node->size[5] != 0;
  for (int64_t row = begin; row < end; row++) {
    int64_t index = row / m, i = row % m;
    const real *a = (const real *)node->in[0].data + index * node->size[6] + i * (trans_a ? 1 : k);
    const real *b = (const real *)node->in[1].data + index * node->size[7];
    real *restrict y = (real *)node->out[0].data + row * n;
    memset(y, 0, (size_t)n * sizeof(real));
    for (int64_t l = 0; l < k; l++, a += trans_a ? m : 1, b += trans_b ? 1 : n)
      for (int64_t j = 0; j < n; j++) y[j] = PLUS_TIMES(y[j], *a, b[trans_b ? j * k : j]);
  }
}

ks_status KS_NAME(matmul_forward)(ks_node *node, const ks_context *context) {
  int64_t rows = node->size[0] * node->size[1], work = node->size[2] * node->size[3] + 1;
  ks_parallel_range(context, rows, KS_TILE_ELEMENTS / work + 1, row_range, node);
  return KS_OK;
}

#endif
