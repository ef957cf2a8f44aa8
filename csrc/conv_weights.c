/* The gradient of a convolution's kernel (ks_conv_weights.h).
 *
 * An image's rows are cut into blocks of about 256 pixels. For a tap of the
 * kernel the pixels of a block that it meets are a rectangle: what would fall
 * outside of the input is cut off, so that padding costs nothing. A tile
 * (ks_weights_tile.h) sums some entries of x times some of dz over a rectangle.
 *
 * Of x and dz that one is laid out in vectors of lanes that fills them better:
 * filters of dz, or, with 10 or 20 of them, channels of x. The other one's
 * entries are broadcast one by one.
 *
 * With few channels, taps along the last axis and channels are one run of
 * entries, from a copy of the block's rows with the padding in it.
 */
#include <string.h>

#include "ks_conv_weights.h"

#if KS_FLOATING
#include "ks_weights_rectangle.h"

/* ---- taps ------------------------------------------------------------------ */

/* The rows of tap (t0, t1) that the block meets; r->x at their first column. */
static int rows_of_tap(const weights_job *j, int64_t t0, int64_t t1, rectangle *r) {
  const ks_conv_geometry *g = j->g;
  const int64_t *in = g->input;
  int64_t plane = j->plane * g->stride[0] + t0 * g->dilation[0] - g->pad[0];
  int64_t shift = t1 * g->dilation[1] - g->pad[1];
  r->rows[0] = j->row_begin, r->rows[1] = j->row_end;
  clip(g->stride[1], shift, in[1], &r->rows[0], &r->rows[1]);
  if (plane < 0 || plane >= in[0] || r->rows[0] >= r->rows[1]) return 0;
  int64_t row = (j->image * in[0] + plane) * in[1] + r->rows[0] * g->stride[1] + shift;
  r->x = panel_of(j->x + row * in[2] * g->channels, in, g->channels, g->stride[1], g->stride[2]);
  r->dw = j->dw + (t0 * g->kernel[1] + t1) * g->kernel[2] * j->channels * g->filters;
  r->entries = j->channels, r->runs = 1;
  return 1;
}

/* Tap by tap; columns that it does not meet are cut off. */
static void sum_taps(const weights_job *j, const lane_tile *lanes, const rectangle *row) {
  const ks_conv_geometry *g = j->g;
  for (int64_t tap = 0; tap < g->kernel[2]; tap++) {
    rectangle r = *row;
    int64_t shift = tap * g->dilation[2] - g->pad[2];
    r.columns[0] = j->column_begin, r.columns[1] = j->column_end;
    clip(g->stride[2], shift, g->input[2], &r.columns[0], &r.columns[1]);
    if (r.columns[0] >= r.columns[1]) continue;
    r.x.at += (r.columns[0] * g->stride[2] + shift) * g->channels;
    r.dw += tap * j->channels * g->filters;
    sum_rectangle(j, lanes, &r);
  }
}

/* ---- few channels ------------------------------------------------------------ */

/* Columns begin .. begin + width of a row of the input, zeros where there are none. */
static void copy_row(const weights_job *j, real *to, const real *row, int64_t begin,
                     int64_t width) {
  int64_t first = begin < 0 ? ks_least(-begin, width) : 0, last = j->g->input[2] - begin;
  int64_t channels = j->channels;
  last = last < first ? first : ks_least(last, width);
  memset(to, 0, (size_t)(first * channels) * sizeof(real));
  if (j->g->groups == 1)
    memcpy(to + first * channels, row + (begin + first) * channels,
           (size_t)((last - first) * channels) * sizeof(real));
  else
    for (int64_t i = first; i < last; i++)
      for (int64_t c = 0; c < channels; c++)
        to[i * channels + c] = row[(begin + i) * j->g->channels + c];
  memset(to + last * channels, 0, (size_t)((width - last) * channels) * sizeof(real));
}

/* The rows of x that the block meets in plane t0 of the kernel, `step` elements
 * each, with the padding in them; x itself where it meets none. NULL: there is no
 * such plane. */
