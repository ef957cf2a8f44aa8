#include <math.h>

#include "../../csrc/ks_tiles.h"
#include "harness.h"

static const int64_t counts[] = {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 1001};
static const int64_t large_counts[] = {KS_TILE_ELEMENTS - 1, KS_TILE_ELEMENTS, KS_TILE_ELEMENTS + 1,
                                       3 * KS_TILE_ELEMENTS + 5};
#define N(array) (int)(sizeof(array) / sizeof *(array))

static const ks_op any_unary[] = {KS_OP_negative, KS_OP_absolute, KS_OP_square, KS_OP_sign};
static const ks_op real_unary[] = {
    KS_OP_exp,   KS_OP_log,   KS_OP_sqrt,    KS_OP_sin,     KS_OP_cos,
    KS_OP_floor, KS_OP_ceil,  KS_OP_round,   KS_OP_trunc,   KS_OP_reciprocal,
    KS_OP_rsqrt, KS_OP_expm1, KS_OP_log1p,   KS_OP_log2,    KS_OP_log10,
    KS_OP_erf,   KS_OP_tan,   KS_OP_arcsin,  KS_OP_arccos,  KS_OP_arctan,
    KS_OP_sinh,  KS_OP_cosh,  KS_OP_arcsinh, KS_OP_arccosh, KS_OP_arctanh,
};
static const ks_op any_binary[] = {KS_OP_add,     KS_OP_subtract,     KS_OP_multiply, KS_OP_maximum,
                                   KS_OP_minimum, KS_OP_floor_divide, KS_OP_mod,      KS_OP_power};
static const ks_op comparisons[] = {KS_OP_equal,      KS_OP_not_equal, KS_OP_less,
                                    KS_OP_less_equal, KS_OP_greater,   KS_OP_greater_equal};
static const ks_op real_binary[] = {KS_OP_divide, KS_OP_arctan2};

/* ---- one input ----------------------------------------------------------- */

/* Where differences of the function mean nothing: it jumps, or is not real. */
static int is_smooth(ks_op op) {
  switch (op) {
    case KS_OP_floor:
    case KS_OP_ceil:
    case KS_OP_round:
    case KS_OP_trunc:
    case KS_OP_sign:
    case KS_OP_tan:
    case KS_OP_arcsin:
    case KS_OP_arccos:
    case KS_OP_arccosh:
    case KS_OP_arctanh:
      return 0;
    default:
      return 1;
  }
}

static int is_of_positive(ks_op op) {
  return op == KS_OP_log || op == KS_OP_sqrt || op == KS_OP_log2 || op == KS_OP_log10 ||
         op == KS_OP_rsqrt || op == KS_OP_reciprocal;
}

static void check_unary_case(ks_op op, int dtype, int64_t count, kt_values values) {
  kt_case *c = kt_new(op, dtype, "count %lld values %d", (long long)count, values);
  kt_input_filled(c, dtype, count, values);
  kt_output(c, dtype, count);
  c->smooth = values == KT_POSITIVE && count < 100 && is_smooth(op);
  /* absolute at nan: the contract names no gradient; nor where a small dy would have
   * saved an infinite y */
  int overflows = op == KS_OP_exp || op == KS_OP_expm1 || op == KS_OP_sinh || op == KS_OP_cosh;
  c->forward_only =
      (values == KT_SPECIAL && op == KS_OP_absolute) || (values == KT_WIDE && overflows);
  kt_check(c);
}

static void check_unary(ks_op op, int dtype) {
  kt_values values = is_of_positive(op) ? KT_POSITIVE : KT_UNIFORM;
  for (int i = 0; i < N(counts); i++) check_unary_case(op, dtype, counts[i], values);
  for (int i = 0; i < N(large_counts); i++) check_unary_case(op, dtype, large_counts[i], values);
  check_unary_case(op, dtype, 40, KT_POSITIVE);
  check_unary_case(op, dtype, 100, KT_GRID);
  check_unary_case(op, dtype, 3000, KT_WIDE);
  check_unary_case(op, dtype, 333, KT_SPECIAL);
}

