#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

typedef struct {
  int64_t rows, width, n;
} gather_shape;

static const gather_shape shapes[] = {{1, 1, 1},     {5, 3, 0},      {5, 3, 7},     {10, 1, 33},
                                      {7, 16, 40},   {100, 17, 9},   {3, 0, 5},     {1000, 8, 5000},
                                      {9, 33, 3000}, {20, 20011, 3}, {50000, 1, 60}};

static void put_index(ks_operand *index, int64_t i, int64_t value) {
  if (index->dtype == KS_INT32)
    ((int32_t *)index->data)[i] = (int32_t)value;
  else
    ((int64_t *)index->data)[i] = value;
}

static kt_case *new_case(int dtype, int index_dtype, gather_shape s) {
  kt_case *c = kt_new(KS_OP_gather, dtype, "rows %lld width %lld n %lld by %s", (long long)s.rows,
                      (long long)s.width, (long long)s.n, kt_dtype_name(index_dtype));
  KT_SIZES(c, s.rows, s.width);
  kt_input_filled(c, dtype, s.rows * s.width, KT_UNIFORM);
  kt_input(c, index_dtype, s.n);
  for (int64_t i = 0; i < s.n; i++) put_index(&c->in[1], i, kt_below(s.rows));
  kt_output(c, dtype, s.n * s.width);
  c->smooth = s.n * s.width < 700;
  return c;
}

/* The first wrong index is the one that is reported. */
static void check_wrong(int dtype, int index_dtype) {
  static const gather_shape shape = {10, 8, 9000};
  static const int64_t places[][2] = {{0, 0}, {8999, 8999}, {4000, 8000}, {8000, 4000}, {1, 2}};
  static const int64_t values[] = {-1, 10, INT32_MIN, INT32_MAX, 11};
  for (int i = 0; i < N(places); i++) {
    kt_case *c = new_case(dtype, index_dtype, shape);
    put_index(&c->in[1], places[i][0], values[i]);
    put_index(&c->in[1], places[i][1], values[(i + 1) % 5]);
    kt_check(c);
  }
  if (index_dtype == KS_INT32) return;
  kt_case *c = new_case(dtype, index_dtype, shape);
  put_index(&c->in[1], 17, 1LL << 32); /* 0, if somebody cuts it to 32 bits */
  kt_check(c);
}

int main(void) {
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++)
    for (int index = KS_INT32; index <= KS_INT64; index++) {
      for (int i = 0; i < N(shapes); i++) kt_check(new_case(dtype, index, shapes[i]));
      check_wrong(dtype, index);
    }
  return kt_summary("gather");
}
