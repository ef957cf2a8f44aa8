/* Sweeps of windows over images, see ks_sweep.h. */
#include "ks_sweep.h"

#include <string.h>

#include "ks_activate.h"
#include "ks_tiles.h"

#if KS_FLOATING

/* Offsets of a window's runs, plane by plane and row by row of taps. */
void KS_NAME(sweep_runs)(const ks_sweep *s, int64_t *runs) {
  const ks_sweep_axis *plane = &s->axis[1], *row = &s->axis[2], *column = &s->axis[3];
  int64_t columns = s->n_runs / (plane->taps * row->taps);
  for (int64_t p = 0; p < plane->taps; p++)
    for (int64_t r = 0; r < row->taps; r++)
      for (int64_t c = 0; c < columns; c++)
        *runs++ = p * plane->tap_step * plane->x_step + r * row->tap_step * row->x_step +
                  c * column->tap_step * column->x_step;
}

/* Where a block begins along each axis and how far it goes, in places, and
 * where in the image the first of them begins to see. */
typedef struct {
  int64_t place[KS_SWEEP_AXES], places[KS_SWEEP_AXES], first[KS_SWEEP_AXES];
} block;

static block block_of(const ks_sweep *s, int64_t index) {
  block b;
  for (int i = KS_SWEEP_AXES - 1; i >= 0; i--) {
    const ks_sweep_axis *a = &s->axis[i];
    int64_t count = ks_sweep_parts(a->places, a->block);
    b.place[i] = index % count * a->block;
    b.places[i] = ks_sweep_least(a->block, a->places - b.place[i]);
    b.first[i] = a->first + b.place[i] * a->step;
    index /= count;
  }
  return b;
}

/* A row of the strip: pixels first .. first + count of a row of `size` pixels. */
static void copy_row(real *to, const real *row, int64_t first, int64_t count, int64_t size,
                     int64_t pixel, int64_t channels) {
  int64_t begin = first < 0 ? ks_sweep_least(-first, count) : 0;
  int64_t end = ks_sweep_most(begin, ks_sweep_least(count, size - first));
  memset(to, 0, (size_t)(begin * channels) * sizeof(real));
  const real *from = row + (first + begin) * pixel;
  if (pixel == channels)
    memcpy(to + begin * channels, from, (size_t)((end - begin) * channels) * sizeof(real));
  else
    for (int64_t i = begin; i < end; i++, from += pixel)
      memcpy(to + i * channels, from, (size_t)channels * sizeof(real));
  memset(to + end * channels, 0, (size_t)((count - end) * channels) * sizeof(real));
}

static void copy_strip(const ks_sweep *s, const block *b, const real *x, real *to) {
  const ks_sweep_axis *a = s->axis;
  int64_t width = a[2].x_step;
  for (int64_t n = 0; n < b->places[0]; n++)
    for (int64_t i = 0; i < a[1].extent; i++)
      for (int64_t j = 0; j < a[2].extent; j++, to += width) {
        int64_t plane = b->first[1] + i, row = b->first[2] + j;
        int inside = plane >= 0 && plane < a[1].size && row >= 0 && row < a[2].size;
        int64_t line = ((b->place[0] + n) * a[1].size + plane) * a[2].size + row;
        if (inside)
          copy_row(to, x + line * a[3].size * s->pixel, b->first[3], a[3].extent, a[3].size,
                   s->pixel, s->channels);
        else
          memset(to, 0, (size_t)width * sizeof(real));
      }
}

static void activate_rows(const ks_sweep *s, const block *b, real *y, int64_t activation) {
  const ks_sweep_axis *a = s->axis;
  int64_t together = a[3].y_step == s->filters ? b->places[3] : 1;
  for (int64_t n = 0; n < b->places[0]; n++)
    for (int64_t r = 0; r < b->places[2]; r++)
      for (int64_t c = 0; c < b->places[3]; c += together)
        ks_activate(y + n * a[0].y_step + r * a[2].y_step + c * a[3].y_step,
                    together * s->filters, activation);
}

void KS_NAME(sweep_blocks)(const ks_sweep *s, const ks_sweep_job *job, int64_t begin, int64_t end,
                           real *strip) {
  const ks_sweep_axis *a = s->axis;
  ks_window v = {.runs = job->runs, .n_runs = s->n_runs, .run = s->run, .add = job->add};
  v.relu = job->activation == KS_RELU;
  v.x_image = a[0].x_step, v.x_row = a[2].step * a[2].x_step, v.x_column = a[3].step * a[3].x_step;
  v.y_image = a[0].y_step, v.y_row = a[2].y_step, v.y_column = a[3].y_step;
  for (int64_t index = begin; index < end; index++) {
    block b = block_of(s, index);
    v.images = b.places[0], v.rows = b.places[2], v.columns = b.places[3];
    v.x = s->strip ? strip : job->x;
    v.y = job->y;
    for (int i = 0; i < KS_SWEEP_AXES; i++) v.y += b.place[i] * a[i].y_step;
    if (s->strip)
      copy_strip(s, &b, job->x, strip);
    else
      for (int i = 0; i < KS_SWEEP_AXES; i++) v.x += b.first[i] * a[i].x_step;
    KS_NAME(window_product)(&v, job->filters);
    if (job->activation > KS_RELU) activate_rows(s, &b, v.y, job->activation);
  }
}

typedef struct {
  const ks_sweep *sweep;
  const ks_sweep_job *job;
  real *strips;
} shared_job;

static void run_chunks(void *arg, int64_t begin, int64_t end) {
  const shared_job *shared = arg;
  const ks_sweep *s = shared->sweep;
  for (int64_t chunk = begin; chunk < end; chunk++)
    KS_NAME(sweep_blocks)
    (s, shared->job, chunk * s->blocks / s->chunks, (chunk + 1) * s->blocks / s->chunks,
     shared->strips + chunk * s->strip);
}

void KS_NAME(sweep_all)(const ks_context *context, const ks_sweep *s, const ks_sweep_job *job,
                        real *strips) {
  shared_job shared = {s, job, strips};
  ks_parallel_range(context, s->chunks, 1, run_chunks, &shared);
}

#endif
