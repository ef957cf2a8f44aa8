"""PyTorch as its tutorials teach it: a DataLoader, a loop, ``torch.optim`` with its defaults.

The loop keeps no running loss, which most scripts do and Keras does: that is in PyTorch's favour.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset


def use_threads(count):
    torch.set_num_threads(count)
    torch.set_num_interop_threads(1)


def arrange(x):
    """Images with channels first, ids as int64; what else there is as it is."""
    if x.ndim == 4:
        return np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    return x.astype(np.int64) if x.dtype == np.int32 else x


def build(network, optimizer):
    made = make_network(network)
    optimizers = {
        "sgd": lambda weights: torch.optim.SGD(weights, lr=0.01),
        "adam": lambda weights: torch.optim.Adam(weights, lr=0.001),
    }
    return made, optimizers[optimizer](made.parameters()), loss_of(network)


def make_network(network):
    """The layers in PyTorch's terms, the softmax left to the loss."""
    channels, layers = network.input_shape[-1], []
    for layer in network.hidden:
        made, channels = MAKERS[layer.name](channels, **layer.arguments)
        layers += made
    made = nn.Sequential(*layers, nn.LazyLinear(network.classes))
    example = np.zeros((1, *network.input_shape), np.int32 if network.has_ids else np.float32)
    with torch.no_grad():
        made.eval()(torch.from_numpy(arrange(example)))
    return made


def loss_of(network):
    """Of logits and labels: of a binary chance, of one class a row, or of one for every step."""
    if network.classes == 1:
        return lambda logits, labels: functional.binary_cross_entropy_with_logits(
            logits.squeeze(1), labels
        )
    if network.every_step:
        return lambda logits, labels: functional.cross_entropy(
            logits.flatten(0, 1), labels.flatten()
        )
    return functional.cross_entropy


# Each makes a layer of the network's data and says how many channels it has.


def dense(channels, units, activation):
    return [nn.LazyLinear(units), *activations(activation)], units


def convolution(
    channels, filters, kernel_size, strides=1, padding="valid", use_bias=True, activation=None
):
    around = kernel_size // 2 if padding == "same" else 0
    layer = nn.Conv2d(channels, filters, kernel_size, strides, around, bias=use_bias)
    return [layer, *activations(activation)], filters


def depthwise(channels, kernel_size, strides, padding, use_bias):
    around = kernel_size // 2 if padding == "same" else 0
    layer = nn.Conv2d(
        channels, channels, kernel_size, strides, around, groups=channels, bias=use_bias
    )
    return [layer], channels


def embedding(channels, input_dim, output_dim):
    return [nn.Embedding(input_dim, output_dim)], output_dim


def lstm(channels, units, **arguments):
    return [Recurrent(nn.LSTM(channels, units, batch_first=True), **arguments)], units


def simple_rnn(channels, units, **arguments):
    return [Recurrent(nn.RNN(channels, units, batch_first=True), **arguments)], units


class Recurrent(nn.Module):
    """A recurrent layer that gives its last output or all, and may go on where predicting ended."""

    def __init__(self, layer, return_sequences=False, stateful=False):
        super().__init__()
        self.layer = layer
        self.return_sequences = return_sequences
        self.stateful = stateful
        self.state = None

    def forward(self, x):
        outputs, state = self.layer(x, self.state)
        if self.stateful and torch.is_inference_mode_enabled():
            self.state = state
        return outputs if self.return_sequences else outputs[:, -1]


class MeanOverSteps(nn.Module):
    def forward(self, x):
        return x.mean(dim=1)


def activations(name):
    return [nn.ReLU()] if name == "relu" else []


MAKERS = {
    "Activation": lambda channels, activation: (activations(activation), channels),
    "BatchNormalization": lambda channels: ([nn.BatchNorm2d(channels)], channels),
    "Conv2D": convolution,
    "Dense": dense,
    "DepthwiseConv2D": depthwise,
    "Dropout": lambda channels, rate: ([nn.Dropout(rate)], channels),
    "Embedding": embedding,
    "Flatten": lambda channels: ([nn.Flatten()], channels),
    "GlobalAveragePooling1D": lambda channels: ([MeanOverSteps()], channels),
    "GlobalAveragePooling2D": lambda channels: (
        [nn.AdaptiveAvgPool2d(1), nn.Flatten()],
        channels,
    ),
    "LSTM": lstm,
    "MaxPooling2D": lambda channels, pool_size: ([nn.MaxPool2d(pool_size)], channels),
    "SimpleRNN": simple_rnn,
}


def train(model, x, y, batch_size, epochs):
    network, optimizer, loss_function = model
    rows = TensorDataset(torch.from_numpy(x), torch.from_numpy(y))
    loader = DataLoader(rows, batch_size=batch_size, shuffle=True)
    network.train()
    for _ in range(epochs):
        for features, labels in loader:
            optimizer.zero_grad()
            loss = loss_function(network(features), labels)
            loss.backward()
            optimizer.step()


def predict(model, x):
    network, *_ = model
    network.eval()
    with torch.inference_mode():
        return network(torch.from_numpy(x)).softmax(-1).numpy()
