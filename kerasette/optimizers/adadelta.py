"""Adadelta."""

from typing import Any

from kerasette import ops
from kerasette.optimizers.arguments import checked_not_negative, checked_share
from kerasette.optimizers.base import Optimizer


class Adadelta(Optimizer):
    """Steps that are as large as the steps before, relative to the gradients.

    ``a = rho * a + (1 - rho) * g * g``, ``d = -g * sqrt(b + epsilon) / sqrt(a + epsilon)``,
    ``b = rho * b + (1 - rho) * d * d``, ``w = w + learning_rate * d``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        1.0 in the paper.
    rho : float
        Decay of the means, in [0, 1).
    epsilon : float
        0 or more.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, \
ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name
        As for every `Optimizer`.

    References
    ----------
    Zeiler, "ADADELTA: an adaptive learning rate method", 2012, algorithm 1.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.Adadelta().get_config()["rho"]
    0.95
    """

    def __init__(
        self, learning_rate: Any = 0.001, rho=0.95, epsilon=1e-7, weight_decay=None, clipnorm=None,
        clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
        ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None,
        name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
            ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps,
            name, **kwargs,
        )  # fmt: skip
        self.rho = checked_share("rho", rho)
        self.epsilon = checked_not_negative("epsilon", epsilon)

    def build(self, var_list):
        """Makes the means of squared gradients and steps."""
        if self.built:
            return
        super().build(var_list)
        self._accumulated_grads, self._accumulated_delta_vars = self.add_optimizer_variables(
            var_list, ["accumulated_grad", "accumulated_delta_var"]
        )

    def update_step(self, grad, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        squares, steps = self._accumulated_grads[index], self._accumulated_delta_vars[index]
        self.assign(squares, self._mean(squares, grad))
        step = ops.negative(self._root(steps) * grad / self._root(squares))
        self.assign(steps, self._mean(steps, step))
        self.assign_add(variable, rate * step)

    def _mean(self, mean, x):
        return self.rho * mean + (1 - self.rho) * ops.square(x)

    def _root(self, x):
        return ops.sqrt(x + self.epsilon)

    def get_config(self):
        return {**super().get_config(), "rho": self.rho, "epsilon": self.epsilon}
