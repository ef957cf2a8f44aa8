"""Layers."""

from kerasette.layers.activation import Activation
from kerasette.layers.batch_normalization import BatchNormalization
from kerasette.layers.dense import Dense
from kerasette.layers.dropout import Dropout
from kerasette.layers.embedding import Embedding
from kerasette.layers.flatten import Flatten
from kerasette.layers.input_layer import Input, InputLayer
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer
from kerasette.layers.layer_normalization import LayerNormalization

__all__ = [
    "Activation",
    "BatchNormalization",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "Input",
    "InputLayer",
    "InputSpec",
    "Layer",
    "LayerNormalization",
]
