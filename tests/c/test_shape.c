#include "../../csrc/ks_tiles.h"
#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

static const int64_t counts[] = {0, 1, 5, 17, 64, 1000, KS_TILE_ELEMENTS + 3};

static void check_flat(ks_op op, int dtype) {
  for (int i = 0; i < N(counts); i++) {
    kt_case *c = kt_new(op, dtype, "count %lld", (long long)counts[i]);
    kt_input_filled(c, dtype, counts[i], i == 4 ? KT_SPECIAL : KT_UNIFORM);
    kt_output(c, dtype, counts[i]);
    c->output_is_input = op == KS_OP_view;
    c->smooth = counts[i] < 100 && i != 4;
    kt_check(c);
  }
}

static void check_fill(int dtype) {
  static const double values[] = {0, 1, -3, 2.5};
  for (int i = 0; i < N(counts); i++)
    for (int v = 0; v < N(values); v++) {
      kt_case *c =
          kt_new(KS_OP_fill, dtype, "count %lld value %g", (long long)counts[i], values[v]);
      c->node.attr[0] = kt_is_real(dtype) || dtype == KS_BOOL ? values[v] : (int)values[v];
      kt_output(c, dtype, counts[i]);
      kt_check(c);
    }
}

/* ---- strided copies ------------------------------------------------------ */

typedef struct {
  const char *name;
  int64_t count, first; /* elements of x0; where index 0 of all loops lies */
  int n_dims;
  int64_t dims[4], strides[4];
} copy_pattern;

static const copy_pattern copies[] = {
    {"scalar", 1, 0, 1, {1}, {1}},
    {"identity", 100, 0, 1, {100}, {1}},
    {"nothing", 10, 0, 1, {0}, {1}},
    {"nothing of nothing", 0, 0, 2, {0, 3}, {3, 1}},
    {"slice", 100, 20, 1, {30}, {1}},
    {"every third", 100, 1, 1, {33}, {3}},
    {"flip", 37, 36, 1, {37}, {-1}},
    {"every second backwards", 37, 35, 1, {18}, {-2}},
    {"flip large", 40001, 40000, 1, {40001}, {-1}},
    {"transpose", 35, 0, 2, {7, 5}, {1, 7}},
    {"transpose column", 9, 0, 2, {9, 1}, {1, 9}},
    {"transpose large", 301 * 211, 0, 2, {211, 301}, {1, 211}},
    {"transpose thin", 3 * 20011, 0, 2, {20011, 3}, {1, 20011}},
    {"transpose wide", 3 * 20011, 0, 2, {3, 20011}, {1, 3}},
    {"rows of a matrix", 200, 40, 2, {4, 20}, {20, 1}},
    {"columns of a matrix", 200, 3, 2, {10, 7}, {20, 1}},
    {"columns backwards", 200, 19, 2, {10, 20}, {20, -1}},
    {"rows backwards", 200, 180, 2, {10, 20}, {-20, 1}},
    {"both backwards", 200, 199, 2, {10, 20}, {-20, -1}},
    {"block of every second", 1200, 63, 3, {3, 5, 4}, {400, 40, 2}},
    {"broadcast scalar", 1, 0, 1, {1000}, {0}},
    {"broadcast scalar large", 1, 0, 2, {300, 201}, {0, 0}},
    {"broadcast row", 17, 0, 2, {30, 17}, {0, 1}},
    {"broadcast row large", 401, 0, 2, {300, 401}, {0, 1}},
    {"broadcast column", 17, 0, 2, {17, 30}, {1, 0}},
    {"broadcast column large", 301, 0, 2, {301, 129}, {1, 0}},
    {"broadcast middle", 30, 0, 3, {5, 4, 6}, {6, 0, 1}},
    {"broadcast flipped row", 17, 16, 2, {30, 17}, {0, -1}},
    {"permute 201", 210, 0, 3, {7, 5, 6}, {1, 42, 7}},
    {"permute 120", 210, 0, 3, {6, 7, 5}, {7, 1, 42}},
    {"permute 021", 210, 0, 3, {5, 7, 6}, {42, 1, 7}},
    {"permute 021 large", 21 * 57 * 43, 0, 3, {21, 43, 57}, {2451, 1, 43}},
    {"swap heads", 2 * 9 * 4 * 5, 0, 4, {2, 4, 9, 5}, {180, 5, 20, 1}},
    {"turned backwards with repeat", 60, 56, 4, {3, 2, 4, 5}, {-20, 0, 1, -4}},
    {"overlapping windows", 50, 0, 2, {46, 5}, {1, 1}},
};

static void check_copy(int dtype, const copy_pattern *p) {
  kt_case *c = kt_new(KS_OP_strided_copy, dtype, "%s", p->name);
  int64_t count = 1;
  for (int d = 0; d < p->n_dims; d++) {
    count *= p->dims[d];
    c->node.strides[0][d] = p->strides[d];
  }
  KT_SIZES(c, p->first);
  kt_loops(c, p->n_dims, p->dims);
  kt_input_filled(c, dtype, p->count, KT_UNIFORM);
  kt_output(c, dtype, count);
  c->smooth = count < 300;
  kt_check(c);
}

/* ---- concatenations ------------------------------------------------------ */

static void check_concatenate(int dtype, int64_t outer, int n, const int64_t *widths) {
  int64_t total = 0;
  for (int i = 0; i < n; i++) total += widths[i];
  kt_case *c = kt_new(KS_OP_concatenate, dtype, "outer %lld, %d inputs, first %lld",
                      (long long)outer, n, (long long)widths[0]);
  KT_SIZES(c, outer);
  for (int i = 0; i < n; i++) kt_input_filled(c, dtype, outer * widths[i], KT_UNIFORM);
  kt_output(c, dtype, outer * total);
  c->smooth = outer * total < 300;
  kt_check(c);
}

static void check_concatenations(int dtype) {
  static const int64_t outers[] = {0, 1, 2, 7, 3001};
  static const int64_t widths[][5] = {{1, 1},    {4, 4}, {3, 5},  {1, 2, 3, 4, 5},
                                      {5, 0, 2}, {6},    {17, 33}};
  static const int n[] = {2, 2, 2, 5, 3, 1, 2};
  static const int64_t large[] = {20011, 30013};
  for (int o = 0; o < N(outers); o++)
    for (int i = 0; i < N(n); i++) check_concatenate(dtype, outers[o], n[i], widths[i]);
  check_concatenate(dtype, 1, 2, large);
  check_concatenate(dtype, 2, 2, large);
}

int main(void) {
  for (int dtype = 0; dtype < KS_N_DTYPES; dtype++) {
    check_flat(KS_OP_view, dtype);
    check_flat(KS_OP_assign, dtype);
    check_fill(dtype);
    for (int i = 0; i < N(copies); i++) check_copy(dtype, &copies[i]);
    check_concatenations(dtype);
  }
  return kt_summary("shape");
}
