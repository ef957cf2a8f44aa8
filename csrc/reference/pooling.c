#include "../ks_conv.h"
#include "reference.h"

#if KS_IS_REAL

/* Place i of a grid of three axes. */
static void place_of(int64_t i, const int64_t *size, int64_t *place) {
  for (int axis = KS_CONV_AXES - 1; axis >= 0; axis--) {
    place[axis] = i % size[axis];
    i /= size[axis];
  }
}

/* Where tap t of output place o meets the image, in pixels; -1 outside of it. */
static int64_t met_by(const ks_conv_geometry *g, int64_t o, int64_t t) {
  int64_t place[KS_CONV_AXES], tap[KS_CONV_AXES], at = 0;
  place_of(o, g->output, place);
  place_of(t, g->kernel, tap);
  for (int axis = 0; axis < KS_CONV_AXES; axis++) {
    int64_t i = place[axis] * g->stride[axis] + tap[axis] - g->pad[axis];
    if (i < 0 || i >= g->input[axis]) return -1;
    at = at * g->input[axis] + i;
  }
  return at;
}

typedef struct {
  ks_conv_geometry g;
  int64_t places, taps, pixels; /* of an image's output, of a window, of an image */
} grid;

static grid grid_of(const ks_node *node) {
  grid s = {.g = ks_conv_geometry_of(node), .places = 1, .taps = 1, .pixels = 1};
  for (int axis = 0; axis < KS_CONV_AXES; axis++) {
    s.places *= s.g.output[axis];
    s.taps *= s.g.kernel[axis];
    s.pixels *= s.g.input[axis];
  }
  return s;
}

/* Element of x under tap t of element i of y; -1 outside. */
static int64_t under(const grid *s, int64_t i, int64_t t) {
  int64_t c = i % s->g.channels, pixel = i / s->g.channels;
  int64_t met = met_by(&s->g, pixel % s->places, t);
  return met < 0 ? -1 : (pixel / s->places * s->pixels + met) * s->g.channels + c;
}

/* The first of the largest, or the last nan. */
static int64_t largest_under(const grid *s, const real *x, int64_t i) {
  int64_t best = -1;
  for (int64_t t = 0; t < s->taps; t++) {
    int64_t at = under(s, i, t);
    if (at >= 0 && (best < 0 || x[at] > x[best] || isnan(x[at]))) best = at;
  }
  return best;
}

FORWARD(max_pool) {
  grid s = grid_of(node);
  const real *x = node->in[0].data;
  for (int64_t i = 0; i < node->out[0].count; i++)
    ((real *)node->out[0].data)[i] = x[largest_under(&s, x, i)];
  return KS_OK;
}

BACKWARD(max_pool) {
  grid s = grid_of(node);
  wide *dx = new_sums(node->in[0].count);
  for (int64_t i = 0; i < node->out[0].count; i++)
    dx[largest_under(&s, node->in[0].data, i)] += ((const real *)node->out[0].grad)[i];
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

static int64_t count_under(const grid *s, int64_t i) {
  int64_t n = 0;
  for (int64_t t = 0; t < s->taps; t++) n += under(s, i, t) >= 0;
  return n;
}

FORWARD(average_pool) {
  grid s = grid_of(node);
  for (int64_t i = 0; i < node->out[0].count; i++) {
    wide sum = 0;
    for (int64_t t = 0; t < s.taps; t++)
      if (under(&s, i, t) >= 0) sum += ((const real *)node->in[0].data)[under(&s, i, t)];
    ((real *)node->out[0].data)[i] = (real)(sum / (wide)count_under(&s, i));
  }
  return KS_OK;
}

BACKWARD(average_pool) {
  grid s = grid_of(node);
  wide *dx = new_sums(node->in[0].count);
  for (int64_t i = 0; i < node->out[0].count; i++)
    for (int64_t t = 0; t < s.taps; t++)
      if (under(&s, i, t) >= 0)
        dx[under(&s, i, t)] += ((const real *)node->out[0].grad)[i] / (wide)count_under(&s, i);
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

#endif
