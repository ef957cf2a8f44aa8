/* Recurrent layers from their equations: one row and one step after the other, and
 * back through them. */
#include "../ks_recurrent.h"
#include "activation.h"
#include "reference.h"

#if KS_IS_REAL

/* A row's walk. Of each step: the states before it, the sums of the gates, the
 * gru's last product or what it is made of, and gradients of all inputs. */
typedef struct {
  const ks_node *node;
  int64_t steps, inputs, units, gates, row;
  wide *h, *c, *sums, *q;
  wide **grad; /* of each input of the node */
} walk;

static const real *given(const walk *w, int which) {
  return w->node->size[which] ? w->node->in[w->node->size[which]].data : NULL;
}

static wide *gradient(const walk *w, int which) {
  return w->node->size[which] ? w->grad[w->node->size[which]] : NULL;
}

static int64_t time_of(const walk *w, int64_t s) {
  return w->node->size[KS_RECURRENT_BACKWARDS] ? w->steps - 1 - s : s;
}

static int is_masked(const walk *w, int64_t s) {
  const uint8_t *mask = (const void *)given(w, KS_RECURRENT_MASK);
  return mask && !mask[w->row * w->steps + time_of(w, s)];
}

static int is_gru(const walk *w) { return w->node->op == KS_OP_gru; }

static int resets_after(const walk *w) {
  return is_gru(w) && w->node->size[KS_RECURRENT_RESET_AFTER];
}

/* Where the factor of a gate's state is; -1: there is none. */
static int64_t factor_at(const walk *w, int64_t gate, int64_t unit) {
  int64_t n = w->node->size[KS_RECURRENT_FACTORS], batch = w->node->size[KS_RECURRENT_BATCH];
  if (n == 0) return -1;
  return ((n > 1 ? gate : 0) * batch + w->row) * w->units + unit;
}

static wide seen(const walk *w, int64_t s, int64_t gate, int64_t unit) {
  int64_t at = factor_at(w, gate, unit);
  wide h = w->h[s * w->units + unit];
  return at < 0 ? h : h * given(w, KS_RECURRENT_FACTOR)[at];
}

static int64_t x_at(const walk *w, int64_t s) {
  return (w->row * w->steps + time_of(w, s)) * w->inputs;
}

static wide *sum_of(const walk *w, int64_t s, int64_t gate, int64_t unit) {
  return &w->sums[(s * w->gates + gate) * w->units + unit];
}

static int gate_activation(const walk *w, int64_t gate) {
  int is_last = w->gates == 1 || (w->gates == 4 && gate == 2) || (w->gates == 3 && gate == 2);
  return (int)w->node->size[is_last ? KS_RECURRENT_ACTIVATION : KS_RECURRENT_GATE_ACTIVATION];
}

static wide gate_of(const walk *w, int64_t s, int64_t gate, int64_t unit) {
  return activate(gate_activation(w, gate), *sum_of(w, s, gate, unit));
}

/* What comes of the states, for a column of the recurrent kernel, and its bias. */
static wide of_states(const walk *w, int64_t s, int64_t gate, int64_t unit) {
  const real *r = w->node->in[2].data, *bias = given(w, KS_RECURRENT_BIAS);
  int64_t row = w->gates * w->units, column = gate * w->units + unit;
  wide sum = bias && resets_after(w) ? bias[row + column] : 0;
  for (int64_t k = 0; k < w->units; k++) {
    wide state = seen(w, s, gate, k);
    if (is_gru(w) && !resets_after(w) && gate == 2) state *= gate_of(w, s, 1, k);
    sum += state * r[k * row + column];
  }
  return sum;
}

static void find_sum(const walk *w, int64_t s, int64_t gate, int64_t unit) {
  const real *x = (const real *)w->node->in[0].data + x_at(w, s), *kernel = w->node->in[1].data;
  const real *bias = given(w, KS_RECURRENT_BIAS);
  int64_t row = w->gates * w->units, column = gate * w->units + unit;
  wide sum = bias ? bias[column] : 0, states = of_states(w, s, gate, unit);
  for (int64_t k = 0; k < w->inputs; k++) sum += (wide)x[k] * kernel[k * row + column];
  w->q[s * w->units + unit] = states;
  if (resets_after(w) && gate == 2) states *= gate_of(w, s, 1, unit);
  *sum_of(w, s, gate, unit) = sum + states;
}

static void step(const walk *w, int64_t s) {
  int activation = (int)w->node->size[KS_RECURRENT_ACTIVATION];
  const wide *h = w->h + s * w->units, *c = w->c + s * w->units;
  wide *next_h = w->h + (s + 1) * w->units, *next_c = w->c + (s + 1) * w->units;
  for (int64_t gate = 0; gate < w->gates; gate++)
    for (int64_t u = 0; u < w->units; u++) find_sum(w, s, gate, u);
  for (int64_t u = 0; u < w->units; u++) {
    wide gate[4] = {0};
    for (int64_t k = 0; k < w->gates; k++) gate[k] = gate_of(w, s, k, u);
    next_c[u] = w->gates == 4 ? gate[1] * c[u] + gate[0] * gate[2] : 0;
    next_h[u] = w->gates == 1   ? gate[0]
                : w->gates == 3 ? gate[0] * h[u] + (1 - gate[0]) * gate[2]
                                : gate[3] * activate(activation, next_c[u]);
    if (is_masked(w, s)) next_h[u] = h[u], next_c[u] = c[u];
  }
}

