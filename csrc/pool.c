#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "ks_workers.h"

/* How many jobs callers run alone after so many of them have met that they fill half
 * of the cores, or more. Two threads of a program fill two cores; a worker beside them
 * makes its caller wait for a core. Two threads that trained 784-256-10 each, in
 * batches of 32, took 1.4 times as long with the worker on two cores. */
#define CROWDED_JOBS 1024

/* So many jobs that are not worth waking a worker are run alone before one is woken: they come
 * one after another then, and add up to more than the waking takes. */
#define JOBS_ALONE 16

/* ---- fork ------------------------------------------------------------- */

/* pthread_atfork passes no argument, hence the one global of the C side: the
 * list of living pools. A child has the memory of the pool but none of its
 * threads; it starts afresh. Pools are made and freed under the GIL. */
static ks_pool *living_pools;
static bool fork_handler_is_set;

static void make_idle(ks_pool *pool) {
  atomic_store(&pool->taken, 0);
  atomic_store(&pool->alone, 0);
  atomic_store(&pool->crowded, 0);
  atomic_store(&pool->open, 0);
  atomic_store(&pool->active, 0);
  atomic_store(&pool->sleepers, 0);
  atomic_store(&pool->jobs_alone, 0);
  atomic_store(&pool->stop, false);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  atomic_store(&pool->n_started, 0);
}

static void reset_in_child(void) {
  for (ks_pool *pool = living_pools; pool; pool = pool->next) make_idle(pool);
}

static void unlist(ks_pool *pool) {
  ks_pool **link = &living_pools;
  while (*link && *link != pool) link = &(*link)->next;
  if (*link) *link = pool->next;
}

/* ---- pools ----------------------------------------------------------- */

static ks_member *new_members(ks_pool *pool, int n_threads) {
  ks_member *members = aligned_alloc(_Alignof(ks_member), sizeof(ks_member) * (size_t)n_threads);
  if (!members) return NULL;
  memset(members, 0, sizeof(ks_member) * (size_t)n_threads);
  for (int i = 0; i < n_threads; i++) {
    members[i].number = i;
    members[i].pool = pool;
  }
  return members;
}

ks_pool *ks_pool_new(int n_threads) {
  ks_pool *pool = calloc(1, sizeof *pool);
  if (!pool) return NULL;
  pool->members = new_members(pool, n_threads);
  if (!pool->members) {
    free(pool);
    return NULL;
  }
  pool->n_threads = n_threads;
  make_idle(pool);
  if (!fork_handler_is_set) {
    pthread_atfork(NULL, NULL, reset_in_child);
    fork_handler_is_set = true;
  }
  pool->next = living_pools;
  living_pools = pool;
  return pool;
}

void ks_pool_free(ks_pool *pool) {
  if (!pool) return;
  ks_stop_workers(pool);
  unlist(pool);
  pthread_mutex_destroy(&pool->mutex);
  pthread_cond_destroy(&pool->wake);
  free(pool->members);
  free(pool);
}

void ks_pool_resize(ks_pool *pool, int n_threads) {
  int expected = 0;
  while (!atomic_compare_exchange_weak(&pool->taken, &expected, 1)) {
    expected = 0;
    sched_yield();
  }
  ks_member *members = new_members(pool, n_threads);
  if (members) {
    ks_stop_workers(pool);
    free(pool->members);
    pool->members = members;
    pool->n_threads = n_threads;
  }
  atomic_store(&pool->taken, 0);
}

int ks_pool_size(const ks_pool *pool) { return pool ? pool->n_threads : 1; }

/* ---- jobs ------------------------------------------------------------ */

static _Thread_local bool works_alone;

int ks_pool_work_alone(int alone) {
  int before = works_alone;
  works_alone = alone;
  return before;
}

/* Neighbouring tiles for each: in the next job of the same shape a thread then finds in
 * its own cache what it wrote in this one. */
static void deal(ks_pool *pool, int64_t n_tiles) {
  pool->n_members = n_tiles <= pool->n_started ? (int)n_tiles : 1 + pool->n_started;
  int64_t each = (n_tiles + pool->n_members - 1) / pool->n_members;
  for (int i = 0; i < pool->n_members; i++) {
    int64_t begin = each * i, end = begin + each;
    pool->members[i].end_tile = end < n_tiles ? end : n_tiles;
    atomic_store_explicit(&pool->members[i].next_tile, begin, memory_order_relaxed);
  }
}

static void run_alone(int64_t n_tiles, ks_tile_function function, void *job) {
  for (int64_t tile = 0; tile < n_tiles; tile++) function(job, tile);
}

static void close_and_wait(ks_pool *pool) {
  atomic_store(&pool->open, 0);
  for (int spins = 0; atomic_load(&pool->active) != 0; spins++) {
    if (spins < 4096) {
      ks_relax();
    } else {
      sched_yield(); /* a worker lost its core in the middle of a tile */
    }
  }
}

/* Whether the caller has the pool now. Counts of two callers at a time may be
 * lost, which does no harm. */
static bool take(ks_pool *pool) {
  int left = atomic_load_explicit(&pool->crowded, memory_order_relaxed);
  if (left > 0) {
    atomic_store_explicit(&pool->crowded, left - 1, memory_order_relaxed);
    return false;
  }
  int expected = 0;
  if (atomic_compare_exchange_strong(&pool->taken, &expected, 1)) return true;
  /* Two callers among many cores leave most to the workers. */
  int callers = 2 + atomic_load_explicit(&pool->alone, memory_order_relaxed);
  if (2 * callers >= atomic_load_explicit(&pool->n_threads, memory_order_relaxed))
    atomic_store_explicit(&pool->crowded, CROWDED_JOBS, memory_order_relaxed);
  return false;
}

static void wake_sleepers(ks_pool *pool) {
  atomic_store_explicit(&pool->jobs_alone, 0, memory_order_relaxed);
  pthread_mutex_lock(&pool->mutex);
  pool->wakings++;
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

/* Whether a job is to be shared: with a worker that is awake, or with one to be woken. */
static bool is_due(ks_pool *pool, ks_waking waking) {
  if (waking == KS_WAKE_ALL) return true;
  if (atomic_load(&pool->sleepers) < atomic_load(&pool->n_started)) return true;
  if (waking == KS_WAKE_NONE) return false;
  return atomic_fetch_add_explicit(&pool->jobs_alone, 1, memory_order_relaxed) >= JOBS_ALONE;
}

void ks_pool_run(ks_pool *pool, int64_t n_tiles, ks_waking waking, ks_tile_function function,
                 void *job) {
  bool is_alone = !pool || pool->n_threads == 1 || n_tiles < 2 || ks_is_in_tile() || works_alone;
  if (is_alone || !is_due(pool, waking)) {
    run_alone(n_tiles, function, job);
    return;
  }
  if (!take(pool)) {
    atomic_fetch_add_explicit(&pool->alone, 1, memory_order_relaxed);
    run_alone(n_tiles, function, job);
    atomic_fetch_sub_explicit(&pool->alone, 1, memory_order_relaxed);
    return;
  }
  if (pool->n_started < pool->n_threads - 1) ks_start_workers(pool);
  pool->function = function;
  pool->job = job;
  deal(pool, n_tiles);
  atomic_store(&pool->open, ++pool->last_number);
  int sleepers = atomic_load(&pool->sleepers);
  bool has_no_worker = sleepers == pool->n_started;
  if (sleepers > 0 && (waking == KS_WAKE_ALL || has_no_worker)) wake_sleepers(pool);
  ks_run_tiles(pool, 0);
  close_and_wait(pool);
  atomic_store(&pool->taken, 0);
}
