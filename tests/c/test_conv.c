#include <stdio.h>

#include "../../csrc/ks_conv_plan.h"
#include "harness.h"

/* Sizes as they stand in a node, and a name for what fails. */
typedef struct {
  int64_t sizes[KS_CONV_SIZES];
} geometry;

static int64_t product(const int64_t *sizes) { return sizes[0] * sizes[1] * sizes[2]; }

static int64_t between(int64_t low, int64_t high) { return low + kt_below(high - low + 1); }

static void name_case(kt_case *c, const int64_t *s) {
  static const char *names[] = {"n",    "c",       "f",       "g",         "a",   "in",
                                " out", " kernel", " stride", " dilation", " pad"};
  int at = 0, place = 0;
  for (int k = 0; k < 11; k++) {
    at += snprintf(c->name + at, sizeof c->name - (size_t)at, k < 5 ? "%s%d " : "%s %d", names[k],
                   (int)s[place++]);
    for (int axis = 1; k >= 5 && axis < KS_CONV_AXES; axis++)
      at += snprintf(c->name + at, sizeof c->name - (size_t)at, " %d", (int)s[place++]);
  }
}

static kt_case *new_case(ks_op op, int dtype, const geometry *g, int has_bias, kt_values values) {
  const int64_t *s = g->sizes;
  int transposed = op == KS_OP_conv_transpose;
  int64_t input = s[0] * product(s + KS_CONV_INPUT) * s[1];
  int64_t output = s[0] * product(s + KS_CONV_OUTPUT) * s[2];
  int64_t weights = product(s + KS_CONV_KERNEL) * (s[1] / s[3]) * s[2];
  kt_case *c = kt_new(op, dtype, " ");
  name_case(c, s);
  kt_sizes(c, KS_CONV_SIZES, s);
  kt_input_filled(c, dtype, transposed ? output : input, values);
  kt_input_filled(c, dtype, weights, values == KT_SPECIAL ? KT_POSITIVE : values);
  if (has_bias) kt_input_filled(c, dtype, transposed ? s[1] : s[2], KT_UNIFORM);
  kt_output(c, dtype, transposed ? input : output);
  c->node.scratch_bytes = ks_conv_scratch_bytes(&c->node);
  c->smooth = s[4] != KS_RELU && values == KT_UNIFORM && input + output + weights < 400;
  /* terms of the sums: of y, of dx and of the gradients of weights and bias */
  c->scale = (double)(weights / s[2] + weights / s[1] + output / s[2] + input / s[1]) / 16;
  return c;
}

static void check(ks_op op, int dtype, const geometry *g, int has_bias) {
  kt_check(new_case(op, dtype, g, has_bias, KT_UNIFORM));
}

static void check_both(int dtype, const geometry *g, int has_bias) {
  check(KS_OP_conv, dtype, g, has_bias);
  if (g->sizes[KS_CONV_GROUPS] == 1) check(KS_OP_conv_transpose, dtype, g, has_bias);
}

/* ---- geometries ---------------------------------------------------------- */

/* `rest`: places of the input beyond the last window; less than 0: so many of the
 * window's are padding. */
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

/* Output of `output` places, as large as the input over the stride. */
static void set_same(geometry *g, int axis, int64_t kernel, int64_t stride, int64_t output) {
  set_axis(g, axis, kernel, stride, 1, kernel > stride ? (kernel - stride) / 2 : 0, output,
           kernel > stride ? -((kernel - stride + 1) / 2) : stride - kernel);
}

static geometry plain(int64_t batch, int64_t channels, int64_t filters, int64_t groups,
                      int64_t activation) {
  geometry g = {{batch, channels, filters, groups, activation}};
  for (int axis = 0; axis < KS_CONV_AXES; axis++) set_axis(&g, axis, 1, 1, 1, 0, 1, 0);
  return g;
}

static geometry picture(int64_t batch, int64_t channels, int64_t filters, int64_t kernel,
                        int64_t rows, int64_t columns) {
  geometry g = plain(batch, channels, filters, 1, between(KS_LINEAR, KS_TANH));
  set_same(&g, 1, kernel, 1, rows);
  set_same(&g, 2, kernel, 1, columns);
  return g;
}

/* Padding before and after the input of up to the kernel; places that no window
 * reaches, as many as a stride or, of a transpose, more. */
