"""Layers."""

from kerasette.layers.activation import Activation
from kerasette.layers.dense import Dense
from kerasette.layers.dropout import Dropout
from kerasette.layers.flatten import Flatten
from kerasette.layers.input_layer import Input, InputLayer
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer

__all__ = [
    "Activation",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "InputLayer",
    "InputSpec",
    "Layer",
]
