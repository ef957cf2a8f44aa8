/* Moving elements about: views, strided copies, concatenation, filling. */
#include <string.h>

#include "ks_ops.h"
#include "ks_tiles.h"

#define BLOCK 16 /* side of a transposed block: its rows are whole cache lines of float32 */

/* to[sum of index * to_step] = from[sum of index * from_step] over n >= 1
 * loops. The last two loops are the plane that copy_plane works on. */
typedef struct {
  real *to;
  const real *from;
  int add; /* += instead of = */
  int n;
  int64_t dims[KS_MAX_DIMS], to_step[KS_MAX_DIMS], from_step[KS_MAX_DIMS];
} copy_job;

static void copy_row(real *restrict to, const real *restrict from, int64_t n, int add) {
  if (add) {
    for (int64_t i = 0; i < n; i++) to[i] += from[i];
  } else if (n < BLOCK) {
    for (int64_t i = 0; i < n; i++) to[i] = from[i]; /* too short for a call */
  } else {
    memcpy(to, from, (size_t)n * sizeof(real));
  }
}

/* A whole block through a buffer: source and target are touched by cache
 * lines, each once. In place of that, rows 4096 bytes apart would evict one
 * another from the first-level cache. */
static void transpose_block(real *restrict to, int64_t to_row, const real *restrict from,
                            int64_t from_column, int add) {
  real block[BLOCK][BLOCK];
  for (int j = 0; j < BLOCK; j++)
    for (int i = 0; i < BLOCK; i++) block[i][j] = from[j * from_column + i];
  for (int i = 0; i < BLOCK; i++)
    for (int j = 0; j < BLOCK; j++)
      to[i * to_row + j] = add ? (real)(to[i * to_row + j] + block[i][j]) : block[i][j];
}

/* The sum of a row by lanes: a gradient of broadcasting, which has to be
 * accurate over millions of elements. */
static real row_sum(const real *x, int64_t n, int64_t step) {
  real lane[BLOCK] = {0}, sum = 0;
  int64_t i = 0;
  for (; i + BLOCK <= n; i += BLOCK)
    for (int l = 0; l < BLOCK; l++) lane[l] += x[(i + l) * step];
  for (int l = 0; l < BLOCK; l++) sum += lane[l];
  for (; i < n; i++) sum += x[i * step];
  return sum;
}

static void copy_elements(const copy_job *job, real *to, const real *from, int64_t rows,
                          int64_t columns) {
  int64_t to_row = job->n > 1 ? job->to_step[job->n - 2] : 0;
  int64_t from_row = job->n > 1 ? job->from_step[job->n - 2] : 0;
  int64_t to_column = job->to_step[job->n - 1], from_column = job->from_step[job->n - 1];
  for (int64_t i = 0; i < rows; i++) {
    real *t = to + i * to_row;
    const real *f = from + i * from_row;
    if (job->add && to_column == 0) {
      for (int64_t j = 0; j < columns; j += 4096)
        *t += row_sum(f + j * from_column, columns - j < 4096 ? columns - j : 4096, from_column);
    } else if (job->add) {
      for (int64_t j = 0; j < columns; j++) t[j * to_column] += f[j * from_column];
    } else {
      for (int64_t j = 0; j < columns; j++) t[j * to_column] = f[j * from_column];
    }
  }
}

static void transpose_plane(const copy_job *job, real *to, const real *from, int64_t rows,
                            int64_t columns) {
  int64_t to_row = job->to_step[job->n - 2], from_column = job->from_step[job->n - 1];
  int64_t whole_rows = rows - rows % BLOCK, whole_columns = columns - columns % BLOCK;
  for (int64_t i = 0; i < whole_rows; i += BLOCK)
    for (int64_t j = 0; j < whole_columns; j += BLOCK)
      transpose_block(to + i * to_row + j, to_row, from + j * from_column + i, from_column,
                      job->add);
  copy_elements(job, to + whole_columns, from + whole_columns * from_column, whole_rows,
                columns - whole_columns);
  copy_elements(job, to + whole_rows * to_row, from + whole_rows, rows - whole_rows, columns);
}

