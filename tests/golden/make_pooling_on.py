"""What Keras answers on JAX: for pooling and upsampling, where PyTorch's answers are others.

    KERAS_BACKEND=jax python tests/golden/make_pooling_on.py  # Keras 3.15.1, JAX 0.10.2

writes `pooling_jax.npz`.
"""

import sys
from pathlib import Path

import jax
import keras
import numpy as np

FOLDER = Path(__file__).resolve().parent


def main():
    """Write outputs and gradients of the cases, one after the other."""
    sys.path.append(str(FOLDER.parent))
    from convolution_cases import drawn, flat
    from pooling_cases import cases

    found = []
    for _, (name, arguments), shape, _ in cases("jax"):
        y, back = jax.vjp(getattr(keras.layers, name)(**arguments), drawn(shape, 1))
        found.append(flat([y, *back(drawn(y.shape, 3))]))
    lengths = [len(values) for values in found]
    np.savez_compressed(FOLDER / "pooling_jax.npz", called=flat(found), lengths=lengths)


if __name__ == "__main__":
    main()
