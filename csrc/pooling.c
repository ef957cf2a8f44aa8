/* Maxima and means of windows that slide over images, in the geometry of
 * ks_conv.h. What lies outside of the input is neither a maximum nor counted.
 *
 * Windows that have nothing in common, as nearly all have, are shared out by
 * rows of the output, and backward writes each row of dx once: where windows
 * stand while it looks for their maxima, and zeros between them. Where they
 * overlap, backward goes through them image by image, or by some channels of an
 * image where there are few images; rows of dx are set to 0 when the first
 * window comes to them, and what the windows give is added.
 */
#include <string.h>

#include "ks_conv.h"
#include "ks_tiles.h"

#if KS_FLOATING

#include "ks_windows.h"

typedef struct {
  ks_conv_geometry g;
  const real *x, *dy;
  real *y, *dx;
  int add, overlap;
  int64_t chunks, chunk; /* of the channels */
  ks_windows_function function;
} pooling;

/* Places that a function does not use are moved along with the others: forward
 * has no gradients. */
static pooling pooling_of(const ks_node *node, ks_windows_function function) {
  const ks_operand *in = &node->in[0], *out = &node->out[0];
  pooling p = {.g = ks_conv_geometry_of(node), .function = function};
  p.x = in->data;
  p.y = out->data;
  p.dy = out->grad ? out->grad : out->data;
  p.dx = in->grad ? in->grad : in->data;
  p.chunks = 1;
  p.chunk = p.g.channels;
  return p;
}

/* Rows of the output that a unit is one of. */
static int64_t rows_of(const ks_conv_geometry *g) { return g->batch * g->output[0] * g->output[1]; }

/* Of place 0 to place 2 of an image of the input. */
static int64_t input_at(const ks_conv_geometry *g, int64_t image, int64_t plane, int64_t row,
                        int64_t column) {
  return (((image * g->input[0] + plane) * g->input[1] + row) * g->input[2] + column) * g->channels;
}

/* The windows of one row of the output. */
typedef struct {
  int64_t image, place[2];
  ks_conv_taps taps[2]; /* along the first two axes */
  int64_t channel, channels;
} pooling_row;

static pooling_row row_at(const pooling *p, int64_t row, int64_t chunk) {
  const ks_conv_geometry *g = &p->g;
  pooling_row r = {.place = {row / g->output[1] % g->output[0], row % g->output[1]}};
  r.image = row / (g->output[0] * g->output[1]);
  for (int axis = 0; axis < 2; axis++) r.taps[axis] = ks_conv_taps_of(g, axis, r.place[axis]);
  r.channel = chunk * p->chunk;
  r.channels = g->channels - r.channel < p->chunk ? g->channels - r.channel : p->chunk;
  return r;
}

static int64_t first_of(const ks_conv_geometry *g, int axis, int64_t place, ks_conv_taps taps) {
  return place * g->stride[axis] - g->pad[axis] + taps.begin;
}

/* How many windows from `place` on are whole, or else 1 that is not. */
static int64_t alike_from(const ks_conv_geometry *g, int64_t place, ks_conv_taps taps) {
  int64_t last = (g->input[2] + g->pad[2] - g->kernel[2]) / g->stride[2];
  if (taps.end - taps.begin < g->kernel[2]) return 1;
  return (last < g->output[2] - 1 ? last : g->output[2] - 1) - place + 1;
}

static void pool_row(const pooling *p, const pooling_row *r) {
  const ks_conv_geometry *g = &p->g;
  const int64_t pixel = g->channels, line = g->input[2] * pixel, plane = g->input[1] * line;
  const int64_t y_at = ((r->image * g->output[0] + r->place[0]) * g->output[1] + r->place[1]) *
                           g->output[2] * pixel +
                       r->channel;
  ks_windows run = {.x_step = g->stride[2] * pixel, .y_step = pixel, .channels = r->channels};
  for (int axis = 0; axis < 2; axis++) run.taps[axis] = r->taps[axis].end - r->taps[axis].begin;
  run.step[0] = plane, run.step[1] = line, run.step[2] = pixel;
  for (int64_t place = 0; place < g->output[2]; place += run.windows) {
    const ks_conv_taps taps = ks_conv_taps_of(g, 2, place);
    const int64_t x_at =
        input_at(g, r->image, first_of(g, 0, r->place[0], r->taps[0]),
                 first_of(g, 1, r->place[1], r->taps[1]), first_of(g, 2, place, taps)) +
        r->channel;
    run.taps[2] = taps.end - taps.begin;
    run.windows = alike_from(g, place, taps);
    run.share = 1 / (real)(run.taps[0] * run.taps[1] * run.taps[2]);
    run.x = p->x + x_at;
    run.y = p->y + y_at + place * pixel;
    run.dx = p->dx + x_at;
    run.dy = p->dy + y_at + place * pixel;
    p->function(&run);
  }
}