static void copy_plane(const copy_job *job, real *to, const real *from, int64_t rows,
                       int64_t columns) {
  int last = job->n - 1;
  if (job->to_step[last] == 1 && job->from_step[last] == 1) {
    for (int64_t i = 0; i < rows; i++)
      copy_row(to + (last ? i * job->to_step[last - 1] : 0),
               from + (last ? i * job->from_step[last - 1] : 0), columns, job->add);
  } else if (last && job->to_step[last] == 1 && job->from_step[last - 1] == 1) {
    transpose_plane(job, to, from, rows, columns);
  } else {
    copy_elements(job, to, from, rows, columns);
  }
}

/* Rows are counted through all planes, so that one large matrix and many
 * small ones are cut alike. */
static void copy_row_range(void *arg, int64_t begin, int64_t end) {
  const copy_job *job = arg;
  int64_t rows = job->dims[job->n - 2];
  while (begin < end) {
    int64_t outer = begin / rows, row = begin % rows;
    int64_t n_rows = rows - row < end - begin ? rows - row : end - begin;
    real *to = job->to + row * job->to_step[job->n - 2];
    const real *from = job->from + row * job->from_step[job->n - 2];
    for (int d = job->n - 3; d >= 0; d--) {
      to += outer % job->dims[d] * job->to_step[d];
      from += outer % job->dims[d] * job->from_step[d];
      outer /= job->dims[d];
    }
    copy_plane(job, to, from, n_rows, job->dims[job->n - 1]);
    begin += n_rows;
  }
}

static void copy_column_range(void *arg, int64_t begin, int64_t end) {
  const copy_job *job = arg;
  copy_plane(job, job->to + begin * job->to_step[0], job->from + begin * job->from_step[0], 1,
             end - begin);
}

/* `whole`: in one piece, because elements of `to` are met several times. */
static void run_copy(const ks_context *context, copy_job *job, int whole) {
  int64_t columns = job->dims[job->n - 1], rows = 1;
  for (int d = 0; d < job->n - 1; d++) rows *= job->dims[d];
  if (rows == 0 || columns == 0) return;
  if (job->n == 1) {
    ks_parallel_range(context, columns, whole ? columns : KS_TILE_ELEMENTS, copy_column_range, job);
    return;
  }
  int64_t step = KS_TILE_ELEMENTS / columns + 1;
  if (job->from_step[job->n - 1] != 1) step = (step + BLOCK - 1) / BLOCK * BLOCK;
  ks_parallel_range(context, rows, whole ? rows : step, copy_row_range, job);
}

static void swap_loops(copy_job *job, int i, int j) {
  int64_t *steps[3] = {job->dims, job->to_step, job->from_step};
  for (int k = 0; k < 3; k++) {
    int64_t kept = steps[k][i];
    steps[k][i] = steps[k][j];
    steps[k][j] = kept;
  }
}

/* Appends a loop; loops that are one walk through memory become one loop. */
static void add_loop(copy_job *job, int64_t dim, int64_t to_step, int64_t from_step) {
  int last = job->n - 1;
  if (dim == 1 && job->n > 0) return;
  if (job->n > 0 && job->dims[last] == 1) job->n = last;
  last = job->n - 1;
  if (job->n > 0 && job->to_step[last] == dim * to_step &&
      job->from_step[last] == dim * from_step) {
    dim *= job->dims[last];
    job->n = last;
  }
  job->dims[job->n] = dim;
  job->to_step[job->n] = to_step;
  job->from_step[job->n++] = from_step;
}

/* The loops of a strided copy, x to y or (scatter) dy to dx. A loop that
 * walks x one by one goes into the plane, and the loop that walks the target
 * one by one goes last. */
static void plan_copy(copy_job *job, const ks_node *node, int scatter) {
  int64_t dense[KS_MAX_DIMS + 1] = {1};
  job->n = 0;
  add_loop(job, 1, 1, 1);
  for (int d = node->n_dims - 1, k = 0; d >= 0; d--, k++) dense[k + 1] = dense[k] * node->dims[d];
  for (int d = 0; d < node->n_dims; d++) {
    int64_t x_step = node->strides[0][d], y_step = dense[node->n_dims - 1 - d];
    add_loop(job, node->dims[d], scatter ? x_step : y_step, scatter ? y_step : x_step);
  }
  const int64_t *x_step = scatter ? job->to_step : job->from_step;
  int last = job->n - 1;
  if (last > 0 && x_step[last] != 1) {
    for (int d = 0; d < last - 1; d++)
      if (x_step[d] == 1) swap_loops(job, d, last - 1);
    if (scatter && x_step[last - 1] == 1) swap_loops(job, last, last - 1);
  }
}

