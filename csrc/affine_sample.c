/* Images turned, zoomed and moved: each pixel of the output is taken from a
 * place of the input between pixels, or from outside of it.
 */
#include <math.h>
#include <string.h>

#include "ks_ops.h"
#include "ks_tiles.h"

#if KS_FLOATING

#if KS_SINGLE
#define FLOOR floorf
#else
#define FLOOR floor
#endif

/* Places farther away than this are cut off, so that they are integers. */
#define FAR ((real)(1 << 30))

#define INLINE static inline __attribute__((always_inline))

typedef struct {
  const real *x, *transforms; /* (batch, height, width, channels), (batch, 6) */
  real *y;                    /* of the shape of x; in backward its gradient, which is read */
  real *dx;                   /* in backward */
  int64_t height, width, channels;
  int is_nearest, fill_mode, add;
  real fill;
} sample_job;

/* The pixels around a place along one axis, the weight of the second, and which
 * of them are inside. */
typedef struct {
  int64_t index[2];
  real weight[2];
  int inside[2];
} neighbours;

/* Where pixel i is, of n along an axis; -1: it has the fill value. */
INLINE int64_t filled_from(int64_t i, int64_t n, int fill_mode) {
  if (i >= 0 && i < n) return i;
  if (fill_mode == KS_FILL_CONSTANT) return -1;
  if (fill_mode == KS_FILL_NEAREST) return i < 0 ? 0 : n - 1;
  const int64_t period = fill_mode == KS_FILL_WRAP ? n : 2 * n;
  i %= period;
  if (i < 0) i += period;
  return i < n ? i : period - 1 - i;
}

/* Halves are rounded away from 0. */
INLINE int64_t nearest_to(real place) {
  return (int64_t)(place < 0 ? -FLOOR((real)0.5 - place) : FLOOR(place + (real)0.5));
}

/* A place that is not a number is far away. */
INLINE real cut(real place) { return place > -FAR ? (place < FAR ? place : FAR) : -FAR; }

INLINE neighbours around(real place, int64_t n, int fill_mode) {
  const real low = FLOOR(place);
  neighbours found = {.weight = {1 - (place - low), place - low}};
  for (int side = 0; side < 2; side++) {
    const int64_t index = filled_from((int64_t)low + side, n, fill_mode);
    found.inside[side] = index >= 0;
    found.index[side] = index >= 0 ? index : 0;
  }
  return found;
}

INLINE real row_place(const real *transform, int64_t row, int64_t column) {
  return cut(transform[3] * (real)column + (transform[4] * (real)row + transform[5]));
}

INLINE real column_place(const real *transform, int64_t row, int64_t column) {
  return cut(transform[0] * (real)column + (transform[1] * (real)row + transform[2]));
}

/* ---- forward ------------------------------------------------------------- */

INLINE void take_nearest(const sample_job *job, const real *image, real row, real column, real *y,
                         int64_t channels) {
  const int64_t r = filled_from(nearest_to(row), job->height, job->fill_mode);
  const int64_t c = filled_from(nearest_to(column), job->width, job->fill_mode);
  const real *from = image + (r * job->width + c) * channels;
  for (int64_t k = 0; k < channels; k++) y[k] = r < 0 || c < 0 ? job->fill : from[k];
}

INLINE void take_bilinear(const sample_job *job, const real *image, real row, real column, real *y,
                          int64_t channels) {
  const neighbours rows = around(row, job->height, job->fill_mode);
  const neighbours columns = around(column, job->width, job->fill_mode);
  for (int64_t k = 0; k < channels; k++) y[k] = 0;
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++) {
      const real *from = image + (rows.index[i] * job->width + columns.index[j]) * channels;
      const real weight = rows.weight[i] * columns.weight[j];
      const int inside = rows.inside[i] && columns.inside[j];
      for (int64_t k = 0; k < channels; k++) y[k] += weight * (inside ? from[k] : job->fill);
    }
}