static void start(walk *w) {
  for (int64_t u = 0; u < w->units; u++) {
    int64_t at = w->row * w->units + u;
    w->h[u] = given(w, KS_RECURRENT_STATE) ? given(w, KS_RECURRENT_STATE)[at] : 0;
    w->c[u] = given(w, KS_RECURRENT_CARRY) ? given(w, KS_RECURRENT_CARRY)[at] : 0;
  }
  for (int64_t s = 0; s < w->steps; s++) step(w, s);
}

/* The step whose new state is the output of step s; -1: it is 0. */
static int64_t output_step(const walk *w, int64_t s) {
  if (is_masked(w, s) && w->node->size[KS_RECURRENT_ZERO_OUTPUT]) return -1;
  while (s >= 0 && is_masked(w, s)) s--;
  return s;
}

static int64_t y_at(const walk *w, int64_t s) {
  if (w->node->size[KS_RECURRENT_SEQUENCES]) return (w->row * w->steps + s) * w->units;
  return s == w->steps - 1 ? w->row * w->units : -1;
}

static void write_row(const walk *w) {
  for (int64_t s = 0; s < w->steps; s++)
    for (int64_t u = 0; y_at(w, s) >= 0 && u < w->units; u++) {
      int64_t from = output_step(w, s);
      real y = from < 0 ? 0 : (real)w->h[(from + 1) * w->units + u];
      ((real *)w->node->out[0].data)[y_at(w, s) + u] = y;
    }
  for (int64_t u = 0; u < w->units; u++) {
    int64_t at = w->row * w->units + u, last = w->steps * w->units + u;
    if (w->node->n_out > 1) ((real *)w->node->out[1].data)[at] = (real)w->h[last];
    if (w->node->n_out > 2) ((real *)w->node->out[2].data)[at] = (real)w->c[last];
  }
}

static walk walk_of(const ks_node *node) {
  const int64_t *size = node->size;
  walk w = {.node = node, .steps = size[KS_RECURRENT_STEPS], .inputs = size[KS_RECURRENT_INPUTS]};
  w.units = size[KS_RECURRENT_UNITS];
  w.gates = ks_recurrent_gates(node->op);
  w.h = new_sums((w.steps + 1) * w.units);
  w.c = new_sums((w.steps + 1) * w.units);
  w.q = new_sums(w.steps * w.units);
  w.sums = new_sums(w.steps * w.gates * w.units);
  return w;
}

static void free_walk(walk *w) {
  free(w->h);
  free(w->c);
  free(w->q);
  free(w->sums);
}

static ks_status forward(ks_node *node) {
  walk w = walk_of(node);
  for (w.row = 0; w.row < node->size[KS_RECURRENT_BATCH]; w.row++) start(&w), write_row(&w);
  free_walk(&w);
  return KS_OK;
}

/* ---- backward ----------------------------------------------------------------- */

/* A column's share of the gradient of the recurrent product, to everything that is in it. */
static void through_states(const walk *w, int64_t s, int64_t gate, int64_t unit, wide d, wide *dh,
                           wide *dreset) {
  const real *r = w->node->in[2].data;
  int64_t row = w->gates * w->units, column = gate * w->units + unit;
  int before = is_gru(w) && !resets_after(w) && gate == 2;
  wide *dbias = gradient(w, KS_RECURRENT_BIAS), *dfactor = gradient(w, KS_RECURRENT_FACTOR);
  if (dbias && resets_after(w)) dbias[row + column] += d;
  for (int64_t k = 0; k < w->units; k++) {
    wide reset = before ? gate_of(w, s, 1, k) : 1, dstate = d * r[k * row + column];
    w->grad[2][k * row + column] += d * seen(w, s, gate, k) * reset;
    if (before) dreset[k] += dstate * seen(w, s, gate, k);
    int64_t at = factor_at(w, gate, k);
    dh[k] += dstate * reset * (at < 0 ? 1 : given(w, KS_RECURRENT_FACTOR)[at]);
    if (at >= 0) dfactor[at] += dstate * reset * w->h[s * w->units + k];
  }
}

