#include <stdio.h>

#include "../../csrc/ks_recurrent.h"
#include "harness.h"

/* A layer as it stands in a node, but for what its inputs are. */
typedef struct {
  ks_op op;
  int64_t batch, steps, inputs, units;
  int64_t activation, gate_activation;
  int backwards, sequences, zero_output, reset_after;
  int bias, states, mask, factors; /* factors: 0, 1, or more: one for each gate */
} layer;

static int64_t between(int64_t low, int64_t high) { return low + kt_below(high - low + 1); }

static void add_input(kt_case *c, int dtype, int place, int64_t count, kt_values values) {
  c->node.size[place] = c->node.n_in;
  kt_input_filled(c, dtype, count, values);
}

static void scale(kt_case *c, int i, double by) {
  for (int64_t k = 0; k < c->in[i].count; k++)
    if (c->in[i].dtype == KS_FLOAT32)
      ((float *)c->in[i].data)[k] *= (float)by;
    else
      ((double *)c->in[i].data)[k] *= by;
}

static void set_sizes(kt_case *c, const layer *l, int keep) {
  int64_t *size = c->node.size, gates = ks_recurrent_gates(l->op);
  size[KS_RECURRENT_BATCH] = l->batch, size[KS_RECURRENT_STEPS] = l->steps;
  size[KS_RECURRENT_INPUTS] = l->inputs, size[KS_RECURRENT_UNITS] = l->units;
  size[KS_RECURRENT_ACTIVATION] = l->activation;
  size[KS_RECURRENT_GATE_ACTIVATION] = l->gate_activation;
  size[KS_RECURRENT_BACKWARDS] = l->backwards, size[KS_RECURRENT_SEQUENCES] = l->sequences;
  size[KS_RECURRENT_ZERO_OUTPUT] = l->zero_output;
  size[KS_RECURRENT_RESET_AFTER] = l->reset_after;
  size[KS_RECURRENT_KEEP] = keep;
  size[KS_RECURRENT_FACTORS] = l->factors > 1 ? gates : l->factors;
}

static kt_case *new_case(const layer *l, int dtype, kt_values values, int keep) {
  int64_t gates = ks_recurrent_gates(l->op), inner = gates * l->units, state = l->batch * l->units;
  int two = l->op == KS_OP_gru && l->reset_after;
  kt_case *c =
      kt_new(l->op, dtype, "n%d t%d i%d u%d a%d g%d back%d seq%d zero%d after%d b%d h%d m%d f%d",
             (int)l->batch, (int)l->steps, (int)l->inputs, (int)l->units, (int)l->activation,
             (int)l->gate_activation, l->backwards, l->sequences, l->zero_output, l->reset_after,
             l->bias, l->states, l->mask, l->factors);
  set_sizes(c, l, keep);
  kt_input_filled(c, dtype, l->batch * l->steps * l->inputs, values);
  kt_input_filled(c, dtype, l->inputs * inner, KT_UNIFORM);
  kt_input_filled(c, dtype, l->units * inner, KT_UNIFORM);
  scale(c, 1, 1.0 / (double)(2 + l->inputs)), scale(c, 2, 1.0 / (double)(2 + l->units));
  if (l->bias) add_input(c, dtype, KS_RECURRENT_BIAS, two ? 2 * inner : inner, KT_UNIFORM);
  if (l->states) add_input(c, dtype, KS_RECURRENT_STATE, state, KT_UNIFORM);
  if (l->states && l->op == KS_OP_lstm) add_input(c, dtype, KS_RECURRENT_CARRY, state, KT_UNIFORM);
  if (l->mask) add_input(c, KS_BOOL, KS_RECURRENT_MASK, l->batch * l->steps, KT_UNIFORM);
  if (l->factors)
    add_input(c, dtype, KS_RECURRENT_FACTOR, state * c->node.size[KS_RECURRENT_FACTORS],
              KT_UNIFORM);
  kt_output(c, dtype, l->sequences ? state * l->steps : state);
  for (int i = 0; i < (l->op == KS_OP_lstm ? 2 : 1); i++) kt_output(c, dtype, state);
  c->node.scratch_bytes = ks_recurrent_scratch_bytes(&c->node);
  c->forward_only = !keep;
  c->smooth = keep && l->activation != KS_RELU && l->gate_activation != KS_RELU &&
              l->batch * l->steps * (l->inputs + l->units) < 200;
  c->scale = (double)(l->inputs + l->units + l->steps) / 4;
  return c;
}

