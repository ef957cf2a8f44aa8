#include "reference.h"

typedef struct {
  int64_t batch, m, n, k;
  int trans_a, trans_b;
  int64_t stride_a, stride_b;
} product;

static product product_of(const ks_node *node) {
  const int64_t *s = node->size;
  return (product){s[0], s[1], s[2], s[3], s[4] != 0, s[5] != 0, s[6], s[7]};
}

/* Where element (i, l) of op(A) and (l, j) of op(B) of a batch are stored. */
static int64_t place_a(const product *p, int64_t b, int64_t i, int64_t l) {
  return b * p->stride_a + (p->trans_a ? l * p->m + i : i * p->k + l);
}

static int64_t place_b(const product *p, int64_t b, int64_t l, int64_t j) {
  return b * p->stride_b + (p->trans_b ? j * p->k + l : l * p->n + j);
}

static int64_t place_y(const product *p, int64_t b, int64_t i, int64_t j) {
  return (b * p->m + i) * p->n + j;
}

/* Integers modulo 2^64; of truth values the sum says how often both are true. */
#if KS_IS_REAL
typedef wide sum_type;
#else
typedef uint64_t sum_type;
#endif
#define GIVEN(sum) (KS_IS_BOOL ? (sum) > 0 : (real)(sum))

FORWARD(matmul) {
  product p = product_of(node);
  const real *x0 = node->in[0].data, *x1 = node->in[1].data;
  real *y = node->out[0].data;
  for (int64_t b = 0; b < p.batch; b++)
    for (int64_t i = 0; i < p.m; i++)
      for (int64_t j = 0; j < p.n; j++) {
        sum_type sum = 0;
        for (int64_t l = 0; l < p.k; l++)
          sum += (sum_type)x0[place_a(&p, b, i, l)] * (sum_type)x1[place_b(&p, b, l, j)];
        y[place_y(&p, b, i, j)] = GIVEN(sum);
      }
  return KS_OK;
}

#if KS_IS_REAL

/* y[i, j] = sum_l a[i, l] b[l, j], hence da[i, l] += dy[i, j] b[l, j] and
 * db[l, j] += dy[i, j] a[i, l]. */
static void gather_gradient(ks_node *node, const product *p, int which) {
  const real *x0 = node->in[0].data, *x1 = node->in[1].data, *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[which].count);
  for (int64_t b = 0; b < p->batch; b++)
    for (int64_t i = 0; i < p->m; i++)
      for (int64_t j = 0; j < p->n; j++)
        for (int64_t l = 0; l < p->k; l++) {
          int64_t a_at = place_a(p, b, i, l), b_at = place_b(p, b, l, j);
          wide d = dy[place_y(p, b, i, j)];
          if (which == 0)
            dx[a_at] += d * x1[b_at];
          else
            dx[b_at] += d * x0[a_at];
        }
  give_gradient(&node->in[which], dx);
}

BACKWARD(matmul) {
  product p = product_of(node);
  for (int which = 0; which < 2; which++)
    if (node->in[which].grad) gather_gradient(node, &p, which);
  return KS_OK;
}

#endif
