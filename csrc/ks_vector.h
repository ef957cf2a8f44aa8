/* Vectors of `real` as wide as the instruction set has them, by GCC's vector
 * extensions: a + b, a * b, comparisons and so on work on all lanes. */
#ifndef KS_VECTOR_H
#define KS_VECTOR_H

#include "ks_common.h"

#if defined(__AVX__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define KS_VECTOR_BYTES 64
#define KS_REGISTERS 32
#elif defined(__AVX__)
#define KS_VECTOR_BYTES 32
#define KS_REGISTERS 16
#else
#define KS_VECTOR_BYTES 16
#define KS_REGISTERS 16
#endif

#define KS_LANES ((int)(KS_VECTOR_BYTES / sizeof(real)))
/* Vectors in an array become registers only if loops over it are unrolled early,
 * which a pragma makes GCC do. */
#define KS_UNROLL _Pragma("GCC unroll 16")
#define KS_INLINE static inline __attribute__((always_inline))

typedef real ks_vector __attribute__((vector_size(KS_VECTOR_BYTES)));
typedef real ks_unaligned
    __attribute__((vector_size(KS_VECTOR_BYTES), aligned(sizeof(real)), may_alias));

KS_INLINE ks_vector ks_load(const real *x) { return *(const ks_unaligned *)x; }
KS_INLINE void ks_store(real *x, ks_vector value) { *(ks_unaligned *)x = value; }

/* The first `count` lanes, and zeros. */
KS_INLINE ks_vector ks_load_some(const real *x, int64_t count) {
#if KS_VECTOR_BYTES == 64 && KS_SINGLE
  return (ks_vector)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), x);
#elif KS_VECTOR_BYTES == 64
  return (ks_vector)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), x);
#else
  ks_vector v = {0};
  for (int64_t l = 0; l < count; l++) v[l] = x[l];
  return v;
#endif
}

KS_INLINE void ks_store_some(real *x, int64_t count, ks_vector v) {
#if KS_VECTOR_BYTES == 64 && KS_SINGLE
  _mm512_mask_storeu_ps(x, (__mmask16)((1u << count) - 1), (__m512)v);
#elif KS_VECTOR_BYTES == 64
  _mm512_mask_storeu_pd(x, (__mmask8)((1u << count) - 1), (__m512d)v);
#else
  for (int64_t l = 0; l < count; l++) x[l] = v[l];
#endif
}

/* x in all lanes: x - 0 is x for every x, and needs no instruction. */
KS_INLINE ks_vector ks_splat(real x) { return x - (ks_vector){0}; }

#endif
