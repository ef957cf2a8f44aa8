#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

kt_case *kt_new(ks_op op, int dtype, const char *format, ...) {
  kt_case *c = calloc(1, sizeof *c);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(c->name, sizeof c->name, format, arguments);
  va_end(arguments);
  c->node.op = op;
  c->node.dtype = dtype;
  return c;
}

void kt_free(kt_case *c) {
  for (int i = 0; i < c->node.n_in; i++) {
    free(c->in[i].data);
    free(c->in[i].grad);
  }
  free(c->out.grad);
  free(c);
}

/* Where a gradient may be wanted, the buffer has values already: those that
 * are added to. */
static void fill_gradient(ks_operand *operand) {
  ks_operand gradient = *operand;
  if (!kt_is_real(operand->dtype)) return;
  gradient.data = operand->grad = kt_allocate(kt_bytes(operand->dtype, operand->count));
  kt_fill(&gradient, KT_UNIFORM);
}

void *kt_input(kt_case *c, int dtype, int64_t count) {
  ks_operand *in = &c->in[c->node.n_in++];
  *in = (ks_operand){.dtype = dtype, .count = count};
  in->data = kt_allocate(kt_bytes(dtype, count));
  if (kt_has_backward(c)) fill_gradient(in);
  return in->data;
}

void kt_input_filled(kt_case *c, int dtype, int64_t count, kt_values values) {
  kt_input(c, dtype, count);
  kt_fill(&c->in[c->node.n_in - 1], values);
}

void kt_output(kt_case *c, int dtype, int64_t count) {
  c->outs[c->node.n_out++] = (ks_operand){.dtype = dtype, .count = count};
  if (kt_has_backward(c) && c->node.n_out == 1) fill_gradient(&c->out);
}

void kt_sizes(kt_case *c, int n, const int64_t *sizes) {
  memcpy(c->node.size, sizes, (size_t)n * sizeof *sizes);
}

void kt_loops(kt_case *c, int n_dims, const int64_t *dims) {
  c->node.n_dims = n_dims;
  memcpy(c->node.dims, dims, (size_t)n_dims * sizeof *dims);
}

kt_case *kt_scan(ks_op op, int dtype, double low, double high) {
  enum { COUNT = 4001 };
  kt_case *c = kt_new(op, dtype, "scan %g .. %g", low, high);
  kt_input(c, dtype, COUNT);
  for (int i = 0; i < COUNT; i++) {
    double x = low + (high - low) * i / (COUNT - 1);
    if (dtype == KS_FLOAT32)
      ((float *)c->in[0].data)[i] = (float)x;
    else
      ((double *)c->in[0].data)[i] = x;
  }
  kt_output(c, dtype, COUNT);
  return c;
}
