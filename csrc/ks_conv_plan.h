/* What the nodes of conv and conv_transpose do, by their sizes alone, and the
 * scratch that it takes.
 *
 * Forward is a pass over all images. Backward is cut into parts of the batch,
 * each with sums of its own for weights and bias, which are joined in order. A
 * part goes through its images a few at a time: dz, its sums, its part of dw and
 * its dx are done while it is in the cache.
 *
 * With few images, or weights so large that there is room for few sums, that would
 * leave threads without work. Then dz is made of all images, and dx is a pass like
 * any other; dw is cut by rows of all images or, if it is large, by its own
 * elements, whose sums are then made where they are wanted.
 */
#ifndef KS_CONV_PLAN_H
#define KS_CONV_PLAN_H

#include "ks_conv_pass.h"
#include "ks_conv_weights.h"

#define KS_MOST_PARTS 16
#define KS_PART_WEIGHTS ((int64_t)1 << 22) /* of all parts: 16 MB in float32 */
#define KS_GROUP_ELEMENTS 16384            /* of dz, and 14 images */

typedef enum { KS_BY_IMAGES, KS_BY_ROWS, KS_BY_UNITS } ks_conv_cut;

typedef struct {
  ks_conv_geometry g;
  int transposed;
  ks_conv_cut cut;
  ks_conv_pass data;                   /* from dz to dx */
  int64_t x_size, y_size, y_channels;  /* elements of an image; the last axis of y */
  int64_t weights, parts, group;       /* elements, their number, images at a time */
  int64_t bias_at, delta_at, panel_at; /* bytes from where a part begins */
  int64_t runs_at, part, parts_at, bytes;
  int64_t all_delta_at; /* unless by images */
} ks_conv_plan;

static inline ks_conv_pass ks_conv_forward_pass(const ks_node *node) {
  ks_conv_geometry g = ks_conv_geometry_of(node);
  return ks_conv_pass_of(&g, node->op == KS_OP_conv_transpose, 0);
}

static inline void ks_conv_plan_parts(ks_conv_plan *p) {
  p->parts = ks_conv_least(KS_PART_WEIGHTS / (p->weights + 1) + 1, KS_MOST_PARTS);
  p->parts = ks_conv_least(p->parts, p->g.batch);
  p->group = ks_conv_least(KS_GROUP_ELEMENTS / (p->y_size + 1) + 1, 14);
  int64_t images = p->parts ? (p->g.batch + p->parts - 1) / p->parts : 0;
  p->group = ks_conv_least(p->group, images);
}

/* Fewer parts than that do with images alone only where there is little to do. */
#define KS_FEW_PARTS 8
#define KS_MUCH_WORK 4e6 /* products: 80 us, twenty times a hand-over */

static inline void ks_conv_plan_cut(ks_conv_plan *p) {
  int64_t rows = p->g.batch * p->g.output[0] * p->g.output[1];
  double products = (double)p->weights * (double)rows * (double)p->g.output[2];
  if (p->parts >= KS_FEW_PARTS || products < KS_MUCH_WORK || ks_conv_lanes(&p->g)) return;
  p->group = 0;
  p->parts = ks_conv_least(KS_PART_WEIGHTS / (p->weights + 1), KS_MOST_PARTS);
  p->parts = ks_conv_least(p->parts, rows);
  p->cut = p->parts >= KS_FEW_PARTS ? KS_BY_ROWS : KS_BY_UNITS;
  if (p->cut == KS_BY_UNITS) p->parts = KS_MOST_PARTS;
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
  ks_conv_plan_parts(&p);
  ks_conv_plan_cut(&p);
  p.data = ks_conv_pass_of(&p.g, !p.transposed, p.cut == KS_BY_IMAGES);
  p.bias_at = p.cut == KS_BY_UNITS ? 0 : ks_conv_lines(p.weights * element);
  p.delta_at = p.bias_at + ks_conv_lines(p.y_channels * element);
  p.panel_at = p.delta_at + ks_conv_lines(p.group * p.y_size * element);
  p.runs_at = p.panel_at + ks_conv_lines(ks_conv_weights_scratch(&p.g) * element);
  p.part = p.runs_at;
  p.parts_at = ks_conv_pass_runs_at(&p.data, element);
  if (p.cut == KS_BY_IMAGES)
    p.part += ks_conv_runs_bytes(&p.data);
  else
    p.parts_at += ks_conv_runs_bytes(&p.data);
  p.all_delta_at = p.bytes = p.parts_at + p.parts * p.part;
  if (p.cut != KS_BY_IMAGES && p.g.activation != KS_LINEAR)
    p.bytes += p.g.batch * p.y_size * element;
  return p;
}

/* What conv and conv_transpose need, once their sizes are in the node. */
static inline int64_t ks_conv_scratch_bytes(const ks_node *node) {
  ks_conv_pass pass = ks_conv_forward_pass(node);
  int64_t element = node->dtype == KS_FLOAT64 ? 8 : 4;
  int64_t forward = ks_conv_pass_runs_at(&pass, element) + ks_conv_runs_bytes(&pass);
  int64_t backward = ks_conv_plan_of(node).bytes;
  return forward > backward ? forward : backward;
}

#endif
