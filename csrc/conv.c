/* Convolution and its transpose: the nodes' forward half (ks_conv_plan.h). */
#include "ks_conv_plan.h"
#include "ks_tiles.h"

#if KS_FLOATING

static ks_conv_job job_of(const ks_node *node) {
  ks_conv_job job = {.x = node->in[0].data, .w = node->in[1].data, .y = node->out[0].data};
  job.affine = ks_affine_of(node);
  job.activation = node->size[KS_CONV_ACTIVATION];
  job.scratch = node->scratch;
  return job;
}

static ks_status forward(ks_node *node, const ks_context *context) {
  ks_conv_pass pass = ks_conv_forward_pass(node);
  ks_conv_job job = job_of(node);
  KS_NAME(conv_pass_start)(&pass, job.w, ks_bias_of(node), node->scratch);
  KS_NAME(conv_pass)(context, &pass, &job);
  return KS_OK;
}

/* A few images at a time, whose results are pooled while they are in the cache. With
 * no gradient to come they are not needed after that: those of a part's next images
 * take their place, and never leave the cache (66 us an image of a 28 x 28 network
 * with two convolutions become 53). */
typedef struct {
  const ks_node *pool;
  int kept; /* the convolution's results */
  ks_conv_plan plan;
  ks_conv_pass pass;
  ks_conv_job job;
  char *runs;
} pooled_job;

static void pooled_parts(void *arg, int64_t begin, int64_t end) {
  const pooled_job *j = arg;
  const ks_conv_plan *p = &j->plan;
  for (int64_t index = begin; index < end; index++) {
    ks_run *runs = (ks_run *)(j->runs + index * ks_conv_runs_bytes(&j->pass));
    int64_t first = index * p->g.batch / p->parts, last = (index + 1) * p->g.batch / p->parts;
    for (int64_t i = first, images; i < last; i += images) {
      ks_conv_job job = j->job;
      images = ks_least(p->group, last - i);
      job.x += i * p->x_size, job.y += (j->kept ? i : first) * p->y_size;
      KS_NAME(conv_pass_images)(&j->pass, &job, images, runs);
      KS_NAME(pool_images)(j->pool, job.y, i, images);
    }
  }
}

static ks_status pooled_forward(ks_node *node, const ks_context *context) {
  pooled_job j = {.pool = node->pool, .kept = node->backward != NULL};
  j.plan = ks_conv_plan_of(node);
  j.pass = ks_conv_pooled_pass(node);
  j.job = job_of(node);
  j.runs = (char *)node->scratch + ks_conv_pass_runs_at(&j.pass, sizeof(real));
  KS_NAME(conv_pass_start)(&j.pass, j.job.w, ks_bias_of(node), node->scratch);
  ks_parallel_parts(context, j.plan.parts, pooled_parts, &j);
  return KS_OK;
}

ks_status KS_NAME(conv_forward)(ks_node *node, const ks_context *context) {
  return (node->pool ? pooled_forward : forward)(node, context);
}

ks_status KS_NAME(conv_transpose_forward)(ks_node *node, const ks_context *context) {
  return forward(node, context);
}

#endif
