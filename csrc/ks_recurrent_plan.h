/* Sizes of recurrent layers (ks_recurrent.h), and how they are cut and where in scratch
 * everything is: by sizes alone. */
#ifndef KS_RECURRENT_PLAN_H
#define KS_RECURRENT_PLAN_H

#include "ks_filters.h"

/* Where the sizes stand in a node. The last ones say which input is the bias and so
 * on; 0: there is none. x, kernel and recurrent kernel are inputs 0, 1 and 2. */
enum {
  KS_RECURRENT_BATCH,
  KS_RECURRENT_STEPS,
  KS_RECURRENT_INPUTS,
  KS_RECURRENT_UNITS,
  KS_RECURRENT_ACTIVATION,      /* a ks_activation: of h, and of c */
  KS_RECURRENT_GATE_ACTIVATION, /* of the gates */
  KS_RECURRENT_BACKWARDS,       /* the last step of x comes first */
  KS_RECURRENT_SEQUENCES,       /* the output is that of all steps */
  KS_RECURRENT_ZERO_OUTPUT,     /* outputs of masked steps are 0, not the last one's */
  KS_RECURRENT_RESET_AFTER,     /* gru: reset is multiplied after the product */
  KS_RECURRENT_KEEP,            /* a backward pass may follow */
  KS_RECURRENT_FACTORS,         /* of the state before the product: 0, 1 or one a gate */
  KS_RECURRENT_BIAS,
  KS_RECURRENT_STATE,
  KS_RECURRENT_CARRY,
  KS_RECURRENT_MASK,
  KS_RECURRENT_FACTOR,
  KS_RECURRENT_SIZES
};

/* Rows of a block: so many that the recurrent kernel, which is read at each step, is not
 * read for few of them. Where it stays in the L2 cache blocks may be smaller, so that few
 * rows are shared out, too: 4 rows of an lstm of 128 units run at 92 GFLOP/s, 16 at 94. */
#define KS_RECURRENT_ROWS 16
#define KS_RECURRENT_LEAST_ROWS 4
#define KS_RECURRENT_BLOCKS 4        /* more only of the most rows */
#define KS_RECURRENT_SMALL (1 << 17) /* elements of a recurrent kernel */
/* Rows times steps of a chunk: its z, and what is written of the next one, stay in the L2
 * cache until they are needed. */
#define KS_RECURRENT_CHUNK 128
/* Blocks without a backward pass share so many places in scratch. */
#define KS_RECURRENT_SLOTS 16
/* Up to so many rows times steps, packing a kernel costs more than it saves. */
#define KS_RECURRENT_FEW 4

/* A part of the recurrent product: columns of z, of the recurrent kernel, and which of
 * the factors its states come with. */
typedef struct {
  int64_t z, column, count, factor;
} ks_recurrent_piece;

#define KS_RECURRENT_PIECES 4

/* Sizes, and where in scratch everything is: counts of elements. */
typedef struct {
  int64_t batch, steps, inputs, units, gates, wide, factors;
  int64_t rows, blocks, slots, chunk;
  int keep, packs, has_c, reset_before;
  int64_t n_pieces;
  ks_recurrent_piece pieces[KS_RECURRENT_PIECES];
  /* of all blocks */
  int64_t kernel, recurrent[KS_RECURRENT_PIECES], turned_kernel;
  int64_t turned_recurrent[KS_RECURRENT_PIECES], bias, recurrent_bias;
  /* of a slot, from its beginning */
  int64_t slots_at, slot, z, h, c, t, seen, first, from_zeros, hot, hot_x, dh, dc, part, dfactor;
  int64_t total;
} ks_recurrent_plan;

/* Where `count` elements begin, and the next ones after them, on a cache line. */
static inline int64_t ks_recurrent_room(int64_t *at, int64_t count) {
  int64_t begin = *at;
  *at += (count + 15) / 16 * 16;
  return begin;
}

static inline int64_t ks_recurrent_gates(int32_t op) {
  return op == KS_OP_lstm ? 4 : op == KS_OP_gru ? 3 : 1;
}

/* The gru's last gate has a product of its own, which stands in z behind the gates:
 * reset multiplies it, or what it is made of. */
static inline void ks_recurrent_cut(ks_recurrent_plan *p, int gru) {
  int64_t each = p->factors > 1 ? 1 : gru ? 2 : p->gates;
  p->n_pieces = 0;
  for (int64_t gate = 0; gate < p->gates;) {
    int64_t last = gru && gate == 2, count = last ? 1 : each;
    int64_t z = last && !p->reset_before ? 3 : gate;
    p->pieces[p->n_pieces++] = (ks_recurrent_piece){z * p->units, gate * p->units, count * p->units,
                                                    p->factors > 1 ? gate : 0};
    gate += count;
  }
}

