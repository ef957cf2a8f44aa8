/* Broadcasting: an operation is a function over one row, and here are the
 * loops around it that write a result for every place (ks_sum.h has those that
 * add up).
 *
 * A row is a piece of the innermost loop, so all that is particular to an
 * operation vectorises, and all that is particular to shapes is written once.
 * Work is cut by shape alone: the same bits for any number of threads.
 */
#ifndef KS_BROADCAST_H
#define KS_BROADCAST_H

#include <string.h>

#include "ks_tiles.h"

/* Elements that a row function is given at once where its result is summed or
 * added: the temporary of a piece then stays in the first-level cache. */
#define KS_PIECE 1024

typedef struct {
  const real *a, *b; /* the inputs; */
  int64_t step_a, step_b;
  const real *y, *dy;  /* for gradients: the output and its gradient, dense */
  void *out;           /* dense, of the type that the function writes */
  const ks_node *node; /* where a function needs the attributes */
  int64_t n;
} ks_row;

typedef void (*ks_row_function)(const ks_row *row);

/* Nested loops with the strides of x0, x1 and y, outermost first. */
typedef struct {
  int n;
  int64_t dims[KS_MAX_DIMS];
  int64_t strides[KS_MAX_DIMS][3];
} ks_loops;

/* Where one is in them. */
typedef struct {
  int64_t index[KS_MAX_DIMS];
  int64_t offset[3];
} ks_place;

static inline void ks_add_loop(ks_loops *loops, int64_t dim, const int64_t *strides) {
  loops->dims[loops->n] = dim;
  for (int k = 0; k < 3; k++) loops->strides[loops->n][k] = strides[k];
  loops->n++;
}

static inline ks_loops ks_node_loops(const ks_node *node) {
  ks_loops loops = {.n = node->n_dims};
  int64_t dense = 1;
  for (int d = node->n_dims - 1; d >= 0; d--) {
    loops.dims[d] = node->dims[d];
    loops.strides[d][0] = node->strides[0][d];
    loops.strides[d][1] = node->strides[1][d];
    loops.strides[d][2] = dense;
    dense *= node->dims[d];
  }
  return loops;
}

static inline int64_t ks_loops_count(const ks_loops *loops) {
  int64_t count = 1;
  for (int d = 0; d < loops->n; d++) count *= loops->dims[d];
  return count;
}

static inline void ks_seek(const ks_loops *loops, int64_t position, ks_place *place) {
  memset(place->offset, 0, sizeof place->offset);
  for (int d = loops->n - 1; d >= 0; d--) {
    place->index[d] = position % loops->dims[d];
    position /= loops->dims[d];
    for (int k = 0; k < 3; k++) place->offset[k] += place->index[d] * loops->strides[d][k];
  }
}

static inline void ks_advance(const ks_loops *loops, ks_place *place) {
  for (int d = loops->n - 1; d >= 0; d--) {
    for (int k = 0; k < 3; k++) place->offset[k] += loops->strides[d][k];
    if (++place->index[d] < loops->dims[d]) return;
    for (int k = 0; k < 3; k++) place->offset[k] -= loops->dims[d] * loops->strides[d][k];
    place->index[d] = 0;
  }
}

/* The row `row` (pointers to the beginnings) at the given offsets; what an
 * operation has no use for is NULL and stays so. */
static inline ks_row ks_row_at(const ks_row *row, const int64_t *offset, int64_t column,
                               int64_t n) {
  ks_row at = *row;
  if (at.a) at.a += offset[0] + column * row->step_a;
  if (at.b) at.b += offset[1] + column * row->step_b;
  if (at.y) at.y += offset[2] + column;
  if (at.dy) at.dy += offset[2] + column;
  at.n = n;
  return at;
}

/* function over the row: written to row->out, or added to it piece by piece. */
static inline void ks_run_row(ks_row_function function, const ks_row *row, int add) {
  if (!add) {
    function(row);
    return;
  }
  real piece[KS_PIECE];
  for (int64_t begin = 0; begin < row->n; begin += KS_PIECE) {
    const int64_t origin[3] = {0};
    int64_t n = row->n - begin < KS_PIECE ? row->n - begin : KS_PIECE;
    ks_row part = ks_row_at(row, origin, begin, n);
    real *out = (real *)row->out + begin;
    part.out = piece;
    function(&part);
    for (int64_t i = 0; i < n; i++) out[i] += piece[i];
  }
}

typedef struct {
  ks_row_function function;
  ks_row row;
  ks_loops outer;
  int64_t inner, pieces; /* a long innermost loop is cut into tiles */
  size_t out_size;
  int add;
} ks_map_job;

static inline void ks_map_range(void *arg, int64_t begin, int64_t end) {
  const ks_map_job *job = arg;
  ks_place place;
  ks_seek(&job->outer, begin / job->pieces, &place);
  /* More than one piece a row: the range is a single tile. */
  int64_t column = begin % job->pieces * KS_TILE_ELEMENTS;
  int64_t n = job->inner - column < KS_TILE_ELEMENTS ? job->inner - column : KS_TILE_ELEMENTS;
  char *out = (char *)job->row.out + (begin / job->pieces * job->inner + column) * job->out_size;
  for (int64_t i = begin; i < end; i++) {
    ks_row row = ks_row_at(&job->row, place.offset, column, n);
    row.out = out;
    ks_run_row(job->function, &row, job->add);
    out += n * job->out_size;
    ks_advance(&job->outer, &place);
  }
}

/* function over all the loops; row holds pointers to the beginnings, row.out
 * is dense. With `add`, row.out holds `real`. */
static inline void ks_map(const ks_context *context, const ks_loops *loops,
                          ks_row_function function, ks_row row, size_t out_size, int add) {
  ks_map_job job = {function, row, *loops, 0, 1, out_size, add};
  const int64_t *steps = loops->strides[--job.outer.n];
  job.inner = loops->dims[job.outer.n];
  job.row.step_a = steps[0];
  job.row.step_b = steps[1];
  if (job.inner == 0) return;
  if (job.inner > KS_TILE_ELEMENTS)
    job.pieces = (job.inner + KS_TILE_ELEMENTS - 1) / KS_TILE_ELEMENTS;
  int64_t rows_a_tile = job.inner < KS_TILE_ELEMENTS ? KS_TILE_ELEMENTS / job.inner : 1;
  ks_parallel_range(context, ks_loops_count(&job.outer) * job.pieces, rows_a_tile, ks_map_range,
                    &job);
}

#endif
