"""Layers that pool, pad, crop and enlarge, and what they are called on: tests, golden files."""

import numpy as np
from convolution_cases import flat

FIRST = {"data_format": "channels_first"}
SAME, KEPT = {"padding": "same"}, {"keepdims": True}
SEQUENCE, IMAGE, VOLUME = (2, 7, 3), (2, 5, 7, 3), (1, 5, 3, 5, 2)

# Shape of the inputs with the channels last, and what cases have that are not as by default; with
# "input_shape", if that is another, and "masked", if they have a mask.
POOLING = {
    1: [
        {}, {"strides": 1}, {"pool_size": 3, "strides": 2}, {"pool_size": 7}, {"pool_size": 1},
        {"pool_size": 2, "strides": 3}, {**SAME, "pool_size": 3, "strides": 1},
        {**SAME, "pool_size": 3, "strides": 2}, {**FIRST, "pool_size": 3},
        {**SAME, "pool_size": 9, "strides": 1}, {"input_shape": (2, 8, 1)},
        {**SAME, "pool_size": 1, "strides": 2}, {"input_shape": (1, 40, 2)},
    ],
    2: [
        {}, {"strides": 1}, {"pool_size": 3}, {"pool_size": 3, "strides": (2, 1)},
        {"pool_size": (1, 3)}, {"pool_size": (4, 2), "strides": (1, 3)}, FIRST,
        {**SAME, "pool_size": 3, "strides": 1}, {**SAME, "pool_size": 3, "strides": 2},
        {**SAME, "pool_size": 3, "strides": 2, **FIRST}, {"pool_size": (5, 7)},
        {**SAME, "pool_size": 5, "strides": 1}, {"strides": 3}, {"input_shape": (1, 4, 4, 17)},
        {"input_shape": (1, 8, 6, 1)}, {"input_shape": (1, 9, 9, 4), "pool_size": 3, "strides": 2},
        {"input_shape": (3, 2, 2, 1)},
    ],
    3: [
        {}, {"strides": 1}, {"pool_size": (1, 2, 3)}, {**SAME, "pool_size": 3, "strides": 2},
        {**FIRST, "strides": (2, 1, 3)}, {"pool_size": (5, 3, 5)},
        {**SAME, "pool_size": (1, 3, 1), "strides": (1, 1, 2)},
    ],
}  # fmt: skip
# More places are lacking at one end than at the other.
UNEVEN = {
    1: [
        {**SAME, "pool_size": 2}, {**SAME, "pool_size": 2, "strides": 1},
        {**SAME, "pool_size": 4, "strides": 3}, {**SAME, "pool_size": 8, "strides": 1},
    ],
    2: [
        SAME, {**SAME, "strides": 1}, {**SAME, **FIRST}, {**SAME, "pool_size": (4, 3)},
        {**SAME, "pool_size": 3, "strides": 2, "input_shape": (2, 6, 4, 2)},
    ],
    3: [SAME, {**SAME, "pool_size": (2, 3, 4), "strides": (1, 2, 3)}],
}  # fmt: skip
SHAPES = {1: SEQUENCE, 2: IMAGE, 3: VOLUME}
OTHERS = {
    "GlobalMaxPooling1D": [{}, KEPT, FIRST, {**KEPT, **FIRST}],
    "GlobalMaxPooling2D": [{}, KEPT, FIRST, {**KEPT, **FIRST}],
    "GlobalMaxPooling3D": [{}, KEPT, FIRST],
    "GlobalAveragePooling1D": [
        {}, KEPT, FIRST, {"masked": True}, {"masked": True, **KEPT}, {"masked": True, **FIRST},
    ],
    "GlobalAveragePooling2D": [{}, KEPT, FIRST, {**KEPT, **FIRST}],
    "GlobalAveragePooling3D": [{}, KEPT, FIRST],
    "ZeroPadding1D": [{}, {"padding": 3}, {"padding": (2, 0)}, {**FIRST, "padding": (0, 1)}],
    "ZeroPadding2D": [
        {}, {"padding": 2}, {"padding": (0, 1)}, {"padding": ((1, 0), (2, 3))}, FIRST,
        {"padding": 0}, {"padding": (1, (0, 2))},
    ],
    "ZeroPadding3D": [{}, {"padding": (0, 2, 1)}, {"padding": ((1, 0), (0, 0), (0, 2)), **FIRST}],
    "Cropping1D": [{}, {"cropping": 2}, {"cropping": (0, 3)}, {"cropping": (6, 0)}],
    "Cropping2D": [
        {}, {"cropping": 1}, {"cropping": (2, 0)}, {"cropping": ((1, 0), (0, 3))},
        {"cropping": ((0, 1), (2, 0)), **FIRST}, {"cropping": (1, (0, 2))},
    ],
    "Cropping3D": [{}, {"cropping": ((1, 0), (0, 2), (2, 2))}, {"cropping": 1, **FIRST}],
    "UpSampling1D": [{}, {"size": 1}, {"size": 3}],
    "UpSampling2D": [
        {}, {"size": 3}, {"size": (1, 2)}, {"size": (3, 1), **FIRST},
        {"interpolation": "bilinear"}, {"interpolation": "bilinear", "size": (1, 3)},
        {"interpolation": "BILINEAR", "size": (3, 2), **FIRST},
    ],
    "UpSampling3D": [{}, {"size": (1, 2, 3)}, {"size": (3, 1, 1), **FIRST}],
}  # fmt: skip