/* Where exponentials leave the range and series meet. */
static void check_unary_scan(ks_op op, int dtype, double low, double high) {
  kt_check(kt_scan(op, dtype, low, high));
}

static void check_scans(int dtype) {
  double most = dtype == KS_FLOAT32 ? 88 : 709;
  check_unary_scan(KS_OP_exp, dtype, -1.3 * most, 0.99 * most);
  kt_case *overflow = kt_scan(KS_OP_exp, dtype, 0.99 * most, 1.1 * most);
  overflow->forward_only = 1; /* dy times an infinite y, which dy alone would have saved */
  kt_check(overflow);
  check_unary_scan(KS_OP_expm1, dtype, -1.3 * most, 0.99 * most);
  check_unary_scan(KS_OP_expm1, dtype, -45, 45);
  check_unary_scan(KS_OP_expm1, dtype, -1, 1);
  check_unary_scan(KS_OP_expm1, dtype, -1e-4, 1e-4);
  check_unary_scan(KS_OP_log1p, dtype, -1, 3);
  check_unary_scan(KS_OP_log1p, dtype, -1e-3, 1e-3);
  check_unary_scan(KS_OP_log1p, dtype, 3, 1e30);
  check_unary_scan(KS_OP_erf, dtype, -30, 30);
  check_unary_scan(KS_OP_erf, dtype, -1.1, 1.1);
  check_unary_scan(KS_OP_erf, dtype, 0.9, 7);
  check_unary_scan(KS_OP_erf, dtype, -1e-4, 1e-4);
  check_unary_scan(KS_OP_arcsin, dtype, -1, 1);
  check_unary_scan(KS_OP_arccos, dtype, -1, 1);
  check_unary_scan(KS_OP_arctanh, dtype, -1, 1);
  check_unary_scan(KS_OP_arccosh, dtype, 1, 50);
  check_unary_scan(KS_OP_round, dtype, -50, 50);
  check_unary_scan(KS_OP_floor, dtype, -50, 50);
  check_unary_scan(KS_OP_log, dtype, 1e-6, 3);
  check_unary_scan(KS_OP_log, dtype, 0.99, 1.01);
  check_unary_scan(KS_OP_sin, dtype, -100, 100);
  check_unary_scan(KS_OP_cos, dtype, -100, 100);
  check_unary_scan(KS_OP_sin, dtype, -1e5, 1e5);
  check_unary_scan(KS_OP_cos, dtype, -1e5, 1e5);
}

/* ---- two inputs, broadcast ----------------------------------------------- */

typedef struct {
  const char *name;
  int n_dims;
  int64_t dims[5], strides[2][5];
} pattern;

/* Strides as whoever makes the node finds them, axes merged where they can be
 * and (below) where they could have been. */
