#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

/* outer, scanned, inner */
static const int64_t shapes[][3] = {{1, 1, 1},    {1, 7, 1},    {5, 64, 1},  {3, 1, 4},
                                    {4, 3, 5},    {6, 17, 33},  {0, 3, 2},   {2, 3, 0},
                                    {3, 0, 1},    {1, 801, 1},  {301, 9, 1}, {1, 31, 129},
                                    {2, 20, 601}, {40, 2, 601}, {2, 33, 2},  {1, 5, 4001}};

static void check(int dtype, const int64_t *shape, kt_values values) {
  kt_case *c = kt_new(KS_OP_cumsum, dtype, "shape %lld %lld %lld values %d", (long long)shape[0],
                      (long long)shape[1], (long long)shape[2], values);
  kt_sizes(c, 3, shape);
  kt_input_filled(c, dtype, shape[0] * shape[1] * shape[2], values);
  kt_output(c, dtype, shape[0] * shape[1] * shape[2]);
  c->smooth = values == KT_UNIFORM && c->in[0].count < 300;
  kt_check(c);
}

int main(void) {
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++)
    for (int i = 0; i < N(shapes); i++) {
      check(dtype, shapes[i], KT_UNIFORM);
      check(dtype, shapes[i], KT_GRID);
      if (!kt_is_real(dtype)) check(dtype, shapes[i], KT_WIDE);
    }
  return kt_summary("scan");
}
