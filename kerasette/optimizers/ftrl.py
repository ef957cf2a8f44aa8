"""Ftrl."""

from typing import Any

from kerasette import initializers, ops
from kerasette.optimizers.base import Optimizer


class Ftrl(Optimizer):
    """Follow the regularized leader, for sparse linear models.

    With ``n' = n + g * g`` and ``s = (n'**-p - n**-p) / learning_rate``, where p is
    `learning_rate_power`: ``z = z + g + 2 * l2_shrinkage * w - s * w``, ``n = n'``, and
    ``w = (clip(z, -l1, l1) - z) / (n**-p / learning_rate + 2 * l2 + beta / learning_rate)``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    learning_rate_power : float
        How the rate falls with n; 0 or less, 0 for a constant rate.
    initial_accumulator_value : float
        What n starts with, 0 or more.
    l1_regularization_strength, l2_regularization_strength : float
        0 or more.
    l2_shrinkage_regularization_strength : float
        0 or more. A penalty on the size of the weights, while the one before holds them near
        where they were.
    beta : float
        The paper's beta.
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, \
ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name
        As for every `Optimizer`.

    Raises
    ------
    ValueError
        For a value out of its range.

    References
    ----------
    McMahan et al., "Ad click prediction: a view from the trenches", KDD 2013, algorithm 1.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.Ftrl().get_config()["learning_rate_power"]
    -0.5
    """

    def __init__(
        self, learning_rate: Any = 0.001, learning_rate_power=-0.5, initial_accumulator_value=0.1,
        l1_regularization_strength=0.0, l2_regularization_strength=0.0,
        l2_shrinkage_regularization_strength=0.0, beta=0.0, weight_decay=None, clipnorm=None,
        clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
        ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None,
        name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
            ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps,
            name, **kwargs,
        )  # fmt: skip
        if learning_rate_power > 0:
            raise ValueError(
                "`learning_rate_power` needs to be negative or zero. "
                f"Received: learning_rate_power={learning_rate_power}."
            )
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = positive_or_zero(
            "initial_accumulator_value", initial_accumulator_value
        )
        self.l1_regularization_strength = positive_or_zero(
            "l1_regularization_strength", l1_regularization_strength
        )
        self.l2_regularization_strength = positive_or_zero(
            "l2_regularization_strength", l2_regularization_strength
        )
        self.l2_shrinkage_regularization_strength = positive_or_zero(
            "l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength
        )
        self.beta = beta

    def build(self, var_list):
        """Makes n (accumulators) and z (linear terms)."""
        if self.built:
            return
        super().build(var_list)
        start = initializers.Constant(self.initial_accumulator_value)
        self._accumulators, self._linears = self.add_optimizer_variables(
            var_list, ["accumulator", "linear"], initializer=[start, "zeros"]
        )

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        index = self._get_variable_index(variable)
        n, z = self._accumulators[index], self._linears[index]
        l1, power = self.l1_regularization_strength, -self.learning_rate_power
        l2 = self.l2_regularization_strength + self.beta / (2.0 * rate)
        shrinkage = 2 * self.l2_shrinkage_regularization_strength
        new_n = n + ops.square(gradient)
        weight = (ops.power(new_n, power) - ops.power(n, power)) / rate
        self.assign_add(z, gradient + shrinkage * variable - weight * variable)
        quadratic = ops.power(new_n, power) / rate + 2 * l2
        self.assign(variable, (ops.clip(z, -l1, l1) - z) / quadratic)
        self.assign(n, new_n)

    def get_config(self):
        return {
            **super().get_config(),
            "learning_rate_power": self.learning_rate_power,
            "initial_accumulator_value": self.initial_accumulator_value,
            "l1_regularization_strength": self.l1_regularization_strength,
            "l2_regularization_strength": self.l2_regularization_strength,
            "l2_shrinkage_regularization_strength": self.l2_shrinkage_regularization_strength,
            "beta": self.beta,
        }


def positive_or_zero(name, value):
    """A number that is 0 or more.

    Raises
    ------
    ValueError
        If it is less.
    """
    if value < 0:
        raise ValueError(f"`{name}` needs to be positive or zero. Received: {name}={value}.")
    return value
