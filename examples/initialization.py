"""Where weights should start: a signal on its way through a hundred layers.

What you learn: each layer multiplies the size of its signal by the size of its weights times the
square root of its inputs; only if that is about 1 does a deep network pass anything on. For tanh
that is what Glorot's initializer sees to, for ReLU, which drops half of the signal, He's.

The study of an article on initialization: 512 inputs from N(0, 1), 100 layers of 512. What it
finds is the table below: where the signal overflows, and how large it is after the last layer. By
"deviation" it means the root of the mean square where the mean is not 0, after a ReLU.

An initializer gives the same weights whenever it is called: each layer needs one of its own.
"""

import math
from typing import NamedTuple

import numpy as np
from pictures import Pictures

import kerasette
from kerasette import layers
from kerasette.initializers import GlorotUniform, HeNormal, RandomNormal, RandomUniform

N, DEPTH = 512, 100
ROOT = math.sqrt(N)
AT = [0, 9, 49, 99]


class Study(NamedTuple):
    title: str
    activation: str | None
    initializer: callable
    lowest: float
    highest: float


# Bounds of the root of the mean square after the last layer. A signal of 512 numbers is 3 % off
# after each layer, about 30 % after a hundred.
STUDIES = [
    Study("N(0, 1)", None, lambda: RandomNormal(0, 1), math.inf, math.inf),
    Study("0.01 N(0, 1)", None, lambda: RandomNormal(0, 0.01), 0, 1e-38),
    Study("N(0, 1) / sqrt(n)", None, lambda: RandomNormal(0, 1 / ROOT), 0.3, 3),
    Study("N(0, 1) / sqrt(n)", "tanh", lambda: RandomNormal(0, 1 / ROOT), 0.04, 0.09),
    Study("U(-1, 1) / sqrt(n)", "tanh", lambda: RandomUniform(-1 / ROOT, 1 / ROOT), 0, 1e-20),
    Study("Glorot uniform", "tanh", GlorotUniform, 0.04, 0.09),
    Study("He normal", "relu", HeNormal, 0.2, 5),
    Study("Glorot uniform", "relu", GlorotUniform, 0, 1e-12),
]


def root_mean_square(x):
    # In float64: squares of large float32 numbers overflow long before the numbers do.
    return float(np.sqrt(np.mean(np.square(x, dtype="float64"))))


def signal_sizes(study, depth=DEPTH):
    """Mean, and root of the mean square, after each layer."""
    signal, sizes = np.random.standard_normal((1, N)).astype("float32"), []
    for _ in range(depth):
        layer = layers.Dense(
            N, study.activation, use_bias=False, kernel_initializer=study.initializer()
        )
        signal = layer(signal).numpy()
        if not np.isfinite(signal).all():
            break
        sizes.append((float(signal.mean(dtype="float64")), root_mean_square(signal)))
    return np.array(sizes)


def show(study):
    sizes = signal_sizes(study)
    cells = [f"{size:9.2g}" for size in sizes[[i for i in AT if i < len(sizes)], 1]]
    title = f"{study.activation or 'none'}, {study.title}"
    end = f"overflows at layer {len(sizes) + 1}" if len(sizes) < DEPTH else ""
    print(f"{title:25s} {' '.join(cells)} {end}")
    last = sizes[-1, 1] if len(sizes) == DEPTH else math.inf
    assert study.lowest <= last <= study.highest, (title, last)
    return title, sizes


def show_one_layer():
    """One layer of weights from N(0, 1), for many inputs."""
    x = np.random.standard_normal((2000, N)).astype("float32")
    for activation, initializer, expected in (
        (None, RandomNormal(0, 1), ROOT),
        ("relu", RandomNormal(0, 1), ROOT / math.sqrt(2)),
        ("relu", HeNormal(), 1.0),
    ):
        layer = layers.Dense(N, activation, use_bias=False, kernel_initializer=initializer)
        size = root_mean_square(layer(x).numpy())
        name = type(initializer).__name__
        print(f"one layer, {activation or 'none'}, {name}: {size:.3f}, expected {expected:.3f}")
        assert abs(size / expected - 1) < 0.02


def main():
    pictures = Pictures.from_arguments(__doc__)
    kerasette.utils.set_random_seed(0)
    show_one_layer()
    print(f"{'after layer':25s} {' '.join(f'{i + 1:9d}' for i in AT)}")
    found = [show(study) for study in STUDIES]
    assert len(found[0][1]) + 1 == 29, "overflows at layer 29"

    def draw(panels):
        for panel, column, label in zip(panels, (0, 1), ("mean", "root of the mean square")):
            for title, sizes in found:
                panel.plot(range(1, len(sizes) + 1), abs(sizes[:, column]), label=title)
            panel.set(xlabel="layer", ylabel=label, yscale="log", ylim=(1e-30, 1e40))
        panel.legend()

    pictures.save("initialization", draw, columns=2)


if __name__ == "__main__":
    main()
