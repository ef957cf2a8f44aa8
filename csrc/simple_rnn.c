/* The simple recurrent cell: h = f(x K + h R + b). */
#include <string.h>

#include "ks_recurrent.h"

#if KS_FLOATING

static void step(const ks_recurrent_block *b, int64_t s) {
  int64_t count = b->rows * b->plan->units;
  real *z = ks_recurrent_z(b, s);
  KS_NAME(recurrent_pieces)(b, s, 0, b->plan->n_pieces);
  ks_activate(z, count, b->job->node->size[KS_RECURRENT_ACTIVATION]);
  memcpy(ks_recurrent_h(b, s + 1), z, (size_t)count * sizeof(real));
}

static void times_slope(real *restrict z, const real *restrict dh, int64_t count, ks_slope f) {
  for (int64_t i = 0; i < count; i++) z[i] = dh[i] * ks_slope_at(f, z[i]);
}

static void slope(const ks_recurrent_block *b, int64_t s) {
  const ks_recurrent_plan *p = b->plan;
  const int64_t units = p->units, count = b->rows * units;
  const int add = b->job->mask || p->factors;
  real *z = ks_recurrent_z(b, s);
  times_slope(z, b->dh, count, ks_slope_of(b->job->node->size[KS_RECURRENT_ACTIVATION]));
  if (add) memset(b->before, 0, (size_t)count * sizeof(real));
  for (int64_t r = 0; b->job->mask && r < b->rows; r++) {
    if (!ks_recurrent_masked(b, r, s)) continue;
    memset(z + r * units, 0, (size_t)units * sizeof(real));
    memcpy(b->before + r * units, b->dh + r * units, (size_t)units * sizeof(real));
  }
  KS_NAME(recurrent_back)(b, s, p->n_pieces, add);
}

static const ks_recurrent_cell cell = {step, slope};

ks_status KS_NAME(simple_rnn_forward)(ks_node *node, const ks_context *context) {
  return KS_NAME(recurrent_forward)(node, context, &cell);
}

ks_status KS_NAME(simple_rnn_backward)(ks_node *node, const ks_context *context) {
  return KS_NAME(recurrent_backward)(node, context, &cell);
}

#endif
