/* Products of windows and filters, see ks_filters.h. */
#include <string.h>

#include "ks_filters.h"
#include "ks_transpose.h"
#include "ks_vector.h"

#if KS_FLOATING

/* What the tiles of a panel of filters share. */
typedef struct {
  const real *w, *bias;
  ks_affine affine;
  int64_t w_row;
  const ks_run *runs;
  int64_t n_runs, run;
  int64_t x_row, x_column, y_row, y_column;
  int add, resume, relu, y_is_far;
  ks_ahead *ahead;
} ks_tile;

/* Sums that are held in registers, beside two vectors of w, one of x and, where
 * there is no fused multiplication, of a product. On Zen 4 from 8 sums on all
 * take the same time: 1024 products of 32 channels, 32 filters come to 115
 * GFLOP/s with AVX-512 (OpenBLAS's product of 1024 x 1024 in the same run: 103),
 * to 113 with 12 sums of AVX2. Larger tiles load less. */
#define KS_TILE_SUMS (KS_REGISTERS == 32 ? 28 : 12)
#define KS_TILE_COLUMNS 7

#define TILE(name) double_##name
#define TILE_VECTOR ks_vector
#define TILE_VECTORS 2
#include "ks_filters_tile.h"

#define TILE(name) single_##name
#define TILE_VECTOR ks_vector
#define TILE_VECTORS 1
#include "ks_filters_tile.h"

/* Down to 16 bytes, for the last filters or few of them. Zen 4 multiplies two
 * half vectors at a time, so that 8 filters cost half of what 16 do. */
#if KS_VECTOR_BYTES > 16
typedef real half_vector __attribute__((vector_size(KS_VECTOR_BYTES / 2)));
#define TILE(name) half_##name
#define TILE_VECTOR half_vector
#define TILE_VECTORS 1
#include "ks_filters_tile.h"
#endif
#if KS_VECTOR_BYTES > 32
typedef real quarter_vector __attribute__((vector_size(KS_VECTOR_BYTES / 4)));
#define TILE(name) quarter_##name
#define TILE_VECTOR quarter_vector
#define TILE_VECTORS 1
#include "ks_filters_tile.h"
#endif

typedef void (*any_tile)(int64_t rows, int64_t columns, const ks_tile *t, const real *x, real *y);

/* A panel: as many filters as a tile takes. */
typedef struct {
  any_tile tile;
  int lanes, vectors;
} panel_kind;

static const panel_kind kinds[] = {
    {double_any, 2 * KS_LANES, 2},
    {single_any, KS_LANES, 1},
#if KS_VECTOR_BYTES > 16
    {half_any, KS_LANES / 2, 1},
#endif
#if KS_VECTOR_BYTES > 32
    {quarter_any, KS_LANES / 4, 1},
#endif
};
#define NARROWEST ((int)(sizeof kinds / sizeof kinds[0]) - 1)

/* The kind of the next panel when `rest` filters are left: two vectors, or one
 * and then what is narrower, or the narrowest that holds them. */
static const panel_kind *panel_for(int64_t rest) {
  int kind = 1;
  if (rest > KS_LANES) return &kinds[rest <= KS_LANES + KS_LANES / 2 && NARROWEST > 1];
  while (kind < NARROWEST && rest <= kinds[kind + 1].lanes) kind++;
  return &kinds[kind];
}

static void copy_filters(real *to, const real *sums, int64_t count, int add) {
  for (; count >= KS_LANES; count -= KS_LANES, to += KS_LANES, sums += KS_LANES)
    ks_store(to, add ? ks_load(to) + ks_load(sums) : ks_load(sums));
  if (count == 0) return;
  ks_vector sum = ks_load_some(sums, count);
  ks_store_some(to, count, add ? ks_load_some(to, count) + sum : sum);
}

/* y[0 .. rows)[0 .. columns)[0 .. count) from a tile with more filters than that. */
static void copy_out(const ks_tile *t, int64_t rows, int64_t columns, int64_t count,
                     const real *from, const ks_tile *source, real *y) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) {
      const real *sums = from + r * source->y_row + c * source->y_column;
      real *to = y + r * t->y_row + c * t->y_column;
      copy_filters(to, sums, count, t->add || t->resume);
    }
}

