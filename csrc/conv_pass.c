/* Passes of filters over images, see ks_conv_pass.h. */
#include <string.h>

#include "ks_conv_pass.h"

#if KS_FLOATING

static real *weights_of(const ks_conv_pass *pass, void *scratch) {
  return (real *)((char *)scratch + ks_conv_pass_weights_at(pass));
}

/* Filter by filter. */
static void pack_few(real *packed, const ks_packing *p) {
  for (int64_t f = 0; f < p->count; f++)
    for (int64_t k = 0; k < p->rows; k++)
      packed[f * p->depth + p->begin + k] = p->w[f * p->step + k * p->row];
}

/* Tap by tap, in the order in which the windows see them. Turned, the filters
 * are the channels, and what is seen the filters of the convolution. */
static void pack_turned(const ks_conv_pass *pass, const ks_conv_sweep *c, const real *w,
                        real *packed) {
  const ks_conv_geometry *g = &pass->g;
  const ks_conv_phase *taps = c->taps;
  int64_t channels = g->channels / g->groups, filters = g->filters / g->groups;
  ks_packing p = {.row = 1, .step = g->filters, .count = channels, .depth = c->depth};
  p.rows = filters;
  for (int64_t i = taps[0].count - 1; i >= 0; i--)
    for (int64_t j = taps[1].count - 1; j >= 0; j--)
      for (int64_t k = taps[2].count - 1; k >= 0; k--) {
        int64_t tap = taps[0].first + i * taps[0].step;
        tap = tap * g->kernel[1] + taps[1].first + j * taps[1].step;
        tap = tap * g->kernel[2] + taps[2].first + k * taps[2].step;
        if (c->sweep.lanes) {
          memcpy(packed, w + tap * g->filters, (size_t)g->filters * sizeof(real));
          packed += g->filters;
          continue;
        }
        p.w = w + tap * channels * g->filters + c->group * filters;
        if (c->few)
          pack_few(packed, &p);
        else
          KS_NAME(filters_pack)(packed, &p);
        p.begin += filters;
      }
}

/* The filters that whole panels hold are read where they are, unless all are
 * packed. */
static void pack_rest(const ks_conv_pass *pass, const ks_conv_sweep *c, const real *w,
                      real *packed) {
  if (c->sweep.lanes) return;
  int64_t filters = c->sweep.filters, whole = c->packs ? 0 : KS_NAME(filters_whole)(filters);
  ks_packing p = {.w = w + c->group * filters + whole, .row = pass->g.filters, .step = 1};
  p.count = filters - whole;
  p.depth = p.rows = c->depth;
  if (c->few)
    pack_few(packed, &p);
  else
    KS_NAME(filters_pack)(packed, &p);
}

void KS_NAME(conv_pass_start)(const ks_conv_pass *pass, const real *w, const real *bias,
                              void *scratch) {
  ks_conv_sweep *sweeps = scratch;
  real *weights = weights_of(pass, scratch);
  int64_t at = 0;
  for (int64_t index = 0; index < pass->n_sweeps; index++) {
    ks_conv_sweep *c = &sweeps[index];
    *c = ks_conv_sweep_of(pass, index);
    int64_t filters = c->sweep.filters, columns = KS_PADDED(filters);
    c->bias_at = at, c->packed_at = at + columns;
    memset(weights + at, 0, (size_t)columns * sizeof(real));
    if (bias) memcpy(weights + at, bias + c->group * filters, (size_t)filters * sizeof(real));
    (pass->turned ? pack_turned : pack_rest)(pass, c, w, weights + c->packed_at);
    at += columns + ks_conv_packed(c);
  }
}

static ks_filters filters_of(const ks_conv_pass *pass, const ks_conv_sweep *c,
                             const ks_conv_job *job) {
  const real *weights = weights_of(pass, job->scratch);
  ks_filters f = {.count = c->sweep.filters, .depth = c->depth, .row = pass->g.filters};
  if (!c->packs) f.w = job->w + c->group * f.count;
  f.packed = weights + c->packed_at;
  f.few = c->few;
  if (c->packs && c->sweep.lanes) f.w = f.packed;
  f.bias = weights + c->bias_at;
  f.affine = ks_affine_from(job->affine, c->group * f.count);
  return f;
}

static ks_sweep_job job_of(const ks_conv_job *job, const ks_conv_sweep *c,
                           const ks_filters *filters) {
  return (ks_sweep_job){.x = job->x + c->x_at,
                        .filters = filters,
                        .y = job->y + c->y_at,
                        .activation = job->activation,
                        .add = job->add};
}

void KS_NAME(conv_pass)(const ks_context *context, const ks_conv_pass *pass,
                        const ks_conv_job *job) {
  const ks_conv_sweep *sweeps = job->scratch;
  ks_run *runs = (ks_run *)((char *)job->scratch + ks_conv_pass_runs_at(pass, sizeof(real)));
  for (int64_t index = 0; index < pass->n_sweeps; index++) {
    const ks_conv_sweep *c = &sweeps[index];
    ks_filters filters = filters_of(pass, c, job);
    ks_sweep_job sweep = job_of(job, c, &filters);
    KS_NAME(sweep)(context, &c->sweep, &sweep, runs);
  }
}

void KS_NAME(conv_pass_images)(const ks_conv_pass *pass, const ks_conv_job *job, int64_t images,
                               ks_run *runs) {
  const ks_conv_sweep *sweeps = job->scratch;
  for (int64_t index = 0; index < pass->n_sweeps; index++) {
    const ks_conv_sweep *c = &sweeps[index];
    ks_filters filters = filters_of(pass, c, job);
    ks_sweep_job sweep = job_of(job, c, &filters);
    KS_NAME(sweep_images)(&c->sweep, &sweep, images, runs);
  }
}

void KS_NAME(conv_depthwise_weights)(const ks_conv_geometry *g, int64_t images, const real *x,
                                     const real *dz, real *dw, ks_run *runs) {
  ks_conv_pass pass = ks_conv_pass_of(g, 0, 1);
  if (images == 0 || pass.n_sweeps == 0) return;
  ks_conv_sweep c = ks_conv_sweep_of(&pass, 0);
  /* the places of dz are those of y, and are only read */
  ks_sweep_job job = {.x = x, .y = (real *)dz, .activation = KS_LINEAR, .dw = dw};
  KS_NAME(sweep_images)(&c.sweep, &job, images, runs);
}

#endif
