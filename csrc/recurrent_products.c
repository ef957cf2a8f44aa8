/* Products of recurrent layers (ks_recurrent.h): those of rows and kernels. */
#include <string.h>

#include "ks_recurrent.h"
#include "ks_tiles.h"
#include "ks_vector.h"

#if KS_FLOATING

/* Numbers of an x among which one alone is looked for. */
#define LEAST_HOT 8

static void multiply(const ks_filters *f, ks_places *v) {
  v->runs = &ks_whole_run, v->n_runs = 1, v->run = f->depth;
  if (v->images == 0) v->images = 1;
  v->rows = 1;
  KS_NAME(filter)(v, f, 0, f->count);
}

/* Where x of a step is, and how far it is to that of the next step. */
static int64_t x_place(const ks_recurrent_block *b, int64_t s, int64_t *step) {
  const ks_recurrent_plan *p = b->plan;
  *step = b->job->node->size[KS_RECURRENT_BACKWARDS] ? -p->inputs : p->inputs;
  return (b->first * p->steps + ks_recurrent_time(b, s)) * p->inputs;
}

/* Which one of `count` numbers is not 0; -1: none; -2: several. */
static int32_t hot_of(const real *restrict x, int64_t count) {
  int32_t others = 0, sum = 0;
  for (int32_t i = 0; i < (int32_t)count; i++) {
    int32_t other = x[i] != 0;
    others += other;
    sum += other * i;
  }
  return others == 0 ? -1 : others == 1 ? sum : -2;
}

/* Products with zeros are a tenth of what an lstm of 128 units computes over 60 characters. Other
 * data ends the search at the first row. */
void KS_NAME(recurrent_find_hot)(const ks_recurrent_block *b) {
  const ks_recurrent_plan *p = b->plan;
  const real *x = (const real *)b->job->node->in[0].data + b->first * p->steps * p->inputs;
  int32_t *hot = ks_recurrent_hot(b);
  real *hot_x = ks_recurrent_hot_x(b);
  hot[0] = 0;
  if (p->inputs < LEAST_HOT) return;
  for (int64_t s = 0; s < p->steps; s++)
    for (int64_t r = 0; r < b->rows; r++) {
      const real *at = x + (r * p->steps + ks_recurrent_time(b, s)) * p->inputs;
      int32_t found = hot_of(at, p->inputs);
      if (found == -2) return;
      hot[1 + s * b->rows + r] = found;
      hot_x[s * b->rows + r] = found < 0 ? 0 : at[found];
    }
  hot[0] = 1;
}

/* z of a row: that of its one number, with the bits of all. */
static void multiply_hot(real *restrict z, const real *restrict bias, const real *restrict w,
                         real x, int64_t count) {
  if (w)
    for (int64_t i = 0; i < count; i++) z[i] = bias[i] + x * w[i];
  else
    memcpy(z, bias, (size_t)count * sizeof(real));
}

static void hot_inputs(const ks_recurrent_block *b, int64_t begin, int64_t end) {
  const ks_recurrent_plan *p = b->plan;
  const real *kernel = b->job->node->in[1].data, *bias = b->job->scratch + p->bias;
  const int32_t *hot = ks_recurrent_hot(b) + 1 + begin * b->rows;
  const real *x = ks_recurrent_hot_x(b) + begin * b->rows;
  int64_t inner = p->gates * p->units, count = (end - begin) * b->rows;
  real *z = ks_recurrent_z(b, begin);
  for (; count > 0; count--, hot++, x++, z += p->wide)
    multiply_hot(z, bias, *hot < 0 ? NULL : kernel + *hot * inner, *x, inner);
}

