"""PyTorch as its tutorials teach it: a DataLoader, a loop, ``torch.optim`` with its defaults.

The loop keeps no running loss, which most scripts do and Keras does: that is in PyTorch's favour.
"""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def use_threads(count):
    torch.set_num_threads(count)
    torch.set_num_interop_threads(1)


def build(sizes, optimizer):
    inputs, *hidden, classes = sizes
    layers = []
    for units in hidden:
        layers += [nn.Linear(inputs, units), nn.ReLU()]
        inputs = units
    network = nn.Sequential(*layers, nn.Linear(inputs, classes))
    optimizers = {
        "sgd": lambda weights: torch.optim.SGD(weights, lr=0.01),
        "adam": lambda weights: torch.optim.Adam(weights, lr=0.001),
    }
    return network, optimizers[optimizer](network.parameters())


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
