"""Checks of the arguments of optimizers."""

from kerasette.checks import is_real, is_whole


def checked_share(name, value):
    """A coefficient in [0, 1).

    Raises
    ------
    ValueError
        If it is not.
    """
    if not is_real(value) or not 0 <= value < 1:
        raise ValueError(f"`{name}` must be a float between [0, 1). Received: {name}={value!r}")
    return float(value)


def checked_not_negative(name, value):
    """A number that is 0 or more.

    Raises
    ------
    ValueError
        If it is not.
    """
    if not is_real(value) or not value >= 0:
        raise ValueError(f"`{name}` must not be negative. Received: {name}={value!r}")
    return value


def checked_optional(name, value):
    """A number or None.

    Raises
    ------
    ValueError
        If it is something else.
    """
    if value is not None and not is_real(value):
        raise ValueError(f"`{name}` must be a number or None. Received: {name}={value!r}")
    return value


def checked_clipping(clipnorm, clipvalue, global_clipnorm):
    """Raises unless at most one way of clipping is asked for."""
    checked_optional("clipnorm", clipnorm)
    checked_optional("clipvalue", clipvalue)
    checked_optional("global_clipnorm", global_clipnorm)
    if sum(way is not None for way in (clipnorm, clipvalue, global_clipnorm)) > 1:
        raise ValueError(
            "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
            f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}"
        )


def checked_averaging(use_ema, ema_momentum):
    """Raises if averages are asked for that cannot be."""
    if use_ema and (not is_real(ema_momentum) or not 0 <= ema_momentum <= 1):
        raise ValueError(
            f"`ema_momentum` must be in the range [0, 1]. Received: ema_momentum={ema_momentum}"
        )


def checked_accumulation(steps):
    """Over how many steps gradients are gathered; None, False and 0 are for each by itself.

    Raises
    ------
    ValueError
        If it is no integer, or 1 or less than 0.
    """
    if not _is_number_of_steps(steps, 2):
        raise ValueError(
            "`gradient_accumulation_steps` must be an integer >= 2. "
            f"Received: gradient_accumulation_steps={steps!r}"
        )
    return int(steps) if steps else steps


def checked_overwriting(frequency):
    """Every how many steps averages become weights; None, False and 0 are for never.

    Raises
    ------
    ValueError
        If it is no integer, or less than 0.
    """
    if not _is_number_of_steps(frequency, 1):
        raise ValueError(
            "`ema_overwrite_frequency` must be an integer >= 1 or None. "
            f"Received: ema_overwrite_frequency={frequency!r}"
        )
    return int(frequency) if frequency else frequency


def _is_number_of_steps(value, least):
    """Whether it is an integer that is large enough; or None, False or 0."""
    if value is None or value is False:
        return True
    return is_whole(value) and (value >= least or value == 0)


def floating(variables):
    """Those of some variables that an optimizer can move: integers and bools have no gradients."""
    return [variable for variable in variables if variable.dtype in ("float32", "float64")]


def check_floating(variables):
    """Raises unless an optimizer can move all of some variables.

    Raises
    ------
    ValueError
        With path and dtype of one that is no floating-point number.
    """
    for variable in variables:
        if not floating([variable]):
            raise ValueError(
                "Optimizers move variables of dtype float32 and float64. Received: variable "
                f"{variable.path} of dtype {variable.dtype}. Leave it out; a weight that is made "
                "with `trainable=False` is not among the trainable ones."
            )


def checked_rate(learning_rate):
    """`learning_rate` if it is a float.

    Raises
    ------
    ValueError
        If it is not.
    """
    if not isinstance(learning_rate, float):
        raise ValueError(
            "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, "
            "or a callable (that takes no argument and returns the learning rate). "
            f"Received instead: learning_rate={learning_rate}"
        )
    return learning_rate


def float_rate(value):
    """A learning rate to assign, as a float.

    Raises
    ------
    ValueError
        If it is not a number.
    """
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"The learning rate should be float. Received: learning_rate={value!r}"
        ) from None
