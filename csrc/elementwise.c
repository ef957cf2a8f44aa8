/* Element-wise operations. Each op is one line: its value and its gradient as
 * expressions of the element. The macros make row functions out of them, which
 * is where the vectorising loops are; ks_broadcast.h and ks_sum.h bring the
 * rows to them.
 */
#include "ks_broadcast.h"
#include "ks_erf.h"
#include "ks_math.h"
#include "ks_ops.h"
#include "ks_sum.h"
#include "ks_unary.h"

/* Integers wrap around, through unsigned types because signed overflow is
 * undefined; a bool has `or` for + and `and` for *. */
#if KS_FLOATING
#define ADD(a, b) ((a) + (b))
#define SUBTRACT(a, b) ((a) - (b))
#define MULTIPLY(a, b) ((a) * (b))
#define NEGATIVE(x) (-(x))
#define ABSOLUTE(x) ks_abs(x)
#elif KS_DTYPE_NUMBER == 5
#define ADD(a, b) ((a) | (b))
#define SUBTRACT(a, b) ((a) ^ (b))
#define MULTIPLY(a, b) ((a) & (b))
#define NEGATIVE(x) (x)
#define ABSOLUTE(x) (x)
#else
#if KS_DTYPE_NUMBER == 3
typedef uint32_t wrapping;
#else
typedef uint64_t wrapping;
#endif
#define ADD(a, b) ((wrapping)(a) + (wrapping)(b))
#define SUBTRACT(a, b) ((wrapping)(a) - (wrapping)(b))
#define MULTIPLY(a, b) ((wrapping)(a) * (wrapping)(b))
#define NEGATIVE(x) (0 - (wrapping)(x))
#define ABSOLUTE(x) ((x) < 0 ? NEGATIVE(x) : (wrapping)(x))
#endif

/* ---- quotients and powers ------------------------------------------------------ */

/* Quotients are rounded down, and a remainder has the sign of the divisor, as
 * in Python. Of floats the remainder is exact, and the quotient follows from
 * it: a / b may have been rounded up to a whole number. */
#if KS_FLOATING
static inline real modulo(real a, real b) {
  real rest = KS_LIBM(fmod)(a, b);
  if (rest == 0) return ks_copysign(0, b);
  return (rest < 0) == (b < 0) ? rest : rest + b;
}

static inline real floor_quotient(real a, real b) {
  if (b == 0) return a / b;
  real rest = KS_LIBM(fmod)(a, b), quotient = (a - rest) / b;
  if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
  if (quotient == 0) return ks_copysign(0, a / b);
  real below = ks_floor(quotient);
  return quotient - below > (real)0.5 ? below + 1 : below;
}

#define POWER(a, b) ks_pow(a, b)
#elif KS_DTYPE_NUMBER == 5
#define modulo(a, b) 0
#define floor_quotient(a, b) ((b) & (a))
#define POWER(a, b) ((a) | !(b))
#else
/* Nothing traps: division by 0 gives 0, and the smallest integer by -1 itself. */
static inline real modulo(real a, real b) {
  if (b == 0 || b == (real)-1) return 0;
  real rest = (real)(a % b);
  return rest != 0 && (rest < 0) != (b < 0) ? (real)(rest + b) : rest;
}

static inline real floor_quotient(real a, real b) {
  if (b == 0) return 0;
  if (b == (real)-1) return (real)NEGATIVE(a);
  real quotient = (real)(a / b);
  return a % b != 0 && (a < 0) != (b < 0) ? (real)(quotient - 1) : quotient;
}

/* Wraps around; a negative power of what is not 1 or -1 is a fraction, hence
 * 0. */
static inline real whole_power(real a, real b) {
  if (b < 0) return a == 1 ? 1 : a == (real)-1 ? (real)(b % 2 ? -1 : 1) : 0;
  real result = 1;
  for (; b; b = (real)(b >> 1)) {
    if (b & 1) result = (real)MULTIPLY(result, a);
    a = (real)MULTIPLY(a, a);
  }
  return result;
}

#define POWER(a, b) whole_power(a, b)
#endif

/* ---- one input ------------------------------------------------------------ */

/* Written so that nan passes through, and -0 through sign. */
#if KS_DTYPE_NUMBER == 5
#define SIGN(x) (x)
#else
#define SIGN(x) ((x) > 0 ? (real)1 : (x) < 0 ? (real) - 1 : (x))
#endif
#define HALF ((real)0.5)
#define LOG2_E ((real)1.4426950408889634074)
#define LOG10_E ((real)0.43429448190325182765)
#define TWO_OVER_ROOT_PI ((real)1.1283791670955125739)

