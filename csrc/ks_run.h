/* Programs: recorded nodes in the order in which they run, and the loop over
 * batches that replays them without Python. */
#ifndef KS_RUN_H
#define KS_RUN_H

#include "ks_context.h"

/* One call: a node's forward or backward function. */
typedef struct {
  ks_function function;
  ks_node *node;
} ks_step;

typedef struct {
  const ks_step *steps;
  int64_t n_steps;
} ks_program;

/* Rows of an array that go into an input of the program before each run. */
typedef struct {
  const char *source; /* row r at source + r * row_bytes */
  int64_t row_bytes;  /* from row to row in the source */
  int64_t row_count;  /* elements of a row, contiguous */
  int32_t from, to;   /* dtypes (ks_dtype, or KS_UINT8) */
  void *destination;  /* batch x row_count elements */
} ks_feed;

/* Where a result of the program goes after each run: one batch after another. */
typedef struct {
  const void *source;
  char *destination;
  int64_t batch_bytes;
} ks_drain;

/* A dtype that only sources have: images. */
#define KS_UINT8 KS_N_DTYPES

/* Calls every step once, but for those whose gate is shut. Stops at the first
 * that fails, and says which. */
ks_status ks_program_run(const ks_program *program, const ks_context *context, ks_node **failed);

/* Gathers rows index[0 .. batch) of every feed into its destination. */
void ks_feed_rows(const ks_context *context, const ks_feed *feeds, int64_t n_feeds,
                  const int64_t *index, int64_t batch);

/* Runs batches `*next` .. n_batches - 1: gathers rows index[b * batch ...) of
 * every feed, calls the program, drains its results. Returns early, with *next
 * at the batch to go on with, when `deadline` nanoseconds (ks_clock.h) have
 * passed. On failure *next is the failed batch. index NULL: rows in their
 * order. */
ks_status ks_run_batches(const ks_program *program, const ks_context *context, const ks_feed *feeds,
                         int64_t n_feeds, const ks_drain *drains, int64_t n_drains,
                         const int64_t *index, int64_t batch, int64_t n_batches, int64_t deadline,
                         int64_t *next, ks_node **failed);

#endif
