/* The error function and its complement, branch-free like ks_math.h.
 *
 *   erfc(x) = e^(-x^2) q(t) / (1 + 2x), t = (x - K) / (x + K), for x >= 0: the
 *   form of Shepherd and Laframboise, Chebyshev approximation of
 *   (1 + 2x) exp(x^2) erfc x in 0 <= x < inf, Math. Comp. 36 (1981).
 *   erf(x) = x + x p(x^2) below 1, where 1 - erfc(x) would lose digits.
 *
 * The polynomials are Chebyshev fits made for this file with 50 digits. The
 * error of erf is below 1 unit of 2^-23 or 2^-52; that of erfc below 2, but for
 * the rounding of x^2, which counts x^2 times where erfc is tiny.
 */
#ifndef KS_ERF_H
#define KS_ERF_H

#include "ks_math.h"

#if KS_FLOATING

/* (1 + 2x) e^(x^2) erfc(x) in terms of t. */
static inline real ks_erfc_polynomial(real t) {
#if KS_SINGLE
  real p = 8.47731190e-5f;
  p = p * t + 1.79629602e-4f;
  p = p * t - 4.01999675e-4f;
  p = p * t - 1.43214548e-3f;
  p = p * t + 1.25011985e-3f;
  p = p * t + 8.71355954e-3f;
  p = p * t - 8.02953634e-3f;
  p = p * t - 5.42185630e-2f;
  p = p * t + 1.64050844e-1f;
  p = p * t - 1.66030477e-1f;
  p = p * t - 9.27638135e-2f;
  return p * t + 1.27697838f;
#else
  real p = -2.4108215365422330e-9;
  p = p * t - 8.7821257348035202e-10;
  p = p * t + 3.2850835562333159e-8;
  p = p * t + 1.5996335215573708e-8;
  p = p * t - 2.5261465267715505e-7;
  p = p * t - 4.8158396216728490e-8;
  p = p * t + 1.7481190468391964e-6;
  p = p * t - 9.8016667558585775e-7;
  p = p * t - 1.1442990926805438e-5;
  p = p * t + 2.2387259638230134e-5;
  p = p * t + 5.1648913469599862e-5;
  p = p * t - 2.9015496529570926e-4;
  p = p * t + 2.9371366631088616e-4;
  p = p * t + 1.7556260171520038e-3;
  p = p * t - 9.7465795534318737e-3;
  p = p * t + 2.8362277400457723e-2;
  p = p * t - 5.8693398590309412e-2;
  p = p * t + 9.2304321161531156e-2;
  p = p * t - 1.0880393014171236e-1;
  p = p * t + 8.2276738490112037e-2;
  p = p * t + 3.5854154854637791e-3;
  p = p * t - 1.4024059858554668e-1;
  return p * t + 1.2375126308378276;
#endif
}

/* erf(x) / x - 1 in terms of z = x^2 <= 1. */
static inline real ks_erf_polynomial(real z) {
#if KS_SINGLE
  real p = 7.87587506e-5f;
  p = p * z - 8.01686429e-4f;
  p = p * z + 5.18908742e-3f;
  p = p * z - 2.68542120e-2f;
  p = p * z + 1.12835947e-1f;
  p = p * z - 3.76126267e-1f;
  return p * z + 1.28379166e-1f;
#else
  real p = -7.7958988270021422e-10;
  p = p * z + 1.3720064546777686e-8;
  p = p * z - 1.6208483801871706e-7;
  p = p * z + 1.6447424703317362e-6;
  p = p * z - 1.4924736907419660e-5;
  p = p * z + 1.2055294904839708e-4;
  p = p * z - 8.5483259753896921e-4;
  p = p * z + 5.2239776071164227e-3;
  p = p * z - 2.6866170643237770e-2;
  p = p * z + 1.1283791670945006e-1;
  p = p * z - 3.7612638903183540e-1;
  return p * z + 1.2837916709551257e-1;
#endif
}

#if KS_SINGLE
#define KS_ERFC_CENTRE 2.0f
#define KS_ERFC_MOST 11.0f /* erfc is 0 from here on */
#else
#define KS_ERFC_CENTRE 3.75
#define KS_ERFC_MOST 28.0
#endif

/* erfc(x) for x >= 0, given e^(-x^2). */
static inline real ks_erfc_scaled(real x, real gauss) {
  x = x > KS_ERFC_MOST ? KS_ERFC_MOST : x;
  real t = (x - KS_ERFC_CENTRE) / (x + KS_ERFC_CENTRE);
  return gauss * ks_erfc_polynomial(t) / (1 + 2 * x);
}

static inline real ks_erf(real x) {
  real size = ks_abs(x), z = x * x;
  real below = x + x * ks_erf_polynomial(z);
  real above = ks_copysign(1 - ks_erfc_scaled(size, ks_exp(-z)), x);
  return size < 1 ? below : above;
}

/* The share of a normal distribution below x, given e^(-x^2 / 2). Right in
 * the lower tail, too. */
static inline real ks_normal_share(real x, real gauss) {
  real half = (real)0.5 * ks_erfc_scaled(ks_abs(x) * (real)0.70710678118654752440, gauss);
  return x > 0 ? 1 - half : half;
}

#endif
#endif
