/* Conversions between dtypes, and labels to one-hot rows.
 *
 * The dtype of the table is that of the result, so a table has five casts; no
 * pair of dtypes needs a file of its own. */
#include <string.h>

#include "ks_index.h"
#include "ks_ops.h"
#include "ks_tiles.h"

#if KS_DTYPE_NUMBER == 5
#define CONVERTED(x) ((x) != 0)
#else
#define CONVERTED(x) ((real)(x))
#endif

/* A loop for each dtype that can come. */
#define CAST_RANGE(type)                                           \
  static void cast_##type(void *arg, int64_t begin, int64_t end) { \
    const ks_node *node = arg;                                     \
    const type *x = node->in[0].data;                              \
    real *y = node->out[0].data;                                   \
    for (int64_t i = begin; i < end; i++) y[i] = CONVERTED(x[i]);  \
  }

CAST_RANGE(float)
CAST_RANGE(double)
CAST_RANGE(int32_t)
CAST_RANGE(int64_t)
CAST_RANGE(uint8_t)

ks_status KS_NAME(cast_forward)(ks_node *node, const ks_context *context) {
  static const ks_range_function from[KS_N_DTYPES] = {
      [KS_FLOAT32] = cast_float, [KS_FLOAT64] = cast_double, [KS_INT32] = cast_int32_t,
      [KS_INT64] = cast_int64_t, [KS_BOOL] = cast_uint8_t,
  };
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, from[node->in[0].dtype], node);
  return KS_OK;
}

#if KS_FLOATING

/* The gradient has the dtype of the input. Selecting 0 instead of branching
 * keeps it one vector loop; what is not initialised is not used. */
#define CAST_GRADIENT_RANGE(type)                                                  \
  static void cast_gradient_##type(void *arg, int64_t begin, int64_t end) {        \
    const ks_node *node = arg;                                                     \
    const real *dy = node->out[0].grad;                                            \
    type *dx = node->in[0].grad;                                                   \
    int add = node->in[0].add;                                                     \
    for (int64_t i = begin; i < end; i++) dx[i] = (add ? dx[i] : 0) + (type)dy[i]; \
  }

CAST_GRADIENT_RANGE(float)
CAST_GRADIENT_RANGE(double)

ks_status KS_NAME(cast_backward)(ks_node *node, const ks_context *context) {
  const ks_operand *in = &node->in[0];
  if (!in->grad || (in->dtype != KS_FLOAT32 && in->dtype != KS_FLOAT64)) return KS_OK;
  ks_range_function range = in->dtype == KS_FLOAT32 ? cast_gradient_float : cast_gradient_double;
  ks_parallel_range(context, in->count, KS_TILE_ELEMENTS, range, node);
  return KS_OK;
}

static void one_hot_rows(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  const int64_t classes = node->size[0];
  real *y = (real *)node->out[0].data + begin * classes;
  /* Clear first, and set one element a row: no comparison per class. */
  memset(y, 0, sizeof *y * (end - begin) * classes);
  for (int64_t row = begin; row < end; row++, y += classes) {
    int64_t label = ks_index(&node->in[0], row);
    if (label >= 0 && label < classes) y[label] = 1;
  }
}

ks_status KS_NAME(one_hot_forward)(ks_node *node, const ks_context *context) {
  int64_t rows_a_tile = KS_TILE_ELEMENTS / (node->size[0] + 1) + 1;
  ks_parallel_range(context, node->in[0].count, rows_a_tile, one_hot_rows, node);
  return KS_OK;
}

#endif
