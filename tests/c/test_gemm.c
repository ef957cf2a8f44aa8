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
};

static void check_shape(int64_t m, int64_t n, int64_t k, int64_t pad) {
  static const double factors[][2] = {{1, 0}, {1, 1}, {-0.5, 2}};
  for (int trans = 0; trans < 4; trans++)
    for (int f = 0; f < N(factors); f++) {
      kt_product p = {m, n, k, pad, trans & 1, trans >> 1, f < 2, factors[f][0], factors[f][1]};
      ks_check_product_f32_check(p);
      ks_check_product_f64_check(p);
    }
}

int main(void) {
  for (int i = 0; i < N(shapes); i++)
    for (int64_t pad = 0; pad <= 3; pad += 3)
      check_shape(shapes[i][0], shapes[i][1], shapes[i][2], pad);
  return kt_summary("gemm");
}
