/* Products with a matrix that is zero in many places, as images, counts of words and rectified
 * units are: what would be multiplied by zero is left out.
 *
 * A row of C is a sum of rows of B, of those for which A is not zero. Some vectors of it stay in
 * registers while a panel of B in the L1 cache is gone through, guided by the bits of a word.
 */
#include "ks_filters.h"
#include "ks_gemm.h"
#include "ks_vector.h"

#if KS_FLOATING && KS_HAS_SPARSE_PRODUCTS

/* Products of a panel at most, and rows of C that are looked at together: as a word has bits. */
#define WORD 64
#define PANEL_BYTES (1 << 15)
#define MOST_VECTORS 14
/* Fewer rows of C are not worth packing a panel for, nor fewer products finding out which. */
#define FEWEST 16
/* Rows of A that tell how many zeros there are. */
#define SAMPLED_ROWS 8
/* Of A, which is read piece by piece: more than what an L2 cache keeps. */
#define FAR_BYTES (1 << 20)

KS_INLINE uint64_t nonzero_lanes(ks_vector v) {
#if KS_VECTOR_BYTES == 64 && KS_SINGLE
  return _mm512_cmp_ps_mask((__m512)v, _mm512_setzero_ps(), _CMP_NEQ_UQ);
#elif KS_VECTOR_BYTES == 64
  return _mm512_cmp_pd_mask((__m512d)v, _mm512_setzero_pd(), _CMP_NEQ_UQ);
#elif KS_SINGLE
  return (uint64_t)_mm256_movemask_ps(_mm256_cmp_ps((__m256)v, _mm256_setzero_ps(), _CMP_NEQ_UQ));
#else
  return (uint64_t)_mm256_movemask_pd(_mm256_cmp_pd((__m256d)v, _mm256_setzero_pd(), _CMP_NEQ_UQ));
#endif
}

/* Bit i: whether x[i] is not zero; at most WORD of them. */
KS_INLINE uint64_t nonzeros(const real *x, int64_t count) {
  uint64_t bits = 0;
  int64_t i = 0;
  for (; i + KS_LANES <= count; i += KS_LANES) bits |= nonzero_lanes(ks_load(x + i)) << i;
  if (i < count) bits |= nonzero_lanes(ks_load_some(x + i, count - i)) << i;
  return bits;
}

/* ---- whether it pays ------------------------------------------------------------------------- */

/* The share of A that is not zero, in some of its rows. */
static double sampled_share(const ks_product *p) {
  int64_t rows = p->trans_a ? p->k : p->m, columns = p->trans_a ? p->m : p->k;
  int64_t samples = ks_least(SAMPLED_ROWS, (rows + 7) / 8), found = 0;
  for (int64_t i = 0; i < samples; i++) {
    const real *row = p->a + rows * i / samples * p->lda;
    for (int64_t c = 0; c < columns; c += WORD)
      found += __builtin_popcountll(nonzeros(row + c, ks_least(WORD, columns - c)));
  }
  return (double)found / (double)(samples * columns);
}

static int64_t vectors_of(int64_t columns) { return (columns + KS_LANES - 1) / KS_LANES; }
static int64_t panels_of(int64_t vectors) { return (vectors + MOST_VECTORS - 1) / MOST_VECTORS; }

/* Slices of all k products, of which a panel holds one. */
static int64_t slices_of(int64_t k, int64_t vectors) {
  int64_t depth = ks_least(WORD, PANEL_BYTES / (vectors * KS_VECTOR_BYTES));
  return (k + depth - 1) / depth;
}

/* Compares the cycles that a row of C takes for each product, as measured on Zen 5: a dense tile, a
 * little more than half of one for each vector; here as much for a product that is done, with its
 * factor from A, but 2 at least, and besides for what each row of a slice costs by itself, for A's
 * columns as bits of words, for what is far away, and for packing. */
