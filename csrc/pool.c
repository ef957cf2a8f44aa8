#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* Steps of small networks are many jobs of some microseconds, and 100 us of Python between two
 * epochs. After so many jobs in a row that were so short, a worker looks for the next that long.
 * Where jobs are long, waking does not count, and the cores get their rest. */
#define SHORT_JOBS 8
#define SHORT_JOB_NANOSECONDS 50000
#define LONG_SPIN_NANOSECONDS 200000

/* How many jobs callers run alone after so many of them have met that they fill half
 * of the cores, or more. Two threads of a program fill two cores; a worker beside them
 * makes its caller wait for a core. Two threads that trained 784-256-10 each, in
 * batches of 32, took 1.4 times as long with the worker on two cores. */
#define CROWDED_JOBS 1024

/* So many jobs that are not worth waking a worker are run alone before one is woken: they come
 * one after another then, and add up to more than the waking takes. */
#define JOBS_ALONE 16

/* One of the threads that share a job. */
typedef struct {
  /* Its own tiles, one after another. Others take of them when theirs are done. */
  _Alignas(64) _Atomic int64_t next_tile;
  int64_t end_tile;
  int number; /* 0: the caller */
  ks_pool *pool;
  pthread_t thread; /* of a worker */
} member;

struct ks_pool {
  atomic_int n_threads; /* the caller included */
  atomic_int n_started; /* workers that run */
  member *members;      /* n_threads */

  atomic_int taken;   /* held by the one caller whose job is running */
  atomic_int alone;   /* callers that run theirs by themselves, as it is taken */
  atomic_int crowded; /* jobs still to be run alone, see CROWDED_JOBS */

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

static _Thread_local bool works_alone;

int ks_pool_work_alone(int alone) {
  int before = works_alone;
  works_alone = alone;
  return before;
}

static void run_tiles_of(const ks_pool *pool, member *owner) {
  while (atomic_load(&owner->next_tile) < owner->end_tile) {
    int64_t tile = atomic_fetch_add(&owner->next_tile, 1);
    if (tile < owner->end_tile) pool->function(pool->job, tile);
  }
}

/* The member's own tiles and then what others have left. */
static void run_tiles(ks_pool *pool, int number) {
  is_in_tile = true;
  for (int i = 0; i < pool->n_members; i++)
    run_tiles_of(pool, &pool->members[(number + i) % pool->n_members]);
  is_in_tile = false;
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

static bool has_news(ks_pool *pool, uint64_t last) {
  uint64_t open = atomic_load(&pool->open);
  return (open != 0 && open != last) || atomic_load(&pool->stop);
}

/* Whether it has slept meanwhile. */
static bool wait_for_news(ks_pool *pool, uint64_t last, int64_t spin) {
  int64_t give_up = nanoseconds() + spin;
  do {
    for (int i = 0; i < 32; i++) {
      if (has_news(pool, last)) return false;
      cpu_relax();
    }
  } while (nanoseconds() < give_up);
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  /* Woken for a job that is over by now, it looks for the next. */
  uint64_t wakings = pool->wakings;
  while (!has_news(pool, last) && wakings == pool->wakings)
    pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
  return true;
}

static void *work(void *arg) {
  const member *self = arg;
  ks_pool *pool = self->pool;
  uint64_t last = 0;
  int short_jobs = 0; /* the last ones, since it woke */
  ks_float_state_enter();
  for (;;) {
    int64_t spin = short_jobs < SHORT_JOBS ? SPIN_NANOSECONDS : LONG_SPIN_NANOSECONDS;
    if (wait_for_news(pool, last, spin)) short_jobs = 0;
    if (atomic_load(&pool->stop)) return NULL;
    /* The caller closes the job and then waits for active == 0; we raise
     * active and then look whether the job is open. One of us sees the other. */
    atomic_fetch_add(&pool->active, 1);
    uint64_t open = atomic_load(&pool->open);
    if (open != 0 && open != last) {
      last = open;
      int64_t begun = nanoseconds();
      run_tiles(pool, self->number);
      if (nanoseconds() - begun > SHORT_JOB_NANOSECONDS)
        short_jobs = 0;
      else if (short_jobs < SHORT_JOBS)
        short_jobs++;
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
    member *next = &pool->members[pool->n_started + 1];
    if (pthread_create(&next->thread, NULL, work, next) != 0) break;
    atomic_fetch_add(&pool->n_started, 1);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void stop_workers(ks_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->stop, true);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int i = 1; i <= pool->n_started; i++) pthread_join(pool->members[i].thread, NULL);
  atomic_store(&pool->n_started, 0);
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

/* ---- the public half --------------------------------------------------- */

static member *new_members(ks_pool *pool, int n_threads) {
  member *members = aligned_alloc(_Alignof(member), sizeof(member) * (size_t)n_threads);
  if (!members) return NULL;
  memset(members, 0, sizeof(member) * (size_t)n_threads);
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
  stop_workers(pool);
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
  member *members = new_members(pool, n_threads);
  if (members) {
    stop_workers(pool);
    free(pool->members);
    pool->members = members;
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
  bool is_alone = !pool || pool->n_threads == 1 || n_tiles < 2 || is_in_tile || works_alone;
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
  if (pool->n_started < pool->n_threads - 1) start_workers(pool);
  pool->function = function;
  pool->job = job;
  deal(pool, n_tiles);
  atomic_store(&pool->open, ++pool->last_number);
  int sleepers = atomic_load(&pool->sleepers);
  bool has_no_worker = sleepers == pool->n_started;
  if (sleepers > 0 && (waking == KS_WAKE_ALL || has_no_worker)) wake_sleepers(pool);
  run_tiles(pool, 0);
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
