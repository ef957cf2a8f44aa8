#include "harness.h"

#define N(array) (int)(sizeof(array) / sizeof *(array))

static const int64_t counts[] = {0, 1, 3, 8, 17, 100, 1000, 40007};

/* Values that every dtype can hold once the fraction is cut off: more is
 * undefined in C, and so nobody's promise. */
static void check_cast(int from, int to, int64_t count, kt_values values) {
  kt_case *c = kt_new(KS_OP_cast, to, "from %s count %lld values %d", kt_dtype_name(from),
                      (long long)count, values);
  kt_input_filled(c, from, count, values);
  kt_output(c, to, count);
  c->smooth = to == KS_FLOAT64 && from == KS_FLOAT64 && count < 200;
  kt_check(c);
}

static void check_casts(int from, int to) {
  for (int i = 0; i < N(counts); i++) check_cast(from, to, counts[i], KT_UNIFORM);
  check_cast(from, to, 500, KT_GRID);
  if (kt_is_real(from) && (kt_is_real(to) || to == KS_BOOL)) check_cast(from, to, 500, KT_SPECIAL);
  /* Integers of every size: to float they round, to int32 they are cut. */
  if (!kt_is_real(from)) check_cast(from, to, 500, KT_WIDE);
  if (!kt_is_real(from)) check_cast(from, to, 500, KT_SPECIAL);
}

static void check_one_hot(int dtype, int index_dtype, int64_t count, int64_t classes) {
  kt_case *c = kt_new(KS_OP_one_hot, dtype, "%s count %lld classes %lld",
                      kt_dtype_name(index_dtype), (long long)count, (long long)classes);
  void *index = kt_input(c, index_dtype, count);
  for (int64_t i = 0; i < count; i++) {
    int64_t value = kt_below(classes + 4) - 2; /* some below, some above */
    if (i % 11 == 5) value = i % 2 ? INT32_MIN : INT32_MAX;
    if (i % 13 == 7 && index_dtype == KS_INT64) value = (1LL << 32) + kt_below(classes);
    if (index_dtype == KS_INT32)
      ((int32_t *)index)[i] = (int32_t)value;
    else
      ((int64_t *)index)[i] = value;
  }
  KT_SIZES(c, classes);
  kt_output(c, dtype, count * classes);
  kt_check(c);
}

int main(void) {
  for (int from = 0; from < KS_N_DTYPES; from++)
    for (int to = 0; to < KS_N_DTYPES; to++) check_casts(from, to);
  for (int dtype = KS_FLOAT32; dtype <= KS_FLOAT64; dtype++)
    for (int index = KS_INT32; index <= KS_INT64; index++) {
      check_one_hot(dtype, index, 0, 4);
      check_one_hot(dtype, index, 1, 1);
      check_one_hot(dtype, index, 30, 10);
      check_one_hot(dtype, index, 100, 3);
      check_one_hot(dtype, index, 4000, 17);
      check_one_hot(dtype, index, 3, 20001);
    }
  return kt_summary("convert");
}
