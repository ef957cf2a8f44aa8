/* A square of as many vectors as each has lanes, turned in registers. */
#ifndef KS_TRANSPOSE_H
#define KS_TRANSPOSE_H

#include "ks_vector.h"

#ifdef KS_DTYPE
#if KS_FLOATING

typedef __typeof__((ks_vector){0} < 0) ks_lane_numbers;

/* Of each square of 2 * by lanes, the corners of `by` lanes above and below the diagonal change
 * places. */
KS_INLINE void ks_swap_corners(const int by, ks_vector *v) {
  ks_lane_numbers upper, lower;
  KS_UNROLL for (int l = 0; l < KS_LANES; l++) {
    upper[l] = l & by ? KS_LANES + l - by : l;
    lower[l] = l & by ? KS_LANES + l : l + by;
  }
  KS_UNROLL for (int i = 0; i < KS_LANES; i++) if (!(i & by)) {
    ks_vector a = v[i], b = v[i + by];
    v[i] = __builtin_shuffle(a, b, upper);
    v[i + by] = __builtin_shuffle(a, b, lower);
  }
}

/* to[k * to_row + f] = from[f * from_row + k]. */
KS_INLINE void ks_transpose(real *to, int64_t to_row, const real *from, int64_t from_row) {
  ks_vector v[KS_LANES];
  KS_UNROLL for (int f = 0; f < KS_LANES; f++) v[f] = ks_load(from + f * from_row);
  KS_UNROLL for (int by = 1; by < KS_LANES; by *= 2) ks_swap_corners(by, v);
  KS_UNROLL for (int k = 0; k < KS_LANES; k++) ks_store(to + k * to_row, v[k]);
}

#endif
#endif
#endif
