/* Ops of one input, element by element: each is one line, its value and its
 * gradient as expressions of the element. The macros make row functions out of
 * them, which is where the vectorising loops are.
 */
#ifndef KS_UNARY_H
#define KS_UNARY_H

#include "ks_broadcast.h"
#include "ks_ops.h"

/* One input is a broadcast of one dense loop. */
static inline ks_loops ks_dense_loop(int64_t count) {
  return (ks_loops){.n = 1, .dims = {count}, .strides = {{1, 1, 1}}};
}

static inline ks_status ks_unary_forward(ks_node *node, const ks_context *context,
                                         ks_row_function function) {
  ks_loops loops = ks_dense_loop(node->out[0].count);
  ks_row row = {.a = node->in[0].data, .out = node->out[0].data, .node = node};
  ks_map(context, &loops, function, row, sizeof(real), 0);
  return KS_OK;
}

/* `constants` declares what the expressions need beside x: it stands before
 * the loop. */
#define UNARY_FORWARD_WITH(name, constants, value)                               \
  static void name##_row(const ks_row *row) {                                    \
    const real *a = row->a;                                                      \
    real *out = row->out;                                                        \
    int64_t n = row->n;                                                          \
    constants;                                                                   \
    for (int64_t i = 0; i < n; i++) {                                            \
      real x = a[i];                                                             \
      out[i] = (real)(value);                                                    \
    }                                                                            \
  }                                                                              \
  ks_status KS_NAME(name##_forward)(ks_node * node, const ks_context *context) { \
    return ks_unary_forward(node, context, name##_row);                          \
  }

#if KS_FLOATING
/* y is passed along because most derivatives follow from it more cheaply than
 * from x; what an expression does not use is not read. */
static inline ks_status ks_unary_backward(ks_node *node, const ks_context *context,
                                          ks_row_function function) {
  const ks_operand *in = &node->in[0], *out = &node->out[0];
  if (!in->grad) return KS_OK;
  ks_loops loops = ks_dense_loop(out->count);
  ks_row row = {.a = in->data, .y = out->data, .dy = out->grad, .out = in->grad, .node = node};
  ks_map(context, &loops, function, row, sizeof(real), in->add);
  return KS_OK;
}

/* `gradient` in terms of x, y = value(x) and dy. */
#define UNARY_WITH(name, constants, value, gradient)                              \
  UNARY_FORWARD_WITH(name, constants, value)                                      \
  static void name##_gradient_row(const ks_row *row) {                            \
    const real *a = row->a, *result = row->y, *slope = row->dy;                   \
    real *out = row->out;                                                         \
    int64_t n = row->n;                                                           \
    constants;                                                                    \
    for (int64_t i = 0; i < n; i++) {                                             \
      real x = a[i], y = result[i], dy = slope[i];                                \
      (void)x, (void)y, (void)dy;                                                 \
      out[i] = (gradient);                                                        \
    }                                                                             \
  }                                                                               \
  ks_status KS_NAME(name##_backward)(ks_node * node, const ks_context *context) { \
    return ks_unary_backward(node, context, name##_gradient_row);                 \
  }
#else
#define UNARY_WITH(name, constants, value, gradient) UNARY_FORWARD_WITH(name, constants, value)
#endif

#define UNARY(name, value, gradient) UNARY_WITH(name, (void)0, value, gradient)

#endif
