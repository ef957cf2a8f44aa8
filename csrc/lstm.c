/* The lstm's cell (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000). */
#include <string.h>

#include "ks_recurrent.h"

#if KS_FLOATING

/* c = f c + i g, and h = o t, where t, a copy of c here, is its activation. */
static void new_carry(real *restrict c, real *restrict t, const real *restrict before,
                      const real *restrict gates, int64_t units) {
  const real *i = gates, *f = gates + units, *g = gates + 2 * units;
  for (int64_t u = 0; u < units; u++) c[u] = t[u] = f[u] * before[u] + i[u] * g[u];
}

static void new_state(real *restrict h, const real *restrict o, const real *restrict t,
                      int64_t units) {
  for (int64_t u = 0; u < units; u++) h[u] = o[u] * t[u];
}

static void step(const ks_recurrent_block *b, int64_t s) {
  const int64_t units = b->plan->units, *size = b->job->node->size;
  const int64_t gate = size[KS_RECURRENT_GATE_ACTIVATION],
                activation = size[KS_RECURRENT_ACTIVATION];
  const real *before = ks_recurrent_c(b, s);
  real *z = ks_recurrent_z(b, s), *c = ks_recurrent_c(b, s + 1);
  real *t = ks_recurrent_t(b, s), *h = ks_recurrent_h(b, s + 1);
  KS_NAME(recurrent_pieces)(b, s, 0, b->plan->n_pieces);
  for (int64_t r = 0; r < b->rows; r++, z += b->plan->wide) {
    ks_activate(z, 2 * units, gate);
    ks_activate(z + 2 * units, units, activation);
    ks_activate(z + 3 * units, units, gate);
    new_carry(c + r * units, t + r * units, before + r * units, z, units);
    ks_activate(t + r * units, units, activation);
    new_state(h + r * units, z + 3 * units, t + r * units, units);
  }
}

/* A row's gates become their gradients, dc that of the carry before. */
static void row_slope(real *restrict z, const real *restrict dh, real *restrict dc,
                      const real *restrict before, const real *restrict t, int64_t units,
                      ks_slope gate, ks_slope activation) {
  real *restrict zi = z, *restrict zf = z + units, *restrict zg = z + 2 * units;
  real *restrict zo = z + 3 * units;
  for (int64_t u = 0; u < units; u++) {
    real i = zi[u], f = zf[u], g = zg[u], o = zo[u];
    real carry = dc[u] + dh[u] * o * ks_slope_at(activation, t[u]);
    zi[u] = carry * g * ks_slope_at(gate, i);
    zf[u] = carry * before[u] * ks_slope_at(gate, f);
    zg[u] = carry * i * ks_slope_at(activation, g);
    zo[u] = dh[u] * t[u] * ks_slope_at(gate, o);
    dc[u] = carry * f;
  }
}

static void slope(const ks_recurrent_block *b, int64_t s) {
  const ks_recurrent_plan *p = b->plan;
  const int64_t units = p->units, *size = b->job->node->size;
  const ks_slope gate = ks_slope_of(size[KS_RECURRENT_GATE_ACTIVATION]);
  const ks_slope activation = ks_slope_of(size[KS_RECURRENT_ACTIVATION]);
  const int add = b->job->mask || p->factors;
  const real *before = ks_recurrent_c(b, s), *t = ks_recurrent_t(b, s);
  real *z = ks_recurrent_z(b, s), *dc = b->slot + p->dc;
  if (add) memset(b->before, 0, (size_t)(b->rows * units) * sizeof(real));
  for (int64_t r = 0; r < b->rows; r++, z += p->wide) {
    int64_t at = r * units;
    if (ks_recurrent_masked(b, r, s)) {
      memset(z, 0, (size_t)p->wide * sizeof(real));
      memcpy(b->before + at, b->dh + at, (size_t)units * sizeof(real));
    } else {
      row_slope(z, b->dh + at, dc + at, before + at, t + at, units, gate, activation);
    }
  }
  KS_NAME(recurrent_back)(b, s, p->n_pieces, add);
}

static const ks_recurrent_cell cell = {step, slope};

ks_status KS_NAME(lstm_forward)(ks_node *node, const ks_context *context) {
  return KS_NAME(recurrent_forward)(node, context, &cell);
}

ks_status KS_NAME(lstm_backward)(ks_node *node, const ks_context *context) {
  return KS_NAME(recurrent_backward)(node, context, &cell);
}

#endif