INLINE void sample_row(const sample_job *job, int64_t i, int is_nearest, int64_t channels) {
  const int64_t image = i / job->height, row = i % job->height;
  const real *x = job->x + image * job->height * job->width * channels;
  const real *transform = job->transforms + 6 * image;
  real *y = job->y + i * job->width * channels;
  for (int64_t column = 0; column < job->width; column++, y += channels) {
    const real r = row_place(transform, row, column), c = column_place(transform, row, column);
    if (is_nearest)
      take_nearest(job, x, r, c, y, channels);
    else
      take_bilinear(job, x, r, c, y, channels);
  }
}

/* Known numbers of channels are loops without an end to test. */
static void sample_range(void *arg, int64_t begin, int64_t end) {
  const sample_job *job = arg;
  for (int64_t i = begin; i < end; i++) {
    if (job->is_nearest)
      sample_row(job, i, 1, job->channels);
    else if (job->channels == 1)
      sample_row(job, i, 0, 1);
    else if (job->channels == 3)
      sample_row(job, i, 0, 3);
    else
      sample_row(job, i, 0, job->channels);
  }
}

static sample_job job_of(const ks_node *node) {
  return (sample_job){.x = node->in[0].data,
                      .transforms = node->in[1].data,
                      .y = node->out[0].data,
                      .height = node->size[1],
                      .width = node->size[2],
                      .channels = node->size[3],
                      .is_nearest = node->size[4] == 0,
                      .fill_mode = (int)node->size[5],
                      .fill = (real)node->attr[0]};
}

ks_status KS_NAME(affine_sample_forward)(ks_node *node, const ks_context *context) {
  sample_job job = job_of(node);
  if (node->out[0].count == 0) return KS_OK;
  /* A pixel costs as much as ten numbers elsewhere. */
  const int64_t step = KS_TILE_ELEMENTS / 8 / (job.width * job.channels) + 1;
  ks_parallel_range(context, node->size[0] * job.height, step, sample_range, &job);
  return KS_OK;
}

/* ---- backward ------------------------------------------------------------ */

static void give(real *restrict to, const real *restrict dy, real weight, int64_t channels) {
  for (int64_t k = 0; k < channels; k++) to[k] += weight * dy[k];
}

static void give_nearest(const sample_job *job, real *dx, real row, real column, const real *dy) {
  const int64_t r = filled_from(nearest_to(row), job->height, job->fill_mode);
  const int64_t c = filled_from(nearest_to(column), job->width, job->fill_mode);
  if (r >= 0 && c >= 0) give(dx + (r * job->width + c) * job->channels, dy, 1, job->channels);
}

static void give_bilinear(const sample_job *job, real *dx, real row, real column, const real *dy) {
  const neighbours rows = around(row, job->height, job->fill_mode);
  const neighbours columns = around(column, job->width, job->fill_mode);
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      if (rows.inside[i] && columns.inside[j])
        give(dx + (rows.index[i] * job->width + columns.index[j]) * job->channels, dy,
             rows.weight[i] * columns.weight[j], job->channels);
}

/* Images are shared out whole: what several pixels take from one adds up in
 * their order. */
static void scatter_range(void *arg, int64_t begin, int64_t end) {
  const sample_job *job = arg;
  const int64_t count = job->height * job->width * job->channels;
  for (int64_t image = begin; image < end; image++) {
    const real *dy = job->y + image * count, *transform = job->transforms + 6 * image;
    real *dx = job->dx + image * count;
    if (!job->add) memset(dx, 0, (size_t)count * sizeof(real));
    for (int64_t row = 0; row < job->height; row++)
      for (int64_t column = 0; column < job->width; column++, dy += job->channels) {
        const real r = row_place(transform, row, column), c = column_place(transform, row, column);
        if (job->is_nearest)
          give_nearest(job, dx, r, c, dy);
        else
          give_bilinear(job, dx, r, c, dy);
      }
  }
}

ks_status KS_NAME(affine_sample_backward)(ks_node *node, const ks_context *context) {
  sample_job job = job_of(node);
  if (!node->in[0].grad || node->out[0].count == 0) return KS_OK;
  job.y = node->out[0].grad;
  job.dx = node->in[0].grad;
  job.add = node->in[0].add;
  const int64_t count = job.height * job.width * job.channels;
  ks_parallel_range(context, node->size[0], KS_TILE_ELEMENTS / 8 / count + 1, scatter_range, &job);
  return KS_OK;
}
#endif