/* clang-format off */
UNARY(negative, NEGATIVE(x), -dy)
UNARY(absolute, ABSOLUTE(x), SIGN(x) * dy)
UNARY(square, MULTIPLY(x, x), 2 * x * dy)
UNARY(sign, SIGN(x), 0)
#if KS_FLOATING
UNARY(exp, ks_exp(x), y * dy)
UNARY(log, ks_log(x), dy / x)
UNARY(sqrt, ks_sqrt(x), HALF * dy / y)
UNARY(sin, ks_sin(x), ks_cos(x) * dy)
UNARY(cos, ks_cos(x), -ks_sin(x) * dy)
UNARY(floor, ks_floor(x), 0)
UNARY(ceil, ks_ceil(x), 0)
UNARY(round, ks_round(x), 0)
UNARY(trunc, ks_trunc(x), 0)
UNARY(reciprocal, 1 / x, -y * y * dy)
UNARY(rsqrt, 1 / ks_sqrt(x), -HALF * y / x * dy)
UNARY(expm1, ks_expm1(x), (y + 1) * dy)
UNARY(log1p, ks_log1p(x), dy / (1 + x))
UNARY(log2, KS_LIBM(log2)(x), LOG2_E * dy / x)
UNARY(log10, KS_LIBM(log10)(x), LOG10_E * dy / x)
UNARY(erf, ks_erf(x), TWO_OVER_ROOT_PI * ks_exp(-x * x) * dy)
UNARY(tan, KS_LIBM(tan)(x), (1 + y * y) * dy)
UNARY(arcsin, KS_LIBM(asin)(x), dy / ks_sqrt((1 - x) * (1 + x)))
UNARY(arccos, KS_LIBM(acos)(x), -dy / ks_sqrt((1 - x) * (1 + x)))
UNARY(arctan, KS_LIBM(atan)(x), dy / (1 + x * x))
UNARY(sinh, KS_LIBM(sinh)(x), KS_LIBM(cosh)(x) * dy)
UNARY(cosh, KS_LIBM(cosh)(x), KS_LIBM(sinh)(x) * dy)
UNARY(arcsinh, KS_LIBM(asinh)(x), dy / ks_sqrt(x * x + 1))
UNARY(arccosh, KS_LIBM(acosh)(x), dy / (ks_sqrt(x - 1) * ks_sqrt(x + 1)))
UNARY(arctanh, KS_LIBM(atanh)(x), dy / ((1 - x) * (1 + x)))
#endif
/* clang-format on */

/* ---- two inputs, broadcast ------------------------------------------------ */

static ks_status binary_forward(ks_node *node, const ks_context *context, ks_row_function function,
                                size_t out_size) {
  ks_loops loops = ks_node_loops(node);
  ks_row row = {.a = node->in[0].data, .b = node->in[1].data, .out = node->out[0].data};
  ks_map(context, &loops, function, row, out_size, 0);
  return KS_OK;
}

/* The loop over a row, once for each way that the inputs can step: a constant
 * step is what lets the compiler vectorise. `load` defines what the expression
 * needs beside a and b. */
#define ROW_LOOP(row, type, load, expression)                                 \
  const real *as = (row)->a, *bs = (row)->b;                                  \
  type *out = (row)->out;                                                     \
  const int64_t n = (row)->n, step_a = (row)->step_a, step_b = (row)->step_b; \
  if (step_a == 1 && step_b == 1) {                                           \
    ROW_LOOP_BODY(as[i], bs[i], type, load, expression)                       \
  } else if (step_a == 1 && step_b == 0) {                                    \
    const real right = bs[0];                                                 \
    ROW_LOOP_BODY(as[i], right, type, load, expression)                       \
  } else if (step_a == 0 && step_b == 1) {                                    \
    const real left = as[0];                                                  \
    ROW_LOOP_BODY(left, bs[i], type, load, expression)                        \
  } else {                                                                    \
    ROW_LOOP_BODY(as[i * step_a], bs[i * step_b], type, load, expression)     \
  }

/* a, b: what the expressions of the ops are written in. */
#define ROW_LOOP_BODY(get_a, get_b, type, load, expression) \
  for (int64_t i = 0; i < n; i++) {                         \
    const real a = get_a, b = get_b;                        \
    load;                                                   \
    (void)a, (void)b;                                       \
    out[i] = (type)(expression);                            \
  }

