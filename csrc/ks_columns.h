/* Sums over the rows of a matrix. */
#ifndef KS_COLUMNS_H
#define KS_COLUMNS_H

#include <string.h>

#include "ks_common.h"

#define KS_SUM_WIDTH 128 /* columns summed side by side: they stay in registers or L1 */
#define KS_SUM_ROWS 32   /* rows to a partial sum: rounding grows with m/32 + 32, not with m */

/* total[c] = sum over rows of x[r * stride + c], c < width <= KS_SUM_WIDTH. */
static inline void ks_sum_of_rows(real *restrict total, const real *restrict x, int64_t rows,
                                  int64_t stride, int64_t width) {
  real part[KS_SUM_WIDTH];
  memset(total, 0, (size_t)width * sizeof(real));
  for (int64_t r0 = 0; r0 < rows; r0 += KS_SUM_ROWS) {
    int64_t r1 = r0 + KS_SUM_ROWS < rows ? r0 + KS_SUM_ROWS : rows;
    memcpy(part, x + r0 * stride, (size_t)width * sizeof(real));
    for (int64_t r = r0 + 1; r < r1; r++)
      for (int64_t c = 0; c < width; c++) part[c] += x[r * stride + c];
    for (int64_t c = 0; c < width; c++) total[c] += part[c];
  }
}

/* The same for few columns, n <= KS_SUM_WIDTH / 2: several rows are taken as one
 * wide one, so that the loops over columns are worth vectorising, and folded in
 * the end. */
static inline void ks_sum_of_narrow_rows(real *restrict total, const real *restrict x, int64_t rows,
                                         int64_t n) {
  int64_t fold = KS_SUM_WIDTH / n, tall = rows / fold;
  real wide[KS_SUM_WIDTH];
  ks_sum_of_rows(wide, x, tall, fold * n, fold * n);
  ks_sum_of_rows(total, x + tall * fold * n, rows - tall * fold, n, n);
  for (int64_t c = 0; c < n; c++)
    for (int64_t f = 0; f < fold; f++) total[c] += wide[f * n + c];
}

#endif
