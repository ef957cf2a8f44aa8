/* Products of matrices, and the dense layer: product, bias and activation. */
#include <string.h>

#include "ks_activate.h"
#include "ks_columns.h"
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
    real beta = p->add || (p->step_c == 0 && i > 0) ? 1 : 0;
    ks_gemm(p->context, p->trans_a, p->trans_b, p->m, p->n, p->k, 1, p->a + i * p->step_a, p->lda,
            p->b + i * p->step_b, p->ldb, beta, p->c + i * p->step_c, p->n, NULL, NULL);
  }
}

/* Small products are shared out by the batch, about 2 MFLOP a tile; large
 * ones run one after another, because ks_gemm cuts each of them itself. So
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

typedef struct {
  real *y;
  const real *bias; /* NULL: none */
  ks_affine affine;
  int64_t n;
  int64_t activation;
} dense_job;

/* Rows of so many units are added to and rectified in one pass. */
#define WIDE 16

static void add_and_rectify(real *restrict y, const real *restrict bias, int64_t width) {
  for (int64_t c = 0; c < width; c++) {
    const real sum = y[c] + bias[c];
    y[c] = sum < 0 ? 0 : sum; /* as ks_activate: keeps nan */
  }
}

static void add_to_all(real *restrict y, real bias, int64_t count) {
  for (int64_t i = 0; i < count; i++) y[i] += bias;
}

/* The epilogue of the product. Whole rows lie side by side and are activated
 * as one: a loop over 10 units at a time would hardly vectorise. */
static void finish_tile(void *arg, int64_t row_begin, int64_t row_end, int64_t column_begin,
                        int64_t column_end) {
  const dense_job *job = arg;
  int64_t width = column_end - column_begin, rows = row_end - row_begin;
  int whole = width == job->n, just_bias = job->bias && !job->affine.mean;
  real *first = job->y + row_begin * job->n + column_begin;
  const real *bias = job->bias ? job->bias + column_begin : NULL;
  if (just_bias && job->activation == KS_RELU && width >= WIDE) {
    for (int64_t r = 0; r < rows; r++) add_and_rectify(first + r * job->n, bias, width);
    return;
  }
  if (just_bias && job->n == 1) {
    add_to_all(first, bias[0], rows);
    ks_activate(first, rows, job->activation);
    return;
  }
  for (int64_t r = 0; r < rows; r++) {
    real *restrict y = first + r * job->n;
    if (bias)
      for (int64_t c = 0; c < width; c++) y[c] += bias[c];
    if (job->affine.mean) ks_scale(y, width, ks_affine_from(job->affine, column_begin));
    if (!whole) ks_activate(y, width, job->activation);
  }
  if (whole) ks_activate(first, rows * width, job->activation);
}

ks_status KS_NAME(dense_forward)(ks_node *node, const ks_context *context) {
  int64_t m = node->size[0], n = node->size[1], k = node->size[2];
  dense_job job = {node->out[0].data, ks_bias_of(node), ks_affine_of(node), n, node->size[3]};
  int plain = !job.bias && !job.affine.mean && job.activation == KS_LINEAR;
  if (m == 0 || n == 0) return KS_OK;
  ks_gemm(context, 0, 0, m, n, k, 1, node->in[0].data, k, node->in[1].data, n, 0, job.y, n,
          plain ? NULL : finish_tile, &job);
  return KS_OK;
}

typedef struct {
  real *dz;
  const real *dy, *y;
  int64_t activation;
} derivative_job;

static void derivative_range(void *arg, int64_t begin, int64_t end) {
  const derivative_job *job = arg;
  ks_activation_slope(job->dz + begin, job->dy + begin, job->y + begin, end - begin,
                      job->activation);
}

typedef struct {
  const real *x;
  real *sum;
  int64_t m, n;
  int add;
} column_job;

static void column_range(void *arg, int64_t begin, int64_t end) {
  const column_job *job = arg;
  real total[KS_SUM_WIDTH];
  for (int64_t c0 = begin; c0 < end; c0 += KS_SUM_WIDTH) {
    int64_t width = end - c0 < KS_SUM_WIDTH ? end - c0 : KS_SUM_WIDTH;
    ks_sum_of_rows(total, job->x + c0, job->m, job->n, width);
    for (int64_t c = 0; c < width; c++)
      job->sum[c0 + c] = job->add ? job->sum[c0 + c] + total[c] : total[c];
  }
}

static void narrow_column_sums(const column_job *job) {
  real total[KS_SUM_WIDTH];
  ks_sum_of_narrow_rows(total, job->x, job->m, job->n);
  for (int64_t c = 0; c < job->n; c++) job->sum[c] = job->add ? job->sum[c] + total[c] : total[c];
}

/* Columns are shared out and never rows: each sum has one order. */
static void column_sums(const ks_context *context, column_job *job) {
  if (job->n > 0 && job->n <= KS_SUM_WIDTH / 2) {
    narrow_column_sums(job);
    return;
  }
  int64_t step = (KS_TILE_ELEMENTS / (job->m + 1) / KS_SUM_WIDTH + 1) * KS_SUM_WIDTH;
  ks_parallel_range(context, job->n, step, column_range, job);
}

ks_status KS_NAME(dense_backward)(ks_node *node, const ks_context *context) {
  int64_t m = node->size[0], n = node->size[1], k = node->size[2];
  ks_operand *x = &node->in[0], *w = &node->in[1];
  const real *dz = node->out[0].grad;
  if (node->size[3] != KS_LINEAR) {
    derivative_job job = {node->scratch, dz, node->out[0].data, node->size[3]};
    ks_parallel_elements(context, m * n, derivative_range, &job);
    dz = node->scratch;
  }
  if (x->grad && m > 0 && k > 0)
    ks_gemm(context, 0, 1, m, k, n, 1, dz, n, w->data, n, (real)x->add, x->grad, k, NULL, NULL);
  if (w->grad && k > 0 && n > 0)
    ks_gemm(context, 1, 0, k, n, m, 1, x->data, k, dz, n, (real)w->add, w->grad, n, NULL, NULL);
  if (node->n_in > 2 && node->in[2].grad) {
    column_job job = {dz, node->in[2].grad, m, n, node->in[2].add};
    column_sums(context, &job);
  }
  return KS_OK;
}
#endif
