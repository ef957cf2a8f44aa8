/* How work is cut into tiles: by shape alone, never by the number of threads,
 * so that one thread and eight give the same bits. */
#ifndef KS_TILES_H
#define KS_TILES_H

#include "ks_context.h"

/* Elements of a tile of an element-wise loop: a multiple of a cache line for
 * every dtype, and about ten times as long as it takes to hand one over. */
#define KS_TILE_ELEMENTS 4096

/* Elements of a part of a sum, which is added to the others. */
#define KS_PART_ELEMENTS 16384

/* From so many tiles on a job is worth waking threads. */
#define KS_WAKING_TILES 8

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
static inline void ks_parallel(const ks_context *context, int64_t count, int64_t step,
                               ks_waking waking, ks_range_function function, void *job) {
  if (count <= step) {
    if (count > 0) function(job, 0, count);
    return;
  }
  ks_range_job range = {function, job, count, step};
  ks_pool_run(context->pool, (count + step - 1) / step, waking, ks_run_range_tile, &range);
}

/* The same for pieces that take as long as KS_TILE_ELEMENTS. */
static inline void ks_parallel_range(const ks_context *context, int64_t count, int64_t step,
                                     ks_range_function function, void *job) {
  ks_waking waking = count > (KS_WAKING_TILES - 1) * step ? KS_WAKE_ALL : KS_WAKE_NONE;
  ks_parallel(context, count, step, waking, function, job);
}

/* The same for elements, in finer tiles, so that some thousands are shared evenly. */
static inline void ks_parallel_elements(const ks_context *context, int64_t count,
                                        ks_range_function function, void *job) {
  ks_waking waking = count < KS_WAKING_TILES * KS_TILE_ELEMENTS ? KS_WAKE_NONE : KS_WAKE_ALL;
  ks_parallel(context, count, KS_TILE_ELEMENTS / 4, waking, function, job);
}

/* The same for parts so long that each is worth waking a thread for. */
static inline void ks_parallel_parts(const ks_context *context, int64_t count,
                                     ks_range_function function, void *job) {
  ks_parallel(context, count, 1, KS_WAKE_ALL, function, job);
}

#endif
