/* What the nodes of conv and conv_transpose do, by their sizes alone, and the
 * scratch that it takes.
 *
 * Forward is a pass over all images. Backward has parts, each with sums of its
 * own for weights and bias, which are joined in order. They are parts of the
 * batch: each goes through its images a few at a time, and dz, its sums, its part
 * of dw and its dx are done while it is in the cache. With few images they are
 * parts of the rows, after all of dz and before all of dx. Weights so large that
 * there is room for few sums are cut themselves: then each part makes some of dw's
 * elements, of all rows.
 */
#ifndef KS_CONV_PLAN_H
#define KS_CONV_PLAN_H

#include "ks_conv_pass.h"
#include "ks_conv_weights.h"

#define KS_MOST_PARTS 16
#define KS_PART_WEIGHTS ((int64_t)1 << 22) /* of all parts: 16 MB in float32 */
#define KS_GROUP_ELEMENTS 16384            /* of dz, and 14 images */
#define KS_FEW_IMAGES 8
#define KS_FEW_PARTS 8

typedef struct {
  ks_conv_geometry g;
  int transposed, by_image, by_weights;
  ks_conv_pass data;                   /* from dz to dx */
  int64_t x_size, y_size, y_channels;  /* elements of an image; the last axis of y */
  int64_t weights, parts, group;       /* elements, their number, images at a time */
  int64_t bias_at, delta_at, panel_at; /* bytes from where a part begins */
  int64_t runs_at, part, parts_at, bytes;
} ks_conv_plan;

static inline ks_conv_pass ks_conv_forward_pass(const ks_node *node) {
  ks_conv_geometry g = ks_conv_geometry_of(node);
  return ks_conv_pass_of(&g, node->op == KS_OP_conv_transpose, 0);
}

/* The same when pooling goes along with it, a few images at a time. */
static inline ks_conv_pass ks_conv_pooled_pass(const ks_node *node) {
  ks_conv_geometry g = ks_conv_geometry_of(node);
  return ks_conv_pass_of(&g, 0, 1);
}

/* As many as are worth it: each is to be cleared and joined. */
static inline void ks_conv_plan_parts(ks_conv_plan *p) {
  int64_t rows = p->by_image ? p->g.batch : p->g.batch * p->g.output[0] * p->g.output[1];
  double products = (double)p->weights * (double)ks_conv_volume(p->g.output) * (double)p->g.batch;
  double worth = products / KS_CHUNK_PRODUCTS + 1;
  p->parts = ks_least(KS_PART_WEIGHTS / (p->weights + 1), KS_MOST_PARTS);
  if (p->by_weights) p->parts = KS_MOST_PARTS;
  if ((double)p->parts > worth) p->parts = (int64_t)worth;
  if (!p->by_weights) p->parts = ks_least(p->parts, rows > 1 || p->g.batch == 0 ? rows : 1);
  p->group = ks_least(KS_GROUP_ELEMENTS / (p->y_size + 1) + 1, 14);
  if (p->parts) p->group = ks_least(p->group, (p->g.batch + p->parts - 1) / p->parts);
}

static inline ks_conv_plan ks_conv_plan_of(const ks_node *node) {
  ks_conv_plan p = {.g = ks_conv_geometry_of(node)};
  int64_t element = node->dtype == KS_FLOAT64 ? 8 : 4;
  int64_t input = ks_conv_volume(p.g.input) * p.g.channels;
  int64_t output = ks_conv_volume(p.g.output) * p.g.filters;
  p.transposed = node->op == KS_OP_conv_transpose;
  p.x_size = p.transposed ? output : input;
  p.y_size = p.transposed ? input : output;
  p.y_channels = p.transposed ? p.g.channels : p.g.filters;
  p.weights = ks_conv_weights(&p.g);
  p.by_weights = KS_PART_WEIGHTS / (p.weights + 1) < KS_FEW_PARTS && !ks_conv_lanes(&p.g);
  p.by_image = p.g.batch >= KS_FEW_IMAGES && !p.by_weights;
  p.data = ks_conv_pass_of(&p.g, !p.transposed, p.by_image);
  ks_conv_plan_parts(&p);
  p.bias_at = p.by_weights ? 0 : ks_conv_lines(p.weights * element);
  p.delta_at = p.bias_at + ks_conv_lines(p.y_channels * element);
  p.panel_at = p.delta_at + (p.by_image ? ks_conv_lines(p.group * p.y_size * element) : 0);
  p.runs_at = p.panel_at + ks_conv_lines(ks_conv_weights_scratch(&p.g) * element);
  p.part = p.runs_at + (p.by_image ? ks_conv_runs_bytes(&p.data) : 0);
  p.parts_at = ks_conv_pass_runs_at(&p.data, element);
  if (!p.by_image) {
    p.parts_at += ks_conv_runs_bytes(&p.data);
    p.bytes = ks_conv_lines(p.g.batch * p.y_size * element);
  }
  p.bytes += p.parts_at + p.parts * p.part;
  return p;
}

/* Whether a pooling node may go along, forward and backward. */
static inline int ks_conv_takes_pool(const ks_node *node) {
  return node->op == KS_OP_conv && ks_conv_plan_of(node).by_image;
}

/* What conv and conv_transpose need, once their sizes are in the node. */
static inline int64_t ks_conv_scratch_bytes(const ks_node *node) {
  ks_conv_pass pass = ks_conv_forward_pass(node);
  ks_conv_plan plan = ks_conv_plan_of(node);
  int64_t element = node->dtype == KS_FLOAT64 ? 8 : 4;
  int64_t bytes = ks_conv_pass_runs_at(&pass, element) + ks_conv_runs_bytes(&pass);
  if (ks_conv_takes_pool(node)) {
    pass = ks_conv_pooled_pass(node);
    int64_t runs = plan.parts * ks_conv_runs_bytes(&pass);
    int64_t pooled = ks_conv_pass_runs_at(&pass, element) + runs;
    if (bytes < pooled) bytes = pooled;
  }
  return bytes > plan.bytes ? bytes : plan.bytes;
}

#endif