static int pays(const ks_product *p) {
  if (p->m < FEWEST || p->k < FEWEST) return 0;
  int64_t all_vectors = vectors_of(p->n), panels = panels_of(all_vectors);
  double vectors = (double)all_vectors / (double)panels;
  double slices = (double)slices_of(p->k, (all_vectors + panels - 1) / panels);
  int is_far = p->m * p->k * (int64_t)sizeof(real) > FAR_BYTES;
  double done = vectors < 3 ? 2 : 0.5 * vectors + 0.7;
  double around = (14 + 1.4 * vectors) * slices / (double)p->k + (p->trans_a ? 0.2 : 0) + is_far;
  double spare = 0.5 * vectors - around - 2.5 * vectors / (double)p->m;
  return spare > 0 && sampled_share(p) * done < spare;
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* Some rows of C and some vectors of their columns, and a slice of the products. */
typedef struct {
  const real *a;
  int64_t a_row, a_product, depth;
  const real *panel; /* of B, packed in whole vectors */
  int is_finite;     /* zero times what is not is nan, and has to be done */
  real *c;
  int64_t c_row, rows;
  int64_t lanes; /* of the last vector */
  int add;
} sparse_tile;

KS_INLINE void sum_row(const int V, const sparse_tile *t, int64_t row, uint64_t bits) {
  const real *a = t->a + row * t->a_row;
  real *c = t->c + row * t->c_row, *last = c + (V - 1) * KS_LANES;
  ks_vector sum[MOST_VECTORS];
  KS_UNROLL for (int v = 0; v < V; v++) {
    sum[v] = (ks_vector){0};
    __builtin_prefetch(c + t->c_row + v * KS_LANES, 1); /* rows of C may be far apart */
  }
  for (; bits; bits &= bits - 1) {
    int64_t product = __builtin_ctzll(bits);
    const real *b = t->panel + product * (V * KS_LANES);
    ks_vector factor = ks_splat(a[product * t->a_product]);
    KS_UNROLL for (int v = 0; v < V; v++) sum[v] += factor * ks_load(b + v * KS_LANES);
  }
  if (t->add) {
    KS_UNROLL for (int v = 0; v < V - 1; v++) sum[v] += ks_load(c + v * KS_LANES);
    sum[V - 1] += ks_load_some(last, t->lanes);
  }
  KS_UNROLL for (int v = 0; v < V - 1; v++) ks_store(c + v * KS_LANES, sum[v]);
  ks_store_some(last, t->lanes, sum[V - 1]);
}

/* Each in a function of its own: GCC gives registers out more wisely. */
#define ROWS_OF(V)                                                                                 \
  static __attribute__((noinline)) void sum_rows_##V(const sparse_tile *t, const uint64_t *bits) { \
    for (int64_t row = 0; row < t->rows; row++) sum_row(V, t, row, bits[row]);                     \
  }
ROWS_OF(1)
ROWS_OF(2)
ROWS_OF(3)
ROWS_OF(4)
ROWS_OF(5)
ROWS_OF(6)
ROWS_OF(7)
ROWS_OF(8)
ROWS_OF(9)
ROWS_OF(10)
ROWS_OF(11)
ROWS_OF(12)
ROWS_OF(13)
ROWS_OF(14)

static void (*const sum_rows[])(const sparse_tile *, const uint64_t *) = {
    sum_rows_1, sum_rows_2, sum_rows_3,  sum_rows_4,  sum_rows_5,  sum_rows_6,  sum_rows_7,
    sum_rows_8, sum_rows_9, sum_rows_10, sum_rows_11, sum_rows_12, sum_rows_13, sum_rows_14,
};

/* ---- bits ------------------------------------------------------------------------------------ */

/* Squares of `size` x `size` bits beside the diagonal change places. */
KS_INLINE void swap_squares(uint64_t *words, const int size, const uint64_t low) {
  for (int from = 0; from < WORD; from += 2 * size)
    for (int i = from; i < from + size; i++) {
      uint64_t differ = ((words[i] >> size) ^ words[i + size]) & low;
      words[i] ^= differ << size;
      words[i + size] ^= differ;
    }
}