/* ---- forward ----------------------------------------------------------------------- */

static void forward_range(void *arg, int64_t begin, int64_t end) {
  const pooling *p = arg;
  for (int64_t row = begin; row < end; row++) {
    const pooling_row r = row_at(p, row, 0);
    pool_row(p, &r);
  }
}

/* Units that are worth handing over, of so many elements of the input. */
static int64_t units_a_tile(const ks_conv_geometry *g, int64_t units) {
  const int64_t all = g->batch * ks_conv_volume(g->input) * g->channels;
  return units > 0 ? KS_TILE_ELEMENTS / (all / units + 1) + 1 : 1;
}

static ks_status forward(ks_node *node, const ks_context *context, ks_windows_function function) {
  pooling p = pooling_of(node, function);
  const int64_t rows = rows_of(&p.g);
  if (node->out[0].count)
    ks_parallel_range(context, rows, units_a_tile(&p.g, rows), forward_range, &p);
  return KS_OK;
}

/* ---- backward ---------------------------------------------------------------------- */

static void clear(const pooling *p, const pooling_row *r, int64_t at, int64_t pixels) {
  const int64_t channels = p->g.channels;
  real *dx = p->dx + at + r->channel;
  if (pixels <= 0) return;
  if (r->channels == channels) {
    memset(dx, 0, (size_t)(pixels * channels) * sizeof(real));
    return;
  }
  for (int64_t i = 0; i < pixels; i++)
    memset(dx + i * channels, 0, (size_t)r->channels * sizeof(real));
}

/* What windows leave out of a line that starts at `at`. */
static void clear_between(const pooling *p, const pooling_row *r, int64_t at) {
  const ks_conv_geometry *g = &p->g;
  int64_t column = 0;
  for (int64_t place = 0; place < g->output[2]; place++) {
    const ks_conv_taps taps = ks_conv_taps_of(g, 2, place);
    const int64_t first = first_of(g, 2, place, taps);
    clear(p, r, at + column * g->channels, first - column);
    column = first + taps.end - taps.begin;
  }
  clear(p, r, at + column * g->channels, g->input[2] - column);
}

/* Planes or lines of the input that no row before this one has come to; the
 * last takes what is left. */
static ks_conv_taps reached_by(const ks_conv_geometry *g, int axis, int64_t place) {
  ks_conv_taps reached = {0, g->input[axis]};
  if (place > 0) {
    const ks_conv_taps taps = ks_conv_taps_of(g, axis, place - 1);
    reached.begin = first_of(g, axis, place - 1, taps) + taps.end - taps.begin;
  }
  if (place < g->output[axis] - 1) {
    const ks_conv_taps taps = ks_conv_taps_of(g, axis, place);
    reached.end = first_of(g, axis, place, taps) + taps.end - taps.begin;
  }
  return reached;
}

static int is_within(const ks_conv_geometry *g, const pooling_row *r, int axis, int64_t place) {
  const int64_t first = first_of(g, axis, r->place[axis], r->taps[axis]);
  return place >= first && place < first + r->taps[axis].end - r->taps[axis].begin;
}

static void clear_reached(const pooling *p, const pooling_row *r) {
  const ks_conv_geometry *g = &p->g;
  const ks_conv_taps planes = reached_by(g, 0, r->place[0]), lines = reached_by(g, 1, r->place[1]);
  for (int64_t plane = planes.begin; plane < planes.end; plane++)
    for (int64_t line = lines.begin; line < lines.end; line++) {
      const int64_t at = input_at(g, r->image, plane, line, 0);
      if (!p->overlap && is_within(g, r, 0, plane) && is_within(g, r, 1, line))
        clear_between(p, r, at);
      else
        clear(p, r, at, g->input[2]);
    }
}

