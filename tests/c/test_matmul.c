#include "../../csrc/ks_dense.h"
#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

/* m, n, k: vectors, small odd ones, none, and some that are cut into tiles
 * (above 2 MFLOP, by rows and by columns). */
static const int64_t shapes[][3] = {
    {1, 1, 1},    {1, 5, 3},   {5, 1, 3},   {3, 4, 1}, {7, 5, 9}, {16, 16, 16},
    {33, 17, 31}, {1, 40, 70}, {40, 1, 70}, {0, 3, 4}, {3, 0, 4}, {3, 4, 0},
};
static const int64_t large[][3] = {{181, 97, 61}, {97, 181, 61}, {1, 1100, 921}, {1100, 1, 921}};

/* Whose backward pass goes by 2 to 4 blocks of rows: as there are products enough, or elements. */
static const int64_t in_blocks[][3] = {{200, 100, 64}, {193, 37, 53}, {301, 3, 40},
                                       {450, 1, 100},  {128, 40, 40}, {2000, 40, 1}};

static void check_matmul(int dtype, int64_t batch, const int64_t *shape, int trans, int repeat) {
  int64_t m = shape[0], n = shape[1], k = shape[2];
  int trans_a = trans & 1, trans_b = trans >> 1, repeat_a = repeat & 1, repeat_b = repeat >> 1;
  kt_case *c = kt_new(KS_OP_matmul, dtype, "batch %lld m %lld n %lld k %lld %c%c repeat %d %d",
                      (long long)batch, (long long)m, (long long)n, (long long)k, "nt"[trans_a],
                      "nt"[trans_b], repeat_a, repeat_b);
  KT_SIZES(c, batch, m, n, k, trans_a, trans_b, repeat_a ? 0 : m * k, repeat_b ? 0 : k * n);
  kt_input_filled(c, dtype, (repeat_a ? 1 : batch) * m * k, KT_UNIFORM);
  kt_input_filled(c, dtype, (repeat_b ? 1 : batch) * k * n, KT_UNIFORM);
  kt_output(c, dtype, batch * m * n);
  c->smooth = batch * m * n * k < 2000;
  c->scale = (double)(m + n + k) / 16;
  kt_check(c);
}

static void check_matmuls(int dtype) {
  for (int trans = 0; trans < 4; trans++) {
    for (int i = 0; i < N(shapes); i++) {
      check_matmul(dtype, 1, shapes[i], trans, 0);
      for (int repeat = 0; repeat < 4; repeat++) check_matmul(dtype, 3, shapes[i], trans, repeat);
    }
    /* of no products, the gradient of an operand that is repeated is zero */
    for (int repeat = 0; repeat < 4; repeat++) check_matmul(dtype, 0, shapes[4], trans, repeat);
    check_matmul(dtype, 101, shapes[4], trans, 2);
    check_matmul(dtype, 70, shapes[6], trans, trans); /* large as a whole, not each */
    for (int i = 0; i < N(large); i++) check_matmul(dtype, 1, large[i], trans, 0);
  }
  check_matmul(dtype, 2, large[0], 1, 2);
}

/* Returns the number of blocks. */
static int64_t check_dense(int dtype, const int64_t *shape, int activation, int has_bias) {
  int64_t m = shape[0], n = shape[1], k = shape[2];
  kt_case *c = kt_new(KS_OP_dense, dtype, "m %lld n %lld k %lld activation %d bias %d",
                      (long long)m, (long long)n, (long long)k, activation, has_bias);
  KT_SIZES(c, m, n, k, activation);
  kt_input_filled(c, dtype, m * k, KT_UNIFORM);
  kt_input_filled(c, dtype, k * n, KT_UNIFORM);
  if (has_bias) kt_input_filled(c, dtype, n, KT_UNIFORM);
  kt_output(c, dtype, m * n);
  ks_dense_plan plan = ks_dense_plan_of(&c->node);
  c->node.scratch_bytes = plan.bytes;
  c->smooth = m * n * k < 2000;
  c->scale = (double)(m + n + k) / 16;
  kt_check(c);
  return plan.blocks;
}