typedef struct {
  const panel_kind *kind;
  int64_t count;   /* filters; fewer than lanes: the rest are zeros */
  int64_t most[3]; /* columns of a tile of one row, of two */
} panel;

static void run_tile(const panel *p, const ks_tile *t, int64_t rows, int64_t columns, const real *x,
                     real *y) {
  if (p->count == p->kind->lanes) {
    p->kind->tile(rows, columns, t, x, y);
    return;
  }
  real sums[2 * KS_TILE_COLUMNS * 2 * KS_LANES];
  ks_tile whole = *t;
  whole.y_column = p->kind->lanes;
  whole.y_row = columns * whole.y_column;
  whole.add = whole.resume = 0;
  p->kind->tile(rows, columns, &whole, x, sums);
  copy_out(t, rows, columns, p->count, sums, &whole, y);
}

/* One row or two, in tiles as equal as can be. */
static void run_row(const panel *p, const ks_tile *t, int64_t rows, int64_t columns, const real *x,
                    real *y) {
  int64_t count = (columns + p->most[rows] - 1) / p->most[rows];
  for (int64_t i = 0; i < count; i++) {
    int64_t begin = columns * i / count, end = columns * (i + 1) / count;
    run_tile(p, t, rows, end - begin, x + begin * t->x_column, y + begin * t->y_column);
  }
}

/* Two by two. A row that is left alone is taken as two halves. */
static void run_rows(const panel *p, const ks_tile *t, int64_t rows, int64_t columns, const real *x,
                     real *y) {
  for (; rows >= 2; rows -= 2, x += 2 * t->x_row, y += 2 * t->y_row)
    run_row(p, t, 2, columns, x, y);
  if (rows == 1 && columns > p->most[1] && columns % 2 == 0) {
    ks_tile halves = *t;
    halves.x_row = columns / 2 * t->x_column;
    halves.y_row = columns / 2 * t->y_column;
    run_row(p, &halves, 2, columns / 2, x, y);
  } else if (rows == 1) {
    run_row(p, t, 1, columns, x, y);
  }
}

static void run_panel(const panel *p, const ks_tile *t, const ks_places *v, real *y) {
  for (int64_t i = 0; i < v->images; i++)
    run_rows(p, t, v->rows, v->columns, v->x + i * v->x_image, y + i * v->y_image);
}

/* A panel's numbers; of the last, copied to where its vectors may read them. */
static ks_affine affine_of(const ks_filters *f, int64_t at, int64_t count, int lanes,
                           real (*room)[2 * KS_LANES]) {
  ks_affine all = ks_affine_from(f->affine, at);
  if (!all.mean || count == lanes) return all;
  const real *numbers[] = {all.mean, all.factor, all.offset};
  for (int k = 0; k < 3; k++)
    for (int l = 0; l < lanes; l++) room[k][l] = l < count ? numbers[k][l] : 0;
  return (ks_affine){room[0], room[1], room[2]};
}

static const real no_bias[2 * KS_LANES];

void KS_NAME(filter)(const ks_places *places, const ks_filters *f, int64_t first, int64_t count) {
  ks_places v = ks_turned(*places);
  ks_tile t = {.runs = v.runs, .n_runs = v.n_runs, .run = v.run};
  t.x_row = v.x_row, t.x_column = v.x_column, t.y_row = v.y_row, t.y_column = v.y_column;
  t.add = v.add, t.resume = v.resume, t.relu = v.relu;
  t.y_is_far = v.y_is_far, t.ahead = v.ahead;
  const int sums = KS_TILE_SUMS / (KS_CROWDS(v.x_column) ? 2 : 1);
  for (int64_t at = first; at < first + count;) {
    panel p = {.kind = panel_for(f->count - at)};
    int64_t lanes = p.kind->lanes;
    p.count = ks_least(f->count - at, lanes);
    for (int rows = 1; rows <= 2; rows++)
      p.most[rows] = ks_least(KS_TILE_COLUMNS, sums / (rows * p.kind->vectors));
    real room[3][2 * KS_LANES];
    t.bias = f->bias ? f->bias + at : no_bias;
    t.affine = affine_of(f, at, p.count, p.kind->lanes, room);
    t.w = f->w + at, t.w_row = f->row;
    if (!f->w || p.count < lanes) t.w = f->packed + (f->w ? 0 : at * f->depth), t.w_row = lanes;
    run_panel(&p, &t, &v, v.y + at - first);
    at += p.count;
  }
}

