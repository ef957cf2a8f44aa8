"""How much a network multiplies and adds, for rates as a share of the processor's peak."""

from collections.abc import Iterator
from math import prod

from benchmarks.networks import Network, layer

GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}


def training_flop(network: Network) -> int:
    """Of convolutions and products on one row: forward, and two halves of backward.

    The first product has no gradient of its input, unless that is looked up in a table.
    """
    forward = [flop for flop in forward_flop(network) if flop]
    spared = 0 if network.hidden[0].name == "Embedding" else forward[0]
    return 3 * sum(forward) - spared


def forward_flop(network: Network) -> Iterator[int]:
    """Of each product on one row; taps that meet the padding are counted."""
    *sides, channels = network.input_shape
    for each in (*network.hidden, layer("Dense", units=network.classes)):
        arguments = each.arguments
        if each.name in ("Conv2D", "DepthwiseConv2D"):
            kernel = arguments["kernel_size"]
            lost = 0 if arguments.get("padding") == "same" else kernel - 1
            sides = [-(-(side - lost) // arguments.get("strides", 1)) for side in sides]
            seen = channels if each.name == "Conv2D" else 1
            channels = arguments.get("filters", channels)
            yield 2 * prod(sides) * kernel**2 * seen * channels
        elif each.name == "MaxPooling2D":
            sides = [side // arguments["pool_size"] for side in sides]
        elif each.name.startswith("GlobalAveragePooling"):
            sides = []
        elif each.name == "Flatten":
            sides, channels = [], prod(sides) * channels
        elif each.name == "Dense":
            yield 2 * prod(sides) * channels * arguments["units"]
            channels = arguments["units"]
        elif each.name == "Embedding":
            sides, channels = [*sides, channels], arguments["output_dim"]
        elif each.name in GATES:
            units = arguments["units"]
            for seen in (channels, units):
                yield 2 * prod(sides) * seen * GATES[each.name] * units
            sides = sides if arguments.get("return_sequences") else []
            channels = units
