/* One to three filters (ks_filters.h): the last layer of an autoencoder, a map of
 * one number to a pixel. Vectors of filters would stay empty, so the vectors are
 * of channels here, and their lanes are added up in the end. 28 x 28 pixels of 32
 * channels by 3 x 3 taps and one filter: 45 GFLOP/s instead of 11.
 */
#include "ks_filters.h"
#include "ks_vector.h"

#if KS_FLOATING

typedef __typeof__((ks_vector){0} < 0) lane_vector;

/* The sum of the lanes, of each and the one that is half of them away, a quarter,
 * and so on. */
KS_INLINE real sum_of_lanes(ks_vector v) {
  KS_UNROLL for (int by = KS_LANES / 2; by > 0; by /= 2) {
    lane_vector from;
    KS_UNROLL for (int l = 0; l < KS_LANES; l++) from[l] = (l + by) % KS_LANES;
    v += __builtin_shuffle(v, from);
  }
  return v[0];
}

KS_INLINE real finished(const ks_places *p, const ks_filters *f, int filter, real sum,
                        real before) {
  real y = sum + f->bias[filter];
  if (p->add) y += before;
  if (f->affine.mean)
    y = ks_scaled(y, f->affine.mean[filter], f->affine.factor[filter], f->affine.offset[filter]);
  return p->relu && y < 0 ? 0 : y;
}

/* Some columns of a row, and all filters. */
KS_INLINE void tile(const int columns, const int filters, const ks_places *p, const ks_filters *f,
                    const real *x, real *y) {
  ks_vector sum[8][3];
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int n = 0; n < filters; n++)
      sum[c][n] = (ks_vector){0};
  const int64_t x_column = p->x_column, depth = f->depth;
  for (int64_t r = 0; r < p->n_runs; r++) {
    const real *from = x + p->runs[r].x, *w = f->packed + p->runs[r].product;
    for (int64_t i = 0; i < p->run; i += KS_LANES) {
      ks_vector weights[3];
      KS_UNROLL for (int n = 0; n < filters; n++) weights[n] = ks_load(w + n * depth + i);
      KS_UNROLL for (int c = 0; c < columns; c++) {
        ks_vector seen = ks_load(from + c * x_column + i);
        KS_UNROLL for (int n = 0; n < filters; n++) sum[c][n] += seen * weights[n];
      }
    }
  }
  KS_UNROLL for (int c = 0; c < columns; c++) KS_UNROLL for (int n = 0; n < filters; n++) {
    real *to = y + c * p->y_column + n;
    *to = finished(p, f, n, sum_of_lanes(sum[c][n]), p->add ? *to : 0);
  }
}

/* In tiles of `most` columns, and then of half as many, and so on. */
KS_INLINE void row(const int most, const int filters, const ks_places *p, const ks_filters *f,
                   const real *x, real *y) {
  int64_t c = 0;
  KS_UNROLL for (int columns = most; columns > 0; columns /= 2) for (; c + columns <= p->columns;
                                                                     c += columns)
      tile(columns, filters, p, f, x + c * p->x_column, y + c * p->y_column);
}

void KS_NAME(filter_few)(const ks_places *places, const ks_filters *f) {
  const ks_places turned = ks_turned(*places), *p = &turned;
  for (int64_t i = 0; i < p->images; i++)
    for (int64_t r = 0; r < p->rows; r++) {
      const real *x = p->x + i * p->x_image + r * p->x_row;
      real *y = p->y + i * p->y_image + r * p->y_row;
      if (f->count == 1)
        row(8, 1, p, f, x, y);
      else if (f->count == 2)
        row(4, 2, p, f, x, y);
      else
        row(4, 3, p, f, x, y);
    }
}

#endif
