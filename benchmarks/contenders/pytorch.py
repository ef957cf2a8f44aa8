"""PyTorch as its tutorials teach it: a DataLoader, a loop, ``torch.optim`` with its defaults.

The loop keeps no running loss, which most scripts do and Keras does: that is in PyTorch's favour.
"""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def use_threads(count):
    torch.set_num_threads(count)
    torch.set_num_interop_threads(1)


def arrange(x):
    """Images with channels first; rows as they are."""
    return x if x.ndim == 2 else np.ascontiguousarray(x.transpose(0, 3, 1, 2))


def build(network, optimizer):
    made = make_network(network)
    optimizers = {
        "sgd": lambda weights: torch.optim.SGD(weights, lr=0.01),
        "adam": lambda weights: torch.optim.Adam(weights, lr=0.001),
    }
    return made, optimizers[optimizer](made.parameters())


def make_network(network):
    """The layers in PyTorch's terms, the softmax left to the loss."""
    channels, layers = network.input_shape[-1], []
    for layer in network.hidden:
        made, channels = MAKERS[layer.name](channels, **layer.arguments)
        layers += made
    made = nn.Sequential(*layers, nn.LazyLinear(network.classes))
    made.eval()(torch.zeros(1, *network.input_shape[-1:], *network.input_shape[:-1]))
    return made


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


def activations(name):
    return [nn.ReLU()] if name == "relu" else []


MAKERS = {
    "Activation": lambda channels, activation: (activations(activation), channels),
    "BatchNormalization": lambda channels: ([nn.BatchNorm2d(channels)], channels),
    "Conv2D": convolution,
    "Dense": dense,
    "DepthwiseConv2D": depthwise,
    "Dropout": lambda channels, rate: ([nn.Dropout(rate)], channels),
    "Flatten": lambda channels: ([nn.Flatten()], channels),
    "GlobalAveragePooling2D": lambda channels: (
        [nn.AdaptiveAvgPool2d(1), nn.Flatten()],
        channels,
    ),
    "MaxPooling2D": lambda channels, pool_size: ([nn.MaxPool2d(pool_size)], channels),
}


def train(model, x, y, batch_size, epochs):
    network, optimizer = model
    rows = TensorDataset(torch.from_numpy(x), torch.from_numpy(y))
    loader = DataLoader(rows, batch_size=batch_size, shuffle=True)
    loss_function = nn.CrossEntropyLoss()
    network.train()
    for _ in range(epochs):
        for features, labels in loader:
            optimizer.zero_grad()
            loss = loss_function(network(features), labels)
            loss.backward()
            optimizer.step()


def predict(model, x):
    network, _ = model
    network.eval()
    with torch.inference_mode():
        return network(torch.from_numpy(x)).softmax(1).numpy()
