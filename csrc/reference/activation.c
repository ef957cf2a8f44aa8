#include "reference.h"

#if KS_IS_REAL

#define ATTR(i) ((wide)node->attr[i])

static wide sigmoid_of(wide x) { return 1 / (1 + expl(-x)); }
static wide share_below(wide x) { return erfcl(-x / sqrtl(2)) / 2; }

/* As of the dtype: the kernels compute with a rounded attribute. */
#define NARROW(value) ((wide)(real)(value))

#define VALUE(name) static wide value_##name(const ks_node *node, wide x)
#define SLOPE(name) static wide slope_##name(const ks_node *node, wide x)

VALUE(relu) { return (void)node, x < 0 ? 0 : x; }
SLOPE(relu) { return (void)node, x > 0; }

VALUE(sigmoid) { return (void)node, sigmoid_of(x); }
SLOPE(sigmoid) { return (void)node, sigmoid_of(x) * sigmoid_of(-x); }

VALUE(tanh) { return (void)node, tanhl(x); }
SLOPE(tanh) { return (void)node, 1 / (coshl(x) * coshl(x)); }

VALUE(softplus) { return (void)node, x > 0 ? x + log1pl(expl(-x)) : log1pl(expl(x)); }
SLOPE(softplus) { return (void)node, sigmoid_of(x); }

VALUE(softsign) { return (void)node, x / (1 + fabsl(x)); }
SLOPE(softsign) { return (void)node, 1 / ((1 + fabsl(x)) * (1 + fabsl(x))); }

VALUE(silu) { return (void)node, x * sigmoid_of(x); }
SLOPE(silu) { return (void)node, sigmoid_of(x) * (1 + x * sigmoid_of(-x)); }

VALUE(gelu) { return (void)node, x * share_below(x); }
SLOPE(gelu) {
  wide density = expl(-x * x / 2) / sqrtl(2 * acosl(-1));
  return (void)node, share_below(x) + x * density;
}

static wide gelu_inner(wide x) { return sqrtl(2 / acosl(-1)) * (x + 0.044715L * x * x * x); }

VALUE(gelu_tanh) { return (void)node, x * sigmoid_of(2 * gelu_inner(x)); }
SLOPE(gelu_tanh) {
  wide u = 2 * gelu_inner(x), inner = sqrtl(2 / acosl(-1)) * (1 + 3 * 0.044715L * x * x);
  return (void)node, sigmoid_of(u) + 2 * x * inner * sigmoid_of(u) * sigmoid_of(-u);
}

VALUE(elu) {
  wide alpha = NARROW(ATTR(0)), scale = NARROW(ATTR(1)), speed = NARROW(ATTR(2));
  return x > 0 ? scale * x : scale * alpha * expm1l(speed * x);
}
SLOPE(elu) {
  wide alpha = NARROW(ATTR(0)), scale = NARROW(ATTR(1)), speed = NARROW(ATTR(2));
  return x > 0 ? scale : scale * alpha * speed * expl(speed * x);
}

VALUE(leaky_relu) { return x > 0 ? x : NARROW(ATTR(0)) * x; }
SLOPE(leaky_relu) { return x > 0 ? 1 : NARROW(ATTR(0)); }

VALUE(hard_sigmoid) { return (void)node, isnan(x) ? x : fminl(fmaxl(x + 3, 0), 6) / 6; }
SLOPE(hard_sigmoid) { return (void)node, fabsl(x) < 3 ? 1 / 6.0L : 0; }

VALUE(bounded_relu) {
  wide slope = NARROW(ATTR(0)), threshold = NARROW(ATTR(3));
  if (isnan(x)) return x;
  if (x > threshold) return fminl(fmaxl(x, NARROW(ATTR(1))), NARROW(ATTR(2)));
  return slope == 0 ? 0 : slope * (x - threshold);
}
SLOPE(bounded_relu) {
  wide least = NARROW(ATTR(1)), most = NARROW(ATTR(2)), threshold = NARROW(ATTR(3));
  if (x < threshold) return NARROW(ATTR(0));
  if (!(x > threshold) || x < least || x > most) return 0;
  return x == least || x == most ? node->size[0] : 1;
}

#define UNARY(name)                                                                            \
  FORWARD(name) {                                                                              \
    const real *x = node->in[0].data;                                                          \
    real *y = node->out[0].data;                                                               \
    for (int64_t i = 0; i < node->out[0].count; i++) y[i] = (real)value_##name(node, x[i]);    \
    return KS_OK;                                                                              \
  }                                                                                            \
  BACKWARD(name) {                                                                             \
    const real *x = node->in[0].data, *dy = node->out[0].grad;                                 \
    wide *dx = new_sums(node->in[0].count);                                                    \
    for (int64_t i = 0; i < node->out[0].count; i++) dx[i] = dy[i] * slope_##name(node, x[i]); \
    give_gradient(&node->in[0], dx);                                                           \
    return KS_OK;                                                                              \
  }

UNARY(relu)
UNARY(sigmoid)
UNARY(tanh)
UNARY(softplus)
UNARY(softsign)
UNARY(silu)
UNARY(gelu)
UNARY(gelu_tanh)
UNARY(elu)
UNARY(leaky_relu)
UNARY(hard_sigmoid)
UNARY(bounded_relu)

#endif
