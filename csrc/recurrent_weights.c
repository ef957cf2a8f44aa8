/* Gradients of the kernels of recurrent layers, when those of all z are there: sums over all rows
 * and steps of inputs, or states, times dz (ks_weights_tile.h).
 *
 * A thread takes some columns of a kernel, as many as two vectors have lanes. Blocks come in
 * chunks of steps whose dz of these columns are packed, because rows of dz are so far apart that
 * they push each other out of the cache.
 */
#include <string.h>

#include "ks_recurrent.h"
#include "ks_tiles.h"
#include "ks_weights_tile.h"

#if KS_FLOATING

/* Rows times steps that one register sums, whose packed dz stay in the L1 cache. */
#define PIXELS 128
#define WIDTH (2 * KS_LANES)
/* Rows that are called for after each tile. */
#define AHEAD 13

/* What columns of z are multiplied with, and where the sums go. */
typedef struct {
  int64_t piece; /* of the recurrent kernel; -1: the kernel */
  int64_t entries;
  real *dw, *dbias; /* those of the first column; NULL: not wanted */
  int add_w, add_bias;
} weights_product;

/* Columns of z, and the kernel's product, a piece's, or both. */
typedef struct {
  const ks_recurrent_job *job;
  int64_t z, count, row; /* row: from the sums of an entry to those of the next */
  int n_products;
  weights_product products[2];
} weights_part;

/* A chunk of steps of a block. */
typedef struct {
  ks_recurrent_block block;
  int64_t begin, end;
} weights_chunk;

/* Columns of z that are packed next: `rows` rows, which are called for a few at a time while tiles
 * are computed. */
typedef struct {
  const real *z;
  int64_t wide, rows, at_once;
} weights_ahead;

static int64_t panel_width(const weights_part *w, int64_t column) {
  return ks_least(w->count - column, WIDTH);
}

/* Whole vectors; not by memcpy, whose calls leave the cache waiting. */
static void copy_vectors(const real *z, int64_t wide, int64_t pixels, real *to, real *sums) {
  ks_vector sum[2] = {{0}, {0}};
  for (; pixels > 0; pixels--, z += wide, to += WIDTH) KS_UNROLL for (int v = 0; v < 2; v++) {
      ks_vector dz = ks_load(z + v * KS_LANES);
      ks_store(to + v * KS_LANES, dz);
      sum[v] += dz;
    }
  KS_UNROLL for (int v = 0; v < 2; v++) {
    real *to_sum = sums + v * KS_LANES;
    ks_store(to_sum, ks_load(to_sum) + sum[v]);
  }
}

/* Fewer columns, and zeros up to a vector. */
static void copy_some(const real *restrict z, int64_t wide, int64_t width, int64_t pixels,
                      int64_t padded, real *restrict to, real *restrict sums) {
  real part[WIDTH] = {0};
  for (; pixels > 0; pixels--, z += wide, to += padded)
    for (int64_t l = 0; l < padded; l++) {
      to[l] = l < width ? z[l] : 0;
      part[l] += to[l];
    }
  for (int64_t l = 0; l < padded; l++) sums[l] += part[l];
}

/* Columns of z as neighbours, and their sums on the way. */
static void pack_dz(const weights_part *w, const weights_chunk *c, int64_t column, int64_t padded,
                    real *to, real *sums) {
  const ks_recurrent_block *b = &c->block;
  int64_t wide = b->plan->wide, width = panel_width(w, column);
  int64_t pixels = (c->end - c->begin) * b->rows;
  const real *z = ks_recurrent_z(b, c->begin) + w->z + column;
  if (width == WIDTH)
    copy_vectors(z, wide, pixels, to, sums);
  else
    copy_some(z, wide, width, pixels, padded, to, sums);
}

/* x of the chunk, or the states of a piece: an image is a step, a pixel a row. */
static ks_panel panel_of(int64_t piece, const weights_chunk *c) {
  const ks_recurrent_block *b = &c->block;
  const ks_recurrent_plan *p = b->plan;
  int64_t all = b->rows * p->units, factors = p->factors ? p->factors : 1;
  if (piece < 0) {
    int64_t time = ks_recurrent_time(b, c->begin), row = p->steps * p->inputs;
    int64_t step = ks_recurrent_time(b, 1) - ks_recurrent_time(b, 0);
    return (ks_panel){(const real *)b->job->node->in[0].data + b->first * row + time * p->inputs,
                      step * p->inputs, 0, row};
  }
  if (p->reset_before && piece == p->n_pieces - 1)
    return (ks_panel){ks_recurrent_z(b, c->begin) + 3 * p->units, b->rows * p->wide, 0, p->wide};
  return (ks_panel){ks_recurrent_seen(b, p->pieces[piece].factor, c->begin), factors * all, 0,
                    p->units};
}

