/* Programs and feeds (ks_run.h), and the choice of the instruction set. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../../csrc/ks_dispatch.h"
#include "../../csrc/ks_run.h"
#include "harness.h"

/* ---- programs of nodes that only note their calls ------------------------ */

static ks_status count_up(ks_node *node, const ks_context *context) {
  (void)context;
  node->size[0]++;
  return KS_OK;
}

/* Fails at its third call. */
static ks_status fail_later(ks_node *node, const ks_context *context) {
  count_up(node, context);
  if (node->size[0] < 3) return KS_OK;
  node->error_position = 5;
  return KS_INDEX_OUT_OF_RANGE;
}

static void check_program(const ks_context *context) {
  ks_node nodes[3] = {{0}}, *failed = NULL;
  ks_step steps[] = {{count_up, &nodes[0]}, {fail_later, &nodes[1]}, {count_up, &nodes[2]}};
  ks_program program = {steps, 3};
  for (int i = 0; i < 2; i++)
    KT_EXPECT(ks_program_run(&program, context, &failed) == KS_OK && !failed, "program: run %d", i);
  KT_EXPECT(
      ks_program_run(&program, context, &failed) == KS_INDEX_OUT_OF_RANGE && failed == &nodes[1],
      "program: the failed node is not named");
  KT_EXPECT(nodes[0].size[0] == 3 && nodes[1].size[0] == 3 && nodes[2].size[0] == 2,
            "program: ran on after a failure");
}

/* A gate is looked at when its turn comes: here, after the first node's call. */
static ks_status open_every_other(ks_node *node, const ks_context *context) {
  count_up(node, context);
  *(uint8_t *)node->scratch = node->size[0] % 2 == 0;
  return KS_OK;
}

static void check_gates(const ks_context *context) {
  uint8_t gate = 1;
  ks_node nodes[] = {{.scratch = &gate}, {.gate = &gate}, {0}}, *failed = NULL;
  ks_step steps[] = {{open_every_other, &nodes[0]}, {fail_later, &nodes[1]}, {count_up, &nodes[2]}};
  ks_program program = {steps, 3};
  int64_t next = 0;
  ks_program_run(&program, context, &failed);
  KT_EXPECT(nodes[1].size[0] == 0 && nodes[2].size[0] == 1, "gates: a shut gate lets a node run");
  ks_program_run(&program, context, &failed);
  KT_EXPECT(nodes[1].size[0] == 1 && nodes[2].size[0] == 2, "gates: an open gate stops a node");
  ks_status status =
      ks_run_batches(&program, context, NULL, 0, NULL, 0, NULL, 4, 3, INT64_MAX, &next, &failed);
  KT_EXPECT(status == KS_OK && next == 3 && nodes[1].size[0] == 2 && nodes[2].size[0] == 5,
            "gates: batches ran a node %lld times", (long long)nodes[1].size[0]);
}

static void check_batches(const ks_context *context) {
  ks_node nodes[2] = {{0}}, *failed = NULL;
  ks_step steps[] = {{count_up, &nodes[0]}, {fail_later, &nodes[1]}};
  ks_program good = {steps, 1}, bad = {steps, 2};
  int64_t next = 2;
  ks_status status =
      ks_run_batches(&good, context, NULL, 0, NULL, 0, NULL, 4, 10, INT64_MAX, &next, &failed);
  KT_EXPECT(status == KS_OK && next == 10 && nodes[0].size[0] == 8, "batches: 2 .. 9");
  next = 0;
  status = ks_run_batches(&good, context, NULL, 0, NULL, 0, NULL, 4, 10, 0, &next, &failed);
  KT_EXPECT(status == KS_OK && next == 1, "batches: one before a deadline that has passed");
  next = 4;
  status = ks_run_batches(&bad, context, NULL, 0, NULL, 0, NULL, 4, 10, INT64_MAX, &next, &failed);
  KT_EXPECT(status == KS_INDEX_OUT_OF_RANGE && next == 6 && failed == &nodes[1],
            "batches: failed at %lld", (long long)next);
}

/* ---- feeds --------------------------------------------------------------- */

static int64_t source_bytes(int from) { return from == KS_UINT8 ? 1 : kt_bytes(from, 1); }

static double source_element(const char *at, int from) {
  ks_operand one = {.data = (void *)(uintptr_t)at, .dtype = from, .count = 1};
  return from == KS_UINT8 ? *(const uint8_t *)at : kt_element(&one, 0);
}

static char *new_source(int from, int64_t rows, int64_t row_bytes) {
  char *source = kt_allocate(rows * row_bytes);
  int64_t size = source_bytes(from);
  for (int64_t at = 0; at + size <= rows * row_bytes; at += size) {
    ks_operand one = {.data = source + at, .dtype = from, .count = 1};
    if (from == KS_UINT8)
      source[at] = (char)kt_below(256);
    else
      kt_fill(&one, from == KS_BOOL ? KT_UNIFORM : KT_POSITIVE);
  }
  return source;
}

