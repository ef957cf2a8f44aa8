/* A sweep: windows that move over the places of images. Convolutions are
 * sweeps, and so are the phases of their transposes. Here is how a sweep is cut
 * into blocks, by its shape alone; sweep.c runs it.
 *
 * Nothing is copied. Windows that reach beyond the image have fewer taps: a block
 * is a few rectangles of places with the same taps. That saves the products with
 * zeros, too: for 3 x 3 taps a quarter of them where images are 5 x 5, 8 % where
 * they are 16 x 16.
 */
#ifndef KS_SWEEP_H
#define KS_SWEEP_H

#include <stdint.h>

#include "ks_context.h"
#include "ks_filters.h"

/* Of images, planes, rows and columns. */
#define KS_SWEEP_AXES 4

/* Place p sees first + p * step + t * tap_step, for each tap t. */
typedef struct {
  int64_t places, first, step;
  int64_t taps, tap_step;
  int64_t size;   /* of the image */
  int64_t y_step; /* elements from place to place in y */
  /* what follows is made by ks_sweep_plan */
  int64_t x_step; /* elements from pixel to pixel */
  int64_t block;  /* places of a block */
} ks_sweep_axis;

typedef struct {
  ks_sweep_axis axis[KS_SWEEP_AXES];
  int64_t pixel, channels; /* elements from pixel to pixel, and those that are seen */
  int64_t filters;
  /* Depthwise (ks_depthwise.h): filters to a channel, or 0; then one channel is
   * seen, and all filters are counted. */
  int64_t lanes;
  int fold;
  /* what follows is made by ks_sweep_plan */
  int64_t filter_block;         /* filters of a block */
  int64_t runs;                 /* that a window has, at most */
  int64_t place_blocks, blocks; /* for each block of filters, and for all */
  int64_t chunks;               /* of neighbouring blocks: what threads are given */
} ks_sweep;

#define KS_BLOCK_ELEMENTS 32768 /* of x: a part of L2, beside weights */
#define KS_BLOCK_WEIGHTS 131072 /* another: 512 KB in float32 */
#define KS_MOST_CHUNKS 32
#define KS_CHUNK_PRODUCTS 1e6 /* 20 us; handing them over takes 3 to 5 */

