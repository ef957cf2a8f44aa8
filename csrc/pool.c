#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ks_pool.h"

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#define cpu_relax() _mm_pause()
#elif defined(__aarch64__)
#define cpu_relax() __asm__ volatile("yield")
#else
#define cpu_relax() ((void)0)
#endif

/* About the time that waking takes. Longer is worse on virtual machines, most
 * likely because cores that never rest keep the place that the host has given
 * them, be it two hardware threads of one core. With 50 us the
 * 784-512-512-10 network fell from 52,000 to 29,000 samples a second for
 * seconds at a time in half of the runs, with 5 us in one epoch of sixty. */
#define SPIN_NANOSECONDS 5000

/* How many jobs callers run alone after so many of them have met that they fill half
 * of the cores, or more. Two threads of a program fill two cores; a worker beside them
 * makes its caller wait for a core. Two threads that trained 784-256-10 each, in
 * batches of 32, took 1.4 times as long with the worker on two cores. */
#define CROWDED_JOBS 256

struct ks_pool {
  atomic_int n_threads; /* the caller included */
  int n_started;        /* workers that run */
  pthread_t *workers;

  atomic_int taken;   /* held by the one caller whose job is running */
  atomic_int alone;   /* callers that run theirs by themselves, as it is taken */
  atomic_int crowded; /* jobs still to be run alone, see CROWDED_JOBS */

  /* The job. `open` is its number while tiles are to be had, else 0. */
  ks_tile_function function;
  void *job;
  int64_t n_tiles;
  _Atomic int64_t next_tile;
  _Atomic uint64_t open;
  uint64_t last_number;
  atomic_int active; /* workers that may be reading the job */

  pthread_mutex_t mutex;
  pthread_cond_t wake;
  atomic_int sleepers;
  atomic_bool stop;

  ks_pool *next; /* in the list that a forked child resets */
};

/* ---- floating-point state -------------------------------------------- */

uint32_t ks_float_state_enter(void) {
#if defined(__x86_64__)
  uint32_t saved = _mm_getcsr();
  _mm_setcsr(saved | 0x8040u); /* FTZ, DAZ */
  return saved;
#elif defined(__aarch64__)
  uint64_t saved;
  __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
  __asm__ volatile("msr fpcr, %0" : : "r"(saved | (1u << 24)));
  return (uint32_t)saved;
#else
  return 0;
#endif
}

void ks_float_state_leave(uint32_t saved) {
#if defined(__x86_64__)
  _mm_setcsr(saved);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)saved));
#else
  (void)saved;
#endif
}

/* ---- workers ---------------------------------------------------------- */

static int64_t nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Whether this thread is within a tile, which may run a job of its own. */
static _Thread_local bool is_in_tile;

static void run_tiles(ks_pool *pool) {
  is_in_tile = true;
  for (;;) {
    int64_t tile = atomic_fetch_add(&pool->next_tile, 1);
    if (tile >= pool->n_tiles) break;
    pool->function(pool->job, tile);
  }
  is_in_tile = false;
}

static bool has_news(ks_pool *pool, uint64_t last) {
  uint64_t open = atomic_load(&pool->open);
  return (open != 0 && open != last) || atomic_load(&pool->stop);
}

static void wait_for_news(ks_pool *pool, uint64_t last) {
  int64_t give_up = nanoseconds() + SPIN_NANOSECONDS;
  do {
    for (int i = 0; i < 32; i++) {
      if (has_news(pool, last)) return;
      cpu_relax();
    }
  } while (nanoseconds() < give_up);
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!has_news(pool, last)) pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *arg) {
  ks_pool *pool = arg;
  uint64_t last = 0;
  ks_float_state_enter();
  for (;;) {
    wait_for_news(pool, last);
    if (atomic_load(&pool->stop)) return NULL;
    /* The caller closes the job and then waits for active == 0; we raise
     * active and then look whether the job is open. One of us sees the other. */
    atomic_fetch_add(&pool->active, 1);
    uint64_t open = atomic_load(&pool->open);
    if (open != 0 && open != last) {
      last = open;
      run_tiles(pool);
    }
    atomic_fetch_sub(&pool->active, 1);
  }
}

