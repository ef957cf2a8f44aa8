#include <stdlib.h>
#include <string.h>

#include "../../csrc/ks_bag.h"
#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

typedef struct {
  int64_t rows, width, bags, length;
} bag_shape;

/* Widths around those of vectors, strips and pieces; bags around a block, and
 * few long ones whose sums are made in parts. */
static const bag_shape shapes[] = {
    {1, 1, 1, 1},    {5, 3, 0, 4},    {5, 3, 4, 0},       {3, 0, 2, 2},      {10, 1, 7, 33},
    {7, 16, 5, 8},   {100, 17, 3, 9}, {40, 67, 3, 64},    {40, 128, 2, 65},  {9, 255, 2, 130},
    {9, 256, 20, 3}, {20, 300, 1, 5}, {3000, 8, 64, 200}, {50, 128, 1, 400}, {3000, 9, 2, 8000},
    {9, 521, 3, 70}, {70001, 2, 4, 5}};

typedef enum { ALL, MASKED, RAGGED, N_KINDS } bag_kind;

static void put_index(ks_operand *index, int64_t i, int64_t value) {
  if (index->dtype == KS_INT32)
    ((int32_t *)index->data)[i] = (int32_t)value;
  else
    ((int64_t *)index->data)[i] = value;
}

static void draw_ids(kt_case *c, int64_t rows) {
  for (int64_t i = 0; i < c->in[1].count; i++) put_index(&c->in[1], i, kt_below(rows));
}

/* Ids that do not count, among them all of a bag. */
static void add_mask(kt_case *c, bag_shape s) {
  uint8_t *mask = kt_input(c, KS_BOOL, s.bags * s.length);
  for (int64_t i = 0; i < s.bags * s.length; i++) mask[i] = i / s.length != 1 && kt_below(3) > 0;
}

/* Bags of many sizes, among them none. */
static void add_starts(kt_case *c, bag_shape s) {
  int64_t *starts = kt_input(c, KS_INT64, s.bags + 1), n = s.bags * s.length;
  for (int64_t b = 0; b <= s.bags; b++)
    starts[b] = b == s.bags ? n : b ? starts[b - 1] + kt_below(n - starts[b - 1] + 1) / 2 : 0;
}

static kt_case *new_case(int dtype, int index_dtype, bag_shape s, bag_kind kind, int is_mean) {
  kt_case *c = kt_new(KS_OP_bag, dtype, "rows %lld width %lld bags %lld length %lld kind %d %s %s",
                      (long long)s.rows, (long long)s.width, (long long)s.bags, (long long)s.length,
                      kind, is_mean ? "mean" : "sum", kt_dtype_name(index_dtype));
  KT_SIZES(c, s.rows, s.width, s.bags, s.length, is_mean);
  kt_input_filled(c, dtype, s.rows * s.width, KT_UNIFORM);
  kt_input(c, index_dtype, s.bags * s.length);
  draw_ids(c, s.rows);
  if (kind == MASKED) add_mask(c, s);
  if (kind == RAGGED) add_starts(c, s);
  kt_output(c, dtype, s.bags * s.width);
  c->smooth = s.bags * s.length * s.width < 700;
  c->node.in = c->in;
  c->node.scratch_bytes = ks_bag_scratch(&c->node);
  return c;
}

/* The first wrong id is the one that is reported, also if it does not count. */
static void check_wrong(int dtype, int index_dtype) {
  static const bag_shape shape = {10, 8, 60, 150};
  static const int64_t places[][2] = {{0, 0}, {8999, 8999}, {4000, 8000}, {8000, 4000}, {151, 152}};
  static const int64_t values[] = {-1, 10, INT32_MIN, INT32_MAX, 11};
  for (int i = 0; i < N(places); i++) {
    kt_case *c = new_case(dtype, index_dtype, shape, i % N_KINDS, 1);
    put_index(&c->in[1], places[i][0], values[i]);
    put_index(&c->in[1], places[i][1], values[(i + 1) % 5]);
    kt_check(c);
  }
}

/* ---- against the ops that replays leave to it ------------------------------- */

static ks_node node_of(ks_op op, int dtype, ks_operand *in, int n_in, ks_operand *out) {
  return (ks_node){.op = op, .dtype = dtype, .n_in = n_in, .n_out = 1, .in = in, .out = out};
}

/* A mean has the bits of a `mean` over the rows that a `gather` copies, and so
 * has its gradient. */
