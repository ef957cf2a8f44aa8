/* Reductions of x0 (outer, count, inner) to y (outer, inner): sums and means
 * through ks_sum.h; products, extremes and their positions here, in the units
 * of ks_units.h. A run of neighbours is folded in lanes.
 */
#include <math.h>

#include "ks_ops.h"
#include "ks_sum.h"
#include "ks_units.h"

/* ---- sum, mean ------------------------------------------------------------ */

/* Strides 0 are of x0, 2 of y; without the inner loop if it is of one. */
static ks_loops reduction_loops(const ks_node *node) {
  int64_t outer = node->size[0], count = node->size[1], inner = node->size[2];
  if (count == 1) { /* a long row at once instead of sums of one element each */
    inner *= outer;
    outer = 1;
  }
  if (inner == 1)
    return (ks_loops){.n = 2, .dims = {outer, count}, .strides = {{count, 0, 1}, {1, 0, 0}}};
  return (ks_loops){.n = 3,
                    .dims = {outer, count, inner},
                    .strides = {{count * inner, 0, inner}, {inner, 0, 0}, {1, 0, 1}}};
}

/* Of function(row); NULL: of x0 itself. */
static void sum_forward(ks_node *node, const ks_context *context, ks_row_function function,
                        real divisor) {
  ks_loops loops = reduction_loops(node);
  ks_row row = {.a = node->in[0].data, .out = node->out[0].data};
  ks_sum(context, &loops, 2, function, row, 0, divisor);
}

ks_status KS_NAME(sum_forward)(ks_node *node, const ks_context *context) {
  sum_forward(node, context, NULL, 1);
  return KS_OK;
}

#if KS_FLOATING
ks_status KS_NAME(mean_forward)(ks_node *node, const ks_context *context) {
  sum_forward(node, context, NULL, (real)node->size[1]);
  return KS_OK;
}

/* A separate loop for inner == 1, where a row is one dy: one division for all
 * of it. */
static void share_row(const ks_row *row) {
  const real *dy = row->a;
  real *dx = row->out;
  const real divisor = *row->b, same = dy[0] / divisor;
  if (row->step_a == 0)
    for (int64_t i = 0; i < row->n; i++) dx[i] = same;
  else
    for (int64_t i = 0; i < row->n; i++) dx[i] = dy[i] / divisor;
}

/* Every element gets dy / divisor: dy, broadcast over the reduced loop. */
static void sum_backward(ks_node *node, const ks_context *context, real divisor) {
  const ks_operand *in = &node->in[0];
  if (!in->grad) return;
  ks_loops loops = reduction_loops(node);
  for (int d = 0; d < loops.n; d++) loops.strides[d][0] = loops.strides[d][2];
  ks_row row = {.a = node->out[0].grad, .b = &divisor, .out = in->grad};
  ks_map(context, &loops, share_row, row, sizeof(real), in->add);
}

ks_status KS_NAME(sum_backward)(ks_node *node, const ks_context *context) {
  sum_backward(node, context, 1);
  return KS_OK;
}

ks_status KS_NAME(mean_backward)(ks_node *node, const ks_context *context) {
  sum_backward(node, context, (real)node->size[1]);
  return KS_OK;
}

ks_status KS_NAME(squared_norm_forward)(ks_node *node, const ks_context *context) {
  sum_forward(node, context, ks_square_row, 1);
  return KS_OK;
}

static void double_row(const ks_row *row) {
  const real *dy = row->a, *x = row->b;
  real *dx = row->out;
  const real same = 2 * dy[0];
  if (row->step_a == 0)
    for (int64_t i = 0; i < row->n; i++) dx[i] = same * x[i];
  else
    for (int64_t i = 0; i < row->n; i++) dx[i] = 2 * dy[i] * x[i];
}

ks_status KS_NAME(squared_norm_backward)(ks_node *node, const ks_context *context) {
  const ks_operand *in = &node->in[0];
  if (!in->grad) return KS_OK;
  ks_loops loops = reduction_loops(node);
  for (int d = 0; d < loops.n; d++) {
    loops.strides[d][1] = loops.strides[d][0];
    loops.strides[d][0] = loops.strides[d][2];
  }
  ks_row row = {.a = node->out[0].grad, .b = in->data, .out = in->grad};
  ks_map(context, &loops, double_row, row, sizeof(real), in->add);
  return KS_OK;
}
#endif

/* ---- max, min, argmax, argmin --------------------------------------------- */

#if KS_FLOATING
#define IS_NAN(x) ((x) != (x))
#else
#define IS_NAN(x) 0
#endif

/* `largest` is a constant wherever these are inlined. nan wins, and stays,
 * because nothing is larger than it. */
static inline real better_of(real x, real best, int largest) {
  return (largest ? x > best : x < best) || IS_NAN(x) ? x : best;
}

