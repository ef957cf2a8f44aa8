"""Layers."""

from kerasette.lazy import exports

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    activation="Activation",
    activity_regularization="ActivityRegularization",
    batch_normalization="BatchNormalization",
    category_encoding="CategoryEncoding",
    center_crop="CenterCrop",
    concatenation="Concatenate",
    conv="Conv1D Conv2D Conv3D Convolution1D Convolution2D Convolution3D",
    conv_transpose=(
        "Conv1DTranspose Conv2DTranspose Conv3DTranspose "
        "Convolution1DTranspose Convolution2DTranspose Convolution3DTranspose"
    ),
    dense="Dense",
    depthwise_conv="DepthwiseConv1D DepthwiseConv2D",
    discretization="Discretization",
    dot_product="Dot",
    dropout="AlphaDropout Dropout",
    einsum_dense="EinsumDense",
    elementwise_merges="Add Average Maximum Minimum Multiply Subtract",
    elu="ELU",
    embedding="Embedding",
    flatten="Flatten",
    group_normalization="GroupNormalization",
    hashing="HashedCrossing Hashing",
    identity="Identity",
    input_layer="Input InputLayer",
    input_spec="InputSpec",
    integer_lookup="IntegerLookup",
    lambda_layer="Lambda",
    layer="Layer",
    layer_normalization="LayerNormalization",
    masking="Masking",
    merge_functions="add average concatenate dot maximum minimum multiply subtract",
    noise="GaussianDropout GaussianNoise",
    normalization="Normalization",
    permute="Permute",
    pipeline="Pipeline",
    prelu="PReLU",
    random_affine="RandomRotation RandomTranslation RandomZoom",
    random_color="RandomBrightness RandomContrast",
    random_crop="RandomCrop",
    random_flip="RandomFlip",
    relu="LeakyReLU ReLU",
    repeat_vector="RepeatVector",
    rescaling="Rescaling",
    reshape="Reshape",
    separable_conv=(
        "SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D"
    ),
    resizing="Resizing",
    serialization="deserialize serialize",
    softmax="Softmax",
    spatial_dropout="SpatialDropout1D SpatialDropout2D",
    string_lookup="StringLookup",
    unit_normalization="UnitNormalization",
    wrapper="Wrapper",
)

__all__ = _EXPORTS
