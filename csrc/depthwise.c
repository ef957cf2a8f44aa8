/* Depthwise convolution over rectangles of places, see ks_depthwise.h. */
#include <string.h>

#include "ks_depthwise.h"
#include "ks_vector.h"

#if KS_FLOATING

enum { KS_PLAIN, KS_SLIDE, KS_EXPAND, KS_FOLD };

#if KS_SINGLE
typedef int32_t lane_index; /* as large as a lane */
#else
typedef int64_t lane_index;
#endif

/* What tiles share. */
typedef struct {
  int mode;
  const ks_run *runs;
  int64_t n_runs, w_row, x_column, y_column, channels, multiplier;
  const real *w, *bias;
  ks_affine affine;
  int add, relu;
  /* of sums over places */
  const real *x, *dz;
  real *dw;
  int64_t rows, columns, x_row, dz_row;
} ks_depthwise;

/* Two vectors of lanes at once are 20 to 30 % faster with 32 registers (83
 * instead of 65 GFLOP/s at 32x32x32), and 10 % slower with 16. */
#if KS_REGISTERS == 32
#define TILE(name) wide_##name
#define TILE_VECTOR ks_vector
#define TILE_VECTORS 2
#include "ks_depthwise_tile.h"
#endif

#define TILE(name) whole_##name
#define TILE_VECTOR ks_vector
#define TILE_VECTORS 1
#include "ks_depthwise_tile.h"

#if KS_VECTOR_BYTES > 16
typedef real half_vector __attribute__((vector_size(KS_VECTOR_BYTES / 2)));
#define TILE(name) half_##name
#define TILE_VECTOR half_vector
#define TILE_VECTORS 1
#define TILE_NARROW
#include "ks_depthwise_tile.h"
#endif

#define TILE(name) single_##name
#define TILE_VECTOR real
#define TILE_VECTORS 1
#define TILE_IS_REAL
#define TILE_NARROW
#include "ks_depthwise_tile.h"

typedef struct {
  int lanes, vectors;
  void (*places)(int columns, const ks_depthwise *t, const real *x, real *y, int64_t begin,
                 int64_t end);
  void (*taps)(int taps, const ks_depthwise *t, const ks_run *runs, int64_t begin, int64_t end);
} width;

static const width widths[] = {
#if KS_REGISTERS == 32
    {2 * KS_LANES, 2, wide_places, wide_taps},
#endif
    {KS_LANES, 1, whole_places, whole_taps},
#if KS_VECTOR_BYTES > 16
    {KS_LANES / 2, 1, half_places, half_taps},
#endif
    {1, 1, single_places, single_taps},
};

/* Lanes after `begin` that have this width. Vectors that are expanded or folded
 * have whole channels, and are expanded from no more than there are. */
static int64_t lanes_of(const ks_depthwise *t, const width *w, int64_t rest) {
  int whole = w->vectors == 1 && w->lanes % t->multiplier == 0 && w->lanes <= t->channels;
  return w->lanes == 1 || whole || t->mode < KS_EXPAND ? rest - rest % w->lanes : 0;
}

/* ---- places ---------------------------------------------------------------- */

/* A last vector that is not full takes lanes again that have been done, where
 * nothing is added: with 20 channels that is twice as fast as single lanes. */
static void run_lanes(const ks_depthwise *t, int columns, const real *x, real *y) {
  int64_t begin = 0, lanes = t->channels * t->multiplier, rest = lanes % KS_LANES;
  if (rest && lanes > KS_LANES && !t->add && t->mode < KS_EXPAND) {
    whole_places(columns, t, x, y, lanes - KS_LANES, lanes);
    lanes -= rest;
  }
  for (const width *w = widths; begin < lanes; w++) {
    int64_t end = begin + lanes_of(t, w, lanes - begin);
    if (end > begin) w->places(columns, t, x, y, begin, end);
    begin = end;
  }
}

static void run_row(const ks_depthwise *t, int64_t columns, const real *x, real *y) {
  for (int64_t begin = 0; begin < columns;) {
    int tile = 8;
    while (tile > columns - begin) tile /= 2;
    run_lanes(t, tile, x + begin * t->x_column, y + begin * t->y_column);
    begin += tile;
  }
}

