/* What is done with WIDTH channels of a window: included by ks_windows.h once
 * for each width. Functions are inlined where `kind`, and mostly `n_taps`, are
 * constants.
 *
 * With n_taps taps stand at x[at[0]], x[at[1]], ...; with 0 at the places that
 * the run tells, however many they are.
 */
#define VECTOR KS_EXPAND3(ks_vector, KS_DTYPE, WIDTH)
#define MASK KS_EXPAND3(ks_mask, KS_DTYPE, WIDTH)
#define PIECE(name) KS_EXPAND3(ks, name, WIDTH)

typedef real VECTOR
    __attribute__((vector_size(WIDTH * sizeof(real)), aligned(sizeof(real)), may_alias));
typedef ks_lane MASK __attribute__((vector_size(WIDTH * sizeof(real))));

static inline VECTOR PIECE(load)(const real *x) { return *(const VECTOR *)x; }

/* Of `slope` where there is a mask, else 0. */
static inline void PIECE(give)(real *dx, VECTOR slope, MASK where, int add) {
  VECTOR given = (VECTOR)((MASK)slope & where), *to = (VECTOR *)dx;
  *to = add ? (VECTOR)(*to + given) : given;
}

/* The better of two, and whether it is the second. */
static inline VECTOR PIECE(better)(VECTOR best, VECTOR x, MASK *is_x) {
  *is_x = (MASK)((x > best) | (x != x));
  return (VECTOR)((*is_x & (MASK)x) | (~*is_x & (MASK)best));
}

KS_INLINE void PIECE(max)(const ks_windows *run, ks_window w, int n_taps) {
  VECTOR best = PIECE(load)(w.x);
  MASK is_x;
  for (int t = 1; t < n_taps; t++) best = PIECE(better)(best, PIECE(load)(w.x + w.at[t]), &is_x);
  if (n_taps == 0)
    EACH_TAP(run, tap, number) best = PIECE(better)(best, PIECE(load)(w.x + tap), &is_x);
  *(VECTOR *)w.y = best;
}

/* From the last tap to the first: what is left goes to the one before. */
KS_INLINE void PIECE(max_slope)(ks_window w, int n_taps, int add) {
  VECTOR best = PIECE(load)(w.x), slope = PIECE(load)(w.dy);
  MASK is_x[KS_FIXED_TAPS], left = ~(MASK){0};
  KS_UNROLL for (int t = 1; t < n_taps; t++) best =
      PIECE(better)(best, PIECE(load)(w.x + w.at[t]), &is_x[t]);
  KS_UNROLL for (int t = n_taps - 1; t > 0; t--) {
    PIECE(give)(w.dx + w.at[t], slope, left & is_x[t], add);
    left &= ~is_x[t];
  }
  PIECE(give)(w.dx, slope, left, add);
}

KS_INLINE void PIECE(max_slope_of_any)(const ks_windows *run, ks_window w, int add) {
  VECTOR best = PIECE(load)(w.x), slope = PIECE(load)(w.dy);
  MASK is_x, which = {0};
  EACH_TAP(run, tap, number) {
    best = PIECE(better)(best, PIECE(load)(w.x + tap), &is_x);
    which = (which & ~is_x) | (is_x & (ks_lane)number);
  }
  EACH_TAP(run, tap, number) PIECE(give)(w.dx + tap, slope, (MASK)(which == (ks_lane)number), add);
}

/* Sums of a few taps that are summed in turn, as rounding grows with the number
 * of terms that went before. */
KS_INLINE void PIECE(mean)(const ks_windows *run, ks_window w, int n_taps) {
  VECTOR sum = PIECE(load)(w.x), part = {0};
  for (int t = 1; t < n_taps; t++) sum += PIECE(load)(w.x + w.at[t]);
  if (n_taps == 0) {
    sum = part;
    EACH_TAP(run, tap, number) {
      part += PIECE(load)(w.x + tap);
      if (number % 16 == 15) sum += part, part = (VECTOR){0};
    }
    sum += part;
  }
  *(VECTOR *)w.y = sum * run->share;
}

KS_INLINE void PIECE(mean_slope)(const ks_windows *run, ks_window w, int n_taps, int add) {
  VECTOR slope = PIECE(load)(w.dy) * run->share;
  const MASK all = ~(MASK){0};
  KS_UNROLL for (int t = 0; t < n_taps; t++) PIECE(give)(w.dx + w.at[t], slope, all, add);
  if (n_taps == 0) EACH_TAP(run, tap, number) PIECE(give)(w.dx + tap, slope, all, add);
}

KS_INLINE void PIECE(window)(const ks_windows *run, ks_window w, int64_t c, int kind, int n_taps,
                             int add) {
  w.x += c, w.dx += c, w.y += c, w.dy += c;
  if (kind == KS_MAX) PIECE(max)(run, w, n_taps);
  if (kind == KS_MEAN) PIECE(mean)(run, w, n_taps);
  if (kind == KS_MEAN_SLOPE) PIECE(mean_slope)(run, w, n_taps, add);
  if (kind == KS_MAX_SLOPE && n_taps) PIECE(max_slope)(w, n_taps, add);
  if (kind == KS_MAX_SLOPE && !n_taps) PIECE(max_slope_of_any)(run, w, add);
}

#undef VECTOR
#undef MASK
#undef PIECE
#undef WIDTH