static const pattern patterns[] = {
    {"one", 1, {1}, {{1}, {1}}},
    {"one by stride 0", 1, {1}, {{0}, {0}}},
    {"same 17", 1, {17}, {{1}, {1}}},
    {"same large", 1, {40001}, {{1}, {1}}},
    {"nothing", 1, {0}, {{1}, {1}}},
    {"nothing by scalar", 1, {0}, {{1}, {0}}},
    {"no rows", 2, {0, 5}, {{5, 1}, {0, 1}}},
    {"no columns", 2, {5, 0}, {{0, 1}, {1, 0}}},
    {"scalar right", 1, {37}, {{1}, {0}}},
    {"scalar left", 1, {37}, {{0}, {1}}},
    {"scalar right large", 1, {50001}, {{1}, {0}}},
    {"scalar left large", 1, {50001}, {{0}, {1}}},
    {"row right", 2, {13, 9}, {{9, 1}, {0, 1}}},
    {"row left", 2, {13, 9}, {{0, 1}, {9, 1}}},
    {"row right large", 2, {301, 129}, {{129, 1}, {0, 1}}},
    {"row left large", 2, {40003, 3}, {{0, 1}, {3, 1}}},
    {"row long", 2, {3, 20001}, {{20001, 1}, {0, 1}}},
    {"column right", 2, {13, 9}, {{9, 1}, {1, 0}}},
    {"column left", 2, {13, 9}, {{1, 0}, {9, 1}}},
    {"column right large", 2, {301, 129}, {{129, 1}, {1, 0}}},
    {"column left large", 2, {3, 20001}, {{1, 0}, {20001, 1}}},
    {"column short rows", 2, {20001, 3}, {{3, 1}, {1, 0}}},
    {"outer", 2, {7, 19}, {{1, 0}, {0, 1}}},
    {"outer large", 2, {211, 307}, {{1, 0}, {0, 1}}},
    {"outer turned", 2, {211, 107}, {{0, 1}, {1, 0}}},
    {"unmerged same", 2, {11, 5}, {{5, 1}, {5, 1}}},
    {"unmerged scalar", 2, {11, 5}, {{5, 1}, {0, 0}}},
    {"middle right", 3, {5, 7, 6}, {{42, 6, 1}, {6, 0, 1}}},
    {"middle left", 3, {5, 7, 6}, {{6, 0, 1}, {42, 6, 1}}},
    {"middle large", 3, {21, 50, 33}, {{1650, 33, 1}, {33, 0, 1}}},
    {"ends", 3, {5, 7, 6}, {{42, 6, 1}, {0, 1, 0}}},
    {"ends large", 3, {30, 41, 35}, {{1435, 35, 1}, {0, 1, 0}}},
    {"crossed 3", 3, {4, 5, 6}, {{6, 0, 1}, {5, 1, 0}}},
    {"crossed 4", 4, {3, 4, 5, 6}, {{5, 0, 1, 0}, {0, 6, 0, 1}}},
    {"general 4", 4, {3, 4, 5, 6}, {{20, 5, 1, 0}, {24, 6, 0, 1}}},
    {"general 4 large", 4, {13, 14, 15, 16}, {{210, 15, 1, 0}, {224, 16, 0, 1}}},
    {"axes of one", 4, {1, 5, 1, 4}, {{20, 4, 4, 1}, {0, 0, 0, 1}}},
    {"five", 5, {2, 3, 2, 3, 4}, {{24, 0, 12, 4, 1}, {0, 4, 0, 0, 1}}},
};

static int64_t count_of(const pattern *p) {
  int64_t count = 1;
  for (int d = 0; d < p->n_dims; d++) count *= p->dims[d];
  return count;
}

/* Elements of an operand: those that its strides do not repeat. */
static int64_t operand_count(const pattern *p, int which) {
  int64_t count = 1;
  for (int d = 0; d < p->n_dims; d++)
    if (p->strides[which][d] != 0) count *= p->dims[d];
  return count;
}

static void check_binary_case(ks_op op, int dtype, const pattern *p, kt_values left,
                              kt_values right) {
  kt_case *c = kt_new(op, dtype, "%s values %d %d", p->name, left, right);
  int is_comparison = op >= KS_OP_equal && op <= KS_OP_greater_equal;
  kt_loops(c, p->n_dims, p->dims);
  for (int which = 0; which < 2; which++) {
    for (int d = 0; d < p->n_dims; d++) c->node.strides[which][d] = p->strides[which][d];
    kt_input_filled(c, dtype, operand_count(p, which), which ? right : left);
  }
  kt_output(c, is_comparison ? KS_BOOL : dtype, count_of(p));
  c->forward_only = left == KT_SPECIAL && op != KS_OP_maximum && op != KS_OP_minimum;
  c->smooth = left == KT_POSITIVE && c->out.count < 400;
  /* gradients of what is repeated are sums of so many terms */
  for (int which = 0; which < 2; which++) {
    double terms = (double)(c->out.count + 1) / (double)(c->in[which].count + 1);
    if (sqrt(terms) > c->scale) c->scale = sqrt(terms);
  }
  if (op == KS_OP_power) c->scale *= 16;
  kt_check(c);
}

