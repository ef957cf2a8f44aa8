"""Stochastic gradient descent."""

from typing import Any

from kerasette._core import ops
from kerasette.optimizers.spans import SpanOptimizer


class SGD(SpanOptimizer):
    """Gradient descent with momentum.

    Without momentum ``w = w - learning_rate * g``; with it ``m = momentum * m - learning_rate *
    g`` and ``w = w + m``, or, with Nesterov's, ``w = w + momentum * m - learning_rate * g``.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
    momentum : float
        In [0, 1].
    nesterov : bool
    weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, \
ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name
        As for every `Optimizer`.

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
    _slots_if_set = (*SpanOptimizer._slots_if_set, ("momentum", "momentum"))

    def __init__(
        self, learning_rate: Any = 0.01, momentum=0.0, nesterov=False, weight_decay=None,
        clipnorm=None, clipvalue=None, global_clipnorm=None, use_ema=False, ema_momentum=0.99,
        ema_overwrite_frequency=None, loss_scale_factor=None, gradient_accumulation_steps=None,
        name=None, **kwargs,
    ):  # fmt: skip
        super().__init__(
            learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
            ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps,
            name, **kwargs,
        )  # fmt: skip
        if not isinstance(momentum, float) or not 0 <= momentum <= 1:
            raise ValueError(
                f"`momentum` must be a float between [0, 1]. Received: momentum={momentum!r}"
            )
        self.momentum = momentum
        self.nesterov = nesterov

    def build(self, variables):
        """Makes the momenta, if there are any."""
        if self.built:
            return
        super().build(variables)
        self.momentums = []
        if self.momentum != 0:
            self.momentums = self.add_optimizer_variables(variables, "momentum")

    def update_span(self, parameters, gradients, slots, learning_rate, weight_decay, variables):
        ops.sgd(
            parameters,
            gradients,
            learning_rate,
            variables,
            slots.get("momentum"),
            self.momentum,
            self.nesterov,
            weight_decay,
            self._places_among(variables),
        )

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum, "nesterov": self.nesterov}
