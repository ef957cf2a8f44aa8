#include "reference.h"

#if KS_IS_REAL

/* The sample at a place is a sum over all pixels of the plane, of which the
 * image is continued as the fill mode says. */
typedef struct {
  int64_t index[2]; /* -1: outside */
  wide weight[2];
  int n;
} taps;

static int64_t continued(int64_t i, int64_t n, int64_t fill_mode) {
  while (i < 0 || i >= n) {
    if (fill_mode == KS_FILL_CONSTANT) return -1;
    if (fill_mode == KS_FILL_NEAREST) i = i < 0 ? 0 : n - 1;
    if (fill_mode == KS_FILL_WRAP) i += i < 0 ? n : -n;
    if (fill_mode == KS_FILL_REFLECT) i = i < 0 ? -1 - i : 2 * n - 1 - i;
  }
  return i;
}

static taps taps_at(wide place, int64_t n, const ks_node *node) {
  const int is_nearest = node->size[4] == 0;
  taps found = {.n = is_nearest ? 1 : 2, .weight = {1, 0}};
  const wide low = is_nearest ? roundl(place) : floorl(place);
  if (!is_nearest) found.weight[0] = 1 - (place - low), found.weight[1] = place - low;
  for (int k = 0; k < found.n; k++) found.index[k] = continued((int64_t)low + k, n, node->size[5]);
  return found;
}

static taps rows_of(const ks_node *node, int64_t image, int64_t row, int64_t column) {
  const real *t = (const real *)node->in[1].data + 6 * image;
  return taps_at((wide)t[3] * column + (wide)t[4] * row + t[5], node->size[1], node);
}

static taps columns_of(const ks_node *node, int64_t image, int64_t row, int64_t column) {
  const real *t = (const real *)node->in[1].data + 6 * image;
  return taps_at((wide)t[0] * column + (wide)t[1] * row + t[2], node->size[2], node);
}

/* Element of x that tap (i, j) reads for channel k; -1: the fill value. */
static int64_t element(const ks_node *node, int64_t image, const taps *rows, int i,
                       const taps *columns, int j, int64_t k) {
  if (rows->index[i] < 0 || columns->index[j] < 0) return -1;
  return ((image * node->size[1] + rows->index[i]) * node->size[2] + columns->index[j]) *
             node->size[3] +
         k;
}

/* forward: y from x; otherwise dx gathers what dy gives. */
static void go_through(ks_node *node, const real *x, real *y, const real *dy, wide *dx) {
  const int64_t *size = node->size;
  int64_t at = 0;
  for (int64_t image = 0; image < size[0]; image++)
    for (int64_t row = 0; row < size[1]; row++)
      for (int64_t column = 0; column < size[2]; column++)
        for (int64_t k = 0; k < size[3]; k++, at++) {
          const taps rows = rows_of(node, image, row, column);
          const taps columns = columns_of(node, image, row, column);
          wide sum = 0;
          for (int i = 0; i < rows.n; i++)
            for (int j = 0; j < columns.n; j++) {
              const int64_t from = element(node, image, &rows, i, &columns, j, k);
              const wide weight = rows.weight[i] * columns.weight[j];
              if (x) sum += weight * (from < 0 ? (wide)(real)node->attr[0] : (wide)x[from]);
              if (dx && from >= 0) dx[from] += weight * dy[at];
            }
          if (y) y[at] = (real)sum;
        }
}

FORWARD(affine_sample) {
  go_through(node, node->in[0].data, node->out[0].data, NULL, NULL);
  return KS_OK;
}

BACKWARD(affine_sample) {
  wide *dx = new_sums(node->in[0].count);
  go_through(node, NULL, NULL, node->out[0].grad, dx);
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

#endif
