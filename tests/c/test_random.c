#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../csrc/reference/philox.h"
#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

/* The known answers that come with Random123, the authors' own library. */
static void check_known_answers(void) {
  static const struct {
    uint32_t counter[4], key[2], answer[4];
  } known[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (int i = 0; i < N(known); i++) {
    philox_block counter;
    for (int w = 0; w < 4; w++) counter.word[w] = known[i].counter[w];
    philox_block got = philox(counter, known[i].key[0], known[i].key[1]);
    for (int w = 0; w < 4; w++)
      KT_EXPECT(got.word[w] == known[i].answer[w], "philox %d word %d: got %08x want %08x", i, w,
                got.word[w], known[i].answer[w]);
  }
}

/* ---- against the reference ----------------------------------------------- */

static const int64_t states[][2] = {
    {0, 0}, {1, 0}, {0, 1}, {-1, -1}, {0x0123456789abcdef, 0x7edcba9876543210}, {42, 1LL << 32}};
static const int64_t counts[] = {0, 1, 2, 3, 4, 5, 7, 8, 31, 63, 64, 65, 127, 1001, 50003};

static void put_state(kt_case *c, const int64_t *state) {
  int64_t *data = kt_input(c, KS_INT64, 2);
  data[0] = state[0];
  data[1] = state[1];
}

static void check_draw(ks_op op, int dtype, int64_t count, const int64_t *state, double a,
                       double b) {
  kt_case *c = kt_new(op, dtype, "count %lld state %llx %llx of %g %g", (long long)count,
                      (unsigned long long)state[0], (unsigned long long)state[1], a, b);
  put_state(c, state);
  kt_output(c, dtype, count);
  c->node.attr[0] = a;
  c->node.attr[1] = b;
  kt_check(c);
}

static void check_dropout(int dtype, int64_t count, const int64_t *state, double rate,
                          kt_values values) {
  kt_case *c = kt_new(KS_OP_dropout, dtype, "count %lld state %llx rate %g values %d",
                      (long long)count, (unsigned long long)state[0], rate, values);
  kt_input_filled(c, dtype, count, values);
  put_state(c, state);
  kt_output(c, dtype, count);
  c->node.attr[0] = rate;
  c->node.scratch_bytes = count;
  c->smooth = count < 100 && values == KT_UNIFORM;
  kt_check(c);
}

static void check_draws(int dtype) {
  static const double rates[] = {0, 0.1, 0.5, 0.99, 1.0 / 3};
  for (int s = 0; s < N(states); s++)
    for (int i = 0; i < N(counts); i++) {
      check_draw(KS_OP_random_uniform, dtype, counts[i], states[s], 0, 1);
      check_draw(KS_OP_random_uniform, dtype, counts[i], states[s], -0.05, 0.05);
      check_draw(KS_OP_random_normal, dtype, counts[i], states[s], 0, 1);
      check_draw(KS_OP_random_normal, dtype, counts[i], states[s], 3, 0.5);
      check_dropout(dtype, counts[i], states[s], rates[(s + i) % N(rates)], KT_UNIFORM);
    }
  for (int i = 0; i < N(rates); i++) {
    check_dropout(dtype, 1000, states[4], rates[i], KT_UNIFORM);
    check_dropout(dtype, 1000, states[5], rates[i], KT_SPECIAL);
  }
}

static void check_advance(void) {
  for (int s = 0; s < N(states); s++) {
    kt_case *c = kt_new(KS_OP_random_advance, KS_INT64, "state %d", s);
    put_state(c, states[s]);
    kt_output(c, KS_INT64, 2);
    kt_check(c);
  }
}

/* ---- statistics, of what every level draws ------------------------------- */

enum { DRAWS = 200000 };

static void draw(ks_op op, int dtype, const char *isa, int64_t key, int64_t counter, double a,
                 double b, double *values) {
  int64_t state[] = {key, counter};
  kt_case *c = kt_new(op, dtype, "statistics");
  put_state(c, state);
  kt_output(c, dtype, DRAWS);
  c->node.attr[0] = a;
  c->node.attr[1] = b;
  kt_result r = kt_run(c, isa, 1);
  for (int64_t i = 0; i < DRAWS; i++) values[i] = kt_element(&r.out, i);
  kt_free_result(&r);
  kt_free(c);
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double uniform_below(double x) { return x; }
static double normal_below(double x) { return 0.5 * erfc(-x / sqrt(2)); }

/* Kolmogorov and Smirnov: the largest distance of the two distribution
 * functions, times sqrt(n), exceeds 2.5 once in a hundred thousand times. */
static double distance(double *values, double (*below)(double)) {
  double most = 0;
  qsort(values, DRAWS, sizeof *values, by_size);
  for (int64_t i = 0; i < DRAWS; i++) {
    double p = below(values[i]);
    most = fmax(most, fmax(p - (double)i / DRAWS, (double)(i + 1) / DRAWS - p));
  }
  return most * sqrt(DRAWS);
}

/* Times sqrt(n), a standard normal variable if x and y are independent. */
static double correlation(const double *x, const double *y, int64_t n) {
  double xx = 0, yy = 0, xy = 0, mx = 0, my = 0;
  for (int64_t i = 0; i < n; i++) mx += x[i] / (double)n, my += y[i] / (double)n;
  for (int64_t i = 0; i < n; i++) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / sqrt(xx * yy) * sqrt((double)n);
}

static void check_statistics(ks_op op, int dtype, const char *isa, double *x, double *y) {
  int is_normal = op == KS_OP_random_normal;
  const char *name = is_normal ? "normal" : "uniform";
  draw(op, dtype, isa, 7, 0, 0, 1, x);
  for (int lag = 1; lag <= 4; lag++)
    KT_EXPECT(fabs(correlation(x, x + lag, DRAWS - lag)) < 5, "%s %s %s: lag %d correlates", name,
              kt_dtype_name(dtype), isa, lag);
  draw(op, dtype, isa, 7, 1, 0, 1, y);
  KT_EXPECT(fabs(correlation(x, y, DRAWS)) < 5, "%s: counters 0 and 1 correlate", name);
  draw(op, dtype, isa, 8, 0, 0, 1, y);
  KT_EXPECT(fabs(correlation(x, y, DRAWS)) < 5, "%s: keys 7 and 8 correlate", name);
  double d = distance(x, is_normal ? normal_below : uniform_below);
  KT_EXPECT(d < 2.5, "%s %s %s: distance from the distribution %g", name, kt_dtype_name(dtype), isa,
            d);
}

/* The upper end does not belong to the range, although rounding reaches it. */
static void check_range(int dtype, const char *isa, double low, double high, double *x) {
  draw(KS_OP_random_uniform, dtype, isa, 3, 0, low, high, x);
  for (int64_t i = 0; i < DRAWS; i++)
    if (!(x[i] >= low && x[i] < high)) {
      kt_failed("uniform %s %s [%g, %g): element %lld is %.17g", kt_dtype_name(dtype), isa, low,
                high, (long long)i, x[i]);
      return;
    }
}

static void check_all_statistics(void) {
  double *x = malloc(DRAWS * sizeof *x), *y = malloc(DRAWS * sizeof *y);
  const char *isa;
  for (int i = 0; (isa = kt_next_isa(&i));)
    for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++) {
      check_statistics(KS_OP_random_uniform, dtype, isa, x, y);
      check_statistics(KS_OP_random_normal, dtype, isa, x, y);
      check_range(dtype, isa, 0, 1, x);
      check_range(dtype, isa, 1000, 1001, x);
      check_range(dtype, isa, 1e6, 1e6 + 0.5, x);
    }
  free(x);
  free(y);
}

int main(void) {
  check_known_answers();
  check_draws(KS_FLOAT32);
  check_draws(KS_FLOAT64);
  check_advance();
  check_all_statistics();
  return kt_summary("random");
}
