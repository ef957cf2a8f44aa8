"""Callbacks: what fit, evaluate and predict call between batches and epochs."""

from kerasette.callbacks.base import Callback
from kerasette.callbacks.callback_list import CallbackList
from kerasette.callbacks.csv_logger import CSVLogger
from kerasette.callbacks.early_stopping import EarlyStopping
from kerasette.callbacks.history import History
from kerasette.callbacks.lambda_callback import LambdaCallback
from kerasette.callbacks.learning_rate_scheduler import LearningRateScheduler
from kerasette.callbacks.progbar_logger import ProgbarLogger
from kerasette.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from kerasette.callbacks.terminate_on_nan import TerminateOnNaN

__all__ = [
    "CSVLogger",
    "Callback",
    "CallbackList",
    "EarlyStopping",
    "History",
    "LambdaCallback",
    "LearningRateScheduler",
    "ProgbarLogger",
    "ReduceLROnPlateau",
    "TerminateOnNaN",
]
