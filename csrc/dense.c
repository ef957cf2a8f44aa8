/* The dense layer: product, bias and activation. */
#include "ks_activate.h"
#include "ks_columns.h"
#include "ks_dense.h"
#include "ks_gemm.h"
#include "ks_ops.h"
#include "ks_tiles.h"

#if KS_FLOATING

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
  ks_product product = {.m = m, .n = n, .k = k, .lda = k, .ldb = n, .ldc = n};
  product.a = node->in[0].data, product.b = node->in[1].data, product.c = job.y;
  KS_NAME(gemm)(context, &product, plain ? NULL : finish_tile, &job);
  return KS_OK;
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

static int is_narrow(const column_job *job) { return job->n > 0 && job->n <= KS_SUM_WIDTH / 2; }

static void column_sums_here(column_job *job) {
  if (is_narrow(job))
    narrow_column_sums(job);
  else
    column_range(job, 0, job->n);
}

/* Columns are shared out and never rows: each sum has one order. */
static void column_sums(const ks_context *context, column_job *job) {
  if (is_narrow(job)) {
    narrow_column_sums(job);
    return;
  }
  int64_t step = (KS_TILE_ELEMENTS / (job->m + 1) / KS_SUM_WIDTH + 1) * KS_SUM_WIDTH;
  ks_parallel_range(context, job->n, step, column_range, job);
}

typedef struct {
  const ks_context *context;
  const ks_node *node;
  int64_t m, n, k;
  ks_dense_plan plan;
  const real *dy, *dz; /* the same where the activation is linear */
} backward_job;

static backward_job backward_of(const ks_node *node, const ks_context *context) {
  backward_job j = {.context = context, .node = node, .plan = ks_dense_plan_of(node)};
  j.m = node->size[0], j.n = node->size[1], j.k = node->size[2];
  j.dy = node->out[0].grad;
  j.dz = node->size[3] == KS_LINEAR ? j.dy : node->scratch;
  return j;
}

/* The sums of a block, which are at `at` in that of the second. */
static real *sums_of(const backward_job *j, int64_t at, int64_t block) {
  return (real *)((char *)j->node->scratch + at + (block - 1) * j->plan.block_bytes);
}

static ks_product gradient_of_x(const backward_job *j, int64_t row, int64_t rows) {
  const ks_operand *x = &j->node->in[0];
  ks_product p = {.trans_b = 1, .m = rows, .n = j->k, .k = j->n, .add = x->add};
  p.a = j->dz + row * j->n, p.lda = j->n;
  p.b = j->node->in[1].data, p.ldb = j->n;
  p.c = (real *)x->grad + row * j->k, p.ldc = j->k;
  return p;
}

/* What some rows give. */
static ks_product gradient_of_w(const backward_job *j, int64_t row, int64_t rows, real *dw,
                                int add) {
  ks_product p = {.trans_a = 1, .m = j->k, .n = j->n, .k = rows, .add = add};
  p.a = (const real *)j->node->in[0].data + row * j->k, p.lda = j->k;
  p.b = j->dz + row * j->n, p.ldb = j->n;
  p.c = dw, p.ldc = j->n;
  return p;
}

/* The gradient of x, of some rows, where there is one unit: a column times a row, for which BLAS
 * takes three times as long. */
static void outer_product(const backward_job *j, int64_t row, int64_t rows) {
  const ks_operand *x = &j->node->in[0];
  const real *restrict w = j->node->in[1].data;
  for (int64_t r = row; r < row + rows; r++) {
    const real dz = j->dz[r];
    real *restrict dx = (real *)x->grad + r * j->k;
    if (x->add)
      for (int64_t c = 0; c < j->k; c++) dx[c] += dz * w[c];
    else
      for (int64_t c = 0; c < j->k; c++) dx[c] = dz * w[c];
  }
}

/* ---- by blocks of rows: a thread goes through all of it with rows that are in its cache ---- */

static void slope_of_rows(const backward_job *j, int64_t row, int64_t rows) {
  int64_t at = row * j->n;
  if (j->dz != j->dy)
    ks_activation_slope((real *)j->dz + at, j->dy + at, (const real *)j->node->out[0].data + at,
                        rows * j->n, j->node->size[3]);
}