static void check_means(int dtype, bag_shape s, const char *isa) {
  kt_case *c = new_case(dtype, KS_INT64, s, ALL, 1);
  const ks_context context = kt_context(isa, 1);
  const ks_op_entry *ops = context.ops[dtype];
  const int64_t copied = s.bags * s.length * s.width, bytes = kt_bytes(dtype, s.rows * s.width);
  ks_operand in[2] = {c->in[0], c->in[1]}, y = c->out, means = c->out;
  ks_operand rows = {.dtype = dtype, .count = copied};
  rows.data = kt_allocate(kt_bytes(dtype, copied));
  rows.grad = kt_allocate(kt_bytes(dtype, copied));
  means.data = kt_allocate(kt_bytes(dtype, y.count));
  y.data = kt_allocate(kt_bytes(dtype, y.count));
  ks_node bag = c->node, gather = node_of(KS_OP_gather, dtype, in, 2, &rows);
  ks_node mean = node_of(KS_OP_mean, dtype, &rows, 1, &means);
  memcpy(gather.size, bag.size, sizeof bag.size);
  memcpy(mean.size, (int64_t[]){s.bags, s.length, s.width}, 3 * sizeof(int64_t));
  bag.in = in, bag.out = &y, bag.scratch = kt_allocate(bag.scratch_bytes);
  ops[KS_OP_bag].forward(&bag, &context);
  ops[KS_OP_gather].forward(&gather, &context);
  ops[KS_OP_mean].forward(&mean, &context);
  KT_EXPECT(!memcmp(y.data, means.data, (size_t)kt_bytes(dtype, y.count)), "%s %s", c->name, isa);
  in[0].grad = kt_allocate(bytes);
  ops[KS_OP_bag].backward(&bag, &context);
  void *found = in[0].grad;
  in[0].grad = kt_allocate(bytes);
  ops[KS_OP_mean].backward(&mean, &context);
  ops[KS_OP_gather].backward(&gather, &context);
  KT_EXPECT(!memcmp(found, in[0].grad, (size_t)bytes), "%s %s: gradients", c->name, isa);
  free(bag.scratch), free(found), free(in[0].grad), free(rows.data), free(rows.grad),
      free(means.data), free(y.data);
  kt_free(c);
}

/* ---- against updates that make the gradient themselves ----------------------- */

/* What an update writes: parameters and two moments. */
static ks_node update_of(const kt_case *c, ks_operand *in, ks_operand *sizes) {
  const int64_t count = c->in[0].count, bytes = kt_bytes(c->node.dtype, count);
  ks_node node = node_of(KS_OP_adam, c->node.dtype, in, 6, sizes);
  for (int i = 0; i < 6; i++) {
    in[i] = (ks_operand){.dtype = c->node.dtype, .count = count};
    in[i].data = kt_allocate(i == 2 || i == 3 ? 8 : bytes);
    if (i == 0) memcpy(in[i].data, c->in[0].data, (size_t)bytes);
    if (i > 3) memset(in[i].data, 0, (size_t)bytes);
  }
  in[2].count = in[3].count = 1, in[2].dtype = KS_FLOAT64, in[3].dtype = KS_INT64;
  *(double *)in[2].data = 0.01;
  memcpy(node.attr, (double[]){0.9, 0.999, 1e-7, 0}, sizeof node.attr);
  node.n_out = 0;
  return node;
}

/* Steps of Adam over the whole gradient, over its flagged rows, and over the
 * rows that a bag makes give the same bits. */
