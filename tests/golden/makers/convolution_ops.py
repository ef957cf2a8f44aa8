"""Ops of convolutions: outputs and gradients, shapes of symbolic calls, errors."""

import sys

import keras
import torch

from .errors import answered
from .store import FOLDER, write_arrays, write_json

sys.path.append(str(FOLDER.parent))
from convolution_cases import drawn, flat
from convolution_op_cases import CASES, ERRORS, SETUP, shapes_of


def make():
    """Write `convolution_ops.json` and `convolution_ops.npz`."""
    found = [run(case) for case in CASES]
    errors = answered({code: code for code in ERRORS}, SETUP)
    shapes = [symbolic_shapes(case) for case in CASES]
    lengths = [len(numbers) for numbers in found]
    write_json("convolution_ops", {"lengths": lengths, "symbolic": shapes, "errors": errors})
    write_arrays("convolution_ops", {"called": flat(found)})


def run(case):
    """The output, and the gradients of ``sum(y * drawn(y.shape, 3))`` by the operands."""
    op, _, arguments = case
    operands = [
        torch.tensor(drawn(shape, seed), requires_grad=True)
        for seed, shape in enumerate(shapes_of(case))
    ]
    y = getattr(keras.ops, op)(*operands, **arguments)
    total = (y * torch.tensor(drawn(tuple(y.shape), 3))).sum()
    gradients = torch.autograd.grad(total, operands)
    return flat([tensor.detach().numpy() for tensor in (y, *gradients)])


def symbolic_shapes(case):
    """Shapes of the output of a symbolic call: with a free batch, and with free axes too."""
    op, _, arguments = case
    inputs, *kernels = shapes_of(case)
    channels = 1 if arguments.get("data_format") == "channels_first" else len(inputs) - 1
    free = [size if axis == channels else None for axis, size in enumerate(inputs)]
    kernels = [drawn(shape, 1) for shape in kernels]
    if op == "conv" and inputs[channels] != kernels[0].shape[-2]:
        return None  # Keras takes groups in calls with numbers alone
    return [
        list(getattr(keras.ops, op)(keras.KerasTensor(shape), *kernels, **arguments).shape)
        for shape in ([None, *inputs[1:]], free)
    ]
