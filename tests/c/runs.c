#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../csrc/ks_dispatch.h"
#include "../../csrc/ks_float_state.h"
#include "harness.h"

extern const ks_op_entry ks_ops_f32_reference[], ks_ops_f64_reference[], ks_ops_i32_reference[],
    ks_ops_i64_reference[], ks_ops_bool_reference[];

static const ks_op_entry *const reference[KS_N_DTYPES] = {
    ks_ops_f32_reference, ks_ops_f64_reference, ks_ops_i32_reference, ks_ops_i64_reference,
    ks_ops_bool_reference};

/* Aligned as the contract says, but not padded: the sanitizer then sees every
 * byte that a kernel has no right to. */
void *kt_allocate(int64_t bytes) {
  void *memory = NULL;
  if (posix_memalign(&memory, KS_ALIGNMENT, (size_t)bytes)) abort();
  memset(memory, 0xff, (size_t)bytes); /* nan, -1: what nobody wrote shows */
  return memory;
}

const char *kt_next_isa(int *index) {
  int runs = 0;
  const char *name;
  while ((name = ks_isa_level((*index)++, &runs)) && !runs) {
  }
  return name;
}

/* Pools are kept: making threads for each run would take most of the time. */
static ks_pool *pool_of(int n_threads) {
  static ks_pool *pools[9];
  if (n_threads == 0) return NULL;
  if (!pools[n_threads]) pools[n_threads] = ks_pool_new(n_threads);
  return pools[n_threads];
}

ks_context kt_context(const char *isa, int n_threads) {
  ks_context context = {.blas = kt_naive_blas, .pool = pool_of(n_threads), .isa = "reference"};
  if (isa && ks_dispatch(&context, isa) != KS_DISPATCH_OK) {
    fprintf(stderr, "cannot dispatch to %s\n", isa);
    exit(2);
  }
  if (!isa) memcpy(context.ops, reference, sizeof reference);
  return context;
}

int kt_has_backward(const kt_case *c) {
  return reference[c->node.dtype][c->node.op].backward != NULL;
}

static void *copy(const void *source, int64_t bytes) {
  void *memory = kt_allocate(bytes);
  if (bytes) memcpy(memory, source, (size_t)bytes);
  return memory;
}

/* Fresh operands. A gradient that is to be written starts as nan. */
static void copy_inputs(const kt_case *c, kt_result *r) {
  void *shared = NULL;
  r->n_in = c->node.n_in;
  for (int i = 0; i < r->n_in; i++) {
    int64_t bytes = kt_bytes(c->in[i].dtype, c->in[i].count);
    r->in[i] = c->in[i];
    r->in[i].data = copy(c->in[i].data, bytes);
    r->in[i].grad = NULL;
    if (c->want[i] == KT_NONE) continue;
    r->in[i].add = c->want[i] == KT_ADD || shared != NULL;
    r->in[i].grad = shared                   ? shared
                    : c->want[i] == KT_WRITE ? kt_allocate(bytes)
                                             : copy(c->in[i].grad, bytes);
    if (c->one_gradient) shared = r->in[i].grad;
  }
}

static void copy_outputs(const kt_case *c, kt_result *r) {
  int64_t bytes = kt_bytes(c->out.dtype, c->out.count);
  memcpy(r->outs, c->outs, sizeof r->outs);
  if (c->node.n_out == 0) return;
  r->out.data = c->output_is_input ? r->in[0].data : kt_allocate(bytes);
  for (int i = 1; i < c->node.n_out; i++)
    r->outs[i].data = kt_allocate(kt_bytes(c->outs[i].dtype, c->outs[i].count));
  if (c->out.grad) r->out.grad = copy(c->out.grad, bytes);
}

static void call(const kt_case *c, ks_node *node, const ks_context *context, kt_result *r) {
  const ks_op_entry *entry = &context->ops[node->dtype][node->op];
  node->forward = entry->forward;
  node->backward = entry->backward;
  uint32_t float_state = ks_float_state_enter();
  r->status = node->forward(node, context);
  if (r->status == KS_OK && node->backward && !c->forward_only)
    r->status = node->backward(node, context);
  ks_float_state_leave(float_state);
  r->error_position = node->error_position;
  r->error_value = node->error_value;
}

kt_result kt_run(const kt_case *c, const char *isa, int n_threads) {
  kt_result r = {0};
  ks_context context = kt_context(isa, n_threads);
  ks_node node = c->node;
  copy_inputs(c, &r);
  copy_outputs(c, &r);
  node.in = r.in;
  node.out = r.outs;
  /* Or what the case has put there, which is the same for all runs. */
  void *scratch = node.scratch_bytes ? kt_allocate(node.scratch_bytes) : NULL;
  if (scratch) node.scratch = scratch;
  call(c, &node, &context, &r);
  free(scratch);
  return r;
}

void kt_free_result(kt_result *r) {
  int is_view = r->n_in > 0 && r->out.data == r->in[0].data;
  for (int i = 0; i < r->n_in; i++) {
    int seen = 0;
    for (int j = 0; j < i; j++) seen |= r->in[j].grad == r->in[i].grad;
    if (!seen) free(r->in[i].grad);
  }
  for (int i = 0; i < r->n_in; i++) free(r->in[i].data);
  if (!is_view) free(r->out.data);
  for (int i = 1; i < KT_MAX_OUT; i++) free(r->outs[i].data);
  free(r->out.grad);
}
