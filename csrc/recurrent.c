/* Recurrent layers: the way of a block of rows through the steps, there and back
 * (ks_recurrent.h). What the cells do is in simple_rnn.c, lstm.c, gru.c. */
#include <string.h>

#include "ks_recurrent.h"
#include "ks_tiles.h"

#if KS_FLOATING

typedef struct {
  ks_recurrent_job job;
  const ks_recurrent_cell *cell;
} recurrent_call;

static const void *input_at(const ks_node *node, int which) {
  return node->size[which] ? node->in[node->size[which]].data : NULL;
}

static recurrent_call call_of(ks_node *node, const ks_recurrent_cell *cell) {
  recurrent_call c = {.job = {.node = node, .plan = ks_recurrent_plan_of(node)}, .cell = cell};
  c.job.scratch = node->scratch;
  c.job.factor = input_at(node, KS_RECURRENT_FACTOR);
  c.job.mask = input_at(node, KS_RECURRENT_MASK);
  return c;
}

/* Rows of (batch, units), or zeros. */
static void copy_state(const ks_recurrent_block *b, real *to, const real *from) {
  int64_t units = b->plan->units;
  size_t bytes = (size_t)(b->rows * units) * sizeof(real);
  if (from)
    memcpy(to, from + b->first * units, bytes);
  else
    memset(to, 0, bytes);
}

/* ---- forward ------------------------------------------------------------------ */

static void multiply_factors(const ks_recurrent_block *b, int64_t s) {
  int64_t count = b->rows * b->plan->units;
  const real *restrict h = ks_recurrent_h(b, s);
  for (int64_t k = 0; k < b->plan->factors; k++) {
    const real *restrict factor = ks_recurrent_factor(b, k);
    real *restrict seen = ks_recurrent_seen(b, k, s);
    for (int64_t i = 0; i < count; i++) seen[i] = h[i] * factor[i];
  }
}

/* Rows for which step s is masked keep their state. */
static void carry_over(const ks_recurrent_block *b, int64_t s) {
  int64_t units = b->plan->units;
  for (int64_t r = 0; r < b->rows; r++) {
    if (!ks_recurrent_masked(b, r, s)) continue;
    size_t bytes = (size_t)units * sizeof(real);
    memcpy(ks_recurrent_h(b, s + 1) + r * units, ks_recurrent_h(b, s) + r * units, bytes);
    if (b->plan->has_c)
      memcpy(ks_recurrent_c(b, s + 1) + r * units, ks_recurrent_c(b, s) + r * units, bytes);
  }
}

static void find_first(const ks_recurrent_block *b) {
  int64_t *first = ks_recurrent_first(b);
  for (int64_t r = 0; r < b->rows; r++) {
    first[r] = 0;
    while (first[r] < b->plan->steps && ks_recurrent_masked(b, r, first[r])) first[r]++;
  }
}

/* Whether a row's output at a step is its state: else it is 0. */
static int is_shown(const ks_recurrent_block *b, int64_t r, int64_t s) {
  if (!ks_recurrent_masked(b, r, s)) return 1;
  return s > ks_recurrent_first(b)[r] && !b->job->node->size[KS_RECURRENT_ZERO_OUTPUT];
}

/* Where in y, or its gradient, a row's output of a step is; -1: there is none. */
static int64_t y_place(const ks_recurrent_block *b, int64_t r, int64_t s) {
  const ks_recurrent_plan *p = b->plan;
  if (b->job->node->size[KS_RECURRENT_SEQUENCES]) return ((b->first + r) * p->steps + s) * p->units;
  return s == p->steps - 1 ? (b->first + r) * p->units : -1;
}

static void write_output(const ks_recurrent_block *b, int64_t s) {
  int64_t units = b->plan->units;
  real *y = b->job->node->out[0].data;
  const real *h = ks_recurrent_h(b, s + 1);
  for (int64_t r = 0; r < b->rows; r++) {
    int64_t place = y_place(b, r, s);
    if (place < 0) return;
    if (is_shown(b, r, s))
      memcpy(y + place, h + r * units, (size_t)units * sizeof(real));
    else
      memset(y + place, 0, (size_t)units * sizeof(real));
  }
}

static void write_state(const ks_recurrent_block *b, int which, const real *state) {
  const ks_node *node = b->job->node;
  int64_t units = b->plan->units;
  if (which < node->n_out)
    memcpy((real *)node->out[which].data + b->first * units, state,
           (size_t)(b->rows * units) * sizeof(real));
}

static int is_zero(const real *state, int64_t count) {
  int others = 0;
  for (int64_t i = 0; i < count; i++) others |= state[i] != 0;
  return !others;
}