static void check_binary(ks_op op, int dtype) {
  static const pattern long_one = {"same 1000", 1, {1000}, {{1}, {1}}};
  int wraps = !kt_is_real(dtype);
  for (int i = 0; i < N(patterns); i++)
    check_binary_case(op, dtype, &patterns[i], KT_POSITIVE, KT_POSITIVE);
  if (op != KS_OP_power || wraps) {
    check_binary_case(op, dtype, &long_one, KT_UNIFORM, KT_UNIFORM);
    check_binary_case(op, dtype, &long_one, KT_WIDE, KT_WIDE);
  }
  if (op != KS_OP_divide && op != KS_OP_power) {
    check_binary_case(op, dtype, &long_one, KT_GRID, KT_GRID);
    check_binary_case(op, dtype, &patterns[33], KT_GRID, KT_GRID);
  }
  check_binary_case(op, dtype, &long_one, KT_SPECIAL, KT_SPECIAL);
}

/* Zero to a power, and negative numbers to whole powers. */
static void check_power_corners(int dtype) {
  static const pattern corners = {"corners", 2, {3, 5}, {{1, 0}, {0, 1}}};
  static const double base[] = {0, -2, 1.5}, exponent[] = {0, 1, 2, 3, 0.5};
  kt_case *c = kt_new(KS_OP_power, dtype, "bases 0 -2 1.5, exponents 0 1 2 3 0.5");
  kt_loops(c, 2, corners.dims);
  kt_input(c, dtype, 3);
  kt_input(c, dtype, 5);
  kt_output(c, dtype, 15);
  for (int which = 0; which < 2; which++)
    for (int d = 0; d < 2; d++) c->node.strides[which][d] = corners.strides[which][d];
  for (int i = 0; i < 5; i++) {
    if (dtype == KS_FLOAT32) {
      if (i < 3) ((float *)c->in[0].data)[i] = (float)base[i];
      ((float *)c->in[1].data)[i] = (float)exponent[i];
    } else {
      if (i < 3) ((double *)c->in[0].data)[i] = base[i];
      ((double *)c->in[1].data)[i] = exponent[i];
    }
  }
  kt_check(c);
}

static void check_where(int dtype) {
  static const int64_t sizes[] = {0, 1, 5, 33, 1000, 40007};
  for (int i = 0; i < N(sizes); i++) {
    kt_case *c = kt_new(KS_OP_where, dtype, "count %lld", (long long)sizes[i]);
    kt_input_filled(c, KS_BOOL, sizes[i], KT_UNIFORM);
    kt_input_filled(c, dtype, sizes[i], i == 4 ? KT_SPECIAL : KT_UNIFORM);
    kt_input_filled(c, dtype, sizes[i], i == 4 ? KT_SPECIAL : KT_UNIFORM);
    kt_output(c, dtype, sizes[i]);
    c->smooth = sizes[i] < 100;
    kt_check(c);
  }
}

int main(void) {
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++) {
    for (int i = 0; i < N(any_unary); i++) check_unary(any_unary[i], dtype);
    for (int i = 0; i < N(any_binary); i++) check_binary(any_binary[i], dtype);
    for (int i = 0; i < N(comparisons); i++) check_binary(comparisons[i], dtype);
    check_where(dtype);
    if (!kt_is_real(dtype)) continue;
    for (int i = 0; i < N(real_unary); i++) check_unary(real_unary[i], dtype);
    for (int i = 0; i < N(real_binary); i++) check_binary(real_binary[i], dtype);
    check_scans(dtype);
    check_power_corners(dtype);
  }
  return kt_summary("elementwise");
}
