#define _GNU_SOURCE
#include <signal.h>

#include "ks_clock.h"
#include "ks_float_state.h"
#include "ks_workers.h"

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

static _Thread_local bool in_tile;

bool ks_is_in_tile(void) { return in_tile; }

static void run_tiles_of(const ks_pool *pool, ks_member *owner) {
  while (atomic_load(&owner->next_tile) < owner->end_tile) {
    int64_t tile = atomic_fetch_add(&owner->next_tile, 1);
    if (tile < owner->end_tile) pool->function(pool->job, tile);
  }
}

void ks_run_tiles(ks_pool *pool, int number) {
  in_tile = true;
  for (int i = 0; i < pool->n_members; i++)
    run_tiles_of(pool, &pool->members[(number + i) % pool->n_members]);
  in_tile = false;
}

static bool has_news(ks_pool *pool, uint64_t last) {
  uint64_t open = atomic_load(&pool->open);
  return (open != 0 && open != last) || atomic_load(&pool->stop);
}

/* Whether it has slept meanwhile. */
static bool wait_for_news(ks_pool *pool, uint64_t last, int64_t spin) {
  int64_t give_up = ks_nanoseconds() + spin;
  do {
    for (int i = 0; i < 32; i++) {
      if (has_news(pool, last)) return false;
      ks_relax();
    }
  } while (ks_nanoseconds() < give_up);
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
  const ks_member *self = arg;
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
      int64_t begun = ks_nanoseconds();
      ks_run_tiles(pool, self->number);
      if (ks_nanoseconds() - begun > SHORT_JOB_NANOSECONDS)
        short_jobs = 0;
      else if (short_jobs < SHORT_JOBS)
        short_jobs++;
    }
    atomic_fetch_sub(&pool->active, 1);
  }
}

void ks_start_workers(ks_pool *pool) {
  /* Signals are for the threads of the program: Ctrl-C must not end up here. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (pool->n_started < pool->n_threads - 1) {
    ks_member *next = &pool->members[pool->n_started + 1];
    if (pthread_create(&next->thread, NULL, work, next) != 0) break;
    atomic_fetch_add(&pool->n_started, 1);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void ks_stop_workers(ks_pool *pool) {
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->stop, true);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int i = 1; i <= pool->n_started; i++) pthread_join(pool->members[i].thread, NULL);
  atomic_store(&pool->n_started, 0);
  atomic_store(&pool->stop, false);
}