/* The recorder refuses this as NumPy does; here it only must be harmless. */
static inline real extreme_of_none(int largest) {
#if KS_FLOATING
  return largest ? -(real)INFINITY : (real)INFINITY;
#else
  return (real)(0 * largest);
#endif
}

/* Of neighbours. In lanes that start from the first element, so that no dtype
 * needs a smallest value. */
static inline real extreme_of(const real *x, int64_t n, int largest) {
  if (n == 0) return extreme_of_none(largest);
  real best[KS_LANES];
  int64_t i = 0;
  for (int l = 0; l < KS_LANES; l++) best[l] = x[0];
  for (; i + KS_LANES <= n; i += KS_LANES)
    for (int l = 0; l < KS_LANES; l++) best[l] = better_of(x[i + l], best[l], largest);
  for (; i < n; i++) best[0] = better_of(x[i], best[0], largest);
  if (n < KS_LANES) return best[0];
  for (int width = KS_LANES / 2; width > 0; width /= 2)
    for (int l = 0; l < width; l++) best[l] = better_of(best[l + width], best[l], largest);
  return best[0];
}

/* With columns, y is the running extreme: it stays in the first-level cache. */
static inline void extreme_range(const ks_node *node, int64_t begin, int64_t end, int largest) {
  for (int64_t i = begin; i < end; i++) {
    reduction_unit unit = unit_of(node, i);
    real *y = (real *)node->out[0].data + unit.y_at;
    if (unit.stride == 1) {
      *y = extreme_of(unit.x, unit.count, largest);
      continue;
    }
    for (int64_t j = 0; j < unit.columns; j++)
      y[j] = unit.count ? unit.x[j] : extreme_of_none(largest);
    for (int64_t r = 1; r < unit.count; r++) {
      const real *x = unit.x + r * unit.stride;
      for (int64_t j = 0; j < unit.columns; j++) y[j] = better_of(x[j], y[j], largest);
    }
  }
}

/* Two passes, because a vector of values and their positions costs more than
 * finding the value again. */
static inline int32_t position_of(const real *x, int64_t n, int largest) {
  real best = extreme_of(x, n, largest);
  int64_t i = 0;
  while (i < n - 1 && x[i] != best && !(IS_NAN(best) && IS_NAN(x[i]))) i++;
  return (int32_t)i;
}

static inline void position_range(const ks_node *node, int64_t begin, int64_t end, int largest) {
  for (int64_t i = begin; i < end; i++) {
    reduction_unit unit = unit_of(node, i);
    int32_t *y = (int32_t *)node->out[0].data + unit.y_at;
    if (unit.stride == 1) {
      *y = position_of(unit.x, unit.count, largest);
      continue;
    }
    real best[KS_COLUMNS];
    for (int64_t j = 0; j < unit.columns; j++) best[j] = unit.x[j], y[j] = 0;
    for (int64_t r = 1; r < unit.count; r++) {
      const real *x = unit.x + r * unit.stride;
      for (int64_t j = 0; j < unit.columns; j++) {
        int better = largest ? x[j] > best[j] : x[j] < best[j];
        int take = better | (IS_NAN(x[j]) & !IS_NAN(best[j]));
        best[j] = take ? x[j] : best[j];
        y[j] = take ? (int32_t)r : y[j];
      }
    }
  }
}

