/* Recurrent layers over whole sequences: simple_rnn, lstm, gru (ks_ops.h).
 *
 * The sequences of a batch are independent. They are cut into blocks of rows, by
 * their number alone; a block goes through all steps by itself, there and back.
 *
 *   z[s] (rows, wide)    the products of step s, then its gates, then on the way
 *                        back their gradients, all in one place
 *   h[s] (rows, units)   the state before step s, and h[steps] the last one; the
 *                        lstm's c[s] as well, and t[s], the activation of c[s + 1]
 *   seen[s] (factors, rows, units)   h[s] times each of the factors
 *
 * Steps are counted in the order in which they are walked. A forward pass that no
 * backward pass follows keeps z of a chunk of steps and two of the states.
 *
 * The products of x with the kernel are made for a chunk of steps at once, those of
 * the gradients of weights for all steps in the end.
 */
#ifndef KS_RECURRENT_H
#define KS_RECURRENT_H

#include "ks_recurrent_plan.h"

#ifdef KS_DTYPE
#if KS_FLOATING

/* A call, forward or backward. */
typedef struct {
  ks_node *node;
  ks_recurrent_plan plan;
  real *scratch;
  const real *factor; /* (factors, batch, units) */
  const uint8_t *mask;
} ks_recurrent_job;

/* Some rows of the batch, with their place in scratch. */
typedef struct {
  const ks_recurrent_job *job;
  const ks_recurrent_plan *plan;
  int64_t first, rows;
  real *slot;
  real *dh, *before; /* the gradients of the state after the step and of that before it */
} ks_recurrent_block;

/* What a cell does at a step: from z, where the products of x are, and h[s] to h[s + 1];
 * and from dh to dz, in z's place, and `before`. */
typedef struct {
  void (*step)(const ks_recurrent_block *b, int64_t s);
  void (*slope)(const ks_recurrent_block *b, int64_t s);
} ks_recurrent_cell;

/* Block `index`, in that place of scratch. */
static inline ks_recurrent_block ks_recurrent_block_of(const ks_recurrent_job *job, int64_t index,
                                                       int64_t slot) {
  const ks_recurrent_plan *p = &job->plan;
  ks_recurrent_block b = {.job = job, .plan = p};
  b.first = index * p->batch / p->blocks;
  b.rows = (index + 1) * p->batch / p->blocks - b.first;
  b.slot = job->scratch + p->slots_at + slot * p->slot;
  b.dh = b.slot + p->dh, b.before = b.dh + b.rows * p->units;
  return b;
}

static inline real *ks_recurrent_z(const ks_recurrent_block *b, int64_t s) {
  const ks_recurrent_plan *p = b->plan;
  return b->slot + p->z + (p->keep ? s : s % p->chunk) * b->rows * p->wide;
}

static inline real *ks_recurrent_state(const ks_recurrent_block *b, int64_t at, int64_t s) {
  return b->slot + at + (b->plan->keep ? s : s % 2) * b->rows * b->plan->units;
}

static inline real *ks_recurrent_h(const ks_recurrent_block *b, int64_t s) {
  return ks_recurrent_state(b, b->plan->h, s);
}

static inline real *ks_recurrent_c(const ks_recurrent_block *b, int64_t s) {
  return ks_recurrent_state(b, b->plan->c, s);
}

static inline real *ks_recurrent_t(const ks_recurrent_block *b, int64_t s) {
  return b->slot + b->plan->t + (b->plan->keep ? s : 0) * b->rows * b->plan->units;
}

/* The first step of each row that is not masked; int64 in place of reals. */
static inline int64_t *ks_recurrent_first(const ks_recurrent_block *b) {
  return (int64_t *)(void *)(b->slot + b->plan->first);
}

/* Whether each of the block's x has at most one number other than 0, as characters have that are
 * one-hot; then, by step and row, which one that is, or -1. int32 in place of reals. */
static inline int32_t *ks_recurrent_hot(const ks_recurrent_block *b) {
  return (int32_t *)(void *)(b->slot + b->plan->hot);
}

/* And that number. */
static inline real *ks_recurrent_hot_x(const ks_recurrent_block *b) {
  return b->slot + b->plan->hot_x;
}

/* The state that a piece's products are made of. */
static inline real *ks_recurrent_seen(const ks_recurrent_block *b, int64_t factor, int64_t s) {
  const ks_recurrent_plan *p = b->plan;
  if (!p->factors) return ks_recurrent_h(b, s);
  return b->slot + p->seen + ((p->keep ? s : 0) * p->factors + factor) * b->rows * p->units;
}

