/* Products of two panels of pixels, summed over a rectangle of pixels:
 *
 *   sum[p, l] = sum over pixels of a[pixel, p] b[pixel, l]
 *
 * for up to 14 entries p of a, which are broadcast and come in one to three runs, and one or two
 * vectors of lanes l of b. All sums stay in registers: at each pixel that is 2 loads and 14
 * broadcasts for 28 multiply-adds, and neither panel need be packed.
 */
#ifndef KS_WEIGHTS_TILE_H
#define KS_WEIGHTS_TILE_H

#include "ks_vector.h"

/* With 32 registers 28 sums; with 16, 12. One vector of lanes is as fast as two
 * (116 and 117 GFLOP/s of 118 with AVX-512), three are no faster. */
#define KS_TILE_WIDE (KS_REGISTERS == 32 ? 14 : 6)    /* the most p for two vectors */
#define KS_TILE_NARROW (KS_REGISTERS == 32 ? 14 : 12) /* and for one */

/* Where a panel's first pixel is, and how far it is to the next image, row, pixel. */
typedef struct {
  const real *at;
  int64_t image, row, pixel;
} ks_panel;

typedef struct {
  ks_panel a, b;
  int64_t a_run; /* from a run of a's entries to the next */
  int64_t images, rows, pixels;
  real *sum;            /* added to */
  int64_t sum_a, sum_b; /* how far it is to the next p and to the next lane */
  int64_t lane, lanes;  /* those from `lane` to `lanes` are added */
} ks_weights_tile;

KS_INLINE void ks_weights_tile_sum(const int R, const int P, const int V, const ks_weights_tile *t,
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

/* Some lanes only, or lanes that are no neighbours. */
static void ks_weights_tile_add(const ks_weights_tile *t, int count, const real *sums,
                                int64_t width) {
  for (int64_t lane = t->lane; lane < t->lanes; lane++)
    for (int p = 0; p < count; p++)
      t->sum[p * t->sum_a + lane * t->sum_b] += sums[p * width + lane];
}

KS_INLINE void ks_weights_tile_of(const int R, const int each, const int V,
                                  const ks_weights_tile *t) {
  ks_vector sum[14][2];
  const int P = R * each;
  ks_weights_tile_sum(R, each, V, t, sum);
  if (t->sum_b == 1 && t->lane == 0 && t->lanes == V * KS_LANES) {
    KS_UNROLL for (int p = 0; p < P; p++) {
      real *to = t->sum + p * t->sum_a;
      KS_UNROLL for (int v = 0; v < V; v++)
          ks_store(to + v * KS_LANES, ks_load(to + v * KS_LANES) + sum[p][v]);
    }
    return;
  }
  real sums[14 * 2 * KS_LANES];
  KS_UNROLL for (int p = 0; p < P; p++) KS_UNROLL for (int v = 0; v < V; v++)
      ks_store(sums + (p * V + v) * KS_LANES, sum[p][v]);
  ks_weights_tile_add(t, P, sums, V * KS_LANES);
}

#define KS_TILE_OF(R, P)                                           \
  case 32 * (R) + P:                                               \
    if ((R) * P <= KS_TILE_NARROW) ks_weights_tile_of(R, P, 1, t); \
    return;                                                        \
  case 32 * (R) + 16 + P:                                          \
    if ((R) * P <= KS_TILE_WIDE) ks_weights_tile_of(R, P, 2, t);   \
    return;

/* `count` entries of each of `runs` runs: at most KS_TILE_WIDE with two vectors,
 * KS_TILE_NARROW with one, and up to 3 runs. */
static void ks_weights_tile_run(const ks_weights_tile *t, int runs, int count, int vectors) {
  switch (32 * runs + 16 * (vectors - 1) + count) {
    KS_TILE_OF(1, 1)
    KS_TILE_OF(1, 2)
    KS_TILE_OF(1, 3)
    KS_TILE_OF(1, 4)
    KS_TILE_OF(1, 5)
    KS_TILE_OF(1, 6)
    KS_TILE_OF(1, 7)
    KS_TILE_OF(1, 8)
    KS_TILE_OF(1, 9)
    KS_TILE_OF(1, 10)
    KS_TILE_OF(1, 11)
    KS_TILE_OF(1, 12)
    KS_TILE_OF(1, 13)
    KS_TILE_OF(1, 14)
    KS_TILE_OF(2, 2)
    KS_TILE_OF(2, 3)
    KS_TILE_OF(2, 4)
    KS_TILE_OF(2, 5)
    KS_TILE_OF(2, 6)
    KS_TILE_OF(2, 7)
    KS_TILE_OF(3, 2)
    KS_TILE_OF(3, 3)
    KS_TILE_OF(3, 4)
  }
}

#endif
