/* Convolution and its transpose: how nodes share out their work, and what they
 * do around the loops over places, taps, channels and filters.
 *
 * Forward is cut into rows of the output, or, transposed, into images; backward
 * into parts of the batch (ks_conv_plan). An image's dz, its share of the
 * weights' gradient and its dx are computed together, while it is in the cache.
 */
#include <string.h>

#include "ks_activate.h"
#include "ks_columns.h"
#include "ks_conv.h"
#include "ks_tiles.h"

#if KS_FLOATING

#define INLINE static inline __attribute__((always_inline))

typedef struct {
  ks_conv_geometry g;
  ks_conv_plan plan;
  int transposed;
  const real *x, *w, *bias, *y, *dy;
  real *out;             /* y, to be written */
  const real *turned;    /* w as (kernel..., filters, channels), group by group */
  real *scratch;         /* of the parts */
  real *dx, *dw, *dbias; /* NULL: not wanted */
  int add_dx, add_dw, add_dbias;
  int64_t x_size, y_size, channels; /* elements of an image; the last axis of y */
} conv_job;

static conv_job job_of(const ks_node *node) {
  conv_job j = {.g = ks_conv_geometry_of(node), .plan = ks_conv_plan_of(node)};
  const ks_operand *in = node->in;
  int has_bias = node->n_in > 2;
  int64_t input = ks_conv_volume(j.g.input) * j.g.channels;
  int64_t output = ks_conv_volume(j.g.output) * j.g.filters;
  j.transposed = node->op == KS_OP_conv_transpose;
  j.x = in[0].data, j.w = in[1].data, j.bias = has_bias ? in[2].data : NULL;
  j.dx = in[0].grad, j.dw = in[1].grad, j.dbias = has_bias ? in[2].grad : NULL;
  j.add_dx = in[0].add, j.add_dw = in[1].add, j.add_dbias = has_bias && in[2].add;
  j.y = j.out = node->out[0].data;
  j.dy = node->out[0].grad;
  j.x_size = j.transposed ? output : input;
  j.y_size = j.transposed ? input : output;
  j.channels = j.plan.bias;
  j.turned = node->scratch;
  j.scratch = (real *)node->scratch + j.plan.weights;
  return j;
}

/* ---- an image ------------------------------------------------------------ */

/* Calls meet(x, w, y) with the pixels and the tap's weights for all that meet in
 * row `row` of the output: x and y by their offsets in the image. */
typedef void (*meeting)(const ks_conv_geometry *g, const void *x, const void *w, const void *y);

#define OFFSET(base, elements) ((const char *)(base) + (elements) * (int64_t)sizeof(real))

INLINE void pixel_meetings(const ks_conv_geometry *g, const int64_t *o, const void *x,
                           const void *w, const void *y, meeting meet) {
  ks_conv_taps taps[KS_CONV_AXES];
  int64_t at[KS_CONV_AXES], step = ks_conv_weights(g) / ks_conv_volume(g->kernel);
  for (int axis = 0; axis < KS_CONV_AXES; axis++) {
    taps[axis] = ks_conv_taps_of(g, axis, o[axis]);
    at[axis] = o[axis] * g->stride[axis] - g->pad[axis];
  }
  for (int64_t t0 = taps[0].begin; t0 < taps[0].end; t0++)
    for (int64_t t1 = taps[1].begin; t1 < taps[1].end; t1++)
      for (int64_t t2 = taps[2].begin; t2 < taps[2].end; t2++) {
        int64_t i = (at[0] + t0 * g->dilation[0]) * g->input[1] + at[1] + t1 * g->dilation[1];
        i = i * g->input[2] + at[2] + t2 * g->dilation[2];
        int64_t tap = (t0 * g->kernel[1] + t1) * g->kernel[2] + t2;
        meet(g, OFFSET(x, i * g->channels), OFFSET(w, tap * step), y);
      }
}

INLINE void row_meetings(const ks_conv_geometry *g, int64_t row, const void *x, const void *w,
                         const void *y, meeting meet) {
  int64_t o[KS_CONV_AXES] = {row / g->output[1], row % g->output[1], 0};
  for (; o[2] < g->output[2]; o[2]++)
    pixel_meetings(g, o, x, w, OFFSET(y, (row * g->output[2] + o[2]) * g->filters), meet);
}

