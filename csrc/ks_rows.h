/* Rows of a gradient that are not zero: a byte each, set by whoever writes a
 * row. Who writes the gradient anew then clears these rows instead of all, and
 * an update may pass over the others. */
#ifndef KS_ROWS_H
#define KS_ROWS_H

#include <string.h>

#include "ks_common.h"

/* Rows that a tile looks through: mostly at eight zeros at a time. */
#define KS_ROWS_A_TILE 65536

/* The first row from `row` on, before `end`, that is flagged; `end` if none is. */
static inline int64_t ks_next_row(const uint8_t *flags, int64_t row, int64_t end) {
  for (uint64_t eight; row + 8 <= end; row += 8) {
    memcpy(&eight, flags + row, 8);
    if (eight) break;
  }
  while (row < end && !flags[row]) row++;
  return row;
}

#endif
