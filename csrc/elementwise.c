/* Element-wise operations. Each op is one line: its value and its gradient as
 * expressions of the element. The macros make row functions out of them, which
 * is where the vectorising loops are; ks_broadcast.h and ks_sum.h bring the
 * rows to them.
 */
#include "ks_broadcast.h"
#include "ks_math.h"
#include "ks_ops.h"
#include "ks_sum.h"

/* Integers wrap around, through unsigned types because signed overflow is
 * undefined; a bool has `or` for + and `and` for *. */
#if KS_FLOATING
#define ADD(a, b) ((a) + (b))
#define SUBTRACT(a, b) ((a) - (b))
#define MULTIPLY(a, b) ((a) * (b))
#define NEGATIVE(x) (-(x))
#define ABSOLUTE(x) ks_abs(x)
#elif KS_DTYPE_NUMBER == 5
#define ADD(a, b) ((a) | (b))
#define SUBTRACT(a, b) ((a) ^ (b))
#define MULTIPLY(a, b) ((a) & (b))
#define NEGATIVE(x) (x)
#define ABSOLUTE(x) (x)
#else
#if KS_DTYPE_NUMBER == 3
typedef uint32_t wrapping;
#else
typedef uint64_t wrapping;
#endif
#define ADD(a, b) ((wrapping)(a) + (wrapping)(b))
#define SUBTRACT(a, b) ((wrapping)(a) - (wrapping)(b))
#define MULTIPLY(a, b) ((wrapping)(a) * (wrapping)(b))
#define NEGATIVE(x) (0 - (wrapping)(x))
#define ABSOLUTE(x) ((x) < 0 ? NEGATIVE(x) : (wrapping)(x))
#endif

/* ---- one input ------------------------------------------------------------ */

/* One input is a broadcast of one dense loop. */
static ks_loops dense_loop(int64_t count) {
  return (ks_loops){.n = 1, .dims = {count}, .strides = {{1, 1, 1}}};
}

static ks_status unary_forward(ks_node *node, const ks_context *context, ks_row_function function) {
  ks_loops loops = dense_loop(node->out[0].count);
  ks_row row = {.a = node->in[0].data, .out = node->out[0].data};
  ks_map(context, &loops, function, row, sizeof(real), 0);
  return KS_OK;
}

