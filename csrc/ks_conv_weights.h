/* The gradient of a convolution's kernel,
 *
 *   dw[t, c, f] = sum over places o of x[o * stride + t * dilation - pad, c] dz[o, f],
 *
 * as sums over rectangles of pixels. See conv_weights.c.
 */
#ifndef KS_CONV_WEIGHTS_H
#define KS_CONV_WEIGHTS_H

#include "ks_conv.h"

/* Pixels that one register sums before it is added to dw. Fewer: adding costs
 * more (64 pixels: 10 % at 16x16x32); more: rounding grows. Against sums in
 * float64, of 8 images of 32x32 pixels, the largest error of dw in float32 is 3.5e-7
 * of its largest value; with 1,024 pixels to a register it is 7.4e-7. */
#define KS_WEIGHTS_PIXELS 256

/* Up to this many channels, taps along the last axis are summed as one run. */
#define KS_WEIGHTS_FEW 4

static inline int ks_weights_as_runs(const ks_conv_geometry *g) {
  return g->channels / g->groups <= KS_WEIGHTS_FEW && g->kernel[2] > 1 && g->dilation[2] == 1;
}

/* Pieces of at most `most`, as even as can be. */
static inline int64_t ks_even_piece(int64_t length, int64_t most) {
  int64_t pieces = (length + most - 1) / (most > 0 ? most : 1);
  return pieces > 1 ? (length + pieces - 1) / pieces : length;
}

/* Columns, rows and images of a rectangle, for `rows` rows of each image. */
typedef struct {
  int64_t columns, rows, images;
} ks_weights_block;

static inline ks_weights_block ks_weights_block_of(const ks_conv_geometry *g, int64_t rows,
                                                   int64_t images) {
  ks_weights_block block;
  if (rows > g->output[1]) rows = g->output[1];
  block.columns = ks_even_piece(g->output[2], KS_WEIGHTS_PIXELS);
  block.rows = ks_even_piece(rows, KS_WEIGHTS_PIXELS / (block.columns + 1) + 1);
  int64_t pixels = block.columns * block.rows;
  block.images = ks_even_piece(images, KS_WEIGHTS_PIXELS / (pixels + 1) + 1);
  if (ks_weights_as_runs(g)) block.images = 1;
  return block;
}

/* Elements of scratch for a packed panel: a block has less than four times as
 * many pixels as its measure, and two vectors of lanes. */
#define KS_WEIGHTS_PANEL (4 * KS_WEIGHTS_PIXELS * 2 * KS_ALIGNMENT / 4)

/* Elements of scratch, for any number of rows and images, at any instruction set:
 * the panel, and of x the rows that a block meets. */
static inline int64_t ks_conv_weights_scratch(const ks_conv_geometry *g) {
  if (ks_conv_lanes(g)) return ks_conv_volume(g->kernel) * 4; /* runs */
  if (!ks_weights_as_runs(g)) return KS_WEIGHTS_PANEL;
  int64_t columns = ks_even_piece(g->output[2], KS_WEIGHTS_PIXELS);
  int64_t rows = KS_WEIGHTS_PIXELS / (columns + 1) + 1;
  if (rows > g->output[1]) rows = g->output[1];
  rows = rows * g->stride[1] + g->kernel[1] * g->dilation[1];
  int64_t width = columns * g->stride[2] + g->kernel[2];
  return KS_WEIGHTS_PANEL + rows * width * (g->channels / g->groups);
}

#ifdef KS_DTYPE
/* A share of the work: rows of the output, counted through the planes, and units
 * of dw, a unit being some filters of one row of taps. */
typedef struct {
  int64_t row_begin, row_end, unit_begin, unit_end;
} ks_weights_share;

static inline ks_weights_share ks_all_weights(const ks_conv_geometry *g) {
  return (ks_weights_share){0, g->output[0] * g->output[1], 0, INT64_MAX};
}

/* The number of units; no two have an element of dw in common. */
int64_t KS_NAME(conv_weights_units)(const ks_conv_geometry *g);

/* dw += what a share of each of `images` images gives. */
void KS_NAME(conv_weights)(const ks_conv_geometry *g, int64_t images, const real *x, const real *dz,
                           real *dw, const ks_weights_share *share, real *scratch);
#endif

#endif
