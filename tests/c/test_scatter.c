#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

typedef struct {
  int64_t rows, width, n;
} scatter_shape;

static const scatter_shape shapes[] = {{1, 1, 1},   {5, 3, 0},   {5, 3, 7},     {10, 1, 33},
                                       {7, 16, 40}, {3, 0, 5},   {1000, 8, 90}, {9, 33, 70},
                                       {20, 21, 3}, {3, 2011, 9}};

static const int hows[] = {KS_SCATTER_ADD, KS_SCATTER_MULTIPLY, KS_SCATTER_MAXIMUM,
                           KS_SCATTER_MINIMUM};

static void put_index(ks_operand *index, int64_t i, int64_t value) {
  if (index->dtype == KS_INT32)
    ((int32_t *)index->data)[i] = (int32_t)value;
  else
    ((int64_t *)index->data)[i] = value;
}

static kt_case *new_case(int dtype, int index_dtype, scatter_shape s, int how, kt_values values) {
  kt_case *c = kt_new(KS_OP_scatter, dtype, "rows %lld width %lld n %lld by %s how %d values %d",
                      (long long)s.rows, (long long)s.width, (long long)s.n,
                      kt_dtype_name(index_dtype), how, values);
  KT_SIZES(c, s.rows, s.width, how);
  kt_input_filled(c, dtype, s.rows * s.width, values);
  kt_input(c, index_dtype, s.n);
  for (int64_t i = 0; i < s.n; i++) put_index(&c->in[1], i, kt_below(s.rows));
  kt_input_filled(c, dtype, s.n * s.width, values);
  kt_output(c, dtype, s.rows * s.width);
  /* Of sums alone are gradients asked. */
  c->forward_only = how != KS_SCATTER_ADD;
  c->smooth = how == KS_SCATTER_ADD && values == KT_UNIFORM && s.rows * s.width < 200;
  return c;
}

static void check_wrong(int dtype, int index_dtype) {
  static const scatter_shape shape = {10, 8, 90};
  static const int64_t values[] = {-1, 10, INT32_MIN, INT32_MAX};
  for (int i = 0; i < N(values); i++) {
    kt_case *c = new_case(dtype, index_dtype, shape, KS_SCATTER_ADD, KT_UNIFORM);
    c->smooth = 0; /* there is no result */
    put_index(&c->in[1], 17, values[i]);
    put_index(&c->in[1], 80, values[(i + 1) % 4]);
    kt_check(c);
  }
}

int main(void) {
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++)
    for (int index = KS_INT32; index <= KS_INT64; index++) {
      for (int i = 0; i < N(shapes); i++)
        for (int h = 0; h < N(hows); h++) {
          kt_check(new_case(dtype, index, shapes[i], hows[h], KT_UNIFORM));
          kt_check(new_case(dtype, index, shapes[i], hows[h], KT_GRID));
          if (!kt_is_real(dtype)) kt_check(new_case(dtype, index, shapes[i], hows[h], KT_WIDE));
          if (hows[h] >= KS_SCATTER_MAXIMUM)
            kt_check(new_case(dtype, index, shapes[i], hows[h], KT_SPECIAL));
        }
      check_wrong(dtype, index);
    }
  return kt_summary("scatter");
}
