"""Nadam."""

from typing import Any

from kerasette import ops
from kerasette.default_dtype import floatx
from kerasette.optimizers.arguments import checked_not_negative, checked_share
from kerasette.optimizers.base import Optimizer

# How the first moment warms up, in the paper's section on what others found to work.
MOMENTUM_DECAY = 0.96


class Nadam(Optimizer):
    """Adam with Nesterov's momentum.

    With ``u_t = beta_1 * (1 - 0.96**t / 2)`` and ``p_t`` the product of ``u_1 ... u_t``, and the
    moments m and v of Adam, ``w = w - learning_rate * (u_{t+1} * m / (1 - p_{t+1}) + (1 - u_t) * g
    / (1 - p_t)) / (sqrt(v / (1 - beta_2**t)) + epsilon)``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    beta_1, beta_2 : float
        Decay of the moments, in [0, 1).
    epsilon : float
        0 or more.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, \
ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name
        As for every `Optimizer`.

    References
    ----------
    Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016, algorithm 2.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.Nadam().get_config()["beta_1"]
    0.9
    """

    def __init__(
        self, learning_rate: Any = 0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, weight_decay=None,
        clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
        ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None,
        name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
            ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps,
            name, **kwargs,
        )  # fmt: skip
        self.beta_1 = checked_share("beta_1", beta_1)
        self.beta_2 = checked_share("beta_2", beta_2)
        self.epsilon = checked_not_negative("epsilon", epsilon)

    def build(self, var_list):
        """Makes the moments, and the product of the momenta."""
        if self.built:
            return
        super().build(var_list)
        self._momentums, self._velocities = self.add_optimizer_variables(
            var_list, ["momentum", "velocity"]
        )
        dtype = var_list[0].dtype if var_list else floatx()
        self._u_product = self.add_variable((), "ones", dtype, name="variable")

    def _momentum_at(self, step):
        return self.beta_1 * (1.0 - 0.5 * ops.power(MOMENTUM_DECAY, step))

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        step = ops.cast(self.iterations + 1, self._u_product.dtype)
        self.assign(self._u_product, self._u_product * self._momentum_at(step))
        super()._backend_update_step(grads, trainable_variables, learning_rate)

    def update_step(self, gradient, variable, learning_rate):
        dtype = variable.dtype
        rate = ops.cast(learning_rate, dtype)
        index = self._get_variable_index(variable)
        m, v = self._momentums[index], self._velocities[index]
        step = ops.cast(self.iterations + 1, dtype)
        now, later = self._momentum_at(step), self._momentum_at(step + 1)
        product = ops.cast(self._u_product, dtype)
        self.assign_add(m, (gradient - m) * (1 - self.beta_1))
        self.assign_add(v, (ops.square(gradient) - v) * (1 - self.beta_2))
        first = later * m / (1 - product * later) + (1 - now) * gradient / (1 - product)
        second = v / (1 - ops.power(self.beta_2, step))
        self.assign_sub(variable, first * rate / (ops.sqrt(second) + self.epsilon))

    def get_config(self):
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