static void backward_row(const pooling *p, int64_t row, int64_t chunk) {
  const pooling_row r = row_at(p, row, chunk);
  if (!p->add) clear_reached(p, &r);
  pool_row(p, &r);
}

static void backward_rows(void *arg, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; row++) backward_row(arg, row, 0);
}

static void backward_images(void *arg, int64_t begin, int64_t end) {
  const pooling *p = arg;
  const int64_t rows = p->g.output[0] * p->g.output[1];
  for (int64_t unit = begin; unit < end; unit++)
    for (int64_t row = 0; row < rows; row++)
      backward_row(p, unit / p->chunks * rows + row, unit % p->chunks);
}

#define FEW_IMAGES 16
#define CHUNK 64 /* channels: still whole cache lines, and several */

static int windows_overlap(const ks_conv_geometry *g) {
  for (int axis = 0; axis < KS_CONV_AXES; axis++)
    if (g->stride[axis] < g->kernel[axis] && g->output[axis] > 1) return 1;
  return 0;
}

static pooling slope_of(const ks_node *node, ks_windows_function written,
                        ks_windows_function added) {
  pooling p = pooling_of(node, written);
  p.add = node->in[0].add;
  p.overlap = windows_overlap(&p.g);
  if (p.add || p.overlap) p.function = added;
  return p;
}

static ks_status backward(ks_node *node, const ks_context *context, ks_windows_function written,
                          ks_windows_function added) {
  pooling p = slope_of(node, written, added);
  if (!node->in[0].grad || !node->in[0].count) return KS_OK;
  if (p.overlap && p.g.batch < FEW_IMAGES && p.g.channels > CHUNK) p.chunk = CHUNK;
  p.chunks = (p.g.channels + p.chunk - 1) / p.chunk;
  const int64_t units = p.overlap ? p.g.batch * p.chunks : rows_of(&p.g);
  ks_parallel_range(context, units, units_a_tile(&p.g, units),
                    p.overlap ? backward_images : backward_rows, &p);
  return KS_OK;
}

/* ---- the ops ------------------------------------------------------------------------- */

ks_status KS_NAME(max_pool_forward)(ks_node *node, const ks_context *context) {
  return forward(node, context, ks_windows_max);
}

ks_status KS_NAME(max_pool_backward)(ks_node *node, const ks_context *context) {
  return backward(node, context, ks_windows_max_slope, ks_windows_max_slope_added);
}

ks_status KS_NAME(average_pool_forward)(ks_node *node, const ks_context *context) {
  return forward(node, context, ks_windows_mean);
}

ks_status KS_NAME(average_pool_backward)(ks_node *node, const ks_context *context) {
  return backward(node, context, ks_windows_mean_slope, ks_windows_mean_slope_added);
}

/* ---- some images, along with the convolution before ------------------------------------ */

static void use_images(pooling *p, int64_t first, int64_t images) {
  const int64_t input = ks_conv_volume(p->g.input) * p->g.channels;
  const int64_t output = ks_conv_volume(p->g.output) * p->g.channels;
  p->g.batch = images;
  p->x += first * input;
  p->y += first * output;
  p->dy += first * output;
}

void KS_NAME(pool_images)(const ks_node *node, const real *x, int64_t first, int64_t images) {
  const int is_max = node->op == KS_OP_max_pool;
  pooling p = pooling_of(node, is_max ? ks_windows_max : ks_windows_mean);
  use_images(&p, first, images);
  p.x = x;
  forward_range(&p, 0, rows_of(&p.g));
}

void KS_NAME(pool_images_slope)(const ks_node *node, int64_t first, int64_t images, real *dx) {
  pooling p = node->op == KS_OP_max_pool
                  ? slope_of(node, ks_windows_max_slope, ks_windows_max_slope_added)
                  : slope_of(node, ks_windows_mean_slope, ks_windows_mean_slope_added);
  use_images(&p, first, images);
  p.dx = dx;
  backward_rows(&p, 0, rows_of(&p.g));
}

#endif
