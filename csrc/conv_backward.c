/* Convolution and its transpose: the nodes' backward half (ks_conv_plan.h). */
#include <string.h>

#include "ks_activate.h"
#include "ks_columns.h"
#include "ks_conv_plan.h"
#include "ks_tiles.h"

#if KS_FLOATING

typedef struct {
  ks_conv_plan plan;
  const ks_node *pool;
  const real *x, *y, *dy;
  const real *dz;        /* of all images, if they are few */
  ks_conv_job data;      /* of which every group of images has its x and y */
  real *dx, *dw, *dbias; /* NULL: not wanted */
  int add_dw, add_dbias;
  char *parts;
} backward_job;

static backward_job job_of(const ks_node *node) {
  const ks_operand *in = node->in;
  int has_bias = node->n_in > 2;
  backward_job j = {.plan = ks_conv_plan_of(node), .pool = node->pool, .x = in[0].data};
  j.y = node->out[0].data, j.dy = j.dz = node->out[0].grad;
  j.dx = in[0].grad, j.dw = in[1].grad, j.dbias = has_bias ? in[2].grad : NULL;
  j.add_dw = in[1].add, j.add_dbias = has_bias && in[2].add;
  j.data = (ks_conv_job){.w = in[1].data, .activation = KS_LINEAR, .add = in[0].add};
  j.data.scratch = node->scratch;
  j.parts = (char *)node->scratch + j.plan.parts_at;
  return j;
}

/* ---- a part's sums --------------------------------------------------------- */

static void add_column_sums(real *sums, const real *x, int64_t rows, int64_t columns) {
  real total[KS_SUM_WIDTH];
  if (columns > 0 && columns <= KS_SUM_WIDTH / 2) {
    ks_sum_of_narrow_rows(total, x, rows, columns);
    for (int64_t c = 0; c < columns; c++) sums[c] += total[c];
    return;
  }
  for (int64_t c0 = 0; c0 < columns; c0 += KS_SUM_WIDTH) {
    int64_t width = columns - c0 < KS_SUM_WIDTH ? columns - c0 : KS_SUM_WIDTH;
    ks_sum_of_rows(total, x + c0, rows, columns, width);
    for (int64_t c = 0; c < width; c++) sums[c0 + c] += total[c];
  }
}

/* dw += a share of what some images give. */
static void add_weights(const backward_job *j, int64_t images, const real *x, const real *dz,
                        real *dw, ks_weights_share share, char *part) {
  const ks_conv_plan *p = &j->plan;
  if (ks_conv_lanes(&p->g))
    KS_NAME(conv_depthwise_weights)(&p->g, images, x, dz, dw, (ks_run *)(part + p->panel_at));
  else
    KS_NAME(conv_weights)(&p->g, images, p->transposed ? dz : x, p->transposed ? x : dz, dw, &share,
                          (real *)(part + p->panel_at));
}

/* ---- parts of the batch ------------------------------------------------------ */

/* Some images: dz, then all that follows from it. */
static void backward_images(const backward_job *j, int64_t first, int64_t images, char *part) {
  const ks_conv_plan *p = &j->plan;
  const ks_conv_geometry *g = &p->g;
  int64_t count = images * p->y_size;
  const real *x = j->x + first * p->x_size, *dz = j->dy + first * p->y_size;
  real *delta = (real *)(part + p->delta_at);
  if (j->pool) {
    KS_NAME(pool_images_slope)(j->pool, first, images, delta);
    dz = delta;
  }
  if (g->activation != KS_LINEAR) {
    ks_activation_slope(delta, dz, j->y + first * p->y_size, count, g->activation);
    dz = delta;
  }
  if (j->dbias && count)
    add_column_sums((real *)(part + p->bias_at), dz, count / p->y_channels, p->y_channels);
  if (j->dw) add_weights(j, images, x, dz, (real *)part, ks_all_weights(g), part);
  if (j->dx) {
    ks_conv_job data = j->data;
    data.x = dz, data.y = j->dx + first * p->x_size;
    KS_NAME(conv_pass_images)(&p->data, &data, images, (ks_run *)(part + p->runs_at));
  }
}

