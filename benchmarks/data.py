"""The synthetic rows that every contender trains on, made in each process from one seed.

Rows of numbers mimic MNIST where speed depends on the values: pixels in [0, 1] that are mostly
zero, columns that never hold anything, columns that do so in a handful of rows, and classes that a
network learns within an epoch. Weights behind such columns, and units that die, see gradients of
exactly zero for hundreds of steps, and it is their Adam moments that decay into denormals. PyTorch
ends the first epoch of case C at a loss of 0.43 (20,000 rows of MNIST: 0.46), and the fifth with
38,000 denormal moments (MNIST: 28,000); before the fourth there are none on either.

Sequences are of ids that are all as likely. The symbol that is to be foretold depends on the last
one, and whether something is so on the mean of what its symbols count.
"""

from functools import lru_cache

import numpy as np

from benchmarks.networks import Network

ALWAYS_ZERO = 0.2
"""The share of columns that are zero in every row."""

LIVELIEST = 0.75
"""The share of rows in which the liveliest column is not zero (MNIST: 0.73)."""

CLASS_CONTRAST = 8.0
"""Shape of the gamma factors that tell the classes apart; smaller is easier to learn."""


def labelled(network: Network, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Features of the network's shape and its labels.

    Features are float32, ids int32. Labels are int64, and float32 where they are no classes.
    """
    if network.symbols is None:
        x, y = labelled_rows(rows, network.columns, network.classes)
        return x.reshape(rows, *network.input_shape), y
    steps = network.input_shape[0]
    ids, y = labelled_ids(rows, steps, network.symbols, network.classes, network.every_step)
    return (ids, y) if network.has_ids else (np.eye(network.symbols, dtype=np.float32)[ids], y)


@lru_cache(maxsize=4)
def labelled_ids(
    rows: int, steps: int, symbols: int, classes: int, every_step: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Ids (rows, steps), and labels (rows,) or (rows, steps)."""
    random = np.random.default_rng(seed=20_000)
    ids = random.integers(symbols, size=(rows, steps), dtype=np.int32)
    if classes == 1:
        counts = random.standard_normal(symbols)
        return ids, (counts[ids].mean(axis=1) > 0).astype(np.float32)
    successors = random.permutation(symbols)
    return ids, successors[ids if every_step else ids[:, -1]]


@lru_cache(maxsize=4)
def labelled_rows(rows: int, columns: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Features (rows, columns) in float32 and labels (rows,) in int64."""
    random = np.random.default_rng(seed=20_000)
    labels = random.integers(0, classes, rows)
    chance = class_activity(random, columns, classes)
    active = random.random((rows, columns), dtype=np.float32) < chance[labels]
    return random.random((rows, columns), dtype=np.float32) * active, labels


def class_activity(random: np.random.Generator, columns: int, classes: int) -> np.ndarray:
    """How often each column is not zero in each class: (classes, columns).

    A cube over the columns, cut off below, follows the sorted activity of MNIST's pixels.
    """
    rank = np.clip((random.random(columns) - ALWAYS_ZERO) / (1 - ALWAYS_ZERO), 0, None)
    factors = random.gamma(CLASS_CONTRAST, 1 / CLASS_CONTRAST, (classes, columns))
    return np.clip(LIVELIEST * rank**3 * factors, 0, 1).astype(np.float32)
