/* The context: what a node needs beside its operands. One per process, made
 * by the runtime, passed by pointer; the C side has no mutable global. */
#ifndef KS_CONTEXT_H
#define KS_CONTEXT_H

#include "ks_node.h"
#include "ks_pool.h"

/* Row-major CBLAS, through pointers so that any BLAS can stand in. */
typedef struct {
  void (*sgemm)(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
                const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
  void (*dgemm)(int order, int trans_a, int trans_b, int m, int n, int k, double alpha,
                const double *a, int lda, const double *b, int ldb, double beta, double *c,
                int ldc);
  void (*sgemv)(int order, int trans, int m, int n, float alpha, const float *a, int lda,
                const float *x, int incx, float beta, float *y, int incy);
  void (*dgemv)(int order, int trans, int m, int n, double alpha, const double *a, int lda,
                const double *x, int incx, double beta, double *y, int incy);
} ks_blas;

typedef struct {
  const char *name;
  ks_function forward;
  ks_function backward;
} ks_op_entry;

struct ks_context {
  ks_blas blas;
  ks_pool *pool;
  const ks_op_entry *ops[KS_N_DTYPES]; /* a table per dtype, indexed by ks_op */
  const char *isa;                     /* "x86-64-v3", ... */
};

#endif
