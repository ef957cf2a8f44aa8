"""The same weights to begin with, whatever library made the model."""

import numpy as np


def set_start(model, seed):
    """Draw the kernels and tables of a built model; what starts as zeros or ones stays so."""
    rng = np.random.default_rng(seed)
    weights = model.get_weights()
    for i, weight in enumerate(weights):
        if weight.ndim > 1:
            weights[i] = drawn(rng, weight.shape)
    model.set_weights(weights)


def drawn(rng, shape):
    limit = np.sqrt(6 / (shape[0] + shape[-1]))
    return rng.uniform(-limit, limit, shape).astype("float32")
