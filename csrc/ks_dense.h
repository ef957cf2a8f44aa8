/* How the backward pass of a dense node is cut, by its sizes alone, and the scratch that it takes.
 *
 * Small weights: into blocks of rows, each with sums of its own for weights and bias, which are
 * joined in order. A thread then finds its rows of x, y and dy in its own cache, where it left them
 * on the way forward. Two threads that shared dw by its columns instead, at 200 x 64 x 100 in
 * float64, spent as long on fetching rows from each other as they saved.
 */
#ifndef KS_DENSE_H
#define KS_DENSE_H

#include "ks_node.h"
#include "ks_ops.h"
#include "ks_pool.h"

#define KS_DENSE_BLOCK_ROWS 64 /* at least: fewer would not pay for the joining */
#define KS_DENSE_MOST_BLOCKS 4
#define KS_DENSE_BLOCK_WEIGHTS 32768  /* 256 KB in float64: some of L2 */
#define KS_DENSE_SHARED_PRODUCTS 2e5  /* from here on it is cut, */
#define KS_DENSE_SHARED_ELEMENTS 8192 /* or for so many of x and dy */
#define KS_DENSE_WAKING_PRODUCTS 1e6  /* see ks_tiles.h */

static inline double ks_dense_products(const ks_node *node) {
  return (double)node->size[0] * (double)node->size[1] * (double)node->size[2];
}

static inline int64_t ks_dense_blocks(const ks_node *node) {
  int64_t m = node->size[0], n = node->size[1], k = node->size[2];
  if (m == 0 || n == 0 || k == 0 || k > KS_DENSE_BLOCK_WEIGHTS / n) return 1;
  int has_elements = m > KS_DENSE_SHARED_ELEMENTS / (k + n);
  if (!has_elements && ks_dense_products(node) < KS_DENSE_SHARED_PRODUCTS) return 1;
  int64_t blocks = 1; /* a power of 2, which threads can share evenly */
  while (blocks < KS_DENSE_MOST_BLOCKS && m >= 2 * blocks * KS_DENSE_BLOCK_ROWS) blocks *= 2;
  return blocks;
}

/* Where block `index` begins: as the tiles of the forward product do. */
static inline int64_t ks_dense_row(int64_t m, int64_t index, int64_t blocks) {
  return index == blocks ? m : m * index / blocks / 4 * 4;
}

static inline int64_t ks_dense_bytes(const ks_node *node, int64_t elements) {
  int64_t bytes = elements * (node->dtype == KS_FLOAT64 ? 8 : 4);
  return (bytes + KS_ALIGNMENT - 1) / KS_ALIGNMENT * KS_ALIGNMENT;
}

/* What the backward pass has in its scratch: dz, unless it is dy, and for each block but the first
 * its sums for the weights and for the bias. */
typedef struct {
  int64_t blocks, weights_at, bias_at, block_bytes, bytes;
  ks_waking waking;
} ks_dense_plan;

static inline ks_dense_plan ks_dense_plan_of(const ks_node *node) {
  int64_t m = node->size[0], n = node->size[1], k = node->size[2];
  ks_dense_plan p = {.blocks = ks_dense_blocks(node)};
  int is_long = ks_dense_products(node) >= KS_DENSE_WAKING_PRODUCTS;
  p.waking = is_long ? KS_WAKE_ALL : KS_WAKE_LATER;
  p.weights_at = node->size[3] == KS_LINEAR ? 0 : ks_dense_bytes(node, m * n);
  p.bias_at = p.weights_at + ks_dense_bytes(node, k * n);
  p.block_bytes = p.bias_at - p.weights_at + ks_dense_bytes(node, n);
  p.bytes = p.weights_at + (p.blocks - 1) * p.block_bytes;
  return p;
}

#endif
