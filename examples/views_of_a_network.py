"""Four views of the same network: summary, diagram, algebra and code.

What you learn: sizes of layers imply the shapes of the weights between them; `summary` prints them;
a diagram, a formula and three lines of NumPy say the same, and all of them predict the same; how
to follow one sample through the layers step by step.

The network of a book's street lights, 3-4-1 with ReLU, without biases; weights drawn in (-1, 1)
with seed 1. The book shows the four views without figures.
"""

import numpy as np

import kerasette
from kerasette import config, layers

LIGHT = np.array([[1.0, 0.0, 1.0]])


def make_model():
    rng = np.random.RandomState(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((3,)),
            layers.Dense(4, activation="relu", use_bias=False, name="hidden"),
            layers.Dense(1, use_bias=False, name="prediction"),
        ],
        name="street_lights",
    )
    model.set_weights([2 * rng.rand(3, 4) - 1, 2 * rng.rand(4, 1) - 1])
    return model


def diagram(model):
    """Layers by their sizes, and weights by their shapes between them."""
    text = f"({model.input_shape[-1]})"
    for layer in model.layers:
        rows, columns = layer.kernel.shape
        name = layer.activation.__name__
        step = f" --[{rows} x {columns}]--> " + (f"{name} " if name != "linear" else "")
        text += f"{step}({columns})"
    return text


def algebra(model):
    """The network as one formula."""
    text = "l0"
    for number, layer in enumerate(model.layers):
        text = f"{text} W{number}"
        if layer.activation.__name__ != "linear":
            text = f"{layer.activation.__name__}({text})"
    return f"l{len(model.layers)} = {text}"


def code(layer_0, weights_0_1, weights_1_2):
    layer_1 = np.maximum(layer_0.dot(weights_0_1), 0)
    return layer_1.dot(weights_1_2)


def trace(model, x):
    """What each layer makes of one sample."""
    for layer in model.layers:
        sums = x @ layer.kernel.numpy()
        x = layer(x).numpy()
        print(f"  {layer.name}: sums {sums[0].round(4)}, after activation {x[0].round(4)}")
    return x


def main():
    config.set_floatx("float64")
    model = make_model()
    lines = []
    model.summary(print_fn=lines.append)
    summary = "\n".join(map(str, lines))
    print(summary)
    for expected in ("street_lights", "hidden", "(None, 4)", "prediction", "(None, 1)", "16"):
        assert expected in summary
    print("diagram:", diagram(model))
    print("algebra:", algebra(model))
    assert diagram(model) == "(3) --[3 x 4]--> relu (4) --[4 x 1]--> (1)"
    assert algebra(model) == "l2 = relu(l0 W0) W1"

    print("one sample, step by step")
    traced = trace(model, LIGHT)
    np.testing.assert_allclose(traced, model.predict(LIGHT, verbose=0), rtol=1e-15)
    np.testing.assert_allclose(traced, code(LIGHT, *model.get_weights()), rtol=1e-12)
    assert abs(float(traced[0, 0]) - 0.39194327) < 6e-9
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
