/* Every op of the core, one line each: the list from which the enum, the
 * declarations and the tables of functions are made.
 *
 *   OP(name, domain, gradient)
 *     domain    ANY: a kernel for every dtype; REAL: for float32 and float64
 *     gradient  WITH or WITHOUT a backward function (on real dtypes only)
 *
 * `x0 x1` are in[0].data, in[1].data; `y` is out[0].data; `dx0`, `dy` their
 * gradients. Backward functions leave an input alone whose grad is NULL,
 * write the gradient when its `add` is 0 and add to it when `add` is 1; they
 * treat inputs in order, because one tensor may be two of them. They may
 * assume that dy is there. Shapes below are of C-contiguous arrays.
 */
#ifndef KS_OPS_H
#define KS_OPS_H

#include "ks_node.h"

/* clang-format off */
#define KS_OPS(OP)                                                                        \
  /* elementwise.c, one input: y[i] = f(x0[i]), i < out[0].count.                       */ \
  OP(negative, ANY, WITH)                                                                 \
  OP(absolute, ANY, WITH)       /* gradient sign(x0), 0 at 0                            */ \
  OP(square, ANY, WITH)                                                                   \
  OP(sign, ANY, WITH)           /* gradient 0; sign(nan) = nan                          */ \
  OP(exp, REAL, WITH)                                                                     \
  OP(log, REAL, WITH)                                                                     \
  OP(sqrt, REAL, WITH)                                                                    \
  OP(sin, REAL, WITH)                                                                     \
  OP(cos, REAL, WITH)                                                                     \
  OP(floor, REAL, WITH)         /* these four: gradient 0                              */ \
  OP(ceil, REAL, WITH)                                                                    \
  OP(round, REAL, WITH)         /* halves to even                                      */ \
  OP(trunc, REAL, WITH)                                                                   \
  OP(reciprocal, REAL, WITH)                                                              \
  OP(rsqrt, REAL, WITH)                                                                   \
  OP(expm1, REAL, WITH)                                                                   \
  OP(log1p, REAL, WITH)                                                                   \
  OP(log2, REAL, WITH)                                                                    \
  OP(log10, REAL, WITH)                                                                   \
  OP(erf, REAL, WITH)                                                                     \
  OP(tan, REAL, WITH)                                                                     \
  OP(arcsin, REAL, WITH)                                                                  \
  OP(arccos, REAL, WITH)                                                                  \
  OP(arctan, REAL, WITH)                                                                  \
  OP(sinh, REAL, WITH)                                                                    \
  OP(cosh, REAL, WITH)                                                                    \
  OP(arcsinh, REAL, WITH)                                                                 \
  OP(arccosh, REAL, WITH)                                                                 \
  OP(arctanh, REAL, WITH)                                                                 \
  /* activation.c, one input as above                                                   */ \
  OP(relu, REAL, WITH)          /* gradient 0 at 0; relu(nan) = nan                    */ \
  OP(sigmoid, REAL, WITH)                                                                 \
  OP(tanh, REAL, WITH)                                                                    \
  OP(softplus, REAL, WITH)      /* log(1 + e^x)                                        */ \
  OP(softsign, REAL, WITH)      /* x / (1 + |x|)                                       */ \
  OP(silu, REAL, WITH)          /* x sigmoid(x)                                        */ \
  OP(gelu, REAL, WITH)          /* x times the normal distribution's share below x     */ \
  OP(gelu_tanh, REAL, WITH)     /* the same, approximated                              */ \
  OP(elu, REAL, WITH)           /* attr: alpha, scale, speed. scale x above 0; else    */ \
                                /* scale alpha (e^(speed x) - 1)                        */ \
  OP(leaky_relu, REAL, WITH)    /* attr[0]: the slope at and below 0                   */ \
  OP(hard_sigmoid, REAL, WITH)  /* (x + 3) / 6 within [0, 1]; gradient 0 at both ends  */ \
  OP(bounded_relu, REAL, WITH)  /* attr: slope, least, most, threshold. x within least */ \
                                /* and most above the threshold; else slope (x -        */ \
                                /* threshold). size[0]: gradient at least and most      */ \
  /* elementwise.c, two inputs, broadcast: n_dims loops of dims[], outermost first;     */ \
  /* strides[0], strides[1] walk x0, x1 (0 repeats); y is dense over the loops.         */ \
  /* n_dims is at least 1. Same-shape operands come as one loop with strides 1.         */ \
  OP(add, ANY, WITH)                                                                      \
  OP(subtract, ANY, WITH)                                                                 \
  OP(multiply, ANY, WITH)                                                                 \
  OP(maximum, ANY, WITH)        /* ties: half the gradient each; nan wins, and gives    */ \
                                /* each operand all of it                               */ \
  OP(minimum, ANY, WITH)                                                                  \
  OP(floor_divide, ANY, WITH)   /* rounded down, gradient 0; integers by 0 give 0       */ \
  OP(mod, ANY, WITH)            /* with the sign of x1; integers by 0 give 0            */ \
  OP(divide, REAL, WITH)                                                                  \
  OP(arctan2, REAL, WITH)       /* angle of the point (x1, x0)                          */ \
  OP(power, ANY, WITH)          /* x0 ** x1; dx1 = 0 where x0 = 0 and x1 >= 0           */ \
  OP(equal, ANY, WITHOUT)       /* comparisons: out[0] is bool                          */ \
  OP(not_equal, ANY, WITHOUT)                                                             \
  OP(less, ANY, WITHOUT)                                                                  \
  OP(less_equal, ANY, WITHOUT)                                                            \
  OP(greater, ANY, WITHOUT)                                                               \
  OP(greater_equal, ANY, WITHOUT)                                                         \
  OP(where, ANY, WITH)          /* y = x0 ? x1 : x2, same shapes; in[0] is bool         */ \
  /* convert.c                                                                          */ \
  OP(cast, ANY, WITH)           /* in[0] of any dtype to the table's dtype, as C casts; */ \
                                /* to bool: x != 0. Gradient when both are real         */ \
  OP(one_hot, REAL, WITHOUT)    /* in[0] int32 or int64 (n), size[0] classes: y (n, C), */ \
                                /* a row of zeros for an index out of range             */ \
  /* reduce.c: x0 (size[0] outer, size[1] reduced, size[2] inner), y (outer, inner).    */ \
  OP(sum, ANY, WITH)            /* for bool: the logical or                             */ \
  OP(mean, REAL, WITH)                                                                    \
  OP(squared_norm, REAL, WITH)  /* the sum of the squares                               */ \
  OP(max, ANY, WITH)            /* ties share the gradient evenly; nan wins, and        */ \
                                /* several share it                                     */ \
  OP(min, ANY, WITH)                                                                      \
  OP(prod, ANY, WITH)           /* of nothing 1                                         */ \
  OP(argmax, ANY, WITHOUT)      /* out[0] is int32; the first of equals; nan wins       */ \
  OP(argmin, ANY, WITHOUT)                                                                \
  /* scan.c: x0 and y (size[0] outer, size[1] scanned, size[2] inner)                   */ \
  OP(cumsum, ANY, WITH)         /* y[o, k, i] = sum of x0[o, j, i] over j <= k          */ \
  /* sort.c: x0 (size[0] rows, size[1] columns), y int32 (rows, size[2])                */ \
  OP(order, ANY, WITHOUT)       /* columns of the first in order, of equals the first;  */ \
                                /* rising, or falling if size[3]. nan is the largest.   */ \
                                /* scratch: 2 * rows * columns int32                    */ \
  /* shape.c                                                                            */ \
  OP(view, ANY, WITH)           /* y is x0 under another shape, the same memory:        */ \
                                /* forward does nothing                                 */ \
  OP(strided_copy, ANY, WITH)   /* y dense over n_dims loops of dims[]; reads x0 at     */ \
                                /* size[0] + sum of index * strides[0] (any sign or 0): */ \
                                /* transpose, slice, flip, broadcast_to                 */ \
  OP(concatenate, ANY, WITH)    /* n_in inputs; size[0] = outer; input i is (outer,     */ \
                                /* in[i].count / outer), they stand side by side in y   */ \
  OP(fill, ANY, WITHOUT)        /* y = attr[0]; no input                                */ \
  OP(assign, ANY, WITHOUT)      /* y = x0: the commit of an assignment                  */ \
  /* matmul.c                                                                           */ \
  OP(matmul, ANY, WITH)         /* size: batch, m, n, k, trans_a, trans_b, stride_a,    */ \
                                /* stride_b (elements between matrices of the batch; 0  */ \
                                /* repeats). y (batch, m, n) = op(x0) op(x1)            */ \
  OP(dense, REAL, WITH)         /* size: m, n, k, activation (ks_activation).           */ \
                                /* y (m, n) = f(x0 (m, k) x1 (k, n) + x2 (n)); n_in 2:  */ \
                                /* no bias. scratch: m * n elements for backward.       */ \
                                /* Three inputs more (n), the last: forward alone, and  */ \
                                /* y = f((sum - mean) factor + offset), see ks_affine   */ \
  /* conv.c: sizes and layouts as ks_conv.h says; scratch: ks_conv_scratch_bytes       */ \
  OP(conv, REAL, WITH)          /* x0 x, x1 w, x2 bias (filters), if n_in is 3:         */ \
                                /* y = f(conv(x0, x1) + x2); three more as in dense     */ \
  OP(conv_transpose, REAL, WITH) /* the transpose of that convolution, in one group: x0 */ \
                                /* (batch, output..., filters), x1 w, x2 bias (channels)*/ \
                                /* y (batch, input..., channels)                        */ \
  /* pooling.c: x0 (batch, input..., channels), sizes as ks_conv.h says, dilation 1.     */ \
  /* What lies outside of the input does not count; no window lies outside altogether    */ \
  OP(max_pool, REAL, WITH)      /* gradient to the first of equals; nan wins, the last  */ \
                                /* of several                                           */ \
  OP(average_pool, REAL, WITH)                                                            \
  /* loss.c: rows = size[0], classes = size[1]; gradients for the targets too           */ \
  OP(softmax, REAL, WITH)       /* over the last axis, shifted by its maximum           */ \
  OP(log_softmax, REAL, WITH)                                                             \
  OP(softmax_crossentropy, REAL, WITH)        /* x0 logits, x1 targets (rows, classes): */ \
                                /* y[r] = -sum_c x1 log softmax(x0).                    */ \
                                /* scratch: rows * classes for the softmax              */ \
  OP(sparse_softmax_crossentropy, REAL, WITH) /* x1 int32 or int64 labels (rows): KS_INDEX_OUT_OF_RANGE */ \
                                /* with the row and the label. scratch as above         */ \
  OP(sigmoid_crossentropy, REAL, WITH)        /* element by element: max(x, 0) - x t + log(1 + exp(-|x|)) */ \
  OP(pick, REAL, WITH)          /* y[r] = x0[r, x1[r]], x1 int32 or int64; checked      */ \
  /* norm.c, layer_norm.c; scratch as KS_NORM_SCRATCH says. For channels: x0 is (size:  */ \
  /* outer, channels, inner), and the rest has a number for each. Outputs after the     */ \
  /* first have no gradient.                                                            */ \
  OP(batch_norm, REAL, WITH)    /* y = (x0 - mean) / sqrt(variance + attr[0]) x1 + x2   */ \
                                /* over the channel; out[1] its mean, out[2] its        */ \
                                /* variance (of the batch: divided by the count).       */ \
                                /* size[3]: KS_RELU of that, or 0                       */ \
  OP(channel_affine, REAL, WITH) /* y = (x0 - x1) x2 + x3                               */ \
  OP(layer_norm, REAL, WITH)    /* x0 (size[0] rows, size[1] wide), x1, x2 (wide):      */ \
                                /* y = (x0 - mean) / sqrt(variance + attr[0]) x1 + x2   */ \
                                /* over the row; size[2]: no mean is taken from x0      */ \
  /* gather.c                                                                           */ \
  OP(flat_index, ANY, WITHOUT)  /* int64 table only. x0 int32 or int64 (n, size[0]),    */ \
                                /* indices of a place along axes of size[1], size[2]... */ \
                                /* y (n), its number in C order. Checked; negative      */ \
                                /* indices count from the end                           */ \
  OP(gather, ANY, WITH)         /* x0 (size[0] rows, size[1] wide), x1 int32 or int64   */ \
                                /* (n): y (n, wide). Checked, negative is out of range. */ \
                                /* Gradient: duplicates add up, in the order of x1;     */ \
                                /* scratch, if given: a byte for each row, set where    */ \
                                /* dx0 is not zero (ks_rows.h)                          */ \
  /* bag.c                                                                              */ \
  OP(bag, REAL, WITH)           /* x0 (size: rows, wide), x1 as in gather: y (size[2]   */ \
                                /* bags, wide), sums of the rows of a bag's ids, or     */ \
                                /* means if size[4]; of none 0. A bag has size[3] ids,  */ \
                                /* all of which count if n_in is 2; those where x2      */ \
                                /* (bool) is true; or from x1[x2[b]] to before          */ \
                                /* x1[x2[b + 1]], x2 int64, rising from 0 to n. Gradient*/ \
                                /* as in gather; the bytes are in[1].grad, see ks_bag.h */ \
  /* scatter.c                                                                          */ \
  OP(scatter, ANY, WITH)        /* x0 (size[0] rows, size[1] wide), x1 int32 or int64   */ \
                                /* (n), x2 (n, wide): y = x0, of which row x1[i] is     */ \
                                /* combined with x2[i] for each i in turn; how is       */ \
                                /* size[2] (ks_scatter). Checked as in gather. Gradient */ \
                                /* of sums alone                                        */ \
  /* resample.c, affine_sample.c: gradients for x0 alone                                */ \
  OP(resample, REAL, WITH)      /* x0 (size: outer, in, out, inner) = (outer, in,       */ \
                                /* inner), x1 (out, in): y (outer, out, inner) = x1 x0. */ \
                                /* Meant for an x1 whose numbers other than 0 stand     */ \
                                /* together in each row and column. scratch:            */ \
                                /* KS_RESAMPLE_SCRATCH                                  */ \
  OP(affine_sample, REAL, WITH) /* x0 (size: batch, height, width, channels), x1        */ \
                                /* (batch, 6): y[b, r, c] is x0[b] at row t3 c + t4 r   */ \
                                /* + t5, column t0 c + t1 r + t2. size[4]: 0 the        */ \
                                /* nearest pixel, halves away from 0; 1 bilinear.       */ \
                                /* Outside as size[5] says (ks_fill); attr[0]           */ \
  /* simple_rnn.c, lstm.c, gru.c: whole sequences. x0 (batch, steps, inputs), x1 the    */ \
  /* kernel (inputs, gates * units), x2 the recurrent one (units, gates * units), then  */ \
  /* those that there are of: bias; h, c (batch, units); mask, bool (batch, steps);     */ \
  /* factors (1 or gates, batch, units), with which h is multiplied before its product. */ \
  /* Sizes as ks_recurrent_plan.h says. y (batch, steps, units) or that of the last     */ \
  /* step; after it h and, of the lstm, c. All have gradients, each of which may be NULL.*/ \
  /* Backward spoils the scratch that forward leaves: ks_recurrent_scratch_bytes.       */ \
  OP(simple_rnn, REAL, WITH)    /* h = f(x K + h R + b)                                 */ \
  OP(lstm, REAL, WITH)          /* sums as above, of gates i, f, g, o; g goes through f,*/ \
                                /* the others through theirs: c = f c + i g, h = o f(c) */ \
  OP(gru, REAL, WITH)           /* gates z, r, g: h = z h + (1 - z) g, where g is       */ \
                                /* f(x K + b + r (h R + b')), with a bias (2, 3 * units);*/ \
                                /* or, with the reset before, f(x K + b + (r h) R)      */ \
  /* random.c: in[0] is int64[2], a key and a counter. Philox4x32-10 (Salmon et al.,    */ \
  /* Parallel random numbers: as easy as 1, 2, 3, SC11): block b of a draw is           */ \
  /* philox(counter words: b low, b high, counter low, counter high; key).              */ \
  OP(random_uniform, REAL, WITHOUT)  /* y in [attr[0], attr[1])                         */ \
  OP(random_normal, REAL, WITHOUT)   /* y: mean attr[0], deviation attr[1]; Box-Muller  */ \
  OP(random_advance, ANY, WITHOUT)   /* int64 table only: y = (key, counter + 1)        */ \
  OP(dropout, REAL, WITH)       /* x0 data, x1 the state; rate attr[0] in [0, 1): kept  */ \
                                /* with probability 1 - rate and scaled by 1/(1 - rate).*/ \
                                /* scratch: a byte per element, the mask                */ \
  /* update.c: x0 parameters, x1 gradient, x2 learning rate (real[1], of either dtype);  */ \
  /* x0 and the slots are written in place, all of in[0].count. With a decay x0 is      */ \
  /* first x0 - decay * rate * x0.                                                      */ \
  OP(sgd, REAL, WITHOUT)        /* x3 momentum if n_in = 4; attr: momentum, decay;      */ \
                                /* size[0] nesterov. With scratch, here and in the next */ \
                                /* two: x0 has size[3] rows, and scratch a byte for     */ \
                                /* each, 0 where x1 is zero (ks_rows.h)                 */ \
  OP(adam, REAL, WITHOUT)       /* x3 int64[1], x4 m, x5 v, x6 largest v if n_in = 7    */ \
                                /* (amsgrad); attr: beta_1, beta_2, epsilon, decay; the */ \
                                /* step is x3 / max(size[0], 1) + 1 (Kingma and Ba,     */ \
                                /* 2015, section 2; Reddi et al., 2018, algorithm 2)    */ \
  OP(rmsprop, REAL, WITHOUT)    /* x3 velocity, then momentum if size[0], then average  */ \
                                /* gradient if size[1] (centered); attr: rho, momentum, */ \
                                /* epsilon, decay                                       */ \
  /* upkeep.c: x0 is written in place, but for the last; steps are int64[1]             */ \
  OP(clip_value, REAL, WITHOUT)  /* x0 within -attr[0] .. attr[0]                       */ \
  OP(square_sum, REAL, WITHOUT)  /* y float64[1], the sum of x0 * x0, rounded to dtype  */ \
  OP(clip_norm, REAL, WITHOUT)   /* x1 float64 (n), whose sum is the squared norm; at   */ \
                                 /* most attr[0] after. size[0]: of all gradients       */ \
  OP(accumulate, REAL, WITHOUT)  /* x0 + x1, and where x2 (bool[1]) / size[0]           */ \
  OP(average, REAL, WITHOUT)     /* attr[0] * x0 + (1 - attr[0]) * x1; x1 itself while  */ \
                                 /* x2 / max(size[0], 1) is 0                           */ \
  OP(is_turn, REAL, WITHOUT)     /* y bool[1]: (x0 / size[1] + 1) % size[0] == 0        */

