/* A node: one recorded operation, ready to run as often as one likes.
 *
 * Whoever makes a node (the Cython side, or a C test) checks the arguments,
 * infers shapes, allocates outputs and scratch and fills the struct in. From
 * then on forward and backward only compute: they allocate nothing, decide
 * nothing about shapes, and raise nothing but a ks_status.
 */
#ifndef KS_NODE_H
#define KS_NODE_H

#include "ks_common.h"

#define KS_MAX_DIMS 8
#define KS_MAX_SIZES 24

typedef struct ks_context ks_context;
typedef struct ks_node ks_node;

typedef ks_status (*ks_function)(ks_node *node, const ks_context *context);

/* An input or output. Arrays are dense, C-contiguous and KS_ALIGNMENT-aligned,
 * except where an op's line in ks_ops.h says otherwise. */
typedef struct {
  void *data;
  void *grad;    /* NULL: nobody wants (input) or has (output) a gradient */
  int64_t count; /* number of elements */
  int32_t dtype; /* a ks_dtype */
  int32_t add;   /* input: 0 the gradient is written, 1 it is added */
} ks_operand;

struct ks_node {
  int32_t op;    /* a ks_op */
  int32_t dtype; /* the dtype whose table of ops the node uses */
  ks_function forward;
  ks_function backward; /* NULL: the op has no gradient */
  const uint8_t *gate;  /* runs only where this is not 0 when its turn comes; NULL: always */
  int32_t n_in, n_out;
  ks_operand *in;
  ks_operand *out;
  void *scratch;
  int64_t scratch_bytes;
  int64_t size[KS_MAX_SIZES]; /* sizes, as the op's line in ks_ops.h names them */
  double attr[4];             /* numbers such as a rate or an epsilon */
  const ks_node *pool;        /* in replays: a pooling or a bag that is done with it; or NULL */
  int32_t n_dims;             /* for strided ops: the loops, outermost first */
  int64_t dims[KS_MAX_DIMS];
  int64_t strides[3][KS_MAX_DIMS]; /* in elements; 0 repeats (broadcasting) */
  int64_t error_position;
  int64_t error_value;
};

#endif
