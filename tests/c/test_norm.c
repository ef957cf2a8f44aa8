#include <math.h>

#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

/* outer, channels, inner */
static const int64_t channel_shapes[][3] = {
    {0, 3, 1},     {1, 1, 1},     {1, 5, 1},     {2, 1, 1},    {7, 3, 1},    {33, 10, 1},
    {65, 257, 1},  {0, 2, 4},     {2, 3, 0},     {3, 0, 2},    {1, 1, 40},   {1, 3, 33},
    {5, 4, 2},     {6, 3, 49},    {4, 7, 5},     {2, 2, 300},  {9, 2, 1100}, {5000, 8, 1},
    {300, 600, 1}, {40, 20, 100}, {4097, 33, 1}, {3, 2, 20000}};
/* rows, width */
static const int64_t layer_shapes[][2] = {{0, 4},    {3, 0},     {1, 1},     {4, 1},    {1, 7},
                                          {5, 3},    {7, 16},    {9, 33},    {6, 65},   {20, 1030},
                                          {2, 3000}, {4000, 12}, {500, 300}, {3, 30000}};
static const double centres[] = {0, 1000};

static void put(ks_operand *operand, int64_t i, double value) {
  if (operand->dtype == KS_FLOAT32)
    ((float *)operand->data)[i] = (float)value;
  else
    ((double *)operand->data)[i] = value;
}

/* Far from zero, where x^2 - mean^2 would lose all digits. */
static void move(ks_operand *operand, double centre) {
  for (int64_t i = 0; i < operand->count; i++) put(operand, i, kt_element(operand, i) + centre);
}

static kt_case *new_case(ks_op op, int dtype, const int64_t *s, double centre) {
  kt_case *c = kt_new(op, dtype, "%lld x %lld x %lld around %g", (long long)s[0], (long long)s[1],
                      (long long)s[2], centre);
  KT_SIZES(c, s[0], s[1], s[2]);
  int64_t count = s[0] * s[1] * s[2];
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  move(&c->in[0], centre);
  c->smooth = centre == 0 && count < 400 && s[0] * s[2] > 1;
  c->scale = centre; /* the mean is as exact as the values are large */
  c->node.scratch_bytes = KS_NORM_SCRATCH(0, s[1]);
  return c;
}

static void check_batch_norm(int dtype, const int64_t *shape, double centre, double epsilon,
                             ks_activation activation) {
  kt_case *c = new_case(KS_OP_batch_norm, dtype, shape, centre);
  KT_SIZES(c, shape[0], shape[1], shape[2], activation);
  c->smooth = c->smooth && activation == KS_LINEAR;
  c->node.attr[0] = epsilon;
  /* Values that do not vary: what rounding leaves is divided by a small number. */
  if (shape[0] * shape[2] == 1) c->scale = fmax(centre, 1 / sqrt(epsilon));
  kt_input_filled(c, dtype, shape[1], KT_UNIFORM);
  kt_input_filled(c, dtype, shape[1], KT_UNIFORM);
  kt_output(c, dtype, shape[0] * shape[1] * shape[2]);
  kt_output(c, dtype, shape[1]);
  kt_output(c, dtype, shape[1]);
  kt_check(c);
}

static void check_channel_affine(int dtype, const int64_t *shape, double centre) {
  kt_case *c = new_case(KS_OP_channel_affine, dtype, shape, centre);
  for (int i = 0; i < 3; i++) kt_input_filled(c, dtype, shape[1], KT_UNIFORM);
  move(&c->in[1], centre);
  kt_output(c, dtype, shape[0] * shape[1] * shape[2]);
  kt_check(c);
}

static void check_layer_norm(int dtype, const int64_t *s, double centre, int rms) {
  kt_case *c = kt_new(KS_OP_layer_norm, dtype, "%lld x %lld around %g%s", (long long)s[0],
                      (long long)s[1], centre, rms ? " rms" : "");
  KT_SIZES(c, s[0], s[1], rms);
  kt_input_filled(c, dtype, s[0] * s[1], KT_UNIFORM);
  move(&c->in[0], centre);
  c->smooth = centre == 0 && s[0] * s[1] < 400;
  c->scale = centre;
  c->node.attr[0] = 1e-3;
  kt_input_filled(c, dtype, s[1], KT_UNIFORM);
  kt_input_filled(c, dtype, s[1], KT_UNIFORM);
  kt_output(c, dtype, s[0] * s[1]);
  c->node.scratch_bytes = KS_NORM_SCRATCH(s[0], s[1]);
  kt_check(c);
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++)
    for (int k = 0; k < N(centres); k++) {
      for (int i = 0; i < N(channel_shapes); i++) {
        check_batch_norm(dtype, channel_shapes[i], centres[k], 1e-3, KS_LINEAR);
        if (centres[k] == 0) check_batch_norm(dtype, channel_shapes[i], 0, 1e-3, KS_RELU);
        check_channel_affine(dtype, channel_shapes[i], centres[k]);
      }
      check_batch_norm(dtype, channel_shapes[5], centres[k], 0, KS_LINEAR);
      for (int i = 0; i < N(layer_shapes); i++)
        for (int rms = 0; rms < 2; rms++) check_layer_norm(dtype, layer_shapes[i], centres[k], rms);
    }
  return kt_summary("norm");
}
