#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

/* rows, columns, how many of them */
static const int64_t shapes[][3] = {
    {1, 1, 1},    {1, 1, 0},    {3, 0, 0},    {0, 5, 5},   {2, 2, 2},     {5, 7, 7},
    {5, 7, 3},    {4, 16, 16},  {4, 17, 17},  {3, 33, 17}, {7, 100, 100}, {7, 100, 5},
    {2, 100, 16}, {1, 999, 10}, {1, 999, 99}, {600, 9, 9}, {300, 40, 2},  {300, 40, 40}};

static void check(int dtype, const int64_t *shape, kt_values values, int falling) {
  kt_case *c =
      kt_new(KS_OP_order, dtype, "%lld of %lld, %lld rows, falling %d values %d",
             (long long)shape[2], (long long)shape[1], (long long)shape[0], falling, values);
  KT_SIZES(c, shape[0], shape[1], shape[2], falling);
  kt_input_filled(c, dtype, shape[0] * shape[1], values);
  kt_output(c, KS_INT32, shape[0] * shape[2]);
  c->node.scratch_bytes = 2 * shape[0] * shape[1] * (int64_t)sizeof(int32_t);
  kt_check(c);
}

int main(void) {
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++)
    for (int i = 0; i < N(shapes); i++)
      for (int falling = 0; falling < 2; falling++) {
        check(dtype, shapes[i], KT_UNIFORM, falling);
        check(dtype, shapes[i], KT_GRID, falling);
        check(dtype, shapes[i], KT_SPECIAL, falling);
      }
  return kt_summary("sort");
}