static void backward_blocks(void *arg, int64_t begin, int64_t end) {
  const backward_job *j = arg;
  const ks_operand *x = &j->node->in[0], *w = &j->node->in[1], *b = &j->node->in[2];
  int64_t n = j->n;
  for (int64_t block = begin; block < end; block++) {
    int64_t row = ks_dense_row(j->m, block, j->plan.blocks);
    int64_t rows = ks_dense_row(j->m, block + 1, j->plan.blocks) - row;
    const real *dz = j->dz + row * n;
    slope_of_rows(j, row, rows);
    if (x->grad && n == 1) outer_product(j, row, rows);
    if (x->grad && n > 1) {
      ks_product dx = gradient_of_x(j, row, rows);
      KS_NAME(gemm_here)(j->context, &dx);
    }
    if (w->grad) {
      real *to = block ? sums_of(j, j->plan.weights_at, block) : w->grad;
      ks_product dw = gradient_of_w(j, row, rows, to, block ? 0 : w->add);
      KS_NAME(gemm_here)(j->context, &dw);
    }
    if (j->node->n_in > 2 && b->grad) {
      real *sum = block ? sums_of(j, j->plan.bias_at, block) : b->grad;
      column_job columns = {dz, sum, rows, n, block ? 0 : b->add};
      column_sums_here(&columns);
    }
  }
}

typedef struct {
  const backward_job *job;
  real *to;
  int64_t at;
} join_job;

static void join_range(void *arg, int64_t begin, int64_t end) {
  const join_job *join = arg;
  for (int64_t block = 1; block < join->job->plan.blocks; block++) {
    real *restrict to = join->to;
    const real *restrict from = sums_of(join->job, join->at, block);
    for (int64_t i = begin; i < end; i++) to[i] += from[i];
  }
}

static void backward_by_blocks(backward_job *j) {
  const ks_operand *w = &j->node->in[1], *b = &j->node->in[2];
  join_job weights = {j, w->grad, j->plan.weights_at};
  ks_parallel(j->context, j->plan.blocks, 1, j->plan.waking, backward_blocks, j);
  if (w->grad) ks_parallel_elements(j->context, j->k * j->n, join_range, &weights);
  if (j->node->n_in > 2 && b->grad) {
    join_job bias = {j, b->grad, j->plan.bias_at};
    join_range(&bias, 0, j->n);
  }
}

/* ---- one after another, each shared by itself ------------------------------------------------ */

static void slope_range(void *arg, int64_t begin, int64_t end) {
  const backward_job *j = arg;
  ks_activation_slope((real *)j->dz + begin, j->dy + begin,
                      (const real *)j->node->out[0].data + begin, end - begin, j->node->size[3]);
}

static void outer_range(void *arg, int64_t begin, int64_t end) {
  outer_product(arg, begin, end - begin);
}

static void backward_by_products(backward_job *j) {
  const ks_operand *x = &j->node->in[0], *w = &j->node->in[1], *b = &j->node->in[2];
  int64_t m = j->m, n = j->n, k = j->k;
  if (j->dz != j->dy) ks_parallel_range(j->context, m * n, KS_TILE_ELEMENTS, slope_range, j);
  if (x->grad && n == 1)
    ks_parallel_range(j->context, m, KS_TILE_ELEMENTS / (k + 1) + 1, outer_range, j);
  if (x->grad && n != 1) {
    ks_product dx = gradient_of_x(j, 0, m);
    KS_NAME(gemm)(j->context, &dx, NULL, NULL);
  }
  if (w->grad) {
    ks_product dw = gradient_of_w(j, 0, m, w->grad, w->add);
    KS_NAME(gemm)(j->context, &dw, NULL, NULL);
  }
  if (j->node->n_in > 2 && b->grad) {
    column_job columns = {j->dz, b->grad, m, n, b->add};
    column_sums(j->context, &columns);
  }
}

ks_status KS_NAME(dense_backward)(ks_node *node, const ks_context *context) {
  backward_job job = backward_of(node, context);
  if (job.plan.blocks > 1)
    backward_by_blocks(&job);
  else
    backward_by_products(&job);
  return KS_OK;
}

#endif
