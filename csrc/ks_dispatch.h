/* Choice of the instruction set: every kernel file is compiled once per
 * level, and the table of ops of the best level that the machine has is used.
 * (`target_clones` would hide this, but misbehaves on musl and does not exist
 * on other systems.) */
#ifndef KS_DISPATCH_H
#define KS_DISPATCH_H

#include "ks_context.h"

typedef enum { KS_DISPATCH_OK, KS_ISA_UNKNOWN, KS_ISA_MISSING } ks_dispatch_status;

/* Fills context->ops and context->isa. `isa`: a name, or NULL for the best. */
ks_dispatch_status ks_dispatch(ks_context *context, const char *isa);

/* The compiled levels, best first; NULL past the end. `runs` may be NULL. */
const char *ks_isa_level(int index, int *runs_here);

#endif
