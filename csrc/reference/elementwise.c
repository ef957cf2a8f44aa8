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

static number value_sign(number x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

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

#if KS_IS_REAL
/* Both from the exact remainder, which has the sign of the divisor. */
static number value_mod(number a, number b) {
  number rest = fmodl(a, b);
  if (rest == 0) return copysignl(0, b);
  return (rest < 0) == (b < 0) ? rest : rest + b;
}

static number value_floor_divide(number a, number b) {
  if (b == 0) return a / b;
  if (isinf(b) && isfinite(a)) return a != 0 && (a < 0) != (b < 0) ? -1 : copysignl(0, a / b);
  number quotient = rintl((a - value_mod(a, b)) / b);
  return quotient == 0 ? copysignl(0, a / b) : quotient;
}

static number value_power(number a, number b) { return powl(a, b); }
#else
static number value_floor_divide(number a, number b) {
  if (b == 0) return 0;
  if (b == -1) return value_negative(a);
  return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

static number value_mod(number a, number b) {
  if (b == 0) return 0;
  return value_subtract(a, value_multiply(b, value_floor_divide(a, b)));
}

static number value_power(number a, number b) {
  number result = 1;
  if (b < 0) return a == 1 || a == -1 ? value_power(a, b & 1) : 0;
  for (int bit = 62; bit >= 0; bit--) {
    result = value_multiply(result, result);
    if (b >> bit & 1) result = value_multiply(result, a);
  }
  return result;
}
#endif

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
UNARY_FORWARD(sign)

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
BINARY_FORWARD(floor_divide, real)
BINARY_FORWARD(mod, real)
BINARY_FORWARD(power, real)
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

static wide value_exp(wide x) { return expl(x); }
static wide value_log(wide x) { return logl(x); }
static wide value_sqrt(wide x) { return sqrtl(x); }
static wide value_sin(wide x) { return sinl(x); }
static wide value_cos(wide x) { return cosl(x); }

static wide value_floor(wide x) { return floorl(x); }
static wide value_ceil(wide x) { return ceill(x); }
static wide value_round(wide x) { return rintl(x); }
static wide value_trunc(wide x) { return truncl(x); }
static wide value_reciprocal(wide x) { return 1 / x; }
static wide value_rsqrt(wide x) { return 1 / sqrtl(x); }
static wide value_expm1(wide x) { return expm1l(x); }
static wide value_log1p(wide x) { return log1pl(x); }
static wide value_log2(wide x) { return log2l(x); }
static wide value_log10(wide x) { return log10l(x); }
static wide value_erf(wide x) { return erfl(x); }
static wide value_tan(wide x) { return tanl(x); }
static wide value_arcsin(wide x) { return asinl(x); }
static wide value_arccos(wide x) { return acosl(x); }
static wide value_arctan(wide x) { return atanl(x); }
static wide value_sinh(wide x) { return sinhl(x); }
static wide value_cosh(wide x) { return coshl(x); }
static wide value_arcsinh(wide x) { return asinhl(x); }
static wide value_arccosh(wide x) { return acoshl(x); }
static wide value_arctanh(wide x) { return atanhl(x); }

static wide slope_negative(wide x) { return (void)x, -1; }
static wide slope_absolute(wide x) { return value_sign(x); }
static wide slope_square(wide x) { return 2 * x; }
static wide slope_sign(wide x) { return (void)x, 0; }
static wide slope_exp(wide x) { return expl(x); }
static wide slope_log(wide x) { return 1 / x; }
static wide slope_sqrt(wide x) { return 1 / (2 * sqrtl(x)); }
static wide slope_sin(wide x) { return cosl(x); }
static wide slope_cos(wide x) { return -sinl(x); }
static wide slope_floor(wide x) { return (void)x, 0; }
static wide slope_ceil(wide x) { return (void)x, 0; }
static wide slope_round(wide x) { return (void)x, 0; }
static wide slope_trunc(wide x) { return (void)x, 0; }
static wide slope_reciprocal(wide x) { return -1 / (x * x); }
static wide slope_rsqrt(wide x) { return -1 / (2 * x * sqrtl(x)); }
static wide slope_expm1(wide x) { return expl(x); }
static wide slope_log1p(wide x) { return 1 / (1 + x); }
static wide slope_log2(wide x) { return 1 / (x * logl(2)); }
static wide slope_log10(wide x) { return 1 / (x * logl(10)); }
static wide slope_erf(wide x) { return 2 / sqrtl(acosl(-1)) * expl(-x * x); }
static wide slope_tan(wide x) { return 1 / (cosl(x) * cosl(x)); }
static wide slope_arcsin(wide x) { return 1 / sqrtl(1 - x * x); }
static wide slope_arccos(wide x) { return -1 / sqrtl(1 - x * x); }
static wide slope_arctan(wide x) { return 1 / (1 + x * x); }
static wide slope_sinh(wide x) { return coshl(x); }
static wide slope_cosh(wide x) { return sinhl(x); }
static wide slope_arcsinh(wide x) { return 1 / sqrtl(x * x + 1); }
static wide slope_arccosh(wide x) { return 1 / (sqrtl(x - 1) * sqrtl(x + 1)); }
static wide slope_arctanh(wide x) { return 1 / ((1 - x) * (1 + x)); }

UNARY_FORWARD(exp)
UNARY_FORWARD(log)
UNARY_FORWARD(sqrt)
UNARY_FORWARD(sin)
UNARY_FORWARD(cos)
UNARY_FORWARD(floor)
UNARY_FORWARD(ceil)
UNARY_FORWARD(round)
UNARY_FORWARD(trunc)
UNARY_FORWARD(reciprocal)
UNARY_FORWARD(rsqrt)
UNARY_FORWARD(expm1)
UNARY_FORWARD(log1p)
UNARY_FORWARD(log2)
UNARY_FORWARD(log10)
UNARY_FORWARD(erf)
UNARY_FORWARD(tan)
UNARY_FORWARD(arcsin)
UNARY_FORWARD(arccos)
UNARY_FORWARD(arctan)
UNARY_FORWARD(sinh)
UNARY_FORWARD(cosh)
UNARY_FORWARD(arcsinh)
UNARY_FORWARD(arccosh)
UNARY_FORWARD(arctanh)

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
UNARY_BACKWARD(floor)
UNARY_BACKWARD(ceil)
UNARY_BACKWARD(round)
UNARY_BACKWARD(trunc)
UNARY_BACKWARD(reciprocal)
UNARY_BACKWARD(rsqrt)
UNARY_BACKWARD(expm1)
UNARY_BACKWARD(log1p)
UNARY_BACKWARD(log2)
UNARY_BACKWARD(log10)
UNARY_BACKWARD(erf)
UNARY_BACKWARD(tan)
UNARY_BACKWARD(arcsin)
UNARY_BACKWARD(arccos)
UNARY_BACKWARD(arctan)
UNARY_BACKWARD(sinh)
UNARY_BACKWARD(cosh)
UNARY_BACKWARD(arcsinh)
UNARY_BACKWARD(arccosh)
UNARY_BACKWARD(arctanh)

static wide value_divide(wide a, wide b) { return a / b; }
static wide value_arctan2(wide a, wide b) { return atan2l(a, b); }

BINARY_FORWARD(divide, real)
BINARY_FORWARD(arctan2, real)

/* slope_f(a, b, 0) is df/da, slope_f(a, b, 1) is df/db. */
static wide slope_add(wide a, wide b, int which) { return (void)a, (void)b, (void)which, 1; }

static wide slope_subtract(wide a, wide b, int which) {
  (void)a, (void)b;
  return which == 0 ? 1 : -1;
}

static wide slope_multiply(wide a, wide b, int which) { return which == 0 ? b : a; }

/* Beside a nan as if there were no other: whatever becomes of it is nan. */
static wide slope_maximum(wide a, wide b, int which) {
  const wide mine = which == 0 ? a : b, other = which == 0 ? b : a;
  if (isnan(mine) || isnan(other)) return 1;
  return mine == other ? 0.5L : mine > other;
}

static wide slope_minimum(wide a, wide b, int which) { return slope_maximum(-a, -b, which); }

static wide slope_divide(wide a, wide b, int which) { return which == 0 ? 1 / b : -a / (b * b); }

static wide slope_floor_divide(wide a, wide b, int which) {
  return (void)a, (void)b, (void)which, 0;
}

static wide slope_mod(wide a, wide b, int which) {
  return which == 0 ? 1 : -value_floor_divide(a, b);
}

static wide slope_arctan2(wide a, wide b, int which) {
  return (which == 0 ? b : -a) / (a * a + b * b);
}

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
BINARY_BACKWARD(floor_divide)
BINARY_BACKWARD(mod)
BINARY_BACKWARD(divide)
BINARY_BACKWARD(arctan2)
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
