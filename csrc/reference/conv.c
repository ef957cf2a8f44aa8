/* Convolution from its definition: every place of the output, tap, channel and
 * filter in turn, with a look whether the place in the input is there. */
#include "../ks_conv.h"
#include "activation.h"
#include "reference.h"

#if KS_IS_REAL

typedef void (*visitor)(void *job, int64_t image_place, int64_t weight, int64_t result_place);

/* Calls visit(job, element of the input, of the weights, of the output) for each
 * product in the sum that a convolution is. */
static void each_product(const ks_conv_geometry *g, visitor visit, void *job) {
  int64_t channels = g->channels / g->groups, filters = g->filters / g->groups;
  int64_t places = ks_conv_volume(g->output), taps = ks_conv_volume(g->kernel);
  for (int64_t n = 0; n < g->batch; n++)
    for (int64_t place = 0; place < places; place++)
      for (int64_t tap = 0; tap < taps; tap++) {
        int64_t o = place, t = tap, pixel = 0, step = 1, inside = 1;
        for (int axis = KS_CONV_AXES - 1; axis >= 0; axis--) {
          int64_t i = o % g->output[axis] * g->stride[axis] +
                      t % g->kernel[axis] * g->dilation[axis] - g->pad[axis];
          inside &= i >= 0 && i < g->input[axis];
          pixel += i * step;
          step *= g->input[axis];
          o /= g->output[axis];
          t /= g->kernel[axis];
        }
        for (int64_t f = 0; inside && f < g->filters; f++)
          for (int64_t c = 0; c < channels; c++)
            visit(job, (n * step + pixel) * g->channels + f / filters * channels + c,
                  (tap * channels + c) * g->filters + f, (n * places + place) * g->filters + f);
      }
}

/* The node's x and y, which the transpose has the other way round. */
typedef struct {
  const ks_node *node;
  ks_conv_geometry g;
  int transposed;
  const real *x, *w;
  int64_t channels; /* the last axis of y */
  wide *sums, *z, *dz;
} layer;

static layer layer_of(const ks_node *node) {
  layer f = {.node = node, .g = ks_conv_geometry_of(node)};
  f.transposed = node->op == KS_OP_conv_transpose;
  f.channels = f.transposed ? f.g.channels : f.g.filters;
  f.x = node->in[0].data;
  f.w = node->in[1].data;
  return f;
}

static void add_to_output(void *job, int64_t input, int64_t weight, int64_t output) {
  layer *f = job;
  if (f->transposed)
    f->z[input] += (wide)f->x[output] * f->w[weight];
  else
    f->z[output] += (wide)f->x[input] * f->w[weight];
}

static void find_output(layer *f) {
  const real *bias = f->node->n_in == 3 || f->node->n_in == 6 ? f->node->in[2].data : NULL;
  int64_t count = f->node->out[0].count;
  f->z = new_sums(count);
  for (int64_t i = 0; bias && i < count; i++) f->z[i] = bias[i % f->channels];
  each_product(&f->g, add_to_output, f);
}

static ks_status conv_forward(ks_node *node) {
  layer f = layer_of(node);
  real *y = node->out[0].data;
  find_output(&f);
  for (int64_t i = 0; i < node->out[0].count; i++)
    y[i] = (real)activate(f.g.activation, scaled(node, f.z[i], i % f.channels));
  free(f.z);
  return KS_OK;
}

static void add_to_data(void *job, int64_t input, int64_t weight, int64_t output) {
  layer *f = job;
  if (f->transposed)
    f->sums[output] += f->dz[input] * f->w[weight];
  else
    f->sums[input] += f->dz[output] * f->w[weight];
}

static void add_to_weights(void *job, int64_t input, int64_t weight, int64_t output) {
  layer *f = job;
  f->sums[weight] += f->transposed ? f->dz[input] * f->x[output] : f->dz[output] * f->x[input];
}

static void find_gradient(layer *f, int which) {
  f->sums = new_sums(f->node->in[which].count);
  if (which < 2)
    each_product(&f->g, which == 0 ? add_to_data : add_to_weights, f);
  else
    for (int64_t i = 0; i < f->node->out[0].count; i++) f->sums[i % f->channels] += f->dz[i];
  give_gradient(&f->node->in[which], f->sums);
}

static ks_status conv_backward(ks_node *node) {
  layer f = layer_of(node);
  const real *dy = node->out[0].grad;
  find_output(&f);
  f.dz = new_sums(node->out[0].count);
  for (int64_t i = 0; i < node->out[0].count; i++) f.dz[i] = dy[i] * slope(f.g.activation, f.z[i]);
  for (int which = 0; which < node->n_in; which++)
    if (node->in[which].grad) find_gradient(&f, which);
  free(f.z);
  free(f.dz);
  return KS_OK;
}

FORWARD(conv) { return conv_forward(node); }
BACKWARD(conv) { return conv_backward(node); }
FORWARD(conv_transpose) { return conv_forward(node); }
BACKWARD(conv_transpose) { return conv_backward(node); }

#endif
