"""Layers."""

from kerasette.lazy import exports

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    activation="Activation",
    activity_regularization="ActivityRegularization",
    average_pooling=(
        "AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D"
    ),
    batch_normalization="BatchNormalization",
    bidirectional="Bidirectional",
    category_encoding="CategoryEncoding",
    center_crop="CenterCrop",
    channel_pooling="ChannelPooling",
    concatenation="Concatenate",
    conv="Conv1D Conv2D Conv3D Convolution1D Convolution2D Convolution3D",
    conv_transpose=(
        "Conv1DTranspose Conv2DTranspose Conv3DTranspose "
        "Convolution1DTranspose Convolution2DTranspose Convolution3DTranspose"
    ),
    cropping="Cropping1D Cropping2D Cropping3D",
    dense="Dense",
    depthwise_conv="DepthwiseConv1D DepthwiseConv2D",
    discretization="Discretization",
    dot_product="Dot",
    dropout="AlphaDropout Dropout",
    einsum_dense="EinsumDense",
    elementwise_merges="Add Average Maximum Minimum Multiply Subtract",
    elu="ELU",
    embedding="Embedding",
    embedding_bag="EmbeddingBag",
    flatten="Flatten",
    global_pooling=(
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D "
        "GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D "
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
    ),
    group_normalization="GroupNormalization",
    gru="GRU GRUCell",
    hashing="HashedCrossing Hashing",
    identity="Identity",
    input_layer="Input InputLayer",
    input_spec="InputSpec",
    integer_lookup="IntegerLookup",
    lambda_layer="Lambda",
    layer="Layer",
    layer_normalization="LayerNormalization",
    lstm="LSTM LSTMCell",
    masking="Masking",
    max_pooling="MaxPool1D MaxPool2D MaxPool3D MaxPooling1D MaxPooling2D MaxPooling3D",
    merge_functions="add average concatenate dot maximum minimum multiply subtract",
    noise="GaussianDropout GaussianNoise",
    normalization="Normalization",
    permute="Permute",
    pipeline="Pipeline",
    prelu="PReLU",
    random_color="RandomBrightness RandomContrast",
    random_crop="RandomCrop",
    random_flip="RandomFlip",
    random_rotation="RandomRotation",
    random_translation="RandomTranslation",
    random_zoom="RandomZoom",
    relu="LeakyReLU ReLU",
    repeat_vector="RepeatVector",
    rescaling="Rescaling",
    reshape="Reshape",
    rnn="RNN",
    separable_conv=(
        "SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D"
    ),
    resizing="Resizing",
    serialization="deserialize serialize",
    simple_rnn="SimpleRNN SimpleRNNCell",
    softmax="Softmax",
    spatial_dropout="SpatialDropout1D SpatialDropout2D SpatialDropout3D",
    stacked_rnn_cells="StackedRNNCells",
    string_lookup="StringLookup",
    time_distributed="TimeDistributed",
    unit_normalization="UnitNormalization",
    up_sampling="UpSampling1D UpSampling2D UpSampling3D",
    wrapper="Wrapper",
    zero_padding="ZeroPadding1D ZeroPadding2D ZeroPadding3D",
)

__all__ = _EXPORTS