static layer random_layer(ks_op op, int64_t batch, int64_t steps, int64_t inputs, int64_t units) {
  layer l = {op, batch, steps, inputs, units, KS_TANH, KS_SIGMOID, 0, 0, 0, 0, 0, 0, 0, 0};
  if (kt_below(3) == 0) l.activation = between(KS_LINEAR, KS_TANH);
  if (kt_below(3) == 0) l.gate_activation = between(KS_SIGMOID, KS_TANH);
  l.backwards = kt_below(2) != 0, l.sequences = kt_below(2) != 0;
  l.zero_output = kt_below(2) != 0, l.reset_after = op == KS_OP_gru && kt_below(2);
  l.bias = kt_below(3) != 0, l.states = kt_below(2) != 0, l.mask = kt_below(2) != 0;
  l.factors = kt_below(2) ? (int)kt_below(3) : 0;
  if (op == KS_OP_simple_rnn && l.factors > 1) l.factors = 1;
  return l;
}

static void check(const layer *l, int dtype) {
  kt_check(new_case(l, dtype, KT_UNIFORM, 1));
  kt_check(new_case(l, dtype, KT_UNIFORM, 0));
}

static const ks_op cells[] = {KS_OP_simple_rnn, KS_OP_lstm, KS_OP_gru};

static void check_random(int dtype) {
  for (int i = 0; i < 90; i++) {
    layer l =
        random_layer(cells[i % 3], between(1, 5), between(1, 5), between(1, 9), between(1, 9));
    check(&l, dtype);
  }
}

/* Tails of vectors, of units and inputs, and of tiles of rows. */
static void check_tails(int dtype) {
  for (int64_t i = 1; i <= 36; i++) {
    layer l = random_layer(cells[i % 3], between(1, 3), 2, between(1, 4), i);
    check(&l, dtype);
    l = random_layer(cells[(i + 1) % 3], between(1, 3), 2, i, between(1, 5));
    check(&l, dtype);
    l = random_layer(cells[(i + 2) % 3], i, 2, between(1, 4), between(1, 20));
    check(&l, dtype);
    l = random_layer(cells[i % 3], between(1, 2), i, between(1, 4), between(1, 20));
    check(&l, dtype);
  }
}

/* Many steps are a chaotic system with other activations: all digits are lost. */
static void check_large_one(int dtype, ks_op op, int64_t batch, int64_t steps, int64_t inputs,
                            int64_t units) {
  layer l = random_layer(op, batch, steps, inputs, units);
  l.activation = KS_TANH, l.gate_activation = KS_SIGMOID;
  check(&l, dtype);
}

/* Several blocks of rows, chunks of steps, and blocks that share a place. */
static void check_large(int dtype) {
  for (int i = 0; i < 3; i++) {
    check_large_one(dtype, cells[i], 37, 33, 17, 34);
    check_large_one(dtype, cells[i], 1, 600, 3, 5);
    check_large_one(dtype, cells[i], 300, 3, 2, 3);
    check_large_one(dtype, cells[i], 0, 4, 3, 5);
  }
}

/* Leaves x as many numbers as `most` to a row and step, at most, or none. */
static void thin_out(kt_case *c, int64_t inputs, int64_t most) {
  const ks_operand *x = &c->in[0];
  for (int64_t i = 0; i < x->count; i += inputs) {
    int64_t kept[2] = {kt_below(inputs + 1), most > 1 ? kt_below(inputs) : -1};
    for (int64_t k = 0; k < inputs; k++) {
      if (k == kept[0] || k == kept[1]) continue;
      if (x->dtype == KS_FLOAT32)
        ((float *)x->data)[i + k] = 0;
      else
        ((double *)x->data)[i + k] = 0;
    }
  }
}

/* Rows of x with one number, which have products of their own. */
static void check_one_hot(int dtype) {
  for (int i = 0; i < 36; i++) {
    int64_t inputs = between(7, 40);
    layer l = random_layer(cells[i % 3], between(1, 40), between(1, 20), inputs, between(1, 40));
    l.activation = KS_TANH, l.gate_activation = KS_SIGMOID;
    for (int keep = 0; keep < 2; keep++) {
      kt_case *c = new_case(&l, dtype, KT_UNIFORM, keep);
      thin_out(c, inputs, i % 6 == 5 ? 2 : 1);
      kt_check(c);
    }
  }
}

/* A row and few steps, of units that fill vectors: the kernel is read where it is. */
static void check_one_row(int dtype) {
  for (int64_t i = 0; i < 18; i++) {
    layer l = random_layer(cells[i % 3], 1, between(1, 4), between(1, 9), i % 2 ? 128 : 64);
    check(&l, dtype);
  }
}

/* nan and infinity go through. */
static void check_special(int dtype) {
  for (int i = 0; i < 12; i++) {
    layer l = random_layer(cells[i % 3], 20, 1, 1, between(1, 20));
    l.factors = l.states = 0;
    kt_case *c = new_case(&l, dtype, KT_SPECIAL, i % 2);
    c->forward_only = 1;
    kt_check(c);
  }
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    check_random(dtype);
    check_tails(dtype);
    check_large(dtype);
    check_one_hot(dtype);
    check_one_row(dtype);
    check_special(dtype);
  }
  return kt_summary("recurrent");
}
