"""Schedules along half a wave of the cosine."""

import math

from kerasette import ops
from kerasette.optimizers.schedules.decays import rounded_down
from kerasette.optimizers.schedules.learning_rate_schedule import (
    LearningRateSchedule,
    checked_steps,
)


class CosineDecay(LearningRateSchedule):
    """From a rate down to `alpha` of it along half a wave of the cosine, after a warmup if asked.

    ``rate * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha)``, with
    ``min(step, decay_steps)`` for the step. With a warmup, the rate goes up in a straight line
    to `warmup_target` in `warmup_steps`, and decays from there.

    Parameters
    ----------
    initial_learning_rate : float
        Where the warmup starts, or the decay if there is none.
    decay_steps : int
        Positive; without those of the warmup.
    alpha : float
        What is left of the rate in the end, a share.
    name : str
    warmup_target : float, optional
    warmup_steps : int

    References
    ----------
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.

    Examples
    --------
    >>> import kerasette
    >>> schedule = kerasette.optimizers.schedules.CosineDecay(1.0, 10)
    >>> [round(float(schedule(step)), 3) for step in (0, 5, 10, 20)]
    [1.0, 0.5, 0.0, 0.0]
    """

    def __init__(
        self, initial_learning_rate, decay_steps, alpha=0.0, name="CosineDecay",
        warmup_target=None, warmup_steps=0,
    ):  # fmt: skip
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = checked_steps("decay_steps", decay_steps)
        self.alpha = alpha
        self.name = name
        self.warmup_steps = warmup_steps
        self.warmup_target = warmup_target

    def __call__(self, step):
        rate = ops.convert_to_tensor(self.initial_learning_rate)
        step = ops.cast(step, rate.dtype)
        if self.warmup_target is None:
            return rate * self._share(step)
        target = ops.convert_to_tensor(self.warmup_target, rate.dtype)
        decayed = target * self._share(step - self.warmup_steps)
        if not self.warmup_steps:
            return decayed
        warm = (target - rate) * (step / self.warmup_steps) + rate
        return ops.where(ops.less(step, self.warmup_steps), warm, decayed)

    def _share(self, step):
        part = ops.minimum(step, float(self.decay_steps)) / self.decay_steps
        return (1 - self.alpha) * (0.5 * (1.0 + ops.cos(math.pi * part))) + self.alpha

    def get_config(self):
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "alpha": self.alpha,
            "name": self.name,
            "warmup_target": self.warmup_target,
            "warmup_steps": self.warmup_steps,
        }


class CosineDecayRestarts(LearningRateSchedule):
    """Cosine decay that starts again and again.

    Parameters
    ----------
    initial_learning_rate : float
    first_decay_steps : int
        Length of the first period; positive.
    t_mul : float
        Each period is so many times as long as the one before.
    m_mul : float
        Each period starts from so many times the rate of the one before.
    alpha : float
        What is left of the rate at the end of a period, a share.
    name : str

    References
    ----------
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017.

    Examples
    --------
    >>> import kerasette
    >>> schedule = kerasette.optimizers.schedules.CosineDecayRestarts(1.0, 4)
    >>> [round(float(schedule(step)), 3) for step in (0, 2, 3, 4, 8)]
    [1.0, 0.5, 0.146, 1.0, 0.5]
    """

    def __init__(
        self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0,
        name="SGDRDecay",
    ):  # fmt: skip
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = checked_steps("first_decay_steps", first_decay_steps)
        self._t_mul = t_mul
        self._m_mul = m_mul
        self.alpha = alpha
        self.name = name

    def __call__(self, step):
        rate = ops.convert_to_tensor(self.initial_learning_rate)
        part = ops.cast(step, rate.dtype) / self.first_decay_steps
        if self._t_mul == 1:
            period = rounded_down(part)
            part = part - period
        else:
            # The lengths of the periods are a geometric series.
            growth = ops.log(1.0 - part * (1.0 - self._t_mul)) / math.log(self._t_mul)
            period = rounded_down(growth)
            length = ops.power(self._t_mul, period)
            part = (part - (1.0 - length) / (1.0 - self._t_mul)) / length
        share = 0.5 * ops.power(self._m_mul, period) * (1.0 + ops.cos(math.pi * part))
        return rate * ((1 - self.alpha) * share + self.alpha)

    def get_config(self):
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "first_decay_steps": self.first_decay_steps,
            "t_mul": self._t_mul,
            "m_mul": self._m_mul,
            "alpha": self.alpha,
            "name": self.name,
        }