int64_t KS_NAME(filters_whole)(int64_t count) {
  int64_t at = 0;
  while (at < count && count - at >= panel_for(count - at)->lanes)
    at += panel_for(count - at)->lanes;
  return at;
}

/* Rows of w in blocks, so that what is written at strides stays in L1. */
#define PACK_ROWS 16

/* A panel's filters from `first` on. */
static void pack_part(real *to, const real *w, const ks_packing *g, int64_t lanes, int64_t count,
                      int64_t first) {
  for (int64_t k0 = 0; k0 < g->rows; k0 += PACK_ROWS) {
    int64_t k1 = ks_least(g->rows, k0 + PACK_ROWS);
    for (int64_t f = first; f < lanes; f++)
      for (int64_t k = k0; k < k1; k++)
        to[k * lanes + f] = f < count ? w[f * g->step + k * g->row] : 0;
  }
}

/* As many filters as a vector has lanes, and `count` of their products, which are neighbours. */
static void transpose_some(real *to, int64_t lanes, const real *w, int64_t step, int64_t count) {
  ks_vector v[KS_LANES];
  if (count == KS_LANES)
    KS_UNROLL for (int f = 0; f < KS_LANES; f++) v[f] = ks_load(w + f * step);
  else
    KS_UNROLL for (int f = 0; f < KS_LANES; f++) v[f] = ks_load_some(w + f * step, count);
  ks_transpose(v);
  KS_UNROLL for (int k = 0; k < KS_LANES; k++) if (k < count) ks_store(to + k * lanes, v[k]);
}

static void transpose_panel(real *to, const real *w, const ks_packing *g, int64_t lanes,
                            int64_t count) {
  int64_t whole = count - count % KS_LANES;
  for (int64_t f = 0; f < whole; f += KS_LANES)
    for (int64_t k = 0; k < g->rows; k += KS_LANES)
      transpose_some(to + k * lanes + f, lanes, w + f * g->step + k, g->step,
                     ks_least(KS_LANES, g->rows - k));
  pack_part(to, w, g, lanes, count, whole);
}

/* Filters that are neighbours, and zeros. */
static void copy_panel(real *to, const real *w, const ks_packing *g, int64_t lanes, int64_t count) {
  int64_t whole = count - count % KS_LANES, rest = ks_least(lanes - whole, KS_LANES);
  for (int64_t k = 0; k < g->rows; k++, to += lanes, w += g->row) {
    for (int64_t f = 0; f < whole; f += KS_LANES) ks_store(to + f, ks_load(w + f));
    if (rest > 0) ks_store_some(to + whole, rest, ks_load_some(w + whole, count - whole));
  }
}

static void pack_panel(real *to, const real *w, const ks_packing *g, int64_t lanes, int64_t count) {
  if (g->step == 1)
    copy_panel(to, w, g, lanes, count);
  else if (g->row == 1)
    transpose_panel(to, w, g, lanes, count);
  else
    pack_part(to, w, g, lanes, count, 0);
}

void KS_NAME(panel_pack)(real *packed, const ks_packing *g, int64_t lanes) {
  pack_panel(packed, g->w, g, lanes, g->count);
}

void KS_NAME(filters_pack)(real *packed, const ks_packing *g) {
  for (int64_t at = 0; at < g->count;) {
    int64_t lanes = panel_for(g->count - at)->lanes, count = ks_least(g->count - at, lanes);
    real *to = packed + at * g->depth + g->begin * lanes;
    pack_panel(to, g->w + at * g->step, g, lanes, count);
    at += count;
  }
}

#endif
