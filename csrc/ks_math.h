/* Elementary functions that vectorise: exp, expm1, log, log1p, tanh, sigmoid,
 * softplus on the `real` of the file, branch-free, to be inlined into plain
 * loops. A loop over libm calls one element at a time; over these GCC uses
 * the whole register at every level from SSE4 to AVX-512.
 *
 * For that, no function here branches, calls, or converts between floating
 * and 64-bit integers (no such vector instruction exists below AVX-512): a
 * number is rounded by adding 1.5 x 2^52 (2^23 for float), and the bits of
 * that sum are the integer. -ffast-math would undo the trick and is never on.
 *
 * The polynomials are Chebyshev fits to the forms below, made for this file
 * with 50 digits (mpmath.chebyfit); the forms are Cody and Waite's, Software
 * Manual for the Elementary Functions (1980), for exp, and those of FreeBSD's
 * msun for log.
 *
 * Largest relative error in units of 2^-23 and 2^-52, against long double
 * libm over 2^23 arguments a function (even and log-spaced), worst of v2, v3
 * and v4; and elements a nanosecond from L1 on an AMD EPYC (Zen 4), v3 / v4:
 *           exp        log        log1p      tanh       sigmoid    softplus
 *   float   0.74       0.66       1.01       1.56       1.23       1.15
 *           2.8 / 3.7  1.5 / 2.5  3.2 / 4.3  2.4 / 3.5  2.5 / 3.4  0.9 / 1.6
 *   double  0.80       0.65       1.00       1.79       1.28       1.13
 *           0.9 / 1.4  0.6 / 1.0  1.1 / 1.5  0.8 / 1.2  0.9 / 1.2  0.3 / 0.6
 * (log1p of a number from 0 to 1, that softplus needs; log1p of any and expm1
 * are below 1.1 as well.)
 * Beyond the range they give what libm gives: inf, 0, nan. Results below the
 * smallest normal number may be 0, as they are under flush-to-zero.
 */
#ifndef KS_MATH_H
#define KS_MATH_H

#include <math.h>
#include <string.h>

#include "ks_common.h"

#if KS_FLOATING

#if KS_SINGLE
typedef uint32_t ks_bits;
#define KS_MANTISSA_BITS 23
#define KS_EXPONENT_BIAS 127
#define KS_ROUNDER 12582912.0f         /* 1.5 x 2^23 */
#define KS_EXPONENT_READER 0x4B000000u /* the bits of 2^23 */
#define KS_LN2_HIGH 0.693359375f       /* few digits: n * high is exact */
#define KS_LN2_LOW -2.12194440054691e-4f
#define KS_EXP_LEAST -104.0f
#define KS_EXP_MOST 89.0f
#define KS_SIGMOID_LEAST -87.0f
#define KS_SMALLEST_NORMAL 1.17549435e-38f
#define KS_LARGEST 3.40282347e+38f

#define ks_sqrt sqrtf
#define ks_abs fabsf
#define ks_copysign copysignf
#define ks_floor floorf
#define ks_ceil ceilf
#define ks_trunc truncf
#define ks_round rintf
/* Plain libm, an element at a time: no layer spends its time in these. */
#define KS_LIBM(name) name##f
#else
typedef uint64_t ks_bits;
#define KS_MANTISSA_BITS 52
#define KS_EXPONENT_BIAS 1023
#define KS_ROUNDER 6755399441055744.0 /* 1.5 x 2^52 */
#define KS_EXPONENT_READER 0x4330000000000000u
#define KS_LN2_HIGH 6.93147180369123816490e-01
#define KS_LN2_LOW 1.9082149292705878161e-10
#define KS_EXP_LEAST -746.0
#define KS_EXP_MOST 710.0
#define KS_SIGMOID_LEAST -708.0
#define KS_SMALLEST_NORMAL 2.2250738585072014e-308
#define KS_LARGEST 1.7976931348623157e+308

#define ks_sqrt sqrt
#define ks_abs fabs
#define ks_copysign copysign
#define ks_floor floor
#define ks_ceil ceil
#define ks_trunc trunc
#define ks_round rint
#define KS_LIBM(name) name
#endif

