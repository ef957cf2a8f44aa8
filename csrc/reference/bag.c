#include "reference.h"

#if KS_IS_REAL

static int64_t first_of(const ks_node *node, int64_t bag) {
  if (node->n_in == 3 && node->in[2].dtype == KS_INT64) return integer_at(&node->in[2], bag);
  return bag * node->size[3];
}

static int is_counted(const ks_node *node, int64_t i) {
  if (node->n_in == 3 && node->in[2].dtype == KS_BOOL)
    return ((const uint8_t *)node->in[2].data)[i];
  return 1;
}

/* By what the sum of a bag is divided. */
static wide divisor_of(const ks_node *node, int64_t bag) {
  int64_t count = 0;
  for (int64_t i = first_of(node, bag); i < first_of(node, bag + 1); i++)
    count += is_counted(node, i);
  return node->size[4] && count ? count : 1;
}

/* For each id that counts, of each bag. */
#define FOR_EACH_ID(node, bag, i)                                           \
  for (int64_t bag = 0; bag < (node)->size[2]; bag++)                       \
    for (int64_t i = first_of(node, bag); i < first_of(node, bag + 1); i++) \
      if (is_counted(node, i))

FORWARD(bag) {
  const int64_t width = node->size[1], n = width * node->size[2];
  const real *x = node->in[0].data;
  real *y = node->out[0].data;
  ks_status status = check_indices(node, node->size[0]);
  if (status != KS_OK) return status;
  wide *sums = new_sums(n);
  FOR_EACH_ID(node, bag, i)
  for (int64_t c = 0; c < width; c++)
    sums[bag * width + c] += x[integer_at(&node->in[1], i) * width + c];
  for (int64_t i = 0; i < n; i++) y[i] = (real)(sums[i] / divisor_of(node, i / width));
  free(sums);
  return KS_OK;
}

BACKWARD(bag) {
  const int64_t width = node->size[1];
  const real *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  FOR_EACH_ID(node, bag, i)
  for (int64_t c = 0; c < width; c++)
    dx[integer_at(&node->in[1], i) * width + c] += dy[bag * width + c] / divisor_of(node, bag);
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

#endif
