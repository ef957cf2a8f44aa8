/* A pool of threads that shares out tiles of one job at a time.
 *
 * Idle threads spin for a few microseconds, busy ones for some more, and then
 * sleep, so that a waiting pool takes no time from whatever else runs on the
 * machine.
 * Everything that belongs to one operating system (threads, atfork) stays behind
 * this header.
 */
#ifndef KS_POOL_H
#define KS_POOL_H

#include <stdint.h>

typedef struct ks_pool ks_pool;

/* Whom a job is shared with. Handing a tile to a thread that is awake takes 0.2 us, waking one
 * several, and it comes 50 us later. */
typedef enum {
  KS_WAKE_NONE,  /* threads that are awake */
  KS_WAKE_LATER, /* the same; one is woken where such jobs come one after another */
  KS_WAKE_ALL,
} ks_waking;

typedef void (*ks_tile_function)(void *job, int64_t tile);

/* A pool for n_threads threads, the calling one included. Threads start at
 * the first job that needs them. NULL: no memory. */
ks_pool *ks_pool_new(int n_threads);
void ks_pool_free(ks_pool *pool);

/* Waits for a running job. n_threads >= 1. */
void ks_pool_resize(ks_pool *pool, int n_threads);
int ks_pool_size(const ks_pool *pool);

/* Calls function(job, tile) for tile = 0 .. n_tiles - 1, on any thread and in
 * any order, and returns when all are done. The result must not depend on
 * who runs a tile. If the pool is taken by another caller, or was a short time
 * ago, the tiles run on the calling thread. NULL pool: the same. */
void ks_pool_run(ks_pool *pool, int64_t n_tiles, ks_waking waking, ks_tile_function function,
                 void *job);

/* Whether the calling thread shares none of its jobs from now on; returns what held before. */
int ks_pool_work_alone(int alone);

#endif
