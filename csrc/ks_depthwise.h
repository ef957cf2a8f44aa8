/* Depthwise convolution: filter l sees channel l / multiplier, and no other.
 *
 * The same places, runs and sweeps as for other filters (ks_filters.h), but lanes
 * of x are multiplied with lanes of w, one by one. Each run is one pixel.
 */
#ifndef KS_DEPTHWISE_H
#define KS_DEPTHWISE_H

#include "ks_filters.h"

#ifdef KS_DTYPE
/* y[place, l] = bias[l] + sum over runs of x[place + run.x, l / multiplier] * w[run.product, l];
 * w has f->row elements to a product. With `fold` it is the other way about:
 *   y[place, c] = sum over runs and over the lanes l of c of x[place + run.x, l] * w[run.product,
 * l] without a bias. */
void KS_NAME(depthwise)(const ks_places *places, const ks_filters *f, int64_t multiplier, int fold);

/* dw[run.product, l] += sum over places of x[place + run.x, l / multiplier] * y[place, l],
 * for `lanes` lanes. */
void KS_NAME(depthwise_weights)(const ks_places *places, real *dw, int64_t lanes,
                                int64_t multiplier);
#endif

#endif
