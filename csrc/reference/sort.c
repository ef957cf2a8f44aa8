#include "reference.h"

/* How many of a row stand before the one in column i. */
static int64_t rank_of(const real *x, int64_t n, int64_t i, int falling) {
  int64_t rank = 0;
  for (int64_t j = 0; j < n; j++) {
    int is_same = x[i] == x[j] || (is_nan(x[i]) && is_nan(x[j]));
    int is_larger = !is_same && (is_nan(x[j]) || x[j] > x[i]);
    rank += is_same ? j < i : is_larger == falling;
  }
  return rank;
}

FORWARD(order) {
  const real *x = node->in[0].data;
  int32_t *y = node->out[0].data;
  int64_t n = node->size[1], k = node->size[2];
  for (int64_t row = 0; row < node->size[0]; row++)
    for (int64_t i = 0; i < n; i++) {
      int64_t rank = rank_of(x + row * n, n, i, node->size[3] != 0);
      if (rank < k) y[row * k + rank] = (int32_t)i;
    }
  return KS_OK;
}