static void fetch_some(weights_ahead *ahead) {
  int64_t count = ks_least(ahead->at_once, ahead->rows);
  ahead->rows -= count;
  for (; count > 0; count--, ahead->z += ahead->wide) {
    __builtin_prefetch(ahead->z, 0, 2);
    __builtin_prefetch(ahead->z + KS_LANES, 0, 2);
  }
}

/* dw += the products of a chunk, entries in tiles as even as can be. */
static void sum_chunk(const weights_part *w, const weights_product *product, const weights_chunk *c,
                      int64_t column, const real *panel, int64_t padded, weights_ahead *ahead) {
  int vectors = (int)(padded / KS_LANES);
  int64_t most = vectors == 1 ? KS_TILE_NARROW : KS_TILE_WIDE;
  int64_t tiles = (product->entries + most - 1) / most;
  ks_weights_tile t = {.a = panel_of(product->piece, c), .rows = 1, .sum_a = w->row, .sum_b = 1};
  int64_t skipped = product->piece >= 0 && ks_recurrent_at_zeros(&c->block, c->begin);
  t.images = c->end - c->begin - skipped, t.pixels = c->block.rows;
  panel += skipped * t.pixels * padded, t.a.at += skipped * t.a.image;
  if (t.pixels == 1) t.pixels = t.images, t.images = 1, t.a.pixel = t.a.image;
  int is_one_image = t.a.image == t.pixels * t.a.pixel;
  if (is_one_image) t.pixels *= t.images, t.images = 1;
  t.b = (ks_panel){panel, t.pixels * padded, 0, padded};
  t.lanes = panel_width(w, column);
  const real *a = t.a.at;
  for (int64_t tile = 0; tile < tiles; tile++) {
    int64_t begin = product->entries * tile / tiles, end = product->entries * (tile + 1) / tiles;
    t.a.at = a + begin;
    t.sum = product->dw + begin * w->row + column;
    KS_NAME(weights_tile)(&t, 1, (int)(end - begin), vectors);
    fetch_some(ahead);
  }
}

static void add_times(real *restrict to, real factor, const real *restrict from, int64_t width) {
  if (width == WIDTH)
    KS_UNROLL for (int v = 0; v < WIDTH; v += KS_LANES)
        ks_store(to + v, ks_load(to + v) + factor * ks_load(from + v));
  else
    for (int64_t l = 0; l < width; l++) to[l] += factor * from[l];
}

/* The same where each x has one number other than 0. */
static void sum_hot(const weights_part *w, const weights_product *product, const weights_chunk *c,
                    int64_t column, const real *panel, int64_t padded) {
  const ks_recurrent_block *b = &c->block;
  const int32_t *hot = ks_recurrent_hot(b) + 1 + c->begin * b->rows;
  const real *x = ks_recurrent_hot_x(b) + c->begin * b->rows;
  int64_t width = panel_width(w, column), pixels = (c->end - c->begin) * b->rows;
  for (; pixels > 0; pixels--, hot++, x++, panel += padded)
    if (*hot >= 0) add_times(product->dw + *hot * w->row + column, *x, panel, width);
}

static void clear(const weights_part *w, const weights_product *product, int64_t column) {
  size_t bytes = (size_t)panel_width(w, column) * sizeof(real);
  for (int64_t i = 0; product->dw && !product->add_w && i < product->entries; i++)
    memset(product->dw + i * w->row + column, 0, bytes);
}

static void give_bias(const weights_part *w, const weights_product *product, int64_t column,
                      const real *sums) {
  real *to = product->dbias + column;
  for (int64_t l = 0; product->dbias && l < panel_width(w, column); l++)
    to[l] = product->add_bias ? to[l] + sums[l] : sums[l];
}

