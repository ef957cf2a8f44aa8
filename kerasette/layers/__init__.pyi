from kerasette.layers.activation import Activation as Activation
from kerasette.layers.activity_regularization import (
    ActivityRegularization as ActivityRegularization,
)
from kerasette.layers.average_pooling import AveragePooling1D as AveragePooling1D
from kerasette.layers.average_pooling import AveragePooling2D as AveragePooling2D
from kerasette.layers.average_pooling import AveragePooling3D as AveragePooling3D
from kerasette.layers.average_pooling import AvgPool1D as AvgPool1D
from kerasette.layers.average_pooling import AvgPool2D as AvgPool2D
from kerasette.layers.average_pooling import AvgPool3D as AvgPool3D
from kerasette.layers.batch_normalization import BatchNormalization as BatchNormalization
from kerasette.layers.bidirectional import Bidirectional as Bidirectional
from kerasette.layers.category_encoding import CategoryEncoding as CategoryEncoding
from kerasette.layers.center_crop import CenterCrop as CenterCrop
from kerasette.layers.channel_pooling import ChannelPooling as ChannelPooling
from kerasette.layers.concatenation import Concatenate as Concatenate
from kerasette.layers.conv import Conv1D as Conv1D
from kerasette.layers.conv import Conv2D as Conv2D
from kerasette.layers.conv import Conv3D as Conv3D
from kerasette.layers.conv import Convolution1D as Convolution1D
from kerasette.layers.conv import Convolution2D as Convolution2D
from kerasette.layers.conv import Convolution3D as Convolution3D
from kerasette.layers.conv_transpose import Conv1DTranspose as Conv1DTranspose
from kerasette.layers.conv_transpose import Conv2DTranspose as Conv2DTranspose
from kerasette.layers.conv_transpose import Conv3DTranspose as Conv3DTranspose
from kerasette.layers.conv_transpose import Convolution1DTranspose as Convolution1DTranspose
from kerasette.layers.conv_transpose import Convolution2DTranspose as Convolution2DTranspose
from kerasette.layers.conv_transpose import Convolution3DTranspose as Convolution3DTranspose
from kerasette.layers.cropping import Cropping1D as Cropping1D
from kerasette.layers.cropping import Cropping2D as Cropping2D
from kerasette.layers.cropping import Cropping3D as Cropping3D
from kerasette.layers.dense import Dense as Dense
from kerasette.layers.depthwise_conv import DepthwiseConv1D as DepthwiseConv1D
from kerasette.layers.depthwise_conv import DepthwiseConv2D as DepthwiseConv2D
from kerasette.layers.discretization import Discretization as Discretization
from kerasette.layers.dot_product import Dot as Dot
from kerasette.layers.dropout import AlphaDropout as AlphaDropout
from kerasette.layers.dropout import Dropout as Dropout
from kerasette.layers.einsum_dense import EinsumDense as EinsumDense
from kerasette.layers.elementwise_merges import (
    Add as Add,
)
from kerasette.layers.elementwise_merges import (
    Average as Average,
)
from kerasette.layers.elementwise_merges import (
    Maximum as Maximum,
)
from kerasette.layers.elementwise_merges import (
    Minimum as Minimum,
)
from kerasette.layers.elementwise_merges import (
    Multiply as Multiply,
)
from kerasette.layers.elementwise_merges import (
    Subtract as Subtract,
)
from kerasette.layers.elu import ELU as ELU
from kerasette.layers.embedding import Embedding as Embedding
from kerasette.layers.embedding_bag import EmbeddingBag as EmbeddingBag
from kerasette.layers.flatten import Flatten as Flatten
from kerasette.layers.global_pooling import GlobalAveragePooling1D as GlobalAveragePooling1D
from kerasette.layers.global_pooling import GlobalAveragePooling2D as GlobalAveragePooling2D
from kerasette.layers.global_pooling import GlobalAveragePooling3D as GlobalAveragePooling3D
from kerasette.layers.global_pooling import GlobalAvgPool1D as GlobalAvgPool1D
from kerasette.layers.global_pooling import GlobalAvgPool2D as GlobalAvgPool2D
from kerasette.layers.global_pooling import GlobalAvgPool3D as GlobalAvgPool3D
from kerasette.layers.global_pooling import GlobalMaxPool1D as GlobalMaxPool1D
from kerasette.layers.global_pooling import GlobalMaxPool2D as GlobalMaxPool2D
from kerasette.layers.global_pooling import GlobalMaxPool3D as GlobalMaxPool3D
from kerasette.layers.global_pooling import GlobalMaxPooling1D as GlobalMaxPooling1D
from kerasette.layers.global_pooling import GlobalMaxPooling2D as GlobalMaxPooling2D
from kerasette.layers.global_pooling import GlobalMaxPooling3D as GlobalMaxPooling3D
from kerasette.layers.group_normalization import GroupNormalization as GroupNormalization
from kerasette.layers.gru import GRU as GRU
from kerasette.layers.gru import GRUCell as GRUCell
from kerasette.layers.hashing import HashedCrossing as HashedCrossing
from kerasette.layers.hashing import Hashing as Hashing
from kerasette.layers.identity import Identity as Identity
from kerasette.layers.input_layer import Input as Input
from kerasette.layers.input_layer import InputLayer as InputLayer
from kerasette.layers.input_spec import InputSpec as InputSpec
from kerasette.layers.integer_lookup import IntegerLookup as IntegerLookup
from kerasette.layers.lambda_layer import Lambda as Lambda
from kerasette.layers.layer import Layer as Layer
from kerasette.layers.layer_normalization import LayerNormalization as LayerNormalization
from kerasette.layers.lstm import LSTM as LSTM
from kerasette.layers.lstm import LSTMCell as LSTMCell
from kerasette.layers.masking import Masking as Masking
from kerasette.layers.max_pooling import MaxPool1D as MaxPool1D
from kerasette.layers.max_pooling import MaxPool2D as MaxPool2D
from kerasette.layers.max_pooling import MaxPool3D as MaxPool3D
from kerasette.layers.max_pooling import MaxPooling1D as MaxPooling1D
from kerasette.layers.max_pooling import MaxPooling2D as MaxPooling2D
from kerasette.layers.max_pooling import MaxPooling3D as MaxPooling3D
from kerasette.layers.merge_functions import (
    add as add,
)
from kerasette.layers.merge_functions import (
    average as average,
)
from kerasette.layers.merge_functions import (
    concatenate as concatenate,
)
from kerasette.layers.merge_functions import (
    dot as dot,
)
from kerasette.layers.merge_functions import (
    maximum as maximum,
)
from kerasette.layers.merge_functions import (
    minimum as minimum,
)
from kerasette.layers.merge_functions import (
    multiply as multiply,
)
from kerasette.layers.merge_functions import (
    subtract as subtract,
)
from kerasette.layers.noise import (
    GaussianDropout as GaussianDropout,
)
from kerasette.layers.noise import (
    GaussianNoise as GaussianNoise,
)
from kerasette.layers.normalization import Normalization as Normalization
from kerasette.layers.permute import Permute as Permute
from kerasette.layers.pipeline import Pipeline as Pipeline
from kerasette.layers.prelu import PReLU as PReLU
from kerasette.layers.random_color import RandomBrightness as RandomBrightness
from kerasette.layers.random_color import RandomContrast as RandomContrast
from kerasette.layers.random_crop import RandomCrop as RandomCrop
from kerasette.layers.random_flip import RandomFlip as RandomFlip
from kerasette.layers.random_rotation import RandomRotation as RandomRotation
from kerasette.layers.random_translation import RandomTranslation as RandomTranslation
from kerasette.layers.random_zoom import RandomZoom as RandomZoom
from kerasette.layers.relu import LeakyReLU as LeakyReLU
from kerasette.layers.relu import ReLU as ReLU
from kerasette.layers.repeat_vector import RepeatVector as RepeatVector
from kerasette.layers.rescaling import Rescaling as Rescaling
from kerasette.layers.reshape import Reshape as Reshape
from kerasette.layers.resizing import Resizing as Resizing
from kerasette.layers.rnn import RNN as RNN
from kerasette.layers.separable_conv import SeparableConv1D as SeparableConv1D
from kerasette.layers.separable_conv import SeparableConv2D as SeparableConv2D
from kerasette.layers.separable_conv import SeparableConvolution1D as SeparableConvolution1D
from kerasette.layers.separable_conv import SeparableConvolution2D as SeparableConvolution2D
from kerasette.layers.serialization import deserialize as deserialize
from kerasette.layers.serialization import serialize as serialize
from kerasette.layers.simple_rnn import SimpleRNN as SimpleRNN
from kerasette.layers.simple_rnn import SimpleRNNCell as SimpleRNNCell
from kerasette.layers.softmax import Softmax as Softmax
from kerasette.layers.spatial_dropout import (
    SpatialDropout1D as SpatialDropout1D,
)
from kerasette.layers.spatial_dropout import (
    SpatialDropout2D as SpatialDropout2D,
)
from kerasette.layers.spatial_dropout import (
    SpatialDropout3D as SpatialDropout3D,
)
from kerasette.layers.stacked_rnn_cells import StackedRNNCells as StackedRNNCells
from kerasette.layers.string_lookup import StringLookup as StringLookup
from kerasette.layers.time_distributed import TimeDistributed as TimeDistributed
from kerasette.layers.unit_normalization import UnitNormalization as UnitNormalization
from kerasette.layers.up_sampling import UpSampling1D as UpSampling1D
from kerasette.layers.up_sampling import UpSampling2D as UpSampling2D
from kerasette.layers.up_sampling import UpSampling3D as UpSampling3D
from kerasette.layers.wrapper import Wrapper as Wrapper
from kerasette.layers.zero_padding import ZeroPadding1D as ZeroPadding1D
from kerasette.layers.zero_padding import ZeroPadding2D as ZeroPadding2D
from kerasette.layers.zero_padding import ZeroPadding3D as ZeroPadding3D
