#include "philox.h"
#include "reference.h"

FORWARD(random_advance) {
  const int64_t *state = node->in[0].data;
  int64_t *next = node->out[0].data;
  next[0] = state[0];
  next[1] = (int64_t)((uint64_t)state[1] + 1);
  return KS_OK;
}

#if KS_IS_REAL

/* Word i % 4 of block i / 4. */
static uint32_t word_at(const int64_t *state, int64_t i) {
  return philox_draw(state, i / 4).word[i % 4];
}

/* Number i of [0, 1): 24 bits of one word, or 53 of two. */
static wide uniform_at(const int64_t *state, int64_t i) {
#if KS_SINGLE
  return (word_at(state, i) >> 8) * 0x1p-24L;
#else
  uint64_t bits = (uint64_t)word_at(state, 2 * i + 1) << 32 | word_at(state, 2 * i);
  return (bits >> 11) * 0x1p-53L;
#endif
}

FORWARD(random_uniform) {
  const int64_t *state = node->in[0].data;
  real *y = node->out[0].data;
  real low = (real)node->attr[0], high = (real)node->attr[1];
  for (int64_t i = 0; i < node->out[0].count; i++) {
    y[i] = (real)(low + uniform_at(state, i) * ((wide)high - low));
    /* Rounding may reach the bound, which does not belong to the range. */
    if (y[i] >= high) y[i] = (real)(KS_SINGLE ? nextafterf(high, low) : nextafter(high, low));
  }
  return KS_OK;
}

/* Box and Muller: two uniform numbers, the first of them in (0, 1], make two
 * normal ones. */
FORWARD(random_normal) {
  const wide two_pi = 6.283185307179586476925286766559L;
  const int64_t *state = node->in[0].data;
  real *y = node->out[0].data;
  for (int64_t i = 0; i < node->out[0].count; i++) {
    int64_t first = i - i % 2;
    wide unit = KS_SINGLE ? 0x1p-24L : 0x1p-53L;
    wide radius = sqrtl(-2 * logl(uniform_at(state, first) + unit));
    wide angle = two_pi * uniform_at(state, first + 1);
    wide z = radius * (i % 2 == 0 ? cosl(angle) : sinl(angle));
    y[i] = (real)(node->attr[0] + node->attr[1] * z);
  }
  return KS_OK;
}

static int is_kept(const ks_node *node, int64_t i) {
  return word_at(node->in[1].data, i) >= node->attr[0] * 0x1p32;
}

FORWARD(dropout) {
  const real *x = node->in[0].data;
  real *y = node->out[0].data;
  wide scale = 1 / (1 - (wide)node->attr[0]);
  for (int64_t i = 0; i < node->out[0].count; i++)
    y[i] = is_kept(node, i) ? (real)(x[i] * scale) : 0;
  return KS_OK;
}

BACKWARD(dropout) {
  const real *dy = node->out[0].grad;
  wide scale = 1 / (1 - (wide)node->attr[0]);
  wide *dx = new_sums(node->in[0].count);
  for (int64_t i = 0; i < node->out[0].count; i++) dx[i] = is_kept(node, i) ? dy[i] * scale : 0;
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

#endif
