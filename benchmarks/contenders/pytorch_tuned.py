"""PyTorch as an expert would write it for small networks on a CPU.

The fused optimizer, rows permuted once an epoch and sliced instead of a DataLoader, denormals
flushed, freed memory kept by the allocator (see ``KEEP_FREED_MEMORY``), ReLU in place. Images have
their channels last in memory, which is as fast as channels first for G and faster by 14 % for H
and 40 % for I. Dense networks predict by bare products, others one image eagerly (155 µs for J,
traced 190) and many through a frozen trace (7,500 rows/s, eagerly 5,100).

An embedding and its mean are an ``EmbeddingBag``. LSTM over sequences are left to oneDNN, batch
first: steps first made L slower by 7 % and M by 4 % or more, two layers in one ``nn.LSTM`` made N
slower by a third, and no oneDNN all LSTM by 40 to 50 %. One step (O) is a call of ``lstm_cell``:
41 µs against 160 of ``nn.LSTM`` and 49 of a frozen trace of ``nn.LSTMCell``.

``torch.compile`` is left out because it was slower: 62,000-79,000 samples/s against 111,000 on the
digits network, 1,660 against 3,760 on G, 450 against 600 on H, 1,350 against 1,820 on I.
"""

import torch
from torch import nn

from benchmarks.contenders import pytorch

IMAGES_AT_ONCE = 128


def use_threads(count):
    pytorch.use_threads(count)
    torch.set_flush_denormal(True)


def arrange(x):
    return x if x.ndim == 4 else pytorch.arrange(x)


class Model:
    """A network, its optimizer and loss, and a frozen trace for predicting, once it is wanted."""

    def __init__(self, network, optimizer, loss, predict):
        self.network = network
        self.optimizer = optimizer
        self.loss = loss
        self.predict = predict
        self.frozen = None

    def freeze(self, example):
        traced = torch.jit.trace(self.network, example)
        self.frozen = torch.jit.optimize_for_inference(torch.jit.freeze(traced))


def build(network, optimizer):
    made = nn.Sequential(*tuned(list(pytorch.make_network(network))))
    made.to(memory_format=torch.channels_last)
    for layer in made:
        if isinstance(layer, nn.ReLU):
            layer.inplace = True
    optimizers = {
        "sgd": lambda weights: torch.optim.SGD(weights, lr=0.01, fused=True),
        "adam": lambda weights: torch.optim.Adam(weights, lr=0.001, fused=True),
    }
    return Model(
        made,
        optimizers[optimizer](made.parameters()),
        pytorch.loss_of(network),
        by_products if network.is_dense else of_images if network.has_images else eagerly,
    )


def tuned(layers):
    """The layers with some replaced by what does the same faster.

    An embedding and the mean over its steps are one: the rows looked up are never written.
    """
    first, *rest = layers
    if isinstance(first, nn.Embedding) and isinstance(rest[0], pytorch.MeanOverSteps):
        bag = nn.EmbeddingBag.from_pretrained(first.weight, freeze=False, mode="mean")
        return [bag, *rest[1:]]
    if isinstance(first, pytorch.Recurrent) and first.stateful:
        return [OneStep(first.layer), *rest]
    return layers


class OneStep(nn.Module):
    """An LSTM that goes on by a step a call, without what ``nn.LSTM`` does for sequences."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.state = None

    def forward(self, x):
        state = self.state or [x.new_zeros(len(x), self.layer.hidden_size)] * 2
        self.state = torch.lstm_cell(x[:, 0], state, *self.layer.all_weights[0])
        return self.state[0]


def tensor(x):
    """Images with their channels last in memory, and second in shape as PyTorch wants them."""
    values = torch.from_numpy(x)
    return values.permute(0, 3, 1, 2) if x.ndim == 4 else values


def train(model, x, y, batch_size, epochs):
    features, labels = tensor(x), torch.from_numpy(y)
    model.network.train()
    model.frozen = None
    for _ in range(epochs):
        order = torch.randperm(len(features))
        batches = features[order].split(batch_size), labels[order].split(batch_size)
        for batch, targets in zip(*batches, strict=True):
            model.optimizer.zero_grad(set_to_none=True)
            model.loss(model.network(batch), targets).backward()
            model.optimizer.step()


@torch.inference_mode()
def predict(model, x):
    return model.predict(model, tensor(x)).softmax(-1).numpy()


def by_products(model, values):
    for layer in model.network:
        if isinstance(layer, nn.Linear):
            values = torch.addmm(layer.bias, values, layer.weight.t())
        else:
            values.relu_()
    return values


def eagerly(model, values):
    model.network.eval()
    return model.network(values)


def of_images(model, values):
    model.network.eval()
    if len(values) == 1:
        return model.network(values)
    if model.frozen is None:
        model.freeze(values[:IMAGES_AT_ONCE])
    return torch.cat([model.frozen(part) for part in values.split(IMAGES_AT_ONCE)])
