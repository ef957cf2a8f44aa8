#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

static const int64_t counts[] = {0, 1, 3, 16, 33, 1000, 40003};

static void put_rate(kt_case *c, float rate) { *(float *)kt_input(c, KS_FLOAT32, 1) = rate; }

static void check_sgd(int dtype, int64_t count, double momentum, int has_buffer, int nesterov) {
  kt_case *c = kt_new(KS_OP_sgd, dtype, "count %lld momentum %g buffer %d nesterov %d",
                      (long long)count, momentum, has_buffer, nesterov);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  put_rate(c, 0.03f);
  if (has_buffer) kt_input_filled(c, dtype, count, KT_UNIFORM);
  c->node.attr[0] = momentum;
  KT_SIZES(c, nesterov);
  kt_check(c);
}

static void check_adam(int dtype, int64_t count, int64_t iterations, kt_values gradients) {
  kt_case *c = kt_new(KS_OP_adam, dtype, "count %lld iterations %lld gradients %d",
                      (long long)count, (long long)iterations, gradients);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, gradients);
  put_rate(c, 0.001f);
  *(int64_t *)kt_input(c, KS_INT64, 1) = iterations;
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, KT_POSITIVE);
  if (iterations == 0) /* the moments of the first step are zero */
    for (int i = 4; i < 6; i++)
      for (int64_t j = 0; j < count * kt_bytes(dtype, 1); j++) ((char *)c->in[i].data)[j] = 0;
  c->node.attr[0] = 0.9;
  c->node.attr[1] = 0.999;
  c->node.attr[2] = 1e-7;
  kt_check(c);
}

int main(void) {
  static const int64_t iterations[] = {0, 1, 9, 999, 1000000, 3000000000};
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++)
    for (int i = 0; i < N(counts); i++) {
      check_sgd(dtype, counts[i], 0, 0, 0);
      check_sgd(dtype, counts[i], 0.9, 1, 0);
      check_sgd(dtype, counts[i], 0.9, 1, 1);
      for (int t = 0; t < N(iterations); t++) {
        check_adam(dtype, counts[i], iterations[t], KT_UNIFORM);
        check_adam(dtype, counts[i], iterations[t], KT_GRID); /* zeros among them */
        check_adam(dtype, counts[i], iterations[t], KT_WIDE);
      }
    }
  return kt_summary("update");
}
