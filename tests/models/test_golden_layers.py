"""A small network around each layer: outputs, gradients and ten steps agree with Keras."""

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json

import kerasette
from kerasette import GradientTape, layers, ops

GOLDEN = golden_json("layers.json")
ARRAYS = golden_arrays("layers.npz")
SIZES = GOLDEN["batch_sizes"]


class Branches(layers.Layer):
    """Two Dense layers beside each other, and a layer that merges their outputs."""

    def __init__(self, merge):
        super().__init__()
        is_mixed = isinstance(merge, layers.Dot) and merge.axes != 1
        self.left = layers.Dense(2 if is_mixed else GOLDEN["width"])
        self.right = layers.Dense(GOLDEN["width"])
        self.merge = merge

    def call(self, inputs):
        return self.merge([self.left(inputs), self.right(inputs)])


def network(case):
    kind, arguments = case["layer"]
    if kind == "Lambda":
        arguments = {"function": kerasette.activations.get(arguments["function"])}
    layer = getattr(layers, kind)(**arguments)
    if kind == "Masking":
        dense = [layers.Dense(GOLDEN["width"]), layers.Dense(GOLDEN["outputs"])]
        return compiled([layer, *dense], case)
    is_merge = kind in GOLDEN["merging"]
    first = [Branches(layer)] if is_merge else [layers.Dense(GOLDEN["width"]), layer]
    last = [layers.Flatten(), layers.Dense(GOLDEN["outputs"])]
    return compiled([*first, *last], case)


def compiled(stack, case):
    model = kerasette.Sequential([kerasette.Input(tuple(case["input_shape"])), *stack])
    model.compile(optimizer=kerasette.optimizers.SGD(0.05), loss="mse")
    return model


def parts(vector, shapes):
    """A vector cut into arrays."""
    ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), shapes)]


@pytest.fixture(params=GOLDEN["cases"], ids=lambda case: case["name"])
def case(request):
    name = request.param["name"]
    prefix = f"{name}_"
    arrays = {
        key.removeprefix(prefix): value for key, value in ARRAYS.items() if key.startswith(prefix)
    }
    model = network(request.param)
    shapes = [weight.shape for weight in model.weights]
    model.set_weights(parts(arrays["start"], shapes))
    return model, ARRAYS[f"x{len(request.param['input_shape'])}"], arrays


@pytest.mark.filterwarnings("ignore:.*does not support masking")
def test_a_network_around_a_layer_agrees_with_keras(case):
    model, x, arrays = case
    y = ARRAYS[f"y{len(model.output_shape) - 1}"]
    first = ops.convert_to_tensor(x[: SIZES[0]])
    assert_agree(model.predict(x[: SIZES[0]], verbose=0), arrays["output"], "output")
    with GradientTape() as tape:
        tape.watch(first)
        loss = kerasette.losses.MeanSquaredError()(y[: SIZES[0]], model(first, training=True))
        for term in model.losses:
            loss = loss + term
    weights = model.trainable_weights
    *found, by_input = tape.gradient(loss, [*weights, first])
    assert_agree(by_input.numpy(), arrays["gradient_x"], "gradient of the input")
    expected = parts(arrays["gradients"], [weight.shape for weight in weights])
    for weight, gradient, value in zip(weights, found, expected, strict=True):
        assert_agree(gradient.numpy(), value, f"gradient of {weight.path}")
    losses, start = [], 0
    for size in SIZES:
        batch = slice(start, start + size)
        history = model.fit(x[batch], y[batch], batch_size=size, shuffle=False, verbose=0)
        losses += history.history["loss"]
        start += size
    assert_agree(np.array(losses), arrays["losses"], "losses")
    end = parts(arrays["end"], [weight.shape for weight in model.weights])
    for weight, value in zip(model.weights, end, strict=True):
        assert_agree(weight.numpy(), value, f"{weight.path} after ten steps")
    # Branches are user code, recorded anew at every fit.
    assert model.replayed_steps > 0 or isinstance(model.layers[0], Branches)


@pytest.mark.parametrize("case", GOLDEN["masked"], ids=lambda case: case["kind"])
def test_merges_of_masked_tensors_agree_with_keras(case):
    for answer in case["answers"]:
        tensors = []
        for x, mask, is_masked in zip(case["inputs"], case["masks"], answer["present"]):
            tensor = ops.convert_to_tensor(x, "float32")
            if is_masked:
                tensor._keras_mask = ops.convert_to_tensor(mask)
            tensors.append(tensor)
        output = getattr(layers, case["kind"])()(tensors)
        assert_agree(output.numpy(), answer["output"], "output")
        mask = output._keras_mask
        assert (None if mask is None else mask.numpy().tolist()) == answer["mask"]
