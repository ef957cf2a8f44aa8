"""Adam."""

from typing import Any

from kerasette._core import ops
from kerasette.optimizers.arguments import checked_not_negative, checked_share
from kerasette.optimizers.spans import SpanOptimizer


class Adam(SpanOptimizer):
    """Adaptive moment estimation.

    ``m = m + (g - m) * (1 - beta_1)``, ``v = v + (g * g - v) * (1 - beta_2)``,
    ``w = w - learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (sqrt(v) + epsilon)``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    beta_1, beta_2 : float
        Decay of the moments, in [0, 1).
    epsilon : float
        The paper's "epsilon hat", positive or 0.
    amsgrad : bool
        Whether the largest ``v`` so far takes the place of ``v``.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, \
ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name
        As for every `Optimizer`.

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 2; Reddi, Kale
    and Kumar, "On the convergence of Adam and beyond", ICLR 2018, algorithm 2 (amsgrad).

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.Adam().get_config()["epsilon"]
    1e-07
    """

    slots = ("momentum", "velocity", "velocity_hat")
    _slots_if_set = (*SpanOptimizer._slots_if_set, ("amsgrad", "velocity_hat"))

    def __init__(
        self, learning_rate: Any = 0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False,
        weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False,
        ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
        gradient_accumulation_steps=None, name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
            ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps,
            name, **kwargs,
        )  # fmt: skip
        self.beta_1 = checked_share("beta_1", beta_1)
        self.beta_2 = checked_share("beta_2", beta_2)
        self.epsilon = checked_not_negative("epsilon", epsilon)
        self.amsgrad = amsgrad

    def build(self, var_list):
        """Makes the moments."""
        if self.built:
            return
        super().build(var_list)
        self._momentums, self._velocities = self.add_optimizer_variables(
            var_list, ["momentum", "velocity"]
        )
        if self.amsgrad:
            self._velocity_hats = self.add_optimizer_variables(var_list, "velocity_hat")

    def update_span(self, parameters, gradients, slots, learning_rate, weight_decay, variables):
        ops.adam(
            parameters,
            gradients,
            learning_rate,
            self._iterations,
            slots["momentum"],
            slots["velocity"],
            variables,
            self.beta_1,
            self.beta_2,
            self.epsilon,
            slots.get("velocity_hat"),
            weight_decay,
            self.gradient_accumulation_steps or 1,
            self._places_among(variables),
        )

    def get_config(self):
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "amsgrad": self.amsgrad,
        }
