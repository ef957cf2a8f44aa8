/* How work is cut into tiles: by shape alone, never by the number of threads,
 * so that one thread and eight give the same bits. */
#ifndef KS_TILES_H
#define KS_TILES_H

#include "ks_context.h"

/* Elements of a tile of an element-wise loop: a multiple of a cache line for
 * every dtype, large enough to be worth a hand-over (a few microseconds). */
#define KS_TILE_ELEMENTS 16384

typedef void (*ks_range_function)(void *job, int64_t begin, int64_t end);

typedef struct {
  ks_range_function function;
  void *job;
  int64_t count, step;
} ks_range_job;

static void ks_run_range_tile(void *arg, int64_t tile) {
  const ks_range_job *range = arg;
  int64_t begin = tile * range->step;
  int64_t end = begin + range->step < range->count ? begin + range->step : range->count;
  range->function(range->job, begin, end);
}

/* function(job, begin, end) over 0 .. count in pieces of `step`. */
static inline void ks_parallel_range(const ks_context *context, int64_t count, int64_t step,
                                     ks_range_function function, void *job) {
  if (count <= step) {
    if (count > 0) function(job, 0, count);
    return;
  }
  ks_range_job range = {function, job, count, step};
  ks_pool_run(context->pool, (count + step - 1) / step, ks_run_range_tile, &range);
}

/* The same for loops over elements that do next to nothing with each: they are
 * shared from four tiles on, because two of a ReLU's slope take 3 us, which is
 * what handing one over costs. The tiles are the same in either case. */
static inline void ks_parallel_elements(const ks_context *context, int64_t count,
                                        ks_range_function function, void *job) {
  if (count >= 4 * KS_TILE_ELEMENTS) {
    ks_parallel_range(context, count, KS_TILE_ELEMENTS, function, job);
    return;
  }
  for (int64_t begin = 0; begin < count; begin += KS_TILE_ELEMENTS) {
    int64_t end = begin + KS_TILE_ELEMENTS;
    function(job, begin, end < count ? end : count);
  }
}

#endif
