/* What every C file of the core shares: dtypes, status codes, and the two
 * macros by which one source is compiled for several dtypes and instruction
 * sets.
 *
 * A kernel file (elementwise.c, reduce.c, ...) is compiled once per dtype and
 * instruction set, with
 *   -DKS_DTYPE=f32|f64|i32|i64|bool   the dtype, which names `real`
 *   -DKS_ISA=v2|v3|v4|generic         the suffix of the instruction set
 * and every symbol it exports goes through KS_NAME, so that
 * KS_NAME(relu_forward) is ks_relu_forward_f32_v3.
 */
#ifndef KS_COMMON_H
#define KS_COMMON_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
  KS_FLOAT32,
  KS_FLOAT64,
  KS_INT32,
  KS_INT64,
  KS_BOOL, /* one byte, 0 or 1 */
  KS_N_DTYPES
} ks_dtype;

/* What a node reports. Whatever can be checked before a run is checked when
 * the node is made, and raised there; only what depends on values is left. */
typedef enum {
  KS_OK = 0,
  KS_INDEX_OUT_OF_RANGE, /* node->error_position, error_value say which */
} ks_status;

/* All storage is aligned to, and padded to a multiple of, a cache line. */
#define KS_ALIGNMENT 64

static inline int64_t ks_least(int64_t a, int64_t b) { return a < b ? a : b; }

#define KS_PASTE3(a, b, c) a##_##b##_##c
#define KS_EXPAND3(a, b, c) KS_PASTE3(a, b, c)

#ifdef KS_DTYPE
#define KS_NAME(name) KS_EXPAND3(ks_##name, KS_DTYPE, KS_ISA)

#define KS_IS_f32 1
#define KS_IS_f64 2
#define KS_IS_i32 3
#define KS_IS_i64 4
#define KS_IS_bool 5
#define KS_DTYPE_TEST(d) KS_IS_##d
#define KS_DTYPE_EXPAND(d) KS_DTYPE_TEST(d)
#define KS_DTYPE_NUMBER KS_DTYPE_EXPAND(KS_DTYPE)

/* `real` is the element type of the file, whatever the dtype. KS_FLOATING
 * tells whether it has a gradient and transcendental functions. */
#if KS_DTYPE_NUMBER == 1
typedef float real;
#define KS_FLOATING 1
#define KS_SINGLE 1
#elif KS_DTYPE_NUMBER == 2
typedef double real;
#define KS_FLOATING 1
#define KS_SINGLE 0
#elif KS_DTYPE_NUMBER == 3
typedef int32_t real;
#define KS_FLOATING 0
#elif KS_DTYPE_NUMBER == 4
typedef int64_t real;
#define KS_FLOATING 0
#else
typedef uint8_t real;
#define KS_FLOATING 0
#endif
#endif /* KS_DTYPE */

#endif