/* As predictions do it after a batch normalization: forward alone. */
static void check_dense_scaled(int dtype, const int64_t *shape, int activation, int has_bias) {
  int64_t m = shape[0], n = shape[1], k = shape[2];
  kt_case *c = kt_new(KS_OP_dense, dtype, "scaled m %lld n %lld k %lld activation %d bias %d",
                      (long long)m, (long long)n, (long long)k, activation, has_bias);
  KT_SIZES(c, m, n, k, activation);
  kt_input_filled(c, dtype, m * k, KT_UNIFORM);
  kt_input_filled(c, dtype, k * n, KT_UNIFORM);
  for (int i = has_bias ? 0 : 1; i < 4; i++) kt_input_filled(c, dtype, n, KT_UNIFORM);
  kt_output(c, dtype, m * n);
  c->scale = (double)(m + n + k) / 16;
  c->forward_only = 1;
  kt_check(c);
}

/* All that is exactly zero before the activation has a gradient of 0. */
static void check_dense_at_zero(int dtype) {
  static const int64_t shape[] = {6, 5, 4};
  kt_case *c = kt_new(KS_OP_dense, dtype, "relu on a grid");
  KT_SIZES(c, shape[0], shape[1], shape[2], KS_RELU);
  kt_input_filled(c, dtype, 24, KT_GRID);
  kt_input_filled(c, dtype, 20, KT_GRID);
  kt_input_filled(c, dtype, 5, KT_GRID);
  kt_output(c, dtype, 30);
  c->node.scratch_bytes = ks_dense_plan_of(&c->node).bytes;
  kt_check(c);
}

/* nan and infinity go through: a diverged model must show it. */
static void check_dense_special(int dtype, int activation) {
  kt_case *c = kt_new(KS_OP_dense, dtype, "special activation %d", activation);
  KT_SIZES(c, 60, 3, 1, activation);
  kt_input_filled(c, dtype, 60, KT_SPECIAL);
  kt_input_filled(c, dtype, 3, KT_POSITIVE);
  kt_input_filled(c, dtype, 3, KT_UNIFORM);
  kt_output(c, dtype, 180);
  c->node.scratch_bytes = ks_dense_plan_of(&c->node).bytes;
  c->forward_only = 1;
  kt_check(c);
}

/* Integers and truth values, which have no gradient. */
static void check_whole(int dtype) {
  for (int trans = 0; trans < 4; trans++) {
    for (int i = 0; i < N(shapes); i++)
      for (int repeat = 0; repeat < 4; repeat++) check_matmul(dtype, 3, shapes[i], trans, repeat);
    check_matmul(dtype, 1, large[0], trans, 0);
  }
}

int main(void) {
  for (int dtype = KS_INT32; dtype <= KS_BOOL; dtype++) check_whole(dtype);
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    check_matmuls(dtype);
    for (int activation = KS_LINEAR; activation <= KS_TANH; activation++)
      for (int bias = 0; bias < 2; bias++) {
        for (int i = 0; i < N(shapes); i++) check_dense(dtype, shapes[i], activation, bias);
        if (bias == activation % 2) check_dense(dtype, large[activation], activation, bias);
        for (int i = 0; i < N(in_blocks); i++)
          KT_EXPECT(check_dense(dtype, in_blocks[i], activation, bias) > 1, "dense: one block");
        for (int i = 0; i < N(shapes); i++) check_dense_scaled(dtype, shapes[i], activation, bias);
        if (bias != activation % 2) check_dense_scaled(dtype, large[activation], activation, bias);
      }
    check_dense_at_zero(dtype);
    for (int activation = KS_LINEAR; activation <= KS_TANH; activation++)
      check_dense_special(dtype, activation);
  }
  return kt_summary("matmul");
}