static void check_updates(int dtype, bag_shape s, bag_kind kind, const char *isa, int n_threads) {
  enum { WAYS = 3, STEPS = 3 };
  kt_case *c = new_case(dtype, KS_INT64, s, kind, kind != RAGGED);
  const ks_context context = kt_context(isa, n_threads);
  const ks_op_entry *ops = context.ops[dtype];
  const int64_t bytes = kt_bytes(dtype, s.rows * s.width);
  ks_operand in[WAYS][6], none;
  ks_node bag = c->node, updates[WAYS];
  uint8_t *flags = kt_allocate(s.rows);
  memset(flags, 1, (size_t)s.rows);
  bag.out = &c->out, bag.scratch = kt_allocate(bag.scratch_bytes);
  for (int way = 0; way < WAYS; way++) {
    updates[way] = update_of(c, in[way], &none);
    if (way) updates[way].size[3] = s.rows;
  }
  updates[1].scratch = flags, updates[2].pool = &bag;
  void *mine = c->in[0].grad;
  for (int64_t step = 0; step < STEPS; step++) {
    draw_ids(c, s.rows);
    c->in[0].add = 0;
    for (int way = 0; way < WAYS; way++) {
      c->in[0].grad = in[way][1].data;
      c->in[1].grad = way == 1 ? flags : NULL;
      *(int64_t *)in[way][3].data = step;
      if (way < 2) ops[KS_OP_bag].backward(&bag, &context);
      ops[KS_OP_adam].forward(&updates[way], &context);
      for (int i = 0; way && i < 6; i += i ? 1 : 4)
        KT_EXPECT(!memcmp(in[0][i].data, in[way][i].data, (size_t)bytes),
                  "%s %s threads %d way %d input %d", c->name, isa, n_threads, way, i);
    }
  }
  c->in[0].grad = mine, c->in[1].grad = NULL;
  for (int way = 0; way < WAYS; way++)
    for (int i = 0; i < 6; i++) free(in[way][i].data);
  free(flags), free(bag.scratch);
  kt_free(c);
}

/* ---- rows that are flagged ------------------------------------------------ */

/* Steps that clear what the one before wrote give the bits of steps that clear
 * everything; at first all rows are flagged and hold rubbish. */
static void check_flags(int dtype, bag_shape s, bag_kind kind, const char *isa, int n_threads) {
  enum { STEPS = 4 };
  kt_case *c = new_case(dtype, KS_INT32, s, kind, 1);
  const ks_context context = kt_context(isa, n_threads);
  const size_t bytes = (size_t)kt_bytes(dtype, s.rows * s.width);
  void *whole = kt_allocate((int64_t)bytes), *rows = kt_allocate((int64_t)bytes);
  uint8_t *flags = kt_allocate(s.rows);
  ks_node node = c->node;
  memset(flags, 1, (size_t)s.rows);
  node.out = &c->out, node.scratch = kt_allocate(node.scratch_bytes);
  void *mine = c->in[0].grad;
  for (int step = 0; step < STEPS; step++) {
    draw_ids(c, s.rows);
    c->in[0].add = step == STEPS - 2; /* a table that is read twice in a step */
    c->in[0].grad = whole, c->in[1].grad = NULL;
    KT_EXPECT(context.ops[dtype][KS_OP_bag].backward(&node, &context) == KS_OK, "%s", c->name);
    c->in[0].grad = rows, c->in[1].grad = flags;
    KT_EXPECT(context.ops[dtype][KS_OP_bag].backward(&node, &context) == KS_OK, "%s", c->name);
    KT_EXPECT(!memcmp(whole, rows, bytes), "%s %s threads %d", c->name, isa, n_threads);
    const ks_operand values = {.data = rows, .dtype = dtype};
    int64_t unflagged = 0;
    for (int64_t i = 0; i < s.rows * s.width; i++)
      unflagged += !flags[i / s.width] && kt_element(&values, i) != 0;
    KT_EXPECT(unflagged == 0, "%s %s: rows without a flag", c->name, isa);
  }
  c->in[0].grad = mine, c->in[1].grad = NULL;
  free(whole), free(rows), free(flags), free(node.scratch);
  kt_free(c);
}

static void check_levels(int dtype) {
  const char *isa;
  for (int level = 0; (isa = kt_next_isa(&level));)
    for (int i = 0; i < N(shapes); i++) {
      if (shapes[i].width > 1 && shapes[i].length > 0) check_means(dtype, shapes[i], isa);
      for (int n_threads = 1; n_threads <= 2; n_threads++)
        for (int kind = 0; kind < N_KINDS; kind++) {
          if (kind == i % N_KINDS) check_flags(dtype, shapes[i], kind, isa, n_threads);
          if (shapes[i].width > 0) check_updates(dtype, shapes[i], kind, isa, n_threads);
        }
    }
}

int main(void) {
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
    for (int index = KS_INT32; index <= KS_INT64; index++) {
      for (int i = 0; i < N(shapes); i++)
        for (int kind = 0; kind < N_KINDS; kind++)
          kt_check(new_case(dtype, index, shapes[i], kind, (i + index) % 2));
      check_wrong(dtype, index);
    }
    check_levels(dtype);
  }
  return kt_summary("bag");
}
