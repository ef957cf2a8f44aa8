"""Callbacks: what fit, evaluate and predict call between batches and epochs."""

from kerasette.lazy import exports

__getattr__, __dir__, _EXPORTS = exports(
    __name__,
    base="Callback",
    callback_list="CallbackList",
    csv_logger="CSVLogger",
    early_stopping="EarlyStopping",
    history="History",
    inspect_steps="InspectSteps",
    lambda_callback="LambdaCallback",
    learning_rate_scheduler="LearningRateScheduler",
    progbar_logger="ProgbarLogger",
    reduce_lr_on_plateau="ReduceLROnPlateau",
    terminate_on_nan="TerminateOnNaN",
)

__all__ = _EXPORTS
