/* The innermost loops of depthwise.c: some places, or some taps, by some
 * neighbouring lanes that stay in registers. Included once for each width, with
 *   TILE(name)     the name with that width
 *   TILE_VECTOR    the type of a vector of lanes; with TILE_IS_REAL one lane, real
 *   TILE_VECTORS   how many of them, 1 or 2
 *
 * Lane l is filter l, and sees channel l / multiplier. Where x has fewer channels
 * than lanes (KS_EXPAND), a vector of it is read and each channel repeated; where
 * y has (KS_FOLD), the lanes of a channel are added up in the end.
 */
#define TILE_LANES ((int)(sizeof(TILE_VECTOR) / sizeof(real)))

KS_INLINE TILE_VECTOR TILE(load)(const real *from) {
  TILE_VECTOR v;
  memcpy(&v, from, sizeof v);
  return v;
}

KS_INLINE TILE_VECTOR TILE(positive)(TILE_VECTOR x) {
#ifdef TILE_IS_REAL
  return x < 0 ? 0 : x;
#else
  __typeof__(x < 0) below = x < 0; /* not nan, which stays */
  return (TILE_VECTOR)(~below & (__typeof__(below))x);
#endif
}

/* Where the channels of the lanes from `lane` on are in a pixel of x: a vector
 * from `at` on, which does not reach beyond the pixel, and in it at `which`. */
#ifdef TILE_IS_REAL
typedef lane_index TILE(places_in);
#else
typedef lane_index TILE(places_in) __attribute__((vector_size(sizeof(TILE_VECTOR))));
#endif
typedef struct {
  int64_t at;
  TILE(places_in) which;
} TILE(channels);

KS_INLINE TILE(channels) TILE(channels_of)(const int mode, const ks_depthwise *t, int64_t lane) {
  TILE(places_in) which = {0};
  if (mode != KS_EXPAND) return (TILE(channels)){lane, which};
  int64_t first = lane / t->multiplier, at = first;
#ifndef TILE_IS_REAL
  if (at + TILE_LANES > t->channels) at = t->channels - TILE_LANES;
  for (int l = 0; l < TILE_LANES; l++) which[l] = first - at + l / t->multiplier;
#endif
  return (TILE(channels)){at, which};
}

KS_INLINE TILE_VECTOR TILE(pixel)(const int mode, const TILE(channels) * channels,
                                  const real *from) {
#ifdef TILE_IS_REAL
  (void)mode, (void)channels;
#else
  if (mode == KS_EXPAND) return __builtin_shuffle(TILE(load)(from), channels->which);
#endif
  return TILE(load)(from);
}

/* ---- places ---------------------------------------------------------------- */

/* Three taps that are as far apart as places read pixels that their neighbours
 * read, too: each pixel is loaded once. */
KS_INLINE void TILE(slide)(const int columns, const ks_depthwise *t, const real *x, const real *w,
                           TILE_VECTOR sum[8][TILE_VECTORS]) {
  for (int64_t r = 0; r < t->n_runs; r += 3) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
      TILE_VECTOR weights[3];
      KS_UNROLL for (int k = 0; k < 3; k++) weights[k] =
          TILE(load)(w + t->runs[r + k].product * t->w_row + v * TILE_LANES);
      KS_UNROLL for (int i = 0; i < columns + 2; i++) {
        TILE_VECTOR pixel = TILE(load)(x + t->runs[r].x + i * t->x_column + v * TILE_LANES);
        KS_UNROLL for (int k = 0; k < 3; k++) if (i - k >= 0 && i - k < columns) sum[i - k][v] +=
            pixel * weights[k];
      }
    }
}

KS_INLINE void TILE(multiply)(const int columns, const int mode, const ks_depthwise *t,
                              const real *x, const real *w, const TILE(channels) * channels,
                              TILE_VECTOR sum[8][TILE_VECTORS]) {
  for (int64_t r = 0; r < t->n_runs; r++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
      TILE_VECTOR weights = TILE(load)(w + t->runs[r].product * t->w_row + v * TILE_LANES);
      const real *at = x + t->runs[r].x + v * TILE_LANES;
      KS_UNROLL for (int c = 0; c < columns; c++) sum[c][v] +=
          TILE(pixel)(mode, channels, at + c * t->x_column) * weights;
    }
}