/* From the gradient of a gate to that of its sum, and on. */
static void through_gate(const walk *w, int64_t s, int64_t gate, int64_t unit, wide dgate, wide *dh,
                         wide *dreset) {
  const real *x = (const real *)w->node->in[0].data + x_at(w, s), *kernel = w->node->in[1].data;
  int64_t row = w->gates * w->units, column = gate * w->units + unit;
  wide d = dgate * slope(gate_activation(w, gate), *sum_of(w, s, gate, unit)), dstates = d;
  wide *dbias = gradient(w, KS_RECURRENT_BIAS);
  if (dbias) dbias[column] += d;
  for (int64_t k = 0; k < w->inputs; k++) {
    w->grad[0][x_at(w, s) + k] += d * kernel[k * row + column];
    w->grad[1][k * row + column] += d * x[k];
  }
  if (resets_after(w) && gate == 2) {
    dreset[unit] += d * w->q[s * w->units + unit];
    dstates *= gate_of(w, s, 1, unit);
  }
  through_states(w, s, gate, unit, dstates, dh, dreset);
}

/* The gradients of a unit's gates; dc becomes that of the carry before. */
static void gate_gradients(const walk *w, int64_t s, int64_t u, wide dh, wide *dc, wide *past,
                           wide *dgate) {
  int activation = (int)w->node->size[KS_RECURRENT_ACTIVATION];
  wide g[4] = {0}, h = w->h[s * w->units + u], c = w->c[(s + 1) * w->units + u];
  for (int64_t k = 0; k < w->gates; k++) g[k] = gate_of(w, s, k, u);
  *past = w->gates == 3 ? dh * g[0] : 0;
  if (w->gates == 1) dgate[0] = dh;
  if (w->gates == 3) dgate[0] = dh * (h - g[2]), dgate[2] = dh * (1 - g[0]);
  if (w->gates != 4) return;
  wide carry = *dc + dh * g[3] * slope(activation, c);
  dgate[0] = carry * g[2], dgate[1] = carry * w->c[s * w->units + u];
  dgate[2] = carry * g[0], dgate[3] = dh * activate(activation, c);
  *dc = carry * g[1];
}

static void step_back(const walk *w, int64_t s, wide *dh, wide *dc) {
  if (is_masked(w, s)) return;
  wide *dgate = new_sums(4 * w->units), *before = new_sums(w->units), *dreset = new_sums(w->units);
  for (int64_t u = 0; u < w->units; u++)
    gate_gradients(w, s, u, dh[u], &dc[u], &before[u], dgate + 4 * u);
  for (int64_t k = 0; k < w->gates; k++) {
    int64_t gate = is_gru(w) ? (k + 2) % 3 : k; /* the gru's last gate asks for its reset */
    for (int64_t u = 0; u < w->units; u++) {
      wide d = is_gru(w) && gate == 1 ? dreset[u] : dgate[4 * u + gate];
      through_gate(w, s, gate, u, d, before, dreset);
    }
  }
  memcpy(dh, before, (size_t)w->units * sizeof *dh);
  free(dgate);
  free(before);
  free(dreset);
}

static wide final_gradient(const walk *w, int which, int64_t u) {
  const real *d = which < w->node->n_out ? w->node->out[which].grad : NULL;
  return d ? d[w->row * w->units + u] : 0;
}

/* dy of a step goes to the step whose state its output is. */
static void row_back(const walk *w) {
  wide *dh = new_sums(w->units), *dc = new_sums(w->units);
  wide *dy = new_sums(w->steps * w->units);
  const real *given_dy = w->node->out[0].grad;
  for (int64_t s = 0; given_dy && s < w->steps; s++)
    for (int64_t u = 0; y_at(w, s) >= 0 && output_step(w, s) >= 0 && u < w->units; u++)
      dy[output_step(w, s) * w->units + u] += given_dy[y_at(w, s) + u];
  for (int64_t u = 0; u < w->units; u++)
    dh[u] = final_gradient(w, 1, u), dc[u] = final_gradient(w, 2, u);
  for (int64_t s = w->steps - 1; s >= 0; s--) {
    for (int64_t u = 0; u < w->units; u++) dh[u] += dy[s * w->units + u];
    step_back(w, s, dh, dc);
  }
  wide *dstate = gradient(w, KS_RECURRENT_STATE), *dcarry = gradient(w, KS_RECURRENT_CARRY);
  for (int64_t u = 0; dstate && u < w->units; u++) dstate[w->row * w->units + u] += dh[u];
  for (int64_t u = 0; dcarry && u < w->units; u++) dcarry[w->row * w->units + u] += dc[u];
  free(dh);
  free(dc);
  free(dy);
}

static ks_status backward(ks_node *node) {
  walk w = walk_of(node);
  w.grad = calloc((size_t)node->n_in, sizeof *w.grad);
  for (int i = 0; i < node->n_in; i++) w.grad[i] = new_sums(node->in[i].count);
  for (w.row = 0; w.row < node->size[KS_RECURRENT_BATCH]; w.row++) start(&w), row_back(&w);
  for (int i = 0; i < node->n_in; i++) give_gradient(&node->in[i], w.grad[i]);
  free(w.grad);
  free_walk(&w);
  return KS_OK;
}

FORWARD(simple_rnn) { return forward(node); }
BACKWARD(simple_rnn) { return backward(node); }
FORWARD(lstm) { return forward(node); }
BACKWARD(lstm) { return backward(node); }
FORWARD(gru) { return forward(node); }
BACKWARD(gru) { return backward(node); }

#endif