#define REDUCTION(name, range, largest)                                          \
  static void name##_range(void *node, int64_t begin, int64_t end) {             \
    range(node, begin, end, largest);                                            \
  }                                                                              \
  ks_status KS_NAME(name##_forward)(ks_node * node, const ks_context *context) { \
    run_units(node, context, name##_range);                                      \
    return KS_OK;                                                                \
  }

REDUCTION(max, extreme_range, 1)
REDUCTION(min, extreme_range, 0)
REDUCTION(argmax, position_range, 1)
REDUCTION(argmin, position_range, 0)

#if KS_FLOATING
/* Whether x has part in the extreme y; where that is nan, every nan has. In
 * loops of their own, because the comparison more costs the others 1.3 times. */
static inline int has_part(real x, real y, int is_nan) { return x == y || (is_nan && IS_NAN(x)); }

/* dx = dy / ties where x is the extreme y: neighbours. */
static inline void share_ties(const real *x, real y, real dy, real *dx, int64_t n, int add,
                              int is_nan) {
  int64_t ties = 0;
  for (int64_t i = 0; i < n; i++) ties += has_part(x[i], y, is_nan);
  real share = dy / (real)ties;
  for (int64_t i = 0; i < n; i++)
    dx[i] = (add ? dx[i] : 0) + (has_part(x[i], y, is_nan) ? share : 0);
}

/* The same for columns. */
static inline void share_column_ties(const reduction_unit *unit, const real *y, const real *dy,
                                     real *dx, int add, int is_nan) {
  int32_t ties[KS_COLUMNS] = {0};
  real share[KS_COLUMNS];
  const int64_t columns = unit->columns;
  for (int64_t r = 0; r < unit->count; r++) {
    const real *x = unit->x + r * unit->stride;
    for (int64_t j = 0; j < columns; j++) ties[j] += has_part(x[j], y[j], is_nan);
  }
  for (int64_t j = 0; j < columns; j++) share[j] = dy[j] / (real)ties[j];
  for (int64_t r = 0; r < unit->count; r++, dx += unit->stride) {
    const real *x = unit->x + r * unit->stride;
    for (int64_t j = 0; j < columns; j++)
      dx[j] = (add ? dx[j] : 0) + (has_part(x[j], y[j], is_nan) ? share[j] : 0);
  }
}

static inline void share_extreme(const reduction_unit *unit, const real *y, const real *dy,
                                 real *dx, int add, int is_nan) {
  if (unit->stride == 1)
    share_ties(unit->x, *y, *dy, dx, unit->count, add, is_nan);
  else
    share_column_ties(unit, y, dy, dx, add, is_nan);
}

static int holds_nan(const real *y, int64_t n) {
  int found = 0;
  for (int64_t i = 0; i < n; i++) found |= IS_NAN(y[i]);
  return found;
}

static void extreme_backward_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  const ks_operand *in = &node->in[0], *out = &node->out[0];
  for (int64_t i = begin; i < end; i++) {
    reduction_unit unit = unit_of(node, i);
    const real *y = (const real *)out->data + unit.y_at, *dy = (const real *)out->grad + unit.y_at;
    real *dx = (real *)in->grad + unit.x_at;
    if (holds_nan(y, unit.columns))
      share_extreme(&unit, y, dy, dx, in->add, 1);
    else
      share_extreme(&unit, y, dy, dx, in->add, 0);
  }
}

ks_status KS_NAME(max_backward)(ks_node *node, const ks_context *context) {
  if (node->in[0].grad) run_units(node, context, extreme_backward_range);
  return KS_OK;
}

ks_status KS_NAME(min_backward)(ks_node *node, const ks_context *context) {
  return KS_NAME(max_backward)(node, context);
}
#endif

/* ---- prod ------------------------------------------------------------------- */

#if KS_FLOATING || KS_DTYPE_NUMBER == 5
#define TIMES(a, b) ((real)((a) * (b)))
#else
#define TIMES(a, b) ((real)((uint64_t)(a) * (uint64_t)(b))) /* wraps around */
#endif

static void prod_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  for (int64_t i = begin; i < end; i++) {
    reduction_unit unit = unit_of(node, i);
    real *y = (real *)node->out[0].data + unit.y_at;
    for (int64_t j = 0; j < unit.columns; j++) y[j] = 1;
    for (int64_t r = 0; r < unit.count; r++) {
      const real *x = unit.x + r * unit.stride;
      for (int64_t j = 0; j < unit.columns; j++) y[j] = TIMES(y[j], x[j]);
    }
  }
}

ks_status KS_NAME(prod_forward)(ks_node *node, const ks_context *context) {
  run_units(node, context, prod_range);
  return KS_OK;
}

#if KS_FLOATING
/* The slope is the product of the others: all of them divided by x. One 0 among
 * them leaves a slope to itself alone, and two leave none. */
static void prod_backward_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  const ks_operand *in = &node->in[0];
  for (int64_t i = begin; i < end; i++) {
    reduction_unit unit = unit_of(node, i);
    const real *dy = (const real *)node->out[0].grad + unit.y_at;
    real *dx = (real *)in->grad + unit.x_at;
    int32_t zeros[KS_COLUMNS] = {0};
    real product[KS_COLUMNS];
    for (int64_t j = 0; j < unit.columns; j++) product[j] = dy[j];
    for (int64_t r = 0; r < unit.count; r++) {
      const real *x = unit.x + r * unit.stride;
      for (int64_t j = 0; j < unit.columns; j++) {
        zeros[j] += x[j] == 0;
        product[j] *= x[j] == 0 ? 1 : x[j];
      }
    }
    for (int64_t r = 0; r < unit.count; r++, dx += unit.stride) {
      const real *x = unit.x + r * unit.stride;
      for (int64_t j = 0; j < unit.columns; j++) {
        real alone = zeros[j] == 1 && x[j] == 0 ? product[j] : 0;
        real slope = zeros[j] == 0 ? product[j] / x[j] : alone;
        dx[j] = (in->add ? dx[j] : 0) + slope;
      }
    }
  }
}

ks_status KS_NAME(prod_backward)(ks_node *node, const ks_context *context) {
  if (node->in[0].grad) run_units(node, context, prod_backward_range);
  return KS_OK;
}
#endif
