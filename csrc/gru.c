/* The gated recurrent unit (Cho et al., 2014), with the reset before or after the recurrent
 * product. A row of z: the gates z, r, g, and q, what reset has to do with: after, the product
 * that it multiplies; before, the states that it has multiplied. */
#include <string.h>

#include "ks_recurrent.h"

#if KS_FLOATING

static void add_reset(real *restrict g, const real *restrict r, const real *restrict q,
                      int64_t units) {
  for (int64_t u = 0; u < units; u++) g[u] += r[u] * q[u];
}

static void multiply(real *restrict q, const real *restrict r, const real *restrict seen,
                     int64_t units) {
  for (int64_t u = 0; u < units; u++) q[u] = r[u] * seen[u];
}

static void mix(real *restrict h, const real *restrict before, const real *restrict z,
                const real *restrict g, int64_t units) {
  for (int64_t u = 0; u < units; u++) h[u] = z[u] * before[u] + (1 - z[u]) * g[u];
}

/* The states that the last gate's product is made of, before any reset. */
static const real *last_seen(const ks_recurrent_block *b, int64_t s) {
  return ks_recurrent_seen(b, b->plan->pieces[b->plan->n_pieces - 1].factor, s);
}

static void step(const ks_recurrent_block *b, int64_t s) {
  const ks_recurrent_plan *p = b->plan;
  const int64_t units = p->units, *size = b->job->node->size;
  const real *before = ks_recurrent_h(b, s), *seen = last_seen(b, s);
  real *z = ks_recurrent_z(b, s), *h = ks_recurrent_h(b, s + 1);
  KS_NAME(recurrent_pieces)(b, s, 0, p->n_pieces - 1);
  if (!p->reset_before) KS_NAME(recurrent_last)(b, s, seen, units, 0);
  for (int64_t r = 0; r < b->rows; r++) {
    real *row = z + r * p->wide, *q = row + 3 * units;
    ks_activate(row, 2 * units, size[KS_RECURRENT_GATE_ACTIVATION]);
    if (p->reset_before)
      multiply(q, row + units, seen + r * units, units);
    else
      add_reset(row + 2 * units, row + units, q, units);
  }
  if (p->reset_before) KS_NAME(recurrent_last)(b, s, z + 3 * units, p->wide, 1);
  for (int64_t r = 0; r < b->rows; r++) {
    real *row = z + r * p->wide, *g = row + 2 * units;
    ks_activate(g, units, size[KS_RECURRENT_ACTIVATION]);
    mix(h + r * units, before + r * units, row, g, units);
  }
}

/* Gates z and g of a row; `before` is what goes past the gates. */
static void mix_slope(real *restrict row, real *restrict to, const real *restrict dh,
                      const real *restrict before, int64_t units, ks_slope gate,
                      ks_slope activation) {
  real *restrict zz = row, *restrict zg = row + 2 * units;
  for (int64_t u = 0; u < units; u++) {
    real z = zz[u], g = zg[u];
    to[u] = dh[u] * z;
    zz[u] = dh[u] * (before[u] - g) * ks_slope_at(gate, z);
    zg[u] = dh[u] * (1 - z) * ks_slope_at(activation, g);
  }
}

/* Gate r, and the gradient of the product that it multiplies. */
static void after_slope(real *restrict row, int64_t units, ks_slope gate) {
  real *restrict zr = row + units, *restrict q = row + 3 * units;
  const real *restrict dg = row + 2 * units;
  for (int64_t u = 0; u < units; u++) {
    real r = zr[u];
    zr[u] = dg[u] * q[u] * ks_slope_at(gate, r);
    q[u] = dg[u] * r;
  }
}

/* Gate r, from the gradient of the states that it has multiplied, which becomes that of the states
 * themselves. */
static void before_slope(real *restrict r, real *restrict part, const real *restrict seen,
                         int64_t units, ks_slope gate) {
  for (int64_t u = 0; u < units; u++) {
    real reset = r[u], d = part[u];
    r[u] = d * seen[u] * ks_slope_at(gate, reset);
    part[u] = d * reset;
  }
}

/* Through the product of the states that reset has multiplied. */
static void through_reset(const ks_recurrent_block *b, int64_t s, ks_slope gate) {
  const ks_recurrent_plan *p = b->plan;
  const int64_t units = p->units, last = p->n_pieces - 1, count = b->rows * units;
  const real *seen = last_seen(b, s);
  real *z = ks_recurrent_z(b, s), *part = b->slot + p->part;
  KS_NAME(recurrent_turned)(b, s, last, part, 0);
  for (int64_t r = 0; r < b->rows; r++)
    before_slope(z + r * p->wide + units, part + r * units, seen + r * units, units, gate);
  if (p->factors)
    KS_NAME(recurrent_share)(b, s, p->pieces[last].factor, part);
  else
    for (int64_t i = 0; i < count; i++) b->before[i] += part[i];
}

static void slope(const ks_recurrent_block *b, int64_t s) {
  const ks_recurrent_plan *p = b->plan;
  const int64_t units = p->units, *size = b->job->node->size;
  const ks_slope gate = ks_slope_of(size[KS_RECURRENT_GATE_ACTIVATION]);
  const ks_slope activation = ks_slope_of(size[KS_RECURRENT_ACTIVATION]);
  const real *before = ks_recurrent_h(b, s);
  for (int64_t r = 0; r < b->rows; r++) {
    int64_t at = r * units;
    real *row = ks_recurrent_z(b, s) + r * p->wide;
    if (ks_recurrent_masked(b, r, s)) {
      memset(row, 0, (size_t)p->wide * sizeof(real));
      memcpy(b->before + at, b->dh + at, (size_t)units * sizeof(real));
      continue;
    }
    mix_slope(row, b->before + at, b->dh + at, before + at, units, gate, activation);
    if (!p->reset_before) after_slope(row, units, gate);
  }
  if (p->reset_before) through_reset(b, s, gate);
  KS_NAME(recurrent_back)(b, s, p->n_pieces - p->reset_before, 1);
}

static const ks_recurrent_cell cell = {step, slope};

ks_status KS_NAME(gru_forward)(ks_node *node, const ks_context *context) {
  return KS_NAME(recurrent_forward)(node, context, &cell);
}

ks_status KS_NAME(gru_backward)(ks_node *node, const ks_context *context) {
  return KS_NAME(recurrent_backward)(node, context, &cell);
}

#endif
