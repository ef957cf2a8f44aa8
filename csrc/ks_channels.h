/* Channels of x (outer, channels, inner): their means and variances, and the
 * sums that gradients of normalized values need.
 *
 * With inner == 1 the channels are columns and taken up to KS_COLUMNS at a time;
 * else each is a number of runs of neighbours. A channel is cut into parts of the
 * outer loop, a number that follows from the shape; the parts are joined in their
 * order.
 */
#ifndef KS_CHANNELS_H
#define KS_CHANNELS_H

#include "ks_ops.h"
#include "ks_short_sums.h"

#if KS_FLOATING

/* A unit of runs is the runs of so many channels: neighbours in memory, which
 * is walked as it lies. */
#define KS_RUNS 16

typedef struct {
  int64_t outer, channels, inner;
  int64_t width, groups, parts; /* channels taken at a time, and so on */
  const real *x, *dy, *mean;
  const real *rectified;               /* y, if dy counts only where that is positive; else NULL */
  const real *factor, *offset, *slope; /* of each channel, for the passes over x */
  real *y;                             /* or dx */
  int add;
  double *first, *second; /* two results of each part (parts, channels) */
} ks_channels;

static inline ks_channels ks_channels_of(const ks_node *node) {
  ks_channels job = {.outer = node->size[0], .channels = node->size[1], .inner = node->size[2]};
  job.x = node->in[0].data;
  job.width = job.inner == 1 ? KS_COLUMNS : KS_RUNS;
  job.groups = (job.channels + job.width - 1) / job.width;
  job.parts = node->in[0].count / KS_PART_ELEMENTS;
  if (job.groups >= KS_NORM_PARTS || job.parts < 1) job.parts = 1;
  if (job.parts > KS_NORM_PARTS) job.parts = KS_NORM_PARTS;
  if (job.parts > job.outer) job.parts = job.outer > 0 ? job.outer : 1;
  job.first = node->scratch;
  job.second = job.first + KS_NORM_PARTS * job.channels;
  return job;
}

/* After the sums there is room for three numbers of each channel. */
static inline real *ks_channel_numbers(const ks_channels *job, int which) {
  return (real *)(job->second + KS_NORM_PARTS * job->channels) + which * job->channels;
}

/* The rows of a part, and its channels. */
typedef struct {
  int64_t row, rows, channel, channels, at; /* at: of its results */
} ks_channel_part;

static inline ks_channel_part ks_part_of(const ks_channels *job, int64_t unit) {
  const int64_t part = unit / job->groups, channel = unit % job->groups * job->width;
  const int64_t row = part * job->outer / job->parts, left = job->channels - channel;
  return (ks_channel_part){row, (part + 1) * job->outer / job->parts - row, channel,
                           left < job->width ? left : job->width, part * job->channels + channel};
}

/* Few columns are folded to so many at most. */
#define KS_FOLDED 64

/* How many rows lie in a row of the folded matrix. */
static inline int64_t ks_fold_of(const ks_channels *job) {
  return job->channels > 0 && job->channels <= KS_FOLDED / 2 ? KS_FOLDED / job->channels : 1;
}

static inline void ks_repeat(real *restrict wide, const real *restrict numbers, int64_t n,
                             int64_t fold) {
  for (int64_t f = 0; f < fold; f++)
    for (int64_t c = 0; c < n; c++) wide[f * n + c] = numbers[c];
}

/* Where a channel's run within a row of the part begins. */
static inline int64_t ks_run_of(const ks_channels *job, ks_channel_part p, int64_t row,
                                int64_t channel) {
  return ((p.row + row) * job->channels + p.channel + channel) * job->inner;
}

static inline void ks_run_parts(const ks_context *context, ks_channels *job,
                                ks_range_function function) {
  const int64_t elements = job->outer / job->parts * job->inner * job->width;
  ks_parallel_range(context, job->parts * job->groups, KS_TILE_ELEMENTS / (elements + 1) + 1,
                    function, job);
}

/* ---- statistics of channels ------------------------------------------------ */

