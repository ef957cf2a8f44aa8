#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

/* outer, reduced, inner */
static const int64_t shapes[][3] = {
    {1, 1, 1},     {1, 2, 1},     {1, 7, 1},     {1, 33, 1},    {1, 1000, 1},  {5, 1, 1},
    {5, 7, 1},     {5, 64, 1},    {3, 1, 4},     {1, 5, 3},     {1, 9, 17},    {4, 3, 5},
    {6, 17, 33},   {2, 100, 8},   {0, 3, 2},     {2, 3, 0},     {0, 3, 1},     {1, 40009, 1},
    {2, 20011, 1}, {301, 129, 1}, {20011, 3, 1}, {1, 301, 129}, {1, 3, 20011}, {1, 20011, 3},
    {7, 53, 131},  {211, 9, 31},  {40, 2, 601},  {5, 19, 2},    {3, 1000, 2},
};

static const ks_op any_ops[] = {KS_OP_sum, KS_OP_prod,   KS_OP_max,
                                KS_OP_min, KS_OP_argmax, KS_OP_argmin};

static void check(ks_op op, int dtype, const int64_t *shape, kt_values values) {
  kt_case *c = kt_new(op, dtype, "shape %lld %lld %lld values %d", (long long)shape[0],
                      (long long)shape[1], (long long)shape[2], values);
  int is_index = op == KS_OP_argmax || op == KS_OP_argmin;
  kt_sizes(c, 3, shape);
  kt_input_filled(c, dtype, shape[0] * shape[1] * shape[2], values);
  kt_output(c, is_index ? KS_INT32 : dtype, shape[0] * shape[2]);
  c->smooth = values == KT_UNIFORM && c->in[0].count < 300;
  /* Of sums and products the gradient of a nan is nobody's. */
  c->forward_only = values == KT_SPECIAL && op != KS_OP_max && op != KS_OP_min;
  kt_check(c);
}

/* nan in one place, first, in the middle or last: the rest does not hide it. */
static void check_nan(ks_op op, int dtype, int64_t place, int64_t inner) {
  enum { REDUCED = 37 };
  kt_case *c = kt_new(op, dtype, "nan at %lld inner %lld", (long long)place, (long long)inner);
  int is_index = op == KS_OP_argmax || op == KS_OP_argmin;
  KT_SIZES(c, 2, REDUCED, inner);
  kt_input_filled(c, dtype, 2 * REDUCED * inner, KT_UNIFORM);
  int64_t at = (REDUCED + place) * inner; /* of the second outer, first inner */
  if (dtype == KS_FLOAT32)
    ((float *)c->in[0].data)[at] = 0.0f / 0.0f;
  else
    ((double *)c->in[0].data)[at] = 0.0 / 0.0;
  kt_output(c, is_index ? KS_INT32 : dtype, 2 * inner);
  c->forward_only = op != KS_OP_max && op != KS_OP_min;
  kt_check(c);
}

/* None, one and two zeros among the factors, which are near 1. */
static void check_zeros(int dtype, int64_t inner) {
  enum { REDUCED = 21 };
  for (int zeros = 0; zeros <= 2; zeros++) {
    kt_case *c = kt_new(KS_OP_prod, dtype, "%d zeros, inner %lld", zeros, (long long)inner);
    KT_SIZES(c, 1, REDUCED, inner);
    kt_input(c, dtype, REDUCED * inner);
    for (int64_t i = 0; i < REDUCED * inner; i++) {
      double x = i / inner >= 3 && i / inner < 3 + zeros ? 0 : kt_uniform(0.5, 2);
      if (dtype == KS_FLOAT32)
        ((float *)c->in[0].data)[i] = (float)x;
      else
        ((double *)c->in[0].data)[i] = x;
    }
    kt_output(c, dtype, inner);
    c->scale = 32; /* a rounding for each factor */
    kt_check(c);
  }
}

static void check_op(ks_op op, int dtype) {
  static const int64_t places[] = {0, 1, 15, 16, 31, 36};
  static const int64_t empty[][3] = {{3, 0, 1}, {1, 0, 5}, {2, 0, 3}};
  static const int64_t special[][3] = {{40, 5, 1}, {3, 5, 40}, {2, 100, 1}, {1, 100, 3}};
  for (int i = 0; i < N(shapes); i++) {
    /* products of many leave the range, in one order and not in another */
    if (op == KS_OP_prod && shapes[i][1] > 64) continue;
    check(op, dtype, shapes[i], KT_UNIFORM);
    check(op, dtype, shapes[i], KT_GRID);
  }
  for (int i = 0; op != KS_OP_prod && i < N(special); i++) check(op, dtype, special[i], KT_SPECIAL);
  /* Of nothing, a sum is 0 and a mean nan; a maximum does not exist. */
  for (int i = 0; i < N(empty); i++)
    if (op == KS_OP_sum || op == KS_OP_mean || op == KS_OP_squared_norm || op == KS_OP_prod)
      check(op, dtype, empty[i], KT_UNIFORM);
  if (!kt_is_real(dtype)) {
    check(op, dtype, shapes[12], KT_WIDE);
    return;
  }
  for (int i = 0; i < N(places); i++) {
    check_nan(op, dtype, places[i], 1);
    check_nan(op, dtype, places[i], 19);
  }
}

int main(void) {
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++) {
    for (int i = 0; i < N(any_ops); i++) check_op(any_ops[i], dtype);
    if (!kt_is_real(dtype)) continue;
    check_op(KS_OP_mean, dtype);
    check_op(KS_OP_squared_norm, dtype);
    check_zeros(dtype, 1);
    check_zeros(dtype, 19);
  }
  return kt_summary("reduce");
}