static const real *strip_of(const weights_job *j, int64_t t0, int64_t *step) {
  const ks_conv_geometry *g = j->g;
  const int64_t *in = g->input;
  int64_t plane = j->plane * g->stride[0] + t0 * g->dilation[0] - g->pad[0];
  int64_t top = j->row_begin * g->stride[1] - g->pad[1];
  int64_t left = j->column_begin * g->stride[2] - g->pad[2];
  int64_t width = (j->column_end - j->column_begin - 1) * g->stride[2] + g->kernel[2];
  int64_t rows = (j->row_end - j->row_begin - 1) * g->stride[1];
  rows += (g->kernel[1] - 1) * g->dilation[1] + 1;
  if (plane < 0 || plane >= in[0]) return NULL;
  const real *x = j->x + (j->image * in[0] + plane) * in[1] * in[2] * g->channels;
  *step = in[2] * g->channels;
  if (g->groups == 1 && left >= 0 && left + width <= in[2] && top >= 0 && top + rows <= in[1])
    return x + top * *step + left * g->channels;
  for (int64_t i = 0; i < rows; i++)
    if (top + i < 0 || top + i >= in[1])
      memset(j->strip + i * width * j->channels, 0, (size_t)(width * j->channels) * sizeof(real));
    else
      copy_row(j, j->strip + i * width * j->channels, x + (top + i) * *step, left, width);
  *step = width * j->channels;
  return j->strip;
}

/* All taps along the last axis as one run of entries, and as many such runs as
 * fit into a tile: with one channel that is 77 instead of 59 GFLOP/s. */
static void sum_runs(const weights_job *j, const lane_tile *lanes, int64_t t0, int64_t begin,
                     int64_t end) {
  const ks_conv_geometry *g = j->g;
  int64_t step, entries = g->kernel[2] * j->channels;
  const real *strip = strip_of(j, t0, &step);
  int64_t most = lanes->vectors == 1 ? KS_TILE_NARROW : KS_TILE_WIDE;
  rectangle r = {.rows = {j->row_begin, j->row_end}, .columns = {j->column_begin, j->column_end}};
  r.entries = entries, r.run = g->dilation[1] * step;
  for (int64_t t1 = begin; strip && t1 < end; t1 += r.runs) {
    r.runs = ks_least(ks_least(end - t1, most / entries), 3);
    if (r.runs < 1) r.runs = 1;
    r.x = (ks_panel){strip + t1 * r.run, 0, g->stride[1] * step, g->stride[2] * j->channels};
    r.dw = j->dw + (t0 * g->kernel[1] + t1) * entries * g->filters;
    sum_rectangle(j, lanes, &r);
  }
}

/* ---- lanes ----------------------------------------------------------------- */

/* The lanes of dz as neighbours: where a tail of less than a vector would reach
 * beyond the last pixel, and where pixels are so far apart that they
 * push each other out of the cache. */
static void pack_panel(const weights_job *j, lane_tile *lanes) {
  int64_t width = lanes->vectors * KS_LANES;
  ks_panel dz = dz_panel(j, lanes);
  real *to = j->panel;
  for (int64_t image = 0; image < j->images; image++)
    for (int64_t row = 0; row < j->row_end - j->row_begin; row++) {
      const real *from = dz.at + image * dz.image + row * dz.row + lanes->from;
      for (int64_t i = j->column_begin; i < j->column_end; i++, to += width, from += dz.pixel)
        for (int64_t lane = 0; lane < width; lane++)
          to[lane] = lane < lanes->lanes ? from[lane] : 0;
    }
  lanes->packed = 1;
}

/* Rows of taps `begin` to `end`, counted through the planes. */
static void sum_lanes(const weights_job *j, lane_tile *lanes, int64_t begin, int64_t end) {
  int64_t rows = j->g->kernel[1];
  if (!j->swapped && lanes->lanes < lanes->vectors * KS_LANES) pack_panel(j, lanes);
  for (int64_t row = begin, next; row < end; row = next) {
    int64_t plane = row / rows;
    next = ks_least(end, (plane + 1) * rows);
    if (j->runs) {
      sum_runs(j, lanes, plane, row - plane * rows, next - plane * rows);
      continue;
    }
    for (; row < next; row++) {
      rectangle r;
      if (rows_of_tap(j, plane, row - plane * rows, &r)) sum_taps(j, lanes, &r);
    }
  }
}