static inline void ks_join_run(ks_moments *all, ks_lanes *lanes) {
  ks_moments more = ks_lanes_moments(lanes);
  *all = all->count > 0 ? ks_join_moments(*all, more) : more;
  lanes->count = 0;
}

/* Neighbours of a channel, in the lanes until there are enough for a block: in
 * blocks of a single run, images of 26 x 26 took half as long again. */
static inline void ks_add_channel_run(ks_moments *all, ks_lanes *lanes, const real *x, int64_t n) {
  for (; n > 0; n -= KS_PIECE, x += KS_PIECE) {
    const int64_t piece = n < KS_PIECE ? n : KS_PIECE;
    if (lanes->count + piece > 4 * KS_PIECE) ks_join_run(all, lanes);
    if (!lanes->count) ks_start_lanes(lanes, all->count > 0 ? (real)all->mean : x[0]);
    ks_add_run(lanes, (ks_terms){.x = x}, piece);
  }
}

static inline void ks_moments_of_runs(const ks_channels *job, ks_channel_part p) {
  ks_moments all[KS_RUNS] = {{0, 0, 0}};
  ks_lanes lanes[KS_RUNS];
  for (int64_t c = 0; c < p.channels; c++) lanes[c].count = 0;
  for (int64_t r = 0; r < p.rows; r++)
    for (int64_t c = 0; c < p.channels; c++)
      ks_add_channel_run(&all[c], &lanes[c], job->x + ks_run_of(job, p, r, c), job->inner);
  for (int64_t c = 0; c < p.channels; c++) {
    if (lanes[c].count) ks_join_run(&all[c], &lanes[c]);
    job->first[p.at + c] = all[c].mean;
    job->second[p.at + c] = all[c].squares;
  }
}

/* Of few columns, `fold` rows are taken as one of more, so that loops over
 * columns are worth vectorising: 2.5 times as fast with 8 channels, 4 times
 * with 3. */
static inline void ks_moments_of_columns(const ks_channels *job, ks_channel_part p) {
  const int64_t n = p.channels, fold = ks_fold_of(job), tall = p.rows / fold;
  const real *x = job->x + p.row * job->channels + p.channel;
  double *mean = job->first + p.at, *squares = job->second + p.at;
  if (fold == 1) {
    ks_column_moments(x, p.rows, job->channels, n, mean, squares);
    return;
  }
  double wide[2][KS_FOLDED], rest[2][KS_FOLDED];
  ks_column_moments(x, tall, fold * n, fold * n, wide[0], wide[1]);
  ks_column_moments(x + tall * fold * n, p.rows % fold, n, n, rest[0], rest[1]);
  for (int64_t c = 0; c < n; c++) {
    ks_moments all = {(double)(p.rows % fold), rest[0][c], rest[1][c]};
    for (int64_t at = c; at < fold * n && tall > 0; at += n) {
      const ks_moments more = {(double)tall, wide[0][at], wide[1][at]};
      all = all.count > 0 ? ks_join_moments(all, more) : more;
    }
    mean[c] = all.mean, squares[c] = all.squares;
  }
}

static inline void ks_channel_moments_range(void *arg, int64_t begin, int64_t end) {
  const ks_channels *job = arg;
  for (int64_t unit = begin; unit < end; unit++) {
    const ks_channel_part p = ks_part_of(job, unit);
    if (job->inner == 1)
      ks_moments_of_columns(job, p);
    else
      ks_moments_of_runs(job, p);
  }
}

/* Part after part, and all channels of it, which vectorises. */
static inline void ks_join_parts(const ks_channels *job, real *mean, real *variance) {
  double *restrict means = job->first, *restrict squares = job->second, count = 0;
  if (job->channels == 0) return; /* and no groups of them */
  for (int64_t part = 0; part < job->parts; part++) {
    const double *restrict more = job->first + part * job->channels;
    const double *restrict more_squares = job->second + part * job->channels;
    const double n = (double)(ks_part_of(job, part * job->groups).rows * job->inner);
    for (int64_t c = 0; c < job->channels && part > 0; c++) {
      ks_moments all = ks_join_moments((ks_moments){count, means[c], squares[c]},
                                       (ks_moments){n, more[c], more_squares[c]});
      means[c] = all.mean, squares[c] = all.squares;
    }
    count += n;
  }
  for (int64_t c = 0; c < job->channels; c++) {
    mean[c] = (real)(count > 0 ? means[c] : NAN);
    variance[c] = (real)(count > 0 ? squares[c] / count : NAN);
  }
}