#define UNARY_FORWARD(name, value)                                               \
  static void name##_row(const ks_row *row) {                                    \
    const real *a = row->a;                                                      \
    real *out = row->out;                                                        \
    int64_t n = row->n;                                                          \
    for (int64_t i = 0; i < n; i++) {                                            \
      real x = a[i];                                                             \
      out[i] = (real)(value);                                                    \
    }                                                                            \
  }                                                                              \
  ks_status KS_NAME(name##_forward)(ks_node * node, const ks_context *context) { \
    return unary_forward(node, context, name##_row);                             \
  }

#if KS_FLOATING
/* y is passed along because most derivatives follow from it more cheaply than
 * from x; what an expression does not use is not read. */
static ks_status unary_backward(ks_node *node, const ks_context *context,
                                ks_row_function function) {
  const ks_operand *in = &node->in[0], *out = &node->out[0];
  if (!in->grad) return KS_OK;
  ks_loops loops = dense_loop(out->count);
  ks_row row = {.a = in->data, .y = out->data, .dy = out->grad, .out = in->grad};
  ks_map(context, &loops, function, row, sizeof(real), in->add);
  return KS_OK;
}

/* `gradient` in terms of x, y = value(x) and dy. */
#define UNARY(name, value, gradient)                                              \
  UNARY_FORWARD(name, value)                                                      \
  static void name##_gradient_row(const ks_row *row) {                            \
    const real *a = row->a, *result = row->y, *slope = row->dy;                   \
    real *out = row->out;                                                         \
    int64_t n = row->n;                                                           \
    for (int64_t i = 0; i < n; i++) {                                             \
      real x = a[i], y = result[i], dy = slope[i];                                \
      (void)x, (void)y, (void)dy;                                                 \
      out[i] = (gradient);                                                        \
    }                                                                             \
  }                                                                               \
  ks_status KS_NAME(name##_backward)(ks_node * node, const ks_context *context) { \
    return unary_backward(node, context, name##_gradient_row);                    \
  }
#else
#define UNARY(name, value, gradient) UNARY_FORWARD(name, value)
#endif

/* Written so that nan passes through, and -0 through sign. */
#define SIGN(x) ((x) > 0 ? (real)1 : (x) < 0 ? (real) - 1 : (x))
#define HALF ((real)0.5)

/* clang-format off */
UNARY(negative, NEGATIVE(x), -dy)
UNARY(absolute, ABSOLUTE(x), SIGN(x) * dy)
UNARY(square, MULTIPLY(x, x), 2 * x * dy)
#if KS_FLOATING
UNARY(sign, SIGN(x), 0)
UNARY(exp, ks_exp(x), y * dy)
UNARY(log, ks_log(x), dy / x)
UNARY(sqrt, ks_sqrt(x), HALF * dy / y)
UNARY(sin, ks_sin(x), ks_cos(x) * dy)
UNARY(cos, ks_cos(x), -ks_sin(x) * dy)
UNARY(relu, x < 0 ? 0 : x, x > 0 ? dy : 0)
UNARY(sigmoid, ks_sigmoid(x), y * (1 - y) * dy)
UNARY(tanh, ks_tanh(x), (1 - y * y) * dy)
#endif
/* clang-format on */

/* ---- two inputs, broadcast ------------------------------------------------ */

static ks_status binary_forward(ks_node *node, const ks_context *context, ks_row_function function,
                                size_t out_size) {
  ks_loops loops = ks_node_loops(node);
  ks_row row = {.a = node->in[0].data, .b = node->in[1].data, .out = node->out[0].data};
  ks_map(context, &loops, function, row, out_size, 0);
  return KS_OK;
}

/* The loop over a row, once for each way that the inputs can step: a constant
 * step is what lets the compiler vectorise. `load` defines what the expression
 * needs beside a and b. */
#define ROW_LOOP(row, type, load, expression)                                 \
  const real *as = (row)->a, *bs = (row)->b;                                  \
  type *out = (row)->out;                                                     \
  const int64_t n = (row)->n, step_a = (row)->step_a, step_b = (row)->step_b; \
  if (step_a == 1 && step_b == 1) {                                           \
    ROW_LOOP_BODY(as[i], bs[i], type, load, expression)                       \
  } else if (step_a == 1 && step_b == 0) {                                    \
    const real right = bs[0];                                                 \
    ROW_LOOP_BODY(as[i], right, type, load, expression)                       \
  } else if (step_a == 0 && step_b == 1) {                                    \
    const real left = as[0];                                                  \
    ROW_LOOP_BODY(left, bs[i], type, load, expression)                        \
  } else {                                                                    \
    ROW_LOOP_BODY(as[i * step_a], bs[i * step_b], type, load, expression)     \
  }

/* a, b: what the expressions of the ops are written in. */
#define ROW_LOOP_BODY(get_a, get_b, type, load, expression) \
  for (int64_t i = 0; i < n; i++) {                         \
    const real a = get_a, b = get_b;                        \
    load;                                                   \
    (void)a, (void)b;                                       \
    out[i] = (type)(expression);                            \
  }

#define BINARY_FORWARD(name, type, value)                                                        \
  static void name##_row(const ks_row *row){ROW_LOOP(                                            \
      row, type, (void)0, value)} ks_status KS_NAME(name##_forward)(ks_node * node,              \
                                                                    const ks_context *context) { \
    return binary_forward(node, context, name##_row, sizeof(type));                              \
  }

#if KS_FLOATING
/* An input that nothing repeats has a gradient at every place; the gradient of
 * another is summed over the loops along which it stands still. */
static void input_gradient(ks_node *node, const ks_context *context, int which,
                           ks_row_function function) {
  const ks_operand *in = node->in, *out = &node->out[0];
  if (!in[which].grad) return;
  ks_loops loops = ks_node_loops(node);
  ks_row row = {
      .a = in[0].data, .b = in[1].data, .y = out->data, .dy = out->grad, .out = in[which].grad};
  if (in[which].count == out->count)
    ks_map(context, &loops, function, row, sizeof(real), in[which].add);
  else
    ks_sum(context, &loops, which, function, row, in[which].add, 1);
}

#define GRADIENT_ROW(name, gradient)                                                           \
  static void name(const ks_row *row) {                                                        \
    const real *result = row->y, *slope = row->dy;                                             \
    ROW_LOOP(row, real, const real y = result[i]; const real dy = slope[i]; (void)y, gradient) \
  }

/* Gradients in terms of a, b, y = value(a, b) and dy, for a and for b. */
#define BINARY(name, value, gradient_a, gradient_b)                               \
  BINARY_FORWARD(name, real, value)                                               \
  GRADIENT_ROW(name##_gradient_a, gradient_a)                                     \
  GRADIENT_ROW(name##_gradient_b, gradient_b)                                     \
  ks_status KS_NAME(name##_backward)(ks_node * node, const ks_context *context) { \
    input_gradient(node, context, 0, name##_gradient_a);                          \
    input_gradient(node, context, 1, name##_gradient_b);                          \
    return KS_OK;                                                                 \
  }
#else
#define BINARY(name, value, gradient_a, gradient_b) BINARY_FORWARD(name, real, value)
#endif

/* dx0 is written before dx1 is added: x0 and x1 may be one tensor. */
/* clang-format off */
BINARY(add, ADD(a, b), dy, dy)
BINARY(subtract, SUBTRACT(a, b), dy, -dy)
BINARY(multiply, MULTIPLY(a, b), dy * b, dy * a)
/* a != a: nan wins, in either operand. */
BINARY(maximum, a >= b || a != a ? a : b, dy * (a > b ? 1 : a == b ? HALF : 0),
       dy * (b > a ? 1 : a == b ? HALF : 0))
BINARY(minimum, a <= b || a != a ? a : b, dy * (a < b ? 1 : a == b ? HALF : 0),
       dy * (b < a ? 1 : a == b ? HALF : 0))
#if KS_FLOATING
BINARY(divide, a / b, dy / b, -dy * y / b)
/* x ** 0 is 1 everywhere, 0 ** x is 0: their slopes are 0, not 0 * inf. */
BINARY(power, ks_pow(a, b), b == 0 ? 0 : b * ks_pow(a, b - 1) * dy,
       a == 0 && b >= 0 ? 0 : y * ks_log(a) * dy)
#endif

BINARY_FORWARD(equal, uint8_t, a == b)
BINARY_FORWARD(not_equal, uint8_t, a != b)
BINARY_FORWARD(less, uint8_t, a < b)
BINARY_FORWARD(less_equal, uint8_t, a <= b)
BINARY_FORWARD(greater, uint8_t, a > b)
BINARY_FORWARD(greater_equal, uint8_t, a >= b)
/* clang-format on */

/* ---- where ---------------------------------------------------------------- */

/* Shapes are equal and the condition is of another dtype, so where has loops of
 * its own. */
static void where_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  const uint8_t *condition = node->in[0].data;
  const real *yes = node->in[1].data, *no = node->in[2].data;
  real *y = node->out[0].data;
  for (int64_t i = begin; i < end; i++) {
    real a = yes[i], b = no[i]; /* read both: no branch */
    y[i] = condition[i] ? a : b;
  }
}

ks_status KS_NAME(where_forward)(ks_node *node, const ks_context *context) {
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, where_range, node);
  return KS_OK;
}

#if KS_FLOATING
/* dy where the condition is `side`, 0 elsewhere. */
static void where_gradient(const ks_node *node, int side, int64_t begin, int64_t end) {
  const ks_operand *in = &node->in[side ? 1 : 2];
  const uint8_t *condition = node->in[0].data;
  const real *dy = node->out[0].grad;
  real *dx = in->grad;
  if (!dx) return;
  for (int64_t i = begin; i < end; i++) {
    real slope = dy[i];
    slope = (condition[i] != 0) == side ? slope : 0;
    dx[i] = in->add ? dx[i] + slope : slope;
  }
}

static void where_backward_range(void *arg, int64_t begin, int64_t end) {
  where_gradient(arg, 1, begin, end);
  where_gradient(arg, 0, begin, end);
}

ks_status KS_NAME(where_backward)(ks_node *node, const ks_context *context) {
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, where_backward_range, node);
  return KS_OK;
}
#endif