static void random_axis(geometry *g, int axis, int64_t most, int64_t most_kernel) {
  int64_t kernel = between(1, most_kernel), stride = between(1, 3), dilation = between(1, 3);
  int64_t reach = dilation * (kernel - 1) + 1;
  int64_t rest = kt_below(4) ? between(-reach + 1, stride - 1) : between(0, 2 * stride);
  set_axis(g, axis, kernel, stride, dilation, kt_below(2) ? kt_below(reach) : 0, between(1, most),
           rest);
}

/* Few images, or so many that they are shared out. */
static geometry random_geometry(int n_axes, int64_t most, int64_t kernel) {
  int64_t batch = kt_below(3) ? between(0, 3) : between(8, 10);
  geometry g = plain(batch, between(1, 9), between(1, 9), 1, between(KS_LINEAR, KS_TANH));
  for (int axis = KS_CONV_AXES - n_axes; axis < KS_CONV_AXES; axis++)
    random_axis(&g, axis, most, kernel);
  return g;
}

static geometry in_groups(geometry g, int64_t groups) {
  g.sizes[KS_CONV_GROUPS] = groups;
  g.sizes[KS_CONV_CHANNELS] *= groups;
  g.sizes[KS_CONV_FILTERS] *= groups;
  return g;
}

/* As predictions do it after a batch normalization: forward alone. */
static void check_scaled(ks_op op, int dtype, const geometry *g, int has_bias) {
  kt_case *c = new_case(op, dtype, g, has_bias, KT_UNIFORM);
  int64_t channels = g->sizes[op == KS_OP_conv ? KS_CONV_FILTERS : KS_CONV_CHANNELS];
  for (int i = 0; i < 3; i++) kt_input_filled(c, dtype, channels, KT_UNIFORM);
  c->forward_only = 1;
  kt_check(c);
}

/* ---- checks -------------------------------------------------------------- */

static void check_random(int dtype) {
  static const int64_t most[] = {20, 6, 3}, kernel[] = {7, 5, 3};
  for (int i = 0; i < 90; i++) {
    geometry g = random_geometry(i % 3 + 1, most[i % 3], kernel[i % 3]);
    check_both(dtype, &g, kt_below(2) != 0);
    g = in_groups(g, between(2, 5));
    check(KS_OP_conv, dtype, &g, kt_below(2) != 0);
  }
}

/* Tails of vectors of filters, of channels, and of tiles of pixels. */
static void check_tails(int dtype) {
  for (int64_t i = 1; i <= 70; i++) {
    geometry g = picture(between(1, 2), between(1, 5), i, 3, 3, between(3, 6));
    check_both(dtype, &g, i % 3 != 0);
    g = picture(between(1, 2), i, between(1, 40), between(1, 3), 2, between(3, 5));
    check_both(dtype, &g, i % 3 != 0);
    if (i > 40) continue;
    g = picture(1, between(1, 4), between(1, 35), 3, 2, i);
    check_both(dtype, &g, 1);
    g = plain(2, between(1, 4), between(1, 35), 1, KS_RELU); /* and without padding */
    set_axis(&g, 2, between(1, 4), between(1, 2), 1, 0, i, kt_below(2));
    check_both(dtype, &g, 1);
  }
}

/* One to four filters of as many channels as vectors have lanes, and not. */
static void check_few_filters(int dtype) {
  for (int64_t i = 0; i < 24; i++) {
    geometry g = picture(between(1, 2), i % 5 ? 16 : 20, i % 4 + 1, between(1, 3), 3, i + 1);
    check_both(dtype, &g, i % 3 != 0);
    g = picture(between(1, 2), i % 4 + 1, i % 5 ? 32 : 17, between(1, 3), 4, between(1, 18));
    check_both(dtype, &g, i % 3 != 0);
    g = in_groups(picture(1, 16, i % 3 + 1, 3, 3, 9), 2);
    check_scaled(KS_OP_conv, dtype, &g, i % 2 != 0);
  }
}

