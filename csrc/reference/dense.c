#include "activation.h"
#include "reference.h"

#if KS_IS_REAL

typedef struct {
  int64_t m, n, k, activation;
  const real *x, *w, *bias; /* bias may be NULL */
} layer;

static layer layer_of(const ks_node *node) {
  const int64_t *s = node->size;
  const real *bias = node->n_in == 3 || node->n_in == 6 ? node->in[2].data : NULL;
  return (layer){s[0], s[1], s[2], s[3], node->in[0].data, node->in[1].data, bias};
}

static wide before_activation(const layer *f, int64_t i, int64_t j) {
  wide z = f->bias ? f->bias[j] : 0;
  for (int64_t l = 0; l < f->k; l++) z += (wide)f->x[i * f->k + l] * f->w[l * f->n + j];
  return z;
}

FORWARD(dense) {
  layer f = layer_of(node);
  real *y = node->out[0].data;
  for (int64_t i = 0; i < f.m; i++)
    for (int64_t j = 0; j < f.n; j++)
      y[i * f.n + j] = (real)activate(f.activation, scaled(node, before_activation(&f, i, j), j));
  return KS_OK;
}

/* dy * f'(z) for every output. */
static wide *delta_of(const ks_node *node, const layer *f) {
  const real *dy = node->out[0].grad;
  wide *dz = new_sums(f->m * f->n);
  for (int64_t i = 0; i < f->m; i++)
    for (int64_t j = 0; j < f->n; j++)
      dz[i * f->n + j] = dy[i * f->n + j] * slope(f->activation, before_activation(f, i, j));
  return dz;
}

static void gather_gradient(ks_node *node, const layer *f, const wide *dz, int which) {
  wide *sums = new_sums(node->in[which].count);
  for (int64_t i = 0; i < f->m; i++)
    for (int64_t j = 0; j < f->n; j++) {
      wide d = dz[i * f->n + j];
      for (int64_t l = 0; l < f->k; l++) {
        if (which == 0) sums[i * f->k + l] += d * f->w[l * f->n + j];
        if (which == 1) sums[l * f->n + j] += d * f->x[i * f->k + l];
      }
      if (which == 2) sums[j] += d;
    }
  give_gradient(&node->in[which], sums);
}

BACKWARD(dense) {
  layer f = layer_of(node);
  wide *dz = delta_of(node, &f);
  for (int which = 0; which < node->n_in; which++)
    if (node->in[which].grad) gather_gradient(node, &f, dz, which);
  free(dz);
  return KS_OK;
}

#endif
