"""Lion."""

from typing import Any

from kerasette import ops
from kerasette.optimizers.base import Optimizer


class Lion(Optimizer):
    """Steps of one size, whose direction is the sign of a momentum.

    ``w = w - learning_rate * sign(beta_1 * m + (1 - beta_1) * g)``,
    ``m = beta_2 * m + (1 - beta_2) * g``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        3 to 10 times smaller than Adam's.
    beta_1 : float
        Share of the momentum in the direction, in (0, 1].
    beta_2 : float
        Decay of the momentum.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, \
ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name
        As for every `Optimizer`.

    Raises
    ------
    ValueError
        If `beta_1` is not in (0, 1].

    References
    ----------
    Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, program 1.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.Lion().get_config()["beta_2"]
    0.99
    """

    def __init__(
        self, learning_rate: Any = 0.001, beta_1=0.9, beta_2=0.99, weight_decay=None, clipnorm=None,
        clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
        ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None,
        name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
            ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps,
            name, **kwargs,
        )  # fmt: skip
        if not 0 < beta_1 <= 1:
            raise ValueError(
                "Argument `beta_1` must be in the [0, 1] range. Otherwise, the optimizer "
                f"degenerates to SignSGD. Received: beta_1={beta_1}."
            )
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def build(self, var_list):
        """Makes the momenta."""
        if self.built:
            return
        super().build(var_list)
        self._momentums = self.add_optimizer_variables(var_list, "momentum")

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        m = self._momentums[self._get_variable_index(variable)]
        direction = ops.sign(m * self.beta_1 + gradient * (1 - self.beta_1))
        self.assign_sub(variable, rate * direction)
        self.assign(m, m * self.beta_2 + gradient * (1 - self.beta_2))

    def get_config(self):
        return {**super().get_config(), "beta_1": self.beta_1, "beta_2": self.beta_2}
