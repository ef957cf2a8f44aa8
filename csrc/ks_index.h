/* Indices and labels: int32 or int64 arrays, all checked before any is used. */
#ifndef KS_INDEX_H
#define KS_INDEX_H

#include "ks_node.h"

static inline int64_t ks_index(const ks_operand *indices, int64_t i) {
  return indices->dtype == KS_INT32 ? ((const int32_t *)indices->data)[i]
                                    : ((const int64_t *)indices->data)[i];
}

/* KS_INDEX_OUT_OF_RANGE with position and value of the first index that is
 * not in 0 .. limit - 1. */
static inline ks_status ks_check_indices(ks_node *node, const ks_operand *indices, int64_t limit) {
  for (int64_t i = 0; i < indices->count; i++) {
    int64_t index = ks_index(indices, i);
    if (index < 0 || index >= limit) {
      node->error_position = i;
      node->error_value = index;
      return KS_INDEX_OUT_OF_RANGE;
    }
  }
  return KS_OK;
}

#endif
