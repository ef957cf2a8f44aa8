#include <math.h>

#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

static const int64_t shapes[][2] = {{0, 5},  {1, 1},  {1, 2},    {3, 1},   {4, 3},    {7, 10},
                                    {5, 16}, {6, 33}, {100, 10}, {2, 257}, {700, 47}, {6001, 5}};
static const double scales[] = {1, 40};

static void put(ks_operand *operand, int64_t i, double value) {
  if (operand->dtype == KS_FLOAT32)
    ((float *)operand->data)[i] = (float)value;
  else
    ((double *)operand->data)[i] = value;
}

static void scale_by(ks_operand *operand, double scale) {
  for (int64_t i = 0; i < operand->count; i++) put(operand, i, scale * kt_element(operand, i));
}

static kt_case *new_case(ks_op op, int dtype, const int64_t *shape, double scale) {
  kt_case *c = kt_new(op, dtype, "rows %lld classes %lld scale %g", (long long)shape[0],
                      (long long)shape[1], scale);
  KT_SIZES(c, shape[0], shape[1]);
  kt_input_filled(c, dtype, shape[0] * shape[1], KT_UNIFORM);
  scale_by(&c->in[0], scale);
  c->smooth = scale == 1 && shape[0] * shape[1] < 400;
  return c;
}

static void check_softmax(ks_op op, int dtype, const int64_t *shape, double scale) {
  kt_case *c = new_case(op, dtype, shape, scale);
  kt_output(c, dtype, shape[0] * shape[1]);
  kt_check(c);
}

/* Logits of +-1e4 need the shift; -inf is a masked class; nan stays. */
static void check_softmax_extremes(ks_op op, int dtype) {
  static const double rows[][4] = {{1e4, -1e4, 0, 1e4},
                                   {-1e4, -1e4, -1e4, -1e4},
                                   {-INFINITY, 0, 1, -INFINITY},
                                   {0, NAN, 1, 2},
                                   {0, 0, 0, 0}};
  kt_case *c = kt_new(op, dtype, "extremes");
  KT_SIZES(c, N(rows), 4);
  kt_input(c, dtype, 4 * N(rows));
  for (int i = 0; i < 4 * N(rows); i++) put(&c->in[0], i, rows[i / 4][i % 4]);
  kt_output(c, dtype, 4 * N(rows));
  c->forward_only = 1;
  kt_check(c);
}

/* Targets that sum to one, targets that do not, and one-hot ones. */
static void check_crossentropy(int dtype, const int64_t *shape, double scale, int targets) {
  kt_case *c = new_case(KS_OP_softmax_crossentropy, dtype, shape, scale);
  int64_t classes = shape[1];
  kt_input_filled(c, dtype, shape[0] * classes, targets == 0 ? KT_UNIFORM : KT_POSITIVE);
  for (int64_t r = 0; targets > 0 && r < shape[0]; r++) {
    double sum = 0;
    for (int64_t i = 0; i < classes; i++) sum += kt_element(&c->in[1], r * classes + i);
    for (int64_t i = 0; i < classes; i++)
      put(&c->in[1], r * classes + i,
          targets == 1 ? kt_element(&c->in[1], r * classes + i) / sum : i == r % classes);
  }
  kt_output(c, dtype, shape[0]);
  c->node.scratch_bytes = kt_bytes(dtype, shape[0] * classes);
  kt_check(c);
}

/* ---- labels -------------------------------------------------------------- */

static void put_label(ks_operand *labels, int64_t i, int64_t label) {
  if (labels->dtype == KS_INT32)
    ((int32_t *)labels->data)[i] = (int32_t)label;
  else
    ((int64_t *)labels->data)[i] = label;
}

static kt_case *new_labelled(ks_op op, int dtype, int label_dtype, const int64_t *shape,
                             double scale) {
  kt_case *c = new_case(op, dtype, shape, scale);
  kt_input(c, label_dtype, shape[0]);
  for (int64_t r = 0; r < shape[0]; r++) put_label(&c->in[1], r, kt_below(shape[1]));
  kt_output(c, dtype, shape[0]);
  if (op == KS_OP_sparse_softmax_crossentropy)
    c->node.scratch_bytes = kt_bytes(dtype, shape[0] * shape[1]);
  return c;
}

/* The first wrong label is reported, in whichever tile and by whichever
 * thread it is found. */
static void check_wrong_labels(ks_op op, int dtype, int label_dtype) {
  static const int64_t shape[] = {6001, 5};
  static const int64_t places[][2] = {{0, 0}, {6000, 6000}, {77, 5000}, {3333, 3334}, {5999, 12}};
  static const int64_t labels[] = {-1, 5, INT32_MAX, INT32_MIN, 1000};
  for (int i = 0; i < N(places); i++) {
    kt_case *c = new_labelled(op, dtype, label_dtype, shape, 1);
    put_label(&c->in[1], places[i][0], labels[i]);
    put_label(&c->in[1], places[i][1], labels[(i + 1) % 5]);
    kt_check(c);
  }
  if (label_dtype == KS_INT32) return;
  kt_case *c = new_labelled(op, dtype, label_dtype, shape, 1);
  put_label(&c->in[1], 9, (1LL << 32) + 1); /* 1, if somebody cuts it to 32 bits */
  kt_check(c);
}

static void check_labelled(ks_op op, int dtype, int label_dtype) {
  for (int i = 0; i < N(shapes); i++)
    for (int s = 0; s < N(scales); s++)
      kt_check(new_labelled(op, dtype, label_dtype, shapes[i], scales[s]));
  check_wrong_labels(op, dtype, label_dtype);
}

/* ---- element by element -------------------------------------------------- */

static void check_sigmoid_crossentropy(int dtype, int64_t count, kt_values values) {
  kt_case *c =
      kt_new(KS_OP_sigmoid_crossentropy, dtype, "count %lld values %d", (long long)count, values);
  KT_SIZES(c, count, 1);
  kt_input_filled(c, dtype, count, values);
  kt_input_filled(c, dtype, count, KT_UNIFORM);
  kt_output(c, dtype, count);
  c->smooth = values == KT_UNIFORM && count < 100;
  kt_check(c);
}

int main(void) {
  static const int64_t counts[] = {0, 1, 7, 16, 33, 1000, 40003};
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    for (int i = 0; i < N(shapes); i++)
      for (int s = 0; s < N(scales); s++) {
        check_softmax(KS_OP_softmax, dtype, shapes[i], scales[s]);
        check_softmax(KS_OP_log_softmax, dtype, shapes[i], scales[s]);
        for (int t = 0; t < 3; t++) check_crossentropy(dtype, shapes[i], scales[s], t);
      }
    check_softmax_extremes(KS_OP_softmax, dtype);
    check_softmax_extremes(KS_OP_log_softmax, dtype);
    for (int label = KS_INT32; label <= KS_INT64; label++) {
      check_labelled(KS_OP_sparse_softmax_crossentropy, dtype, label);
      check_labelled(KS_OP_pick, dtype, label);
    }
    for (int i = 0; i < N(counts); i++) check_sigmoid_crossentropy(dtype, counts[i], KT_UNIFORM);
    check_sigmoid_crossentropy(dtype, 2000, KT_WIDE);
  }
  return kt_summary("loss");
}