static void parts_of_batch(void *arg, int64_t begin, int64_t end) {
  const backward_job *j = arg;
  const ks_conv_plan *p = &j->plan;
  for (int64_t index = begin; index < end; index++) {
    char *part = j->parts + index * p->part;
    memset(part, 0, (size_t)p->delta_at);
    int64_t last = (index + 1) * p->g.batch / p->parts;
    for (int64_t i = index * p->g.batch / p->parts; i < last; i += p->group)
      backward_images(j, i, ks_least(p->group, last - i), part);
  }
}

/* ---- parts of the rows, for few images ---------------------------------------- */

static void slope_range(void *arg, int64_t begin, int64_t end) {
  const backward_job *j = arg;
  real *delta = (real *)(j->parts + j->plan.parts * j->plan.part);
  ks_activation_slope(delta + begin, j->dy + begin, j->y + begin, end - begin,
                      j->plan.g.activation);
}

/* Rows begin .. end of the output, counted through the images. Depthwise weights
 * are summed by image, with the last of its rows. */
static void add_weights_of_rows(const backward_job *j, int64_t begin, int64_t end, char *part) {
  const ks_conv_plan *p = &j->plan;
  ks_weights_share share = ks_all_weights(&p->g);
  int64_t rows = share.row_end;
  for (int64_t image = rows ? begin / rows : 0; begin < end; image++) {
    int64_t first = image * rows, last = ks_least(first + rows, end);
    const real *x = j->x + image * p->x_size, *dz = j->dz + image * p->y_size;
    share.row_begin = begin - first, share.row_end = last - first;
    if (!ks_conv_lanes(&p->g) || last == first + rows)
      add_weights(j, 1, x, dz, (real *)part, share, part);
    begin = last;
  }
}

/* Of all rows, those units of dw that are the part's. */
static void add_part_of_weights(const backward_job *j, int64_t index, char *part) {
  const ks_conv_plan *p = &j->plan;
  ks_weights_share share = ks_all_weights(&p->g);
  int64_t units = KS_NAME(conv_weights_units)(&p->g);
  share.unit_begin = index * units / p->parts, share.unit_end = (index + 1) * units / p->parts;
  add_weights(j, p->g.batch, j->x, j->dz, j->dw, share, part);
}

static void parts_of_rows(void *arg, int64_t begin, int64_t end) {
  const backward_job *j = arg;
  const ks_conv_plan *p = &j->plan;
  int64_t rows = p->g.batch * p->g.output[0] * p->g.output[1];
  int64_t pixels = p->y_channels ? p->g.batch * p->y_size / p->y_channels : 0;
  for (int64_t index = begin; index < end; index++) {
    char *part = j->parts + index * p->part;
    memset(part, 0, (size_t)p->delta_at);
    int64_t first = index * pixels / p->parts, last = (index + 1) * pixels / p->parts;
    if (j->dbias)
      add_column_sums((real *)(part + p->bias_at), j->dz + first * p->y_channels, last - first,
                      p->y_channels);
    if (j->dw && p->by_weights)
      add_part_of_weights(j, index, part);
    else if (j->dw)
      add_weights_of_rows(j, index * rows / p->parts, (index + 1) * rows / p->parts, part);
  }
}

static void zero_range(void *arg, int64_t begin, int64_t end) {
  memset((real *)arg + begin, 0, (size_t)(end - begin) * sizeof(real));
}

static void backward_rows(backward_job *j, const ks_context *context) {
  const ks_conv_plan *p = &j->plan;
  if (p->g.activation != KS_LINEAR) {
    ks_parallel_range(context, p->g.batch * p->y_size, KS_TILE_ELEMENTS, slope_range, j);
    j->dz = (const real *)(j->parts + p->parts * p->part);
  }
  if (j->dw && p->by_weights && !j->add_dw)
    ks_parallel_range(context, p->weights, KS_TILE_ELEMENTS, zero_range, j->dw);
  if (j->dw || j->dbias) ks_parallel_parts(context, p->parts, parts_of_rows, j);
  j->data.x = j->dz, j->data.y = j->dx;
  if (j->dx) KS_NAME(conv_pass)(context, &p->data, &j->data);
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
  if (p->by_image)
    ks_parallel_parts(context, p->parts, parts_of_batch, &j);
  else
    backward_rows(&j, context);
  if (j.dw && !p->by_weights) join(context, &j, 0, j.dw, j.add_dw, p->weights);
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
