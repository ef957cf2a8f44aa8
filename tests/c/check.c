#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

enum { PRINTED_FAILURES = 60, LARGE_CASE = 20000 };

static atomic_int n_failures;
static atomic_long n_cases, n_runs, n_expectations;

int kt_counted(int condition) {
  atomic_fetch_add(&n_expectations, 1);
  return condition;
}

void kt_failed(const char *format, ...) {
  if (atomic_fetch_add(&n_failures, 1) >= PRINTED_FAILURES) return;
  va_list arguments;
  va_start(arguments, format);
  printf("FAILED ");
  vprintf(format, arguments);
  printf("\n");
  fflush(stdout);
  va_end(arguments);
}

int kt_summary(const char *program) {
  printf("%-12s %5ld cases, %6ld runs, %8ld expectations, %d failures\n", program, n_cases, n_runs,
         n_expectations, n_failures);
  return n_failures != 0;
}

/* ---- comparisons --------------------------------------------------------- */

typedef struct {
  const kt_case *c;
  const char *isa;
  int n_threads;
} run_name;

static const char *op_name(int op) {
#define NAME(name, domain, gradient) #name,
  static const char *names[] = {KS_OPS(NAME)};
#undef NAME
  return names[op];
}

/* "backward(w-a)": the first gradient was written, the second not wanted, ... */
static const char *describe(const run_name *run) {
  static _Thread_local char text[400];
  char wants[KT_MAX_IN + 1] = "";
  for (int i = 0; i < run->c->node.n_in; i++) wants[i] = "-wa"[run->c->want[i]];
  snprintf(text, sizeof text, "%s %s [%s] %s threads %d gradients %s%s", op_name(run->c->node.op),
           kt_dtype_name(run->c->node.dtype), run->c->name, run->isa, run->n_threads, wants,
           run->c->one_gradient ? " (one buffer)" : "");
  return text;
}

static double largest(const ks_operand *values) {
  double result = 1;
  for (int64_t i = 0; i < values->count; i++) {
    double size = fabs(kt_element(values, i));
    if (size > result && size <= DBL_MAX) result = size;
  }
  return result;
}

static int is_close(double got, double want, kt_tolerance t, double scale, int dtype) {
  double epsilon = dtype == KS_FLOAT32 ? FLT_EPSILON : DBL_EPSILON;
  double flushed = dtype == KS_FLOAT32 ? FLT_MIN : DBL_MIN; /* denormals become 0 */
  if (got == want || (isnan(got) && isnan(want))) return 1;
  if (!isfinite(got) || !isfinite(want) || t.relative + t.absolute == 0) return 0;
  return fabs(got - want) <= epsilon * (t.relative * fabs(want) + t.absolute * scale) + flushed;
}

static int is_same(const ks_operand *got, const ks_operand *want, int64_t i) {
  int64_t size = kt_bytes(want->dtype, 1);
  return memcmp((const char *)got->data + i * size, (const char *)want->data + i * size,
                (size_t)size) == 0;
}

static void compare(const run_name *run, const char *array, ks_operand got, ks_operand want,
                    kt_tolerance t) {
  double scale = (t.by_largest ? largest(&want) : 1) * (run->c->scale > 1 ? run->c->scale : 1);
  int bits = t.bits || !kt_is_real(want.dtype);
  int64_t wrong = 0, first = -1;
  if (want.count == 0 || !memcmp(got.data, want.data, (size_t)kt_bytes(want.dtype, want.count)))
    return;
  for (int64_t i = 0; i < want.count; i++) {
    int good = bits ? is_same(&got, &want, i)
                    : is_close(kt_element(&got, i), kt_element(&want, i), t, scale, want.dtype);
    if (!good && wrong++ == 0) first = i;
  }
  if (wrong)
    kt_failed("%s: %s[%lld] got %.17g want %.17g (%lld of %lld wrong)", describe(run), array,
              (long long)first, kt_element(&got, first), kt_element(&want, first), (long long)wrong,
              (long long)want.count);
}

static void compare_status(const run_name *run, const kt_result *got, const kt_result *want) {
  if (got->status == want->status && got->error_position == want->error_position &&
      got->error_value == want->error_value)
    return;
  kt_failed("%s: status %d at %lld value %lld, want %d at %lld value %lld", describe(run),
            got->status, (long long)got->error_position, (long long)got->error_value, want->status,
            (long long)want->error_position, (long long)want->error_value);
}

static ks_operand gradient_of(ks_operand operand) {
  operand.data = operand.grad;
  return operand;
}

/* Optimizers write in place. */
static int writes_inputs(ks_op op) {
  switch (op) {
    case KS_OP_sgd:
    case KS_OP_adam:
    case KS_OP_rmsprop:
    case KS_OP_clip_value:
    case KS_OP_clip_norm:
    case KS_OP_accumulate:
    case KS_OP_average:
      return 1;
    default:
      return 0;
  }
}

