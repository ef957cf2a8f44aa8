"""What the Cython side uses of the C headers."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t


cdef extern from "ks_common.h" nogil:
    ctypedef enum ks_status:
        KS_OK
        KS_INDEX_OUT_OF_RANGE
    enum:
        KS_FLOAT32
        KS_FLOAT64
        KS_INT32
        KS_INT64
        KS_BOOL
        KS_N_DTYPES
        KS_ALIGNMENT


cdef extern from "ks_node.h" nogil:
    enum:
        KS_MAX_DIMS
        KS_MAX_SIZES
    ctypedef struct ks_context
    ctypedef struct ks_node
    ctypedef ks_status (*ks_function)(ks_node *node, const ks_context *context) noexcept nogil
    ctypedef struct ks_operand:
        void *data
        void *grad
        int64_t count
        int32_t dtype
        int32_t add
    ctypedef struct ks_node:
        int32_t op
        int32_t dtype
        ks_function forward
        ks_function backward
        const uint8_t *gate
        int32_t n_in
        int32_t n_out
        # `in` is a word of Python
        ks_operand *inputs "in"
        ks_operand *outputs "out"
        void *scratch
        int64_t scratch_bytes
        int64_t size[24]
        double attr[4]
        const ks_node *pool
        int32_t n_dims
        int64_t dims[8]
        int64_t strides[3][8]
        int64_t error_position
        int64_t error_value


cdef extern from "ks_pool.h" nogil:
    ctypedef struct ks_pool
    ks_pool *ks_pool_new(int n_threads)
    void ks_pool_resize(ks_pool *pool, int n_threads)
    int ks_pool_size(const ks_pool *pool)
    int ks_pool_work_alone(int alone)


cdef extern from "ks_clock.h" nogil:
    int64_t ks_nanoseconds()


cdef extern from "ks_cores.h" nogil:
    int ks_usable_cores()


cdef extern from "ks_context.h" nogil:
    ctypedef struct ks_op_entry:
        const char *name
        ks_function forward
        ks_function backward
    ctypedef struct ks_blas:
        void *sgemm
        void *dgemm
        void *sgemv
        void *dgemv
    ctypedef struct ks_context:
        ks_blas blas
        ks_pool *pool
        const ks_op_entry *ops[5]
        const char *isa


cdef extern from "ks_dispatch.h" nogil:
    ctypedef enum ks_dispatch_status:
        KS_DISPATCH_OK
        KS_ISA_UNKNOWN
        KS_ISA_MISSING
    ks_dispatch_status ks_dispatch(ks_context *context, const char *isa)
    const char *ks_isa_level(int index, int *runs_here)


cdef extern from "ks_run.h" nogil:
    enum:
        KS_UINT8
    ctypedef struct ks_step:
        ks_function function
        ks_node *node
    ctypedef struct ks_program:
        const ks_step *steps
        int64_t n_steps
    ctypedef struct ks_feed:
        const char *source
        int64_t row_bytes
        int64_t row_count
        int32_t from_dtype "from"
        int32_t to_dtype "to"
        void *destination
    ctypedef struct ks_drain:
        const void *source
        char *destination
        int64_t batch_bytes
    ks_status ks_program_run(
        const ks_program *program, const ks_context *context, ks_node **failed
    )
    void ks_feed_rows(
        const ks_context *context, const ks_feed *feeds, int64_t n_feeds,
        const int64_t *index, int64_t batch,
    )
    ks_status ks_run_batches(
        const ks_program *program, const ks_context *context, const ks_feed *feeds,
        int64_t n_feeds, const ks_drain *drains, int64_t n_drains, const int64_t *index,
        int64_t batch, int64_t n_batches, int64_t deadline, int64_t *next_batch,
        ks_node **failed,
    )


cdef extern from "ks_update.h" nogil:
    int64_t KS_UPDATE_WIDEST


cdef extern from "ks_bag.h" nogil:
    int64_t KS_BAG_MOST_IDS
    int64_t ks_bag_scratch(const ks_node *node)


cdef extern from "ks_ops.h" nogil:
    enum:
        KS_OP_negative
        KS_OP_absolute
        KS_OP_square
        KS_OP_sign
        KS_OP_exp
        KS_OP_log
        KS_OP_sqrt
        KS_OP_sin
        KS_OP_cos
        KS_OP_relu
        KS_OP_sigmoid
        KS_OP_tanh
        KS_OP_softplus
        KS_OP_softsign
        KS_OP_silu
        KS_OP_gelu
        KS_OP_gelu_tanh
        KS_OP_elu
        KS_OP_leaky_relu
        KS_OP_hard_sigmoid
        KS_OP_bounded_relu
        KS_OP_floor
        KS_OP_ceil
        KS_OP_round
        KS_OP_trunc
        KS_OP_reciprocal
        KS_OP_rsqrt
        KS_OP_expm1
        KS_OP_log1p
        KS_OP_log2
        KS_OP_log10
        KS_OP_erf
        KS_OP_tan
        KS_OP_arcsin
        KS_OP_arccos
        KS_OP_arctan
        KS_OP_sinh
        KS_OP_cosh
        KS_OP_arcsinh
        KS_OP_arccosh
        KS_OP_arctanh
        KS_OP_floor_divide
        KS_OP_mod
        KS_OP_arctan2
        KS_OP_add
        KS_OP_subtract
        KS_OP_multiply
        KS_OP_maximum
        KS_OP_minimum
        KS_OP_divide
        KS_OP_power
        KS_OP_equal
        KS_OP_not_equal
        KS_OP_less
        KS_OP_less_equal
        KS_OP_greater
        KS_OP_greater_equal
        KS_OP_where
        KS_OP_cast
        KS_OP_one_hot
        KS_OP_sum
        KS_OP_mean
        KS_OP_squared_norm
        KS_OP_max
        KS_OP_min
        KS_OP_prod
        KS_OP_cumsum
        KS_OP_order
        KS_OP_argmax
        KS_OP_argmin
        KS_OP_view
        KS_OP_strided_copy
        KS_OP_concatenate
        KS_OP_fill
        KS_OP_assign
        KS_OP_matmul
        KS_OP_dense
        KS_OP_conv
        KS_OP_conv_transpose
        KS_OP_max_pool
        KS_OP_average_pool
        KS_OP_softmax
        KS_OP_log_softmax
        KS_OP_softmax_crossentropy
        KS_OP_sparse_softmax_crossentropy
        KS_OP_sigmoid_crossentropy
        KS_OP_pick
        KS_OP_batch_norm
        KS_OP_channel_affine
        KS_OP_layer_norm
        KS_OP_flat_index
        KS_OP_gather
        KS_OP_bag
        KS_OP_scatter
        KS_OP_resample
        KS_OP_affine_sample
        KS_OP_simple_rnn
        KS_OP_lstm
        KS_OP_gru
        KS_OP_random_uniform
        KS_OP_random_normal
        KS_OP_random_advance
        KS_OP_dropout
        KS_OP_sgd
        KS_OP_adam
        KS_OP_rmsprop
        KS_OP_clip_value
        KS_OP_square_sum
        KS_OP_clip_norm
        KS_OP_accumulate
        KS_OP_average
        KS_OP_is_turn
        KS_N_OPS
    int64_t KS_NORM_SCRATCH(int64_t rows, int64_t width)
    int64_t KS_RESAMPLE_SCRATCH(int64_t n_in, int64_t n_out)
    enum:
        KS_FILL_CONSTANT
        KS_FILL_REFLECT
        KS_FILL_WRAP
        KS_FILL_NEAREST
    enum:
        KS_LINEAR
        KS_RELU
        KS_SIGMOID
        KS_TANH
    enum:
        KS_SCATTER_ADD
        KS_SCATTER_MULTIPLY
        KS_SCATTER_MAXIMUM
        KS_SCATTER_MINIMUM


cdef extern from "ks_conv.h" nogil:
    enum:
        KS_CONV_BATCH
        KS_CONV_CHANNELS
        KS_CONV_FILTERS
        KS_CONV_GROUPS
        KS_CONV_ACTIVATION
        KS_CONV_INPUT
        KS_CONV_OUTPUT
        KS_CONV_KERNEL
        KS_CONV_STRIDE
        KS_CONV_DILATION
        KS_CONV_PAD


cdef extern from "ks_conv_plan.h" nogil:
    int64_t ks_conv_scratch_bytes(const ks_node *node)
    bint ks_conv_takes_pool(const ks_node *node)


cdef extern from "ks_dense.h" nogil:
    ctypedef struct ks_dense_plan:
        int64_t bytes
    ks_dense_plan ks_dense_plan_of(const ks_node *node)


cdef extern from "ks_recurrent_plan.h" nogil:
    enum:
        KS_RECURRENT_BATCH
        KS_RECURRENT_STEPS
        KS_RECURRENT_INPUTS
        KS_RECURRENT_UNITS
        KS_RECURRENT_ACTIVATION
        KS_RECURRENT_GATE_ACTIVATION
        KS_RECURRENT_BACKWARDS
        KS_RECURRENT_SEQUENCES
        KS_RECURRENT_ZERO_OUTPUT
        KS_RECURRENT_RESET_AFTER
        KS_RECURRENT_KEEP
        KS_RECURRENT_FACTORS
        KS_RECURRENT_BIAS
        KS_RECURRENT_STATE
        KS_RECURRENT_CARRY
        KS_RECURRENT_MASK
        KS_RECURRENT_FACTOR
    int64_t ks_recurrent_scratch_bytes(const ks_node *node)