/* Each number of filters, and each activation. */
static void check_affine(int dtype) {
  for (int64_t i = 1; i <= 70; i++) {
    geometry g = picture(between(1, 3), between(1, 5), i, 3, 3, between(3, 8));
    g.sizes[KS_CONV_ACTIVATION] = i % 4;
    check_scaled(KS_OP_conv, dtype, &g, i % 3 != 0);
    check_scaled(KS_OP_conv_transpose, dtype, &g, i % 3 != 0);
    g = in_groups(picture(2, between(1, 4), between(1, 3), between(1, 3), 3, 4), between(2, 5));
    check_scaled(KS_OP_conv, dtype, &g, i % 2 != 0);
    g = in_groups(picture(2, 1, i % 3 ? 1 : between(2, 3), 3, 3, 4), i);
    check_scaled(KS_OP_conv, dtype, &g, i % 2 != 0);
  }
}

static void check_kernels(int dtype) {
  for (int64_t rows = 1; rows <= 7; rows++)
    for (int64_t columns = 1; columns <= 7; columns++) {
      geometry g = plain(1, between(1, 6), between(1, 20), 1, between(KS_LINEAR, KS_TANH));
      set_same(&g, 1, rows, between(1, 3), between(1, 4));
      set_same(&g, 2, columns, between(1, 3), between(1, 5));
      check_both(dtype, &g, 1);
      set_axis(&g, 1, rows, 1, between(1, 2), 0, between(1, 2), 0);
      set_axis(&g, 2, columns, 1, between(1, 3), 0, between(1, 4), 0);
      check_both(dtype, &g, 0);
    }
}

static void check_strides(int dtype) {
  for (int64_t stride = 1; stride <= 4; stride++)
    for (int64_t kernel = 1; kernel <= 5; kernel++)
      for (int64_t rest = 0; rest < stride; rest++) {
        geometry g = plain(2, between(1, 20), between(1, 35), 1, KS_LINEAR);
        set_axis(&g, 1, kernel, stride, 1, kernel / 2, 2, rest);
        set_axis(&g, 2, kernel, stride, 1, 0, 3, rest - kernel / 2);
        check_both(dtype, &g, 0);
      }
}

/* Depthwise ones among them, with several filters to a channel. */
static void check_groups(int dtype) {
  for (int64_t channels = 1; channels <= 70; channels++) {
    geometry g = picture(between(1, 2), 1, channels % 4 ? 1 : channels % 3 + 1, 3, 3, 4);
    g = in_groups(g, channels);
    check(KS_OP_conv, dtype, &g, channels % 2 != 0);
    if (channels % 5) continue;
    set_axis(&g, 1, between(1, 4), 2, between(1, 2), 1, 2, 0);
    set_axis(&g, 2, between(1, 5), between(1, 2), between(1, 2), 0, 3, kt_below(3) - 1);
    check(KS_OP_conv, dtype, &g, 1);
    g = in_groups(picture(1, between(1, 9), between(1, 18), 2, 3, 3), channels / 5);
    check(KS_OP_conv, dtype, &g, 1);
  }
}

/* Wide ones, large enough to be several tiles, with up to nine filters to a channel. */
static void check_depthwise(int dtype) {
  static const int64_t most[] = {40, 12, 4};
  for (int i = 0; i < 40; i++) {
    geometry g = random_geometry(i % 3 + 1, most[i % 3], 5);
    g.sizes[KS_CONV_CHANNELS] = 1;
    g.sizes[KS_CONV_FILTERS] = i % 2 ? 1 : between(1, 9);
    g = in_groups(g, between(2, 70));
    check(KS_OP_conv, dtype, &g, i % 4 != 0);
  }
}

/* Windows that see nothing but padding, inputs smaller than kernels, no images,
 * no channels to read from. */
static void check_edges(int dtype) {
  static const int64_t axes[][6] = {/* kernel, stride, dilation, pad, output, rest */
                                    {5, 1, 1, 8, 13, -8}, {3, 1, 4, 8, 5, -4}, {2, 3, 5, 9, 6, -9},
                                    {1, 2, 1, 3, 6, -3},  {7, 7, 1, 6, 3, 5},  {4, 1, 1, 3, 4, -3}};
  for (int i = 0; i < 6; i++)
    for (int64_t batch = 0; batch < 3; batch++)
      for (int axis = 0; axis < KS_CONV_AXES; axis++) {
        geometry g = plain(batch, between(1, 4), between(1, 20), 1, batch);
        const int64_t *a = axes[i];
        set_axis(&g, axis, a[0], a[1], a[2], a[3], a[4], a[5]);
        set_same(&g, (axis + 1) % KS_CONV_AXES, 2, 1, 2);
        check_both(dtype, &g, 1);
        g = in_groups(g, 3);
        check(KS_OP_conv, dtype, &g, 1);
      }
}