#define BINARY_FORWARD(name, type, value)                                                        \
  static void name##_row(const ks_row *row){ROW_LOOP(                                            \
      row, type, (void)0, value)} ks_status KS_NAME(name##_forward)(ks_node * node,              \
                                                                    const ks_context *context) { \
    return binary_forward(node, context, name##_row, sizeof(type));                              \
  }

#if KS_FLOATING
/* An input that nothing repeats has a gradient at every place; the gradient of
 * another is summed over the loops along which it stands still. */
static void input_gradient(ks_node *node, const ks_context *context, int which,
                           ks_row_function function) {
  const ks_operand *in = node->in, *out = &node->out[0];
  if (!in[which].grad) return;
  ks_loops loops = ks_node_loops(node);
  ks_row row = {
      .a = in[0].data, .b = in[1].data, .y = out->data, .dy = out->grad, .out = in[which].grad};
  if (in[which].count == out->count)
    ks_map(context, &loops, function, row, sizeof(real), in[which].add);
  else
    ks_sum(context, &loops, which, function, row, in[which].add, 1);
}

#define GRADIENT_ROW(name, gradient)                                                           \
  static void name(const ks_row *row) {                                                        \
    const real *result = row->y, *slope = row->dy;                                             \
    ROW_LOOP(row, real, const real y = result[i]; const real dy = slope[i]; (void)y, gradient) \
  }

/* Gradients in terms of a, b, y = value(a, b) and dy, for a and for b. */
#define BINARY(name, value, gradient_a, gradient_b)                               \
  BINARY_FORWARD(name, real, value)                                               \
  GRADIENT_ROW(name##_gradient_a, gradient_a)                                     \
  GRADIENT_ROW(name##_gradient_b, gradient_b)                                     \
  ks_status KS_NAME(name##_backward)(ks_node * node, const ks_context *context) { \
    input_gradient(node, context, 0, name##_gradient_a);                          \
    input_gradient(node, context, 1, name##_gradient_b);                          \
    return KS_OK;                                                                 \
  }
#else
#define BINARY(name, value, gradient_a, gradient_b) BINARY_FORWARD(name, real, value)
#endif

/* dx0 is written before dx1 is added: x0 and x1 may be one tensor. */
/* clang-format off */
BINARY(add, ADD(a, b), dy, dy)
BINARY(subtract, SUBTRACT(a, b), dy, -dy)
BINARY(multiply, MULTIPLY(a, b), dy * b, dy * a)
/* a != a: nan wins, in either operand, and then both have the gradient. */
BINARY(maximum, a >= b || a != a ? a : b, dy * (a < b ? 0 : a == b ? HALF : 1),
       dy * (b < a ? 0 : a == b ? HALF : 1))
BINARY(minimum, a <= b || a != a ? a : b, dy * (a > b ? 0 : a == b ? HALF : 1),
       dy * (b > a ? 0 : a == b ? HALF : 1))
BINARY(floor_divide, floor_quotient(a, b), 0 * dy, 0 * dy)
BINARY(mod, modulo(a, b), dy, -floor_quotient(a, b) * dy)
/* x ** 0 is 1 everywhere, 0 ** x is 0: their slopes are 0, not 0 * inf. */
BINARY(power, POWER(a, b), b == 0 ? 0 : b * ks_pow(a, b - 1) * dy,
       a == 0 && b >= 0 ? 0 : y * ks_log(a) * dy)
#if KS_FLOATING
BINARY(divide, a / b, dy / b, -dy * y / b)
BINARY(arctan2, KS_LIBM(atan2)(a, b), dy * b / (a * a + b * b), -dy * a / (a * a + b * b))
#endif

BINARY_FORWARD(equal, uint8_t, a == b)
BINARY_FORWARD(not_equal, uint8_t, a != b)
BINARY_FORWARD(less, uint8_t, a < b)
BINARY_FORWARD(less_equal, uint8_t, a <= b)
BINARY_FORWARD(greater, uint8_t, a > b)
BINARY_FORWARD(greater_equal, uint8_t, a >= b)
/* clang-format on */

/* ---- where ---------------------------------------------------------------- */

/* Shapes are equal and the condition is of another dtype, so where has loops of
 * its own. */
static void where_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  const uint8_t *condition = node->in[0].data;
  const real *yes = node->in[1].data, *no = node->in[2].data;
  real *y = node->out[0].data;
  for (int64_t i = begin; i < end; i++) {
    real a = yes[i], b = no[i]; /* read both: no branch */
    y[i] = condition[i] ? a : b;
  }
}

ks_status KS_NAME(where_forward)(ks_node *node, const ks_context *context) {
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, where_range, node);
  return KS_OK;
}

#if KS_FLOATING
/* dy where the condition is `side`, 0 elsewhere. */
static void where_gradient(const ks_node *node, int side, int64_t begin, int64_t end) {
  const ks_operand *in = &node->in[side ? 1 : 2];
  const uint8_t *condition = node->in[0].data;
  const real *dy = node->out[0].grad;
  real *dx = in->grad;
  if (!dx) return;
  for (int64_t i = begin; i < end; i++) {
    real slope = dy[i];
    slope = (condition[i] != 0) == side ? slope : 0;
    dx[i] = in->add ? dx[i] + slope : slope;
  }
}

static void where_backward_range(void *arg, int64_t begin, int64_t end) {
  where_gradient(arg, 1, begin, end);
  where_gradient(arg, 0, begin, end);
}

ks_status KS_NAME(where_backward)(ks_node *node, const ks_context *context) {
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, where_backward_range, node);
  return KS_OK;
}
#endif
