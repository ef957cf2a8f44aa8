"""The versions that made the golden files."""

import platform

import keras
import numpy as np
import torch

from .store import write_json


def make():
    """Write `versions.json`."""
    write_json(
        "versions",
        {
            "keras": keras.version(),
            "backend": keras.config.backend(),
            "floatx": keras.config.floatx(),
            "epsilon": keras.config.epsilon(),
            "torch": torch.__version__,
            "numpy": np.__version__,
            "python": ".".join(platform.python_version_tuple()[:2]),
            "machine": platform.machine(),
        },
    )


def fix_threads():
    """Let PyTorch use one thread: the order of its sums depends on their number."""
    torch.set_num_threads(1)
