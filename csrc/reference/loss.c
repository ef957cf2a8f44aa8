#include "reference.h"

#if KS_IS_REAL

/* log softmax of a row, shifted by its maximum. */
static void log_softmax_row(const real *x, int64_t classes, wide *log_s) {
  wide largest = -INFINITY, sum = 0;
  for (int64_t c = 0; c < classes; c++)
    if (x[c] > largest) largest = x[c];
  for (int64_t c = 0; c < classes; c++) sum += expl(x[c] - largest);
  for (int64_t c = 0; c < classes; c++) log_s[c] = x[c] - largest - logl(sum);
}

/* The same for all rows of in[0]; to be freed. */
static wide *log_softmax_of(const ks_node *node) {
  const real *x = node->in[0].data;
  int64_t rows = node->size[0], classes = node->size[1];
  wide *log_s = new_sums(rows * classes);
  for (int64_t r = 0; r < rows; r++) log_softmax_row(x + r * classes, classes, log_s + r * classes);
  return log_s;
}

FORWARD(softmax) {
  real *y = node->out[0].data;
  wide *log_s = log_softmax_of(node);
  for (int64_t i = 0; i < node->out[0].count; i++) y[i] = (real)expl(log_s[i]);
  free(log_s);
  return KS_OK;
}

FORWARD(log_softmax) {
  real *y = node->out[0].data;
  wide *log_s = log_softmax_of(node);
  for (int64_t i = 0; i < node->out[0].count; i++) y[i] = (real)log_s[i];
  free(log_s);
  return KS_OK;
}

/* With s the softmax: ds_j / dx_c = s_j (1{j = c} - s_c). */
BACKWARD(softmax) {
  int64_t rows = node->size[0], classes = node->size[1];
  const real *dy = node->out[0].grad;
  wide *log_s = log_softmax_of(node), *dx = new_sums(rows * classes);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < classes; c++)
      for (int64_t j = 0; j < classes; j++) {
        wide s_j = expl(log_s[r * classes + j]), s_c = expl(log_s[r * classes + c]);
        dx[r * classes + c] += dy[r * classes + j] * s_j * ((j == c) - s_c);
      }
  give_gradient(&node->in[0], dx);
  free(log_s);
  return KS_OK;
}

/* d log s_j / dx_c = 1{j = c} - s_c. */
BACKWARD(log_softmax) {
  int64_t rows = node->size[0], classes = node->size[1];
  const real *dy = node->out[0].grad;
  wide *log_s = log_softmax_of(node), *dx = new_sums(rows * classes);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < classes; c++)
      for (int64_t j = 0; j < classes; j++)
        dx[r * classes + c] += dy[r * classes + j] * ((j == c) - expl(log_s[r * classes + c]));
  give_gradient(&node->in[0], dx);
  free(log_s);
  return KS_OK;
}

FORWARD(softmax_crossentropy) {
  int64_t rows = node->size[0], classes = node->size[1];
  const real *t = node->in[1].data;
  real *y = node->out[0].data;
  wide *log_s = log_softmax_of(node);
  for (int64_t r = 0; r < rows; r++) {
    wide loss = 0;
    for (int64_t c = 0; c < classes; c++) loss -= t[r * classes + c] * log_s[r * classes + c];
    y[r] = (real)loss;
  }
  free(log_s);
  return KS_OK;
}

/* Of -sum_j t_j (x_j - log sum exp x): dx_c = s_c sum_j t_j - t_c, which is
 * s_c - t_c only if the targets sum to one; dt_c = -log s_c. */
BACKWARD(softmax_crossentropy) {
  int64_t rows = node->size[0], classes = node->size[1];
  const real *t = node->in[1].data, *dy = node->out[0].grad;
  wide *log_s = log_softmax_of(node);
  wide *dx = new_sums(rows * classes), *dt = new_sums(rows * classes);
  for (int64_t r = 0; r < rows; r++) {
    wide mass = 0;
    for (int64_t c = 0; c < classes; c++) mass += t[r * classes + c];
    for (int64_t c = 0; c < classes; c++) {
      int64_t i = r * classes + c;
      dx[i] = dy[r] * (expl(log_s[i]) * mass - t[i]);
      dt[i] = -dy[r] * log_s[i];
    }
  }
  give_gradient(&node->in[0], dx);
  give_gradient(&node->in[1], dt);
  free(log_s);
  return KS_OK;
}

FORWARD(sparse_softmax_crossentropy) {
  int64_t rows = node->size[0], classes = node->size[1];
  real *y = node->out[0].data;
  ks_status status = check_indices(node, classes);
  if (status != KS_OK) return status;
  wide *log_s = log_softmax_of(node);
  for (int64_t r = 0; r < rows; r++) y[r] = (real)-log_s[r * classes + integer_at(&node->in[1], r)];
  free(log_s);
  return KS_OK;
}

BACKWARD(sparse_softmax_crossentropy) {
  int64_t rows = node->size[0], classes = node->size[1];
  const real *dy = node->out[0].grad;
  wide *log_s = log_softmax_of(node), *dx = new_sums(rows * classes);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t c = 0; c < classes; c++)
      dx[r * classes + c] =
          dy[r] * (expl(log_s[r * classes + c]) - (integer_at(&node->in[1], r) == c));
  give_gradient(&node->in[0], dx);
  free(log_s);
  return KS_OK;
}

FORWARD(sigmoid_crossentropy) {
  const real *x = node->in[0].data, *t = node->in[1].data;
  real *y = node->out[0].data;
  for (int64_t i = 0; i < node->out[0].count; i++)
    y[i] = (real)((x[i] > 0 ? x[i] : 0) - (wide)x[i] * t[i] + log1pl(expl(-fabsl(x[i]))));
  return KS_OK;
}

BACKWARD(sigmoid_crossentropy) {
  const real *x = node->in[0].data, *t = node->in[1].data, *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count), *dt = new_sums(node->in[1].count);
  for (int64_t i = 0; i < node->out[0].count; i++) {
    dx[i] = dy[i] * (1 / (1 + expl(-(wide)x[i])) - t[i]);
    dt[i] = dy[i] * -(wide)x[i];
  }
  give_gradient(&node->in[0], dx);
  give_gradient(&node->in[1], dt);
  return KS_OK;
}

FORWARD(pick) {
  const real *x = node->in[0].data;
  real *y = node->out[0].data;
  ks_status status = check_indices(node, node->size[1]);
  if (status != KS_OK) return status;
  for (int64_t r = 0; r < node->size[0]; r++)
    y[r] = x[r * node->size[1] + integer_at(&node->in[1], r)];
  return KS_OK;
}

BACKWARD(pick) {
  const real *dy = node->out[0].grad;
  wide *dx = new_sums(node->in[0].count);
  for (int64_t r = 0; r < node->size[0]; r++)
    dx[r * node->size[1] + integer_at(&node->in[1], r)] = dy[r];
  give_gradient(&node->in[0], dx);
  return KS_OK;
}

#endif