static inline void ks_recurrent_share(ks_recurrent_plan *p) {
  int64_t at = 0, units = p->units, inner = p->gates * p->units;
  p->kernel = ks_recurrent_room(&at, KS_PADDED(inner) * p->inputs);
  for (int64_t i = 0; i < p->n_pieces; i++)
    p->recurrent[i] = ks_recurrent_room(&at, KS_PADDED(p->pieces[i].count) * units);
  p->turned_kernel = ks_recurrent_room(&at, p->keep ? KS_PADDED(p->inputs) * inner : 0);
  for (int64_t i = 0; i < p->n_pieces; i++)
    p->turned_recurrent[i] =
        ks_recurrent_room(&at, p->keep ? KS_PADDED(units) * p->pieces[i].count : 0);
  p->bias = ks_recurrent_room(&at, KS_PADDED(inner));
  p->recurrent_bias = ks_recurrent_room(&at, KS_PADDED(units));
  p->slots_at = at;
}

static inline void ks_recurrent_slots(ks_recurrent_plan *p) {
  int64_t at = 0, state = p->rows * p->units;
  int64_t states = p->keep ? p->steps + 1 : 2, steps = p->keep ? p->steps : 1;
  p->z = ks_recurrent_room(&at, (p->keep ? p->steps : p->chunk) * p->rows * p->wide);
  p->h = ks_recurrent_room(&at, states * state);
  p->c = ks_recurrent_room(&at, p->has_c ? states * state : 0);
  p->t = ks_recurrent_room(&at, p->has_c ? steps * state : 0);
  p->seen = ks_recurrent_room(&at, steps * p->factors * state);
  p->first = ks_recurrent_room(&at, 2 * p->rows);
  p->from_zeros = ks_recurrent_room(&at, 1);
  p->hot = ks_recurrent_room(&at, p->rows * p->steps + 1);
  p->hot_x = ks_recurrent_room(&at, p->rows * p->steps);
  p->dh = ks_recurrent_room(&at, p->keep ? 2 * state : 0);
  p->dc = ks_recurrent_room(&at, p->keep && p->has_c ? state : 0);
  p->part = ks_recurrent_room(&at, p->keep ? state : 0);
  p->dfactor = ks_recurrent_room(&at, p->keep ? p->factors * state : 0);
  p->slot = at;
  p->total = p->slots_at + p->slots * p->slot;
}

/* The most rows of a block. */
static inline int64_t ks_recurrent_most_rows(const ks_recurrent_plan *p) {
  int64_t rows = (p->batch + KS_RECURRENT_BLOCKS - 1) / KS_RECURRENT_BLOCKS;
  if (p->gates * p->units * p->units > KS_RECURRENT_SMALL) return KS_RECURRENT_ROWS;
  if (rows < KS_RECURRENT_LEAST_ROWS) return KS_RECURRENT_LEAST_ROWS;
  return ks_least(rows, KS_RECURRENT_ROWS);
}

static inline ks_recurrent_plan ks_recurrent_plan_of(const ks_node *node) {
  const int64_t *size = node->size;
  ks_recurrent_plan p = {.batch = size[KS_RECURRENT_BATCH], .steps = size[KS_RECURRENT_STEPS]};
  p.inputs = size[KS_RECURRENT_INPUTS], p.units = size[KS_RECURRENT_UNITS];
  p.factors = size[KS_RECURRENT_FACTORS], p.keep = size[KS_RECURRENT_KEEP] != 0;
  p.gates = ks_recurrent_gates(node->op);
  p.wide = (node->op == KS_OP_gru ? 4 : p.gates) * p.units;
  p.has_c = node->op == KS_OP_lstm;
  p.reset_before = node->op == KS_OP_gru && !size[KS_RECURRENT_RESET_AFTER];
  int64_t most = ks_recurrent_most_rows(&p);
  p.blocks = (p.batch + most - 1) / most;
  p.rows = p.blocks ? (p.batch + p.blocks - 1) / p.blocks : 0;
  p.slots = p.keep ? p.blocks : ks_least(p.blocks, KS_RECURRENT_SLOTS);
  p.chunk = ks_least(KS_RECURRENT_CHUNK / (p.rows + !p.rows), p.steps);
  p.packs = p.batch * p.steps > KS_RECURRENT_FEW;
  ks_recurrent_cut(&p, node->op == KS_OP_gru);
  ks_recurrent_share(&p);
  ks_recurrent_slots(&p);
  return p;
}

static inline int64_t ks_recurrent_scratch_bytes(const ks_node *node) {
  return ks_recurrent_plan_of(node).total * (node->dtype == KS_FLOAT64 ? 8 : 4);
}

#endif
