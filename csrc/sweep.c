/* Sweeps of windows over images, see ks_sweep.h. */
#include "ks_activate.h"
#include "ks_depthwise.h"
#include "ks_sweep.h"
#include "ks_tiles.h"

#if KS_FLOATING

/* Neighbouring places along an axis, and the taps that they all have. */
typedef struct {
  int64_t begin, end, first_tap, end_tap;
} span;

static void set_taps(const ks_sweep_axis *a, span *s) {
  int64_t at = a->first + s->begin * a->step, room = a->size - at;
  s->first_tap = at < 0 ? ks_sweep_parts(-at, a->tap_step) : 0;
  s->end_tap = room > 0 ? ks_least(a->taps, ks_sweep_parts(room, a->tap_step)) : 0;
  if (s->first_tap >= s->end_tap) s->first_tap = s->end_tap = 0;
}

/* The span that begins at place `begin`, and ends at place `end` or before it.
 * Places that have all taps are found at once. */
static span span_from(const ks_sweep_axis *a, int64_t begin, int64_t end) {
  span s = {.begin = begin, .end = begin + 1};
  set_taps(a, &s);
  if (s.end_tap - s.first_tap == a->taps) {
    int64_t room = a->size - 1 - (a->taps - 1) * a->tap_step - a->first;
    s.end = a->taps ? ks_least(end, room / a->step + 1) : end;
    return s;
  }
  for (; s.end < end; s.end++) {
    span next = {.begin = s.end};
    set_taps(a, &next);
    if (next.first_tap != s.first_tap || next.end_tap != s.end_tap) break;
  }
  return s;
}

/* Where the runs of a rectangle's windows are, from the beginning of x. */
static void set_runs(const ks_sweep *s, int64_t image, const span *at, ks_run *runs, ks_places *v) {
  const ks_sweep_axis *a = s->axis;
  int64_t columns = at[3].end_tap - at[3].first_tap;
  int together = a[3].taps == 1 || (a[3].tap_step == 1 && s->pixel == s->channels);
  int64_t count = together ? columns > 0 : columns;
  int64_t origin = image * a[0].x_step;
  for (int i = 1; i < KS_SWEEP_AXES; i++)
    origin += (a[i].first + at[i].begin * a[i].step) * a[i].x_step;
  v->runs = runs;
  v->run = (together ? columns : 1) * s->channels;
  for (int64_t i = at[1].first_tap; i < at[1].end_tap; i++)
    for (int64_t j = at[2].first_tap; j < at[2].end_tap; j++)
      for (int64_t k = at[3].first_tap; k < at[3].first_tap + count; k++) {
        runs->x = origin + i * a[1].tap_step * a[1].x_step + j * a[2].tap_step * a[2].x_step +
                  k * a[3].tap_step * a[3].x_step;
        runs->product = ((i * a[2].taps + j) * a[3].taps + k) * s->channels;
        runs++;
      }
  v->n_runs = runs - v->runs;
}

/* `count` filters of each place. */
static void activate(const ks_places *v, int64_t count, int64_t activation) {
  int64_t together = v->y_column == count ? v->columns : 1;
  for (int64_t n = 0; n < v->images; n++)
    for (int64_t r = 0; r < v->rows; r++)
      for (int64_t c = 0; c < v->columns; c += together)
        ks_activate(v->y + n * v->y_image + r * v->y_row + c * v->y_column, together * count,
                    activation);
}

/* The places that are in a span of each axis, and a block of filters. */
static void run_rectangle(const ks_sweep *s, const ks_sweep_job *job, const span *at,
                          int64_t filters, ks_run *runs) {
  const ks_sweep_axis *a = s->axis;
  ks_places v = {.x = job->x, .y = job->y, .add = job->add, .relu = job->activation == KS_RELU};
  v.x_image = a[0].x_step, v.x_row = a[2].step * a[2].x_step, v.x_column = a[3].step * a[3].x_step;
  v.y_image = a[0].y_step, v.y_row = a[2].y_step, v.y_column = a[3].y_step;
  v.images = at[0].end - at[0].begin;
  v.rows = at[2].end - at[2].begin;
  v.columns = at[3].end - at[3].begin;
  for (int i = 0; i < KS_SWEEP_AXES; i++) v.y += at[i].begin * a[i].y_step;
  set_runs(s, at[0].begin, at, runs, &v);
  if (job->dw) {
    KS_NAME(depthwise_weights)(&v, job->dw, s->filters, s->lanes);
    return;
  }
  int64_t first = filters * s->filter_block;
  int64_t count = ks_least(s->filter_block, s->filters - first);
  v.y += first;
  if (s->lanes)
    KS_NAME(depthwise)(&v, job->filters, s->lanes, s->fold);
  else if (job->filters->few)
    KS_NAME(filter_few)(&v, job->filters);
  else
    KS_NAME(filter)(&v, job->filters, first, count);
  if (job->activation > KS_RELU) activate(&v, count, job->activation);
}

static void run_block(const ks_sweep *s, const ks_sweep_job *job, int64_t index, ks_run *runs) {
  int64_t begin[KS_SWEEP_AXES], end[KS_SWEEP_AXES], filters = index / s->place_blocks;
  for (int i = KS_SWEEP_AXES - 1; i >= 0; i--) {
    const ks_sweep_axis *a = &s->axis[i];
    int64_t count = ks_sweep_parts(a->places, a->block);
    begin[i] = index % count * a->block;
    end[i] = ks_least(begin[i] + a->block, a->places);
    index /= count;
  }
  span at[KS_SWEEP_AXES] = {{.begin = begin[0], .end = end[0]}};
  at[1] = span_from(&s->axis[1], begin[1], end[1]);
  for (int64_t row = begin[2]; row < end[2]; row = at[2].end) {
    at[2] = span_from(&s->axis[2], row, end[2]);
    for (int64_t column = begin[3]; column < end[3]; column = at[3].end) {
      at[3] = span_from(&s->axis[3], column, end[3]);
      run_rectangle(s, job, at, filters, runs);
    }
  }
}

void KS_NAME(sweep_images)(const ks_sweep *sweep, const ks_sweep_job *job, int64_t images,
                           ks_run *runs) {
  ks_sweep s = *sweep;
  int64_t filter_blocks = s.blocks / s.place_blocks;
  s.place_blocks /= ks_sweep_parts(s.axis[0].places, s.axis[0].block);
  s.place_blocks *= ks_sweep_parts(images, s.axis[0].block);
  s.blocks = s.place_blocks * filter_blocks;
  s.axis[0].places = images;
  for (int64_t index = 0; index < s.blocks; index++) run_block(&s, job, index, runs);
}

typedef struct {
  const ks_sweep *sweep;
  const ks_sweep_job *job;
  ks_run *runs;
} shared_job;

static void run_chunks(void *arg, int64_t begin, int64_t end) {
  const shared_job *shared = arg;
  const ks_sweep *s = shared->sweep;
  for (int64_t chunk = begin; chunk < end; chunk++) {
    int64_t last = (chunk + 1) * s->blocks / s->chunks;
    for (int64_t index = chunk * s->blocks / s->chunks; index < last; index++)
      run_block(s, shared->job, index, shared->runs + chunk * s->runs);
  }
}

void KS_NAME(sweep)(const ks_context *context, const ks_sweep *s, const ks_sweep_job *job,
                    ks_run *runs) {
  shared_job shared = {s, job, runs};
  ks_parallel_parts(context, s->chunks, run_chunks, &shared);
}

#endif