KS_INLINE void TILE(scale)(const int columns, const ks_affine *by, int64_t lane,
                           TILE_VECTOR sum[8][TILE_VECTORS]) {
  KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
    const TILE_VECTOR mean = TILE(load)(by->mean + lane + v * TILE_LANES);
    const TILE_VECTOR factor = TILE(load)(by->factor + lane + v * TILE_LANES);
    const TILE_VECTOR offset = TILE(load)(by->offset + lane + v * TILE_LANES);
    KS_UNROLL for (int c = 0; c < columns; c++) sum[c][v] = (sum[c][v] - mean) * factor + offset;
  }
}

KS_INLINE void TILE(finish)(const int columns, const ks_depthwise *t, real *y,
                            TILE_VECTOR sum[8][TILE_VECTORS]) {
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
    real *to = y + c * t->y_column + v * TILE_LANES;
    if (t->add) sum[c][v] += TILE(load)(to);
    if (t->relu) sum[c][v] = TILE(positive)(sum[c][v]);
    memcpy(to, &sum[c][v], sizeof(TILE_VECTOR));
  }
}

/* Single lanes of a channel come one after another. */
KS_INLINE void TILE(fold)(const int columns, const ks_depthwise *t, real *y, int64_t lane,
                          TILE_VECTOR sum[8][TILE_VECTORS]) {
  real sums[8 * TILE_VECTORS * TILE_LANES];
  int add = t->add || lane % t->multiplier;
  int64_t step = TILE_LANES > 1 ? t->multiplier : 1, width = TILE_VECTORS * TILE_LANES;
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++)
      memcpy(sums + c * width + v * TILE_LANES, &sum[c][v], sizeof(TILE_VECTOR));
  for (int c = 0; c < columns; c++, y += t->y_column)
    for (int64_t l = 0; l < width; l += step) {
      real total = sums[c * width + l];
      for (int64_t m = 1; m < step; m++) total += sums[c * width + l + m];
      y[l / step] = add ? y[l / step] + total : total;
    }
}

/* x, y: the first channel of the first place. */
KS_INLINE void TILE(run)(const int columns, const int mode, const ks_depthwise *t, const real *x,
                         real *y, int64_t lane) {
  TILE_VECTOR sum[8][TILE_VECTORS];
  TILE(channels) channels = TILE(channels_of)(mode, t, lane);
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++)
      sum[c][v] = mode == KS_FOLD ? (TILE_VECTOR){0} : TILE(load)(t->bias + lane + v * TILE_LANES);
  if (mode == KS_SLIDE)
    TILE(slide)(columns, t, x + lane, t->w + lane, sum);
  else
    TILE(multiply)(columns, mode, t, x + channels.at, t->w + lane, &channels, sum);
  if (t->affine.mean) TILE(scale)(columns, &t->affine, lane, sum);
  if (mode == KS_FOLD)
    TILE(fold)(columns, t, y + lane / t->multiplier, lane, sum);
  else
    TILE(finish)(columns, t, y + lane, sum);
}

KS_INLINE void TILE(lanes)(const int columns, const int mode, const ks_depthwise *t, const real *x,
                           real *y, int64_t begin, int64_t end) {
  for (int64_t lane = begin; lane < end; lane += TILE_VECTORS * TILE_LANES)
    TILE(run)(columns, mode, t, x, y, lane);
}

#define TILE_COLUMNS(columns, mode)                  \
  case 8 * mode + columns:                           \
    TILE(lanes)(columns, mode, t, x, y, begin, end); \
    return;
#define TILE_MODE(mode) \
  TILE_COLUMNS(1, mode) TILE_COLUMNS(2, mode) TILE_COLUMNS(4, mode) TILE_COLUMNS(8, mode)

