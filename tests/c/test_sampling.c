#include <string.h>

#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

static void put(ks_operand *operand, int64_t i, double value) {
  if (operand->dtype == KS_FLOAT32)
    ((float *)operand->data)[i] = (float)value;
  else
    ((double *)operand->data)[i] = value;
}

/* ---- resample ------------------------------------------------------------- */

typedef struct {
  int64_t outer, in, out, inner;
} grid;

static const grid grids[] = {{1, 1, 1, 1},     {2, 5, 3, 1},    {3, 4, 9, 3},     {2, 7, 7, 11},
                             {1, 6, 4, 12},    {2, 3, 8, 13},   {1, 1, 5, 4},     {5, 9, 1, 2},
                             {0, 3, 2, 4},     {2, 3, 0, 4},    {2, 3, 2, 0},     {2, 0, 3, 4},
                             {1, 33, 64, 300}, {40, 64, 32, 3}, {7, 20, 41, 257}, {300, 17, 20, 5}};

/* A band of `taps` numbers around the diagonal; or numbers everywhere, or none. */
static void fill_matrix(ks_operand *matrix, grid s, int taps) {
  for (int64_t to = 0; to < s.out; to++)
    for (int64_t from = 0; from < s.in; from++) {
      const double distance = (double)from - ((double)to + 0.5) * (double)s.in / (double)s.out;
      const int is_near = distance > -0.5 * taps - 1 && distance < 0.5 * taps;
      put(matrix, to * s.in + from, taps && is_near ? kt_uniform(-1, 2) : 0);
    }
}

static void check_grid(int dtype, grid s, int taps) {
  kt_case *c =
      kt_new(KS_OP_resample, dtype, "outer %lld in %lld out %lld inner %lld taps %d",
             (long long)s.outer, (long long)s.in, (long long)s.out, (long long)s.inner, taps);
  KT_SIZES(c, s.outer, s.in, s.out, s.inner);
  kt_input_filled(c, dtype, s.outer * s.in * s.inner, KT_UNIFORM);
  kt_input(c, dtype, s.in * s.out);
  fill_matrix(&c->in[1], s, taps);
  kt_output(c, dtype, s.outer * s.out * s.inner);
  c->node.scratch_bytes = KS_RESAMPLE_SCRATCH(s.in, s.out);
  kt_check(c);
}

/* ---- affine_sample -------------------------------------------------------- */

typedef struct {
  int64_t batch, height, width, channels;
} images;

static const images sizes[] = {{1, 1, 1, 1},  {2, 5, 4, 3},   {3, 4, 7, 1},   {2, 2, 3, 2},
                               {1, 1, 9, 3},  {2, 8, 1, 5},   {0, 4, 4, 3},   {2, 0, 4, 3},
                               {2, 4, 0, 1},  {2, 3, 3, 0},   {3, 32, 33, 3}, {1, 90, 101, 1},
                               {40, 9, 8, 3}, {2, 40, 30, 17}};

/* Multiples of a quarter, with which places are exact: nearest pixels jump. */
static const double transforms[][6] = {
    {1, 0, 0, 0, 1, 0},      {-1, 0, 3, 0, -1, 2},      {0, 1, 0.25, -1, 0, 4},
    {0.5, 0, 0.5, 0, 2, -1}, {1, 0, -2.5, 0, 1, 1.5},   {0.75, 0.25, -3, -0.5, 1.25, 2.25},
    {1, 0, 1000, 0, 1, -77}, {0, 0, -0.25, 0, 0, 0.75}, {-2, 1.5, 20, 3, -0.25, -30},
};

static kt_case *new_sample(int dtype, images s, int bilinear, int fill) {
  kt_case *c = kt_new(KS_OP_affine_sample, dtype, "%lld of %lld x %lld x %lld bilinear %d fill %d",
                      (long long)s.batch, (long long)s.height, (long long)s.width,
                      (long long)s.channels, bilinear, fill);
  KT_SIZES(c, s.batch, s.height, s.width, s.channels, bilinear, fill);
  c->node.attr[0] = 0.75;
  kt_input_filled(c, dtype, s.batch * s.height * s.width * s.channels, KT_UNIFORM);
  kt_input(c, dtype, s.batch * 6);
  kt_output(c, dtype, s.batch * s.height * s.width * s.channels);
  return c;
}

static void check_exact(int dtype, images s, int bilinear, int fill) {
  kt_case *c = new_sample(dtype, s, bilinear, fill);
  for (int64_t i = 0; i < s.batch * 6; i++)
    put(&c->in[1], i, transforms[kt_below(N(transforms))][i % 6]);
  kt_check(c);
}

/* Any places: pixels that they fall between change little by rounding. */
static void check_smooth(int dtype, images s, int fill) {
  kt_case *c = new_sample(dtype, s, 1, fill);
  for (int64_t i = 0; i < s.batch * 6; i++)
    put(&c->in[1], i, i % 3 == 2 ? kt_uniform(-9, 9) : kt_uniform(-1.5, 1.5));
  c->scale = 4.0 * (double)(s.height + s.width + 9);
  kt_check(c);
}

/* Nothing is read out of bounds for places that are no integers, or no numbers. */
static void check_far(int dtype, int bilinear, int fill) {
  static const double far[] = {1e30, -1e30, 1e9, -1e9, 0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, 3e18};
  const images s = {N(far) * 2, 3, 4, 2};
  const char *isa;
  for (int level = 0; (isa = kt_next_isa(&level));) {
    kt_case *c = new_sample(dtype, s, bilinear, fill);
    for (int64_t i = 0; i < s.batch * 6; i++) put(&c->in[1], i, i % 6 == 0 || i % 6 == 4);
    for (int i = 0; i < N(far) * 2; i++) put(&c->in[1], i * 6 + (i % 2 ? 2 : 5), far[i / 2]);
    c->want[0] = KT_WRITE;
    kt_result result = kt_run(c, isa, 1);
    KT_EXPECT(result.status == KS_OK, "%s", c->name);
    kt_free_result(&result);
    kt_free(c);
  }
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    for (int i = 0; i < N(grids); i++)
      for (int taps = 0; taps <= 64; taps = taps ? taps * 4 : 1) check_grid(dtype, grids[i], taps);
    for (int fill = KS_FILL_CONSTANT; fill <= KS_FILL_NEAREST; fill++)
      for (int i = 0; i < N(sizes); i++) {
        for (int bilinear = 0; bilinear <= 1; bilinear++)
          check_exact(dtype, sizes[i], bilinear, fill);
        check_smooth(dtype, sizes[i], fill);
      }
    for (int fill = KS_FILL_CONSTANT; fill <= KS_FILL_NEAREST; fill++)
      for (int bilinear = 0; bilinear <= 1; bilinear++) check_far(dtype, bilinear, fill);
  }
  return kt_summary("sampling");
}
