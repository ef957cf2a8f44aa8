/* The harness of the C tests.
 *
 * A case is a node without functions: operands with values, sizes, loops. It
 * is run on copies of its operands, first by the reference table and then by
 * the tables of every instruction set that the machine has, on one thread and
 * on several; results are compared. Operands are allocated with the exact
 * number of bytes, so that the address sanitizer sees a read past the end.
 */
#ifndef KT_HARNESS_H
#define KT_HARNESS_H

#include "../../csrc/ks_context.h"
#include "../../csrc/ks_ops.h"

#define KT_MAX_IN 8
#define KT_MAX_OUT 3

/* How a gradient is wanted. */
typedef enum { KT_NONE, KT_WRITE, KT_ADD } kt_want;

typedef struct {
  char name[160];
  ks_node node; /* op, dtype, sizes, attributes, loops */
  ks_operand in[KT_MAX_IN];
  union {
    ks_operand out; /* the first, which alone may have a gradient */
    ks_operand outs[KT_MAX_OUT];
  };
  int output_is_input;     /* out.data is in[0].data: a view */
  int forward_only;        /* the contract leaves the gradient of such values open */
  int smooth;              /* finite differences make sense */
  double scale;            /* size of the terms that are summed, if not 1 */
  kt_want want[KT_MAX_IN]; /* set by kt_check for each of its runs */
  int one_gradient;        /* all wanted gradients are one buffer: x op x */
} kt_case;

/* ---- values (values.c) --------------------------------------------------- */

/* A deterministic generator, restarted by each test program. */
uint64_t kt_random(void);
double kt_uniform(double low, double high);
int64_t kt_below(int64_t limit);

typedef enum {
  KT_UNIFORM,  /* real: [-2, 2); integers: -20 .. 20; bool: both */
  KT_POSITIVE, /* real: [0.25, 4); integers: 1 .. 20 */
  KT_GRID,     /* few distinct values, zero among them: ties, kinks */
  KT_WIDE,     /* large magnitudes, both signs */
  KT_SPECIAL,  /* nan, infinities, zeros of both signs, very large and small */
} kt_values;

void kt_fill(ks_operand *operand, kt_values values);
double kt_element(const ks_operand *operand, int64_t i);
int kt_is_real(int dtype);
int64_t kt_bytes(int dtype, int64_t count);
const char *kt_dtype_name(int dtype);

/* ---- cases (case.c) ------------------------------------------------------ */

kt_case *kt_new(ks_op op, int dtype, const char *format, ...) __attribute__((format(printf, 3, 4)));
void kt_free(kt_case *c);

/* Adds an operand and returns its data, still to be filled. */
void *kt_input(kt_case *c, int dtype, int64_t count);
void kt_input_filled(kt_case *c, int dtype, int64_t count, kt_values values);
void kt_output(kt_case *c, int dtype, int64_t count);
void kt_sizes(kt_case *c, int n, const int64_t *sizes);
void kt_loops(kt_case *c, int n_dims, const int64_t *dims);
/* An op of one input at 4001 places, evenly from low to high. */
kt_case *kt_scan(ks_op op, int dtype, double low, double high);
#define KT_SIZES(c, ...)                                                \
  kt_sizes(c, (int)(sizeof (int64_t[]){__VA_ARGS__} / sizeof(int64_t)), \
           (const int64_t[]){__VA_ARGS__})

/* ---- runs (run.c) -------------------------------------------------------- */

/* What a run leaves: copies of all operands, to be freed. */
typedef struct {
  ks_status status;
  int64_t error_position, error_value;
  int n_in;
  ks_operand in[KT_MAX_IN];
  union {
    ks_operand out;
    ks_operand outs[KT_MAX_OUT];
  };
} kt_result;

/* isa NULL: the reference. n_threads 0: without a pool. */
kt_result kt_run(const kt_case *c, const char *isa, int n_threads);
void kt_free_result(kt_result *result);
void *kt_allocate(int64_t bytes);
const char *kt_next_isa(int *index); /* the levels that this machine runs; NULL at the end */
ks_context kt_context(const char *isa, int n_threads);
int kt_has_backward(const kt_case *c);
extern const ks_blas kt_naive_blas;

/* ---- checks (check.c) ---------------------------------------------------- */

/* Runs a case in all ways and frees it. Failures are counted and printed. */
void kt_check(kt_case *c);

/* For checks that a test makes itself. */
void kt_failed(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define KT_EXPECT(condition, ...) (kt_counted(condition) ? (void)0 : kt_failed(__VA_ARGS__))
int kt_counted(int condition);

/* Prints a summary; to be returned by main. */
int kt_summary(const char *program);

/* The tolerance of an op: |got - want| <= epsilon * (relative * |want| +
 * absolute * scale), where scale is 1, or with `by_largest` the largest
 * |want| of the array if that is more. All 0: equal. Bits: the same bits. */
typedef struct {
  double relative, absolute;
  int by_largest, bits;
} kt_tolerance;

kt_tolerance kt_tolerance_of(ks_op op, int of_gradient);

/* Finite differences of the reference (gradcheck.c). */
void kt_check_slopes(const kt_case *c);

#endif
