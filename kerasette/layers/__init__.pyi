from kerasette.layers.activation import Activation as Activation
from kerasette.layers.activity_regularization import (
    ActivityRegularization as ActivityRegularization,
)
from kerasette.layers.batch_normalization import BatchNormalization as BatchNormalization
from kerasette.layers.category_encoding import CategoryEncoding as CategoryEncoding
from kerasette.layers.center_crop import CenterCrop as CenterCrop
from kerasette.layers.concatenation import Concatenate as Concatenate
from kerasette.layers.dense import Dense as Dense
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
from kerasette.layers.flatten import Flatten as Flatten
from kerasette.layers.group_normalization import GroupNormalization as GroupNormalization
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
from kerasette.layers.masking import Masking as Masking
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
from kerasette.layers.random_affine import RandomRotation as RandomRotation
from kerasette.layers.random_affine import RandomTranslation as RandomTranslation
from kerasette.layers.random_affine import RandomZoom as RandomZoom
from kerasette.layers.random_color import RandomBrightness as RandomBrightness
from kerasette.layers.random_color import RandomContrast as RandomContrast
from kerasette.layers.random_crop import RandomCrop as RandomCrop
from kerasette.layers.random_flip import RandomFlip as RandomFlip
from kerasette.layers.relu import LeakyReLU as LeakyReLU
from kerasette.layers.relu import ReLU as ReLU
from kerasette.layers.repeat_vector import RepeatVector as RepeatVector
from kerasette.layers.rescaling import Rescaling as Rescaling
from kerasette.layers.reshape import Reshape as Reshape
from kerasette.layers.resizing import Resizing as Resizing
from kerasette.layers.serialization import deserialize as deserialize
from kerasette.layers.serialization import serialize as serialize
from kerasette.layers.softmax import Softmax as Softmax
from kerasette.layers.spatial_dropout import (
    SpatialDropout1D as SpatialDropout1D,
)
from kerasette.layers.spatial_dropout import (
    SpatialDropout2D as SpatialDropout2D,
)
from kerasette.layers.string_lookup import StringLookup as StringLookup
from kerasette.layers.unit_normalization import UnitNormalization as UnitNormalization
from kerasette.layers.wrapper import Wrapper as Wrapper
