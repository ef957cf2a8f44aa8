/* Kernels of recurrent layers as products read them (ks_recurrent.h). */
#include <string.h>

#include "ks_recurrent.h"
#include "ks_tiles.h"

#if KS_FLOATING

/* Filters of a packing that one thread takes at a time: a multiple of 32. */
#define FILTERS_A_TILE 128

typedef struct {
  const ks_recurrent_job *job;
  int back;
} pack_job;

/* A kernel's part, from which `packed` is made: of the whole or of a piece. */
static ks_packing packing_of(const ks_recurrent_job *job, int64_t which, int back) {
  const ks_recurrent_plan *p = &job->plan;
  int64_t row = p->gates * p->units;
  const real *kernel = job->node->in[1].data, *recurrent = job->node->in[2].data;
  ks_packing g = {.w = kernel, .row = row, .step = 1, .count = row, .depth = p->inputs};
  if (which > 0) {
    const ks_recurrent_piece *piece = &p->pieces[which - 1];
    g.w = recurrent + piece->column, g.count = piece->count, g.depth = p->units;
  }
  if (back) ks_swap(&g.row, &g.step), ks_swap(&g.count, &g.depth);
  g.rows = g.depth;
  return g;
}

static real *packed_of(const ks_recurrent_job *job, int64_t which, int back) {
  const ks_recurrent_plan *p = &job->plan;
  if (which == 0) return job->scratch + (back ? p->turned_kernel : p->kernel);
  return job->scratch + (back ? p->turned_recurrent : p->recurrent)[which - 1];
}

/* Of a kernel that is read where it is, only what does not fill a panel. */
static void pack(const ks_recurrent_job *job, int64_t which, int back, int64_t begin) {
  ks_packing g = packing_of(job, which, back);
  real *to = packed_of(job, which, back);
  if (!back && !job->plan.packs) {
    if (begin > 0) return;
    int64_t whole = KS_NAME(filters_whole)(g.count);
    g.w += whole, g.count -= whole;
    KS_NAME(filters_pack)(to, &g);
    return;
  }
  if (begin >= g.count) return;
  g.w += begin * g.step;
  g.count = ks_least(FILTERS_A_TILE, g.count - begin);
  KS_NAME(filters_pack)(to + begin * g.depth, &g);
}

static int64_t tiles_of(const ks_recurrent_plan *p) {
  int64_t most = p->gates * p->units > p->inputs ? p->gates * p->units : p->inputs;
  return (most + FILTERS_A_TILE - 1) / FILTERS_A_TILE;
}

static void pack_range(void *arg, int64_t begin, int64_t end) {
  const pack_job *j = arg;
  int64_t products = j->job->plan.n_pieces + 1;
  for (int64_t i = begin; i < end; i++)
    pack(j->job, i % products, j->back, i / products * FILTERS_A_TILE);
}

/* A bias as filters read it: followed by zeros. */
static void copy_bias(real *to, const real *bias, int64_t count) {
  memset(to, 0, (size_t)KS_PADDED(count) * sizeof(real));
  if (bias) memcpy(to, bias, (size_t)count * sizeof(real));
}

void KS_NAME(recurrent_pack)(const ks_recurrent_job *job, const ks_context *context, int back) {
  const ks_recurrent_plan *p = &job->plan;
  const ks_node *node = job->node;
  int64_t which = node->size[KS_RECURRENT_BIAS], inner = p->gates * p->units;
  const real *bias = which ? node->in[which].data : NULL;
  int two = node->op == KS_OP_gru && !p->reset_before;
  pack_job j = {job, back};
  copy_bias(job->scratch + p->bias, bias, inner);
  copy_bias(job->scratch + p->recurrent_bias, bias && two ? bias + inner + 2 * p->units : NULL,
            p->units);
  if (bias && two) /* those of the first two gates are just added to the sums */
    for (int64_t i = 0; i < 2 * p->units; i++) job->scratch[p->bias + i] += bias[inner + i];
  int64_t step = p->packs || back ? 1 : INT64_MAX;
  ks_parallel_range(context, (p->n_pieces + 1) * tiles_of(p), step, pack_range, &j);
}

ks_filters KS_NAME(recurrent_filters)(const ks_recurrent_job *job, int64_t which, int back) {
  ks_packing g = packing_of(job, which, back);
  int natural = !back && !job->plan.packs;
  return (ks_filters){.count = g.count,
                      .depth = g.depth,
                      .w = natural ? g.w : NULL,
                      .row = g.row,
                      .packed = packed_of(job, which, back)};
}

#endif