/* Bit j of word i becomes bit i of word j (Warren, Hacker's Delight, 2nd edition, section 7-3). */
static void transpose_bits(uint64_t words[WORD]) {
  swap_squares(words, 32, 0x00000000ffffffff);
  swap_squares(words, 16, 0x0000ffff0000ffff);
  swap_squares(words, 8, 0x00ff00ff00ff00ff);
  swap_squares(words, 4, 0x0f0f0f0f0f0f0f0f);
  swap_squares(words, 2, 0x3333333333333333);
  swap_squares(words, 1, 0x5555555555555555);
}

/* Which products each row of the tile has. */
static void find_products(const sparse_tile *t, uint64_t words[WORD]) {
  if (!t->is_finite) {
    for (int64_t row = 0; row < t->rows; row++) words[row] = ~(uint64_t)0 >> (WORD - t->depth);
  } else if (t->a_product == 1) {
    for (int64_t row = 0; row < t->rows; row++)
      words[row] = nonzeros(t->a + row * t->a_row, t->depth);
  } else {
    for (int64_t k = 0; k < WORD; k++)
      words[k] = k < t->depth ? nonzeros(t->a + k * t->a_product, t->rows) : 0;
    transpose_bits(words);
  }
}

static int is_finite(const real *panel, int64_t count) {
  uint64_t others = 0;
  for (int64_t i = 0; i < count; i += KS_LANES) {
    ks_vector x = ks_load(panel + i);
    others |= nonzero_lanes(x - x);
  }
  return !others;
}

/* ---- tiles ----------------------------------------------------------------------------------- */

/* Products `begin` to begin + depth, for `count` columns from `column` on. */
static void multiply_slice(const ks_product *p, int64_t begin, int64_t depth, int64_t column,
                           int64_t count, real *panel) {
  int64_t vectors = vectors_of(count), lanes = vectors * KS_LANES;
  ks_packing g = {.row = p->trans_b ? 1 : p->ldb, .step = p->trans_b ? p->ldb : 1};
  g.w = p->b + begin * g.row + column * g.step, g.count = count, g.depth = g.rows = depth;
  KS_NAME(panel_pack)(panel, &g, lanes);
  sparse_tile t = {.a_row = p->trans_a ? 1 : p->lda, .a_product = p->trans_a ? p->lda : 1};
  t.panel = panel, t.depth = depth, t.is_finite = is_finite(panel, depth * lanes);
  t.c_row = p->ldc, t.lanes = count - lanes + KS_LANES, t.add = p->add || begin > 0;
  for (int64_t row = 0; row < p->m; row += WORD) {
    uint64_t words[WORD];
    t.a = p->a + row * t.a_row + begin * t.a_product, t.c = p->c + row * p->ldc + column;
    t.rows = ks_least(WORD, p->m - row);
    find_products(&t, words);
    sum_rows[vectors - 1](&t, words);
  }
}

int KS_NAME(sparse_product)(const ks_product *p) {
  if (!pays(p)) return 0;
  real panel[PANEL_BYTES / sizeof(real)] __attribute__((aligned(KS_VECTOR_BYTES)));
  int64_t vectors = vectors_of(p->n), panels = panels_of(vectors);
  for (int64_t i = 0; i < panels; i++) {
    int64_t from = vectors * i / panels, to = vectors * (i + 1) / panels;
    int64_t column = from * KS_LANES, count = ks_least(to * KS_LANES, p->n) - column;
    int64_t slices = slices_of(p->k, to - from);
    for (int64_t s = 0; s < slices; s++) {
      int64_t begin = p->k * s / slices, end = p->k * (s + 1) / slices;
      multiply_slice(p, begin, end - begin, column, count, panel);
    }
  }
  return 1;
}

#endif
