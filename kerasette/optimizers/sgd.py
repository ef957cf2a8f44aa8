"""Stochastic gradient descent."""

from kerasette._core import ops
from kerasette.optimizers.base import Optimizer, checked_share


class SGD(Optimizer):
    """Gradient descent with momentum.

    Without momentum ``w = w - learning_rate * g``; with it ``m = momentum * m - learning_rate *
    g`` and ``w = w + m``, or, with Nesterov's, ``w = w + momentum * m - learning_rate * g``.

    Parameters
    ----------
    learning_rate : float
    momentum : float
        In [0, 1].
    nesterov : bool
    name : str, optional

    References
    ----------
    Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep
    learning", ICML 2013, equations 3 and 4.

    Examples
    --------
    >>> import kerasette
    >>> kerasette.optimizers.SGD(0.1, momentum=0.9).get_config()["momentum"]
    0.9
    """

    slots = ("momentum",)

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, name="SGD"):
        super().__init__(learning_rate, name)
        self.momentum = 1.0 if momentum == 1 else checked_share("momentum", momentum)
        self.nesterov = bool(nesterov)

    def slots_in_use(self):
        return self.slots if self.momentum else ()

    def update_span(self, parameters, gradients, slots, variables):
        ops.sgd(
            parameters,
            gradients,
            self.learning_rate,
            variables,
            slots.get("momentum"),
            self.momentum,
            self.nesterov,
        )

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}
