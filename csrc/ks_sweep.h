/* A sweep: windows that move over the places of images. Convolutions are
 * sweeps, and so are the phases of their transposes. Here is how a sweep is cut
 * into blocks, by its shape alone; sweep.c runs it.
 *
 * A block's windows read the image itself; where some window of the sweep
 * reaches beyond it, a strip: a copy of what the block sees, with zeros around
 * it. A strip is written once and read (taps x filters) / vector times: with 32
 * filters of 3 x 3 taps copying takes 1 % of the time.
 */
#ifndef KS_SWEEP_H
#define KS_SWEEP_H

#include <stdint.h>

#include "ks_context.h"
#include "ks_window.h"

/* Of images, planes, rows and columns. */
#define KS_SWEEP_AXES 4

/* Place p sees first + p * step + t * tap_step, for each tap t. */
typedef struct {
  int64_t places, first, step;
  int64_t taps, tap_step;
  int64_t size;   /* of the image */
  int64_t y_step; /* from place to place in y */
  /* what follows is made by ks_sweep_plan */
  int64_t block;  /* places of a block */
  int64_t extent; /* what a block's places see */
  int64_t x_step; /* elements from pixel to pixel, of the image or its strip */
} ks_sweep_axis;

typedef struct {
  ks_sweep_axis axis[KS_SWEEP_AXES];
  int64_t pixel, channels; /* elements from pixel to pixel, and those that are seen */
  int64_t filters;
  /* what follows is made by ks_sweep_plan */
  int64_t n_runs, run;
  int64_t blocks, strip; /* their number, and elements of a strip; 0: none needed */
  int64_t chunks;        /* of neighbouring blocks, one strip each */
} ks_sweep;

#define KS_STRIP_ELEMENTS 16384 /* half of L2 where that is small, beside weights */
#define KS_MOST_CHUNKS 32
#define KS_CHUNK_PRODUCTS 1e6 /* multiplications: 20 us or so, a hand-over takes 3 to 5 */

static inline int64_t ks_sweep_least(int64_t a, int64_t b) { return a < b ? a : b; }
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

/* Neighbouring axes that one tap passes over are one. */
static inline void ks_sweep_merge(ks_sweep *s) {
  for (int i = KS_SWEEP_AXES - 1; i > 0; i--) {
    for (int merged = 0; merged < i; merged++) {
      ks_sweep_axis *outer = &s->axis[i - 1], *inner = &s->axis[i];
      if (!ks_sweep_is_plain(outer) || !ks_sweep_is_plain(inner)) break;
      if (outer->places > 1 && outer->y_step != inner->places * inner->y_step) break;
      inner->places *= outer->places;
      inner->size = inner->places;
      for (int j = i - 1; j > 0; j--) s->axis[j] = s->axis[j - 1];
      s->axis[0] = (ks_sweep_axis){.places = 1, .step = 1, .taps = 1, .tap_step = 1, .size = 1};
    }
  }
}

static inline int64_t ks_sweep_extent(const ks_sweep_axis *a, int64_t places) {
  return (places - 1) * a->step + (a->taps - 1) * a->tap_step + 1;
}

static inline int ks_sweep_needs_strip(const ks_sweep *s) {
  for (int i = 0; i < KS_SWEEP_AXES; i++) {
    const ks_sweep_axis *a = &s->axis[i];
    if (a->first < 0 || a->first + ks_sweep_extent(a, a->places) > a->size) return 1;
  }
  return 0;
}

static inline double ks_sweep_products(const ks_sweep *s) {
  double products = (double)s->channels * (double)s->filters;
  for (int i = 0; i < KS_SWEEP_AXES; i++)
    products *= (double)s->axis[i].places * (double)s->axis[i].taps;
  return products;
}

/* The most places of axis i so that a block of `rest` pixels for each place
 * there sees no more than a strip holds. */
static inline int64_t ks_sweep_fitting(const ks_sweep_axis *a, int64_t rest) {
  int64_t room = KS_STRIP_ELEMENTS / ks_sweep_most(rest, 1) - (a->taps - 1) * a->tap_step - 1;
  return room < 0 ? 1 : ks_sweep_least(a->places, room / a->step + 1);
}

/* Blocks have whole rows unless those are long; as many rows as a strip holds,
 * but so few that there are blocks for several threads; one plane; several
 * images only where they are tiny, so that weights are read less often. */
