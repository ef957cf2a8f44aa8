/* What the two halves of the pool share: callers (pool.c) and workers (workers.c). */
#ifndef KS_WORKERS_H
#define KS_WORKERS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "ks_pool.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define ks_relax() _mm_pause()
#elif defined(__aarch64__)
#define ks_relax() __asm__ volatile("yield")
#else
#define ks_relax() ((void)0)
#endif

/* One of the threads that share a job. */
typedef struct {
  /* Its own tiles, one after another. Others take of them when theirs are done. */
  _Alignas(64) _Atomic int64_t next_tile;
  int64_t end_tile;
  int number; /* 0: the caller */
  ks_pool *pool;
  pthread_t thread; /* of a worker */
} ks_member;

struct ks_pool {
  atomic_int n_threads; /* the caller included */
  atomic_int n_started; /* workers that run */
  ks_member *members;   /* n_threads */

  atomic_int taken;   /* held by the one caller whose job is running */
  atomic_int alone;   /* callers that run theirs by themselves, as it is taken */
  atomic_int crowded; /* jobs still to be run alone, see pool.c */

  /* The job. `open` is its number while tiles are to be had, else 0. */
  ks_tile_function function;
  void *job;
  int n_members; /* that have tiles of their own */
  _Atomic uint64_t open;
  uint64_t last_number;
  atomic_int active; /* workers that may be reading the job */

  pthread_mutex_t mutex;
  pthread_cond_t wake;
  atomic_int sleepers;
  uint64_t wakings;      /* under the mutex */
  atomic_int jobs_alone; /* run alone since the last of them */
  atomic_bool stop;

  ks_pool *next; /* in the list that a forked child resets */
};

/* Runs tiles of the open job: the member's own, and then what others have left. */
void ks_run_tiles(ks_pool *pool, int number);
/* Whether this thread is within a tile, which may run a job of its own. */
bool ks_is_in_tile(void);

/* As many as are missing, unless the system gives no more. */
void ks_start_workers(ks_pool *pool);
void ks_stop_workers(ks_pool *pool);

#endif
