"""Who takes part. One module a contender, written as its users would write it, with five functions.

``use_threads(count)``, ``arrange(x)`` (rows or images with channels last, in the layout that the
library prefers), ``build(network, optimizer)``, ``train(model, x, y, batch_size, epochs)`` and
``predict(model, x)`` (class probabilities as a NumPy array). This file alone imports none of the
libraries, so the coordinator can read it anywhere.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType

from benchmarks.networks import Network


@dataclass(frozen=True)
class Contender:
    """A library as it is used one way, and what its process needs.

    ``requirements`` names a file in ``benchmarks/requirements``; None means this repository.
    ``distributions`` are the packages that a user of it asks pip for, ``dense_only`` says that it
    has no other networks.
    """

    name: str
    module: str
    imports: str
    distributions: tuple[str, ...]
    requirements: str | None
    environment: Mapping[str, str] = field(default_factory=dict)
    dense_only: bool = False

    def has(self, network: Network) -> bool:
        return network.is_dense or not self.dense_only

    def load(self) -> ModuleType:
        """Import the library, through the module that drives it."""
        return importlib.import_module(f"benchmarks.contenders.{self.module}")


HOME = "kerasette"
"""The contender that all others are the peers of."""

KEEP_FREED_MEMORY = {
    # glibc hands large freed blocks back to the kernel, and every step then faults them in again.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
    "MALLOC_TOP_PAD_": str(1 << 26),
}

CONTENDERS = (
    Contender(HOME, "kerasette_", "import kerasette", ("kerasette",), None),
    Contender("pytorch", "pytorch", "import torch", ("torch",), "pytorch.txt"),
    Contender(
        "pytorch-tuned",
        "pytorch_tuned",
        "import torch",
        ("torch",),
        "pytorch.txt",
        KEEP_FREED_MEMORY,
    ),
    Contender(
        "keras-jax",
        "keras_",
        "import keras",
        ("keras", "jax"),
        "keras-jax.txt",
        {"KERAS_BACKEND": "jax"},
    ),
    Contender(
        "keras-tensorflow",
        "keras_",
        "import keras",
        ("keras", "tensorflow"),
        "keras-tensorflow.txt",
        {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"},
    ),
    Contender(
        "scikit-learn",
        "scikit_learn",
        "from sklearn.neural_network import MLPClassifier",
        ("scikit-learn",),
        "scikit-learn.txt",
        dense_only=True,
    ),
)

NAMES = tuple(contender.name for contender in CONTENDERS)


def find(name: str) -> Contender:
    return next(contender for contender in CONTENDERS if contender.name == name)
