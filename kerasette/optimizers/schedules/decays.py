"""Schedules that are a simple function of the step."""

from kerasette import ops
from kerasette.optimizers.schedules.learning_rate_schedule import (
    LearningRateSchedule,
    checked_steps,
)


class ExponentialDecay(LearningRateSchedule):
    """``initial_learning_rate * decay_rate ** (step / decay_steps)``.

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
        Positive.
    decay_rate : float
    staircase : bool
        Whether the exponent is rounded down, so that the rate changes every `decay_steps`.
    name : str

    Examples
    --------
    >>> import kerasette
    >>> schedule = kerasette.optimizers.schedules.ExponentialDecay(1.0, 10, 0.25)
    >>> float(schedule(5))
    0.5
    """

    def __init__(
        self, initial_learning_rate, decay_steps, decay_rate, staircase=False,
        name="ExponentialDecay",
    ):  # fmt: skip
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = checked_steps("decay_steps", decay_steps)
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step):
        rate = ops.convert_to_tensor(self.initial_learning_rate)
        part = ops.cast(step, rate.dtype) / self.decay_steps
        part = rounded_down(part) if self.staircase else part
        return rate * ops.power(self.decay_rate, part)

    def get_config(self):
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }


class InverseTimeDecay(LearningRateSchedule):
    """``initial_learning_rate / (1 + decay_rate * step / decay_steps)``.

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
        Positive.
    decay_rate : float
    staircase : bool
        Whether ``step / decay_steps`` is rounded down.
    name : str

    Examples
    --------
    >>> import kerasette
    >>> schedule = kerasette.optimizers.schedules.InverseTimeDecay(1.0, 10, 2.0)
    >>> float(schedule(5))
    0.5
    """

    def __init__(
        self, initial_learning_rate, decay_steps, decay_rate, staircase=False,
        name="InverseTimeDecay",
    ):  # fmt: skip
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = checked_steps("decay_steps", decay_steps)
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step):
        rate = ops.convert_to_tensor(self.initial_learning_rate)
        part = ops.cast(step, rate.dtype) / self.decay_steps
        part = rounded_down(part) if self.staircase else part
        return rate / (self.decay_rate * part + 1.0)

    def get_config(self):
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }


class PiecewiseConstantDecay(LearningRateSchedule):
    """The first value up to and with the first boundary, the second up to the next, and so on.

    Parameters
    ----------
    boundaries : list of int
        Rising.
    values : list of float
        One more than boundaries.
    name : str

    Raises
    ------
    ValueError
        If there is not one value more than boundaries.

    Examples
    --------
    >>> import kerasette
    >>> schedule = kerasette.optimizers.schedules.PiecewiseConstantDecay([2, 4], [1.0, 0.5, 0.25])
    >>> [float(schedule(step)) for step in range(6)]
    [1.0, 1.0, 1.0, 0.5, 0.5, 0.25]
    """

    def __init__(self, boundaries, values, name="PiecewiseConstant"):
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. Received: "
                f"boundaries={boundaries} of length {len(boundaries)}, and values={values} of "
                f"length {len(values)}."
            )
        # Nobody can change them without notice.
        self.boundaries = tuple(boundaries)
        self.values = tuple(values)
        self.name = name

    def __call__(self, step):
        rate = ops.convert_to_tensor(float(self.values[-1]))
        for boundary, value in zip(reversed(self.boundaries), reversed(self.values[:-1])):
            rate = ops.where(ops.less_equal(step, boundary), float(value), rate)
        return rate

    def get_config(self):
        return {"boundaries": list(self.boundaries), "values": list(self.values), "name": self.name}


class PolynomialDecay(LearningRateSchedule):
    """From one rate to another, along a power of the step.

    ``(initial_learning_rate - end_learning_rate) * (1 - step / decay_steps) ** power +
    end_learning_rate``, with ``min(step, decay_steps)`` for the step. With `cycle` it starts
    again at the end, each time with the number of steps multiplied by 1, 2, 3, ...

    Parameters
    ----------
    initial_learning_rate : float
    decay_steps : int
        Positive.
    end_learning_rate : float
    power : float
    cycle : bool
    name : str

    Examples
    --------
    >>> import kerasette
    >>> schedule = kerasette.optimizers.schedules.PolynomialDecay(1.0, 10, 0.0, power=2.0)
    >>> float(schedule(5))
    0.25
    """

    def __init__(
        self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0,
        cycle=False, name="PolynomialDecay",
    ):  # fmt: skip
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = checked_steps("decay_steps", decay_steps)
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def __call__(self, step):
        rate = ops.convert_to_tensor(self.initial_learning_rate)
        step = ops.cast(step, rate.dtype)
        if self.cycle:
            rounds = rounded_up(step / self.decay_steps)
            part = step / (self.decay_steps * ops.maximum(rounds, 1.0))
        else:
            part = ops.minimum(step, float(self.decay_steps)) / self.decay_steps
        above = ops.power(1.0 - part, self.power)
        return (rate - self.end_learning_rate) * above + self.end_learning_rate

    def get_config(self):
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "end_learning_rate": self.end_learning_rate,
            "power": self.power,
            "cycle": self.cycle,
            "name": self.name,
        }


def rounded_down(x):
    """The largest whole number that is not larger, for x that is not negative."""
    return ops.cast(ops.cast(x, "int64"), x.dtype)


def rounded_up(x):
    """The smallest whole number that is not smaller, for x that is not negative."""
    whole = rounded_down(x)
    return whole + ops.cast(ops.less(whole, x), x.dtype)