static void forward_block(const recurrent_call *call, const ks_recurrent_block *b) {
  const ks_recurrent_plan *p = b->plan;
  const ks_node *node = b->job->node;
  find_first(b);
  KS_NAME(recurrent_find_hot)(b);
  copy_state(b, ks_recurrent_h(b, 0), input_at(node, KS_RECURRENT_STATE));
  *ks_recurrent_from_zeros(b) = is_zero(ks_recurrent_h(b, 0), b->rows * p->units);
  if (p->has_c) copy_state(b, ks_recurrent_c(b, 0), input_at(node, KS_RECURRENT_CARRY));
  /* Without products there is no gain in inputs of many steps. */
  const int64_t chunk = ks_recurrent_hot(b)[0] ? 1 : p->chunk;
  for (int64_t s = 0; s < p->steps; s++) {
    if (s % chunk == 0) KS_NAME(recurrent_inputs)(b, s, ks_least(s + chunk, p->steps));
    if (p->factors) multiply_factors(b, s);
    call->cell->step(b, s);
    if (b->job->mask) carry_over(b, s);
    write_output(b, s);
  }
  write_state(b, 1, ks_recurrent_h(b, p->steps));
  if (p->has_c) write_state(b, 2, ks_recurrent_c(b, p->steps));
}

/* Places in scratch begin .. end, and all blocks of each. */
static void forward_range(void *arg, int64_t begin, int64_t end) {
  const recurrent_call *call = arg;
  const ks_recurrent_plan *p = &call->job.plan;
  for (int64_t slot = begin; slot < end; slot++)
    for (int64_t i = slot * p->blocks / p->slots; i < (slot + 1) * p->blocks / p->slots; i++) {
      ks_recurrent_block b = ks_recurrent_block_of(&call->job, i, slot);
      forward_block(call, &b);
    }
}

ks_status KS_NAME(recurrent_forward)(ks_node *node, const ks_context *context,
                                     const ks_recurrent_cell *cell) {
  recurrent_call call = call_of(node, cell);
  KS_NAME(recurrent_pack)(&call.job, context, 0);
  ks_parallel_parts(context, call.job.plan.slots, forward_range, &call);
  return KS_OK;
}

/* ---- backward ----------------------------------------------------------------- */

static void add_output(const ks_recurrent_block *b, int64_t s) {
  int64_t units = b->plan->units;
  const real *dy = b->job->node->out[0].grad;
  for (int64_t r = 0; dy && r < b->rows; r++) {
    int64_t place = y_place(b, r, s);
    if (place < 0) return;
    if (!is_shown(b, r, s)) continue;
    real *restrict dh = b->dh + r * units;
    const real *restrict from = dy + place;
    for (int64_t u = 0; u < units; u++) dh[u] += from[u];
  }
}

/* The gradient of `count` places of an input, from `place` on. */
static void give(const ks_recurrent_job *job, int which, int64_t place, const real *from,
                 int64_t count) {
  const ks_operand *in = &job->node->in[job->node->size[which]];
  if (!job->node->size[which] || !in->grad) return;
  real *restrict grad = (real *)in->grad + place;
  if (in->add)
    for (int64_t i = 0; i < count; i++) grad[i] += from[i];
  else
    memcpy(grad, from, (size_t)count * sizeof(real));
}

static const real *output_gradient(const ks_node *node, int which) {
  return which < node->n_out ? node->out[which].grad : NULL;
}

static void backward_block(const recurrent_call *call, ks_recurrent_block *b) {
  const ks_recurrent_plan *p = b->plan;
  const ks_node *node = b->job->node;
  int64_t count = b->rows * p->units, place = b->first * p->units;
  find_first(b);
  copy_state(b, b->dh, output_gradient(node, 1));
  if (p->has_c) copy_state(b, b->slot + p->dc, output_gradient(node, 2));
  memset(b->slot + p->dfactor, 0, (size_t)(p->factors * count) * sizeof(real));
  for (int64_t s = p->steps - 1; s >= 0; s--) {
    add_output(b, s);
    call->cell->slope(b, s);
    real *before = b->before;
    b->before = b->dh, b->dh = before;
    if (s % p->chunk == 0 && node->in[0].grad)
      KS_NAME(recurrent_dx)(b, s, ks_least(s + p->chunk, p->steps));
  }
  give(b->job, KS_RECURRENT_STATE, place, b->dh, count);
  if (p->has_c) give(b->job, KS_RECURRENT_CARRY, place, b->slot + p->dc, count);
  for (int64_t k = 0; k < p->factors; k++)
    give(b->job, KS_RECURRENT_FACTOR, k * p->batch * p->units + place,
         b->slot + p->dfactor + k * count, count);
}

static void backward_range(void *arg, int64_t begin, int64_t end) {
  const recurrent_call *call = arg;
  for (int64_t i = begin; i < end; i++) {
    ks_recurrent_block b = ks_recurrent_block_of(&call->job, i, i);
    backward_block(call, &b);
  }
}

ks_status KS_NAME(recurrent_backward)(ks_node *node, const ks_context *context,
                                      const ks_recurrent_cell *cell) {
  recurrent_call call = call_of(node, cell);
  KS_NAME(recurrent_pack)(&call.job, context, 1);
  ks_parallel_parts(context, call.job.plan.blocks, backward_range, &call);
  KS_NAME(recurrent_weights)(&call.job, context);
  return KS_OK;
}

#endif
