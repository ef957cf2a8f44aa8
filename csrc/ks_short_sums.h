/* Sums over columns and over runs of neighbours, for statistics of channels:
 * a few terms in `real`, their sums in double.
 */
#ifndef KS_SHORT_SUMS_H
#define KS_SHORT_SUMS_H

#include "ks_math.h"
#include "ks_moments.h"

#if KS_FLOATING

/* Terms that are added in `real` before their sum goes into one in double: so
 * few that they round little more than one of them, and enough that double
 * costs little. All in double, sums over images took twice as long. */
#define KS_SHORT 8

#define KS_TERMS_INLINE static inline __attribute__((always_inline))

/* What is summed: with d = x - shift, a and a d where y is positive, or
 * everywhere, if y is NULL; if `a` is NULL, d and its square. Which of them are
 * there is known where sums are inlined. */
typedef struct {
  const real *x, *a, *y;
} ks_terms;

KS_TERMS_INLINE ks_terms ks_terms_at(ks_terms t, int64_t offset) {
  return (ks_terms){t.x + offset, t.a ? t.a + offset : NULL, t.y ? t.y + offset : NULL};
}

/* Over n columns of `rows` that are `stride` apart. `rows` is a constant, at most
 * KS_SHORT. */
KS_TERMS_INLINE void ks_add_rows(ks_terms t, int64_t rows, int64_t stride, int64_t n,
                                 const real *restrict shift, double *restrict first,
                                 double *restrict second) {
  const real *restrict x = t.x, *restrict a = t.a, *restrict y = t.y;
  for (int64_t c = 0; c < n; c++) {
    real sum = 0, products = 0;
#pragma GCC unroll 8
    for (int64_t r = 0; r < rows; r++) {
      const real d = x[r * stride + c] - shift[c];
      real term = a ? a[r * stride + c] : d;
      if (y) term = ks_where_positive(y[r * stride + c], term);
      sum += term;
      products += term * d;
    }
    first[c] += sum;
    second[c] += products;
  }
}

/* The same for any number of rows. */
KS_TERMS_INLINE void ks_add_columns(ks_terms t, int64_t rows, int64_t stride, int64_t n,
                                    const real *restrict shift, double *restrict first,
                                    double *restrict second) {
#define KS_ADD_ROWS(count) \
  ks_add_rows(ks_terms_at(t, r *stride), count, stride, n, shift, first, second), r += count
  int64_t r = 0;
  while (r + KS_SHORT <= rows) KS_ADD_ROWS(KS_SHORT);
  if (rows & 4) KS_ADD_ROWS(4);
  if (rows & 2) KS_ADD_ROWS(2);
  if (rows & 1) KS_ADD_ROWS(1);
#undef KS_ADD_ROWS
}

/* Moments of n <= KS_COLUMNS columns; `mean` and `squares` have n places. */
static inline void ks_column_moments(const real *restrict x, int64_t rows, int64_t stride,
                                     int64_t n, double *restrict mean, double *restrict squares) {
  double sum[KS_COLUMNS], square[KS_COLUMNS];
  real shift[KS_COLUMNS];
  for (int64_t begin = 0; begin < rows; begin += KS_BLOCK, x += KS_BLOCK * stride) {
    const int64_t count = rows - begin < KS_BLOCK ? rows - begin : KS_BLOCK;
    for (int64_t c = 0; c < n; c++) shift[c] = begin ? (real)mean[c] : x[c];
    for (int64_t c = 0; c < n; c++) sum[c] = square[c] = 0;
    ks_add_columns((ks_terms){.x = x}, count, stride, n, shift, sum, square);
    for (int64_t c = 0; c < n; c++) {
      ks_moments before = {(double)begin, mean[c], squares[c]};
      ks_moments block = ks_block_moments((double)count, shift[c], sum[c], square[c]);
      ks_moments all = begin ? ks_join_moments(before, block) : block;
      mean[c] = all.mean;
      squares[c] = all.squares;
    }
  }
}

/* ---- runs of neighbours ------------------------------------------------------ */

/* Neighbours are taken as rows of so many columns, the lanes. Short runs fill
 * them together. */
typedef struct {
  int64_t count, filled; /* values, and lanes that have any */
  real shift[KS_LANES];
  double first[KS_LANES], second[KS_LANES];
} ks_lanes;

static inline void ks_start_lanes(ks_lanes *lanes, real shift) {
  lanes->count = lanes->filled = 0;
  for (int l = 0; l < KS_LANES; l++) lanes->shift[l] = shift;
}

KS_TERMS_INLINE void ks_add_run(ks_lanes *lanes, ks_terms t, int64_t n) {
  const int64_t width = n < KS_LANES ? n : KS_LANES, whole = n / KS_LANES;
  for (int64_t l = lanes->filled; l < width; l++) lanes->first[l] = lanes->second[l] = 0;
  if (width > lanes->filled) lanes->filled = width;
  lanes->count += n;
  ks_add_columns(t, whole, KS_LANES, KS_LANES, lanes->shift, lanes->first, lanes->second);
  ks_add_rows(ks_terms_at(t, whole * KS_LANES), 1, KS_LANES, n % KS_LANES, lanes->shift,
              lanes->first, lanes->second);
}

static inline double ks_fold_lanes(double *lane, int64_t filled) {
  if (filled < KS_LANES) {
    double sum = 0;
    for (int64_t l = 0; l < filled; l++) sum += lane[l];
    return sum;
  }
  for (int width = KS_LANES / 2; width > 0; width /= 2)
    for (int l = 0; l < width; l++) lane[l] += lane[l + width];
  return lane[0];
}

static inline ks_moments ks_lanes_moments(ks_lanes *lanes) {
  double sum = ks_fold_lanes(lanes->first, lanes->filled);
  double squares = ks_fold_lanes(lanes->second, lanes->filled);
  return ks_block_moments((double)lanes->count, lanes->shift[0], sum, squares);
}

#endif
#endif
