#include "reference.h"

/* Integers wrap around; a bool has `or` for + and `and` for *. */
#if KS_IS_REAL
static number value_negative(number x) { return -x; }
static number value_absolute(number x) { return fabsl(x); }
static number value_square(number x) { return x * x; }
static number value_add(number a, number b) { return a + b; }
static number value_subtract(number a, number b) { return a - b; }
static number value_multiply(number a, number b) { return a * b; }
#elif KS_IS_BOOL
static number value_negative(number x) { return x; }
static number value_absolute(number x) { return x; }
static number value_square(number x) { return x; }
static number value_add(number a, number b) { return a || b; }
static number value_subtract(number a, number b) { return a != b; }
static number value_multiply(number a, number b) { return a && b; }
#else
static number value_negative(number x) { return (number)(0 - (uint64_t)x); }
static number value_absolute(number x) { return x < 0 ? value_negative(x) : x; }
static number value_square(number x) { return (number)((uint64_t)x * (uint64_t)x); }
static number value_add(number a, number b) { return (number)((uint64_t)a + (uint64_t)b); }
static number value_subtract(number a, number b) { return (number)((uint64_t)a - (uint64_t)b); }
static number value_multiply(number a, number b) { return (number)((uint64_t)a * (uint64_t)b); }
#endif

static number value_maximum(number a, number b) {
  if (is_nan(a)) return a;
  if (is_nan(b)) return b;
  return a > b ? a : b;
}

static number value_minimum(number a, number b) {
  if (is_nan(a)) return a;
  if (is_nan(b)) return b;
  return a < b ? a : b;
}

static int value_equal(number a, number b) { return a == b; }
static int value_not_equal(number a, number b) { return a != b; }
static int value_less(number a, number b) { return a < b; }
static int value_less_equal(number a, number b) { return a <= b; }
static int value_greater(number a, number b) { return a > b; }
static int value_greater_equal(number a, number b) { return a >= b; }

/* ---- one input --------------------------------------------------------- */

#define UNARY_FORWARD(name)                                                           \
  FORWARD(name) {                                                                     \
    const real *x = node->in[0].data;                                                 \
    real *y = node->out[0].data;                                                      \
    for (int64_t i = 0; i < node->out[0].count; i++) y[i] = (real)value_##name(x[i]); \
    return KS_OK;                                                                     \
  }

UNARY_FORWARD(negative)
UNARY_FORWARD(absolute)
UNARY_FORWARD(square)

/* ---- two inputs -------------------------------------------------------- */

#define BINARY_FORWARD(name, result)                                                   \
  FORWARD(name) {                                                                      \
    const real *a = node->in[0].data, *b = node->in[1].data;                           \
    result *y = node->out[0].data;                                                     \
    for (int64_t i = 0; i < node->out[0].count; i++)                                   \
      y[i] = (result)value_##name(a[offset_at(node, 0, i)], b[offset_at(node, 1, i)]); \
    return KS_OK;                                                                      \
  }

BINARY_FORWARD(add, real)
BINARY_FORWARD(subtract, real)
BINARY_FORWARD(multiply, real)
BINARY_FORWARD(maximum, real)
BINARY_FORWARD(minimum, real)
BINARY_FORWARD(equal, uint8_t)
BINARY_FORWARD(not_equal, uint8_t)
BINARY_FORWARD(less, uint8_t)
BINARY_FORWARD(less_equal, uint8_t)
BINARY_FORWARD(greater, uint8_t)
BINARY_FORWARD(greater_equal, uint8_t)

FORWARD(where) {
  const uint8_t *condition = node->in[0].data;
  const real *yes = node->in[1].data, *no = node->in[2].data;
  real *y = node->out[0].data;
  for (int64_t i = 0; i < node->out[0].count; i++) y[i] = condition[i] ? yes[i] : no[i];
  return KS_OK;
}

#if KS_IS_REAL

/* ---- real values and derivatives --------------------------------------- */

