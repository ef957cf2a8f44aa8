/* The order of the elements of each row, as column numbers; stable.
 *
 * A few of many are kept in a list that is in order; all of them, or many, are
 * merged from below, to and fro between two arrays of column numbers.
 */
#include <string.h>

#include "ks_ops.h"
#include "ks_tiles.h"

#define FEW 16

#if KS_FLOATING
#define IS_NAN(x) ((x) != (x))
#else
#define IS_NAN(x) 0
#endif

/* Whether a stands before b, whichever came first; nan is larger than all. */
static inline int stands_before(real a, real b, int falling) {
  if (falling) return a > b || (IS_NAN(a) && !IS_NAN(b));
  return a < b || (IS_NAN(b) && !IS_NAN(a));
}

/* The first k in order, k small: most elements are compared with the last of
 * the list and forgotten. */
static void choose(const real *x, int64_t n, int32_t *y, int64_t k, int falling) {
  int64_t kept = 0;
  for (int64_t i = 0; i < n; i++) {
    if (kept == k && !stands_before(x[i], x[y[k - 1]], falling)) continue;
    int64_t place = kept < k ? kept++ : k - 1;
    for (; place > 0 && stands_before(x[i], x[y[place - 1]], falling); place--)
      y[place] = y[place - 1];
    y[place] = (int32_t)i;
  }
}

/* Two neighbouring runs that are in order become one; equals of the left one
 * stay first. */
static void merge(const real *x, const int32_t *from, int64_t left, int64_t middle, int64_t right,
                  int32_t *to, int falling) {
  int64_t i = left, j = middle;
  for (int64_t at = left; at < right; at++) {
    int take_right = i == middle || (j < right && stands_before(x[from[j]], x[from[i]], falling));
    to[at] = take_right ? from[j++] : from[i++];
  }
}

/* Leaves all column numbers in order in `from` or `to`, and says where. */
static const int32_t *merge_all(const real *x, int64_t n, int32_t *from, int32_t *to, int falling) {
  for (int64_t i = 0; i < n; i++) from[i] = (int32_t)i;
  for (int64_t width = 1; width < n; width *= 2) {
    for (int64_t left = 0; left < n; left += 2 * width) {
      int64_t middle = left + width < n ? left + width : n;
      int64_t right = left + 2 * width < n ? left + 2 * width : n;
      merge(x, from, left, middle, right, to, falling);
    }
    int32_t *other = from;
    from = to;
    to = other;
  }
  return from;
}

static void order_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  int64_t n = node->size[1], k = node->size[2];
  int falling = node->size[3] != 0;
  for (int64_t row = begin; row < end; row++) {
    const real *x = (const real *)node->in[0].data + row * n;
    int32_t *y = (int32_t *)node->out[0].data + row * k;
    if (k == 0) continue;
    if (k <= FEW) {
      choose(x, n, y, k, falling);
      continue;
    }
    int32_t *scratch = (int32_t *)node->scratch + 2 * row * n;
    memcpy(y, merge_all(x, n, scratch, scratch + n, falling), (size_t)k * sizeof *y);
  }
}

ks_status KS_NAME(order_forward)(ks_node *node, const ks_context *context) {
  int64_t rows_a_tile = KS_TILE_ELEMENTS / 8 / (node->size[1] + 1) + 1;
  ks_parallel_range(context, node->size[0], rows_a_tile, order_range, node);
  return KS_OK;
}