/* y += x w */
INLINE void meet_forward(const ks_conv_geometry *g, const void *x_pixel, const void *weights,
                         const void *y_pixel) {
  int64_t channels = g->channels / g->groups, filters = g->filters / g->groups;
  for (int64_t group = 0; group < g->groups; group++) {
    const real *x = (const real *)x_pixel + group * channels;
    const real *restrict w = (const real *)weights + group * filters;
    real *restrict y = (real *)y_pixel + group * filters;
    for (int64_t c = 0; c < channels; c++)
      for (int64_t f = 0; f < filters; f++) y[f] += x[c] * w[c * g->filters + f];
  }
}

/* dx += dz w^T, with the weights turned. */
INLINE void meet_data(const ks_conv_geometry *g, const void *x_pixel, const void *weights,
                      const void *y_pixel) {
  int64_t channels = g->channels / g->groups, filters = g->filters / g->groups;
  for (int64_t group = 0; group < g->groups; group++) {
    real *restrict dx = (real *)x_pixel + group * channels;
    const real *restrict w = (const real *)weights + group * filters * channels;
    const real *dz = (const real *)y_pixel + group * filters;
    for (int64_t f = 0; f < filters; f++)
      for (int64_t c = 0; c < channels; c++) dx[c] += dz[f] * w[f * channels + c];
  }
}

static void add_forward(const ks_conv_geometry *g, const real *x, const real *w, real *y,
                        int64_t row_begin, int64_t row_end) {
  for (int64_t row = row_begin; row < row_end; row++) row_meetings(g, row, x, w, y, meet_forward);
}

static void add_data(const ks_conv_geometry *g, const real *dz, const real *turned, real *dx) {
  for (int64_t row = 0; row < g->output[0] * g->output[1]; row++)
    row_meetings(g, row, dx, turned, dz, meet_data);
}

/* Each tap's (channels, filters) as (filters, channels), group by group. */
static void turn_weights(const ks_conv_geometry *g, const real *restrict w, real *restrict turned) {
  int64_t channels = g->channels / g->groups, taps = ks_conv_volume(g->kernel);
  for (int64_t tap = 0; tap < taps; tap++)
    for (int64_t c = 0; c < channels; c++)
      for (int64_t f = 0; f < g->filters; f++)
        turned[(tap * g->filters + f) * channels + c] = w[(tap * channels + c) * g->filters + f];
}

/* ---- forward ------------------------------------------------------------- */

/* Pixels, of which each starts as the bias. */
static void start_pixels(real *restrict y, const real *bias, int64_t count, int64_t channels) {
  if (!bias) memset(y, 0, (size_t)(count * channels) * sizeof(real));
  for (int64_t i = 0; bias && i < count; i++)
    memcpy(y + i * channels, bias, (size_t)channels * sizeof(real));
}

/* Rows are counted through all images. */
static void forward_rows(void *arg, int64_t begin, int64_t end) {
  const conv_job *j = arg;
  const ks_conv_geometry *g = &j->g;
  int64_t rows = g->output[0] * g->output[1], width = g->output[2] * g->filters;
  start_pixels(j->out + begin * width, j->bias, (end - begin) * g->output[2], g->filters);
  for (int64_t row = begin, last; row < end; row = last) {
    int64_t image = row / rows, first = image * rows;
    last = first + rows < end ? first + rows : end;
    add_forward(g, j->x + image * j->x_size, j->w, j->out + image * j->y_size, row - first,
                last - first);
  }
  ks_activate(j->out + begin * width, (end - begin) * width, g->activation);
}

static void transpose_images(void *arg, int64_t begin, int64_t end) {
  const conv_job *j = arg;
  int64_t pixels = ks_conv_volume(j->g.input);
  for (int64_t image = begin; image < end; image++) {
    real *y = j->out + image * j->y_size;
    start_pixels(y, j->bias, pixels, j->channels);
    add_data(&j->g, j->x + image * j->x_size, j->turned, y);
    ks_activate(y, j->y_size, j->g.activation);
  }
}

/* So many rows or images that a tile has about 2 MFLOP. */
static int64_t step_of(int64_t products) { return 1000000 / (products + 1) + 1; }

ks_status KS_NAME(conv_forward)(ks_node *node, const ks_context *context) {
  conv_job j = job_of(node);
  int64_t rows = j.g.output[0] * j.g.output[1];
  if (j.y_size == 0) return KS_OK;
  ks_parallel_range(context, j.g.batch * rows, step_of(j.plan.weights * j.g.output[2]),
                    forward_rows, &j);
  return KS_OK;
}

