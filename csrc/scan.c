/* Running sums along the middle of (outer, count, inner), in the units of
 * ks_units.h. float32 is summed in double, integers wrap around.
 */
#include "ks_units.h"

#if KS_FLOATING
typedef double wide;
#else
typedef uint64_t wide;
#endif

#if KS_DTYPE_NUMBER == 5
#define PLUS(a, b) ((a) | (b)) /* a bool has `or` for + */
#else
#define PLUS(a, b) ((a) + (b))
#endif

/* From the first to the last, or (step < 0) back; `add`: += instead of =. */
static void scan_unit(const reduction_unit *unit, const real *from, real *to, int backward,
                      int add) {
  wide total[KS_COLUMNS] = {0};
  int64_t step = backward ? -unit->stride : unit->stride;
  if (backward) from += (unit->count - 1) * unit->stride, to += (unit->count - 1) * unit->stride;
  for (int64_t r = 0; r < unit->count; r++, from += step, to += step) {
    for (int64_t j = 0; j < unit->columns; j++) {
      total[j] = PLUS(total[j], (wide)from[j]);
      to[j] = (real)(add ? PLUS((wide)to[j], total[j]) : total[j]);
    }
  }
}

static void cumsum_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  for (int64_t i = begin; i < end; i++) {
    reduction_unit unit = unit_of(node, i);
    scan_unit(&unit, unit.x, (real *)node->out[0].data + unit.x_at, 0, 0);
  }
}

ks_status KS_NAME(cumsum_forward)(ks_node *node, const ks_context *context) {
  run_units(node, context, cumsum_range);
  return KS_OK;
}

#if KS_FLOATING
static void cumsum_backward_range(void *arg, int64_t begin, int64_t end) {
  const ks_node *node = arg;
  const ks_operand *in = &node->in[0];
  for (int64_t i = begin; i < end; i++) {
    reduction_unit unit = unit_of(node, i);
    const real *dy = (const real *)node->out[0].grad + unit.x_at;
    scan_unit(&unit, dy, (real *)in->grad + unit.x_at, 1, in->add);
  }
}

ks_status KS_NAME(cumsum_backward)(ks_node *node, const ks_context *context) {
  if (node->in[0].grad) run_units(node, context, cumsum_backward_range);
  return KS_OK;
}
#endif
