/* A pass of a convolution's filters over images, as sweeps (ks_sweep.h): from
 * the input to the output, or turned, from the output (or its gradient) to the
 * input.
 *
 * Turned, place i of the input meets those taps t for which i + pad - t dilation
 * is a multiple of the stride, say o times it. Along an axis that depends on the
 * phase i mod stride alone. With n the greatest common divisor of stride and
 * dilation, those taps are stride / n apart and their o's dilation / n: each
 * phase of the input is a convolution of stride 1 over the output, whose taps,
 * read backwards, are some of the kernel's.
 */
#ifndef KS_CONV_PASS_H
#define KS_CONV_PASS_H

#include "ks_conv.h"
#include "ks_sweep.h"

/* The taps of a phase along an axis: first + m * step for m < count. */
typedef struct {
  int64_t first, step, count;
} ks_conv_phase;

/* One sweep of a pass: a group of filters, a phase. */
typedef struct {
  ks_sweep sweep;
  ks_conv_phase taps[KS_CONV_AXES]; /* of the kernel */
  int64_t group, x_at, y_at;        /* where the group and the phase begin */
  int64_t depth;                    /* products to a filter */
  int packs;                        /* all filters are packed */
  int few;                          /* and one by one, because they are few */
  int64_t packed_at, bias_at;       /* in the pass's weights */
} ks_conv_sweep;

/* What a pass has in its scratch, one after another, each on a cache line of its
 * own: its sweeps, weights (packed, and biases), and runs of windows. */
typedef struct {
  ks_conv_geometry g;
  int turned, by_image;
  int64_t phases[KS_CONV_AXES], n_sweeps;
  int64_t weights; /* elements */
  int64_t runs;    /* of one thread; of all, unless by image */
} ks_conv_pass;

static inline int64_t ks_conv_divisor(int64_t a, int64_t b) {
  while (b) {
    int64_t rest = a % b;
    a = b, b = rest;
  }
  return a;
}

/* Sets taps and, but for y_step, the axis of phase `phase`. */
static inline ks_conv_phase ks_conv_phase_of(const ks_conv_geometry *g, int i, int64_t phase,
                                             ks_sweep_axis *axis) {
  int64_t stride = g->stride[i], dilation = g->dilation[i], at = phase + g->pad[i];
  int64_t divisor = ks_conv_divisor(stride, dilation);
  ks_conv_phase taps = {.step = stride / divisor};
  int64_t places = (g->input[i] - phase + stride - 1) / stride;
  int64_t latest = ks_least(taps.step, g->kernel[i]);
  while (taps.first < latest && (at - taps.first * dilation) % stride != 0) taps.first++;
  taps.count = (g->kernel[i] - 1 - taps.first) / taps.step + 1;
  if (taps.first == latest) taps.count = 0;
  *axis = (ks_sweep_axis){.places = places, .step = 1, .taps = taps.count, .size = g->output[i]};
  axis->tap_step = dilation / divisor;
  if (taps.count == 0) return taps;
  axis->first = (at - taps.first * dilation) / stride - axis->tap_step * (taps.count - 1);
  return taps;
}

/* Turned weights must be packed. Others where their rows are long and far more
 * than L2 holds, and where there are places enough to make up for it: with AVX2,
 * 256 channels and filters of 3 x 3 taps come to 106 GFLOP/s instead of 78. */
static inline int ks_conv_packs(const ks_conv_pass *pass, int64_t depth, int64_t filters) {
  int64_t places = pass->g.batch * ks_conv_volume(pass->g.output);
  return pass->turned ||
         (filters >= 256 && depth * filters > 2 * KS_BLOCK_WEIGHTS && places >= 512);
}