void KS_NAME(recurrent_inputs)(const ks_recurrent_block *b, int64_t begin, int64_t end) {
  const ks_recurrent_plan *p = b->plan;
  if (ks_recurrent_hot(b)[0]) {
    hot_inputs(b, begin, end);
    return;
  }
  ks_filters f = KS_NAME(recurrent_filters)(b->job, 0, 0);
  f.bias = b->job->scratch + p->bias;
  ks_places v = {.images = end - begin, .columns = b->rows, .x_column = p->steps * p->inputs};
  v.x = (const real *)b->job->node->in[0].data + x_place(b, begin, &v.x_image);
  v.y = ks_recurrent_z(b, begin), v.y_image = b->rows * p->wide, v.y_column = p->wide;
  multiply(&f, &v);
}

void KS_NAME(recurrent_dx)(const ks_recurrent_block *b, int64_t begin, int64_t end) {
  const ks_recurrent_plan *p = b->plan;
  const ks_operand *x = &b->job->node->in[0];
  ks_filters f = KS_NAME(recurrent_filters)(b->job, 0, 1);
  ks_places v = {.images = end - begin, .columns = b->rows, .y_column = p->steps * p->inputs};
  v.y = (real *)x->grad + x_place(b, begin, &v.y_image);
  v.x = ks_recurrent_z(b, begin), v.x_image = b->rows * p->wide, v.x_column = p->wide;
  v.add = x->add;
  multiply(&f, &v);
}

/* Vectors of y that are summed at once, so that rows of w are read in long runs. */
#define ONE_ROW 8

/* y += x w for one row, with the bits of tiles. */
static void add_one_row(real *y, const real *x, const ks_filters *f) {
  for (int64_t at = 0; at < f->count; at += ONE_ROW * KS_LANES) {
    ks_vector sum[ONE_ROW];
    KS_UNROLL for (int v = 0; v < ONE_ROW; v++) sum[v] = ks_load(y + at + v * KS_LANES);
    const real *w = f->w + at;
    for (int64_t k = 0; k < f->depth; k++, w += f->row)
      KS_UNROLL for (int v = 0; v < ONE_ROW; v++) sum[v] += x[k] * ks_load(w + v * KS_LANES);
    KS_UNROLL for (int v = 0; v < ONE_ROW; v++) ks_store(y + at + v * KS_LANES, sum[v]);
  }
}

static ks_ahead ahead_of(const real *from, int64_t count, ks_ahead *then) {
  return (ks_ahead){(const char *)from, (const char *)(from + count), then};
}

/* Products of a run, so that memory is called for little by little. */
#define RUN 32
#define MOST_RUNS 64

/* The same as multiply, while `ahead` is called for. */
static void multiply_ahead(const ks_filters *f, ks_places *v, ks_ahead *ahead) {
  if (f->depth % RUN || f->depth > RUN * MOST_RUNS) {
    multiply(f, v);
    return;
  }
  ks_run runs[MOST_RUNS];
  v->n_runs = f->depth / RUN, v->run = RUN, v->runs = runs;
  for (int64_t i = 0; i < v->n_runs; i++) runs[i] = (ks_run){i * RUN, i * RUN};
  v->images = v->rows = 1;
  v->ahead = ahead;
  KS_NAME(filter)(v, f, 0, f->count);
}

/* z += the products of the first piece, while what the step, and then the inputs of a later one,
 * will write is called for. */
static void multiply_first(const ks_recurrent_block *b, int64_t s, const ks_filters *f,
                           ks_places *v) {
  const ks_recurrent_plan *p = b->plan;
  int64_t state = b->rows * p->units, later = s + (ks_recurrent_hot(b)[0] ? 1 : p->chunk);
  int is_one = later < p->steps;
  ks_ahead z =
      ahead_of(ks_recurrent_z(b, is_one ? later : s), is_one ? b->rows * p->wide : 0, NULL);
  ks_ahead h = ahead_of(ks_recurrent_h(b, s + 1), state, &z);
  ks_ahead t = ahead_of(ks_recurrent_t(b, s), p->has_c ? state : 0, &h);
  ks_ahead c = ahead_of(ks_recurrent_c(b, s + 1), p->has_c ? state : 0, &t);
  multiply_ahead(f, v, p->keep ? &c : NULL);
}