static inline const real *ks_recurrent_factor(const ks_recurrent_block *b, int64_t factor) {
  const ks_recurrent_plan *p = b->plan;
  return b->job->factor + (factor * p->batch + b->first) * p->units;
}

/* The step of x and of the mask that is walked as step s. */
static inline int64_t ks_recurrent_time(const ks_recurrent_block *b, int64_t s) {
  return b->job->node->size[KS_RECURRENT_BACKWARDS] ? b->plan->steps - 1 - s : s;
}

static inline int ks_recurrent_masked(const ks_recurrent_block *b, int64_t row, int64_t s) {
  const uint8_t *mask = b->job->mask;
  return mask && !mask[(b->first + row) * b->plan->steps + ks_recurrent_time(b, s)];
}

/* Whether the sequences start from zeros, which add nothing to z or to the kernel's gradient;
 * int32 in place of a real. */
static inline int32_t *ks_recurrent_from_zeros(const ks_recurrent_block *b) {
  return (int32_t *)(void *)(b->slot + b->plan->from_zeros);
}

static inline int ks_recurrent_at_zeros(const ks_recurrent_block *b, int64_t s) {
  return s == 0 && *ks_recurrent_from_zeros(b);
}

/* f' in terms of y = f(x): ((a y + b) y + c), 0 where y is not above `least`. */
typedef struct {
  real a, b, c, least;
} ks_slope;

static inline ks_slope ks_slope_of(int64_t activation) {
  const real all = -(real)INFINITY;
  switch (activation) {
    case KS_TANH:
      return (ks_slope){-1, 0, 1, all};
    case KS_SIGMOID:
      return (ks_slope){-1, 1, 0, all};
    case KS_RELU:
      return (ks_slope){0, 0, 1, 0};
    default:
      return (ks_slope){0, 0, 1, all};
  }
}

static inline real ks_slope_at(ks_slope f, real y) {
  real slope = (f.a * y + f.b) * y + f.c;
  return y <= f.least ? 0 : slope;
}

/* recurrent.c */
ks_status KS_NAME(recurrent_forward)(ks_node *node, const ks_context *context,
                                     const ks_recurrent_cell *cell);
ks_status KS_NAME(recurrent_backward)(ks_node *node, const ks_context *context,
                                      const ks_recurrent_cell *cell);

/* recurrent_packing.c: packs the kernels for the calls below, or, `back`, for those of
 * gradients. */
void KS_NAME(recurrent_pack)(const ks_recurrent_job *job, const ks_context *context, int back);
/* The kernel, `which` is 0, or a piece of the recurrent kernel, from 1 on. */
ks_filters KS_NAME(recurrent_filters)(const ks_recurrent_job *job, int64_t which, int back);

/* recurrent_products.c: looks for the numbers of ks_recurrent_hot. */
void KS_NAME(recurrent_find_hot)(const ks_recurrent_block *b);
/* z of steps begin .. end: the products of x, plus bias. */
void KS_NAME(recurrent_inputs)(const ks_recurrent_block *b, int64_t begin, int64_t end);
/* z[s] += states times the recurrent kernel, piece by piece from `first` to `last`. */
void KS_NAME(recurrent_pieces)(const ks_recurrent_block *b, int64_t s, int64_t first, int64_t last);
/* The gru's last piece: of `states` that are `step` apart, to z[s]; with its bias if it is not
 * added. */
void KS_NAME(recurrent_last)(const ks_recurrent_block *b, int64_t s, const real *states,
                             int64_t step, int add);
/* to = dz[s] of a piece times its kernel's transpose; or to += that. */
void KS_NAME(recurrent_turned)(const ks_recurrent_block *b, int64_t s, int64_t piece, real *to,
                               int add);
/* before += what dz[s] gives through the first `pieces` pieces, or before = that; and the gradient
 * of the factors. */
void KS_NAME(recurrent_back)(const ks_recurrent_block *b, int64_t s, int64_t pieces, int add);
/* The share of `part`, the gradient of h[s] times a factor. */
void KS_NAME(recurrent_share)(const ks_recurrent_block *b, int64_t s, int64_t factor,
                              const real *part);
/* dx of steps begin .. end. */
void KS_NAME(recurrent_dx)(const ks_recurrent_block *b, int64_t begin, int64_t end);

/* recurrent_weights.c: the gradients of the kernels and of the bias. */
void KS_NAME(recurrent_weights)(const ks_recurrent_job *job, const ks_context *context);

#endif
#endif
#endif
