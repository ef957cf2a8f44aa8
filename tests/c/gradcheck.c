/* Who checks the oracle? The reference's gradients in float64 are compared
 * with central differences of its own forward function. */
#include <math.h>

#include "harness.h"

enum { SAMPLES = 24 };

/* sum dy * y, of which the gradients are the derivatives. */
static double objective(const kt_case *c) {
  kt_result r = kt_run(c, NULL, 0);
  const double *dy = c->out.grad;
  long double sum = 0;
  for (int64_t i = 0; i < c->out.count; i++) sum += (long double)dy[i] * kt_element(&r.out, i);
  kt_free_result(&r);
  return (double)sum;
}

static double difference(const kt_case *c, double *x) {
  const double h = 1e-5, before = *x;
  *x = before + h;
  double above = objective(c);
  *x = before - h;
  double below = objective(c);
  *x = before;
  return (above - below) / (2 * h);
}

static void check_input(kt_case *c, int k, const kt_result *run) {
  int64_t count = c->in[k].count, step = count / SAMPLES + 1;
  for (int64_t i = 0; i < count; i += step) {
    double got = ((const double *)run->in[k].grad)[i];
    double want = difference(c, (double *)c->in[k].data + i);
    KT_EXPECT(fabs(got - want) <= 1e-6 * (1 + fabs(want)),
              "reference slopes, op %d [%s]: dx%d[%lld] got %.17g, differences give %.17g",
              c->node.op, c->name, k, (long long)i, got, want);
  }
}

void kt_check_slopes(const kt_case *original) {
  kt_case c = *original; /* shares the values, which are put back */
  for (int i = 0; i < c.node.n_in; i++) c.want[i] = c.in[i].grad ? KT_WRITE : KT_NONE;
  kt_result run = kt_run(&c, NULL, 0);
  c.forward_only = 1;
  for (int i = 0; i < c.node.n_in; i++)
    if (run.in[i].grad && c.in[i].dtype == KS_FLOAT64) check_input(&c, i, &run);
  kt_free_result(&run);
}
