"""Which layers treat each sample of a batch by itself, whatever the others are."""

from types import FunctionType

from kerasette.layers.layer import Layer

# By what is given or chosen, some layers are in none of the lists: an axis, an equation, a function
# or a pattern of noise may be one of the batch.
ALWAYS = frozenset(
    """
    Add Average AveragePooling1D AveragePooling2D AveragePooling3D Cropping1D Cropping2D
    Cropping3D ELU Embedding EmbeddingBag Flatten GaussianDropout GaussianNoise
    GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization Identity InputLayer LeakyReLU
    Masking Maximum MaxPooling1D MaxPooling2D MaxPooling3D Minimum Multiply Permute PReLU ReLU
    RepeatVector Rescaling Reshape SpatialDropout1D SpatialDropout2D SpatialDropout3D Subtract
    UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D
    """.split()
)
WITH_ACTIVATION = frozenset(
    """
    Activation Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose Dense
    DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D
    """.split()
)

RECURRENT = frozenset({"GRU", "LSTM", "SimpleRNN"})
# Of one axis, or of several; the last one is no batch.
ALONG_AN_AXIS = frozenset({"LayerNormalization", "Softmax", "UnitNormalization"})


def is_row_wise(layer, training):
    """Whether a sample's output and the layer's state do not depend on the rest of the batch.

    Then samples may be taken together that come one after the other. False where it is not known.

    Parameters
    ----------
    layer : Layer
    training : bool or None
        Of the call.
    """
    kind = type(layer)
    if not kind.__module__.startswith("kerasette."):
        return False
    name = kind.__name__
    if name in WITH_ACTIVATION:
        return _is_row_wise_function(layer.activation, training)
    if name in RECURRENT:
        functions = (layer.activation, getattr(layer, "recurrent_activation", layer.activation))
        are_row_wise = all(_is_row_wise_function(one, training) for one in functions)
        return are_row_wise and not layer.stateful
    if name == "Bidirectional":
        return _are_row_wise([layer.forward_layer, layer.backward_layer], training)
    if name in ("Dropout", "AlphaDropout"):
        return layer.noise_shape is None or not training
    if name in ALONG_AN_AXIS:
        return layer.axis in (-1, [-1])
    if name == "BatchNormalization":
        return not (training and layer.trainable)
    if name in ("Sequential", "Functional"):
        return _is_row_wise_model(layer, training)
    return name in ALWAYS


def _is_row_wise_function(activation, training):
    """Whether an activation is one; those of the library are."""
    if isinstance(activation, Layer):
        return is_row_wise(activation, training)
    return isinstance(activation, FunctionType) and activation.__module__.startswith("kerasette.")


def _is_row_wise_model(model, training):
    """Whether a graph is made of such layers."""
    graph = model._as_graph
    return graph is not None and _are_row_wise(graph.operations, training)


def _are_row_wise(operations, training):
    """Whether all of them are such layers; an activity's penalty counts calls."""
    return all(
        isinstance(operation, Layer)
        and operation.activity_regularizer is None
        and is_row_wise(operation, training)
        for operation in operations
    )
