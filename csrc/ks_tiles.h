/* How work is cut into tiles: by shape alone, never by the number of threads,
 * so that one thread and eight give the same bits. */
#ifndef KS_TILES_H
#define KS_TILES_H

#include "ks_context.h"

/* Elements of a tile of an element-wise loop: a multiple of a cache line for
 * every dtype. Handing one to a thread that is awake takes 0.2 us, which is a
 * tenth of what such a tile takes; waking one takes several. */
#define KS_TILE_ELEMENTS 4096

/* Elements of a part of a sum, which is added to the others. */
#define KS_PART_ELEMENTS 16384

/* From so many tiles on a sleeping thread is woken. */
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

/* function(job, begin, end) over 0 .. count in pieces of `step`. Short: of some microseconds as a
 * whole, not worth waking a thread for. */
static inline void ks_parallel(const ks_context *context, int64_t count, int64_t step, int is_short,
                               ks_range_function function, void *job) {
  if (count <= step) {
    if (count > 0) function(job, 0, count);
    return;
  }
  ks_range_job range = {function, job, count, step};
  int64_t n_tiles = (count + step - 1) / step;
  if (is_short)
    ks_pool_run_short(context->pool, n_tiles, ks_run_range_tile, &range);
  else
    ks_pool_run(context->pool, n_tiles, ks_run_range_tile, &range);
}

/* The same in tiles, for pieces that take as long as KS_TILE_ELEMENTS. */
static inline void ks_parallel_range(const ks_context *context, int64_t count, int64_t step,
                                     ks_range_function function, void *job) {
  ks_parallel(context, count, step, (count + step - 1) / step < KS_WAKING_TILES, function, job);
}

/* The same for parts so long that each is worth waking a thread for. */
static inline void ks_parallel_parts(const ks_context *context, int64_t count,
                                     ks_range_function function, void *job) {
  ks_parallel(context, count, 1, 0, function, job);
}

#endif