static int64_t lanes_of(const weights_job *j) { return j->swapped ? j->channels : j->filters; }

/* All lanes, two vectors at a time. The last tile begins so early that it ends
 * with the last lane; what is there twice is added once. */
static void sum_block(const weights_job *j) {
  int64_t count = lanes_of(j), rows = j->g->kernel[0] * j->g->kernel[1], unit = j->unit;
  for (int64_t done = 0; done < count; unit += rows) {
    int vectors = count - done > KS_LANES ? 2 : 1;
    int64_t width = vectors * KS_LANES, end = ks_least(done + width, count);
    int64_t from = end < width ? 0 : end - width;
    lane_tile lanes = {from, done - from, end - from, vectors, 0};
    int64_t first = unit < j->unit_begin ? ks_least(j->unit_begin - unit, rows) : 0;
    int64_t last = ks_least(j->unit_end - unit, rows);
    if (first < last) sum_lanes(j, &lanes, first, last);
    done = end;
  }
}

/* ---- blocks ---------------------------------------------------------------- */

/* Lanes in use of those that are computed. */
static double filling(int64_t count) {
  int64_t vectors = (count + KS_LANES - 1) / KS_LANES;
  return (double)count / (double)(vectors * KS_LANES + 1);
}

static int is_swapped(const weights_job *j) {
  return !j->runs && j->channels >= 2 * KS_LANES &&
         filling(j->channels) > 1.1 * filling(j->filters);
}

static void sum_images(weights_job *j, const ks_weights_block *block, int64_t row, int64_t end) {
  for (; row < end; row = j->plane * j->g->output[1] + j->row_end) {
    j->plane = row / j->g->output[1];
    j->row_begin = row - j->plane * j->g->output[1];
    j->row_end = ks_least(ks_least(j->row_begin + block->rows, j->g->output[1]),
                          end - j->plane * j->g->output[1]);
    for (j->column_begin = 0; j->column_begin < j->g->output[2]; j->column_begin = j->column_end) {
      j->column_end = ks_least(j->column_begin + block->columns, j->g->output[2]);
      sum_block(j);
    }
  }
}

static weights_job job_of(const ks_conv_geometry *g) {
  weights_job j = {.g = g, .channels = g->channels / g->groups, .filters = g->filters / g->groups};
  j.runs = ks_weights_as_runs(g);
  j.swapped = is_swapped(&j);
  return j;
}

static int64_t units_of_group(const weights_job *j) {
  int64_t tiles = (lanes_of(j) + 2 * KS_LANES - 1) / (2 * KS_LANES);
  return tiles * j->g->kernel[0] * j->g->kernel[1];
}

int64_t KS_NAME(conv_weights_units)(const ks_conv_geometry *g) {
  weights_job j = job_of(g);
  return g->groups * units_of_group(&j);
}

void KS_NAME(conv_weights)(const ks_conv_geometry *g, int64_t images, const real *x, const real *dz,
                           real *dw, const ks_weights_share *share, real *scratch) {
  ks_weights_block block = ks_weights_block_of(g, share->row_end - share->row_begin, images);
  weights_job j = job_of(g);
  j.panel = scratch;
  j.strip = scratch + KS_WEIGHTS_PANEL;
  j.unit_begin = share->unit_begin, j.unit_end = share->unit_end;
  if (j.channels == 0 || g->output[2] == 0) return;
  for (int64_t group = 0; group < g->groups; group++) {
    j.x = x + group * j.channels;
    j.dz = dz + group * j.filters;
    j.dw = dw + group * j.filters;
    j.unit = group * units_of_group(&j);
    for (j.image = 0; j.image < images; j.image += j.images) {
      j.images = ks_least(block.images, images - j.image);
      sum_images(&j, &block, share->row_begin, share->row_end);
    }
  }
}

#endif
