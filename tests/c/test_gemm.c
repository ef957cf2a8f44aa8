#include <string.h>

#include "gemm_check.h"
#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

static const int64_t shapes[][3] = {
    {1, 1, 1},
    {1, 7, 5},
    {7, 1, 5},
    {5, 7, 1},
    {0, 3, 2},
    {3, 0, 2},
    {3, 2, 0},
    {1, 4, 0},
    {17, 9, 33},
    {16, 32, 16},
    {1, 300, 40},
    {300, 1, 40},
    /* cut into tiles: by rows, by columns, and where the tiles are few or thin */
    {130, 70, 121},
    {70, 130, 121},
    {1, 4001, 260},
    {4001, 1, 260},
    {3, 4001, 90},
    {15, 15, 4600},
    /* shared only with threads that are awake */
    {100, 10, 100},
    {200, 1, 60},
    /* beyond what our own products take at once: rows, columns and sums; rows a page apart */
    {600, 40, 20},
    {20, 100, 300},
    {40, 20, 600},
    {150, 1024, 60},
    {40, 60, 1024},
};

/* With zeros that are worth skipping: one panel or several, of one vector to fourteen, one slice of
 * products or several, whole words of bits or parts of them. */
static const int64_t sparse_shapes[][3] = {
    {200, 100, 64}, {64, 100, 200}, {130, 7, 128}, {70, 330, 20}, {17, 500, 65}, {150, 40, 300},
};

static const struct {
  const char *isa;
  kt_product_check f32, f64;
} levels[] = {
#if defined(__x86_64__)
    {"x86-64-v2", ks_check_product_f32_v2, ks_check_product_f64_v2},
    {"x86-64-v3", ks_check_product_f32_v3, ks_check_product_f64_v3},
    {"x86-64-v4", ks_check_product_f32_v4, ks_check_product_f64_v4},
#else
    {"generic", ks_check_product_f32_generic, ks_check_product_f64_generic},
#endif
};

static int runs_here(const char *isa) {
  const char *name;
  for (int i = 0; (name = kt_next_isa(&i));)
    if (strcmp(name, isa) == 0) return 1;
  return 0;
}

static void check_everywhere(kt_product p) {
  for (int trans = 0; trans < 4; trans++)
    for (p.add = 0; p.add < 2; p.add++)
      for (int i = 0; i < N(levels); i++) {
        p.trans_a = trans & 1, p.trans_b = trans >> 1, p.with_epilogue = !p.add;
        if (!runs_here(levels[i].isa)) continue;
        levels[i].f32(levels[i].isa, p);
        levels[i].f64(levels[i].isa, p);
      }
}

int main(void) {
  for (int i = 0; i < N(shapes); i++)
    for (int64_t pad = 0; pad <= 3; pad += 3)
      check_everywhere((kt_product){shapes[i][0], shapes[i][1], shapes[i][2], .pad = pad});
  for (int i = 0; i < N(sparse_shapes); i++)
    for (int zeros = 70; zeros <= 100; zeros += 30)
      for (int is_not_finite = 0; is_not_finite < 2; is_not_finite++) {
        const int64_t *s = sparse_shapes[i];
        check_everywhere((kt_product){s[0], s[1], s[2], .pad = 3, .zeros = zeros,
                                      .is_not_finite = is_not_finite});
      }
  return kt_summary("gemm");
}
