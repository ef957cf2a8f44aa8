#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "harness.h"

static uint64_t state = 0x6b65726173657474u;

/* splitmix64 (Steele, Lea and Flood, 2014). */
uint64_t kt_random(void) {
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

double kt_uniform(double low, double high) {
  return low + (high - low) * (double)(kt_random() >> 11) * 0x1p-53;
}

int64_t kt_below(int64_t limit) { return (int64_t)(kt_random() % (uint64_t)limit); }

int kt_is_real(int dtype) { return dtype == KS_FLOAT32 || dtype == KS_FLOAT64; }

int64_t kt_bytes(int dtype, int64_t count) {
  static const int64_t size[] = {4, 8, 4, 8, 1};
  return size[dtype] * count;
}

const char *kt_dtype_name(int dtype) {
  static const char *name[] = {"f32", "f64", "i32", "i64", "bool"};
  return name[dtype];
}

static double real_value(kt_values values, int dtype) {
  /* a sum of some of them must not overflow in one order and not in another */
  double largest = (dtype == KS_FLOAT32 ? FLT_MAX : DBL_MAX) / 64;
  double smallest = dtype == KS_FLOAT32 ? FLT_MIN : DBL_MIN;
  double epsilon = dtype == KS_FLOAT32 ? FLT_EPSILON : DBL_EPSILON;
  double special[] = {NAN,  INFINITY, -INFINITY,   0.0,     -0.0,  largest, -largest, smallest,
                      -1.0, 1.0,      1 + epsilon, epsilon, -80.0, 80.0,    -800.0,   800.0};
  switch (values) {
    case KT_POSITIVE:
      return kt_uniform(0.25, 4);
    case KT_GRID:
      return (double)(kt_below(5) - 2) * 0.5;
    case KT_WIDE:
      return kt_uniform(-1, 1) * exp(kt_uniform(-5, 5));
    case KT_SPECIAL:
      return special[kt_below(sizeof special / sizeof *special)];
    default:
      return kt_uniform(-2, 2);
  }
}

static int64_t whole_value(kt_values values, int dtype) {
  int64_t most = dtype == KS_INT32 ? INT32_MAX : INT64_MAX;
  int64_t special[] = {most, -most - 1, 0, 1, -1, most - 1, 2, -2};
  switch (values) {
    case KT_POSITIVE:
      return 1 + kt_below(20);
    case KT_GRID:
      return kt_below(5) - 2;
    case KT_WIDE: /* every bit: products and sums wrap around */
      return (int64_t)kt_random();
    case KT_SPECIAL:
      return special[kt_below(8)];
    default:
      return kt_below(41) - 20;
  }
}

void kt_fill(ks_operand *operand, kt_values values) {
  for (int64_t i = 0; i < operand->count; i++) switch (operand->dtype) {
      case KS_FLOAT32:
        ((float *)operand->data)[i] = (float)real_value(values, KS_FLOAT32);
        break;
      case KS_FLOAT64:
        ((double *)operand->data)[i] = real_value(values, KS_FLOAT64);
        break;
      case KS_INT32:
        ((int32_t *)operand->data)[i] = (int32_t)whole_value(values, KS_INT32);
        break;
      case KS_INT64:
        ((int64_t *)operand->data)[i] = whole_value(values, KS_INT64);
        break;
      default:
        ((uint8_t *)operand->data)[i] = (uint8_t)kt_below(2);
    }
}

/* int64 loses its last bits here, which is good enough for printing. */
double kt_element(const ks_operand *operand, int64_t i) {
  switch (operand->dtype) {
    case KS_FLOAT32:
      return ((const float *)operand->data)[i];
    case KS_FLOAT64:
      return ((const double *)operand->data)[i];
    case KS_INT32:
      return ((const int32_t *)operand->data)[i];
    case KS_INT64:
      return (double)((const int64_t *)operand->data)[i];
    default:
      return ((const uint8_t *)operand->data)[i];
  }
}
