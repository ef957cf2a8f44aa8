/* Convolution and its transpose: the nodes (ks_conv_plan.h). */
#include <string.h>

#include "ks_activate.h"
#include "ks_columns.h"
#include "ks_conv_plan.h"
#include "ks_tiles.h"

#if KS_FLOATING

/* ---- forward ------------------------------------------------------------- */

static ks_status forward(ks_node *node, const ks_context *context) {
  ks_conv_pass pass = ks_conv_forward_pass(node);
  const real *bias = node->n_in > 2 ? node->in[2].data : NULL;
  ks_conv_job job = {.x = node->in[0].data, .w = node->in[1].data, .y = node->out[0].data};
  job.activation = pass.g.activation;
  job.scratch = node->scratch;
  KS_NAME(conv_pass_start)(&pass, job.w, bias, node->scratch);
  KS_NAME(conv_pass)(context, &pass, &job);
  return KS_OK;
}

ks_status KS_NAME(conv_forward)(ks_node *node, const ks_context *context) {
  return forward(node, context);
}

ks_status KS_NAME(conv_transpose_forward)(ks_node *node, const ks_context *context) {
  return forward(node, context);
}

/* ---- backward ------------------------------------------------------------ */

typedef struct {
  ks_conv_plan plan;
  const real *x, *y, *dy, *dz; /* dz: of all images, unless by images */
  ks_conv_job data;            /* of which every group of images has its x and y */
  real *dx, *dw, *dbias;       /* NULL: not wanted */
  int add_dw, add_dbias;
  char *parts;
  real *delta; /* of all images */
} backward_job;

static backward_job job_of(const ks_node *node) {
  const ks_operand *in = node->in;
  int has_bias = node->n_in > 2;
  backward_job j = {.plan = ks_conv_plan_of(node), .x = in[0].data};
  j.y = node->out[0].data, j.dy = node->out[0].grad;
  j.dx = in[0].grad, j.dw = in[1].grad, j.dbias = has_bias ? in[2].grad : NULL;
  j.add_dw = in[1].add, j.add_dbias = has_bias && in[2].add;
  j.data = (ks_conv_job){.w = in[1].data, .activation = KS_LINEAR, .add = in[0].add};
  j.data.scratch = node->scratch;
  j.parts = (char *)node->scratch + j.plan.parts_at;
  j.delta = (real *)((char *)node->scratch + j.plan.all_delta_at);
  return j;
}

static void add_column_sums(real *sums, const real *x, int64_t rows, int64_t columns) {
  real total[KS_SUM_WIDTH];
  for (int64_t c0 = 0; c0 < columns; c0 += KS_SUM_WIDTH) {
    int64_t width = columns - c0 < KS_SUM_WIDTH ? columns - c0 : KS_SUM_WIDTH;
    ks_sum_of_rows(total, x + c0, rows, columns, width);
    for (int64_t c = 0; c < width; c++) sums[c0 + c] += total[c];
  }
}

/* dz is the gradient of y, which a transpose has where others have x. */
static void give_weights(const backward_job *j, int64_t images, const real *x, const real *dz,
                         real *dw, const ks_weights_share *share, char *part) {
  const ks_conv_plan *p = &j->plan;
  real *panel = (real *)(part + p->panel_at);
  if (p->transposed)
    KS_NAME(conv_weights)(&p->g, images, dz, x, dw, share, panel);
  else
    KS_NAME(conv_weights)(&p->g, images, x, dz, dw, share, panel);
}

/* Some images: dz, then all that follows from it. */
static void backward_images(const backward_job *j, int64_t first, int64_t images, char *part) {
  const ks_conv_plan *p = &j->plan;
  const ks_conv_geometry *g = &p->g;
  int64_t count = images * p->y_size;
  const real *x = j->x + first * p->x_size, *dz = j->dy + first * p->y_size;
  if (g->activation != KS_LINEAR) {
    real *delta = (real *)(part + p->delta_at);
    ks_activation_slope(delta, dz, j->y + first * p->y_size, count, g->activation);
    dz = delta;
  }
  if (j->dbias && count)
    add_column_sums((real *)(part + p->bias_at), dz, count / p->y_channels, p->y_channels);
  if (j->dw && ks_conv_lanes(g)) {
    KS_NAME(conv_depthwise_weights)
    (g, images, x, dz, (real *)part, (ks_run *)(part + p->panel_at));
  } else if (j->dw) {
    ks_weights_share all = {0, g->output[0] * g->output[1], 0, INT64_MAX};
    give_weights(j, images, x, dz, (real *)part, &all, part);
  }
  if (j->dx) {
    ks_conv_job data = j->data;
    data.x = dz, data.y = j->dx + first * p->x_size;
    KS_NAME(conv_pass_images)(&p->data, &data, images, (ks_run *)(part + p->runs_at));
  }
}

static void backward_parts(void *arg, int64_t begin, int64_t end) {
  const backward_job *j = arg;
  const ks_conv_plan *p = &j->plan;
  for (int64_t index = begin; index < end; index++) {
    char *part = j->parts + index * p->part;
    memset(part, 0, (size_t)p->delta_at);
    int64_t last = (index + 1) * p->g.batch / p->parts;
    for (int64_t i = index * p->g.batch / p->parts; i < last; i += p->group)
      backward_images(j, i, ks_conv_least(p->group, last - i), part);
  }
}

