"""A network computed by hand, and the same network as a model.

What you learn: a layer is a weighted sum for each of its nodes, then an activation; a `Dense`
layer does it for all nodes and all samples at once; `set_weights` puts given weights in.

The network has 3 inputs, 3 hidden nodes and 1 output, all sigmoid. Figures of the source, a
tutorial on neural networks with NumPy: hidden 0.8909, 0.9677, 0.9909; output 0.8354. It cuts off
what follows the fourth digit.
"""

import math

import numpy as np

import kerasette
from kerasette import layers

X = [1.5, 2.0, 3.0]

# A row has the weights into one node.
HIDDEN_ROWS = [[0.2, 0.2, 0.2], [0.4, 0.4, 0.4], [0.6, 0.6, 0.6]]
HIDDEN_BIASES = [0.8, 0.8, 0.8]
OUTPUT_ROWS = [[0.5, 0.5, 0.5]]
OUTPUT_BIASES = [0.2]

HIDDEN = [0.8909, 0.9677, 0.9909]
OUTPUT = [0.8354]


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def layer_by_hand(inputs, rows, biases):
    """One layer, node by node and weight by weight."""
    outputs = []
    for row, bias in zip(rows, biases, strict=True):
        z = bias
        for weight, value in zip(row, inputs, strict=True):
            z += weight * value
        outputs.append(sigmoid(z))
    return outputs


def make_model():
    """The same network of layers; a column of a kernel has the weights into one node."""
    model = kerasette.Sequential(
        [
            kerasette.Input((3,)),
            layers.Dense(3, activation="sigmoid"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    hidden, output = model.layers
    hidden.set_weights([np.transpose(HIDDEN_ROWS), np.array(HIDDEN_BIASES)])
    output.set_weights([np.transpose(OUTPUT_ROWS), np.array(OUTPUT_BIASES)])
    return model


def four_digits(values):
    return [math.floor(value * 1e4) / 1e4 for value in values]


def show(title, hidden, output):
    print(f"{title:11s} hidden {four_digits(hidden)}, output {four_digits(output)}")
    assert four_digits(hidden) == HIDDEN
    assert four_digits(output) == OUTPUT


def main():
    hidden = layer_by_hand(X, HIDDEN_ROWS, HIDDEN_BIASES)
    show("by hand", hidden, layer_by_hand(hidden, OUTPUT_ROWS, OUTPUT_BIASES))

    model = make_model()
    batch = np.array([X])
    show("as a model", model.layers[0](batch).numpy()[0], model.predict(batch, verbose=0)[0])


if __name__ == "__main__":
    main()
