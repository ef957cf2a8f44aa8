from kerasette.callbacks.base import Callback as Callback
from kerasette.callbacks.callback_list import CallbackList as CallbackList
from kerasette.callbacks.csv_logger import CSVLogger as CSVLogger
from kerasette.callbacks.early_stopping import EarlyStopping as EarlyStopping
from kerasette.callbacks.history import History as History
from kerasette.callbacks.inspect_steps import InspectSteps as InspectSteps
from kerasette.callbacks.lambda_callback import LambdaCallback as LambdaCallback
from kerasette.callbacks.learning_rate_scheduler import (
    LearningRateScheduler as LearningRateScheduler,
)
from kerasette.callbacks.progbar_logger import ProgbarLogger as ProgbarLogger
from kerasette.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau as ReduceLROnPlateau
from kerasette.callbacks.terminate_on_nan import TerminateOnNaN as TerminateOnNaN
