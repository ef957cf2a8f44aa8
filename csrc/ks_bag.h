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
  return (node->size[0] + 2 * node->in[1].count) * (int64_t)sizeof(int32_t) + KS_ALIGNMENT +
         node->size[1] * node->size[2] * size;
}

#endif
