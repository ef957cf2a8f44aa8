/* How far a kernel may be from the reference, op by op, in units of the
 * dtype's epsilon. Tighter than anybody needs, so that a lost digit shows. */
#include "harness.h"

#define BITS {0, 0, 0, 1}
#define EQUAL {0, 0, 0, 0}
#define ROUNDED {1, 0, 0, 0}  /* one operation, correctly rounded */
#define RELATIVE {8, 0, 0, 0} /* a function with a good relative error */
#define ABSOLUTE {8, 8, 0, 0} /* one whose results are about 1 */
#define SUMMED {8, 16, 1, 0}  /* sums: errors go with the largest terms */

static const kt_tolerance forward[KS_N_OPS] = {
    [KS_OP_add] = ROUNDED,
    [KS_OP_subtract] = ROUNDED,
    [KS_OP_multiply] = ROUNDED,
    [KS_OP_divide] = ROUNDED,
    [KS_OP_square] = ROUNDED,
    [KS_OP_sqrt] = ROUNDED,
    [KS_OP_cast] = ROUNDED,
    [KS_OP_reciprocal] = ROUNDED,
    [KS_OP_rsqrt] = RELATIVE,
    [KS_OP_exp] = RELATIVE,
    [KS_OP_log] = ABSOLUTE,
    [KS_OP_sin] = ABSOLUTE,
    [KS_OP_cos] = ABSOLUTE,
    [KS_OP_sigmoid] = RELATIVE,
    [KS_OP_tanh] = RELATIVE,
    [KS_OP_power] = RELATIVE,
    [KS_OP_expm1] = RELATIVE,
    [KS_OP_log1p] = RELATIVE,
    [KS_OP_log2] = RELATIVE,
    [KS_OP_log10] = RELATIVE,
    [KS_OP_erf] = RELATIVE,
    [KS_OP_tan] = RELATIVE,
    [KS_OP_arcsin] = RELATIVE,
    [KS_OP_arccos] = RELATIVE,
    [KS_OP_arctan] = RELATIVE,
    [KS_OP_arctan2] = RELATIVE,
    [KS_OP_sinh] = RELATIVE,
    [KS_OP_cosh] = RELATIVE,
    [KS_OP_arcsinh] = RELATIVE,
    [KS_OP_arccosh] = RELATIVE,
    [KS_OP_arctanh] = RELATIVE,
    [KS_OP_mod] = RELATIVE,
    [KS_OP_softplus] = RELATIVE,
    [KS_OP_softsign] = RELATIVE,
    [KS_OP_hard_sigmoid] = RELATIVE,
    [KS_OP_elu] = RELATIVE,
    [KS_OP_leaky_relu] = RELATIVE,
    [KS_OP_silu] = ABSOLUTE,
    [KS_OP_gelu] = ABSOLUTE,
    [KS_OP_gelu_tanh] = ABSOLUTE,
    [KS_OP_bounded_relu] = ABSOLUTE,
    [KS_OP_sum] = SUMMED,
    [KS_OP_mean] = SUMMED,
    [KS_OP_squared_norm] = SUMMED,
    [KS_OP_prod] = {512, 0, 0, 0}, /* a rounding for each factor */
    [KS_OP_cumsum] = SUMMED,
    [KS_OP_order] = EQUAL,
    [KS_OP_matmul] = SUMMED,
    [KS_OP_dense] = SUMMED,
    [KS_OP_conv] = SUMMED,
    [KS_OP_conv_transpose] = SUMMED,
    [KS_OP_max_pool] = BITS,
    [KS_OP_average_pool] = SUMMED,
    [KS_OP_softmax] = {32, 8, 0, 0},
    [KS_OP_log_softmax] = ABSOLUTE,
    [KS_OP_softmax_crossentropy] = SUMMED,
    [KS_OP_sparse_softmax_crossentropy] = ABSOLUTE,
    [KS_OP_sigmoid_crossentropy] = SUMMED,
    [KS_OP_batch_norm] = SUMMED,
    [KS_OP_channel_affine] = SUMMED,
    [KS_OP_layer_norm] = SUMMED,
    [KS_OP_simple_rnn] = SUMMED,
    [KS_OP_lstm] = SUMMED,
    [KS_OP_gru] = SUMMED,
    [KS_OP_random_uniform] = ABSOLUTE,
    [KS_OP_random_normal] = {16, 16, 0, 0},
    [KS_OP_dropout] = {2, 0, 0, 0},
    [KS_OP_where] = BITS,
    [KS_OP_view] = BITS,
    [KS_OP_strided_copy] = BITS,
    [KS_OP_concatenate] = BITS,
    [KS_OP_fill] = BITS,
    [KS_OP_assign] = BITS,
    [KS_OP_pick] = BITS,
    [KS_OP_gather] = BITS,
    [KS_OP_bag] = SUMMED,
    [KS_OP_resample] = SUMMED,
    [KS_OP_affine_sample] = SUMMED,
    [KS_OP_scatter] = {64, 16, 1, 0},                /* a rounding for each row */
    [KS_OP_square_sum] = {268435456.0 * 8, 0, 0, 0}, /* float64 with float32's digits */
};

/* The gradients that are gathered from many elements. */
static int is_gathered(ks_op op) {
  switch (op) {
    case KS_OP_add:
    case KS_OP_subtract:
    case KS_OP_multiply:
    case KS_OP_maximum:
    case KS_OP_minimum:
    case KS_OP_divide:
    case KS_OP_power:
    case KS_OP_floor_divide:
    case KS_OP_mod:
    case KS_OP_arctan2:
    case KS_OP_prod:
    case KS_OP_cumsum:
    case KS_OP_strided_copy:
    case KS_OP_matmul:
    case KS_OP_dense:
    case KS_OP_conv:
    case KS_OP_conv_transpose:
    case KS_OP_gather:
    case KS_OP_bag:
    case KS_OP_scatter:
    case KS_OP_max_pool:
    case KS_OP_average_pool:
    case KS_OP_softmax:
    case KS_OP_log_softmax:
    case KS_OP_softmax_crossentropy:
    case KS_OP_sigmoid_crossentropy:
    case KS_OP_batch_norm:
    case KS_OP_channel_affine:
    case KS_OP_layer_norm:
    case KS_OP_resample:
    case KS_OP_affine_sample:
    case KS_OP_simple_rnn:
    case KS_OP_lstm:
    case KS_OP_gru:
      return 1;
    default:
      return 0;
  }
}

kt_tolerance kt_tolerance_of(ks_op op, int of_gradient) {
  static const kt_tolerance summed = SUMMED, absolute = ABSOLUTE;
  if (!of_gradient) return forward[op];
  return is_gathered(op) ? summed : absolute;
}
