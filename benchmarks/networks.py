"""The networks of the cases as data: layers with their arguments, in Keras's terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod


@dataclass(frozen=True)
class Layer:
    """A layer by its name in Keras, and what it is made with."""

    name: str
    arguments: Mapping


@dataclass(frozen=True)
class Network:
    """Hidden layers; a contender adds a dense layer and the loss in its own way.

    ``input_shape`` is that of one row: (columns,), (height, width, channels), or of a sequence
    (steps,) for ids and (steps, symbols) for one-hot ones, where ``symbols`` is how many there are.
    More classes than one have a softmax, and one is the chance that something is so. Labels are
    one a row, or with ``every_step`` one for each step of it. A network that keeps its state from
    call to call has the one ``batch_size`` that this is for.
    """

    title: str
    input_shape: tuple[int, ...]
    hidden: tuple[Layer, ...]
    classes: int
    symbols: int | None = None
    every_step: bool = False
    batch_size: int | None = None

    @property
    def columns(self) -> int:
        """Numbers in a row."""
        return prod(self.input_shape)

    @property
    def is_dense(self) -> bool:
        """Whether it is a multilayer perceptron."""
        return all(layer.name == "Dense" for layer in self.hidden)

    @property
    def has_images(self) -> bool:
        return len(self.input_shape) == 3

    @property
    def has_ids(self) -> bool:
        return self.symbols is not None and len(self.input_shape) == 1

    @property
    def activation(self) -> str:
        """Of the last layer, in Keras's terms."""
        return "sigmoid" if self.classes == 1 else "softmax"

    @property
    def loss(self) -> str:
        """In Keras's terms."""
        return "binary_crossentropy" if self.classes == 1 else "sparse_categorical_crossentropy"


def layer(name: str, **arguments) -> Layer:
    return Layer(name, arguments)


def dense(columns: int, *units: int) -> Network:
    """A multilayer perceptron with ReLU; the last of the units are the classes."""
    *hidden, classes = units
    layers = [layer("Dense", units=count, activation="relu") for count in hidden]
    title = "-".join(map(str, (columns, *units)))
    return Network(title, (columns,), tuple(layers), classes)
