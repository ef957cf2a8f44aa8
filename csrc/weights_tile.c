/* The innermost loops of gradients of weights, and of products with A transposed. */

/* GCC would write each loop twice, the second time for steps of one element, which none has: 66 kB
 * of a wheel. */
#pragma GCC optimize("no-version-loops-for-strides")

#include "ks_weights_tile.h"

#if KS_FLOATING

KS_INLINE void sum_pixels(const int R, const int P, const int V, const ks_weights_tile *t,
                          ks_vector sum[14][2]) {
  int64_t a_pixel = t->a.pixel, b_pixel = t->b.pixel, a_run = t->a_run;
  KS_UNROLL for (int p = 0; p < R * P; p++) KS_UNROLL for (int v = 0; v < V; v++) sum[p][v] =
      (ks_vector){0};
  for (int64_t image = 0; image < t->images; image++)
    for (int64_t row = 0; row < t->rows; row++) {
      const real *a = t->a.at + image * t->a.image + row * t->a.row;
      const real *b = t->b.at + image * t->b.image + row * t->b.row;
      for (int64_t pixel = t->pixels; pixel > 0; pixel--) {
        ks_vector lanes[2];
        KS_UNROLL for (int v = 0; v < V; v++) lanes[v] = ks_load(b + v * KS_LANES);
        KS_UNROLL for (int r = 0; r < R; r++) KS_UNROLL for (int p = 0; p < P; p++) {
          ks_vector factor = ks_splat(a[r * a_run + p]);
          KS_UNROLL for (int v = 0; v < V; v++) sum[r * P + p][v] += factor * lanes[v];
        }
        /* What the next tile reads of a: an lstm of 128 units trains 1 % faster. */
        if (R == 1) __builtin_prefetch(a + 2 * P - 1);
        a += a_pixel;
        b += b_pixel;
      }
    }
}

/* Some lanes of one vector. */
static void give_some(const ks_weights_tile *t, int count, const real *sums) {
  for (int p = 0; p < count; p++, sums += KS_LANES) {
    real *to = t->sum + p * t->sum_a;
    ks_vector sum = ks_load_some(sums, t->lanes);
    if (!t->store) sum += ks_load_some(to, t->lanes);
    ks_store_some(to, t->lanes, sum);
  }
}

/* Some lanes only, or lanes that are no neighbours. */
static void give(const ks_weights_tile *t, int count, const real *sums, int64_t width) {
  if (t->sum_b == 1 && t->lane == 0 && t->lanes < width && width == KS_LANES) {
    give_some(t, count, sums);
    return;
  }
  for (int64_t lane = t->lane; lane < t->lanes; lane++)
    for (int p = 0; p < count; p++) {
      real *to = t->sum + p * t->sum_a + lane * t->sum_b;
      *to = t->store ? sums[p * width + lane] : *to + sums[p * width + lane];
    }
}

KS_INLINE void run(const int R, const int each, const int V, const ks_weights_tile *t) {
  ks_vector sum[14][2];
  const int P = R * each;
  sum_pixels(R, each, V, t, sum);
  if (t->sum_b == 1 && t->lane == 0 && t->lanes == V * KS_LANES) {
    KS_UNROLL for (int p = 0; p < P; p++) {
      real *to = t->sum + p * t->sum_a;
      if (!t->store) KS_UNROLL for (int v = 0; v < V; v++) sum[p][v] += ks_load(to + v * KS_LANES);
      KS_UNROLL for (int v = 0; v < V; v++) ks_store(to + v * KS_LANES, sum[p][v]);
    }
    return;
  }
  real sums[14 * 2 * KS_LANES];
  KS_UNROLL for (int p = 0; p < P; p++) KS_UNROLL for (int v = 0; v < V; v++)
      ks_store(sums + (p * V + v) * KS_LANES, sum[p][v]);
  give(t, P, sums, V * KS_LANES);
}

#define TILE_OF(R, P)                               \
  case 32 * (R) + P:                                \
    if ((R) * P <= KS_TILE_NARROW) run(R, P, 1, t); \
    return;                                         \
  case 32 * (R) + 16 + P:                           \
    if ((R) * P <= KS_TILE_WIDE) run(R, P, 2, t);   \
    return;

void KS_NAME(weights_tile)(const ks_weights_tile *t, int runs, int count, int vectors) {
  switch (32 * runs + 16 * (vectors - 1) + count) {
    TILE_OF(1, 1)
    TILE_OF(1, 2)
    TILE_OF(1, 3)
    TILE_OF(1, 4)
    TILE_OF(1, 5)
    TILE_OF(1, 6)
    TILE_OF(1, 7)
    TILE_OF(1, 8)
    TILE_OF(1, 9)
    TILE_OF(1, 10)
    TILE_OF(1, 11)
    TILE_OF(1, 12)
    TILE_OF(1, 13)
    TILE_OF(1, 14)
    TILE_OF(2, 2)
    TILE_OF(2, 3)
    TILE_OF(2, 4)
    TILE_OF(2, 5)
    TILE_OF(2, 6)
    TILE_OF(2, 7)
    TILE_OF(3, 2)
    TILE_OF(3, 3)
    TILE_OF(3, 4)
  }
}

#endif
