"""PyTorch's EmbeddingBag: sums and means, entries that do not count, ragged bags, gradients."""

import numpy as np
import torch

from .store import write_arrays
from .training import draw_inputs

ROWS, WIDTH, BAGS, LENGTH = 13, 5, 6, 7


def make():
    """Write `embedding_bag.npz`."""
    rng = np.random.default_rng(0)
    table = draw_inputs(ROWS, [WIDTH], rng)
    ids = rng.integers(0, ROWS, (BAGS, LENGTH))
    ids[:, 4:] *= rng.integers(0, 2, (BAGS, 3))
    ids[2] = 0
    starts = np.array([0, 3, 3, 14, 15, 30, 42])
    seed = draw_inputs(BAGS, [WIDTH], rng)
    arrays = {"table": table, "ids": ids, "starts": starts, "seed": seed}
    for mode in ("sum", "mean"):
        arrays |= named(f"{mode}/all", bags(table, ids, seed, mode))
        arrays |= named(f"{mode}/masked", bags(table, ids, seed, mode, padding_idx=0))
        offsets = torch.from_numpy(starts[:-1])
        arrays |= named(f"{mode}/ragged", bags(table, ids.ravel(), seed, mode, offsets=offsets))
    write_arrays("embedding_bag", arrays)


def bags(table, ids, seed, mode, **options):
    """Results and the gradient of the table."""
    weights = torch.from_numpy(table).clone().requires_grad_()
    y = torch.nn.functional.embedding_bag(torch.from_numpy(ids), weights, mode=mode, **options)
    (gradient,) = torch.autograd.grad((y * torch.from_numpy(seed)).sum(), [weights])
    return {"y": y.detach().numpy(), "gradient": gradient.numpy()}


def named(prefix, arrays):
    return {f"{prefix}/{key}": value for key, value in arrays.items()}
