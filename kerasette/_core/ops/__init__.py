"""The ops of the core: each checks its arguments, infers a shape and makes a node.

One module a family, forward and backward of each op together in the C file of the same family.
"""

import sys

from kerasette._core import step, tensor, variable
from kerasette._core.ops.elementwise import (
    absolute,
    add,
    cast,
    copy,
    cos,
    divide,
    equal,
    exp,
    greater,
    greater_equal,
    less,
    less_equal,
    log,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    power,
    relu,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    subtract,
    tanh,
    where,
)
from kerasette._core.ops.gather import take
from kerasette._core.ops.loss import (
    log_softmax,
    one_hot,
    pick,
    sigmoid_crossentropy,
    softmax,
    softmax_crossentropy,
    sparse_softmax_crossentropy,
)
from kerasette._core.ops.matmul import dense, matmul
from kerasette._core.ops.norm import batch_norm, channel_affine, layer_norm
from kerasette._core.ops.random import advance, dropout, normal, uniform
from kerasette._core.ops.reduce import argmax, argmin, max, mean, min, sum
from kerasette._core.ops.shape import (
    broadcast_to,
    concatenate,
    expand_dims,
    full,
    get_item,
    ones,
    ones_like,
    reshape,
    squeeze,
    stack,
    transpose,
    zeros,
    zeros_like,
)
from kerasette._core.ops.update import adam, rmsprop, sgd
from kerasette._core.ops.upkeep import (
    accumulate,
    average,
    clip_norm,
    clip_value,
    copy_span,
    fill,
    is_turn,
    square_sum,
    squares_for,
    write,
)
from kerasette._core.step import assign

__all__ = [
    "absolute", "accumulate", "adam", "add", "advance", "argmax", "argmin", "assign", "average",
    "batch_norm", "broadcast_to", "cast", "channel_affine", "clip_norm", "clip_value",
    "concatenate", "copy", "copy_span", "cos", "dense", "divide", "dropout", "equal", "exp",
    "expand_dims", "fill", "full", "get_item", "greater", "greater_equal", "is_turn",
    "layer_norm", "less", "less_equal", "log", "log_softmax", "matmul", "max", "maximum",
    "mean", "min", "minimum", "multiply", "negative", "normal", "not_equal", "one_hot", "ones",
    "ones_like", "pick", "power", "relu", "reshape", "rmsprop", "sgd", "sigmoid",
    "sigmoid_crossentropy", "sign", "sin", "softmax", "softmax_crossentropy",
    "sparse_softmax_crossentropy", "sqrt", "square", "square_sum", "squares_for", "squeeze",
    "stack", "subtract", "sum", "take", "tanh", "transpose", "uniform", "where", "write",
    "zeros", "zeros_like",
]  # fmt: skip

# The operators of tensors, and assignment, are ops, which lie above tensor and tape.
tensor.set_operators(sys.modules[__name__])
variable.set_operators(sys.modules[__name__])
step.set_ops(cast, copy, where)
