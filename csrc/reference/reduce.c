#include "reference.h"

/* Position of (outer, reduced, inner) in x0. */
static int64_t position(const ks_node *node, int64_t o, int64_t r, int64_t i) {
  return (o * node->size[1] + r) * node->size[2] + i;
}

static number add_up(number total, number x) {
#if KS_IS_REAL
  return total + x;
#elif KS_IS_BOOL
  return total || x;
#else
  return (number)((uint64_t)total + (uint64_t)x);
#endif
}

/* Is x to be taken instead of `best`? The first of equals stays; nan wins. */
static int is_better(number x, number best, int want_largest) {
  if (is_nan(best)) return 0;
  if (is_nan(x)) return 1;
  return want_largest ? x > best : x < best;
}

static number total_of(const ks_node *node, int64_t o, int64_t i) {
  const real *x = node->in[0].data;
  number total = 0;
  for (int64_t r = 0; r < node->size[1]; r++) total = add_up(total, x[position(node, o, r, i)]);
  return total;
}

static number product_of(const ks_node *node, int64_t o, int64_t i) {
  const real *x = node->in[0].data;
  number total = 1;
  for (int64_t r = 0; r < node->size[1]; r++) {
    number factor = x[position(node, o, r, i)];
#if KS_IS_REAL
    total *= factor;
#else
    total = (number)((uint64_t)total * (uint64_t)factor);
#endif
  }
  return total;
}

static int64_t best_of(const ks_node *node, int64_t o, int64_t i, int want_largest) {
  const real *x = node->in[0].data;
  int64_t best = 0;
  for (int64_t r = 1; r < node->size[1]; r++)
    if (is_better(x[position(node, o, r, i)], x[position(node, o, best, i)], want_largest))
      best = r;
  return best;
}

#define FOR_EACH_RESULT(node, o, i)             \
  for (int64_t o = 0; o < (node)->size[0]; o++) \
    for (int64_t i = 0; i < (node)->size[2]; i++)

#define REDUCTION(name, result, value)                                      \
  FORWARD(name) {                                                           \
    const real *x = node->in[0].data;                                       \
    result *y = node->out[0].data;                                          \
    (void)x;                                                                \
    FOR_EACH_RESULT(node, o, i) y[o * node->size[2] + i] = (result)(value); \
    return KS_OK;                                                           \
  }

REDUCTION(sum, real, total_of(node, o, i))
REDUCTION(prod, real, product_of(node, o, i))
REDUCTION(max, real, x[position(node, o, best_of(node, o, i, 1), i)])
REDUCTION(min, real, x[position(node, o, best_of(node, o, i, 0), i)])
REDUCTION(argmax, int32_t, best_of(node, o, i, 1))
REDUCTION(argmin, int32_t, best_of(node, o, i, 0))

#if KS_IS_REAL

REDUCTION(mean, real, total_of(node, o, i) / node->size[1])

static wide squared_norm_of(const ks_node *node, int64_t o, int64_t i) {
  const real *x = node->in[0].data;
  wide total = 0;
  for (int64_t r = 0; r < node->size[1]; r++)
    total += (wide)x[position(node, o, r, i)] * x[position(node, o, r, i)];
  return total;
}

REDUCTION(squared_norm, real, squared_norm_of(node, o, i))

/* Every element gets dy, or an even share of it. */
static void spread(ks_node *node, wide share) {
  const real *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  FOR_EACH_RESULT(node, o, i)
  for (int64_t r = 0; r < node->size[1]; r++)
    dx[position(node, o, r, i)] = dy[o * node->size[2] + i] * share;
  give_gradient(&node->in[0], dx);
}

BACKWARD(sum) {
  spread(node, 1);
  return KS_OK;
}

BACKWARD(mean) {
  spread(node, 1 / (wide)node->size[1]);
  return KS_OK;
}

BACKWARD(squared_norm) {
  const real *x = node->in[0].data, *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  FOR_EACH_RESULT(node, o, i)
  for (int64_t r = 0; r < node->size[1]; r++)
    dx[position(node, o, r, i)] = 2 * (wide)dy[o * node->size[2] + i] * x[position(node, o, r, i)];
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

static int is_extreme(real x, real y) { return x == y || (is_nan(x) && is_nan(y)); }

/* The elements that are the result share dy. */
static void spread_over_ties(ks_node *node) {
  const real *x = node->in[0].data, *y = node->out[0].data, *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  FOR_EACH_RESULT(node, o, i) {
    int64_t at = o * node->size[2] + i, ties = 0;
    for (int64_t r = 0; r < node->size[1]; r++)
      ties += is_extreme(x[position(node, o, r, i)], y[at]);
    for (int64_t r = 0; r < node->size[1]; r++)
      if (is_extreme(x[position(node, o, r, i)], y[at]))
        dx[position(node, o, r, i)] = dy[at] / (wide)ties;
  }
  give_gradient(&node->in[0], dx);
}

BACKWARD(max) {
  spread_over_ties(node);
  return KS_OK;
}

BACKWARD(min) {
  spread_over_ties(node);
  return KS_OK;
}

/* The products of what is before each element and after it. */
BACKWARD(prod) {
  const real *x = node->in[0].data, *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  FOR_EACH_RESULT(node, o, i) {
    wide before = dy[o * node->size[2] + i], after = 1;
    for (int64_t r = 0; r < node->size[1]; r++) {
      dx[position(node, o, r, i)] = before;
      before *= x[position(node, o, r, i)];
    }
    for (int64_t r = node->size[1] - 1; r >= 0; r--) {
      dx[position(node, o, r, i)] *= after;
      after *= x[position(node, o, r, i)];
    }
  }
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

#endif