static void start_workers(ks_pool *pool) {
  /* Signals are for the threads of the program: Ctrl-C must not end up here. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (pool->n_started < pool->n_threads - 1) {
    if (pthread_create(&pool->workers[pool->n_started], NULL, work, pool) != 0) break;
    pool->n_started++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void stop_workers(ks_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->stop, true);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int i = 0; i < pool->n_started; i++) pthread_join(pool->workers[i], NULL);
  pool->n_started = 0;
  atomic_store(&pool->stop, false);
}

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
  atomic_store(&pool->stop, false);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  pool->n_started = 0;
}

static void reset_in_child(void) {
  for (ks_pool *pool = living_pools; pool; pool = pool->next) make_idle(pool);
}

static void unlist(ks_pool *pool) {
  ks_pool **link = &living_pools;
  while (*link && *link != pool) link = &(*link)->next;
  if (*link) *link = pool->next;
}

/* ---- the public half --------------------------------------------------- */

ks_pool *ks_pool_new(int n_threads) {
  ks_pool *pool = calloc(1, sizeof *pool);
  if (!pool) return NULL;
  pool->workers = calloc((size_t)n_threads, sizeof *pool->workers);
  if (!pool->workers) {
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
  stop_workers(pool);
  unlist(pool);
  pthread_mutex_destroy(&pool->mutex);
  pthread_cond_destroy(&pool->wake);
  free(pool->workers);
  free(pool);
}

void ks_pool_resize(ks_pool *pool, int n_threads) {
  int expected = 0;
  while (!atomic_compare_exchange_weak(&pool->taken, &expected, 1)) {
    expected = 0;
    sched_yield();
  }
  pthread_t *workers = calloc((size_t)n_threads, sizeof *workers);
  if (workers) {
    stop_workers(pool);
    free(pool->workers);
    pool->workers = workers;
    pool->n_threads = n_threads;
  }
  atomic_store(&pool->taken, 0);
}

int ks_pool_size(const ks_pool *pool) { return pool ? pool->n_threads : 1; }

static void run_alone(int64_t n_tiles, ks_tile_function function, void *job) {
  for (int64_t tile = 0; tile < n_tiles; tile++) function(job, tile);
}

static void close_and_wait(ks_pool *pool) {
  atomic_store(&pool->open, 0);
  for (int spins = 0; atomic_load(&pool->active) != 0; spins++) {
    if (spins < 4096) {
      cpu_relax();
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

void ks_pool_run(ks_pool *pool, int64_t n_tiles, ks_tile_function function, void *job) {
  if (!pool || pool->n_threads == 1 || n_tiles < 2 || is_in_tile) {
    run_alone(n_tiles, function, job);
    return;
  }
  if (!take(pool)) {
    atomic_fetch_add_explicit(&pool->alone, 1, memory_order_relaxed);
    run_alone(n_tiles, function, job);
    atomic_fetch_sub_explicit(&pool->alone, 1, memory_order_relaxed);
    return;
  }
  if (pool->n_started < pool->n_threads - 1) start_workers(pool);
  pool->function = function;
  pool->job = job;
  pool->n_tiles = n_tiles;
  atomic_store(&pool->next_tile, 0);
  atomic_store(&pool->open, ++pool->last_number);
  if (atomic_load(&pool->sleepers) > 0) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
  }
  run_tiles(pool);
  close_and_wait(pool);
  atomic_store(&pool->taken, 0);
}

/* ---- cores ------------------------------------------------------------- */

#ifdef __linux__
/* Whole cores that the cgroup's quota grants, at least 1; 0: no quota. */
static int quota_cores(void) {
  long long quota = -1, period = 0;
  FILE *file = fopen("/sys/fs/cgroup/cpu.max", "r");
  if (file) {
    if (fscanf(file, "%lld %lld", &quota, &period) != 2) quota = -1; /* "max" */
    fclose(file);
  } else {
    file = fopen("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "r");
    if (!file) return 0;
    if (fscanf(file, "%lld", &quota) != 1) quota = -1;
    fclose(file);
    file = fopen("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "r");
    if (!file) return 0;
    if (fscanf(file, "%lld", &period) != 1) quota = -1;
    fclose(file);
  }
  if (quota <= 0 || period <= 0) return 0;
  return quota < period ? 1 : (int)(quota / period);
}
#endif

int ks_pool_usable_cores(void) {
  int cores = 1;
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
  int quota = quota_cores();
  if (quota > 0 && quota < cores) cores = quota;
#elif defined(_SC_NPROCESSORS_ONLN)
  cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
#endif
  return cores < 1 ? 1 : cores;
}
