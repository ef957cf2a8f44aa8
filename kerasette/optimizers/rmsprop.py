"""RMSprop."""

from typing import Any

from kerasette._core import ops
from kerasette.optimizers.arguments import checked_not_negative, checked_share
from kerasette.optimizers.spans import SpanOptimizer


class RMSprop(SpanOptimizer):
    """Gradients divided by the root of their mean square.

    ``v = rho * v + (1 - rho) * g * g``, ``w = w - learning_rate * g / sqrt(v + epsilon)``. With
    momentum the step is added to ``momentum * m``, and that is taken away from w. Centered,
    ``v - a * a`` takes the place of v, where ``a = rho * a + (1 - rho) * g``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    rho : float
        Decay of the means, in [0, 1).
    momentum : float
        0 or more; 0 for none.
    epsilon : float
        0 or more.
    centered : bool
        Whether the mean square is that about the mean: the variance.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, \
ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name
        As for every `Optimizer`.

    References
    ----------
    Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, Coursera 2012; Graves,
    "Generating sequences with recurrent neural networks", 2013, equations 38 to 45 (centered).

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.RMSprop().get_config()["rho"]
    0.9
    """

    slots = ("velocity", "momentum", "average_gradient")
    _slots_if_set = (
        *SpanOptimizer._slots_if_set,
        ("momentum", "momentum"),
        ("centered", "average_gradient"),
    )

    def __init__(
        self, learning_rate: Any = 0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False,
        weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False,
        ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
        gradient_accumulation_steps=None, name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
            ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps,
            name, **kwargs,
        )  # fmt: skip
        self.rho = checked_share("rho", rho)
        self.momentum = checked_not_negative("momentum", momentum)
        self.epsilon = checked_not_negative("epsilon", epsilon)
        self.centered = centered

    def build(self, var_list):
        """Makes the means, and the momenta if there are any."""
        if self.built:
            return
        super().build(var_list)
        self._velocities = self.add_optimizer_variables(var_list, "velocity")
        self._momentums, self._average_gradients = [], []
        if self.momentum > 0:
            self._momentums = self.add_optimizer_variables(var_list, "momentum")
        if self.centered:
            self._average_gradients = self.add_optimizer_variables(var_list, "average_gradient")

    def update_span(self, parameters, gradients, slots, learning_rate, weight_decay, variables):
        ops.rmsprop(
            parameters,
            gradients,
            learning_rate,
            slots["velocity"],
            variables,
            self.rho,
            self.epsilon,
            slots.get("momentum"),
            self.momentum,
            slots.get("average_gradient"),
            weight_decay,
            self._places_among(variables),
        )

    def get_config(self):
        return {
            **super().get_config(),
            "rho": self.rho,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "centered": self.centered,
        }
