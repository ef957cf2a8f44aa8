from kerasette._core.ops import (
    absolute as absolute,
)
from kerasette._core.ops import (
    add as add,
)
from kerasette._core.ops import (
    any as any,
)
from kerasette._core.ops import (
    arccos as arccos,
)
from kerasette._core.ops import (
    arccosh as arccosh,
)
from kerasette._core.ops import (
    arcsin as arcsin,
)
from kerasette._core.ops import (
    arcsinh as arcsinh,
)
from kerasette._core.ops import (
    arctan as arctan,
)
from kerasette._core.ops import (
    arctan2 as arctan2,
)
from kerasette._core.ops import (
    arctanh as arctanh,
)
from kerasette._core.ops import (
    argmax as argmax,
)
from kerasette._core.ops import (
    argmin as argmin,
)
from kerasette._core.ops import (
    broadcast_to as broadcast_to,
)
from kerasette._core.ops import (
    cast as cast,
)
from kerasette._core.ops import (
    ceil as ceil,
)
from kerasette._core.ops import (
    copy as copy,
)
from kerasette._core.ops import (
    cos as cos,
)
from kerasette._core.ops import (
    cosh as cosh,
)
from kerasette._core.ops import (
    divide as divide,
)
from kerasette._core.ops import (
    equal as equal,
)
from kerasette._core.ops import (
    erf as erf,
)
from kerasette._core.ops import (
    exp as exp,
)
from kerasette._core.ops import (
    expm1 as expm1,
)
from kerasette._core.ops import (
    floor as floor,
)
from kerasette._core.ops import (
    floor_divide as floor_divide,
)
from kerasette._core.ops import (
    full as full,
)
from kerasette._core.ops import (
    get_item as get_item,
)
from kerasette._core.ops import (
    greater as greater,
)
from kerasette._core.ops import (
    greater_equal as greater_equal,
)
from kerasette._core.ops import (
    hard_sigmoid as hard_sigmoid,
)
from kerasette._core.ops import (
    less as less,
)
from kerasette._core.ops import (
    less_equal as less_equal,
)
from kerasette._core.ops import (
    log as log,
)
from kerasette._core.ops import (
    log1p as log1p,
)
from kerasette._core.ops import (
    log2 as log2,
)
from kerasette._core.ops import (
    log10 as log10,
)
from kerasette._core.ops import (
    matmul as matmul,
)
from kerasette._core.ops import (
    maximum as maximum,
)
from kerasette._core.ops import (
    mean as mean,
)
from kerasette._core.ops import (
    minimum as minimum,
)
from kerasette._core.ops import (
    mod as mod,
)
from kerasette._core.ops import (
    multiply as multiply,
)
from kerasette._core.ops import (
    negative as negative,
)
from kerasette._core.ops import (
    not_equal as not_equal,
)
from kerasette._core.ops import (
    ones as ones,
)
from kerasette._core.ops import (
    ones_like as ones_like,
)
from kerasette._core.ops import (
    power as power,
)
from kerasette._core.ops import (
    reciprocal as reciprocal,
)
from kerasette._core.ops import (
    relu as relu,
)
from kerasette._core.ops import (
    reshape as reshape,
)
from kerasette._core.ops import (
    rsqrt as rsqrt,
)
from kerasette._core.ops import (
    sigmoid as sigmoid,
)
from kerasette._core.ops import (
    sign as sign,
)
from kerasette._core.ops import (
    silu as silu,
)
from kerasette._core.ops import (
    sin as sin,
)
from kerasette._core.ops import (
    sinh as sinh,
)
from kerasette._core.ops import (
    softplus as softplus,
)
from kerasette._core.ops import (
    softsign as softsign,
)
from kerasette._core.ops import (
    sqrt as sqrt,
)
from kerasette._core.ops import (
    square as square,
)
from kerasette._core.ops import (
    squeeze as squeeze,
)
from kerasette._core.ops import (
    stack as stack,
)
from kerasette._core.ops import (
    stop_gradient as stop_gradient,
)
from kerasette._core.ops import (
    subtract as subtract,
)
from kerasette._core.ops import (
    sum as sum,
)
from kerasette._core.ops import (
    tan as tan,
)
from kerasette._core.ops import (
    tanh as tanh,
)
from kerasette._core.ops import (
    transpose as transpose,
)
from kerasette._core.ops import (
    trunc as trunc,
)
from kerasette._core.ops import (
    where as where,
)
from kerasette._core.ops import (
    zeros as zeros,
)
from kerasette._core.ops import (
    zeros_like as zeros_like,
)
from kerasette.ops.activation import (
    celu as celu,
)
from kerasette.ops.activation import (
    elu as elu,
)
from kerasette.ops.activation import (
    gelu as gelu,
)
from kerasette.ops.activation import (
    glu as glu,
)
from kerasette.ops.activation import (
    hard_shrink as hard_shrink,
)
from kerasette.ops.activation import (
    hard_silu as hard_silu,
)
from kerasette.ops.activation import (
    hard_swish as hard_swish,
)
from kerasette.ops.activation import (
    hard_tanh as hard_tanh,
)
from kerasette.ops.activation import (
    leaky_relu as leaky_relu,
)
from kerasette.ops.activation import (
    log_sigmoid as log_sigmoid,
)
from kerasette.ops.activation import (
    log_softmax as log_softmax,
)
from kerasette.ops.activation import (
    relu6 as relu6,
)
from kerasette.ops.activation import (
    selu as selu,
)
from kerasette.ops.activation import (
    soft_shrink as soft_shrink,
)
from kerasette.ops.activation import (
    softmax as softmax,
)
from kerasette.ops.activation import (
    sparse_plus as sparse_plus,
)
from kerasette.ops.activation import (
    sparse_sigmoid as sparse_sigmoid,
)
from kerasette.ops.activation import (
    sparsemax as sparsemax,
)
from kerasette.ops.activation import (
    squareplus as squareplus,
)
from kerasette.ops.activation import (
    tanh_shrink as tanh_shrink,
)
from kerasette.ops.activation import (
    threshold as threshold,
)
from kerasette.ops.arithmetic import (
    cbrt as cbrt,
)
from kerasette.ops.arithmetic import (
    deg2rad as deg2rad,
)
from kerasette.ops.arithmetic import (
    erfinv as erfinv,
)
from kerasette.ops.arithmetic import (
    exp2 as exp2,
)
from kerasette.ops.arithmetic import (
    fabs as fabs,
)
from kerasette.ops.arithmetic import (
    fmax as fmax,
)
from kerasette.ops.arithmetic import (
    fmin as fmin,
)
from kerasette.ops.arithmetic import (
    fmod as fmod,
)
from kerasette.ops.arithmetic import (
    heaviside as heaviside,
)
from kerasette.ops.arithmetic import (
    hypot as hypot,
)
from kerasette.ops.arithmetic import (
    isneginf as isneginf,
)
from kerasette.ops.arithmetic import (
    isposinf as isposinf,
)
from kerasette.ops.arithmetic import (
    ldexp as ldexp,
)
from kerasette.ops.arithmetic import (
    logaddexp as logaddexp,
)
from kerasette.ops.arithmetic import (
    logaddexp2 as logaddexp2,
)
from kerasette.ops.arithmetic import (
    rad2deg as rad2deg,
)
from kerasette.ops.arithmetic import (
    signbit as signbit,
)
from kerasette.ops.arithmetic import (
    sinc as sinc,
)
from kerasette.ops.arrangement import (
    concatenate as concatenate,
)
from kerasette.ops.arrangement import (
    expand_dims as expand_dims,
)
from kerasette.ops.arrangement import (
    flip as flip,
)
from kerasette.ops.arrangement import (
    moveaxis as moveaxis,
)
from kerasette.ops.arrangement import (
    ravel as ravel,
)
from kerasette.ops.arrangement import (
    roll as roll,
)
from kerasette.ops.arrangement import (
    split as split,
)
from kerasette.ops.arrangement import (
    swapaxes as swapaxes,
)
from kerasette.ops.arrangement import (
    unstack as unstack,
)
from kerasette.ops.blocks import (
    slice as slice,
)
from kerasette.ops.blocks import (
    slice_update as slice_update,
)
from kerasette.ops.contractions import (
    einsum as einsum,
)
from kerasette.ops.contractions import (
    inner as inner,
)
from kerasette.ops.contractions import (
    kron as kron,
)
from kerasette.ops.contractions import (
    tensordot as tensordot,
)
from kerasette.ops.contractions import (
    vdot as vdot,
)
from kerasette.ops.control import (
    associative_scan as associative_scan,
)
from kerasette.ops.control import (
    cond as cond,
)
from kerasette.ops.control import (
    fori_loop as fori_loop,
)
from kerasette.ops.control import (
    map as map,
)
from kerasette.ops.control import (
    scan as scan,
)
from kerasette.ops.control import (
    switch as switch,
)
from kerasette.ops.control import (
    vectorized_map as vectorized_map,
)
from kerasette.ops.control import (
    while_loop as while_loop,
)
from kerasette.ops.conversion import (
    convert_to_numpy as convert_to_numpy,
)
from kerasette.ops.conversion import (
    convert_to_tensor as convert_to_tensor,
)
from kerasette.ops.conversion import (
    dtype as dtype,
)
from kerasette.ops.conversion import (
    is_tensor as is_tensor,
)
from kerasette.ops.conversion import (
    ndim as ndim,
)
from kerasette.ops.conversion import (
    shape as shape,
)
from kerasette.ops.conversion import (
    size as size,
)
from kerasette.ops.convolutions import (
    conv as conv,
)
from kerasette.ops.convolutions import (
    conv_transpose as conv_transpose,
)
from kerasette.ops.convolutions import (
    depthwise_conv as depthwise_conv,
)
from kerasette.ops.convolutions import (
    separable_conv as separable_conv,
)
from kerasette.ops.counting import (
    bincount as bincount,
)
from kerasette.ops.counting import (
    digitize as digitize,
)
from kerasette.ops.counting import (
    isin as isin,
)
from kerasette.ops.counting import (
    searchsorted as searchsorted,
)
from kerasette.ops.counting import (
    unravel_index as unravel_index,
)
from kerasette.ops.creation import (
    arange as arange,
)
from kerasette.ops.creation import (
    array as array,
)
from kerasette.ops.creation import (
    empty as empty,
)
from kerasette.ops.creation import (
    empty_like as empty_like,
)
from kerasette.ops.creation import (
    full_like as full_like,
)
from kerasette.ops.creation import (
    linspace as linspace,
)
from kerasette.ops.crossentropy import (
    binary_crossentropy as binary_crossentropy,
)
from kerasette.ops.crossentropy import (
    categorical_crossentropy as categorical_crossentropy,
)
from kerasette.ops.crossentropy import (
    sparse_categorical_crossentropy as sparse_categorical_crossentropy,
)
from kerasette.ops.elementwise import (
    abs as abs,
)
from kerasette.ops.elementwise import (
    clip as clip,
)
from kerasette.ops.elementwise import (
    divide_no_nan as divide_no_nan,
)
from kerasette.ops.elementwise import (
    isclose as isclose,
)
from kerasette.ops.elementwise import (
    isfinite as isfinite,
)
from kerasette.ops.elementwise import (
    isinf as isinf,
)
from kerasette.ops.elementwise import (
    isnan as isnan,
)
from kerasette.ops.elementwise import (
    logical_and as logical_and,
)
from kerasette.ops.elementwise import (
    logical_not as logical_not,
)
from kerasette.ops.elementwise import (
    logical_or as logical_or,
)
from kerasette.ops.elementwise import (
    logical_xor as logical_xor,
)
from kerasette.ops.elementwise import (
    nan_to_num as nan_to_num,
)
from kerasette.ops.elementwise import (
    round as round,
)
from kerasette.ops.elementwise import (
    saturate_cast as saturate_cast,
)
from kerasette.ops.elementwise import (
    select as select,
)
from kerasette.ops.elementwise import (
    swish as swish,
)
from kerasette.ops.elementwise import (
    true_divide as true_divide,
)
from kerasette.ops.joining import (
    append as append,
)
from kerasette.ops.joining import (
    array_split as array_split,
)
from kerasette.ops.joining import (
    dsplit as dsplit,
)
from kerasette.ops.joining import (
    dstack as dstack,
)
from kerasette.ops.joining import (
    hsplit as hsplit,
)
from kerasette.ops.joining import (
    hstack as hstack,
)
from kerasette.ops.joining import (
    meshgrid as meshgrid,
)
from kerasette.ops.joining import (
    vsplit as vsplit,
)
from kerasette.ops.joining import (
    vstack as vstack,
)
from kerasette.ops.labels import (
    multi_hot as multi_hot,
)
from kerasette.ops.labels import (
    one_hot as one_hot,
)
from kerasette.ops.linear import (
    dot as dot,
)
from kerasette.ops.linear import (
    normalize as normalize,
)
from kerasette.ops.linear import (
    outer as outer,
)
from kerasette.ops.matrices import (
    diag as diag,
)
from kerasette.ops.matrices import (
    diagflat as diagflat,
)
from kerasette.ops.matrices import (
    diagonal as diagonal,
)
from kerasette.ops.matrices import (
    eye as eye,
)
from kerasette.ops.matrices import (
    identity as identity,
)
from kerasette.ops.matrices import (
    trace as trace,
)
from kerasette.ops.matrices import (
    tri as tri,
)
from kerasette.ops.matrices import (
    tril as tril,
)
from kerasette.ops.matrices import (
    triu as triu,
)
from kerasette.ops.matrices import (
    vander as vander,
)
from kerasette.ops.nan_reductions import (
    nanargmax as nanargmax,
)
from kerasette.ops.nan_reductions import (
    nanargmin as nanargmin,
)
from kerasette.ops.nan_reductions import (
    nancumprod as nancumprod,
)
from kerasette.ops.nan_reductions import (
    nancumsum as nancumsum,
)
from kerasette.ops.nan_reductions import (
    nanmax as nanmax,
)
from kerasette.ops.nan_reductions import (
    nanmean as nanmean,
)
from kerasette.ops.nan_reductions import (
    nanmin as nanmin,
)
from kerasette.ops.nan_reductions import (
    nanprod as nanprod,
)
from kerasette.ops.nan_reductions import (
    nanstd as nanstd,
)
from kerasette.ops.nan_reductions import (
    nansum as nansum,
)
from kerasette.ops.nan_reductions import (
    nanvar as nanvar,
)
from kerasette.ops.ordering import (
    argpartition as argpartition,
)
from kerasette.ops.ordering import (
    argsort as argsort,
)
from kerasette.ops.ordering import (
    in_top_k as in_top_k,
)
from kerasette.ops.ordering import (
    sort as sort,
)
from kerasette.ops.ordering import (
    top_k as top_k,
)
from kerasette.ops.pooling import (
    average_pool as average_pool,
)
from kerasette.ops.pooling import (
    max_pool as max_pool,
)
from kerasette.ops.quantiles import (
    median as median,
)
from kerasette.ops.quantiles import (
    nanmedian as nanmedian,
)
from kerasette.ops.quantiles import (
    nanpercentile as nanpercentile,
)
from kerasette.ops.quantiles import (
    nanquantile as nanquantile,
)
from kerasette.ops.quantiles import (
    percentile as percentile,
)
from kerasette.ops.quantiles import (
    quantile as quantile,
)
from kerasette.ops.reductions import (
    all as all,
)
from kerasette.ops.reductions import (
    allclose as allclose,
)
from kerasette.ops.reductions import (
    amax as amax,
)
from kerasette.ops.reductions import (
    amin as amin,
)
from kerasette.ops.reductions import (
    average as average,
)
from kerasette.ops.reductions import (
    count_nonzero as count_nonzero,
)
from kerasette.ops.reductions import (
    cumsum as cumsum,
)
from kerasette.ops.reductions import (
    logsumexp as logsumexp,
)
from kerasette.ops.reductions import (
    max as max,
)
from kerasette.ops.reductions import (
    min as min,
)
from kerasette.ops.reductions import (
    norm as norm,
)
from kerasette.ops.reductions import (
    prod as prod,
)
from kerasette.ops.reductions import (
    ptp as ptp,
)
from kerasette.ops.reductions import (
    std as std,
)
from kerasette.ops.reductions import (
    var as var,
)
from kerasette.ops.repetition import (
    pad as pad,
)
from kerasette.ops.repetition import (
    repeat as repeat,
)
from kerasette.ops.repetition import (
    tile as tile,
)
from kerasette.ops.running import (
    cumprod as cumprod,
)
from kerasette.ops.running import (
    diff as diff,
)
from kerasette.ops.running import (
    trapezoid as trapezoid,
)
from kerasette.ops.scattering import (
    scatter as scatter,
)
from kerasette.ops.scattering import (
    scatter_update as scatter_update,
)
from kerasette.ops.segments import (
    segment_max as segment_max,
)
from kerasette.ops.segments import (
    segment_min as segment_min,
)
from kerasette.ops.segments import (
    segment_prod as segment_prod,
)
from kerasette.ops.segments import (
    segment_sum as segment_sum,
)
from kerasette.ops.selection import (
    take as take,
)
from kerasette.ops.selection import (
    take_along_axis as take_along_axis,
)
from kerasette.ops.standardization import (
    batch_normalization as batch_normalization,
)
from kerasette.ops.standardization import (
    layer_normalization as layer_normalization,
)
from kerasette.ops.standardization import (
    moments as moments,
)
from kerasette.ops.standardization import (
    psnr as psnr,
)
from kerasette.ops.standardization import (
    rms_normalization as rms_normalization,
)
from kerasette.ops.turns import (
    fliplr as fliplr,
)
from kerasette.ops.turns import (
    flipud as flipud,
)
from kerasette.ops.turns import (
    rot90 as rot90,
)
from kerasette.ops.vectors import (
    cdist as cdist,
)
from kerasette.ops.vectors import (
    cross as cross,
)
