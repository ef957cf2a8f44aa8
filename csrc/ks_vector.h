/* Vectors of `real` as wide as the instruction set has them, by GCC's vector
 * extensions: a + b, a * b, comparisons and so on work on all lanes. */
#ifndef KS_VECTOR_H
#define KS_VECTOR_H

#include "ks_common.h"

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
/* x in all lanes: x - 0 is x for every x, and needs no instruction. */
KS_INLINE ks_vector ks_splat(real x) { return x - (ks_vector){0}; }

#endif
