/* Updates of tables by rows, see ks_update.h. */
#include <string.h>

#include "ks_bag.h"
#include "ks_node.h"
#include "ks_update.h"

#if KS_FLOATING

typedef struct {
  ks_update update;
  ks_range_function range;
  const uint8_t *flags; /* of the rows whose gradient is not zero; or */
  const ks_node *bag;   /* whose gradient it is */
  int64_t wide, rows_a_block;
  int may_rest; /* whether a step of zeros from zeros changes nothing */
} rows_job;

/* The gradient of some rows; how many may be other than zero. */
static int64_t gradient_of(const rows_job *job, int64_t first, int64_t end, real *gradient) {
  const int64_t wide = job->wide;
  int64_t n = 0;
  if (job->bag) return KS_NAME(bag_rows)(job->bag, first, end, gradient);
  for (int64_t r = first; r < end; r++, gradient += wide) {
    n += job->flags[r] != 0;
    if (job->flags[r])
      memcpy(gradient, job->update.g + r * wide, (size_t)wide * sizeof(real));
    else
      memset(gradient, 0, (size_t)wide * sizeof(real));
  }
  return n;
}

static int is_zero(const real *x, int64_t n) {
  for (int64_t i = 0; x && i < n; i++)
    if (x[i] != 0) return 0;
  return 1;
}

static real *moved(real *x, int64_t by) { return x ? x + by : NULL; }

static void update_block(const rows_job *job, int64_t first, int64_t end, real *gradient) {
  const int64_t at = first * job->wide, n = (end - first) * job->wide;
  const int64_t used = gradient_of(job, first, end, gradient);
  ks_update update = job->update;
  update.x = moved(update.x, at);
  update.m = moved(update.m, at);
  update.v = moved(update.v, at);
  update.extra = moved(update.extra, at);
  update.g = gradient;
  if (!used && job->may_rest && is_zero(update.m, n) && is_zero(update.v, n) &&
      is_zero(update.extra, n))
    return;
  job->range(&update, 0, n);
}

static void rows_range(void *arg, int64_t begin, int64_t end) {
  const rows_job *job = arg;
  real gradient[KS_UPDATE_WIDEST];
  for (int64_t first = begin, next; first < end; first = next) {
    next = first + job->rows_a_block < end ? first + job->rows_a_block : end;
    update_block(job, first, next, gradient);
  }
}

void KS_NAME(update_rows)(const ks_node *node, const ks_context *context, const ks_update *update,
                          ks_range_function range) {
  const int64_t rows = node->size[3], wide = node->in[0].count / rows;
  const int64_t block = wide < KS_UPDATE_BLOCK ? KS_UPDATE_BLOCK / (wide + 1) + 1 : 1;
  const int64_t a_tile = KS_TILE_ELEMENTS / KS_UPDATE_BLOCK * block;
  rows_job job = {.update = *update,
                  .range = range,
                  .flags = node->scratch,
                  .bag = node->pool,
                  .wide = wide,
                  .rows_a_block = block};
  /* Of sgd and rmsprop alpha is 0, of sgd epsilon. */
  job.may_rest = update->decay == 0 && (update->epsilon > 0 || !update->v) &&
                 update->alpha - update->alpha == 0 && update->rate - update->rate == 0;
  if (job.bag) KS_NAME(bag_link)(job.bag, context);
  ks_parallel_range(context, rows, a_tile, rows_range, &job);
}

#endif
