#include <stdio.h>

#include "../../csrc/ks_conv.h"
#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

/* Sizes of a window that slides along one axis. */
typedef struct {
  int64_t input, kernel, stride, pad, output;
} sliding;

/* Along two axes; the third has one place, or those of `planes`. */
typedef struct {
  int64_t batch, channels;
  sliding rows, columns;
} geometry;

static const sliding alone = {1, 1, 1, 0, 1};
static const sliding planes[] = {{1, 1, 1, 0, 1}, {5, 2, 2, 0, 2}, {3, 2, 1, 0, 2}};

#define VALID(n, k, s) {n, k, s, 0, ((n) - (k)) / (s) + 1}

static const geometry geometries[] = {
    {0, 3, VALID(4, 2, 2), VALID(4, 2, 2)},
    {2, 0, VALID(4, 2, 2), VALID(4, 2, 2)},
    {1, 1, VALID(1, 1, 1), VALID(1, 1, 1)},
    {2, 1, VALID(4, 2, 2), VALID(6, 2, 2)},
    {3, 2, VALID(5, 2, 2), VALID(7, 2, 2)}, /* a row and a column are left over */
    {2, 3, VALID(4, 2, 2), VALID(4, 2, 2)},
    {2, 4, VALID(6, 2, 2), VALID(4, 2, 2)},
    {1, 5, VALID(4, 2, 2), VALID(4, 2, 2)},
    {1, 6, VALID(4, 2, 2), VALID(5, 2, 2)},
    {1, 7, VALID(4, 2, 2), VALID(5, 2, 2)},
    {1, 8, VALID(4, 2, 2), VALID(5, 2, 2)},
    {2, 31, VALID(4, 2, 2), VALID(4, 2, 2)},
    {1, 64, VALID(6, 2, 2), VALID(6, 2, 2)},
    {2, 3, {5, 2, 2, 0, 3}, {7, 2, 2, 0, 4}}, /* same: the last window is cut */
    {2, 3, {5, 3, 2, 1, 3}, {6, 3, 2, 0, 3}}, /* overlapping, cut at both ends */
    {2, 5, {4, 3, 1, 1, 4}, {5, 3, 1, 1, 5}},
    {2, 18, VALID(7, 3, 2), VALID(7, 3, 2)},
    {1, 130, VALID(7, 3, 2), VALID(5, 3, 1)}, /* by some channels each */
    {2, 3, VALID(7, 2, 3), VALID(8, 1, 3)},   /* gaps */
    {2, 3, VALID(3, 3, 1), VALID(8, 3, 3)},   /* one window, though the stride is short */
    {2, 9, {3, 5, 1, 2, 3}, {2, 5, 1, 2, 2}}, /* windows larger than the image */
    {2, 3, VALID(1, 1, 1), VALID(9, 2, 2)},
    {2, 3, VALID(1, 1, 1), VALID(9, 4, 1)},
    {1, 2, VALID(9, 6, 6), VALID(11, 7, 4)},
    {1, 2, VALID(40, 33, 7), VALID(30, 30, 1)}, /* long sums */
    {3, 16, VALID(64, 2, 2), VALID(33, 2, 2)},
    {2, 1, VALID(200, 2, 2), VALID(200, 2, 2)},
    {5, 24, {33, 3, 2, 1, 17}, {33, 3, 2, 1, 17}},
    {20, 70, {12, 3, 1, 1, 12}, {12, 3, 1, 1, 12}},
};

static void set_axis(int64_t *size, int axis, sliding s) {
  size[KS_CONV_INPUT + axis] = s.input;
  size[KS_CONV_OUTPUT + axis] = s.output;
  size[KS_CONV_KERNEL + axis] = s.kernel;
  size[KS_CONV_STRIDE + axis] = s.stride;
  size[KS_CONV_PAD + axis] = s.pad;
  size[KS_CONV_DILATION + axis] = 1;
}

/* Differences are right for a mean, and for a maximum where no two are near. */
static kt_case *new_case(ks_op op, int dtype, const geometry *g, sliding plane, kt_values values) {
  kt_case *c = kt_new(op, dtype, "%lld x (%lld, %lld, %lld) x %lld, values %d", (long long)g->batch,
                      (long long)plane.input, (long long)g->rows.input, (long long)g->columns.input,
                      (long long)g->channels, values);
  c->node.size[KS_CONV_BATCH] = g->batch;
  c->node.size[KS_CONV_CHANNELS] = c->node.size[KS_CONV_FILTERS] = g->channels;
  c->node.size[KS_CONV_GROUPS] = 1;
  set_axis(c->node.size, 0, plane);
  set_axis(c->node.size, 1, g->rows);
  set_axis(c->node.size, 2, g->columns);
  const int64_t around = g->batch * g->channels;
  const int64_t places = plane.output * g->rows.output * g->columns.output;
  kt_input_filled(c, dtype, around * plane.input * g->rows.input * g->columns.input, values);
  kt_output(c, dtype, around * places);
  c->smooth = values == KT_UNIFORM && c->in[0].count < 2000;
  return c;
}

/* Sums of values out of all bounds are not those of the reference. */
static void check(int dtype, const geometry *g, sliding plane) {
  static const kt_values values[] = {KT_UNIFORM, KT_GRID, KT_SPECIAL};
  for (int i = 0; i < N(values); i++) {
    if (i > 0 && g->batch * g->channels * g->rows.input * g->columns.input > 3000) break;
    kt_check(new_case(KS_OP_max_pool, dtype, g, plane, values[i]));
    if (values[i] != KT_SPECIAL) kt_check(new_case(KS_OP_average_pool, dtype, g, plane, values[i]));
  }
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    for (int i = 0; i < N(geometries); i++) check(dtype, &geometries[i], alone);
    for (int i = 0; i < 20; i++)
      for (int k = 1; k < N(planes); k++) check(dtype, &geometries[i], planes[k]);
  }
  return kt_summary("pooling");
}