/* Rows lie `gap` elements apart in the source. */
static void check_feed(int from, int to, int64_t count, int64_t gap, int64_t batch, int n_threads) {
  enum { ROWS = 50 };
  const char *isa = "";
  int best = 0;
  isa = kt_next_isa(&best);
  ks_context context = kt_context(isa, n_threads);
  int64_t row_bytes = (count + gap) * source_bytes(from);
  char *source = new_source(from, ROWS, row_bytes);
  ks_operand out = {.dtype = to, .count = batch * count};
  out.data = kt_allocate(kt_bytes(to, out.count));
  int64_t *index = kt_allocate(batch * (int64_t)sizeof *index);
  for (int64_t r = 0; r < batch; r++) index[r] = kt_below(ROWS);
  ks_feed feed = {source, row_bytes, count, from, to, out.data};
  ks_feed_rows(&context, &feed, 1, index, batch);
  for (int64_t i = 0; i < out.count; i++) {
    const char *at = source + index[i / count] * row_bytes + i % count * source_bytes(from);
    double got = kt_element(&out, i), want = source_element(at, from);
    if (to == KS_FLOAT32) want = (float)want;
    if (to == KS_INT32 || to == KS_INT64) want = (double)(int64_t)want;
    if (to == KS_BOOL) want = want != 0;
    if (got == want) continue;
    kt_failed("feed from %d to %d count %lld gap %lld: element %lld got %g want %g", from, to,
              (long long)count, (long long)gap, (long long)i, got, want);
    break;
  }
  free(index);
  free(out.data);
  free(source);
}

static void check_feeds(void) {
  for (int from = 0; from <= KS_UINT8; from++)
    for (int to = 0; to < KS_N_DTYPES; to++)
      for (int threads = 1; threads <= 2; threads++) {
        check_feed(from, to, 7, 0, 33, threads);
        check_feed(from, to, 1, 3, 20, threads);
        check_feed(from, to, 785, 5, 300, threads);
        check_feed(from, to, 3, 0, 0, threads);
      }
}

/* Without an index the rows come in their order, batch after batch; the drain
 * lays the results out in the same way. */
static ks_status check_order(ks_node *node, const ks_context *context) {
  const int32_t *rows = node->scratch;
  (void)context;
  for (int i = 0; i < 4; i++)
    KT_EXPECT(rows[i] == 4 * node->size[0] + i, "feed in order: batch %lld row %d is %d",
              (long long)node->size[0], i, rows[i]);
  node->size[0]++;
  return KS_OK;
}

static void check_feed_in_order(const ks_context *context) {
  int32_t source[20], destination[4], drained[20];
  for (int i = 0; i < 20; i++) source[i] = i;
  ks_node node = {.scratch = destination}, *failed = NULL;
  ks_step step = {check_order, &node};
  ks_program program = {&step, 1};
  ks_feed feed = {(const char *)source, 4, 1, KS_INT32, KS_INT32, destination};
  ks_drain drain = {destination, (char *)drained, sizeof destination};
  int64_t next = 0;
  ks_run_batches(&program, context, &feed, 1, &drain, 1, NULL, 4, 5, INT64_MAX, &next, &failed);
  KT_EXPECT(next == 5 && node.size[0] == 5, "feed in order: %lld batches", (long long)next);
  KT_EXPECT(memcmp(source, drained, sizeof source) == 0, "drain: not what was fed");
}

/* ---- dispatch ------------------------------------------------------------ */

static void check_dispatch(void) {
  ks_context context = {0};
  int best = 0;
  const char *first = kt_next_isa(&best);
  KT_EXPECT(ks_dispatch(&context, NULL) == KS_DISPATCH_OK && strcmp(context.isa, first) == 0,
            "dispatch: the best level is not taken");
  KT_EXPECT(ks_dispatch(&context, "pdp-11") == KS_ISA_UNKNOWN, "dispatch: an unknown level");
  const char *name;
  for (int i = 0, runs; (name = ks_isa_level(i, &runs)); i++)
    KT_EXPECT(ks_dispatch(&context, name) == (runs ? KS_DISPATCH_OK : KS_ISA_MISSING),
              "dispatch: level %s", name);
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++)
    for (int op = 0; op < KS_N_OPS; op++)
      KT_EXPECT(context.ops[dtype][op].forward || !kt_is_real(dtype), "dispatch: op %d missing",
                op);
}

int main(void) {
  int best = 0;
  ks_context context = kt_context(kt_next_isa(&best), 2);
  check_program(&context);
  check_gates(&context);
  check_batches(&context);
  check_feeds();
  check_feed_in_order(&context);
  check_dispatch();
  return kt_summary("run");
}