static wide value_sign(wide x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
static wide value_exp(wide x) { return expl(x); }
static wide value_log(wide x) { return logl(x); }
static wide value_sqrt(wide x) { return sqrtl(x); }
static wide value_sin(wide x) { return sinl(x); }
static wide value_cos(wide x) { return cosl(x); }
static wide value_relu(wide x) { return x < 0 ? 0 : x; }
static wide value_sigmoid(wide x) { return 1 / (1 + expl(-x)); }
static wide value_tanh(wide x) { return tanhl(x); }

static wide slope_negative(wide x) { return (void)x, -1; }
static wide slope_absolute(wide x) { return value_sign(x); }
static wide slope_square(wide x) { return 2 * x; }
static wide slope_sign(wide x) { return (void)x, 0; }
static wide slope_exp(wide x) { return expl(x); }
static wide slope_log(wide x) { return 1 / x; }
static wide slope_sqrt(wide x) { return 1 / (2 * sqrtl(x)); }
static wide slope_sin(wide x) { return cosl(x); }
static wide slope_cos(wide x) { return -sinl(x); }
static wide slope_relu(wide x) { return x > 0; }
static wide slope_sigmoid(wide x) { return value_sigmoid(x) * value_sigmoid(-x); }
static wide slope_tanh(wide x) { return 1 / (coshl(x) * coshl(x)); }

UNARY_FORWARD(sign)
UNARY_FORWARD(exp)
UNARY_FORWARD(log)
UNARY_FORWARD(sqrt)
UNARY_FORWARD(sin)
UNARY_FORWARD(cos)
UNARY_FORWARD(relu)
UNARY_FORWARD(sigmoid)
UNARY_FORWARD(tanh)

#define UNARY_BACKWARD(name)                                                             \
  BACKWARD(name) {                                                                       \
    const real *x = node->in[0].data, *dy = node->out[0].grad;                           \
    wide *dx = new_sums(node->in[0].count);                                              \
    for (int64_t i = 0; i < node->out[0].count; i++) dx[i] = dy[i] * slope_##name(x[i]); \
    give_gradient(&node->in[0], dx);                                                     \
    return KS_OK;                                                                        \
  }

UNARY_BACKWARD(negative)
UNARY_BACKWARD(absolute)
UNARY_BACKWARD(square)
UNARY_BACKWARD(sign)
UNARY_BACKWARD(exp)
UNARY_BACKWARD(log)
UNARY_BACKWARD(sqrt)
UNARY_BACKWARD(sin)
UNARY_BACKWARD(cos)
UNARY_BACKWARD(relu)
UNARY_BACKWARD(sigmoid)
UNARY_BACKWARD(tanh)

static wide value_divide(wide a, wide b) { return a / b; }
static wide value_power(wide a, wide b) { return powl(a, b); }

BINARY_FORWARD(divide, real)
BINARY_FORWARD(power, real)

/* slope_f(a, b, 0) is df/da, slope_f(a, b, 1) is df/db. */
static wide slope_add(wide a, wide b, int which) { return (void)a, (void)b, (void)which, 1; }

static wide slope_subtract(wide a, wide b, int which) {
  (void)a, (void)b;
  return which == 0 ? 1 : -1;
}

static wide slope_multiply(wide a, wide b, int which) { return which == 0 ? b : a; }

static wide slope_maximum(wide a, wide b, int which) {
  if (a == b) return 0.5L;
  return which == 0 ? a > b : b > a;
}

static wide slope_minimum(wide a, wide b, int which) {
  if (a == b) return 0.5L;
  return which == 0 ? a < b : b < a;
}

static wide slope_divide(wide a, wide b, int which) { return which == 0 ? 1 / b : -a / (b * b); }

static wide slope_power(wide a, wide b, int which) {
  if (which == 0) return b == 0 ? 0 : b * powl(a, b - 1);
  return a == 0 && b >= 0 ? 0 : powl(a, b) * logl(a);
}

#define BINARY_BACKWARD(name)                                                         \
  BACKWARD(name) {                                                                    \
    const real *a = node->in[0].data, *b = node->in[1].data, *dy = node->out[0].grad; \
    for (int which = 0; which < 2; which++) {                                         \
      if (!node->in[which].grad) continue;                                            \
      wide *dx = new_sums(node->in[which].count);                                     \
      for (int64_t i = 0; i < node->out[0].count; i++) {                              \
        int64_t at[2] = {offset_at(node, 0, i), offset_at(node, 1, i)};               \
        dx[at[which]] += dy[i] * slope_##name(a[at[0]], b[at[1]], which);             \
      }                                                                               \
      give_gradient(&node->in[which], dx);                                            \
    }                                                                                 \
    return KS_OK;                                                                     \
  }

BINARY_BACKWARD(add)
BINARY_BACKWARD(subtract)
BINARY_BACKWARD(multiply)
BINARY_BACKWARD(maximum)
BINARY_BACKWARD(minimum)
BINARY_BACKWARD(divide)
BINARY_BACKWARD(power)

BACKWARD(where) {
  const uint8_t *condition = node->in[0].data;
  const real *dy = node->out[0].grad;
  for (int which = 1; which < 3; which++) {
    if (!node->in[which].grad) continue;
    wide *dx = new_sums(node->in[which].count);
    for (int64_t i = 0; i < node->out[0].count; i++)
      if ((condition[i] != 0) == (which == 1)) dx[i] = dy[i];
    give_gradient(&node->in[which], dx);
  }
  return KS_OK;
}

#endif
