/* Bags: sums and means of rows of a table, which are not copied first.
 *
 * A sum has the bits of `sum` and `mean` (ks_sum.h) over the gathered rows:
 * the same blocks, added in the same order. Replays rely on that.
 */
#include <string.h>

#include "ks_bag.h"
#include "ks_index.h"
#include "ks_ops.h"
#include "ks_rows.h"
#include "ks_sum.h"
#include "ks_tiles.h"

#if KS_FLOATING

/* Vectors of totals, and of the numbers that are added to them. */
#if defined(__AVX512F__)
#define TOTAL_BYTES 64
#define MOST_VECTORS 16 /* of a strip of columns: half of the registers */
#elif defined(__AVX__)
#define TOTAL_BYTES 32
#define MOST_VECTORS 8
#else
#define TOTAL_BYTES 16
#define MOST_VECTORS 8
#endif
#define UNROLL _Pragma("GCC unroll 16")
#define INLINE static inline __attribute__((always_inline))
#define LANES ((int64_t)(TOTAL_BYTES / sizeof(double)))
typedef double totals __attribute__((vector_size(TOTAL_BYTES)));
typedef double stored_totals
    __attribute__((vector_size(TOTAL_BYTES), aligned(sizeof(double)), may_alias));
typedef real values
    __attribute__((vector_size(LANES * sizeof(real)), aligned(sizeof(real)), may_alias));

typedef struct {
  real *table; /* its gradient in backward */
  const ks_operand *ids;
  const uint8_t *counts; /* which ids count; NULL: all */
  const int64_t *starts; /* of ragged bags; NULL: each has `length` ids */
  real *rows;            /* (bags, wide): the result, or its gradient in backward */
  int64_t wide, bags, length;
  int64_t parts; /* in which the sum of a long bag is made */
  int is_mean;
} bag_job;

static bag_job job_of(const ks_node *node) {
  bag_job job = {.ids = &node->in[1],
                 .wide = node->size[1],
                 .bags = node->size[2],
                 .length = node->size[3],
                 .parts = 1,
                 .is_mean = node->size[4] != 0};
  if (node->n_in == 3 && node->in[2].dtype == KS_BOOL) job.counts = node->in[2].data;
  if (node->n_in == 3 && node->in[2].dtype == KS_INT64) job.starts = node->in[2].data;
  return job;
}

static inline int64_t begin_of(const bag_job *job, int64_t bag) {
  return job->starts ? job->starts[bag] : bag * job->length;
}

/* Ids ahead, whose rows are fetched: rows stand anywhere, and the processor does
 * not guess where. A table of 10 MB behind an update of 40 is read 1.7 times as
 * fast. */
#define AHEAD 8

INLINE void prefetch(const real *row, int64_t n) {
  for (int64_t c = 0; c < n; c += 64 / (int64_t)sizeof(real)) __builtin_prefetch(row + c);
}

static inline int counts(const bag_job *job, int64_t i) { return !job->counts || job->counts[i]; }

static int64_t count_of(const bag_job *job, int64_t begin, int64_t end) {
  if (!job->counts) return end - begin;
  int64_t count = 0;
  for (int64_t i = begin; i < end; i++) count += job->counts[i];
  return count;
}

/* ---- forward -------------------------------------------------------------- */

/* Totals of `n` vectors of columns, n a constant: registers. */
INLINE void sum_vectors(const bag_job *job, int64_t begin, int64_t end, int64_t column, int n,
                        double *total) {
  const real *table = job->table + column;
  stored_totals *stored = (stored_totals *)total;
  UNROLL for (int k = 0; k < n; k++) stored[k] = (totals){0};
  for (int64_t from = begin, to; from < end; from = to) {
    to = end - from < KS_BLOCK ? end : from + KS_BLOCK;
    totals sum[MOST_VECTORS] = {{0}};
    for (int64_t i = from; i < to; i++) {
      if (!counts(job, i)) continue;
      const values *row = (const values *)(table + ks_index(job->ids, i) * job->wide);
      if (i + AHEAD < job->ids->count)
        prefetch(table + ks_index(job->ids, i + AHEAD) * job->wide, n * LANES);
      UNROLL for (int k = 0; k < n; k++) sum[k] += __builtin_convertvector(row[k], totals);
    }
    UNROLL for (int k = 0; k < n; k++) stored[k] += sum[k];
  }
}