static inline void ks_sweep_blocks(ks_sweep *s) {
  ks_sweep_axis *image = &s->axis[0], *plane = &s->axis[1], *row = &s->axis[2];
  ks_sweep_axis *column = &s->axis[3];
  double wanted = ks_sweep_products(s) / KS_CHUNK_PRODUCTS;
  int64_t chunks = wanted < KS_MOST_CHUNKS ? (int64_t)wanted : KS_MOST_CHUNKS;
  int64_t each = ks_sweep_parts(chunks, image->places * plane->places); /* of a plane */
  each = ks_sweep_most(each, 1);
  int64_t lines = s->channels * ks_sweep_extent(plane, 1) * ks_sweep_extent(row, 1);
  int64_t columns = ks_sweep_fitting(column, lines);
  if (row->places < each)
    columns = ks_sweep_least(columns, column->places * row->places / each);
  columns = ks_sweep_least(column->places, ks_sweep_most(columns / 14, 1) * 14);
  column->block = ks_sweep_parts(column->places, ks_sweep_parts(column->places, columns));
  column->extent = ks_sweep_extent(column, column->block);
  int64_t line = s->channels * ks_sweep_extent(plane, 1) * column->extent;
  int64_t rows = ks_sweep_least(ks_sweep_fitting(row, line), ks_sweep_parts(row->places, each));
  rows = ks_sweep_parts(row->places, ks_sweep_parts(row->places, rows + rows % 2));
  row->block = ks_sweep_least(row->places, rows + rows % 2);
  row->extent = ks_sweep_extent(row, row->block);
  plane->block = 1;
  plane->extent = ks_sweep_extent(plane, 1);
  int64_t seen = line * row->extent, places = row->places * column->places * plane->places;
  image->block = 1;
  if (places < 64 && each <= 1) {
    int64_t most = ks_sweep_least(64 / places, KS_STRIP_ELEMENTS / ks_sweep_most(seen, 1));
    most = ks_sweep_least(most, image->places / ks_sweep_most(chunks, 1));
    image->block = ks_sweep_most(most, 1);
  }
  image->extent = image->block;
}

static inline void ks_sweep_steps(ks_sweep *s) {
  int64_t step = s->strip ? s->channels : s->pixel;
  for (int i = KS_SWEEP_AXES - 1; i >= 0; i--) {
    ks_sweep_axis *a = &s->axis[i];
    a->x_step = step;
    step *= s->strip ? a->extent : a->size;
  }
  if (s->strip) s->strip = step;
}

static inline void ks_sweep_runs(ks_sweep *s) {
  const ks_sweep_axis *column = &s->axis[3];
  int64_t taps = s->axis[1].taps * s->axis[2].taps * column->taps;
  int whole = column->taps == 1 || (column->tap_step == 1 && column->x_step == s->channels);
  s->run = whole ? column->taps * s->channels : s->channels;
  s->n_runs = whole ? taps / column->taps : taps;
}

/* Needs at least one place and one tap along each axis. */
static inline void ks_sweep_plan(ks_sweep *s) {
  ks_sweep_collapse(s);
  ks_sweep_merge(s);
  ks_sweep_blocks(s);
  s->strip = ks_sweep_needs_strip(s);
  ks_sweep_steps(s);
  ks_sweep_runs(s);
  s->blocks = 1;
  for (int i = 0; i < KS_SWEEP_AXES; i++)
    s->blocks *= ks_sweep_parts(s->axis[i].places, s->axis[i].block);
  double wanted = ks_sweep_products(s) / KS_CHUNK_PRODUCTS;
  s->chunks = wanted < KS_MOST_CHUNKS ? (int64_t)wanted + 1 : KS_MOST_CHUNKS;
  s->chunks = ks_sweep_least(s->chunks, s->blocks);
}

#ifdef KS_DTYPE
typedef struct {
  const real *x;
  const ks_filters *filters;
  real *y;
  int64_t activation; /* a ks_activation */
  int add;            /* to y instead of writing it; then linear */
  int64_t *runs;      /* of the sweep, from sweep_runs */
} ks_sweep_job;

void KS_NAME(sweep_runs)(const ks_sweep *sweep, int64_t *runs);

/* Some blocks, one after another, with room for a strip. */
void KS_NAME(sweep_blocks)(const ks_sweep *sweep, const ks_sweep_job *job, int64_t begin,
                           int64_t end, real *strip);

/* All of them, on all threads, with room for a strip for each chunk. */
void KS_NAME(sweep_all)(const ks_context *context, const ks_sweep *sweep, const ks_sweep_job *job,
                        real *strips);
#endif

#endif
