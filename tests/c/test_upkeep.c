#include <math.h>

#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

static const int64_t counts[] = {0, 1, 3, 16, 33, 1000, 40003, 300001};

static void check_clip_value(int dtype, int64_t count, kt_values values) {
  kt_case *c = kt_new(KS_OP_clip_value, dtype, "count %lld values %d", (long long)count, values);
  kt_input_filled(c, dtype, count, values);
  c->node.attr[0] = 0.5;
  kt_check(c);
}

static void check_square_sum(int dtype, int64_t count, kt_values values) {
  kt_case *c = kt_new(KS_OP_square_sum, dtype, "count %lld values %d", (long long)count, values);
  kt_input_filled(c, dtype, count, values);
  kt_output(c, KS_FLOAT64, 1);
  kt_check(c);
}

static void check_clip_norm(int dtype, int64_t count, kt_values values, double square, int of_all) {
  kt_case *c = kt_new(KS_OP_clip_norm, dtype, "count %lld values %d square %g of all %d",
                      (long long)count, values, square, of_all);
  kt_input_filled(c, dtype, count, values);
  double *squares = kt_input(c, KS_FLOAT64, 3);
  squares[0] = squares[1] = square / 4;
  squares[2] = square / 2;
  c->node.attr[0] = 1.5;
  KT_SIZES(c, of_all);
  kt_check(c);
}

static void check_accumulate(int dtype, int64_t count, int is_due) {
  kt_case *c = kt_new(KS_OP_accumulate, dtype, "count %lld due %d", (long long)count, is_due);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  *(uint8_t *)kt_input(c, KS_BOOL, 1) = (uint8_t)is_due;
  KT_SIZES(c, 7);
  kt_check(c);
}

static void check_average(int dtype, int64_t count, int64_t step, int64_t accumulated) {
  kt_case *c = kt_new(KS_OP_average, dtype, "count %lld step %lld of %lld", (long long)count,
                      (long long)step, (long long)accumulated);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  *(int64_t *)kt_input(c, KS_INT64, 1) = step;
  c->node.attr[0] = 0.99;
  KT_SIZES(c, accumulated);
  kt_check(c);
}

static void check_turn(int dtype, int64_t step, int64_t every, int64_t accumulated) {
  kt_case *c = kt_new(KS_OP_is_turn, dtype, "step %lld every %lld of %lld", (long long)step,
                      (long long)every, (long long)accumulated);
  *(int64_t *)kt_input(c, KS_INT64, 1) = step;
  kt_output(c, KS_BOOL, 1);
  KT_SIZES(c, every, accumulated);
  kt_check(c);
}

static void check_count(int dtype, int64_t count) {
  static const double squares[] = {0, 1e-3, 2.25, 100, 1e30, INFINITY, NAN};
  for (kt_values values = KT_UNIFORM; values <= KT_SPECIAL; values++) {
    check_clip_value(dtype, count, values);
    if (values != KT_SPECIAL) check_square_sum(dtype, count, values);
  }
  for (int i = 0; i < N(squares); i++)
    for (int of_all = 0; of_all <= 1; of_all++)
      check_clip_norm(dtype, count, KT_GRID, squares[i], of_all);
  check_accumulate(dtype, count, 0);
  check_accumulate(dtype, count, 1);
  check_average(dtype, count, 0, 0);
  check_average(dtype, count, 1, 1);
  check_average(dtype, count, 2, 3);
  check_average(dtype, count, 3, 3);
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    for (int i = 0; i < N(counts); i++) check_count(dtype, counts[i]);
    for (int64_t step = 0; step < 13; step++) {
      check_turn(dtype, step, 1, 1);
      check_turn(dtype, step, 3, 1);
      check_turn(dtype, step, 2, 3);
    }
  }
  return kt_summary("upkeep");
}