static void sum_column(const bag_job *job, int64_t begin, int64_t end, int64_t column,
                       double *total) {
  *total = 0;
  for (int64_t from = begin, to; from < end; from = to) {
    to = end - from < KS_BLOCK ? end : from + KS_BLOCK;
    double sum = 0;
    for (int64_t i = from; i < to; i++)
      if (counts(job, i)) sum += (double)job->table[ks_index(job->ids, i) * job->wide + column];
    *total += sum;
  }
}

/* Totals of `n` columns over ids begin .. end. */
static void sum_columns(const bag_job *job, int64_t begin, int64_t end, int64_t column, int64_t n,
                        double *total) {
  int64_t c = 0;
  for (; c + MOST_VECTORS * LANES <= n; c += MOST_VECTORS * LANES)
    sum_vectors(job, begin, end, column + c, MOST_VECTORS, total + c);
  for (; c + 4 * LANES <= n; c += 4 * LANES) sum_vectors(job, begin, end, column + c, 4, total + c);
  for (; c + LANES <= n; c += LANES) sum_vectors(job, begin, end, column + c, 1, total + c);
  for (; c < n; c++) sum_column(job, begin, end, column + c, total + c);
}

/* A unit is a bag and up to KS_COLUMNS columns. */
static void bag_units(void *arg, int64_t first, int64_t last) {
  const bag_job *job = arg;
  const int64_t pieces = (job->wide + KS_COLUMNS - 1) / KS_COLUMNS;
  double total[KS_COLUMNS], part[KS_COLUMNS];
  for (int64_t unit = first; unit < last; unit++) {
    const int64_t bag = unit / pieces, column = unit % pieces * KS_COLUMNS;
    const int64_t n = job->wide - column < KS_COLUMNS ? job->wide - column : KS_COLUMNS;
    const int64_t begin = begin_of(job, bag), end = begin_of(job, bag + 1), steps = end - begin;
    sum_columns(job, begin, begin + steps / job->parts, column, n, total);
    for (int64_t p = 1; p < job->parts; p++) {
      sum_columns(job, begin + p * steps / job->parts, begin + (p + 1) * steps / job->parts, column,
                  n, part);
      for (int64_t c = 0; c < n; c++) total[c] += part[c];
    }
    const int64_t count = job->is_mean ? count_of(job, begin, end) : 1;
    const double divisor = count ? (double)count : 1;
    real *out = job->rows + bag * job->wide + column;
    for (int64_t c = 0; c < n; c++) out[c] = (real)(total[c] / divisor);
  }
}

ks_status KS_NAME(bag_forward)(ks_node *node, const ks_context *context) {
  bag_job job = job_of(node);
  job.table = node->in[0].data;
  job.rows = node->out[0].data;
  ks_status status = ks_check_indices(node, job.ids, node->size[0]);
  if (status != KS_OK || job.bags == 0 || job.wide == 0) return status;
  const int64_t units = job.bags * ((job.wide + KS_COLUMNS - 1) / KS_COLUMNS);
  const int64_t columns = job.wide < KS_COLUMNS ? job.wide : KS_COLUMNS;
  const int64_t elements = job.ids->count / job.bags * columns;
  if (!job.starts) job.parts = ks_sum_parts_of(units, elements);
  ks_parallel_range(context, units, KS_TILE_ELEMENTS / (elements + 1) + 1, bag_units, &job);
  return KS_OK;
}

/* ---- backward ------------------------------------------------------------- */

/* Rows of the gradient are written one after the other, each once, by the one
 * thread that has it: the ids of a row hang together in their order. Adding
 * share by share at random rows took 4 times as long, on a table larger than
 * L2. */
typedef struct {
  bag_job bag;
  int32_t *first, *next; /* of each row, of each id: the next id of the row, or n */
  int32_t *owner;        /* of each id: its bag */
  const real *shares;    /* (bags, wide): what each id of the bag adds */
  real *divided;         /* where they are made; NULL: they are what comes */
  uint8_t *flags;        /* of the rows that are not zero; or NULL */
  int add;
} spread_job;

