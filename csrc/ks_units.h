/* Work over the middle of (outer, count, inner), cut into units: one outer index
 * and up to KS_COLUMNS inner ones. With inner == 1 that is a run of neighbours;
 * else columns, which are gathered row by row so that memory is read in order.
 */
#ifndef KS_UNITS_H
#define KS_UNITS_H

#include "ks_ops.h"
#include "ks_sum.h"
#include "ks_tiles.h"

/* What is to be read and written for one unit. */
typedef struct {
  const real *x;
  int64_t x_at, y_at; /* positions of the first element and result */
  int64_t count, stride, columns;
} reduction_unit;

static inline int64_t units_a_row(const ks_node *node) {
  return (node->size[2] + KS_COLUMNS - 1) / KS_COLUMNS;
}

static inline reduction_unit unit_of(const ks_node *node, int64_t unit) {
  int64_t outer = unit / units_a_row(node), count = node->size[1], inner = node->size[2];
  int64_t column = unit % units_a_row(node) * KS_COLUMNS;
  int64_t columns = inner - column < KS_COLUMNS ? inner - column : KS_COLUMNS;
  int64_t x_at = outer * count * inner + column;
  return (reduction_unit){
      (const real *)node->in[0].data + x_at, x_at, outer * inner + column, count, inner, columns};
}

/* Small units go several to a tile: a hand-over costs more than they do. */
static inline void run_units(ks_node *node, const ks_context *context, ks_range_function function) {
  int64_t columns = node->size[2] < KS_COLUMNS ? node->size[2] : KS_COLUMNS;
  int64_t units_a_tile = KS_TILE_ELEMENTS / (node->size[1] * columns + 1) + 1;
  ks_parallel_range(context, node->size[0] * units_a_row(node), units_a_tile, function, node);
}

#endif
