/* Sums over some of the nested loops: reductions, and the gradients of
 * operands that broadcasting repeats.
 *
 * The loops are split into those that are kept and those that are summed. A
 * unit of work is a row of results (up to KS_COLUMNS columns, gathered row by
 * row) when the innermost loop is kept, and one result when it is summed. The
 * steps of a unit are added in order; where there are few and long units, each
 * is cut into parts, a number that follows from the shape, whose sums are
 * added in order: the same bits for any number of threads.
 */
#ifndef KS_SUM_H
#define KS_SUM_H

#include "ks_broadcast.h"

#define KS_COLUMNS 256
#define KS_MOST_PARTS 16
#define KS_BLOCK 64
#define KS_LANES 32 /* with 16, GCC 12 unrolls loops over lanes instead of vectorising */

/* Sums of floats are gathered in double: 10^7 of them stay accurate to the
 * last bit, at the speed of memory. Integers wrap around, which is undefined
 * for signed types. */
#if KS_FLOATING
typedef double ks_total;
#else
typedef uint64_t ks_total;
#endif

typedef struct {
  ks_row_function function; /* NULL: the sum of row.a itself */
  ks_row row;               /* out: dense over the kept loops */
  ks_loops kept, summed;    /* without the innermost */
  int64_t inner, width;     /* the innermost loop, and how much of it a step takes */
  int64_t along, across;    /* units, steps along the innermost loop; one of them is 1 */
  int inner_kept;
  int64_t steps, parts;
  int64_t unit;     /* whose parts run */
  ks_total *totals; /* theirs */
  int add;
  real divisor;
} ks_sum_job;

/* Explicit lanes: the compiler must not reorder a sum by itself. Short rows
 * are not worth folding them. */
static inline ks_total ks_sum_row(const real *x, int64_t n) {
  ks_total lane[KS_LANES] = {0}, rest = 0;
  int64_t i = 0;
  for (; i + KS_LANES <= n; i += KS_LANES)
    for (int l = 0; l < KS_LANES; l++) lane[l] += (ks_total)x[i + l];
  for (; i < n; i++) rest += (ks_total)x[i];
  if (n < KS_LANES) return rest;
  for (int width = KS_LANES / 2; width > 0; width /= 2)
    for (int l = 0; l < width; l++) lane[l] += lane[l + width];
  return lane[0] + rest;
}

/* How many columns the step at `column` takes. */
static inline int64_t ks_sum_width(const ks_sum_job *job, int64_t column) {
  return job->inner - column < job->width ? job->inner - column : job->width;
}

/* Results of a unit. */
static inline int64_t ks_sum_results(const ks_sum_job *job, int64_t unit) {
  return job->inner_kept ? ks_sum_width(job, unit % job->along * job->width) : 1;
}

/* Where the values of a step stand; computed into `piece` if need be. */
static inline const real *ks_sum_values(const ks_sum_job *job, const ks_place *kept,
                                        const ks_place *place, int64_t column, int64_t n,
                                        real *piece) {
  int64_t offset[3];
  for (int k = 0; k < 3; k++) offset[k] = kept->offset[k] + place->offset[k];
  if (!job->function) return job->row.a + offset[0] + column * job->row.step_a;
  ks_row row = ks_row_at(&job->row, offset, column, n);
  row.out = piece;
  job->function(&row);
  return piece;
}

/* The totals of steps begin .. end of a unit, which stands at `kept`. */
static inline void ks_sum_block(const ks_sum_job *job, const ks_place *kept, int64_t unit,
                                int64_t begin, int64_t end, ks_total *total) {
  const int64_t column = unit % job->along * job->width;
  real piece[KS_PIECE];
  ks_place place;
  memset(total, 0, sizeof *total * ks_sum_results(job, unit));
  if (begin == end) return;
  ks_seek(&job->summed, begin / job->across, &place);
  int64_t across = begin % job->across;
  for (int64_t step = begin; step < end; step++) {
    const int64_t at = column + across * job->width, n = ks_sum_width(job, at);
    const real *values = ks_sum_values(job, kept, &place, at, n, piece);
    if (job->inner_kept)
      for (int64_t i = 0; i < n; i++) total[i] += (ks_total)values[i];
    else
      total[0] += ks_sum_row(values, n);
    if (++across < job->across) continue;
    across = 0;
    ks_advance(&job->summed, &place);
  }
}

/* The same in blocks: rounding errors grow with the length of a block and the
 * number of blocks instead of the number of steps, which matters in float64. */
static inline void ks_sum_steps(const ks_sum_job *job, const ks_place *kept, int64_t unit,
                                int64_t begin, int64_t end, ks_total *total) {
  const int64_t n = ks_sum_results(job, unit);
  int64_t next = end - begin < KS_BLOCK ? end : begin + KS_BLOCK;
  ks_sum_block(job, kept, unit, begin, next, total);
  for (begin = next; begin < end; begin = next) {
    ks_total block[KS_COLUMNS];
    next = end - begin < KS_BLOCK ? end : begin + KS_BLOCK;
    ks_sum_block(job, kept, unit, begin, next, block);
    for (int64_t i = 0; i < n; i++) total[i] += block[i];
  }
}

