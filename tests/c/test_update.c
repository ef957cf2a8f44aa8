#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

static const int64_t counts[] = {0, 1, 3, 16, 33, 1000, 40003};

/* The rate of float64 parameters comes in either dtype. */
static void put_rate(kt_case *c, double rate) {
  if (c->node.dtype == KS_FLOAT64 && c->in[0].count % 2)
    *(double *)kt_input(c, KS_FLOAT64, 1) = rate;
  else
    *(float *)kt_input(c, KS_FLOAT32, 1) = (float)rate;
}

static void fill_with(ks_operand *operand, double value) {
  for (int64_t i = 0; i < operand->count; i++)
    if (operand->dtype == KS_FLOAT32)
      ((float *)operand->data)[i] = (float)value;
    else
      ((double *)operand->data)[i] = value;
}

static void check_sgd(int dtype, int64_t count, double momentum, int has_buffer, int nesterov,
                      double decay) {
  kt_case *c = kt_new(KS_OP_sgd, dtype, "count %lld momentum %g buffer %d nesterov %d decay %g",
                      (long long)count, momentum, has_buffer, nesterov, decay);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  put_rate(c, 0.03);
  if (has_buffer) kt_input_filled(c, dtype, count, KT_UNIFORM);
  c->node.attr[0] = momentum;
  c->node.attr[1] = decay;
  KT_SIZES(c, nesterov);
  kt_check(c);
}

static void check_adam(int dtype, int64_t count, int64_t iterations, kt_values gradients,
                       int amsgrad, double decay) {
  kt_case *c =
      kt_new(KS_OP_adam, dtype, "count %lld iterations %lld gradients %d amsgrad %d decay %g",
             (long long)count, (long long)iterations, gradients, amsgrad, decay);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, gradients);
  put_rate(c, 0.001);
  *(int64_t *)kt_input(c, KS_INT64, 1) = iterations;
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, KT_POSITIVE);
  if (amsgrad) kt_input_filled(c, dtype, count, KT_POSITIVE);
  if (iterations == 0) /* the moments of the first step are zero */
    for (int i = 4; i < c->node.n_in; i++) fill_with(&c->in[i], 0);
  c->node.attr[0] = 0.9;
  c->node.attr[1] = 0.999;
  c->node.attr[2] = 1e-7;
  c->node.attr[3] = decay;
  KT_SIZES(c, iterations % 4); /* accumulated: 0 .. 3 for one step */
  kt_check(c);
}

static void check_rmsprop(int dtype, int64_t count, double momentum, int centered, double decay,
                          kt_values gradients) {
  kt_case *c =
      kt_new(KS_OP_rmsprop, dtype, "count %lld momentum %g centered %d decay %g gradients %d",
             (long long)count, momentum, centered, decay, gradients);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_input_filled(c, dtype, count, gradients);
  put_rate(c, 0.001);
  /* Above any square of the average, as the mean of squares is. */
  kt_input_filled(c, dtype, count, KT_POSITIVE);
  if (centered) fill_with(&c->in[3], 6);
  if (momentum != 0) kt_input_filled(c, dtype, count, KT_UNIFORM);
  if (centered) kt_input_filled(c, dtype, count, KT_UNIFORM);
  c->node.attr[0] = 0.9;
  c->node.attr[1] = momentum;
  c->node.attr[2] = 1e-7;
  c->node.attr[3] = decay;
  KT_SIZES(c, momentum != 0, centered);
  kt_check(c);
}

/* ---- rows of a table --------------------------------------------------------- */

static void fill_row(ks_operand *operand, int64_t row, int64_t width, double value) {
  ks_operand part = {.dtype = operand->dtype, .count = width};
  part.data = (char *)operand->data + kt_bytes(operand->dtype, row * width);
  fill_with(&part, value);
}

/* Rows whose gradient is known to be zero, some of which have no history
 * either: the reference does not know of them. */
static void check_rows(ks_op op, int dtype, int64_t rows, int64_t width, int64_t share,
                       double decay) {
  kt_case *c = kt_new(op, dtype, "rows %lld width %lld one in %lld decay %g", (long long)rows,
                      (long long)width, (long long)share, decay);
  uint8_t *flags = malloc((size_t)rows);
  kt_input_filled(c, dtype, rows * width, KT_UNIFORM);
  kt_input_filled(c, dtype, rows * width, KT_UNIFORM);
  put_rate(c, 0.03);
  if (op == KS_OP_adam) *(int64_t *)kt_input(c, KS_INT64, 1) = 5;
  const int first_slot = c->node.n_in, slots = op == KS_OP_sgd ? decay > 0 : 2;
  for (int i = 0; i < slots; i++) kt_input_filled(c, dtype, rows * width, KT_POSITIVE);
  for (int64_t r = 0; r < rows; r++) {
    const int is_new = r > rows / 2 || kt_below(2);
    flags[r] = kt_below(share) == 0;
    if (!flags[r]) fill_row(&c->in[1], r, width, 0);
    for (int i = 0; i < slots && is_new; i++) fill_row(&c->in[first_slot + i], r, width, 0);
  }
  const double of_sgd[] = {0.9 * slots, 0, 0, 0}, of_others[] = {0.9, 0.99, 1e-7, decay};
  memcpy(c->node.attr, op == KS_OP_sgd ? of_sgd : of_others, sizeof c->node.attr);
  KT_SIZES(c, op == KS_OP_rmsprop, 0, 0, rows);
  c->node.scratch = flags;
  kt_check(c);
  free(flags);
}

static void check_tables(int dtype) {
  static const ks_op ops[] = {KS_OP_sgd, KS_OP_adam, KS_OP_rmsprop};
  static const int64_t shapes[][2] = {{1, 1}, {29, 3}, {500, 64}, {90, 600}, {5, 2100}, {70001, 2}};
  for (int op = 0; op < N(ops); op++)
    for (int i = 0; i < N(shapes); i++)
      for (int64_t share = 1; share < 100; share *= 9) {
        check_rows(ops[op], dtype, shapes[i][0], shapes[i][1], share, 0);
        check_rows(ops[op], dtype, shapes[i][0], shapes[i][1], share, 0.7);
      }
}

static void check_decay(int dtype, int64_t count, double decay) {
  static const int64_t iterations[] = {0, 1, 9, 999, 1000000, 3000000000};
  check_sgd(dtype, count, 0, 0, 0, decay);
  check_sgd(dtype, count, 0.9, 1, 0, decay);
  check_sgd(dtype, count, 0.9, 1, 1, decay);
  for (int t = 0; t < N(iterations); t++)
    for (int amsgrad = 0; amsgrad <= 1; amsgrad++) {
      check_adam(dtype, count, iterations[t], KT_UNIFORM, amsgrad, decay);
      check_adam(dtype, count, iterations[t], KT_GRID, amsgrad, decay); /* zeros among them */
      check_adam(dtype, count, iterations[t], KT_WIDE, amsgrad, decay);
    }
  for (int centered = 0; centered <= 1; centered++)
    for (int has_momentum = 0; has_momentum <= 1; has_momentum++) {
      check_rmsprop(dtype, count, 0.8 * has_momentum, centered, decay, KT_UNIFORM);
      check_rmsprop(dtype, count, 0.8 * has_momentum, centered, decay, KT_GRID);
    }
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++)
    for (int i = 0; i < N(counts); i++) {
      check_decay(dtype, counts[i], 0);
      check_decay(dtype, counts[i], 0.7);
    }
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) check_tables(dtype);
  return kt_summary("update");
}