/* Means and variances, nan over no values. */
static inline void ks_channel_moments(const ks_context *context, ks_channels *job, real *mean,
                                      real *variance) {
  ks_run_parts(context, job, ks_channel_moments_range);
  ks_join_parts(job, mean, variance);
}

/* Of each channel: the sums of dy and of dy (x - mean). */
KS_TERMS_INLINE void ks_sums_of_columns(const ks_channels *job, ks_terms all, ks_channel_part p) {
  const int64_t at = p.row * job->channels + p.channel, n = p.channels, fold = ks_fold_of(job);
  const int64_t tall = p.rows / fold;
  const real *mean = job->mean + p.channel;
  const ks_terms terms = ks_terms_at(all, at), rest = ks_terms_at(terms, tall * fold * n);
  double *first = job->first + p.at, *second = job->second + p.at;
  for (int64_t c = 0; c < n; c++) first[c] = second[c] = 0;
  if (fold == 1) {
    ks_add_columns(terms, p.rows, job->channels, n, mean, first, second);
    return;
  }
  double sum[KS_FOLDED] = {0}, products[KS_FOLDED] = {0};
  real repeated[KS_FOLDED];
  ks_repeat(repeated, mean, n, fold);
  ks_add_columns(terms, tall, fold * n, fold * n, repeated, sum, products);
  ks_add_columns(rest, p.rows % fold, n, n, mean, first, second);
  for (int64_t f = 0; f < fold; f++)
    for (int64_t c = 0; c < n; c++) first[c] += sum[f * n + c], second[c] += products[f * n + c];
}

KS_TERMS_INLINE void ks_sums_of_runs(const ks_channels *job, ks_terms all, ks_channel_part p) {
  ks_lanes lanes[KS_RUNS];
  for (int64_t c = 0; c < p.channels; c++) ks_start_lanes(&lanes[c], job->mean[p.channel + c]);
  for (int64_t r = 0; r < p.rows; r++)
    for (int64_t c = 0; c < p.channels; c++)
      ks_add_run(&lanes[c], ks_terms_at(all, ks_run_of(job, p, r, c)), job->inner);
  for (int64_t c = 0; c < p.channels; c++) {
    job->first[p.at + c] = ks_fold_lanes(lanes[c].first, lanes[c].filled);
    job->second[p.at + c] = ks_fold_lanes(lanes[c].second, lanes[c].filled);
  }
}

KS_TERMS_INLINE void ks_sums_of_part(const ks_channels *job, ks_terms all, int64_t unit) {
  const ks_channel_part p = ks_part_of(job, unit);
  if (job->inner == 1)
    ks_sums_of_columns(job, all, p);
  else
    ks_sums_of_runs(job, all, p);
}

static inline void ks_channel_sums_range(void *arg, int64_t begin, int64_t end) {
  const ks_channels *job = arg;
  for (int64_t unit = begin; unit < end; unit++)
    if (job->rectified)
      ks_sums_of_part(job, (ks_terms){job->x, job->dy, job->rectified}, unit);
    else
      ks_sums_of_part(job, (ks_terms){job->x, job->dy, NULL}, unit);
}

/* The sums over all parts, left in those of the first part. */
static inline void ks_sum_channels(const ks_context *context, ks_channels *job) {
  ks_run_parts(context, job, ks_channel_sums_range);
  for (int64_t part = 1; part < job->parts; part++)
    for (int64_t c = 0; c < job->channels; c++) {
      job->first[c] += job->first[part * job->channels + c];
      job->second[c] += job->second[part * job->channels + c];
    }
}

#endif
#endif