/* 1, 2, 4 or 8 columns, lanes `begin` to `end`. */
static void TILE(places)(int columns, const ks_depthwise *t, const real *x, real *y, int64_t begin,
                         int64_t end) {
#ifdef TILE_NARROW
  int wide = columns >= 4 && t->mode < KS_EXPAND, step = wide ? 4 : 1;
  for (int c = 0; c < columns; c += step, x += step * t->x_column, y += step * t->y_column)
    if (wide)
      TILE(lanes)(4, KS_PLAIN, t, x, y, begin, end);
    else if (t->mode == KS_EXPAND)
      TILE(lanes)(1, KS_EXPAND, t, x, y, begin, end);
    else if (t->mode == KS_FOLD)
      TILE(lanes)(1, KS_FOLD, t, x, y, begin, end);
    else
      TILE(lanes)(1, KS_PLAIN, t, x, y, begin, end);
#else
  switch (8 * t->mode + columns) {
    TILE_MODE(KS_PLAIN)
    TILE_MODE(KS_SLIDE)
#if TILE_VECTORS == 1
    TILE_MODE(KS_EXPAND)
    TILE_MODE(KS_FOLD)
#endif
  }
#endif
}

/* ---- taps ------------------------------------------------------------------ */

/* sum[t] += x[pixel + runs[t].x] * dz[pixel] over rows of pixels. */
KS_INLINE void TILE(correlate)(const int taps, const int mode, const ks_depthwise *t,
                               const ks_run *runs, int64_t lane) {
  TILE_VECTOR sum[9][TILE_VECTORS];
  TILE(channels) channels = TILE(channels_of)(mode, t, lane);
  int64_t at[9];
  KS_UNROLL for (int k = 0; k < taps; k++) {
    at[k] = runs[k].x;
    KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) sum[k][v] = (TILE_VECTOR){0};
  }
  for (int64_t row = 0; row < t->rows; row++) {
    const real *x = t->x + row * t->x_row + channels.at, *dz = t->dz + row * t->dz_row + lane;
    for (int64_t i = t->columns; i > 0; i--, x += t->x_column, dz += t->y_column)
      KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
        TILE_VECTOR pixel = TILE(load)(dz + v * TILE_LANES);
        KS_UNROLL for (int k = 0; k < taps; k++) sum[k][v] +=
            TILE(pixel)(mode, &channels, x + at[k] + v * TILE_LANES) * pixel;
      }
  }
  KS_UNROLL for (int k = 0; k < taps; k++) KS_UNROLL for (int v = 0; v < TILE_VECTORS; v++) {
    real *to = t->dw + runs[k].product * t->w_row + lane + v * TILE_LANES;
    sum[k][v] += TILE(load)(to);
    memcpy(to, &sum[k][v], sizeof(TILE_VECTOR));
  }
}

KS_INLINE void TILE(each)(const int taps, const int mode, const ks_depthwise *t, const ks_run *runs,
                          int64_t begin, int64_t end) {
  for (int64_t lane = begin; lane < end; lane += TILE_VECTORS * TILE_LANES)
    TILE(correlate)(taps, mode, t, runs, lane);
}

#define TILE_TAPS(taps, mode)                    \
  case 16 * mode + taps:                         \
    TILE(each)(taps, mode, t, runs, begin, end); \
    return;

/* 1, 2, 3, 6 or 9 taps, lanes `begin` to `end`. */
static void TILE(taps)(int taps, const ks_depthwise *t, const ks_run *runs, int64_t begin,
                       int64_t end) {
#ifdef TILE_NARROW
  int wide = taps >= 3 && t->mode < KS_EXPAND;
  for (int k = 0; k < taps; k += wide ? 3 : 1)
    if (wide)
      TILE(each)(3, KS_PLAIN, t, runs + k, begin, end);
    else if (t->mode == KS_EXPAND)
      TILE(each)(1, KS_EXPAND, t, runs + k, begin, end);
    else
      TILE(each)(1, KS_PLAIN, t, runs + k, begin, end);
#else
  switch (16 * t->mode + taps) {
    TILE_TAPS(1, KS_PLAIN)
    TILE_TAPS(2, KS_PLAIN)
    TILE_TAPS(3, KS_PLAIN)
    TILE_TAPS(6, KS_PLAIN)
    TILE_TAPS(9, KS_PLAIN)
#if TILE_VECTORS == 1
    TILE_TAPS(1, KS_EXPAND)
    TILE_TAPS(3, KS_EXPAND)
#endif
  }
#endif
}

#undef TILE_MODE
#undef TILE_COLUMNS
#undef TILE_TAPS
#undef TILE_LANES
#undef TILE
#undef TILE_VECTOR
#undef TILE_VECTORS
#undef TILE_NARROW
#undef TILE_IS_REAL
