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

#ifdef KS_DTYPE
#if KS_FLOATING

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
  real *sum;            /* added to, or */
  int store;            /* written */
  int64_t sum_a, sum_b; /* how far it is to the next p and to the next lane */
  int64_t lane, lanes;  /* those from `lane` to `lanes` are wanted */
} ks_weights_tile;

/* `count` entries of each of `runs` runs: at most KS_TILE_WIDE with two vectors,
 * KS_TILE_NARROW with one, and up to 3 runs. */
void KS_NAME(weights_tile)(const ks_weights_tile *tile, int runs, int count, int vectors);

#endif
#endif
#endif