static inline int64_t ks_sweep_most(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t ks_sweep_parts(int64_t a, int64_t b) { return (a + b - 1) / b; }

/* One tap that passes over all pixels, one by one. */
static inline int ks_sweep_is_plain(const ks_sweep_axis *a) {
  return a->taps == 1 && a->first == 0 && a->step == 1 && a->places == a->size;
}

/* A window as large as the image is one pixel with more channels. */
static inline void ks_sweep_collapse(ks_sweep *s) {
  for (int i = KS_SWEEP_AXES - 1; i > 0 && s->pixel == s->channels; i--) {
    ks_sweep_axis *a = &s->axis[i];
    int whole = a->taps == a->size && a->tap_step == 1 && a->first == 0 && a->places == 1;
    if (!whole) return;
    s->pixel = s->channels *= a->size;
    a->size = a->taps = 1;
  }
}

/* Neighbouring axes that one tap passes over are one; that of the images too,
 * unless they are to be run by themselves. */
static inline void ks_sweep_merge(ks_sweep *s, int by_image) {
  const ks_sweep_axis trivial = {.places = 1, .step = 1, .taps = 1, .tap_step = 1, .size = 1};
  for (int i = KS_SWEEP_AXES - 1; i > 1; i--)
    for (int merged = by_image; merged < i; merged++) {
      ks_sweep_axis *outer = &s->axis[i - 1], *inner = &s->axis[i];
      if (!ks_sweep_is_plain(outer) || !ks_sweep_is_plain(inner)) break;
      if (outer->places > 1 && outer->y_step != inner->places * inner->y_step) break;
      inner->places = inner->size = inner->places * outer->places;
      for (int j = i - 1; j > by_image; j--) s->axis[j] = s->axis[j - 1];
      s->axis[by_image] = trivial;
    }
}

static inline double ks_sweep_products(const ks_sweep *s) {
  double products = (double)s->channels * (double)s->filters;
  for (int i = 0; i < KS_SWEEP_AXES; i++)
    products *= (double)s->axis[i].places * (double)s->axis[i].taps;
  return products;
}

/* Places so that a block of them, each `each` elements, is not too large, and
 * there are at least `parts` blocks; about equally many in each. */
static inline void ks_sweep_cut(ks_sweep_axis *a, int64_t each, int64_t parts, int64_t multiple) {
  int64_t most = KS_BLOCK_ELEMENTS / ks_sweep_most(each * a->step, 1);
  most = ks_least(most, ks_sweep_parts(a->places, ks_sweep_most(parts, 1)));
  most = ks_sweep_parts(ks_sweep_most(most, 1), multiple) * multiple;
  int64_t even = ks_sweep_parts(a->places, ks_sweep_parts(a->places, most));
  a->block = ks_least(ks_sweep_parts(even, multiple) * multiple, a->places);
}

/* All filters, unless their weights are so many that L2 would not hold them. */
static inline void ks_sweep_cut_filters(ks_sweep *s) {
  int64_t depth = s->channels;
  for (int i = 1; i < KS_SWEEP_AXES; i++) depth *= s->axis[i].taps;
  int64_t most = ks_sweep_most(KS_BLOCK_WEIGHTS / ks_sweep_most(depth, 1) / 32, 1) * 32;
  if (s->lanes) most = s->filters;
  s->filter_block = ks_sweep_most(ks_least(most, s->filters), 1);
}

/* Blocks have whole rows unless those are long, and one plane. Several images
 * only where they are tiny, so that tiles are filled and weights read less often. */
static inline void ks_sweep_blocks(ks_sweep *s) {
  ks_sweep_axis *image = &s->axis[0], *plane = &s->axis[1], *row = &s->axis[2];
  ks_sweep_axis *column = &s->axis[3];
  int64_t places = plane->places * row->places * column->places;
  int64_t filter_blocks = ks_sweep_parts(s->filters, s->filter_block);
  int64_t parts = s->chunks; /* of a plane */
  parts = ks_sweep_parts(parts, ks_sweep_most(image->places * plane->places * filter_blocks, 1));
  int64_t line = s->lanes ? s->pixel : s->channels; /* elements to a pixel */
  int64_t lines = line * plane->taps * (row->taps + row->step);
  ks_sweep_cut(column, lines, row->places < parts ? parts / row->places : 1, 14);
  ks_sweep_cut(row, line * column->step * column->block, parts, 2);
  plane->block = 1;
  image->block = 1;
  if (places < 64 && parts == 1) image->block = ks_least(14, ks_sweep_most(image->places / 4, 1));
}

/* Needs at least one place along each axis. */
static inline void ks_sweep_plan(ks_sweep *s, int by_image) {
  double wanted = ks_sweep_products(s) / KS_CHUNK_PRODUCTS;
  ks_sweep_collapse(s);
  ks_sweep_merge(s, by_image);
  s->chunks = wanted < KS_MOST_CHUNKS ? (int64_t)wanted + 1 : KS_MOST_CHUNKS;
  ks_sweep_cut_filters(s);
  ks_sweep_blocks(s);
  s->place_blocks = s->runs = 1;
  for (int64_t i = KS_SWEEP_AXES - 1, step = s->pixel; i >= 0; i--) {
    ks_sweep_axis *a = &s->axis[i];
    a->x_step = step;
    step *= a->size;
    s->place_blocks *= ks_sweep_parts(a->places, a->block);
    s->runs *= a->taps;
  }
  s->blocks = s->place_blocks * ks_sweep_parts(s->filters, s->filter_block);
  s->chunks = ks_least(s->chunks, s->blocks);
}

#ifdef KS_DTYPE
typedef struct {
  const real *x;
  const ks_filters *filters;
  real *y;
  int64_t activation; /* a ks_activation */
  int add;            /* to y instead of writing it; then linear */
  real *dw;           /* not NULL: y is the gradient, of which a depthwise dw is summed */
} ks_sweep_job;

/* So many images of a sweep planned by images, by the calling thread, with room
 * for a window's runs. */
void KS_NAME(sweep_images)(const ks_sweep *sweep, const ks_sweep_job *job, int64_t images,
                           ks_run *runs);

/* All of them, by all threads, with room for a window's runs for each chunk. */
void KS_NAME(sweep)(const ks_context *context, const ks_sweep *sweep, const ks_sweep_job *job,
                    ks_run *runs);
#endif

#endif
