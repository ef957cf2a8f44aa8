/* What the gradient of bags needs: for each row of the table the first id that
 * stands for it, for each id the next one of the same row and its bag, and for
 * each bag what its ids get. */
#ifndef KS_BAG_H
#define KS_BAG_H

#include "ks_node.h"

#define KS_BAG_MOST_IDS INT32_MAX

/* In bytes. */
static inline int64_t ks_bag_scratch(const ks_node *node) {
  const int64_t size = node->dtype == KS_FLOAT64 ? 8 : 4;
  const int64_t shares = node->size[4] ? node->size[1] * node->size[2] * size : 0;
  return (node->size[0] + 2 * node->in[1].count) * (int64_t)sizeof(int32_t) + KS_ALIGNMENT + shares;
}

#ifdef KS_DTYPE
/* The gradient of a node's table row by row, without a place for all of it:
 * what has to be made of the ids before, and then some rows, each 0 or what its
 * ids add up to. The number of rows that ids stand for. */
void KS_NAME(bag_link)(const ks_node *node, const ks_context *context);
int64_t KS_NAME(bag_rows)(const ks_node *node, int64_t first, int64_t end, real *to);
#endif

#endif
