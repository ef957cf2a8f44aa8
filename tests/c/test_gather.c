#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

typedef struct {
  int64_t rows, width, n;
} gather_shape;

static const gather_shape shapes[] = {
    {1, 1, 1}, {5, 3, 0},       {5, 3, 7},     {10, 1, 33},    {7, 16, 40},    {100, 17, 9},
    {3, 0, 5}, {1000, 8, 5000}, {9, 33, 3000}, {20, 20011, 3}, {50000, 1, 60}, {70001, 2, 40}};

static void put_index(ks_operand *index, int64_t i, int64_t value) {
  if (index->dtype == KS_INT32)
    ((int32_t *)index->data)[i] = (int32_t)value;
  else
    ((int64_t *)index->data)[i] = value;
}

static kt_case *new_case(int dtype, int index_dtype, gather_shape s) {
  kt_case *c = kt_new(KS_OP_gather, dtype, "rows %lld width %lld n %lld by %s", (long long)s.rows,
                      (long long)s.width, (long long)s.n, kt_dtype_name(index_dtype));
  KT_SIZES(c, s.rows, s.width);
  kt_input_filled(c, dtype, s.rows * s.width, KT_UNIFORM);
  kt_input(c, index_dtype, s.n);
  for (int64_t i = 0; i < s.n; i++) put_index(&c->in[1], i, kt_below(s.rows));
  kt_output(c, dtype, s.n * s.width);
  c->smooth = s.n * s.width < 700;
  return c;
}

/* The first wrong index is the one that is reported. */
static void check_wrong(int dtype, int index_dtype) {
  static const gather_shape shape = {10, 8, 9000};
  static const int64_t places[][2] = {{0, 0}, {8999, 8999}, {4000, 8000}, {8000, 4000}, {1, 2}};
  static const int64_t values[] = {-1, 10, INT32_MIN, INT32_MAX, 11};
  for (int i = 0; i < N(places); i++) {
    kt_case *c = new_case(dtype, index_dtype, shape);
    put_index(&c->in[1], places[i][0], values[i]);
    put_index(&c->in[1], places[i][1], values[(i + 1) % 5]);
    kt_check(c);
  }
  if (index_dtype == KS_INT32) return;
  kt_case *c = new_case(dtype, index_dtype, shape);
  put_index(&c->in[1], 17, 1LL << 32); /* 0, if somebody cuts it to 32 bits */
  kt_check(c);
}

/* ---- flat indices --------------------------------------------------------- */

static kt_case *new_flat_case(int index_dtype, int n_axes, const int64_t *sizes, int64_t n) {
  kt_case *c = kt_new(KS_OP_flat_index, KS_INT64, "%d axes n %lld by %s", n_axes, (long long)n,
                      kt_dtype_name(index_dtype));
  c->node.size[0] = n_axes;
  memcpy(c->node.size + 1, sizes, (size_t)n_axes * sizeof *sizes);
  kt_input(c, index_dtype, n * n_axes);
  for (int64_t i = 0; i < n * n_axes; i++) {
    const int64_t size = sizes[i % n_axes];
    put_index(&c->in[0], i, kt_below(2 * size) - size);
  }
  kt_output(c, KS_INT64, n);
  return c;
}

static void check_flat_indices(int index_dtype) {
  static const int64_t sizes[] = {1, 5, 300, 7, 100000};
  static const int64_t counts[] = {0, 1, 3, 17, 4001};
  for (int i = 0; i < N(counts); i++)
    for (int first = 0; first < N(sizes); first++)
      for (int n_axes = 1; first + n_axes <= N(sizes); n_axes++)
        kt_check(new_flat_case(index_dtype, n_axes, sizes + first, counts[i]));
  /* Just beyond either end of the second axis, and far beyond. */
  static const int64_t wrong[] = {5, -6, INT32_MAX, INT32_MIN};
  for (int i = 0; i < N(wrong); i++) {
    kt_case *c = new_flat_case(index_dtype, 3, sizes, 40);
    put_index(&c->in[0], 3 * 20 + 1, wrong[i]);
    put_index(&c->in[0], 3 * 30 + 1, wrong[(i + 1) % N(wrong)]);
    kt_check(c);
  }
  /* An axis without places has no index either. */
  kt_case *c = new_flat_case(index_dtype, 2, sizes, 1);
  c->node.size[2] = 0;
  kt_check(c);
}

/* ---- rows that are flagged ------------------------------------------------ */

enum { STEPS = 6 };

/* The gradient of one step into both places, of which one has flags. */
static void add_rows(const kt_case *c, const ks_context *context, void *whole, void *rows,
                     uint8_t *flags, int add) {
  ks_node node = c->node;
  ks_operand in[2] = {c->in[0], c->in[1]}, out = c->out;
  node.in = in;
  node.out = &out;
  in[0].add = add;
  const ks_function backward = context->ops[node.dtype][node.op].backward;
  in[0].grad = whole;
  KT_EXPECT(backward(&node, context) == KS_OK, "%s failed", c->name);
  in[0].grad = rows;
  node.scratch = flags;
  KT_EXPECT(backward(&node, context) == KS_OK, "%s failed", c->name);
}

static void draw_step(kt_case *c, int64_t rows) {
  ks_operand dy = c->out;
  dy.data = c->out.grad;
  kt_fill(&dy, KT_UNIFORM);
  for (int64_t i = 0; i < c->in[1].count; i++) put_index(&c->in[1], i, kt_below(rows));
}

/* Steps that clear what the one before wrote give the bits of steps that clear
 * everything; at first all rows are flagged and hold rubbish. */
static void check_flags(int dtype, gather_shape s, const char *isa, int n_threads) {
  kt_case *c = new_case(dtype, KS_INT64, s);
  const ks_context context = kt_context(isa, n_threads);
  const size_t bytes = (size_t)kt_bytes(dtype, s.rows * s.width), n = (size_t)s.rows;
  void *whole = kt_allocate((int64_t)bytes), *rows = kt_allocate((int64_t)bytes);
  uint8_t *flags = kt_allocate(s.rows), *used = calloc(n, 1);
  memset(flags, 1, n);
  for (int step = 0; step < STEPS; step++) {
    const int add = step == STEPS - 2; /* a table that is read twice in a step */
    draw_step(c, s.rows);
    if (!add) memset(used, 0, n);
    for (int64_t i = 0; i < s.n; i++) used[((int64_t *)c->in[1].data)[i]] = 1;
    add_rows(c, &context, whole, rows, flags, add);
    KT_EXPECT(!memcmp(whole, rows, bytes), "%s %s threads %d step %d", c->name, isa, n_threads,
              step);
    KT_EXPECT(!memcmp(flags, used, n), "%s %s flags of step %d", c->name, isa, step);
  }
  free(whole), free(rows), free(flags), free(used);
  kt_free(c);
}

static void check_all_flags(void) {
  const char *isa;
  for (int level = 0; (isa = kt_next_isa(&level));)
    for (int i = 0; i < N(shapes); i++)
      for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++)
        for (int n_threads = 0; n_threads <= 2; n_threads++)
          check_flags(dtype, shapes[i], isa, n_threads);
}

int main(void) {
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++)
    for (int index = KS_INT32; index <= KS_INT64; index++) {
      for (int i = 0; i < N(shapes); i++) kt_check(new_case(dtype, index, shapes[i]));
      check_wrong(dtype, index);
    }
  for (int index = KS_INT32; index <= KS_INT64; index++) check_flat_indices(index);
  check_all_flags();
  return kt_summary("gather");
}
