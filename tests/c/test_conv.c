#include <stdio.h>

#include "../../csrc/ks_conv_plan.h"
#include "harness.h"

/* A geometry of random sizes, each axis within what `most` allows. */
typedef struct {
  int64_t sizes[KS_CONV_SIZES];
} geometry;

static int64_t product(const int64_t *sizes) { return sizes[0] * sizes[1] * sizes[2]; }

static void name_case(kt_case *c, const int64_t *s) {
  snprintf(
      c->name, sizeof c->name,
      "n%d c%d f%d g%d a%d in %dx%dx%d out %dx%dx%d k %dx%dx%d s %d %d %d d %d %d %d p %d %d %d",
      (int)s[0], (int)s[1], (int)s[2], (int)s[3], (int)s[4], (int)s[5], (int)s[6], (int)s[7],
      (int)s[8], (int)s[9], (int)s[10], (int)s[11], (int)s[12], (int)s[13], (int)s[14], (int)s[15],
      (int)s[16], (int)s[17], (int)s[18], (int)s[19], (int)s[20], (int)s[21], (int)s[22]);
}

static void check(ks_op op, int dtype, const geometry *g, int has_bias) {
  const int64_t *s = g->sizes;
  int transposed = op == KS_OP_conv_transpose;
  int64_t input = s[0] * product(s + KS_CONV_INPUT) * s[1];
  int64_t output = s[0] * product(s + KS_CONV_OUTPUT) * s[2];
  int64_t weights = product(s + KS_CONV_KERNEL) * (s[1] / s[3]) * s[2];
  kt_case *c = kt_new(op, dtype, " ");
  name_case(c, s);
  kt_sizes(c, KS_CONV_SIZES, s);
  kt_input_filled(c, dtype, transposed ? output : input, KT_UNIFORM);
  kt_input_filled(c, dtype, weights, KT_UNIFORM);
  if (has_bias) kt_input_filled(c, dtype, transposed ? s[1] : s[2], KT_UNIFORM);
  kt_output(c, dtype, transposed ? input : output);
  c->node.scratch_bytes = ks_conv_scratch_bytes(&c->node);
  c->smooth = s[4] != KS_RELU && input + output + weights < 400;
  c->scale = (double)(weights / s[2] + output / s[2] + s[2]) / 16;
  kt_check(c);
}

static int64_t between(int64_t low, int64_t high) { return low + kt_below(high - low + 1); }

static void set_axis(geometry *g, int axis, int64_t kernel, int64_t stride, int64_t dilation,
                     int64_t pad, int64_t output, int64_t rest) {
  int64_t *s = g->sizes;
  int64_t input = (output - 1) * stride + dilation * (kernel - 1) + 1 - pad + rest;
  s[KS_CONV_KERNEL + axis] = kernel;
  s[KS_CONV_STRIDE + axis] = stride;
  s[KS_CONV_DILATION + axis] = dilation;
  s[KS_CONV_PAD + axis] = pad;
  s[KS_CONV_OUTPUT + axis] = output;
  s[KS_CONV_INPUT + axis] = input > 1 ? input : 1;
}

/* Padding before the input of up to the kernel, and after it of as much. */
static void random_axis(geometry *g, int axis, int64_t most) {
  int64_t kernel = between(1, 5), stride = between(1, 3), dilation = between(1, 2);
  int64_t reach = dilation * (kernel - 1) + 1;
  set_axis(g, axis, kernel, stride, dilation, kt_below(reach), between(1, most),
           between(-reach + 1, stride - 1));
}

static void no_axis(geometry *g, int axis) { set_axis(g, axis, 1, 1, 1, 0, 1, 0); }

static geometry random_geometry(int n_axes, int64_t most, int64_t channels, int64_t filters) {
  geometry g = {{between(0, 3), between(1, channels), between(1, filters), 1, between(0, 3)}};
  for (int axis = 0; axis < KS_CONV_AXES; axis++) {
    if (axis < KS_CONV_AXES - n_axes)
      no_axis(&g, axis);
    else
      random_axis(&g, axis, most);
  }
  return g;
}

static void check_random(int dtype) {
  for (int i = 0; i < 60; i++) {
    int n_axes = (int)between(1, 3);
    geometry g = random_geometry(n_axes, n_axes == 1 ? 20 : n_axes == 2 ? 6 : 3, 9, 9);
    check(KS_OP_conv_transpose, dtype, &g, i % 2);
    g.sizes[KS_CONV_GROUPS] = between(1, 4);
    g.sizes[KS_CONV_CHANNELS] *= g.sizes[KS_CONV_GROUPS];
    g.sizes[KS_CONV_FILTERS] *= g.sizes[KS_CONV_GROUPS];
    check(KS_OP_conv, dtype, &g, i % 2);
  }
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) check_random(dtype);
  return kt_summary("conv");
}