#define ks_sin KS_LIBM(sin)
#define ks_cos KS_LIBM(cos)
#define ks_pow KS_LIBM(pow)

#define KS_LOG2_E ((real)1.4426950408889634074)

static inline ks_bits ks_bits_of(real x) {
  ks_bits bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline real ks_real_of(ks_bits bits) {
  real x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* a where y is positive, else 0. Of a condition GCC 12 makes loads into a register that it has to
 * keep from one turn to the next, or no vectors at all. */
static inline real ks_where_positive(real y, real a) {
  return ks_real_of(ks_bits_of(a) & -(ks_bits)(y > 0));
}

/* (e^r - 1 - r) / r^2 for |r| <= ln(2)/2. */
static inline real ks_exp_polynomial(real r) {
#if KS_SINGLE
  real p = 1.3926176e-3f;
  p = p * r + 8.363173e-3f;
  p = p * r + 4.1666556e-2f;
  p = p * r + 1.6666578e-1f;
  return p * r + 0.5f;
#else
  real p = 2.5100375832561234e-08;
  p = p * r + 2.7620075879983367e-07;
  p = p * r + 2.7557268480310024e-06;
  p = p * r + 2.4801521322368692e-05;
  p = p * r + 1.9841269863040545e-04;
  p = p * r + 1.3888888917196719e-03;
  p = p * r + 8.333333333330065e-03;
  p = p * r + 4.1666666666624164e-02;
  p = p * r + 1.6666666666666669e-01;
  return p * r + 0.5;
#endif
}

/* x = n ln 2 + r. Returns e^r - 1, accurate relative to itself, and in the
 * low bits of `exponent` n + 2 * bias: never negative, so that shifts to the
 * right need no sign (SSE and AVX2 have none for 64 bits). */
static inline real ks_exp_reduced(real x, ks_bits *exponent) {
  const real rounder = KS_ROUNDER + 2 * KS_EXPONENT_BIAS;
  real shifted = x * KS_LOG2_E + rounder;
  real n = shifted - rounder;
  real r = (x - n * KS_LN2_HIGH) - n * KS_LN2_LOW;
  *exponent = ks_bits_of(shifted);
  return r + r * r * ks_exp_polynomial(r);
}

/* The limits are written so that nan passes through; 2^n is multiplied in
 * two halves, because n reaches from below the normal exponents to one above
 * them. */
static inline real ks_exp(real x) {
  x = x < KS_EXP_LEAST ? KS_EXP_LEAST : x;
  x = x > KS_EXP_MOST ? KS_EXP_MOST : x;
  ks_bits exponent;
  real m = ks_exp_reduced(x, &exponent);
  ks_bits half = exponent >> 1;
  real scale = ks_real_of(half << KS_MANTISSA_BITS);
  real rest = ks_real_of((exponent - half) << KS_MANTISSA_BITS);
  return (m + 1) * scale * rest;
}

/* e^x - 1, accurate relative to itself: with 2^n = a b in two halves as above,
 * ((e^r - 1) a + a - 1 / b) b. */
static inline real ks_expm1(real x) {
  x = x < KS_EXP_LEAST ? KS_EXP_LEAST : x;
  x = x > KS_EXP_MOST ? KS_EXP_MOST : x;
  ks_bits exponent;
  real m = ks_exp_reduced(x, &exponent);
  ks_bits half = exponent >> 1, other = exponent - half;
  real a = ks_real_of(half << KS_MANTISSA_BITS);
  real b = ks_real_of(other << KS_MANTISSA_BITS);
  real b_inverse = ks_real_of((2 * KS_EXPONENT_BIAS - other) << KS_MANTISSA_BITS);
  return (m * a + (a - b_inverse)) * b;
}

/* log(1 + f) + k ln 2 for sqrt(1/2) <= 1 + f <= sqrt(2), by the series of
 * 2 atanh(s), s = f / (2 + f). The order of the sum keeps f, the largest and
 * exact term, for last: log near 1 stays accurate relative to itself. */
static inline real ks_log_reduced(real f, real k) {
  real s = f / (2 + f);
  real z = s * s;
#if KS_SINGLE
  real p = 2.957995e-1f;
  p = p * z + 3.998878e-1f;
  p = p * z + 6.6666687e-1f;
#else
  real p = 1.4616449685043406e-01;
  p = p * z + 1.5331721600556042e-01;
  p = p * z + 1.8182889125261723e-01;
  p = p * z + 2.222221113479508e-01;
  p = p * z + 2.8571428625975487e-01;
  p = p * z + 3.9999999999899505e-01;
  p = p * z + 6.66666666666667e-01;
#endif
  real half_square = (real)0.5 * f * f;
  real tail = s * (half_square + z * p) + k * KS_LN2_LOW;
  return k * KS_LN2_HIGH - ((half_square - tail) - f);
}

/* x = 2^k (1 + f). Adding the distance from sqrt(1/2) to 1 to the bits makes
 * the exponent field change at sqrt(1/2) instead of at 1. */
static inline real ks_log(real x) {
  const ks_bits one = (ks_bits)KS_EXPONENT_BIAS << KS_MANTISSA_BITS;
  const ks_bits root = ks_bits_of((real)0.70710678118654752440);
  const ks_bits mantissa = ((ks_bits)1 << KS_MANTISSA_BITS) - 1;
  int tiny = x < KS_SMALLEST_NORMAL;
  ks_bits bits = ks_bits_of(tiny ? x * ((ks_bits)1 << KS_MANTISSA_BITS) : x) + (one - root);
  real k = ks_real_of((bits >> KS_MANTISSA_BITS) | KS_EXPONENT_READER) -
           (ks_real_of(KS_EXPONENT_READER) + KS_EXPONENT_BIAS);
  real f = ks_real_of((bits & mantissa) + root) - 1;
  real y = ks_log_reduced(f, tiny ? k - KS_MANTISSA_BITS : k);
  y = x > KS_LARGEST ? x : y;
  real no_log = x == 0 ? -(real)INFINITY : (real)NAN;
  return x > 0 ? y : no_log;
}

/* log(1 + x). What the sum loses of x is the second term, from log' = 1 / u. */
static inline real ks_log1p(real x) {
  real u = 1 + x;
  real y = ks_log(u) - ((u - 1) - x) / u;
  y = u > 0 ? y : ks_log(u);
  return u > KS_LARGEST ? u : y;
}

/* log(1 + e) for 0 <= e <= 1 (and nan), accurate relative to itself. */
static inline real ks_log1p_of_fraction(real e) {
  int upper = e > (real)0.41421356237309504880;
  real f = upper ? (e - 1) * (real)0.5 : e;
  return ks_log_reduced(f, upper ? (real)1 : (real)0);
}

/* log(1 + e^x), without overflow; right in the tail e^x, too. */
static inline real ks_softplus(real x) {
  real positive = x < 0 ? 0 : x;
  return positive + ks_log1p_of_fraction(ks_exp(-ks_abs(x)));
}

/* 1 / (1 + e^-x), with 2^n in one piece: below 1, e^-x need be no smaller than a normal number, and
 * where it overflows to inf, the inverse is the right 0. Where it is large, its relative error is
 * that of the result. */
static inline real ks_sigmoid(real x) {
  real y = -x;
  y = y < KS_SIGMOID_LEAST ? KS_SIGMOID_LEAST : y;
  y = y > KS_EXP_MOST ? KS_EXP_MOST : y;
  ks_bits exponent;
  real m = ks_exp_reduced(y, &exponent);
  real scale = ks_real_of((exponent - KS_EXPONENT_BIAS) << KS_MANTISSA_BITS);
  return 1 / (1 + (m + 1) * scale);
}

/* With t = e^(-2|x|) - 1, tanh |x| = -t / (t + 2). t is accurate relative to
 * itself, so tanh is near 0; beyond 20, tanh is 1 in either precision. */
static inline real ks_tanh(real x) {
  real y = -2 * ks_abs(x);
  y = y < -40 ? -40 : y;
  ks_bits exponent;
  real m = ks_exp_reduced(y, &exponent);
  real scale = ks_real_of((exponent - KS_EXPONENT_BIAS) << KS_MANTISSA_BITS);
  real t = m * scale + (scale - 1);
  return ks_copysign(t / (t + 2), x);
}

#endif
#endif
