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

/* In place: v[i][l] becomes v[l][i]. */
KS_INLINE void ks_transpose(ks_vector *v) {
  KS_UNROLL for (int by = 1; by < KS_LANES; by *= 2) ks_swap_corners(by, v);
}

#endif
#endif
#endif
