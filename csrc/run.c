#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "ks_clock.h"
#include "ks_float_state.h"
#include "ks_run.h"
#include "ks_tiles.h"

static ks_status run_steps(const ks_program *program, const ks_context *context, ks_node **failed) {
  for (int64_t i = 0; i < program->n_steps; i++) {
    const ks_step *step = &program->steps[i];
    const uint8_t *gate = step->node->gate;
    if (gate && !*gate) continue;
    ks_status status = step->function(step->node, context);
    if (status != KS_OK) {
      *failed = step->node;
      return status;
    }
  }
  return KS_OK;
}

ks_status ks_program_run(const ks_program *program, const ks_context *context, ks_node **failed) {
  uint32_t float_state = ks_float_state_enter();
  ks_status status = run_steps(program, context, failed);
  ks_float_state_leave(float_state);
  return status;
}

/* ---- feeds ------------------------------------------------------------ */

#define CONVERT_LOOP(FROM, TO)                       \
  do {                                               \
    const FROM *x = source;                          \
    TO *y = destination;                             \
    for (int64_t i = 0; i < n; i++) y[i] = (TO)x[i]; \
  } while (0)

#define CONVERT_FROM(TO)         \
  switch (from) {                \
    case KS_FLOAT32:             \
      CONVERT_LOOP(float, TO);   \
      break;                     \
    case KS_FLOAT64:             \
      CONVERT_LOOP(double, TO);  \
      break;                     \
    case KS_INT32:               \
      CONVERT_LOOP(int32_t, TO); \
      break;                     \
    case KS_INT64:               \
      CONVERT_LOOP(int64_t, TO); \
      break;                     \
    default:                     \
      CONVERT_LOOP(uint8_t, TO); \
      break;                     \
  }

static int64_t size_of(int32_t dtype) {
  static const int64_t sizes[] = {4, 8, 4, 8, 1, 1};
  return sizes[dtype];
}

static void convert(const void *source, int32_t from, void *destination, int32_t to, int64_t n) {
  switch (to) {
    case KS_FLOAT32:
      CONVERT_FROM(float) break;
    case KS_FLOAT64:
      CONVERT_FROM(double) break;
    case KS_INT32:
      CONVERT_FROM(int32_t) break;
    case KS_INT64:
      CONVERT_FROM(int64_t) break;
    default:
      CONVERT_FROM(_Bool) break;
  }
}

typedef struct {
  const ks_feed *feed;
  const int64_t *index;
} feed_job;

/* Rows in random order are called for so many rows before they are copied: of long ones the
 * beginning, after which the processor sees what comes. */
#define ROWS_AHEAD 8
#define BYTES_AHEAD 512

static void fetch_row(const ks_feed *feed, int64_t row) {
  const char *source = feed->source + row * feed->row_bytes;
  int64_t bytes = feed->row_bytes < BYTES_AHEAD ? feed->row_bytes : BYTES_AHEAD;
  for (int64_t i = 0; i < bytes; i += 64) __builtin_prefetch(source + i);
}

static void feed_range(void *arg, int64_t begin, int64_t end) {
  const feed_job *job = arg;
  const ks_feed *feed = job->feed;
  int64_t width = feed->row_count * size_of(feed->to);
  for (int64_t r = begin; r < end; r++) {
    int64_t row = job->index ? job->index[r] : r;
    const char *source = feed->source + row * feed->row_bytes;
    if (job->index && r + ROWS_AHEAD < end) fetch_row(feed, job->index[r + ROWS_AHEAD]);
    char *destination = (char *)feed->destination + r * width;
    if (feed->from == feed->to)
      memcpy(destination, source, (size_t)width);
    else
      convert(source, feed->from, destination, feed->to, feed->row_count);
  }
}

void ks_feed_rows(const ks_context *context, const ks_feed *feeds, int64_t n_feeds,
                  const int64_t *index, int64_t batch) {
  for (int64_t f = 0; f < n_feeds; f++) {
    feed_job job = {&feeds[f], index};
    int64_t tiles = batch * (feeds[f].row_count + 1) / KS_TILE_ELEMENTS + 1;
    int64_t rows = (batch + tiles - 1) / tiles;
    ks_parallel_range(context, batch, rows, feed_range, &job);
  }
}

/* The rows of a batch that are read in their order start further on. */
static ks_feed feed_from(const ks_feed *feed, int64_t row) {
  ks_feed later = *feed;
  later.source += row * feed->row_bytes;
  return later;
}

static void feed_batch(const ks_context *context, const ks_feed *feeds, int64_t n_feeds,
                       const int64_t *index, int64_t batch, int64_t number) {
  if (index) {
    ks_feed_rows(context, feeds, n_feeds, index + number * batch, batch);
    return;
  }
  for (int64_t f = 0; f < n_feeds; f++) {
    ks_feed feed = feed_from(&feeds[f], number * batch);
    ks_feed_rows(context, &feed, 1, NULL, batch);
  }
}

static void drain_batch(const ks_drain *drain, int64_t number) {
  memcpy(drain->destination + number * drain->batch_bytes, drain->source,
         (size_t)drain->batch_bytes);
}

ks_status ks_run_batches(const ks_program *program, const ks_context *context, const ks_feed *feeds,
                         int64_t n_feeds, const ks_drain *drains, int64_t n_drains,
                         const int64_t *index, int64_t batch, int64_t n_batches, int64_t deadline,
                         int64_t *next, ks_node **failed) {
  uint32_t float_state = ks_float_state_enter();
  ks_status status = KS_OK;
  while (*next < n_batches) {
    feed_batch(context, feeds, n_feeds, index, batch, *next);
    status = run_steps(program, context, failed);
    if (status != KS_OK) break;
    for (int64_t d = 0; d < n_drains; d++) drain_batch(&drains[d], *next);
    ++*next;
    if (ks_nanoseconds() > deadline) break;
  }
  ks_float_state_leave(float_state);
  return status;
}
