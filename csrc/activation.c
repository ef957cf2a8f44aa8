/* Activation functions. Values and gradients are right in the tails, and finite
 * wherever the function is: no product of a large number and an exponential
 * that has overflowed.
 */
#include "ks_erf.h"
#include "ks_math.h"
#include "ks_unary.h"

#if KS_FLOATING

#define HALF ((real)0.5)

/* clang-format off */
UNARY(relu, x < 0 ? 0 : x, x > 0 ? dy : 0)
UNARY(sigmoid, ks_sigmoid(x), y * (1 - y) * dy)
UNARY(tanh, ks_tanh(x), (1 - y * y) * dy)
UNARY(softplus, ks_softplus(x), ks_sigmoid(x) * dy)
UNARY(softsign, x / (1 + ks_abs(x)), dy / ((1 + ks_abs(x)) * (1 + ks_abs(x))))
/* clang-format on */

static inline real silu(real x) { return x * ks_sigmoid(x); }

/* sigmoid(x), and its slope without the cancellation of 1 - sigmoid(x). */
static inline real sigmoid_and_slope(real x, real *slope) {
  real e = ks_exp(-ks_abs(x)), r = 1 / (1 + e);
  *slope = e * r * r;
  return x < 0 ? e * r : r;
}

static inline real silu_slope(real x) {
  real slope, share = sigmoid_and_slope(x, &slope);
  return share + x * slope;
}

UNARY(silu, silu(x), silu_slope(x) * dy)

/* x times the share of a normal distribution that lies below x. */
static inline real gelu(real x) { return x * ks_normal_share(x, ks_exp(-HALF * x * x)); }

static inline real gelu_slope(real x) {
  const real one_over_root_2_pi = (real)0.39894228040143267794;
  real gauss = ks_exp(-HALF * x * x);
  return ks_normal_share(x, gauss) + x * one_over_root_2_pi * gauss;
}

UNARY(gelu, gelu(x), gelu_slope(x) * dy)

/* 2 sqrt(2 / pi) (x + 0.044715 x^3), of which the sigmoid is close to that
 * share: Hendrycks and Gimpel, Gaussian error linear units, 2016. */
#define GELU_SCALE ((real)1.5957691216057307117)
#define GELU_CUBIC ((real)0.044715)

static inline real gelu_tanh(real x) {
  return x * ks_sigmoid(GELU_SCALE * (x + GELU_CUBIC * x * x * x));
}

/* Beyond 30 the slope of the sigmoid is 0; cut off, so that x^3 is finite. */
static inline real gelu_tanh_slope(real x) {
  real z = x < -30 ? -30 : x;
  z = z > 30 ? 30 : z;
  real inner = GELU_SCALE * (1 + 3 * GELU_CUBIC * z * z);
  real slope, share = sigmoid_and_slope(GELU_SCALE * (z + GELU_CUBIC * z * z * z), &slope);
  return share + z * slope * inner;
}

UNARY(gelu_tanh, gelu_tanh(x), gelu_tanh_slope(x) * dy)

typedef struct {
  real above, below, speed;
} elu_shape;

static inline elu_shape elu_of(const ks_node *node) {
  real alpha = (real)node->attr[0], scale = (real)node->attr[1];
  return (elu_shape){scale, scale * alpha, (real)node->attr[2]};
}

UNARY_WITH(elu, const elu_shape e = elu_of(row->node),
           x > 0 ? e.above * x : e.below * ks_expm1(e.speed * x),
           (x > 0 ? e.above : e.speed * (y + e.below)) * dy)

UNARY_WITH(leaky_relu, const real below = (real)row->node->attr[0], x > 0 ? x : below * x,
           x > 0 ? dy : below * dy)

UNARY(hard_sigmoid, x <= -3 ? 0 : x >= 3 ? 1 : (x + 3) / 6, x > -3 && x < 3 ? dy / 6 : 0)

typedef struct {
  real slope, least, most, threshold;
  int closed;
} ramp;

static inline ramp ramp_of(const ks_node *node) {
  return (ramp){(real)node->attr[0], (real)node->attr[1], (real)node->attr[2], (real)node->attr[3],
                (int)node->size[0]};
}

/* Without a slope what is below is 0, -inf too; nan stays. */
static inline real on_ramp(const ramp *r, real x) {
  real above = x < r->least ? r->least : x;
  above = above > r->most ? r->most : above;
  real below = r->slope == 0 && x == x ? 0 : r->slope * (x - r->threshold);
  return x > r->threshold ? above : below;
}

static inline real ramp_slope(const ramp *r, real x) {
  int within = (x > r->least && x < r->most) || (r->closed && (x == r->least || x == r->most));
  real below = x < r->threshold ? r->slope : 0;
  return x > r->threshold ? (real)within : below;
}

UNARY_WITH(bounded_relu, const ramp r = ramp_of(row->node), on_ramp(&r, x), ramp_slope(&r, x) * dy)

#endif