ks_status KS_NAME(conv_transpose_forward)(ks_node *node, const ks_context *context) {
  conv_job j = job_of(node);
  turn_weights(&j.g, j.w, node->scratch);
  ks_parallel_range(context, j.g.batch, step_of(j.plan.weights * ks_conv_volume(j.g.output)),
                    transpose_images, &j);
  return KS_OK;
}

/* ---- backward ------------------------------------------------------------ */

static void add_column_sums(real *sums, const real *x, int64_t rows, int64_t columns) {
  real total[KS_SUM_WIDTH];
  for (int64_t c0 = 0; c0 < columns; c0 += KS_SUM_WIDTH) {
    int64_t width = columns - c0 < KS_SUM_WIDTH ? columns - c0 : KS_SUM_WIDTH;
    ks_sum_of_rows(total, x + c0, rows, columns, width);
    for (int64_t c = 0; c < width; c++) sums[c0 + c] += total[c];
  }
}

/* dx += the convolution's transpose of dz, or the transpose's: the convolution. */
static void give_data(const conv_job *j, int64_t image, const real *dz) {
  real *dx = j->dx + image * j->x_size;
  if (!j->add_dx) memset(dx, 0, (size_t)j->x_size * sizeof(real));
  if (j->transposed)
    add_forward(&j->g, dz, j->w, dx, 0, j->g.output[0] * j->g.output[1]);
  else
    add_data(&j->g, dz, j->turned, dx);
}

static void backward_image(const conv_job *j, int64_t image, real *dw, real *dbias, real *delta) {
  real *scratch = delta + j->plan.delta;
  int64_t rows = j->g.output[0] * j->g.output[1];
  const real *x = j->x + image * j->x_size, *dz = j->dy + image * j->y_size;
  if (j->g.activation != KS_LINEAR) {
    ks_activation_slope(delta, dz, j->y + image * j->y_size, j->y_size, j->g.activation);
    dz = delta;
  }
  if (j->dx) give_data(j, image, dz);
  if (j->dbias && j->channels) add_column_sums(dbias, dz, j->y_size / j->channels, j->channels);
  if (j->transposed) {
    const real *y = x;
    x = dz, dz = y;
  }
  if (j->dw) KS_NAME(conv_weights)(&j->g, 1, x, dz, dw, 0, rows, scratch);
}

static int64_t part_size(const ks_conv_plan *plan) {
  return plan->weights + plan->bias + plan->delta + plan->panel;
}

static void backward_parts(void *arg, int64_t begin, int64_t end) {
  const conv_job *j = arg;
  for (int64_t part = begin; part < end; part++) {
    real *dw = j->scratch + part * part_size(&j->plan);
    real *dbias = dw + j->plan.weights, *delta = dbias + j->plan.bias;
    memset(dw, 0, (size_t)(delta - dw) * sizeof(real));
    int64_t last = (part + 1) * j->g.batch / j->plan.parts;
    for (int64_t image = part * j->g.batch / j->plan.parts; image < last; image++)
      backward_image(j, image, dw, dbias, delta);
  }
}

/* The parts' sums, added up in order. */
static void join(const conv_job *j, int64_t offset, real *restrict grad, int add, int64_t count) {
  if (!add) memset(grad, 0, (size_t)count * sizeof(real));
  for (int64_t part = 0; part < j->plan.parts; part++) {
    const real *restrict sums = j->scratch + part * part_size(&j->plan) + offset;
    for (int64_t i = 0; i < count; i++) grad[i] += sums[i];
  }
}

static ks_status backward(ks_node *node, const ks_context *context) {
  conv_job j = job_of(node);
  if (j.dx && !j.transposed) turn_weights(&j.g, j.w, node->scratch);
  ks_parallel_range(context, j.plan.parts, 1, backward_parts, &j);
  if (j.dw) join(&j, 0, j.dw, j.add_dw, j.plan.weights);
  if (j.dbias) join(&j, j.plan.weights, j.dbias, j.add_dbias, j.plan.bias);
  return KS_OK;
}

ks_status KS_NAME(conv_backward)(ks_node *node, const ks_context *context) {
  return backward(node, context);
}

ks_status KS_NAME(conv_transpose_backward)(ks_node *node, const ks_context *context) {
  return backward(node, context);
}

#endif
