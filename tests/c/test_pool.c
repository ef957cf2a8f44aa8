#define _GNU_SOURCE
#include <float.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../csrc/ks_cores.h"
#include "../../csrc/ks_float_state.h"
#include "../../csrc/ks_pool.h"
#include "harness.h"

#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1 /* which does not follow forks of several threads */
#else
#define UNDER_TSAN 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1 /* whose allocator may be locked for ever in a forked child */
#else
#define UNDER_ASAN 0
#endif

enum { MOST_TILES = 1000 };

typedef struct {
  atomic_int times[MOST_TILES];
  pthread_t caller;
  atomic_int elsewhere; /* tiles that another thread than the caller ran */
  atomic_int started;
} count_job;

static void count_tile(void *arg, int64_t tile) {
  count_job *job = arg;
  atomic_fetch_add(&job->times[tile], 1);
  if (!pthread_equal(job->caller, pthread_self())) atomic_fetch_add(&job->elsewhere, 1);
}

static count_job *new_count_job(void) {
  count_job *job = calloc(1, sizeof *job);
  job->caller = pthread_self();
  return job;
}

static int is_complete(const count_job *job, int64_t n);

/* Allocates nothing, because forked children use it, too. */
static int run_and_check(ks_pool *pool, int64_t n_tiles) {
  count_job job = {.caller = pthread_self()};
  ks_pool_run(pool, n_tiles, KS_WAKE_ALL, count_tile, &job);
  return is_complete(&job, n_tiles);
}

static int run_small_and_check(ks_pool *pool, int64_t n_tiles) {
  count_job job = {.caller = pthread_self()};
  ks_pool_run(pool, n_tiles, KS_WAKE_LATER, count_tile, &job);
  return is_complete(&job, n_tiles);
}

/* Whether each of the first n tiles ran once and no other did. */
static int is_complete(const count_job *job, int64_t n) {
  for (int64_t tile = 0; tile < MOST_TILES; tile++)
    if (job->times[tile] != (tile < n)) return 0;
  return 1;
}

static const int64_t tile_counts[] = {0, 1, 2, 3, 4, 5, 7, 64, 1000};
enum { N_TILE_COUNTS = sizeof tile_counts / sizeof *tile_counts };

static void check_each_tile_once(void) {
  for (int n_threads = 1; n_threads <= 5; n_threads++) {
    ks_pool *pool = ks_pool_new(n_threads);
    KT_EXPECT(ks_pool_size(pool) == n_threads, "pool: size of %d", n_threads);
    for (int run = 0; run < 2000; run++) {
      int64_t n = tile_counts[run % N_TILE_COUNTS];
      if (run % 500 == 499) usleep(2000); /* the workers have gone to sleep */
      KT_EXPECT(run_and_check(pool, n), "pool of %d, run %d: not each of %lld tiles once",
                n_threads, run, (long long)n);
      KT_EXPECT(run_small_and_check(pool, n),
                "pool of %d, small run %d: not each of %lld tiles once", n_threads, run,
                (long long)n);
    }
    ks_pool_free(pool);
  }
  KT_EXPECT(run_and_check(NULL, 7), "no pool: not each tile once");
}

/* Pools that are never used, and freed while their threads spin or sleep. */
static void check_lives(void) {
  for (int i = 0; i < 60; i++) {
    ks_pool *pool = ks_pool_new(1 + i % 4);
    if (i % 3 != 0) run_and_check(pool, 8);
    if (i % 3 == 2) usleep(1000);
    ks_pool_free(pool);
  }
  ks_pool_free(NULL);
}

/* ---- do several threads take part at all? -------------------------------- */

/* Two tiles that wait for each other, for a while. */
static void meet_tile(void *arg, int64_t tile) {
  count_job *job = arg;
  (void)tile;
  atomic_fetch_add(&job->started, 1);
  for (int i = 0; i < 500 && atomic_load(&job->started) < 2; i++) usleep(100);
  if (atomic_load(&job->started) == 2 && !pthread_equal(job->caller, pthread_self()))
    atomic_fetch_add(&job->elsewhere, 1);
}

/* Whether two tiles have met within some jobs. */
static int meets(ks_pool *pool, int n_jobs) {
  int together = 0;
  for (int i = 0; i < n_jobs && !together; i++) {
    count_job *job = new_count_job();
    ks_pool_run(pool, 2, KS_WAKE_ALL, meet_tile, job);
    together = job->elsewhere;
    free(job);
  }
  return together;
}

static void check_parallel(void) {
  ks_pool *pool = ks_pool_new(2);
  KT_EXPECT(meets(pool, 20), "pool of 2: never two tiles at a time");
  ks_pool_free(pool);
}

