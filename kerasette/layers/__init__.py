"""Layers."""

from kerasette.layers.activation import Activation
from kerasette.layers.activity_regularization import ActivityRegularization
from kerasette.layers.batch_normalization import BatchNormalization
from kerasette.layers.category_encoding import CategoryEncoding
from kerasette.layers.concatenate import Concatenate
from kerasette.layers.dense import Dense
from kerasette.layers.dot import Dot
from kerasette.layers.dropout import (
    AlphaDropout,
    Dropout,
)
from kerasette.layers.elementwise_merges import (
    Add,
    Average,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
)
from kerasette.layers.elu import ELU
from kerasette.layers.embedding import Embedding
from kerasette.layers.flatten import Flatten
from kerasette.layers.identity import Identity
from kerasette.layers.input_layer import Input, InputLayer
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.lambda_layer import Lambda
from kerasette.layers.layer import Layer
from kerasette.layers.layer_normalization import LayerNormalization
from kerasette.layers.masking import Masking
from kerasette.layers.merge_functions import (
    add,
    average,
    concatenate,
    dot,
    maximum,
    minimum,
    multiply,
    subtract,
)
from kerasette.layers.noise import GaussianDropout, GaussianNoise
from kerasette.layers.normalization import Normalization
from kerasette.layers.permute import Permute
from kerasette.layers.prelu import PReLU
from kerasette.layers.relu import LeakyReLU, ReLU
from kerasette.layers.repeat_vector import RepeatVector
from kerasette.layers.rescaling import Rescaling
from kerasette.layers.reshape import Reshape
from kerasette.layers.softmax import Softmax
from kerasette.layers.spatial_dropout import SpatialDropout1D, SpatialDropout2D
from kerasette.layers.unit_normalization import UnitNormalization

__all__ = [
    "ELU",
    "Activation",
    "ActivityRegularization",
    "Add",
    "AlphaDropout",
    "Average",
    "BatchNormalization",
    "CategoryEncoding",
    "Concatenate",
    "Dense",
    "Dot",
    "Dropout",
    "Embedding",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "Input",
    "InputLayer",
    "InputSpec",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "Masking",
    "Maximum",
    "Minimum",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Softmax",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "Subtract",
    "UnitNormalization",
    "add",
    "average",
    "concatenate",
    "dot",
    "maximum",
    "minimum",
    "multiply",
    "subtract",
]
