#include <string.h>

#include "ks_dispatch.h"
#include "ks_ops.h"

typedef struct {
  const char *name;
  int (*runs_here)(void);
  const ks_op_entry *f32, *f64;
} isa_level;

#define DECLARE_TABLES(isa) extern const ks_op_entry ks_ops_f32_##isa[], ks_ops_f64_##isa[];

/* Integers and bools are not worth a copy per instruction set. */
extern const ks_op_entry ks_ops_i32_generic[], ks_ops_i64_generic[], ks_ops_bool_generic[];

#if defined(__x86_64__)
DECLARE_TABLES(v2)
DECLARE_TABLES(v3)
DECLARE_TABLES(v4)

/* GCC 11's and older clang's __builtin_cpu_supports do not know the levels by
 * name, hence feature by feature. */
static int has_v2(void) {
  return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
}
static int has_v3(void) {
  return has_v2() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi2");
}
static int has_v4(void) {
  return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}

static const isa_level levels[] = {
    {"x86-64-v4", has_v4, ks_ops_f32_v4, ks_ops_f64_v4},
    {"x86-64-v3", has_v3, ks_ops_f32_v3, ks_ops_f64_v3},
    {"x86-64-v2", has_v2, ks_ops_f32_v2, ks_ops_f64_v2},
};
#else
DECLARE_TABLES(generic)

static int always(void) { return 1; }

static const isa_level levels[] = {{"generic", always, ks_ops_f32_generic, ks_ops_f64_generic}};
#endif

#define N_LEVELS ((int)(sizeof levels / sizeof *levels))

const char *ks_isa_level(int index, int *runs_here) {
  if (index < 0 || index >= N_LEVELS) return NULL;
  if (runs_here) *runs_here = levels[index].runs_here();
  return levels[index].name;
}

static void use(ks_context *context, const isa_level *level) {
  context->ops[KS_FLOAT32] = level->f32;
  context->ops[KS_FLOAT64] = level->f64;
  context->ops[KS_INT32] = ks_ops_i32_generic;
  context->ops[KS_INT64] = ks_ops_i64_generic;
  context->ops[KS_BOOL] = ks_ops_bool_generic;
  context->isa = level->name;
}

ks_dispatch_status ks_dispatch(ks_context *context, const char *isa) {
  int known = isa == NULL;
  for (int i = 0; i < N_LEVELS; i++) {
    if (isa && strcmp(isa, levels[i].name) != 0) continue;
    known = 1;
    if (!levels[i].runs_here()) continue;
    use(context, &levels[i]);
    return KS_DISPATCH_OK;
  }
  return known ? KS_ISA_MISSING : KS_ISA_UNKNOWN;
}
