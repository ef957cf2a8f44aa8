#include <math.h>

#include "../../csrc/ks_tiles.h"
#include "harness.h"

static const int64_t counts[] = {0, 1, 2, 7, 8, 17, 33, 100, KS_TILE_ELEMENTS, 20011};
#define N(array) (int)(sizeof(array) / sizeof *(array))

typedef struct {
  ks_op op;
  double attr[4];
  int64_t closed;
} activation;

static const activation activations[] = {
    {KS_OP_relu, {0}, 0},
    {KS_OP_sigmoid, {0}, 0},
    {KS_OP_tanh, {0}, 0},
    {KS_OP_softplus, {0}, 0},
    {KS_OP_softsign, {0}, 0},
    {KS_OP_silu, {0}, 0},
    {KS_OP_gelu, {0}, 0},
    {KS_OP_gelu_tanh, {0}, 0},
    {KS_OP_hard_sigmoid, {0}, 0},
    {KS_OP_elu, {1, 1, 1}, 0},
    {KS_OP_elu, {0.3, 1, 1}, 0},
    {KS_OP_elu, {-0.5, 1, 1}, 0},
    {KS_OP_elu, {1.6732632423543772, 1.0507009873554805, 1}, 0},
    {KS_OP_elu, {2, 1, 0.5}, 0},
    {KS_OP_leaky_relu, {0.2}, 0},
    {KS_OP_leaky_relu, {0}, 0},
    {KS_OP_bounded_relu, {0, 0, 6, 0}, 0},
    {KS_OP_bounded_relu, {0, 0, 1, 0}, 1},
    {KS_OP_bounded_relu, {0.1, -INFINITY, INFINITY, 1}, 0},
    {KS_OP_bounded_relu, {0.1, 0, 2, -1}, 1},
};

static void add_attributes(kt_case *c, const activation *a) {
  for (int i = 0; i < 4; i++) c->node.attr[i] = a->attr[i];
  c->node.size[0] = a->closed;
}

static void check_values(const activation *a, int dtype, int64_t count, kt_values values) {
  kt_case *c = kt_new(a->op, dtype, "attr %g %g %g %g values %d", a->attr[0], a->attr[1],
                      a->attr[2], a->attr[3], values);
  add_attributes(c, a);
  kt_input_filled(c, dtype, count, values);
  kt_output(c, dtype, count);
  c->smooth = values == KT_POSITIVE && count < 50 && a->op != KS_OP_bounded_relu;
  /* at nan and infinities the contract names no gradient */
  c->forward_only = values == KT_SPECIAL;
  kt_check(c);
}

static void check_scan(const activation *a, int dtype, double low, double high) {
  kt_case *c = kt_scan(a->op, dtype, low, high);
  add_attributes(c, a);
  /* beside the largest value, because products of x are rounded */
  if (a->op == KS_OP_silu || a->op == KS_OP_gelu || a->op == KS_OP_gelu_tanh) c->scale = 4;
  kt_check(c);
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    double most = dtype == KS_FLOAT32 ? 88 : 709;
    for (int i = 0; i < N(activations); i++) {
      const activation *a = &activations[i];
      for (int j = 0; j < N(counts); j++) check_values(a, dtype, counts[j], KT_UNIFORM);
      check_values(a, dtype, 40, KT_POSITIVE);
      check_values(a, dtype, 100, KT_GRID);
      check_values(a, dtype, 3000, KT_WIDE);
      check_values(a, dtype, 333, KT_SPECIAL);
      check_scan(a, dtype, -1.3 * most, 1.3 * most);
      check_scan(a, dtype, -20, 20);
      check_scan(a, dtype, -10, 10);
      check_scan(a, dtype, -1, 1);
      check_scan(a, dtype, -1e-3, 1e-3);
      check_scan(a, dtype, -1e18, 1e18);
    }
  }
  return kt_summary("activation");
}