/* Everything that a run may have written, and what it may not. */
static void compare_results(const run_name *run, const kt_result *got, const kt_result *want,
                            int exactly) {
  static const kt_tolerance same = {0, 0, 0, 1};
  kt_tolerance of_update = {8, 8, 0, 0};
  ks_op op = run->c->node.op;
  int updates = writes_inputs(op);
  compare_status(run, got, want);
  if (want->status != KS_OK || got->status != KS_OK) return;
  for (int i = 0; i < run->c->node.n_out; i++) {
    char name[3] = {'y', (char)(i ? '0' + i : 0), 0};
    compare(run, name, got->outs[i], want->outs[i], exactly ? same : kt_tolerance_of(op, 0));
  }
  if (want->out.grad) compare(run, "dy", gradient_of(got->out), gradient_of(want->out), same);
  for (int i = 0; i < want->n_in; i++) {
    char name[8] = {'x', (char)('0' + i), 0}, gradient[8] = {'d', 'x', (char)('0' + i), 0};
    compare(run, name, got->in[i], want->in[i], updates && !exactly ? of_update : same);
    if (want->in[i].grad && !run->c->forward_only)
      compare(run, gradient, gradient_of(got->in[i]), gradient_of(want->in[i]),
              exactly ? same : kt_tolerance_of(op, 1));
  }
}

/* ---- the ways to run a case ---------------------------------------------- */

static void check_level(const kt_case *c, const char *isa, const kt_result *want, int threaded) {
  run_name run = {c, isa, 1};
  kt_result one = kt_run(c, isa, 1);
  compare_results(&run, &one, want, 0);
  for (run.n_threads = 2; threaded && run.n_threads <= 4; run.n_threads += 2) {
    kt_result several = kt_run(c, isa, run.n_threads);
    compare_results(&run, &several, &one, 1);
    kt_free_result(&several);
    n_runs++;
  }
  kt_free_result(&one);
  n_runs++;
}

static void check_run(const kt_case *c, int threaded) {
  kt_result want = kt_run(c, NULL, 0);
  const char *isa;
  for (int i = 0; (isa = kt_next_isa(&i));) {
    check_level(c, isa, &want, threaded);
    if (!kt_is_real(c->node.dtype)) break; /* integers have one table for all levels */
  }
  kt_free_result(&want);
}

static int has_gradient(const kt_case *c, int i) { return c->in[i].grad != NULL; }

static void want_all(kt_case *c, kt_want want) {
  for (int i = 0; i < c->node.n_in; i++) c->want[i] = has_gradient(c, i) ? want : KT_NONE;
}

static int can_share(const kt_case *c) {
  const ks_operand *first = NULL;
  int n = 0;
  for (int i = 0; i < c->node.n_in; i++) {
    if (!has_gradient(c, i)) continue;
    if (first && (c->in[i].count != first->count || c->in[i].dtype != first->dtype)) return 0;
    first = &c->in[i];
    n++;
  }
  return n > 1;
}

static void check_single_gradients(kt_case *c) {
  want_all(c, KT_NONE);
  check_run(c, 0);
  for (int i = 0; i < c->node.n_in; i++) {
    if (!has_gradient(c, i)) continue;
    want_all(c, KT_NONE);
    c->want[i] = i % 2 ? KT_ADD : KT_WRITE;
    check_run(c, 0);
  }
}

static void check_one_gradient(kt_case *c) {
  c->one_gradient = 1;
  for (kt_want want = KT_WRITE; want <= KT_ADD; want++) {
    want_all(c, want);
    check_run(c, 0);
  }
  c->one_gradient = 0;
}

static int is_small(const kt_case *c) {
  for (int i = 0; i < c->node.n_in; i++)
    if (c->in[i].count > LARGE_CASE) return 0;
  return c->out.count <= LARGE_CASE;
}

/* A mistake in a case would look like one of a kernel. */
static int loops_fit(const kt_case *c, int which) {
  int64_t low = c->node.op == KS_OP_strided_copy ? c->node.size[0] : 0, high = low;
  for (int d = 0; d < c->node.n_dims; d++) {
    int64_t reach = (c->node.dims[d] - 1) * c->node.strides[which][d];
    if (c->node.dims[d] == 0) return 1;
    if (reach < 0) low += reach;
    if (reach > 0) high += reach;
  }
  return low >= 0 && high < c->in[which].count;
}

void kt_check(kt_case *c) {
  int small = is_small(c);
  for (int i = 0; c->node.n_dims && i < c->node.n_in; i++)
    KT_EXPECT(loops_fit(c, i), "the case itself: [%s] input %d", c->name, i);
  n_cases++;
  want_all(c, KT_WRITE);
  check_run(c, 1);
  if (kt_has_backward(c) && !c->forward_only) {
    want_all(c, KT_ADD);
    check_run(c, 1);
    if (small) check_single_gradients(c);
    if (small && can_share(c)) check_one_gradient(c);
    if (small && c->smooth && c->node.dtype == KS_FLOAT64) kt_check_slopes(c);
  }
  kt_free(c);
}
