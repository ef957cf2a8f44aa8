"""Adam with weight decay."""

from typing import Any

from kerasette.optimizers.adam import Adam


class AdamW(Adam):
    """Adam with decoupled weight decay: `Adam` whose `weight_decay` is 0.004.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    weight_decay : float
    beta_1, beta_2, epsilon, amsgrad
        As for `Adam`.
    clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, \
loss_scale_factor, gradient_accumulation_steps, name
        As for every `Optimizer`.

    Raises
    ------
    ValueError
        If `weight_decay` is None.

    References
    ----------
    Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.AdamW().get_config()["weight_decay"]
    0.004
    """

    def __init__(
        self, learning_rate: Any = 0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999,
        epsilon=1e-7, amsgrad=False, clipnorm=None, clipvalue=None, global_clipnorm=None,
        use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
        gradient_accumulation_steps=None, name=None, **kwargs,
    ):  # fmt: skip
        if weight_decay is None:
            raise ValueError("Argument `weight_decay` must be a float. Received: weight_decay=None")
        super().__init__(
            learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, clipnorm, clipvalue,
            global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
            gradient_accumulation_steps, name, **kwargs,
        )  # fmt: skip
