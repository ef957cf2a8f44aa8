/* Means and sums of squared deviations, in one pass over memory, and the sums
 * that gradients of normalized values need.
 *
 * Values are shifted, by the first of their block or by the mean of the blocks
 * before, ahead of being squared: the mean of n values lies within sqrt(n)
 * standard deviations of any of them, so that little cancels, however far from
 * zero they all are. Blocks are joined, in their order, by the rule of Chan,
 * Golub and LeVeque (1979), "Updating formulae and a pairwise algorithm for
 * computing sample variances".
 */
#ifndef KS_MOMENTS_H
#define KS_MOMENTS_H

#include "ks_sum.h"

#if KS_FLOATING

/* Of `count` values: their mean, and the sum of squared deviations from it. */
typedef struct {
  double count, mean, squares;
} ks_moments;

/* Those of a block, from the sums of x - shift and of its square. */
static inline ks_moments ks_block_moments(double count, double shift, double sum, double squares) {
  double rest = squares - sum * sum / count;
  return (ks_moments){count, shift + sum / count, rest < 0 ? 0 : rest};
}

static inline ks_moments ks_join_moments(ks_moments a, ks_moments b) {
  double count = a.count + b.count, step = b.mean - a.mean, share = b.count / count;
  return (ks_moments){count, a.mean + step * share,
                      a.squares + b.squares + step * step * a.count * share};
}

/* Of n neighbours. */
static inline ks_moments ks_row_moments(const real *restrict x, int64_t n) {
  ks_moments all = {0, 0, 0};
  for (int64_t begin = 0; begin < n; begin += KS_PIECE) {
    double sum[KS_LANES] = {0}, squares[KS_LANES] = {0}, rest = 0, rest_squares = 0;
    const int64_t end = n - begin < KS_PIECE ? n : begin + KS_PIECE;
    const real shift = x[begin];
    int64_t i = begin;
    for (; i + KS_LANES <= end; i += KS_LANES)
      for (int l = 0; l < KS_LANES; l++) {
        double d = x[i + l] - shift;
        sum[l] += d;
        squares[l] += d * d;
      }
    for (; i < end; i++) {
      double d = x[i] - shift;
      rest += d;
      rest_squares += d * d;
    }
    if (end - begin >= KS_LANES)
      for (int l = 0; l < KS_LANES; l++) rest += sum[l], rest_squares += squares[l];
    ks_moments block = ks_block_moments((double)(end - begin), shift, rest, rest_squares);
    all = begin ? ks_join_moments(all, block) : block;
  }
  return all;
}

/* ---- sums for gradients ---------------------------------------------------- */

/* Sums of a and of a (x - mean) over neighbours. */
static inline void ks_sum_products(const real *restrict a, const real *restrict x, real mean,
                                   int64_t n, double *first, double *second) {
  double sum[KS_LANES] = {0}, product[KS_LANES] = {0}, rest = 0, rest_product = 0;
  int64_t i = 0;
  for (; i + KS_LANES <= n; i += KS_LANES)
    for (int l = 0; l < KS_LANES; l++) {
      sum[l] += a[i + l];
      product[l] += (double)a[i + l] * (x[i + l] - mean);
    }
  for (; i < n; i++) {
    rest += a[i];
    rest_product += (double)a[i] * (x[i] - mean);
  }
  if (n >= KS_LANES)
    for (int l = 0; l < KS_LANES; l++) rest += sum[l], rest_product += product[l];
  *first += rest;
  *second += rest_product;
}

/* The gradient of a number of each channel or column, if it is wanted. */
static inline void ks_give_sums(const ks_operand *in, const double *sums, const real *factor,
                                int64_t n) {
  real *restrict grad = in->grad;
  if (!grad) return;
  for (int64_t c = 0; c < n; c++) {
    real value = (real)(factor ? sums[c] * factor[c] : sums[c]);
    grad[c] = (in->add ? grad[c] : 0) + value;
  }
}

#endif
#endif