static inline void ks_sum_write(const ks_sum_job *job, int64_t unit, const ks_total *total) {
  const int64_t column = unit % job->along * job->width;
  const int64_t n = ks_sum_results(job, unit);
  real *out =
      (real *)job->row.out + unit / job->along * (job->inner_kept ? job->inner : 1) + column;
#if KS_FLOATING
  const ks_total divisor = job->divisor;
  if (job->add)
    for (int64_t i = 0; i < n; i++) out[i] += (real)total[i];
  else if (divisor == 1)
    for (int64_t i = 0; i < n; i++) out[i] = (real)total[i];
  else
    for (int64_t i = 0; i < n; i++) out[i] = (real)(total[i] / divisor);
#elif KS_DTYPE_NUMBER == 5
  for (int64_t i = 0; i < n; i++) out[i] = total[i] != 0;
#else
  for (int64_t i = 0; i < n; i++) out[i] = (real)total[i];
#endif
}

static inline void ks_sum_units(void *arg, int64_t begin, int64_t end) {
  const ks_sum_job *job = arg;
  ks_total total[KS_COLUMNS];
  ks_place kept;
  ks_seek(&job->kept, begin / job->along, &kept);
  for (int64_t unit = begin; unit < end; unit++) {
    ks_sum_steps(job, &kept, unit, 0, job->steps, total);
    ks_sum_write(job, unit, total);
    if ((unit + 1) % job->along == 0) ks_advance(&job->kept, &kept);
  }
}

static inline void ks_sum_parts(void *arg, int64_t begin, int64_t end) {
  const ks_sum_job *job = arg;
  ks_place kept;
  ks_seek(&job->kept, job->unit / job->along, &kept);
  for (int64_t part = begin; part < end; part++)
    ks_sum_steps(job, &kept, job->unit, part * job->steps / job->parts,
                 (part + 1) * job->steps / job->parts, job->totals + part * KS_COLUMNS);
}

/* One unit, by all threads. */
static inline void ks_sum_in_parts(const ks_context *context, ks_sum_job *job, int64_t unit) {
  ks_total totals[KS_MOST_PARTS * KS_COLUMNS];
  const int64_t n = ks_sum_results(job, unit);
  job->unit = unit;
  job->totals = totals;
  ks_parallel_parts(context, job->parts, ks_sum_parts, job);
  for (int64_t part = 1; part < job->parts; part++)
    for (int64_t i = 0; i < n; i++) totals[i] += totals[part * KS_COLUMNS + i];
  ks_sum_write(job, unit, totals);
}

/* Into how many parts each of some units is cut; 1: units are not cut. */
static inline int64_t ks_sum_parts_of(int64_t units, int64_t unit_elements) {
  int64_t parts = unit_elements / KS_PART_ELEMENTS;
  if (units >= KS_MOST_PARTS || parts < 1) return 1;
  return parts < KS_MOST_PARTS ? parts : KS_MOST_PARTS;
}

/* row.out = the sum of function(row) (or of row.a) over the loops along which
 * operand `target` (0, 1: x0, x1; 2: y) does not move. Either added to row.out,
 * with `add`, or through `divisor`. */
static inline void ks_sum(const ks_context *context, const ks_loops *loops, int target,
                          ks_row_function function, ks_row row, int add, real divisor) {
  const int last = loops->n - 1;
  const int64_t *steps = loops->strides[last];
  ks_sum_job job = {.function = function, .row = row, .add = add, .divisor = divisor};
  job.row.step_a = steps[0];
  job.row.step_b = steps[1];
  for (int d = 0; d < last; d++)
    ks_add_loop(loops->strides[d][target] ? &job.kept : &job.summed, loops->dims[d],
                loops->strides[d]);
  job.inner = loops->dims[last];
  job.inner_kept = steps[target] != 0;
  job.width = job.inner_kept ? KS_COLUMNS : KS_PIECE;
  int64_t pieces = (job.inner + job.width - 1) / job.width;
  job.along = job.inner_kept ? pieces : 1;
  job.across = job.inner_kept ? 1 : pieces;
  job.steps = ks_loops_count(&job.summed) * job.across;
  int64_t units = ks_loops_count(&job.kept) * job.along;
  int64_t unit_elements = job.steps * (job.inner < job.width ? job.inner : job.width);
  job.parts = ks_sum_parts_of(units, unit_elements);
  if (job.parts > 1) {
    for (int64_t unit = 0; unit < units; unit++) ks_sum_in_parts(context, &job, unit);
    return;
  }
  int64_t units_a_tile =
      unit_elements < KS_TILE_ELEMENTS ? KS_TILE_ELEMENTS / (unit_elements + 1) : 0;
  ks_parallel_range(context, units, units_a_tile + 1, ks_sum_units, &job);
}

/* For sums of squares. */
static inline void ks_square_row(const ks_row *row) {
  const real *a = row->a;
  real *out = row->out;
  for (int64_t i = 0; i < row->n; i++) out[i] = a[i] * a[i];
}

#endif
