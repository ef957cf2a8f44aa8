/* Convolution and its transpose: the nodes' forward half (ks_conv_plan.h). */
#include "ks_conv_plan.h"

#if KS_FLOATING

static ks_status forward(ks_node *node, const ks_context *context) {
  ks_conv_pass pass = ks_conv_forward_pass(node);
  ks_conv_job job = {.x = node->in[0].data, .w = node->in[1].data, .y = node->out[0].data};
  job.affine = ks_affine_of(node);
  job.activation = pass.g.activation;
  job.scratch = node->scratch;
  KS_NAME(conv_pass_start)(&pass, job.w, ks_bias_of(node), node->scratch);
  KS_NAME(conv_pass)(context, &pass, &job);
  return KS_OK;
}

ks_status KS_NAME(conv_forward)(ks_node *node, const ks_context *context) {
  return forward(node, context);
}

ks_status KS_NAME(conv_transpose_forward)(ks_node *node, const ks_context *context) {
  return forward(node, context);
}

#endif