/* Whether runs come three by three, as far apart as columns of places. */
static int slides(const ks_places *p) {
  if (p->n_runs % 3) return 0;
  for (int64_t r = 0; r < p->n_runs; r++)
    if (r % 3 && p->runs[r].x - p->runs[r - 1].x != p->x_column) return 0;
  return 1;
}

static int mode_of(const ks_places *p, int64_t multiplier, int fold) {
  if (multiplier > 1) return fold ? KS_FOLD : KS_EXPAND;
  return slides(p) ? KS_SLIDE : KS_PLAIN;
}

static void swap(int64_t *a, int64_t *b) {
  int64_t c = *a;
  *a = *b, *b = c;
}

/* Tiles are filled along columns. */
static ks_places turned(ks_places p) {
  if (p.columns < 4 && p.columns < p.rows && p.images <= p.rows) {
    swap(&p.columns, &p.rows), swap(&p.x_column, &p.x_row), swap(&p.y_column, &p.y_row);
  } else if (p.columns < 4 && p.columns < p.images) {
    swap(&p.columns, &p.images), swap(&p.x_column, &p.x_image), swap(&p.y_column, &p.y_image);
  }
  return p;
}

void KS_NAME(depthwise)(const ks_places *places, const ks_filters *f, int64_t multiplier,
                        int fold) {
  ks_places p = turned(*places);
  ks_depthwise t = {.mode = mode_of(&p, multiplier, fold), .runs = p.runs, .n_runs = p.n_runs};
  t.w_row = f->row, t.x_column = p.x_column, t.y_column = p.y_column;
  t.multiplier = multiplier, t.channels = f->count / multiplier;
  t.w = f->w, t.bias = f->bias, t.affine = f->affine, t.add = p.add, t.relu = p.relu;
  for (int64_t i = 0; i < p.images; i++)
    for (int64_t r = 0; r < p.rows; r++)
      run_row(&t, p.columns, p.x + i * p.x_image + r * p.x_row, p.y + i * p.y_image + r * p.y_row);
}

/* ---- weights --------------------------------------------------------------- */

/* Places that a register sums before they are added to dw, as in conv_weights.c. */
#define MOST_PLACES 256

static void sum_lanes(const ks_depthwise *t, int taps, const ks_run *runs) {
  int64_t begin = 0, lanes = t->channels * t->multiplier;
  for (const width *w = widths; begin < lanes; w++) {
    int64_t end = begin + lanes_of(t, w, lanes - begin);
    if (end > begin) w->taps(taps, t, runs, begin, end);
    begin = end;
  }
}

static void sum_taps(const ks_depthwise *t) {
  static const int plain[] = {9, 6, 3, 2, 1}, expanded[] = {3, 1};
  for (int64_t r = 0; r < t->n_runs;) {
    const int *taps = t->mode == KS_EXPAND ? expanded : plain;
    while (*taps > t->n_runs - r) taps++;
    sum_lanes(t, *taps, t->runs + r);
    r += *taps;
  }
}

void KS_NAME(depthwise_weights)(const ks_places *p, real *dw, int64_t lanes, int64_t multiplier) {
  ks_depthwise t = {.mode = multiplier > 1 ? KS_EXPAND : KS_PLAIN, .runs = p->runs};
  t.n_runs = p->n_runs, t.w_row = lanes, t.multiplier = multiplier;
  t.channels = lanes / multiplier;
  t.x_column = p->x_column, t.y_column = p->y_column, t.x_row = p->x_row, t.dz_row = p->y_row;
  t.dw = dw;
  int64_t columns = ks_least(p->columns, MOST_PLACES), rows = MOST_PLACES / columns;
  for (int64_t i = 0; i < p->images; i++)
    for (int64_t row = 0; row < p->rows; row += rows)
      for (int64_t column = 0; column < p->columns; column += columns) {
        t.rows = ks_least(rows, p->rows - row), t.columns = ks_least(columns, p->columns - column);
        t.x = p->x + i * p->x_image + row * p->x_row + column * p->x_column;
        t.dz = p->y + i * p->y_image + row * p->y_row + column * p->y_column;
        sum_taps(&t);
      }
}

#endif
