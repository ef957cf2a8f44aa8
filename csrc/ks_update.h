/* The steps of optimizers, and how they go over the rows of a table of whose
 * gradient most rows are zero: a byte tells which (ks_rows.h), or the rows are
 * those of bags whose gradient is nowhere but here. */
#ifndef KS_UPDATE_H
#define KS_UPDATE_H

#include "ks_tiles.h"

/* Rows are gone over in blocks of about so many elements, whose gradient stays
 * in L1; and the widest that a row may be. */
#define KS_UPDATE_BLOCK 512
#define KS_UPDATE_WIDEST 2048

#ifdef KS_DTYPE
typedef struct {
  real *x, *m, *v, *extra; /* extra: v_hat of adam, average gradient of rmsprop */
  const real *g;
  real rate, decay;           /* decay: of the parameters, rate and all */
  real momentum;              /* sgd, rmsprop */
  real alpha, rest_1, rest_2; /* adam; rest is 1 - beta */
  real rho, rest, epsilon;    /* rmsprop; rest is 1 - rho */
} ks_update;

/* Whether the node is of a table, whose rows KS_NAME(update_rows) knows. */
static inline int ks_has_rows(const ks_node *node) {
  return node->size[3] > 0 && (node->scratch || node->pool) &&
         node->in[0].count <= node->size[3] * KS_UPDATE_WIDEST;
}

/* The step `range` of `job`, over the rows of a table. Where nothing decays that
 * is in the parameters, rows without gradient and history stay: x - 0 is x. */
void KS_NAME(update_rows)(const ks_node *node, const ks_context *context, const ks_update *job,
                          ks_range_function range);
#endif

#endif
