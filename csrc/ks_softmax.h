/* The softmax of rows, and the sums over rows that its gradients need.
 *
 * Rows are independent of one another: tiles of rows give the same bits
 * however they are cut.
 */
#ifndef KS_SOFTMAX_H
#define KS_SOFTMAX_H

#include "ks_math.h"

#if KS_FLOATING

#define KS_ROWS (64 / (int)sizeof(real)) /* one register of AVX-512 */
#define KS_SUMS (2 * KS_ROWS)            /* partial sums of a row */
#define KS_CHUNK 512                     /* elements summed in `real`, then in double */
#define KS_NARROW 32                     /* up to so many classes, lanes are rows */

/* GCC unrolls a short loop before it vectorises, and then finds 16 scalars. */
#define KS_EACH_LANE(l) _Pragma("GCC unroll 1") for (int l = 0; l < KS_ROWS; l++)

typedef struct {
  real most[KS_ROWS], log_sum[KS_ROWS];
} ks_row_logs;

/* Of at most KS_CHUNK elements, by lanes. Longer sums go on in double,
 * so that rounding does not grow with the number of classes. */
static inline real ks_chunk_sum(const real *x, int64_t n) {
  real part[KS_SUMS] = {0}, sum = 0;
  int64_t i = 0;
  for (; i + KS_SUMS <= n; i += KS_SUMS)
    for (int l = 0; l < KS_SUMS; l++) part[l] += x[i + l];
  for (; i < n; i++) sum += x[i];
  if (n >= KS_SUMS)
    for (int l = 0; l < KS_SUMS; l++) sum += part[l];
  return sum;
}

/* Sum of a[c] * b[c]; b NULL: sum of a. */
static inline double ks_row_sum(const real *a, const real *b, int64_t n) {
  real product[KS_CHUNK];
  double sum = 0;
  for (int64_t c0 = 0; c0 < n; c0 += KS_CHUNK) {
    int64_t width = n - c0 < KS_CHUNK ? n - c0 : KS_CHUNK;
    if (b)
      for (int64_t c = 0; c < width; c++) product[c] = a[c0 + c] * b[c0 + c];
    sum += ks_chunk_sum(b ? product : a + c0, width);
  }
  return sum;
}

/* The maximum. A nan may be passed over: the exponentials then meet it. */
static inline real ks_row_most(const real *x, int64_t n) {
  real most[KS_SUMS];
  int64_t i = 0;
  for (int l = 0; l < KS_SUMS; l++) most[l] = x[0];
  for (; i + KS_SUMS <= n; i += KS_SUMS)
    for (int l = 0; l < KS_SUMS; l++) most[l] = x[i + l] > most[l] ? x[i + l] : most[l];
  for (; i < n; i++) most[0] = x[i] > most[0] ? x[i] : most[0];
  for (int l = 1; l < KS_SUMS; l++) most[0] = most[l] > most[0] ? most[l] : most[0];
  return most[0];
}

/* One row by itself: the lanes are classes. Returns the sum of exponentials. */
static inline real ks_soften_wide(real *restrict p, const real *restrict x, int64_t n, real most) {
  double sum = 0;
  for (int64_t c0 = 0; c0 < n; c0 += KS_CHUNK) {
    int64_t c1 = n - c0 < KS_CHUNK ? n : c0 + KS_CHUNK;
    for (int64_t c = c0; c < c1; c++) p[c] = ks_exp(x[c] - most);
    sum += ks_chunk_sum(p + c0, c1 - c0);
  }
  real scale = (real)(1 / sum);
  for (int64_t c = 0; c < n; c++) p[c] *= scale;
  return (real)sum;
}

/* Four rows to four lanes of t, and back: four loads make one store. Lanes
 * without a row repeat row 0. */
static inline void ks_rows_to_lanes(real (*restrict t)[KS_ROWS], const real *restrict x,
                                    int64_t rows, int64_t n) {
  for (int64_t r = 0; r < KS_ROWS; r += 4) {
    const real *x0 = x + (r < rows ? r : 0) * n, *x1 = x + (r + 1 < rows ? r + 1 : 0) * n;
    const real *x2 = x + (r + 2 < rows ? r + 2 : 0) * n, *x3 = x + (r + 3 < rows ? r + 3 : 0) * n;
    for (int64_t c = 0; c < n; c++) {
      real *lanes = t[c] + r;
      lanes[0] = x0[c], lanes[1] = x1[c], lanes[2] = x2[c], lanes[3] = x3[c];
    }
  }
}

static inline void ks_lanes_to_rows(real *restrict p, real (*restrict t)[KS_ROWS], int64_t rows,
                                    int64_t n) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    real *p0 = p + r * n, *p1 = p0 + n, *p2 = p1 + n, *p3 = p2 + n;
    for (int64_t c = 0; c < n; c++) {
      const real *lanes = t[c] + r;
      p0[c] = lanes[0], p1[c] = lanes[1], p2[c] = lanes[2], p3[c] = lanes[3];
    }
  }
  for (; r < rows; r++)
    for (int64_t c = 0; c < n; c++) p[r * n + c] = t[c][r];
}

/* KS_ROWS rows side by side: the lanes are rows, and no sum or maximum crosses
 * them. A row of ten classes fills no register, ten registers of rows do. */
static inline void ks_soften_narrow(real *restrict p, const real *restrict x, int64_t rows,
                                    int64_t n, real *restrict most, real *restrict sum) {
  real t[KS_NARROW][KS_ROWS];
  ks_rows_to_lanes(t, x, rows, n);
  for (int l = 0; l < KS_ROWS; l++) most[l] = t[0][l], sum[l] = 0;
  for (int64_t c = 1; c < n; c++) KS_EACH_LANE(l) most[l] = t[c][l] > most[l] ? t[c][l] : most[l];
  for (int64_t c = 0; c < n; c++) KS_EACH_LANE(l) {
      t[c][l] = ks_exp(t[c][l] - most[l]);
      sum[l] += t[c][l];
    }
  real scale[KS_ROWS];
  KS_EACH_LANE(l) scale[l] = 1 / sum[l]; /* one slow division a row */
  for (int64_t c = 0; c < n; c++) KS_EACH_LANE(l) t[c][l] *= scale[l];
  ks_lanes_to_rows(p, t, rows, n);
}

/* p = softmax of `rows` <= KS_ROWS rows. Infinities and nan go the way of the
 * formula: a row of -inf alone has no softmax and gives nan. */
static inline void ks_soften(real *p, const real *x, int64_t rows, int64_t n, ks_row_logs *logs) {
  real sum[KS_ROWS];
  if (n <= KS_NARROW) {
    ks_soften_narrow(p, x, rows, n, logs->most, sum);
  } else {
    for (int64_t r = 0; r < KS_ROWS; r++) sum[r] = 1;
    for (int64_t r = 0; r < rows; r++) {
      logs->most[r] = ks_row_most(x + r * n, n);
      sum[r] = ks_soften_wide(p + r * n, x + r * n, n, logs->most[r]);
    }
  }
  for (int l = 0; l < KS_ROWS; l++) logs->log_sum[l] = ks_log(sum[l]);
}

#endif
#endif