/* clang-format on */

typedef enum {
#define KS_OP_ENUM(name, domain, gradient) KS_OP_##name,
  KS_OPS(KS_OP_ENUM)
#undef KS_OP_ENUM
      KS_N_OPS
} ks_op;

/* How `scatter` combines what a table holds with what comes: nan wins, and a
 * bool has `or` for + and `and` for *. */
typedef enum {
  KS_SCATTER_ADD,
  KS_SCATTER_MULTIPLY,
  KS_SCATTER_MAXIMUM,
  KS_SCATTER_MINIMUM
} ks_scatter;

/* Scratch of the normalizations, in bytes: sums of parts, a number of which that
 * follows from the shape, and a few numbers of each of `width` channels or
 * columns and of `rows` (0 for channels). */
#define KS_NORM_PARTS 16
#define KS_NORM_SCRATCH(rows, width) \
  (((2 * KS_NORM_PARTS + 3) * (int64_t)(width) + 2 * (int64_t)(rows)) * (int64_t)sizeof(double))

/* Scratch of `resample`, in bytes: where each row and column has its numbers. */
#define KS_RESAMPLE_SCRATCH(in, out) \
  (2 * (int64_t)sizeof(int64_t) * ((int64_t)(in) > (int64_t)(out) ? (int64_t)(in) : (int64_t)(out)))

