"""Adam."""

from kerasette._core import ops
from kerasette.optimizers.base import Optimizer, checked_share


class Adam(Optimizer):
    """Adaptive moment estimation.

    ``m = m + (g - m) * (1 - beta_1)``, ``v = v + (g * g - v) * (1 - beta_2)``,
    ``w = w - learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (sqrt(v) + epsilon)``.

    Parameters
    ----------
    learning_rate : float
    beta_1, beta_2 : float
        Decay of the moments, in [0, 1).
    epsilon : float
        The paper's "epsilon hat", positive or 0.
    name : str, optional

    References
    ----------
    Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015, section 2.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.Adam().get_config()["epsilon"]
    1e-07
    """

    slots = ("momentum", "velocity")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, name="adam"):
        super().__init__(learning_rate, name)
        self.beta_1 = checked_share("beta_1", beta_1)
        self.beta_2 = checked_share("beta_2", beta_2)
        if not isinstance(epsilon, (int, float)) or epsilon < 0:
            raise ValueError(f"`epsilon` must not be negative. Received: epsilon={epsilon!r}")
        self.epsilon = float(epsilon)

    def update_span(self, parameters, gradients, slots, variables):
        ops.adam(
            parameters,
            gradients,
            self.learning_rate,
            self.iterations,
            slots["momentum"],
            slots["velocity"],
            variables,
            self.beta_1,
            self.beta_2,
            self.epsilon,
        )

    def get_config(self):
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