/* Tiles that the workers ran of some jobs, one after another. */
static int shared_tiles(ks_pool *pool, ks_waking waking, int n_jobs) {
  int elsewhere = 0;
  for (int i = 0; i < n_jobs; i++) {
    count_job *job = new_count_job();
    ks_pool_run(pool, 8, waking, count_tile, job);
    elsewhere += job->elsewhere;
    free(job);
  }
  return elsewhere;
}

static void check_waking(void) {
  ks_pool *pool = ks_pool_new(2);
  KT_EXPECT(shared_tiles(pool, KS_WAKE_NONE, 100) == 0, "waking: a thread was started");
  KT_EXPECT(shared_tiles(pool, KS_WAKE_LATER, 16) == 0, "waking: a thread was started for a few");
  run_and_check(pool, 8);
  usleep(50000);
  KT_EXPECT(shared_tiles(pool, KS_WAKE_NONE, 100) == 0, "waking: a thread was woken");
  KT_EXPECT(shared_tiles(pool, KS_WAKE_LATER, 10) == 0, "waking: a thread was woken for a few");
  int shared = 0;
  for (int i = 0; i < 200 && !shared; i++) shared = shared_tiles(pool, KS_WAKE_LATER, 1000);
  KT_EXPECT(shared > 0, "waking: many small jobs were never shared");
  ks_pool_free(pool);
}

static void check_alone(void) {
  ks_pool *pool = ks_pool_new(2);
  KT_EXPECT(!ks_pool_work_alone(1), "alone: not as it was before");
  KT_EXPECT(shared_tiles(pool, KS_WAKE_ALL, 100) == 0, "alone: a thread was woken");
  KT_EXPECT(ks_pool_work_alone(0), "alone: forgotten");
  KT_EXPECT(meets(pool, 20), "no longer alone: never two tiles at a time");
  ks_pool_free(pool);
}

/* ---- several callers ----------------------------------------------------- */

typedef struct {
  ks_pool *pool;
  int good;
  atomic_int stop; /* after the runs that are due */
} caller;

enum { DUE_RUNS = 1500 };

static void *call_often(void *arg) {
  caller *self = arg;
  for (int i = 0; i < DUE_RUNS || !atomic_load(&self->stop); i++) {
    if (!run_and_check(self->pool, tile_counts[i % N_TILE_COUNTS])) self->good = 0;
    if (i % 100 == 99) usleep(200);
  }
  return NULL;
}

static void check_callers(void) {
  enum { CALLERS = 5 };
  ks_pool *pool = ks_pool_new(3);
  pthread_t threads[CALLERS];
  caller callers[CALLERS];
  for (int i = 0; i < CALLERS; i++) {
    callers[i] = (caller){pool, 1, 1};
    pthread_create(&threads[i], NULL, call_often, &callers[i]);
  }
  for (int i = 0; i < CALLERS; i++) {
    pthread_join(threads[i], NULL);
    KT_EXPECT(callers[i].good, "pool, several callers: caller %d missed tiles", i);
  }
  ks_pool_free(pool);
}

/* A job that holds the pool until it is told to go on. */
typedef struct {
  ks_pool *pool;
  atomic_int holding, go_on, done;
} hold_job;

static void hold_tile(void *arg, int64_t tile) {
  hold_job *job = arg;
  (void)tile;
  atomic_store(&job->holding, 1);
  while (!atomic_load(&job->go_on)) usleep(100);
}

static void *hold_pool(void *arg) {
  hold_job *job = arg;
  ks_pool_run(job->pool, 2, KS_WAKE_ALL, hold_tile, job);
  atomic_store(&job->done, 1);
  return NULL;
}

static pthread_t start_holding(hold_job *job) {
  pthread_t thread;
  pthread_create(&thread, NULL, hold_pool, job);
  while (!atomic_load(&job->holding)) usleep(100);
  return thread;
}

static void check_loser(void) {
  hold_job job = {.pool = ks_pool_new(2)};
  pthread_t holder = start_holding(&job);
  count_job *mine = new_count_job();
  ks_pool_run(job.pool, 50, KS_WAKE_ALL, count_tile, mine);
  KT_EXPECT(is_complete(mine, 50) && mine->elsewhere == 0, "pool taken: %d tiles on other threads",
            mine->elsewhere);
  KT_EXPECT(!atomic_load(&job.done), "pool taken: waited for the other caller");
  atomic_store(&job.go_on, 1);
  pthread_join(holder, NULL);
  KT_EXPECT(run_and_check(job.pool, 50), "pool given back: not each tile once");
  /* Where callers have met they run alone for a while, and then together again. */
  KT_EXPECT(!meets(job.pool, 3), "pool after two callers: a worker beside them");
  for (int i = 0; i < 1100; i++) run_and_check(job.pool, 2);
  KT_EXPECT(meets(job.pool, 20), "pool after two callers: never two tiles at a time again");
  free(mine);
  ks_pool_free(job.pool);
}

static void nested_tile(void *arg, int64_t tile) {
  (void)tile;
  KT_EXPECT(run_and_check(arg, 20), "pool in a tile: not each tile once");
}