static void multiply_states(const ks_recurrent_block *b, int64_t s, int64_t i, const real *states,
                            int64_t step, int add) {
  const ks_recurrent_plan *p = b->plan;
  ks_filters f = KS_NAME(recurrent_filters)(b->job, i + 1, 0);
  if (!add) f.bias = b->job->scratch + p->recurrent_bias;
  ks_places v = {.x = states, .columns = b->rows, .x_column = step, .resume = add};
  v.y = ks_recurrent_z(b, s) + p->pieces[i].z, v.y_column = p->wide;
  if (b->rows == 1 && add && f.w && f.count % (ONE_ROW * KS_LANES) == 0)
    add_one_row(v.y, states, &f);
  else if (i == 0)
    multiply_first(b, s, &f, &v);
  else
    multiply(&f, &v);
}

void KS_NAME(recurrent_pieces)(const ks_recurrent_block *b, int64_t s, int64_t first,
                               int64_t last) {
  const ks_recurrent_plan *p = b->plan;
  if (ks_recurrent_at_zeros(b, s)) return;
  for (int64_t i = first; i < last; i++)
    multiply_states(b, s, i, ks_recurrent_seen(b, p->pieces[i].factor, s), p->units, 1);
}

void KS_NAME(recurrent_last)(const ks_recurrent_block *b, int64_t s, const real *states,
                             int64_t step, int add) {
  multiply_states(b, s, b->plan->n_pieces - 1, states, step, add);
}

void KS_NAME(recurrent_turned)(const ks_recurrent_block *b, int64_t s, int64_t piece, real *to,
                               int add) {
  const ks_recurrent_plan *p = b->plan;
  ks_filters f = KS_NAME(recurrent_filters)(b->job, piece + 1, 1);
  ks_places v = {.columns = b->rows, .x_column = p->wide, .resume = add};
  v.x = ks_recurrent_z(b, s) + p->pieces[piece].z;
  v.y = to, v.y_column = p->units;
  int64_t state = s > 0 ? b->rows * p->units : 0, before = s > 0 ? s - 1 : 0;
  ks_ahead t = ahead_of(ks_recurrent_t(b, before), p->has_c ? state : 0, NULL);
  ks_ahead c = ahead_of(ks_recurrent_c(b, before), p->has_c ? state : 0, &t);
  ks_ahead z = ahead_of(ks_recurrent_z(b, before), s > 0 ? b->rows * p->wide : 0, &c);
  multiply_ahead(&f, &v, &z);
}

void KS_NAME(recurrent_share)(const ks_recurrent_block *b, int64_t s, int64_t factor,
                              const real *part) {
  const ks_recurrent_plan *p = b->plan;
  int64_t count = b->rows * p->units;
  const real *restrict by = ks_recurrent_factor(b, factor), *restrict h = ks_recurrent_h(b, s);
  real *restrict before = b->before, *restrict dfactor = b->slot + p->dfactor + factor * count;
  for (int64_t i = 0; i < count; i++) before[i] += part[i] * by[i];
  for (int64_t i = 0; i < count; i++) dfactor[i] += part[i] * h[i];
}

void KS_NAME(recurrent_back)(const ks_recurrent_block *b, int64_t s, int64_t pieces, int add) {
  const ks_recurrent_plan *p = b->plan;
  const ks_node *node = b->job->node;
  int64_t state = node->size[KS_RECURRENT_STATE];
  real *part = b->slot + p->part;
  if (ks_recurrent_at_zeros(b, s) && !(state && node->in[state].grad)) return;
  for (int64_t i = 0; i < pieces; i++) {
    if (!p->factors) {
      KS_NAME(recurrent_turned)(b, s, i, b->before, add || i > 0);
      continue;
    }
    KS_NAME(recurrent_turned)(b, s, i, part, 0);
    KS_NAME(recurrent_share)(b, s, p->pieces[i].factor, part);
  }
}

#endif
