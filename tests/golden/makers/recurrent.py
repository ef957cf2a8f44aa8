"""Recurrent layers: outputs, states and gradients in all modes, training steps, configs."""

import re
import sys

import keras
import numpy as np
import torch

from .configs import describe_all
from .networks import fresh_session
from .store import FOLDER, write_arrays, write_json

sys.path.append(str(FOLDER.parent))
from recurrent_cases import (
    BATCH,
    CONFIGS,
    ERRORS,
    INPUTS,
    MODELS,
    STEPS,
    answer,
    draw,
    flat,
    history,
    layers_of_cells,
    table,
)


def make():
    """Write `recurrent.json` and `recurrent.npz`."""
    fresh_session()
    arrays = {name: called(case) for name, case in table().items()}
    arrays |= {build.__name__: history(keras, build) for build in MODELS}
    write_arrays("recurrent", arrays)
    described = describe_all("layers", CONFIGS)
    fresh_session()
    of_cells = [layer.get_config() for layer in layers_of_cells(keras)]
    errors = {code: own_words(answer(keras, code)) for code in ERRORS}
    write_json("recurrent", {"configs": described, "of_cells": of_cells, "errors": errors})


def called(case):
    """What a layer returns, and the gradients by its inputs, states and weights."""
    layer = case.make(keras)
    x, *states = (
        torch.tensor(array, requires_grad=True)
        for array in [draw((BATCH, STEPS, INPUTS), 0), *case.states()]
    )
    mask = case.mask_array()
    outputs = layer(
        x,
        initial_state=list(states) or None,
        mask=None if mask is None else torch.tensor(mask),
    )
    outputs = list(outputs) if isinstance(outputs, tuple) else [outputs]
    total = sum((y * torch.tensor(draw(y.shape, 5 + i))).sum() for i, y in enumerate(outputs))
    sources = [x, *states, *(weight.value for weight in layer.weights)]
    found = torch.autograd.grad(total, sources, allow_unused=True)
    found = [torch.zeros_like(s) if g is None else g for s, g in zip(sources, found)]
    return flat([array.detach().numpy() for array in [*outputs, *found]]).astype(np.float32)


def own_words(error):
    """Class and message of an error, without what Keras says of the call around it."""
    kind, message = error
    inner = re.search(r"\x1b\[1m(.*?)\x1b\[0m", message, re.DOTALL)
    return [kind, inner[1] if inner else message.replace(" with name 'None'", "")]