ks_status KS_NAME(view_forward)(ks_node *node, const ks_context *context) {
  (void)node, (void)context;
  return KS_OK;
}

ks_status KS_NAME(strided_copy_forward)(ks_node *node, const ks_context *context) {
  copy_job job = {.to = node->out[0].data, .add = 0};
  job.from = (const real *)node->in[0].data + node->size[0];
  plan_copy(&job, node, 0);
  run_copy(context, &job, 0);
  return KS_OK;
}

/* Input i of a concatenation as a plane of `outer` rows in the joined array. */
static void run_concatenate(ks_node *node, const ks_context *context, int backward) {
  int64_t outer = node->size[0], position = 0;
  int64_t total = outer ? node->out[0].count / outer : 0;
  for (int32_t i = 0; i < node->n_in; i++) {
    const ks_operand *in = &node->in[i];
    int64_t width = outer ? in->count / outer : 0;
    copy_job job = {.n = 0};
    add_loop(&job, outer, backward ? width : total, backward ? total : width);
    add_loop(&job, width, 1, 1);
    if (backward) {
      job.to = in->grad;
      job.from = (const real *)node->out[0].grad + position;
      job.add = in->add;
    } else {
      job.to = (real *)node->out[0].data + position;
      job.from = in->data;
    }
    if (job.to && width) run_copy(context, &job, 0);
    position += width;
  }
}

ks_status KS_NAME(concatenate_forward)(ks_node *node, const ks_context *context) {
  run_concatenate(node, context, 0);
  return KS_OK;
}

typedef struct {
  real *y;
  real value;
} fill_job;

static void fill_range(void *arg, int64_t begin, int64_t end) {
  const fill_job *job = arg;
  for (int64_t i = begin; i < end; i++) job->y[i] = job->value;
}

ks_status KS_NAME(fill_forward)(ks_node *node, const ks_context *context) {
#if KS_DTYPE_NUMBER == KS_IS_bool
  fill_job job = {node->out[0].data, node->attr[0] != 0};
#else
  fill_job job = {node->out[0].data, (real)node->attr[0]};
#endif
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, fill_range, &job);
  return KS_OK;
}

ks_status KS_NAME(assign_forward)(ks_node *node, const ks_context *context) {
  copy_job job = {.to = node->out[0].data, .from = node->in[0].data};
  add_loop(&job, node->out[0].count, 1, 1);
  run_copy(context, &job, 0);
  return KS_OK;
}

#if KS_FLOATING
ks_status KS_NAME(view_backward)(ks_node *node, const ks_context *context) {
  copy_job job = {.to = node->in[0].grad, .from = node->out[0].grad, .add = node->in[0].add};
  add_loop(&job, node->in[0].count, 1, 1);
  if (job.to) run_copy(context, &job, 0);
  return KS_OK;
}

/* Whether every element of `to` is met at most once: each step outreaches
 * all that the smaller ones can walk together. */
static int meets_once(const copy_job *job) {
  for (int i = 0; i < job->n; i++) {
    int64_t step = job->to_step[i] < 0 ? -job->to_step[i] : job->to_step[i], reach = 0;
    for (int j = 0; j < job->n; j++) {
      int64_t other = job->to_step[j] < 0 ? -job->to_step[j] : job->to_step[j];
      if (j != i && other <= step) reach += other * (job->dims[j] - 1);
    }
    if (job->dims[i] > 1 && step <= reach) return 0;
  }
  return 1;
}

ks_status KS_NAME(strided_copy_backward)(ks_node *node, const ks_context *context) {
  const ks_operand *in = &node->in[0];
  if (!in->grad) return KS_OK;
  copy_job job = {.from = node->out[0].grad, .add = in->add};
  plan_copy(&job, node, 1);
  int once = meets_once(&job);
  if (!in->add && !(once && in->count == node->out[0].count)) {
    fill_job zero = {in->grad, 0};
    ks_parallel_range(context, in->count, KS_TILE_ELEMENTS, fill_range, &zero);
  }
  job.to = (real *)in->grad + node->size[0];
  job.add = in->add || !once;
  run_copy(context, &job, !once);
  return KS_OK;
}

ks_status KS_NAME(concatenate_backward)(ks_node *node, const ks_context *context) {
  run_concatenate(node, context, 1);
  return KS_OK;
}
#endif