def cases(backend="torch"):
    """(name, [class, arguments], input shape, mask or None) of each.

    Keras's backends differ: on PyTorch, averages count what lies outside when that is uneven, cubic
    interpolation has another parameter, and there is no Lanczos's.
    """
    variants = {}
    for rank in POOLING:
        means = UNEVEN[rank] if backend == "jax" else POOLING[rank]
        if backend != "jax":
            variants[f"MaxPooling{rank}D"] = POOLING[rank] + UNEVEN[rank]
        variants[f"AveragePooling{rank}D"] = [{"pool_size": 2, **case} for case in means]
    if backend == "jax":
        kinds = ("bicubic", "lanczos3", "lanczos5")
        variants["UpSampling2D"] = [{"interpolation": kind} for kind in kinds]
        variants["UpSampling2D"] += [{"interpolation": kind, "size": (1, 3)} for kind in kinds]
    else:
        variants |= OTHERS
    for kind, ones in variants.items():
        for number, variant in enumerate(ones):
            arguments = dict(variant)
            shape = arguments.pop("input_shape", SHAPES[int(kind[-2])])
            steps, masked = shape[:2], arguments.pop("masked", False)
            if arguments.get("data_format") == "channels_first":
                shape = (shape[0], shape[-1], *shape[1:-1])
            mask = np.arange(steps[0] * steps[1]).reshape(steps) % 3 > 0 if masked else None
            yield f"{kind}_{number}", [kind, arguments], shape, mask


def trained(library, layer, shape, number, **compiled):
    """Losses of three steps of a network with the layer, and most weights after them.

    Parameters
    ----------
    library : module
        Keras or kerasette.
    layer : Layer
        A new one.
    shape : tuple
        Of the layer's inputs.
    number : int
        Of the case, from which the numbers are drawn.
    **compiled
        Of ``compile``.
    """
    rng = np.random.default_rng(number)
    dense = library.layers.Dense
    model = library.Sequential(
        [library.Input(shape[1:]), dense(shape[-1]), layer, library.layers.Flatten(), dense(2)]
    )
    weights = [rng.normal(size=tuple(w.shape)) / np.sqrt(w.shape[0]) for w in model.weights]
    model.set_weights(weights)
    model.compile(library.optimizers.SGD(0.003, momentum=0.5), "mse", **compiled)
    x = rng.normal(size=shape).astype("float32")
    y = rng.normal(size=(shape[0], 2)).astype("float32")
    losses = [float(np.asarray(model.train_on_batch(x, y))) for _ in range(3)]
    kernel, bias, *_, last = model.get_weights()
    return np.array(losses, "float32"), flat([kernel, bias, last]).astype("float32")