/* Sweep `index` of the pass. */
static inline ks_conv_sweep ks_conv_sweep_of(const ks_conv_pass *pass, int64_t index) {
  const ks_conv_geometry *g = &pass->g;
  ks_conv_sweep c = {.depth = 0};
  int64_t channels = g->channels / g->groups, filters = g->filters / g->groups;
  int64_t lanes = ks_conv_lanes(g);
  int64_t y_step = pass->turned ? g->channels : g->filters, taps = 1;
  const int64_t *result = pass->turned ? g->input : g->output;
  for (int i = KS_CONV_AXES - 1; i >= 0; i--) {
    ks_sweep_axis *axis = &c.sweep.axis[i + 1];
    int64_t phase = index % pass->phases[i];
    index /= pass->phases[i];
    if (pass->turned) {
      c.taps[i] = ks_conv_phase_of(g, i, phase, axis);
    } else {
      c.taps[i] = (ks_conv_phase){0, 1, g->kernel[i]};
      *axis = (ks_sweep_axis){.places = g->output[i],
                              .first = -g->pad[i],
                              .step = g->stride[i],
                              .taps = g->kernel[i],
                              .tap_step = g->dilation[i],
                              .size = g->input[i]};
    }
    c.y_at += phase * y_step;
    axis->y_step = y_step * (pass->turned ? g->stride[i] : 1);
    y_step *= result[i];
    taps *= c.taps[i].count;
  }
  c.sweep.axis[0] = (ks_sweep_axis){
      .places = g->batch, .step = 1, .taps = 1, .tap_step = 1, .size = g->batch, .y_step = y_step};
  c.sweep.pixel = pass->turned ? g->filters : g->channels;
  c.sweep.channels = pass->turned ? filters : channels;
  c.sweep.filters = pass->turned ? channels : filters;
  if (lanes) {
    c.sweep.channels = 1;
    c.sweep.filters = g->filters;
    c.sweep.lanes = lanes;
    c.sweep.fold = pass->turned;
  }
  c.x_at = index * (pass->turned ? filters : channels);
  c.y_at += index * (pass->turned ? channels : filters);
  c.group = index;
  c.depth = taps * c.sweep.channels;
  c.few = !lanes && c.sweep.filters <= KS_FEW_FILTERS && c.sweep.channels % KS_FEW_CHANNELS == 0;
  c.packs = c.few || ks_conv_packs(pass, c.depth, filters);
  ks_sweep_plan(&c.sweep, pass->by_image);
  return c;
}

static inline int64_t ks_conv_packed(const ks_conv_sweep *c) {
  int64_t columns = KS_PADDED(c->sweep.filters);
  if (c->sweep.lanes) return c->packs ? c->depth * c->sweep.filters : 0;
  return c->depth * (c->packs ? columns : ks_least(columns, 32));
}

static inline ks_conv_pass ks_conv_pass_of(const ks_conv_geometry *g, int turned, int by_image) {
  ks_conv_pass pass = {.g = *g, .turned = turned, .by_image = by_image};
  const int64_t *result = turned ? g->input : g->output;
  for (int i = 0; i < KS_CONV_AXES; i++)
    pass.phases[i] = turned ? ks_least(g->stride[i], g->input[i]) : 1;
  if (g->batch > 0 && ks_conv_volume(result) > 0)
    pass.n_sweeps = (ks_conv_lanes(g) ? 1 : g->groups) * ks_conv_volume(pass.phases);
  for (int64_t index = 0; index < pass.n_sweeps; index++) {
    ks_conv_sweep c = ks_conv_sweep_of(&pass, index);
    int64_t runs = c.sweep.runs * (by_image ? 1 : c.sweep.chunks);
    pass.weights += KS_PADDED(c.sweep.filters) + ks_conv_packed(&c);
    if (pass.runs < runs) pass.runs = runs;
  }
  return pass;
}

static inline int64_t ks_conv_lines(int64_t bytes) {
  return (bytes + KS_ALIGNMENT - 1) / KS_ALIGNMENT * KS_ALIGNMENT;
}

/* Where in the scratch the weights and the runs begin, and where it ends. */
static inline int64_t ks_conv_pass_weights_at(const ks_conv_pass *pass) {
  return ks_conv_lines(pass->n_sweeps * (int64_t)sizeof(ks_conv_sweep));
}

static inline int64_t ks_conv_pass_runs_at(const ks_conv_pass *pass, int64_t element) {
  return ks_conv_pass_weights_at(pass) + ks_conv_lines(pass->weights * element);
}

static inline int64_t ks_conv_runs_bytes(const ks_conv_pass *pass) {
  return ks_conv_lines(pass->runs * (int64_t)sizeof(ks_run));
}

#ifdef KS_DTYPE
typedef struct {
  const real *x;
  const real *w;
  real *y;
  ks_affine affine;   /* then */
  int64_t activation; /* a ks_activation */
  int add;            /* to y, instead of writing it */
  void *scratch;      /* as conv_pass_start has left it */
} ks_conv_job;

/* Plans the sweeps and packs what must be packed; bias NULL: none. */
void KS_NAME(conv_pass_start)(const ks_conv_pass *pass, const real *w, const real *bias,
                              void *scratch);

/* All images, by all threads; or so many of them by the calling thread, with
 * room for runs of its own. */
void KS_NAME(conv_pass)(const ks_context *context, const ks_conv_pass *pass,
                        const ks_conv_job *job);
void KS_NAME(conv_pass_images)(const ks_conv_pass *pass, const ks_conv_job *job, int64_t images,
                               ks_run *runs);

/* dw += what so many images give, of a depthwise convolution; with room for runs. */
void KS_NAME(conv_depthwise_weights)(const ks_conv_geometry *g, int64_t images, const real *x,
                                     const real *dz, real *dw, ks_run *runs);
#endif

#endif
