"""What every schedule is."""

from kerasette.checks import is_number, plain_scalar
from kerasette.tracking import Tracked


class LearningRateSchedule(Tracked):
    """Base class of learning rate schedules: functions of the number of steps so far.

    A subclass implements ``__call__(step)`` in terms of ops, so that training with it is replayed,
    and `get_config`, if it is to be saved.

    Examples
    --------
    >>> import kerasette
    >>> class Hyperbola(kerasette.optimizers.schedules.LearningRateSchedule):
    ...     def __call__(self, step):
    ...         return 0.5 / (step + 1)
    >>> optimizer = kerasette.optimizers.SGD(Hyperbola())
    >>> float(optimizer.learning_rate)
    0.5
    """

    def __setattr__(self, name, value):
        super().__setattr__(name, plain_scalar(value))

    def __call__(self, step):
        """The learning rate after `step` steps.

        Parameters
        ----------
        step : Tensor of int64, or int

        Returns
        -------
        Tensor or float
        """
        raise NotImplementedError(
            f"Learning rate schedule '{type(self).__name__}' must override `__call__(self, step)`."
        )

    def get_config(self):
        """The arguments that make an equal schedule."""
        raise NotImplementedError(
            f"Learning rate schedule '{type(self).__name__}' must override `get_config()` in "
            "order to be serializable."
        )

    @classmethod
    def from_config(cls, config):
        """The schedule of a `get_config`."""
        return cls(**config)


def checked_steps(name, value):
    """A number of steps.

    Raises
    ------
    ValueError
        If it is not positive.
    """
    if not is_number(value) or not value > 0:
        raise ValueError(f"Argument `{name}` must be > 0. Received: {name}={value!r}")
    return value
