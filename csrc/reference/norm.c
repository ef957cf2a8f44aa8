#include "activation.h"
#include "reference.h"

#if KS_IS_REAL

/* Mean and variance of n values that are `stride` apart. */
static void moments(const real *x, int64_t n, int64_t stride, wide *mean, wide *variance) {
  *mean = *variance = 0;
  for (int64_t i = 0; i < n; i++) *mean += x[i * stride];
  *mean /= (wide)n;
  for (int64_t i = 0; i < n; i++) *variance += (x[i * stride] - *mean) * (x[i * stride] - *mean);
  *variance /= (wide)n;
}

/* Where value i of channel c stands, of outer * inner. */
static int64_t channel_at(const ks_node *node, int64_t c, int64_t i) {
  int64_t channels = node->size[1], inner = node->size[2];
  return (i / inner * channels + c) * inner + i % inner;
}

static void channel_moments(const ks_node *node, int64_t c, wide *mean, wide *variance) {
  int64_t n = node->size[0] * node->size[2];
  const real *x = node->in[0].data;
  real *copy = malloc((size_t)n * sizeof(real) + 1);
  for (int64_t i = 0; i < n; i++) copy[i] = x[channel_at(node, c, i)];
  moments(copy, n, 1, mean, variance);
  free(copy);
}

FORWARD(batch_norm) {
  int64_t n = node->size[0] * node->size[2];
  const real *x = node->in[0].data, *gamma = node->in[1].data, *beta = node->in[2].data;
  real *y = node->out[0].data;
  for (int64_t c = 0; c < node->size[1]; c++) {
    wide mean, variance;
    channel_moments(node, c, &mean, &variance);
    ((real *)node->out[1].data)[c] = (real)mean;
    ((real *)node->out[2].data)[c] = (real)variance;
    for (int64_t i = 0; i < n; i++) {
      int64_t at = channel_at(node, c, i);
      wide z = (x[at] - mean) / sqrtl(variance + node->attr[0]) * gamma[c] + beta[c];
      y[at] = (real)activate(node->size[3], z);
    }
  }
  return KS_OK;
}

/* y_i = g (x_i - m) s + b with s = (v + epsilon)^-1/2, so that dy_i / dx_j =
 * g s (1{i = j} - 1/n) + g (x_i - m) ds / dx_j, ds / dx_j = -s^3 (x_j - m) / n. */
BACKWARD(batch_norm) {
  int64_t n = node->size[0] * node->size[2], channels = node->size[1];
  const real *x = node->in[0].data, *gamma = node->in[1].data, *y = node->out[0].data;
  wide *dx = new_sums(node->in[0].count), *dy = new_sums(node->in[0].count);
  for (int64_t i = 0; i < node->in[0].count; i++)
    dy[i] = node->size[3] == KS_RELU && !(y[i] > 0) ? 0 : ((real *)node->out[0].grad)[i];
  wide *dgamma = new_sums(channels), *dbeta = new_sums(channels);
  for (int64_t c = 0; c < channels; c++) {
    wide mean, variance, product = 0;
    channel_moments(node, c, &mean, &variance);
    wide s = 1 / sqrtl(variance + node->attr[0]);
    for (int64_t i = 0; i < n; i++) {
      int64_t at = channel_at(node, c, i);
      product += dy[at] * (x[at] - mean);
      dbeta[c] += dy[at];
    }
    dgamma[c] = product * s;
    for (int64_t j = 0; j < n; j++) {
      int64_t at = channel_at(node, c, j);
      dx[at] = gamma[c] * s * (dy[at] - dbeta[c] / (wide)n) -
               gamma[c] * product * s * s * s * (x[at] - mean) / (wide)n;
    }
  }
  give_gradient(&node->in[0], dx);
  give_gradient(&node->in[1], dgamma);
  give_gradient(&node->in[2], dbeta);
  free(dy);
  return KS_OK;
}

FORWARD(channel_affine) {
  const real *x = node->in[0].data, *mean = node->in[1].data, *factor = node->in[2].data;
  const real *offset = node->in[3].data;
  real *y = node->out[0].data;
  for (int64_t i = 0; i < node->in[0].count; i++) {
    int64_t c = i / node->size[2] % node->size[1];
    y[i] = (real)(((wide)x[i] - mean[c]) * factor[c] + offset[c]);
  }
  return KS_OK;
}

BACKWARD(channel_affine) {
  const real *x = node->in[0].data, *mean = node->in[1].data, *factor = node->in[2].data;
  const real *dy = node->out[0].grad;
  wide *d[4];
  for (int k = 0; k < 4; k++) d[k] = new_sums(node->in[k].count);
  for (int64_t i = 0; i < node->in[0].count; i++) {
    int64_t c = i / node->size[2] % node->size[1];
    d[0][i] = (wide)dy[i] * factor[c];
    d[1][c] -= (wide)dy[i] * factor[c];
    d[2][c] += dy[i] * ((wide)x[i] - mean[c]);
    d[3][c] += dy[i];
  }
  for (int k = 0; k < 4; k++) give_gradient(&node->in[k], d[k]);
  return KS_OK;
}

FORWARD(layer_norm) {
  int64_t width = node->size[1];
  const real *gamma = node->in[1].data, *beta = node->in[2].data;
  for (int64_t r = 0; r < node->size[0]; r++) {
    const real *x = (const real *)node->in[0].data + r * width;
    real *y = (real *)node->out[0].data + r * width;
    wide mean, variance;
    moments(x, width, 1, &mean, &variance);
    wide centre = node->size[2] ? 0 : mean, s = 1 / sqrtl(variance + node->attr[0]);
    for (int64_t i = 0; i < width; i++) y[i] = (real)((x[i] - centre) * s * gamma[i] + beta[i]);
  }
  return KS_OK;
}

/* As for batch_norm, with a g of each place; without the mean 1/n is not there. */
BACKWARD(layer_norm) {
  int64_t width = node->size[1];
  const real *gamma = node->in[1].data;
  wide *dx = new_sums(node->in[0].count), *dgamma = new_sums(width), *dbeta = new_sums(width);
  for (int64_t r = 0; r < node->size[0]; r++) {
    const real *x = (const real *)node->in[0].data + r * width;
    const real *dy = (const real *)node->out[0].grad + r * width;
    wide mean, variance, sum = 0, product = 0;
    moments(x, width, 1, &mean, &variance);
    wide centre = node->size[2] ? 0 : mean, s = 1 / sqrtl(variance + node->attr[0]);
    for (int64_t i = 0; i < width; i++) {
      sum += node->size[2] ? 0 : (wide)dy[i] * gamma[i];
      product += dy[i] * gamma[i] * (x[i] - centre);
      dgamma[i] += dy[i] * (x[i] - centre) * s;
      dbeta[i] += dy[i];
    }
    for (int64_t j = 0; j < width; j++)
      dx[r * width + j] = s * ((wide)dy[j] * gamma[j] - sum / (wide)width) -
                          s * s * s * (x[j] - mean) / (wide)width * product;
  }
  give_gradient(&node->in[0], dx);
  give_gradient(&node->in[1], dgamma);
  give_gradient(&node->in[2], dbeta);
  return KS_OK;
}

#endif
