"""One step of back-propagation, with every number in view; and why layers need a nonlinearity.

What you learn: how to look into a network: what each layer returns, the delta of each layer, and
what each weight will change by; blame goes backwards through the weights, and a node that was off
gets none. Linear layers in a row are one linear layer.

The first row of the street lights through a 3-3-1 network with ReLU, weights drawn in (-1, 1) with
seed 1. Figure of the book: error 1.04. The others are recomputed.
"""

import numpy as np

import kerasette
from kerasette import GradientTape, config, layers, ops

LIGHT, WALK = np.array([[1.0, 0.0, 1.0]]), np.array([[1.0]])


def make_model(activation, hidden=3):
    rng = np.random.RandomState(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((3,)),
            layers.Dense(hidden, activation=activation, use_bias=False),
            layers.Dense(1, use_bias=False),
        ]
    )
    model.set_weights([2 * rng.rand(3, hidden) - 1, 2 * rng.rand(hidden, 1) - 1])
    return model


def show(title, found, expected):
    print(f"{title:15s}", np.round(found, 8).tolist())
    np.testing.assert_allclose(found, expected, rtol=0, atol=6e-9)


def show_one_step(model):
    first, second = model.layers
    # A tape that is asked several times must be persistent.
    with GradientTape(persistent=True) as tape:
        layer_1 = first(LIGHT)
        layer_2 = second(layer_1)
        half_error = ops.sum(ops.square(layer_2 - WALK)) / 2
    show("layer_1", layer_1.numpy(), [[0, 0.13177044, 0]])
    show("layer_2", layer_2.numpy(), [[-0.02129555]])
    error = 2 * float(half_error)
    print(f"{'error':15s} {error:.7f}")
    assert abs(error - 1.0430446) < 6e-8

    show("layer_2_delta", tape.gradient(half_error, layer_2).numpy(), [[-1.02129555]])
    # By the value before the ReLU: nodes that were off take no blame.
    with GradientTape() as tape_1:
        before = ops.matmul(LIGHT, first.kernel)
        tape_1.watch(before)
        half_error_1 = ops.sum(ops.square(second(ops.relu(before)) - WALK)) / 2
    layer_1_delta = tape_1.gradient(half_error_1, before).numpy()
    show("layer_1_delta", layer_1_delta, [[0, 0.16505257, 0]])

    weight_deltas = tape.gradient(half_error, [first.kernel, second.kernel])
    on = [0, 0.16505257, 0]
    show("weights 0 to 1", weight_deltas[0].numpy(), [on, [0, 0, 0], on])
    show("weights 1 to 2", weight_deltas[1].numpy(), [[0], [-0.13457656], [0]])
    # Each is the product of what went in and the delta of what came out.
    np.testing.assert_allclose(weight_deltas[0].numpy(), LIGHT.T @ layer_1_delta, rtol=1e-14)


def show_the_same_by_fit(model):
    """One step of `fit` at rate 0.1 of the squared error: 0.2 of its half."""
    before = model.get_weights()
    model.compile(optimizer=kerasette.optimizers.SGD(0.1), loss="mse")
    model.fit(LIGHT, WALK, verbose=0)
    moved = before[1] - model.get_weights()[1]
    print("fit moves the second layer by", moved.ravel().round(8).tolist())
    np.testing.assert_allclose(moved.ravel(), [0, 0.2 * -0.13457656, 0], atol=6e-9)


def show_that_linear_layers_collapse():
    assert 5 * 10 * 2 == 5 * 20
    x = np.random.RandomState(0).standard_normal((50, 3))
    linear, with_relu = make_model(None, hidden=4), make_model("relu", hidden=4)
    for name, model in (("linear", linear), ("ReLU", with_relu)):
        first, second = model.get_weights()
        difference = abs(model.predict(x, verbose=0) - x @ (first @ second)).max()
        print(f"two layers, {name}: at most {difference:.2g} from one layer")
        assert (difference < 1e-14) == (name == "linear")


def main():
    config.set_floatx("float64")
    model = make_model("relu")
    show_one_step(model)
    show_the_same_by_fit(model)
    show_that_linear_layers_collapse()
    config.set_floatx("float32")


if __name__ == "__main__":
    main()