/* What is cut into tiles: many images, one large one, long sequences, volumes,
 * many weights. */
static void check_large(int dtype) {
  geometry g = picture(19, 16, 32, 3, 10, 11);
  check_both(dtype, &g, 1);
  g = picture(1, 3, 24, 3, 60, 61);
  check_both(dtype, &g, 1);
  g = picture(33, 20, 17, 1, 9, 9);
  check_both(dtype, &g, 1);
  g = picture(2, 130, 129, 3, 4, 4);
  check_both(dtype, &g, 1);
  g = picture(1, 300, 20, 3, 3, 3);
  check_both(dtype, &g, 1);
  g = picture(1, 5, 300, 2, 3, 7);
  check_both(dtype, &g, 1);
  g = picture(1, 2, 40, 3, 3, 301);
  check_both(dtype, &g, 1);
  g = plain(3, 7, 24, 1, KS_RELU);
  set_same(&g, 1, 3, 2, 21);
  set_axis(&g, 2, 3, 2, 2, 1, 17, -2);
  check_both(dtype, &g, 1);
  g = picture(70, 1, 8, 5, 12, 12);
  check_both(dtype, &g, 0);
  g = plain(1, 5, 6, 1, KS_LINEAR);
  set_same(&g, 2, 5, 1, 5003);
  check_both(dtype, &g, 1);
  g = plain(2, 1, 33, 1, KS_RELU);
  set_axis(&g, 2, 9, 4, 1, 0, 1501, 3);
  check_both(dtype, &g, 1);
  g = plain(3, 4, 18, 1, KS_LINEAR);
  for (int axis = 0; axis < KS_CONV_AXES; axis++) set_same(&g, axis, 3, 1, 7);
  check_both(dtype, &g, 1);
  g = in_groups(picture(9, 1, 1, 3, 21, 20), 37);
  check(KS_OP_conv, dtype, &g, 1);
  g = picture(1, 8, 40, 3, 40, 41); /* one image: cut by rows */
  check_both(dtype, &g, 1);
  g = picture(3, 250, 280, 3, 2, 3); /* many weights: cut by them */
  check_both(dtype, &g, 1);
  g = in_groups(picture(2, 270, 150, 3, 2, 3), 2);
  check(KS_OP_conv, dtype, &g, 1);
  g = picture(1, 1040, 260, 1, 16, 32); /* weights that are packed before */
  kt_case *c = new_case(KS_OP_conv, dtype, &g, 1, KT_UNIFORM);
  c->forward_only = 1;
  kt_check(c);
}

/* nan and infinity go through: a diverged model must show it. */
static void check_special(int dtype) {
  for (int activation = KS_LINEAR; activation <= KS_TANH; activation++) {
    geometry g = plain(2, 1, 5, 1, activation);
    set_axis(&g, 2, 1, 1, 1, 0, 60, 0);
    kt_case *c = new_case(KS_OP_conv, dtype, &g, 1, KT_SPECIAL);
    c->forward_only = 1;
    kt_check(c);
    c = new_case(KS_OP_conv_transpose, dtype, &g, 1, KT_SPECIAL);
    c->forward_only = 1;
    kt_check(c);
  }
}

/* All that is exactly zero before the activation has a gradient of 0. */
static void check_at_zero(int dtype) {
  geometry g = picture(3, 3, 9, 3, 4, 5);
  g.sizes[KS_CONV_ACTIVATION] = KS_RELU;
  kt_check(new_case(KS_OP_conv, dtype, &g, 0, KT_GRID));
  kt_check(new_case(KS_OP_conv_transpose, dtype, &g, 0, KT_GRID));
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    check_random(dtype);
    check_tails(dtype);
    check_few_filters(dtype);
    check_affine(dtype);
    check_kernels(dtype);
    check_strides(dtype);
    check_groups(dtype);
    check_depthwise(dtype);
    check_edges(dtype);
    check_large(dtype);
    check_special(dtype);
    check_at_zero(dtype);
  }
  return kt_summary("conv");
}
