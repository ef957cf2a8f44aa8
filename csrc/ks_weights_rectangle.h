/* A block of an image and its rectangles, for conv_weights.c: the pixels that a tap,
 * or some of them, have in common with the block, and their share of dw. */
#ifndef KS_WEIGHTS_RECTANGLE_H
#define KS_WEIGHTS_RECTANGLE_H

#include "ks_conv_weights.h"
#include "ks_weights_tile.h"

typedef struct {
  const ks_conv_geometry *g;
  const real *x, *dz;        /* the first image's, and the group's first entry */
  real *dw;                  /* the group's first */
  real *panel, *strip;       /* scratch */
  int64_t channels, filters; /* of a group */
  int runs, swapped;
  int64_t unit, unit_begin, unit_end; /* the block's first, and those that are wanted */
  /* the block: `images` from `image` on, rows of plane `plane` */
  int64_t image, images, plane, row_begin, row_end, column_begin, column_end;
} weights_job;

/* A vector side's lanes: those from `lane` to `lanes` of the vectors at `from`. */
typedef struct {
  int64_t from, lane, lanes;
  int vectors, packed;
} lane_tile;

/* Cuts begin .. end to those o with 0 <= o * stride + shift < input. */
static void clip(int64_t stride, int64_t shift, int64_t input, int64_t *begin, int64_t *end) {
  int64_t first = shift < 0 ? (-shift + stride - 1) / stride : 0;
  int64_t last = input > shift ? (input - shift - 1) / stride + 1 : 0;
  if (*begin < first) *begin = first;
  if (*end > last) *end = last;
}

/* All entries of the broadcast side: several runs in a tile, or one in tiles that
 * are as even as can be. */
static void sum_entries(ks_weights_tile *t, int64_t entries, int64_t runs, int vectors) {
  int64_t most = vectors == 1 ? KS_TILE_NARROW : KS_TILE_WIDE;
  if (runs > 1) {
    KS_NAME(weights_tile)(t, (int)runs, (int)entries, vectors);
    return;
  }
  int64_t tiles = (entries + most - 1) / most, begin = 0;
  const real *a = t->a.at;
  real *sum = t->sum;
  for (int64_t tile = 1; tile <= tiles; tile++) {
    int64_t end = entries * tile / tiles;
    t->a.at = a + begin;
    t->sum = sum + begin * t->sum_a;
    KS_NAME(weights_tile)(t, 1, (int)(end - begin), vectors);
    begin = end;
  }
}

static ks_panel panel_of(const real *at, const int64_t *size, int64_t pixel, int64_t stride_row,
                         int64_t stride_pixel) {
  return (ks_panel){at, size[0] * size[1] * size[2] * pixel, stride_row * size[2] * pixel,
                    stride_pixel * pixel};
}

/* dz of the block, or its packed lanes. */
static ks_panel dz_panel(const weights_job *j, const lane_tile *lanes) {
  const ks_conv_geometry *g = j->g;
  const int64_t *out = g->output;
  if (lanes->packed) {
    int64_t width = lanes->vectors * KS_LANES, columns = j->column_end - j->column_begin;
    int64_t rows = j->row_end - j->row_begin;
    return (ks_panel){j->panel, rows * columns * width, columns * width, width};
  }
  int64_t pixel = ((j->image * out[0] + j->plane) * out[1] + j->row_begin) * out[2];
  return panel_of(j->dz + (pixel + j->column_begin) * g->filters, out, g->filters, 1, 1);
}

/* The rectangle of the block's outputs with rows and columns within begin .. end,
 * whose x (of the first one) and weights are at `x` and `dw`. */
typedef struct {
  int64_t rows[2], columns[2];
  ks_panel x;
  int64_t entries, runs, run; /* of x: in a run, runs, and from one to the next */
  real *dw;
} rectangle;

static void sum_rectangle(const weights_job *j, const lane_tile *lanes, const rectangle *r) {
  int64_t filters = j->g->filters;
  ks_panel dz = dz_panel(j, lanes), x = r->x;
  dz.at += (r->rows[0] - j->row_begin) * dz.row + (r->columns[0] - j->column_begin) * dz.pixel;
  ks_weights_tile t = {.images = j->images,
                       .rows = r->rows[1] - r->rows[0],
                       .pixels = r->columns[1] - r->columns[0],
                       .lane = lanes->lane,
                       .lanes = lanes->lanes};
  if (j->swapped) {
    x.at += lanes->from;
    t.a = dz, t.b = x, t.sum_a = 1, t.sum_b = filters;
    t.sum = r->dw + lanes->from * filters;
    sum_entries(&t, j->filters, 1, lanes->vectors);
  } else {
    if (!lanes->packed) dz.at += lanes->from;
    t.a = x, t.b = dz, t.sum_a = filters, t.sum_b = 1;
    t.sum = r->dw + lanes->from;
    t.a_run = r->run;
    sum_entries(&t, r->entries, r->runs, lanes->vectors);
  }
}

#endif
