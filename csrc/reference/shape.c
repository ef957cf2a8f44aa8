#include "reference.h"

FORWARD(view) {
  (void)node;
  return KS_OK;
}

FORWARD(strided_copy) {
  const real *x = node->in[0].data;
  real *y = node->out[0].data;
  for (int64_t i = 0; i < node->out[0].count; i++) y[i] = x[node->size[0] + offset_at(node, 0, i)];
  return KS_OK;
}

/* Where element e of input k stands in the concatenation. */
static int64_t place(const ks_node *node, int k, int64_t e) {
  int64_t outer = node->size[0], width = node->in[k].count / outer;
  int64_t total = node->out[0].count / outer, before = 0;
  for (int j = 0; j < k; j++) before += node->in[j].count / outer;
  return e / width * total + before + e % width;
}

FORWARD(concatenate) {
  real *y = node->out[0].data;
  for (int k = 0; k < node->n_in; k++) {
    const real *x = node->in[k].data;
    for (int64_t e = 0; e < node->in[k].count; e++) y[place(node, k, e)] = x[e];
  }
  return KS_OK;
}

FORWARD(fill) {
  real *y = node->out[0].data;
  for (int64_t i = 0; i < node->out[0].count; i++) {
#if KS_IS_BOOL
    y[i] = node->attr[0] != 0;
#else
    y[i] = (real)node->attr[0];
#endif
  }
  return KS_OK;
}

FORWARD(assign) {
  memcpy(node->out[0].data, node->in[0].data, (size_t)node->out[0].count * sizeof(real));
  return KS_OK;
}

#if KS_IS_REAL

BACKWARD(view) {
  const real *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  for (int64_t i = 0; i < node->in[0].count; i++) dx[i] = dy[i];
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

BACKWARD(strided_copy) {
  const real *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  for (int64_t i = 0; i < node->out[0].count; i++)
    dx[node->size[0] + offset_at(node, 0, i)] += dy[i];
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

BACKWARD(concatenate) {
  const real *dy = node->out[0].grad;
  for (int k = 0; k < node->n_in; k++) {
    if (!node->in[k].grad) continue;
    wide *dx = new_sums(node->in[k].count);
    for (int64_t e = 0; e < node->in[k].count; e++) dx[e] = dy[place(node, k, e)];
    give_gradient(&node->in[k], dx);
  }
  return KS_OK;
}

#endif