/* How an image goes on outside of it: with a number, by its mirror image (edges
 * twice), by itself again, by its edge. */
typedef enum { KS_FILL_CONSTANT, KS_FILL_REFLECT, KS_FILL_WRAP, KS_FILL_NEAREST } ks_fill;

/* Activations of dense and conv, whose derivative follows from their output. */
typedef enum { KS_LINEAR, KS_RELU, KS_SIGMOID, KS_TANH } ks_activation;

#ifdef KS_DTYPE
/* Declarations of this dtype's and instruction set's functions. */
#define KS_DECLARE_ANY(name) ks_status KS_NAME(name##_forward)(ks_node *, const ks_context *);
#define KS_DECLARE_BACKWARD(name) ks_status KS_NAME(name##_backward)(ks_node *, const ks_context *);
#define KS_DECLARE_WITHOUT(name)
#if KS_FLOATING
#define KS_DECLARE_REAL KS_DECLARE_ANY
#define KS_DECLARE_WITH KS_DECLARE_BACKWARD
#else
#define KS_DECLARE_REAL KS_DECLARE_WITHOUT
#define KS_DECLARE_WITH KS_DECLARE_WITHOUT
#endif
#define KS_DECLARE_OP(name, domain, gradient) KS_DECLARE_##domain(name) KS_DECLARE_##gradient(name)
KS_OPS(KS_DECLARE_OP)
#endif

#endif
