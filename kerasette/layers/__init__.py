"""Layers."""

from kerasette.lazy import exports

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    activation="Activation",
    activity_regularization="ActivityRegularization",
    batch_normalization="BatchNormalization",
    category_encoding="CategoryEncoding",
    concatenation="Concatenate",
    dense="Dense",
    dot_product="Dot",
    dropout="AlphaDropout Dropout",
    elementwise_merges="Add Average Maximum Minimum Multiply Subtract",
    elu="ELU",
    embedding="Embedding",
    flatten="Flatten",
    identity="Identity",
    input_layer="Input InputLayer",
    input_spec="InputSpec",
    lambda_layer="Lambda",
    layer="Layer",
    layer_normalization="LayerNormalization",
    masking="Masking",
    merge_functions="add average concatenate dot maximum minimum multiply subtract",
    noise="GaussianDropout GaussianNoise",
    normalization="Normalization",
    permute="Permute",
    prelu="PReLU",
    relu="LeakyReLU ReLU",
    repeat_vector="RepeatVector",
    rescaling="Rescaling",
    reshape="Reshape",
    serialization="deserialize serialize",
    softmax="Softmax",
    spatial_dropout="SpatialDropout1D SpatialDropout2D",
    unit_normalization="UnitNormalization",
)

__all__ = _EXPORTS