/* ---- all images at once ---------------------------------------------------- */

static void slope_range(void *arg, int64_t begin, int64_t end) {
  const backward_job *j = arg;
  ks_activation_slope(j->delta + begin, j->dy + begin, j->y + begin, end - begin,
                      j->plan.g.activation);
}

/* Rows `begin` to `end` of dw's sum, counted through all images. */
static void weights_of_rows(const backward_job *j, int64_t begin, int64_t end, char *part) {
  const ks_conv_plan *p = &j->plan;
  int64_t rows = p->g.output[0] * p->g.output[1];
  for (int64_t row = begin, next; row < end; row = next) {
    int64_t image = row / rows, first = image * rows;
    next = ks_conv_least(first + rows, end);
    ks_weights_share share = {row - first, next - first, 0, INT64_MAX};
    give_weights(j, 1, j->x + image * p->x_size, j->dz + image * p->y_size, (real *)part, &share,
                 part);
  }
}

static void sum_parts(void *arg, int64_t begin, int64_t end) {
  const backward_job *j = arg;
  const ks_conv_plan *p = &j->plan;
  int64_t parts = p->parts, rows = p->g.output[0] * p->g.output[1];
  int64_t places = p->g.batch * (p->y_size / p->y_channels);
  int64_t units = KS_NAME(conv_weights_units)(&p->g);
  for (int64_t index = begin; index < end; index++) {
    char *part = j->parts + index * p->part;
    memset(part, 0, (size_t)p->delta_at);
    int64_t first = index * places / parts, last = (index + 1) * places / parts;
    if (j->dbias && first < last)
      add_column_sums((real *)(part + p->bias_at), j->dz + first * p->y_channels, last - first,
                      p->y_channels);
    ks_weights_share share = {0, rows, index * units / parts, (index + 1) * units / parts};
    int64_t all = rows * p->g.batch;
    if (j->dw && p->cut == KS_BY_UNITS)
      give_weights(j, p->g.batch, j->x, j->dz, j->dw, &share, part);
    else if (j->dw)
      weights_of_rows(j, index * all / parts, (index + 1) * all / parts, part);
  }
}

static void zero_range(void *arg, int64_t begin, int64_t end) {
  memset((real *)arg + begin, 0, (size_t)(end - begin) * sizeof(real));
}

static void backward_all(const ks_context *context, backward_job *j) {
  const ks_conv_plan *p = &j->plan;
  j->dz = j->dy;
  if (p->g.activation != KS_LINEAR) {
    ks_parallel_elements(context, p->g.batch * p->y_size, slope_range, j);
    j->dz = j->delta;
  }
  if (j->dw && !j->add_dw && p->cut == KS_BY_UNITS)
    ks_parallel_elements(context, p->weights, zero_range, j->dw);
  if (j->dw || j->dbias) ks_parallel_range(context, p->parts, 1, sum_parts, j);
  if (j->dx) {
    j->data.x = j->dz, j->data.y = j->dx;
    KS_NAME(conv_pass)(context, &p->data, &j->data);
  }
}

/* ---- the parts' sums, added up in order ----------------------------------- */

typedef struct {
  const char *sums; /* of the first part */
  int64_t part, parts;
  real *grad;
  int add;
} join_job;

static void join_range(void *arg, int64_t begin, int64_t end) {
  const join_job *j = arg;
  if (!j->add) memset(j->grad + begin, 0, (size_t)(end - begin) * sizeof(real));
  for (int64_t part = 0; part < j->parts; part++) {
    const real *restrict sums = (const real *)(j->sums + part * j->part);
    real *restrict grad = j->grad;
    for (int64_t i = begin; i < end; i++) grad[i] += sums[i];
  }
}

static void join(const ks_context *context, const backward_job *j, int64_t at, real *grad, int add,
                 int64_t count) {
  join_job job = {j->parts + at, j->plan.part, j->plan.parts, grad, add};
  ks_parallel_range(context, count, KS_TILE_ELEMENTS, join_range, &job);
}

static ks_status backward(ks_node *node, const ks_context *context) {
  backward_job j = job_of(node);
  const ks_conv_plan *p = &j.plan;
  if (j.dx) KS_NAME(conv_pass_start)(&p->data, j.data.w, NULL, node->scratch);
  if (p->cut == KS_BY_IMAGES)
    ks_parallel_range(context, p->parts, 1, backward_parts, &j);
  else
    backward_all(context, &j);
  if (j.dw && p->cut != KS_BY_UNITS) join(context, &j, 0, j.dw, j.add_dw, p->weights);
  if (j.dbias) join(context, &j, p->bias_at, j.dbias, j.add_dbias, p->y_channels);
  return KS_OK;
}

ks_status KS_NAME(conv_backward)(ks_node *node, const ks_context *context) {
  return backward(node, context);
}

ks_status KS_NAME(conv_transpose_backward)(ks_node *node, const ks_context *context) {
  return backward(node, context);
}

#endif
