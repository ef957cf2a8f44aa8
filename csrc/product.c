/* Products of matrices without BLAS, in the tiles of convolutions: sums stay in registers while a
 * tile goes through some of the k products (ks_filters.h, and ks_weights_tile.h where A is
 * transposed). What a tile reads of B stays in the L1 cache, what all tiles read of A in the L2
 * cache. An element's sum has the same order wherever C is cut.
 */
#include "ks_filters.h"
#include "ks_gemm.h"
#include "ks_weights_tile.h"

#if KS_FLOATING && KS_HAS_PRODUCTS

/* Products of a panel of B, and its columns: 32 KB. */
#define DEPTH 256
#define WIDTH (2 * KS_LANES)
/* Rows of A, of which DEPTH products are 256 KB in float32. */
#define ROWS 256
/* So many rows, or tiles, are worth packing a panel of B for, */
#define PACKING_ROWS 128
#define PACKING_TILES 4
/* unless its rows are within so many bytes of the cache in any case. */
#define PACKING_BYTES (1 << 17)

/* Products `begin` to begin + depth of all k. */
typedef struct {
  const ks_product *p;
  int64_t begin, depth;
} product_slice;

/* `count` columns of B from `column` on, to be packed. */
static ks_packing columns_of(const product_slice *s, int64_t column, int64_t count) {
  const ks_product *p = s->p;
  ks_packing g = {.count = count, .depth = s->depth, .rows = s->depth};
  if (p->trans_b)
    g.w = p->b + column * p->ldb + s->begin, g.row = 1, g.step = p->ldb;
  else
    g.w = p->b + s->begin * p->ldb + column, g.row = p->ldb, g.step = 1;
  return g;
}

/* ---- rows of A as they are ------------------------------------------------------------------- */

/* Some rows of A and C. */
static ks_places places_of(const product_slice *s, int64_t row, int64_t rows) {
  const ks_product *p = s->p;
  return (ks_places){.x = p->a + row * p->lda + s->begin,
                     .y = p->c + row * p->ldc,
                     .images = 1,
                     .rows = 1,
                     .columns = rows,
                     .x_column = p->lda,
                     .y_column = p->ldc,
                     .runs = &ks_whole_run,
                     .n_runs = 1,
                     .run = s->depth,
                     .add = p->add || s->begin > 0,
                     .y_is_far = p->add || s->begin > 0};
}

static void multiply_by_packed(const product_slice *s, ks_places *v, real *panel) {
  for (int64_t column = 0; column < s->p->n; column += WIDTH, v->y += WIDTH) {
    ks_filters f = {.count = ks_least(WIDTH, s->p->n - column), .depth = s->depth, .packed = panel};
    ks_packing columns = columns_of(s, column, f.count);
    KS_NAME(filters_pack)(panel, &columns);
    KS_NAME(filter)(v, &f, 0, f.count);
  }
}

/* B where it is, but for the last columns. */
static void multiply_by(const product_slice *s, ks_places *v, real *panel) {
  const ks_product *p = s->p;
  ks_filters f = {.count = p->n, .depth = s->depth, .row = p->ldb, .packed = panel};
  f.w = p->b + s->begin * p->ldb;
  int64_t whole = KS_NAME(filters_whole)(p->n);
  ks_packing last = columns_of(s, whole, p->n - whole);
  KS_NAME(filters_pack)(panel, &last);
  KS_NAME(filter)(v, &f, 0, p->n);
}

/* ---- A transposed: columns of A times columns of B ------------------------------------------- */

/* A matrix of which each row belongs to a product. */
typedef struct {
  const real *at;
  int64_t row, columns;
} product_side;

/* Some columns of a side as vectors, which are read where they are or packed. */
static ks_panel vectors_of(const product_side *side, int64_t depth, int64_t column, int64_t lanes,
                           int packs, real *panel) {
  int64_t count = ks_least(lanes, side->columns - column);
  if (!packs && count == lanes) return (ks_panel){side->at + column, 0, 0, side->row};
  ks_packing g = {.w = side->at + column, .row = side->row, .step = 1, .count = count};
  g.depth = g.rows = depth;
  KS_NAME(panel_pack)(panel, &g, lanes);
  return (ks_panel){panel, 0, 0, lanes};
}

/* Columns of `vectors` from `column` on times all of `entries`, to t.sum and so on. */
static void sum_panel(ks_weights_tile t, const product_side *entries, const product_side *vectors,
                      int64_t column, int64_t lanes, real *panel) {
  int64_t most = lanes == KS_LANES ? KS_TILE_NARROW : KS_TILE_WIDE;
  int64_t tiles = (entries->columns + most - 1) / most;
  real *sum = t.sum + column * t.sum_b;
  int is_wide = t.pixels * vectors->row * (int64_t)sizeof(real) > PACKING_BYTES;
  t.b = vectors_of(vectors, t.pixels, column, lanes, is_wide && tiles >= PACKING_TILES, panel);
  t.lanes = ks_least(lanes, vectors->columns - column);
  for (int64_t tile = 0; tile < tiles; tile++) {
    int64_t begin = entries->columns * tile / tiles, end = entries->columns * (tile + 1) / tiles;
    t.a = (ks_panel){entries->at + begin, 0, 0, entries->row};
    t.sum = sum + begin * t.sum_a;
    KS_NAME(weights_tile)(&t, 1, (int)(end - begin), (int)(lanes / KS_LANES));
  }
}

/* Where B's few columns do not fill vectors, those of A take their place. */
static void multiply_columns(const product_slice *s, real *panel) {
  const ks_product *p = s->p;
  product_side a = {p->a + s->begin * p->lda, p->lda, p->m};
  product_side b = {p->b + s->begin * p->ldb, p->ldb, p->n};
  int swaps = b.columns < WIDTH && b.columns % KS_LANES && a.columns > b.columns;
  ks_weights_tile t = {.images = 1, .rows = 1, .pixels = s->depth, .sum = p->c};
  t.store = !p->add && s->begin == 0;
  t.sum_a = swaps ? 1 : p->ldc, t.sum_b = swaps ? p->ldc : 1;
  const product_side *entries = swaps ? &b : &a, *vectors = swaps ? &a : &b;
  for (int64_t column = 0, lanes; column < vectors->columns; column += lanes) {
    lanes = vectors->columns - column < WIDTH ? KS_LANES : WIDTH;
    sum_panel(t, entries, vectors, column, lanes, panel);
  }
}

/* All products of some rows. */
static void multiply_rows(const ks_product *p, int64_t row, int64_t rows, real *panel) {
  product_slice s = {p, 0, 0};
  for (; s.begin < p->k; s.begin += s.depth) {
    s.depth = ks_least(DEPTH, p->k - s.begin);
    ks_places v = places_of(&s, row, rows);
    if (p->trans_b || (KS_CROWDS(p->ldb) && rows >= PACKING_ROWS))
      multiply_by_packed(&s, &v, panel);
    else
      multiply_by(&s, &v, panel);
  }
}

void KS_NAME(product)(const ks_product *p) {
  real panel[DEPTH * WIDTH];
  product_slice s = {p, 0, 0};
  for (int64_t row = 0; !p->trans_a && row < p->m; row += ROWS)
    multiply_rows(p, row, ks_least(ROWS, p->m - row), panel);
  for (; p->trans_a && s.begin < p->k; s.begin += s.depth) {
    s.depth = ks_least(DEPTH, p->k - s.begin);
    multiply_columns(&s, panel);
  }
}

#endif
