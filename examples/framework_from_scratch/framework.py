"""Third step: a framework of a hundred lines. Layers, losses and an optimizer on bare tensors.

What you learn: a layer is an object with parameters and a `forward`; a loss is a layer without
parameters; an optimizer is a list of parameters and a rule. The other files of this folder
import this one; run by itself it trains a small network.
"""

import numpy as np

from kerasette import GradientTape, Variable, ops


class Layer:
    """Something with parameters; those of the layers within it are its own too."""

    def __init__(self, *parts):
        self.parameters = [p for part in parts for p in getattr(part, "parameters", [part])]


class Linear(Layer):
    """``x @ weight + bias``, the weight normally distributed with variance 2 / inputs."""

    def __init__(self, n_inputs, n_outputs):
        self.weight = Variable(np.random.randn(n_inputs, n_outputs) * np.sqrt(2 / n_inputs))
        self.bias = Variable(np.zeros(n_outputs))
        super().__init__(self.weight, self.bias)

    def forward(self, x):
        return x @ self.weight + self.bias


class Embedding(Layer):
    """A row of numbers for each word, uniform in +-0.5 / `size` as in word2vec."""

    def __init__(self, n_words, size):
        self.weight = Variable((np.random.rand(n_words, size) - 0.5) / size)
        super().__init__(self.weight)

    def forward(self, words):
        return ops.take(self.weight, words, axis=0)


class Tanh(Layer):
    def forward(self, x):
        return ops.tanh(x)


class Sigmoid(Layer):
    def forward(self, x):
        return ops.sigmoid(x)


class Sequential(Layer):
    """Layers one after the other."""

    def __init__(self, *layers):
        self.layers = layers
        super().__init__(*layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x


class SquaredError(Layer):
    """Summed over the samples, not averaged."""

    def forward(self, prediction, target):
        return ops.sum(ops.square(prediction - target))


class CrossEntropy(Layer):
    """Of logits and class numbers, averaged over the samples."""

    def forward(self, logits, target):
        return ops.mean(ops.sparse_categorical_crossentropy(target, logits, from_logits=True))


class SGD:
    """Gradient descent: every parameter moves by `rate` times its gradient."""

    def __init__(self, parameters, rate):
        self.parameters = parameters
        self.rate = rate

    def step(self, tape, loss):
        for parameter, gradient in zip(
            self.parameters, tape.gradient(loss, self.parameters), strict=True
        ):
            parameter.assign_sub(self.rate * gradient)


def train(model, criterion, optimizer, data, target, iterations):
    """Full-batch training; the loss of every iteration, each before its update."""
    losses = []
    for _ in range(iterations):
        with GradientTape() as tape:
            loss = criterion.forward(model.forward(data), target)
        optimizer.step(tape, loss)
        losses.append(float(loss))
    return losses


def main():
    """Exclusive or, the smallest task that needs a hidden layer."""
    np.random.seed(0)
    data = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    target = np.array([[0.0], [1.0], [1.0], [0.0]])
    model = Sequential(Linear(2, 4), Tanh(), Linear(4, 1), Sigmoid())
    losses = train(model, SquaredError(), SGD(model.parameters, 1.0), data, target, 200)
    print("exclusive or, squared error:", ", ".join(f"{loss:.4f}" for loss in losses[::40]))
    predicted = model.forward(data).numpy()
    print("predictions:", predicted.ravel().round(3))
    assert np.array_equal(predicted > 0.5, target == 1)


if __name__ == "__main__":
    main()
