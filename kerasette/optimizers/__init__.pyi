from kerasette.optimizers import schedules as schedules
from kerasette.optimizers.adadelta import Adadelta as Adadelta
from kerasette.optimizers.adagrad import Adagrad as Adagrad
from kerasette.optimizers.adam import Adam as Adam
from kerasette.optimizers.adamax import Adamax as Adamax
from kerasette.optimizers.adamw import AdamW as AdamW
from kerasette.optimizers.base import Optimizer as Optimizer
from kerasette.optimizers.ftrl import Ftrl as Ftrl
from kerasette.optimizers.lion import Lion as Lion
from kerasette.optimizers.loss_scale_optimizer import LossScaleOptimizer as LossScaleOptimizer
from kerasette.optimizers.nadam import Nadam as Nadam
from kerasette.optimizers.rmsprop import RMSprop as RMSprop
from kerasette.optimizers.sgd import SGD as SGD

def get(identifier): ...
def serialize(optimizer): ...
def deserialize(config, custom_objects=None): ...
