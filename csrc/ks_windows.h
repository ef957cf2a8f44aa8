/* Runs of windows that have one shape: their maxima and means, and where the
 * gradients of these go.
 *
 * Channels are neighbours in memory and all treated alike: as many as a vector
 * has lanes are taken at a time. They are written with the compiler's vector
 * types, because what it makes of plain loops with `if`s for a gradient is four
 * times as slow (20 GB/s for 2 x 2 windows, the memory's 50 with these).
 *
 * The maximum is the first of equals, or the last nan if there is one: that is
 * what gets the gradient in PyTorch. Backward looks for it again, in x, which
 * is there anyway; a byte for each result would save it a third of its traffic,
 * and take memory and time in forward.
 */
#ifndef KS_WINDOWS_H
#define KS_WINDOWS_H

#include "ks_vector.h"

#define KS_FIXED_TAPS 9 /* the most of which the loops are unrolled: 3 x 3 */

typedef enum { KS_MAX, KS_MAX_SLOPE, KS_MEAN, KS_MEAN_SLOPE } ks_window_kind;

typedef struct {
  const real *x, *dy; /* of the first window */
  real *y, *dx;
  int64_t windows, x_step, y_step; /* elements from window to window */
  int64_t channels;
  int64_t taps[3], step[3]; /* along each axis; elements from tap to tap */
  real share;               /* 1 / taps */
} ks_windows;

/* One of them, and where its taps are. */
typedef struct {
  const real *x, *dy;
  real *y, *dx;
  const int64_t *at;
} ks_window;

/* With its position, and its number in their order. */
#define EACH_TAP(run, tap, number)                                                  \
  for (int64_t number = 0, plane = 0; plane < (run)->taps[0]; plane++)              \
    for (int64_t row = 0; row < (run)->taps[1]; row++)                              \
      for (int64_t column = 0, tap = plane * (run)->step[0] + row * (run)->step[1]; \
           column < (run)->taps[2]; column++, number++, tap += (run)->step[2])

/* A comparison gives integers of the same size. */
#if KS_SINGLE
typedef int32_t ks_lane;
#else
typedef int64_t ks_lane;
#endif

#define KS_MOST_LANES (KS_VECTOR_BYTES / (KS_SINGLE ? 4 : 8))

#define WIDTH 1
#include "ks_window_piece.h"
#define WIDTH 2
#include "ks_window_piece.h"
#if KS_MOST_LANES >= 4
#define WIDTH 4
#include "ks_window_piece.h"
#endif
#if KS_MOST_LANES >= 8
#define WIDTH 8
#include "ks_window_piece.h"
#endif
#if KS_MOST_LANES >= 16
#define WIDTH 16
#include "ks_window_piece.h"
#endif

/* `channels` is a constant where they are few, and this then straight code. */
KS_INLINE void ks_whole_window(const ks_windows *run, ks_window w, int64_t channels, int kind,
                               int n_taps, int add) {
  int64_t c = 0;
#if KS_MOST_LANES >= 16
  for (; c + 16 <= channels; c += 16) ks_window_16(run, w, c, kind, n_taps, add);
#endif
#if KS_MOST_LANES >= 8
  for (; c + 8 <= channels; c += 8) ks_window_8(run, w, c, kind, n_taps, add);
#endif
#if KS_MOST_LANES >= 4
  for (; c + 4 <= channels; c += 4) ks_window_4(run, w, c, kind, n_taps, add);
#endif
  for (; c + 2 <= channels; c += 2) ks_window_2(run, w, c, kind, n_taps, add);
  for (; c < channels; c++) ks_window_1(run, w, c, kind, n_taps, add);
}

KS_INLINE void ks_run_windows(const ks_windows *run, int64_t channels, int kind, int n_taps,
                              int add) {
  int64_t at[KS_FIXED_TAPS];
  ks_window w = {run->x, run->dy, run->y, run->dx, at};
  if (n_taps) EACH_TAP(run, tap, number) at[number] = tap;
  for (int64_t i = 0; i < run->windows; i++) {
    ks_whole_window(run, w, channels, kind, n_taps, add);
    w.x += run->x_step, w.dx += run->x_step, w.y += run->y_step, w.dy += run->y_step;
  }
}

typedef void (*ks_windows_function)(const ks_windows *run);

/* With few channels the overhead of each window shows: 1.5 to 2 times. */
#define KS_WINDOWS_FUNCTION(name, kind, add)                         \
  static void name(const ks_windows *run) {                          \
    const int64_t taps = run->taps[0] * run->taps[1] * run->taps[2]; \
    const int64_t n = run->channels;                                 \
    if (taps == 4 && n == 1)                                         \
      ks_run_windows(run, 1, kind, 4, add);                          \
    else if (taps == 4 && n == 2)                                    \
      ks_run_windows(run, 2, kind, 4, add);                          \
    else if (taps == 4 && n == 3)                                    \
      ks_run_windows(run, 3, kind, 4, add);                          \
    else if (taps == 4 && n == 4)                                    \
      ks_run_windows(run, 4, kind, 4, add);                          \
    else if (taps == 4 && n == 6)                                    \
      ks_run_windows(run, 6, kind, 4, add);                          \
    else if (taps == 4 && n == 8)                                    \
      ks_run_windows(run, 8, kind, 4, add);                          \
    else if (taps == 4)                                              \
      ks_run_windows(run, n, kind, 4, add);                          \
    else if (taps == 2)                                              \
      ks_run_windows(run, n, kind, 2, add);                          \
    else if (taps == 9)                                              \
      ks_run_windows(run, n, kind, 9, add);                          \
    else                                                             \
      ks_run_windows(run, n, kind, 0, add);                          \
  }

KS_WINDOWS_FUNCTION(ks_windows_max, KS_MAX, 0)
KS_WINDOWS_FUNCTION(ks_windows_max_slope, KS_MAX_SLOPE, 0)
KS_WINDOWS_FUNCTION(ks_windows_max_slope_added, KS_MAX_SLOPE, 1)
KS_WINDOWS_FUNCTION(ks_windows_mean, KS_MEAN, 0)
KS_WINDOWS_FUNCTION(ks_windows_mean_slope, KS_MEAN_SLOPE, 0)
KS_WINDOWS_FUNCTION(ks_windows_mean_slope_added, KS_MEAN_SLOPE, 1)

#endif