/* The chunk after this one, of this block or the next; without steps after the last. */
static weights_chunk next_chunk(const weights_part *w, const weights_chunk *c, int64_t index) {
  const ks_recurrent_plan *p = &w->job->plan;
  weights_chunk next = *c;
  next.begin = c->end;
  if (c->end == p->steps && index + 1 < p->blocks) {
    next.block = ks_recurrent_block_of(w->job, index + 1, index + 1);
    next.begin = 0;
  }
  next.end = ks_least(next.begin + PIXELS / p->rows, p->steps);
  return next;
}

static weights_ahead ahead_of(const weights_part *w, const weights_chunk *c, int64_t column) {
  const ks_recurrent_plan *p = &w->job->plan;
  int64_t rows = (c->end - c->begin) * c->block.rows;
  return (weights_ahead){ks_recurrent_z(&c->block, c->begin) + w->z + column, p->wide, rows, AHEAD};
}

static void sum_block(const weights_part *w, int64_t index, int64_t column, real *sums) {
  const ks_recurrent_plan *p = &w->job->plan;
  real panel[PIXELS * WIDTH];
  int64_t padded = panel_width(w, column) > KS_LANES ? WIDTH : KS_LANES;
  weights_chunk c = {.block = ks_recurrent_block_of(w->job, index, index)};
  for (; c.begin < p->steps; c.begin = c.end) {
    c.end = ks_least(c.begin + PIXELS / p->rows, p->steps);
    pack_dz(w, &c, column, padded, panel, sums);
    weights_chunk next = next_chunk(w, &c, index);
    weights_ahead ahead = ahead_of(w, &next, column);
    for (int k = 0; k < w->n_products; k++) {
      const weights_product *product = &w->products[k];
      if (!product->dw) continue;
      if (product->piece < 0 && ks_recurrent_hot(&c.block)[0])
        sum_hot(w, product, &c, column, panel, padded);
      else
        sum_chunk(w, product, &c, column, panel, padded, &ahead);
    }
  }
}

static void panel_range(void *arg, int64_t begin, int64_t end) {
  const weights_part *w = arg;
  for (int64_t i = begin; i < end; i++) {
    real sums[WIDTH] = {0};
    for (int k = 0; k < w->n_products; k++) clear(w, &w->products[k], i * WIDTH);
    for (int64_t block = 0; block < w->job->plan.blocks; block++)
      sum_block(w, block, i * WIDTH, sums);
    for (int k = 0; k < w->n_products; k++) give_bias(w, &w->products[k], i * WIDTH, sums);
  }
}

static void run_part(const ks_context *context, weights_part *w) {
  int wanted = 0;
  for (int k = 0; k < w->n_products; k++) wanted |= w->products[k].dw || w->products[k].dbias;
  if (wanted) ks_parallel_parts(context, (w->count + WIDTH - 1) / WIDTH, panel_range, w);
}

static real *from_column(const ks_operand *in, int64_t column) {
  return in->grad ? (real *)in->grad + column : NULL;
}

/* The gru has a bias of the recurrent product, too, if the reset comes after it; of its last gate
 * the two products have not the same gradients then. */
static void run_piece(const ks_recurrent_job *job, const ks_context *context, int64_t i) {
  const ks_recurrent_plan *p = &job->plan;
  const ks_node *node = job->node;
  const ks_recurrent_piece *piece = &p->pieces[i];
  const ks_operand none = {0}, *w = &node->in[1], *r = &node->in[2];
  const ks_operand *bias =
      node->size[KS_RECURRENT_BIAS] ? &node->in[node->size[KS_RECURRENT_BIAS]] : &none;
  int64_t row = p->gates * p->units, column = piece->column;
  int two = node->op == KS_OP_gru && !p->reset_before;
  weights_product outer = {-1,     p->inputs, from_column(w, column), from_column(bias, column),
                           w->add, bias->add};
  weights_product inner = {
      i,      p->units, from_column(r, column), two ? from_column(bias, row + column) : NULL,
      r->add, bias->add};
  weights_part part = {job, column, piece->count, row, 1, {outer, inner}};
  if (piece->z == column) part.n_products = 2;
  run_part(context, &part);
  if (piece->z == column) return;
  part.z = piece->z, part.products[0] = inner;
  run_part(context, &part);
}

void KS_NAME(recurrent_weights)(const ks_recurrent_job *job, const ks_context *context) {
  for (int64_t i = 0; i < job->plan.n_pieces; i++) run_piece(job, context, i);
}

#endif
