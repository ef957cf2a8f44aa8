/* Products of windows and filters: what convolutions spend their time on.
 *
 *   y[row, column, f] = sum over k of x[row, column, k] * w[k, f] (+ bias[f])
 *
 * where x[row, column, ...] is what the filters see from a place: some runs of
 * neighbours, each `run` long, at offsets that are the same for all places. A
 * convolution over images with their channels last is just that: the taps of a
 * kernel's row and the channels are one run, so that one channel or three need
 * no care, and nothing is copied.
 */
#ifndef KS_FILTERS_H
#define KS_FILTERS_H

#include "ks_activate.h"

/* Where a run begins in x, seen from a place, and which product is its first. */
typedef struct {
  int64_t x, product;
} ks_run;

/* The run of a place that sees neighbours alone. */
static const ks_run ks_whole_run = {0, 0};

/* Memory that is read or written after a product, and that other work has pushed out of the cache:
 * some lines of it are called for at the beginning of each run. More at a time are dropped. */
typedef struct ks_ahead {
  const char *at, *end;
  struct ks_ahead *then;
} ks_ahead;

#define KS_AHEAD_LINES 8

static inline void ks_fetch(ks_ahead *ahead) {
  while (ahead && ahead->at >= ahead->end) ahead = ahead->then;
  if (!ahead) return;
  for (int i = 0; i < KS_AHEAD_LINES; i++) __builtin_prefetch(ahead->at + 64 * i, 0, 2);
  ahead->at += 64 * KS_AHEAD_LINES;
}

#ifdef KS_DTYPE

/* Places, and where they read and write; steps in elements. */
typedef struct {
  const real *x;
  real *y;
  int64_t images, rows, columns;
  int64_t x_image, x_row, x_column, y_image, y_row, y_column;
  const ks_run *runs;
  int64_t n_runs, run;
  int add;         /* y += instead of y = */
  int resume;      /* the same in filter, but sums begin with y: faster, less exact if done often */
  int relu;        /* y = max(0, ...) */
  int y_is_far;    /* what is added to is not in the cache */
  ks_ahead *ahead; /* or NULL */
} ks_places;

/* Filters: filter f of product k at w[k * row + f]. Tiles read them in panels of
 * as many as their vectors hold. Panels may be packed, one after another, each
 * (depth, filters) with zeros for the filters that are not there: all panels
 * (w is NULL), or just the last where it would reach beyond the filters. */
typedef struct {
  int64_t count, depth; /* filters, products to each */
  const real *w;
  int64_t row;
  const real *packed;
  const real *bias; /* with zeros up to KS_PADDED(count); NULL: none, in filter */
  ks_affine affine; /* after the sums, before relu */
  int few;          /* packed filter by filter, for filter_few */
} ks_filters;

/* Whether neighbours that are so many elements apart have the same place in the L1 cache, which
 * holds 8 or 12 of them. */
#define KS_CROWDS(step) ((step) * (int64_t)sizeof(real) % 4096 == 0)

static inline void ks_swap(int64_t *a, int64_t *b) {
  int64_t c = *a;
  *a = *b, *b = c;
}

/* Tiles are filled best along columns, and then by two rows. */
static inline ks_places ks_turned(ks_places v) {
  if (v.columns < 4 && v.columns < v.rows && v.images <= v.rows) {
    ks_swap(&v.columns, &v.rows), ks_swap(&v.x_column, &v.x_row), ks_swap(&v.y_column, &v.y_row);
  } else if (v.columns < 4 && v.columns < v.images) {
    ks_swap(&v.columns, &v.images), ks_swap(&v.x_column, &v.x_image),
        ks_swap(&v.y_column, &v.y_image);
  }
  if (v.rows == 1)
    ks_swap(&v.rows, &v.images), ks_swap(&v.x_row, &v.x_image), ks_swap(&v.y_row, &v.y_image);
  return v;
}

/* Part of packing: `rows` products of all filters, at w[k * row + f * step], as
 * products `begin` and so on of `depth`. */
typedef struct {
  const real *w;
  int64_t row, step;
  int64_t count, depth, begin, rows;
} ks_packing;

/* `count` filters from `first` on, multiples of 32 but for the end; y is that of the first. */
void KS_NAME(filter)(const ks_places *places, const ks_filters *filters, int64_t first,
                     int64_t count);

/* The same for one to three filters, of runs that are multiples of
 * KS_FEW_CHANNELS. */
void KS_NAME(filter_few)(const ks_places *places, const ks_filters *filters);

void KS_NAME(filters_pack)(real *packed, const ks_packing *packing);

/* The same as one panel of so many lanes. */
void KS_NAME(panel_pack)(real *packed, const ks_packing *packing, int64_t lanes);

/* The filters that whole panels hold; what is packed where w is not NULL are
 * those after them. */
int64_t KS_NAME(filters_whole)(int64_t count);

#endif

#define KS_FEW_FILTERS 3
#define KS_FEW_CHANNELS 16 /* as many as the longest vectors have lanes */

/* Enough for all panels, of any instruction set: two vectors of 16 numbers. */
#define KS_PADDED(count) (((count) + 31) / 32 * 32)

#endif
