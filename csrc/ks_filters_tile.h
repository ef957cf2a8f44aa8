/* The innermost loops of filters.c: tiles of places by filters that stay in
 * registers. Included once for each width of a tile, with
 *   TILE(name)     the name with that width
 *   TILE_VECTOR    the type of a vector of filters
 *   TILE_VECTORS   how many of them a tile has, 1 or 2
 *
 * For each product of a filter the vectors of w are loaded once, and each
 * place's x once, into all lanes. Two rows rather than one of twice the length:
 * x86 addresses 7 columns of each with 5 registers.
 */
#define TILE_LANES ((int)(sizeof(TILE_VECTOR) / sizeof(real)))

KS_INLINE TILE_VECTOR TILE(load)(const real *from) {
  TILE_VECTOR v;
  memcpy(&v, from, sizeof v);
  return v;
}

/* From a bias, which all columns share (`step` is 0), or from y. */
KS_INLINE void TILE(start)(const int columns, const real *from, int64_t step,
                           TILE_VECTOR (*sum)[TILE_VECTORS]) {
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++)
      sum[c][v] = TILE(load)(from + c * step + v * TILE_LANES);
}

KS_INLINE void TILE(multiply)(const int columns, const real *x, int64_t x_column,
                              const TILE_VECTOR *w, TILE_VECTOR (*sum)[TILE_VECTORS]) {
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++)
      sum[c][v] += x[c * x_column] * w[v];
}

KS_INLINE TILE_VECTOR TILE(positive)(TILE_VECTOR x) {
  __typeof__(x < 0) below = x < 0; /* not nan, which stays */
  return (TILE_VECTOR)(~below & (__typeof__(below))x);
}

KS_INLINE void TILE(scale)(const int columns, const ks_affine *by,
                           TILE_VECTOR (*sum)[TILE_VECTORS]) {
  KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
    const TILE_VECTOR mean = TILE(load)(by->mean + v * TILE_LANES);
    const TILE_VECTOR factor = TILE(load)(by->factor + v * TILE_LANES);
    const TILE_VECTOR offset = TILE(load)(by->offset + v * TILE_LANES);
    KS_UNROLL for (int c = 0; c < columns; c++) sum[c][v] = (sum[c][v] - mean) * factor + offset;
  }
}

KS_INLINE void TILE(finish)(const int columns, const ks_tile *t, real *y,
                            TILE_VECTOR (*sum)[TILE_VECTORS]) {
  const int64_t y_column = t->y_column;
  const int add = t->add, relu = t->relu;
  if (add)
    KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++)
        sum[c][v] += TILE(load)(y + c * y_column + v * TILE_LANES);
  if (t->affine.mean) TILE(scale)(columns, &t->affine, sum);
  if (relu)
    KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++)
        sum[c][v] = TILE(positive)(sum[c][v]);
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++)
      memcpy(y + c * y_column + v * TILE_LANES, &sum[c][v], sizeof(TILE_VECTOR));
}

/* Calls for what is added to in the end. */
KS_INLINE void TILE(fetch)(const int columns, int64_t y_column, const real *y) {
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++)
      __builtin_prefetch(y + c * y_column + v * TILE_LANES);
}

KS_INLINE void TILE(run)(const int rows, const int columns, const ks_tile *t, const real *x,
                         real *y) {
  TILE_VECTOR first[KS_TILE_COLUMNS][TILE_VECTORS], second[KS_TILE_COLUMNS][TILE_VECTORS];
  const int64_t x_column = t->x_column, w_row = t->w_row;
  if (t->resume) {
    TILE(start)(columns, y, t->y_column, first);
    if (rows == 2) TILE(start)(columns, y + t->y_row, t->y_column, second);
  } else {
    TILE(start)(columns, t->bias, 0, first);
    if (rows == 2) TILE(start)(columns, t->bias, 0, second);
  }
  if (t->y_is_far) {
    TILE(fetch)(columns, t->y_column, y);
    if (rows == 2) TILE(fetch)(columns, t->y_column, y + t->y_row);
  }
  for (int64_t r = 0; r < t->n_runs; r++) {
    const real *x0 = x + t->runs[r].x, *x1 = x0 + t->x_row;
    const real *w = t->w + t->runs[r].product * w_row;
    ks_fetch(t->ahead);
    for (int64_t i = 0; i < t->run; i++, w += w_row) {
      TILE_VECTOR weights[TILE_VECTORS];
      KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) weights[v] = TILE(load)(w + v * TILE_LANES);
      TILE(multiply)(columns, x0 + i, x_column, weights, first);
      if (rows == 2) TILE(multiply)(columns, x1 + i, x_column, weights, second);
    }
  }
  TILE(finish)(columns, t, y, first);
  if (rows == 2) TILE(finish)(columns, t, y + t->y_row, second);
}

/* Each in a function of its own: GCC gives registers out more wisely. */
#define TILE_OF(rows, columns)                                                                  \
  static __attribute__((noinline)) void TILE(tile_##rows##_##columns)(const ks_tile *t,         \
                                                                      const real *x, real *y) { \
    TILE(run)(rows, columns, t, x, y);                                                          \
  }
#define TILE_CASE(rows, columns)                                                               \
  case rows * 8 + columns:                                                                     \
    if (rows * columns * TILE_VECTORS <= KS_TILE_SUMS) TILE(tile_##rows##_##columns)(t, x, y); \
    break;
/* clang-format off */
#define TILE_ALL(MACRO)                                                                  \
  MACRO(1, 1) MACRO(1, 2) MACRO(1, 3) MACRO(1, 4) MACRO(1, 5) MACRO(1, 6) MACRO(1, 7)    \
  MACRO(2, 1) MACRO(2, 2) MACRO(2, 3) MACRO(2, 4) MACRO(2, 5) MACRO(2, 6) MACRO(2, 7)
/* clang-format on */

TILE_ALL(TILE_OF)

static void TILE(any)(int64_t rows, int64_t columns, const ks_tile *t, const real *x, real *y) {
  switch (rows * 8 + columns) { TILE_ALL(TILE_CASE) }
}

#undef TILE_ALL
#undef TILE_CASE
#undef TILE_OF
#undef TILE_LANES
#undef TILE
#undef TILE_VECTOR
#undef TILE_VECTORS