static void check_nested(void) {
  ks_pool *pool = ks_pool_new(3);
  for (int i = 0; i < 50; i++) ks_pool_run(pool, 8, KS_WAKE_ALL, nested_tile, pool);
  ks_pool_free(pool);
}

/* ---- resize -------------------------------------------------------------- */

static void check_resize(void) {
  static const int sizes[] = {2, 1, 4, 3, 1, 5};
  ks_pool *pool = ks_pool_new(1);
  for (int i = 0; i < 60; i++) {
    ks_pool_resize(pool, sizes[i % 6]);
    KT_EXPECT(ks_pool_size(pool) == sizes[i % 6], "resize: size");
    for (int run = 0; run < 5; run++)
      KT_EXPECT(run_and_check(pool, 100), "resize to %d: not each tile once", sizes[i % 6]);
  }
  ks_pool_free(pool);
}

static void check_resize_among_callers(void) {
  caller other = {ks_pool_new(2), 1, 0};
  pthread_t thread;
  pthread_create(&thread, NULL, call_often, &other);
  for (int i = 0; i < 100; i++) {
    ks_pool_resize(other.pool, 1 + i % 4);
    usleep(200);
  }
  atomic_store(&other.stop, 1);
  pthread_join(thread, NULL);
  KT_EXPECT(other.good, "resize among callers: not each tile once");
  ks_pool_free(other.pool);
}

/* ---- fork ---------------------------------------------------------------- */

/* The child's exit status is its verdict; it dies if it hangs. */
static void check_in_child(ks_pool *pool, const char *when) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    int good = 1;
    alarm(20);
    for (int i = 0; i < 50; i++) good &= run_and_check(pool, 100);
    if (!UNDER_ASAN) ks_pool_resize(pool, 4);
    good &= run_and_check(pool, 100);
    _exit(good ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  KT_EXPECT(status == 0, "fork %s: the child ended with status %d", when, status);
  KT_EXPECT(run_and_check(pool, 100), "fork %s: the parent's pool is broken", when);
}

static void check_fork_while_taken(void) {
  hold_job job = {.pool = ks_pool_new(2)};
  pthread_t holder = start_holding(&job);
  check_in_child(job.pool, "while another thread holds the pool");
  atomic_store(&job.go_on, 1);
  pthread_join(holder, NULL);
  ks_pool_free(job.pool);
}

static void check_fork_among_callers(void) {
  caller other = {ks_pool_new(3), 1, 0};
  pthread_t thread;
  pthread_create(&thread, NULL, call_often, &other);
  for (int i = 0; i < 20; i++) check_in_child(other.pool, "among callers");
  atomic_store(&other.stop, 1);
  pthread_join(thread, NULL);
  KT_EXPECT(other.good, "fork among callers: the parent missed tiles");
  ks_pool_free(other.pool);
}

static void check_fork(void) {
  ks_pool *pool = ks_pool_new(3);
  check_in_child(pool, "before the first job");
  run_and_check(pool, 100);
  check_in_child(pool, "while the threads spin");
  usleep(5000);
  check_in_child(pool, "while the threads sleep");
  ks_pool_free(pool);
  check_fork_while_taken();
  check_fork_among_callers();
}

/* ---- floating-point state ------------------------------------------------ */

static volatile float smallest = FLT_MIN;

static void flush_tile(void *arg, int64_t tile) {
  atomic_int *kept = arg;
  (void)tile;
  if (smallest * 0.5f != 0) atomic_fetch_add(kept, 1);
  usleep(50); /* so that others get tiles, too */
}

static void check_float_state(void) {
#if defined(__x86_64__) || defined(__aarch64__)
  ks_pool *pool = ks_pool_new(3);
  atomic_int kept = 0;
  uint32_t saved = ks_float_state_enter();
  ks_pool_run(pool, 60, KS_WAKE_ALL, flush_tile, &kept);
  uint32_t inner = ks_float_state_enter(); /* may be nested */
  ks_float_state_leave(inner);
  float flushed = smallest * 0.5f;
  ks_float_state_leave(saved);
  KT_EXPECT(kept == 0, "float state: %d of 60 tiles kept a denormal", kept);
  KT_EXPECT(flushed == 0, "float state: leaving the inner one ended the outer one");
  KT_EXPECT(smallest * 0.5f != 0, "float state: denormals are still flushed after leaving");
  ks_pool_free(pool);
#endif
}

int main(void) {
  alarm(240); /* a hang is a failure */
  check_each_tile_once();
  check_lives();
  check_parallel();
  check_waking();
  check_alone();
  check_callers();
  check_loser();
  check_nested();
  check_resize();
  check_resize_among_callers();
  if (!UNDER_TSAN) check_fork();
  check_float_state();
  KT_EXPECT(ks_usable_cores() >= 1, "usable cores: %d", ks_usable_cores());
  return kt_summary("pool");
}
