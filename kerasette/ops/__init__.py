"""Functions of tensors: what layers, losses and metrics are made of.

Arguments may be tensors, variables, NumPy arrays, numbers or lists of them. Shapes broadcast as
in NumPy. Everything here has a gradient unless it says otherwise, and may be recorded. Called on a
symbolic tensor (`KerasTensor`), an op becomes part of the graph and returns symbolic tensors.
"""

import sys

from kerasette._core import tensor as _tensor
from kerasette.graph import keras_tensor as _keras_tensor
from kerasette.graph.operation import symbolic as _symbolic
from kerasette.lazy import exports

# What tells something about a tensor, symbolic or not, is no part of a graph.
_NOT_IN_GRAPHS = frozenset(
    {"convert_to_numpy", "convert_to_tensor", "dtype", "is_tensor", "ndim", "shape", "size"}
)


def _for_graphs(name, function):
    return function if name in _NOT_IN_GRAPHS else _symbolic(function)


__getattr__, __dir__, __all__ = exports(
    __name__,
    _for_graphs,
    kerasette___core__ops=(
        "absolute add any arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin "
        "broadcast_to cast ceil copy cos cosh divide equal erf exp expm1 floor floor_divide full "
        "get_item greater greater_equal hard_sigmoid less less_equal log log10 log1p log2 matmul "
        "maximum mean minimum mod multiply negative not_equal ones ones_like power reciprocal "
        "relu reshape rsqrt sigmoid sign silu sin sinh softplus softsign sqrt square squeeze "
        "stack stop_gradient subtract sum tan tanh transpose trunc where zeros zeros_like"
    ),
    activation=(
        "celu elu gelu glu hard_shrink hard_silu hard_swish hard_tanh leaky_relu log_sigmoid "
        "log_softmax relu6 selu soft_shrink softmax sparse_plus sparse_sigmoid sparsemax "
        "squareplus tanh_shrink threshold"
    ),
    arithmetic=(
        "cbrt deg2rad erfinv exp2 fabs fmax fmin fmod heaviside hypot isneginf isposinf ldexp "
        "logaddexp logaddexp2 rad2deg signbit sinc"
    ),
    arrangement="concatenate expand_dims flip moveaxis ravel roll split swapaxes unstack",
    blocks="slice slice_update",
    contractions="einsum inner kron tensordot vdot",
    control="associative_scan cond fori_loop map scan switch vectorized_map while_loop",
    conversion="convert_to_numpy convert_to_tensor dtype is_tensor ndim shape size",
    convolutions="conv conv_transpose depthwise_conv separable_conv",
    counting="bincount digitize isin searchsorted unravel_index",
    creation="arange array empty empty_like full_like linspace",
    crossentropy="binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy",
    elementwise=(
        "abs clip divide_no_nan isclose isfinite isinf isnan logical_and logical_not logical_or "
        "logical_xor nan_to_num round saturate_cast select swish true_divide"
    ),
    joining="append array_split dsplit dstack hsplit hstack meshgrid vsplit vstack",
    labels="multi_hot one_hot",
    linear="dot normalize outer",
    matrices="diag diagflat diagonal eye identity trace tri tril triu vander",
    nan_reductions=(
        "nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmin nanprod nanstd nansum "
        "nanvar"
    ),
    ordering="argpartition argsort in_top_k sort top_k",
    pooling="average_pool max_pool",
    quantiles="median nanmedian nanpercentile nanquantile percentile quantile",
    reductions=(
        "all allclose amax amin average count_nonzero cumsum logsumexp max min norm prod ptp std "
        "var"
    ),
    repetition="pad repeat tile",
    running="cumprod diff trapezoid",
    scattering="scatter scatter_update",
    segments="segment_max segment_min segment_prod segment_sum",
    selection="take take_along_axis",
    standardization="batch_normalization layer_normalization moments psnr rms_normalization",
    turns="fliplr flipud rot90",
    vectors="cdist cross",
)

_tensor.set_operators(sys.modules[__name__])
_keras_tensor.set_operators(sys.modules[__name__])
