"""Models with steps, losses and metrics of their own, and of several outputs, trained by Keras.

Their code is in `custom_step_cases.py`, which the tests run, too. The tape of gradients, which
Keras has on TensorFlow alone, is made of PyTorch's gradients here.
"""

import keras
import numpy as np
import torch

from .custom_step_cases import define, run
from .networks import fresh_session
from .store import shortest, write_json


class GradientTape:
    """The gradients of PyTorch, asked for as TensorFlow's are."""

    def __enter__(self):
        """Begin; PyTorch records always."""
        return self

    def __exit__(self, *error):
        """End."""

    def gradient(self, target, sources):
        """Return the gradients of the target, None where there is none."""
        values = [source.value for source in sources]
        return list(torch.autograd.grad(target, values, allow_unused=True))


def make():
    """Write `custom_steps.json`."""
    found = {}
    for name, case in define(keras, GradientTape).items():
        fresh_session()
        found[name] = numbers(run(*case()))
    write_json("custom_steps", found)


def numbers(found):
    """Turn arrays and floats of results into the shortest decimals of their float32."""
    if isinstance(found, dict):
        return {key: numbers(value) for key, value in found.items()}
    if isinstance(found, (list, tuple)):
        return [numbers(value) for value in found]
    if isinstance(found, (float, np.ndarray)):
        return shortest(np.float32(found))
    return found
