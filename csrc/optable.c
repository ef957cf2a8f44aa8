/* The table of ops of one dtype and instruction set. */
#include "ks_context.h"
#include "ks_ops.h"

#define FORWARD_ANY(name) KS_NAME(name##_forward)
#define BACKWARD_WITHOUT(name) NULL
#if KS_FLOATING
#define FORWARD_REAL(name) KS_NAME(name##_forward)
#define BACKWARD_WITH(name) KS_NAME(name##_backward)
#else
#define FORWARD_REAL(name) NULL
#define BACKWARD_WITH(name) NULL
#endif
#define ENTRY(name, domain, gradient) {#name, FORWARD_##domain(name), BACKWARD_##gradient(name)},

const ks_op_entry KS_NAME(ops)[KS_N_OPS] = {KS_OPS(ENTRY)};
