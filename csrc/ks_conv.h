/* Convolutions of up to three spatial axes, channels last: what an op's node
 * says of them, and the kernels on which the ops are built.
 *
 * All ops that slide a window share one geometry. With o a place of the output,
 * t a tap of the kernel and i the place of the input that they meet at,
 *
 *   i = o * stride + t * dilation - pad        along each axis,
 *
 * and what lies outside of the input is 0. A picture has a first axis of size
 * 1, a sequence two of them.
 *
 *   x (batch, input..., channels)   w (kernel..., channels / groups, filters)
 *   y (batch, output..., filters)
 *
 * Filters come in `groups` of neighbours; those of group g see the channels of
 * group g. With groups == channels it is a depthwise convolution.
 */
#ifndef KS_CONV_H
#define KS_CONV_H

#include "ks_ops.h"

#define KS_CONV_AXES 3

typedef struct {
  int64_t batch, channels, filters, groups, activation; /* a ks_activation */
  int64_t input[KS_CONV_AXES], output[KS_CONV_AXES], kernel[KS_CONV_AXES];
  int64_t stride[KS_CONV_AXES], dilation[KS_CONV_AXES], pad[KS_CONV_AXES];
} ks_conv_geometry;

/* Where they stand in node->size; three each of the last six. */
enum {
  KS_CONV_BATCH,
  KS_CONV_CHANNELS,
  KS_CONV_FILTERS,
  KS_CONV_GROUPS,
  KS_CONV_ACTIVATION,
  KS_CONV_INPUT,
  KS_CONV_OUTPUT = KS_CONV_INPUT + KS_CONV_AXES,
  KS_CONV_KERNEL = KS_CONV_OUTPUT + KS_CONV_AXES,
  KS_CONV_STRIDE = KS_CONV_KERNEL + KS_CONV_AXES,
  KS_CONV_DILATION = KS_CONV_STRIDE + KS_CONV_AXES,
  KS_CONV_PAD = KS_CONV_DILATION + KS_CONV_AXES,
  KS_CONV_SIZES = KS_CONV_PAD + KS_CONV_AXES
};

static inline ks_conv_geometry ks_conv_geometry_of(const ks_node *node) {
  const int64_t *size = node->size;
  ks_conv_geometry g = {.batch = size[KS_CONV_BATCH],
                        .channels = size[KS_CONV_CHANNELS],
                        .filters = size[KS_CONV_FILTERS],
                        .groups = size[KS_CONV_GROUPS],
                        .activation = size[KS_CONV_ACTIVATION]};
  for (int axis = 0; axis < KS_CONV_AXES; axis++) {
    g.input[axis] = size[KS_CONV_INPUT + axis];
    g.output[axis] = size[KS_CONV_OUTPUT + axis];
    g.kernel[axis] = size[KS_CONV_KERNEL + axis];
    g.stride[axis] = size[KS_CONV_STRIDE + axis];
    g.dilation[axis] = size[KS_CONV_DILATION + axis];
    g.pad[axis] = size[KS_CONV_PAD + axis];
  }
  return g;
}

/* Places in an image on either side, and weights of a filter's taps. */
static inline int64_t ks_conv_volume(const int64_t *size) { return size[0] * size[1] * size[2]; }

static inline int64_t ks_conv_weights(const ks_conv_geometry *g) {
  return ks_conv_volume(g->kernel) * (g->channels / g->groups) * g->filters;
}

/* Filters to a channel of a depthwise convolution with few of them, else 0. */
static inline int64_t ks_conv_lanes(const ks_conv_geometry *g) {
  int64_t lanes = g->groups > 1 && g->groups == g->channels ? g->filters / g->groups : 0;
  return lanes <= 8 ? lanes : 0;
}

/* The taps along an axis that place `o` of the output has within the input. */
typedef struct {
  int64_t begin, end;
} ks_conv_taps;

static inline ks_conv_taps ks_conv_taps_of(const ks_conv_geometry *g, int axis, int64_t o) {
  int64_t step = g->dilation[axis], at = o * g->stride[axis] - g->pad[axis];
  int64_t left = g->input[axis] - at; /* from tap 0 to the end */
  ks_conv_taps taps = {at < 0 ? (-at + step - 1) / step : 0,
                       left > 0 ? (left + step - 1) / step : 0};
  if (taps.end > g->kernel[axis]) taps.end = g->kernel[axis];
  if (taps.begin > taps.end) taps.begin = taps.end;
  return taps;
}

#ifdef KS_DTYPE
/* What the node of a pooling does for some images, on the calling thread: a
 * convolution whose result it takes has it done while those are in the cache
 * (node->pool). That saves writing and reading the gradient of all images, which
 * is most of what pooling costs. Backward writes the first image's at dx. */
void KS_NAME(pool_images)(const ks_node *node, const real *x, int64_t first, int64_t images);
void KS_NAME(pool_images_slope)(const ks_node *node, int64_t first, int64_t images, real *dx);
#endif

#endif