static spread_job spread_of(const ks_node *node) {
  const int64_t rows = node->size[0], n = node->in[1].count;
  const int64_t bytes = (rows + 2 * n) * (int64_t)sizeof(int32_t);
  spread_job job = {.bag = job_of(node), .first = node->scratch, .add = node->in[0].add};
  job.next = job.first + rows;
  job.owner = job.next + n;
  job.flags = node->in[1].grad;
  job.bag.table = node->in[0].grad;
  job.bag.rows = node->out[0].grad;
  job.shares = job.bag.rows;
  if (job.bag.is_mean)
    job.shares = job.divided =
        (real *)((char *)node->scratch + (bytes + KS_ALIGNMENT - 1) / KS_ALIGNMENT * KS_ALIGNMENT);
  return job;
}

/* Whether id `i` stands for a row. What `first` holds of a row that has none is
 * left from before, and need not be cleared: it points to no id of that row. */
static inline int stands_for(const spread_job *job, int64_t i, int64_t row) {
  const ks_operand *ids = job->bag.ids;
  return i >= 0 && i < ids->count && ks_index(ids, i) == row && counts(&job->bag, i);
}

static void link_ids(const spread_job *job) {
  const bag_job *bag = &job->bag;
  for (int64_t b = bag->bags - 1; b >= 0; b--) {
    const int64_t begin = begin_of(bag, b);
    for (int64_t i = begin_of(bag, b + 1) - 1; i >= begin; i--) {
      if (!counts(bag, i)) continue;
      const int64_t row = ks_index(bag->ids, i);
      const int32_t next = job->first[row];
      job->next[i] = next > i && stands_for(job, next, row) ? next : (int32_t)bag->ids->count;
      job->owner[i] = (int32_t)b;
      job->first[row] = (int32_t)i;
      if (job->flags) job->flags[row] = 1;
    }
  }
}

static void share_range(void *arg, int64_t begin, int64_t end) {
  const spread_job *job = arg;
  const bag_job *bag = &job->bag;
  for (int64_t b = begin; b < end; b++) {
    const real divisor = (real)count_of(bag, begin_of(bag, b), begin_of(bag, b + 1));
    const real *dy = bag->rows + b * bag->wide;
    real *restrict share = job->divided + b * bag->wide;
    for (int64_t c = 0; c < bag->wide; c++) share[c] = dy[c] / divisor;
  }
}

static void prepare(const ks_context *context, spread_job *job) {
  const int64_t bags_a_tile = KS_TILE_ELEMENTS / (job->bag.wide + 1) + 1;
  if (job->divided) ks_parallel_range(context, job->bag.bags, bags_a_tile, share_range, job);
  link_ids(job);
}

/* Adds what the ids of row r have to `row`; whether there are any. */
static int add_shares(const spread_job *job, int64_t r, real *restrict row) {
  const int64_t wide = job->bag.wide, n = job->bag.ids->count;
  int64_t i = job->first[r];
  if (!stands_for(job, i, r)) return 0;
  for (; i < n; i = job->next[i]) {
    const real *restrict share = job->shares + job->owner[i] * wide;
    for (int64_t c = 0; c < wide; c++) row[c] += share[c];
  }
  return 1;
}

static void spread_range(void *arg, int64_t begin, int64_t end) {
  const spread_job *job = arg;
  for (int64_t r = begin; r < end; r++) {
    if (job->flags && (r = ks_next_row(job->flags, r, end)) == end) return;
    real *row = job->bag.table + r * job->bag.wide;
    if (!job->add) memset(row, 0, (size_t)job->bag.wide * sizeof(real));
    if (!add_shares(job, r, row) && !job->add && job->flags) job->flags[r] = 0;
  }
}

ks_status KS_NAME(bag_backward)(ks_node *node, const ks_context *context) {
  if (!node->in[0].grad || node->size[1] == 0) return KS_OK;
  spread_job job = spread_of(node);
  prepare(context, &job);
  ks_parallel_range(context, node->size[0], KS_TILE_ELEMENTS / job.bag.wide + 1, spread_range,
                    &job);
  return KS_OK;
}

void KS_NAME(bag_link)(const ks_node *node, const ks_context *context) {
  spread_job job = spread_of(node);
  prepare(context, &job);
}

int64_t KS_NAME(bag_rows)(const ks_node *node, int64_t first, int64_t end, real *to) {
  const spread_job job = spread_of(node);
  int64_t used = 0;
  memset(to, 0, (size_t)((end - first) * job.bag.wide) * sizeof(real));
  for (int64_t r = first; r < end; r++, to += job.bag.wide) used += add_shares(&job, r, to);
  return used;
}

#endif
