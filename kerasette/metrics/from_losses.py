"""Losses as metrics: their means over all samples seen."""

from kerasette import losses
from kerasette.metrics.metric import Metric
from kerasette.metrics.reduction import MeanMetricWrapper


class _LossMetric(MeanMetricWrapper):
    """The config that these metrics share."""

    _direction = "down"

    def get_config(self):
        """The arguments that make such a metric."""
        return {**Metric.get_config(self), **self._fn_kwargs}


class MeanSquaredError(_LossMetric):
    """Mean squared difference of targets and predictions.

    Parameters
    ----------
    name : str
    dtype : str, optional

    Examples
    --------
    >>> import kerasette
    >>> float(kerasette.metrics.MeanSquaredError()([[0.0, 2.0]], [[1.0, 2.0]]))
    0.5
    """

    def __init__(self, name="mean_squared_error", dtype=None):
        super().__init__(losses.mean_squared_error, name, dtype)


class BinaryCrossentropy(_LossMetric):
    """Mean cross-entropy of probabilities; see `kerasette.losses.BinaryCrossentropy`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    from_logits : bool
    label_smoothing : float
    """

    def __init__(
        self, name="binary_crossentropy", dtype=None, from_logits=False, label_smoothing=0
    ):
        super().__init__(
            losses.binary_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class CategoricalCrossentropy(_LossMetric):
    """Mean cross-entropy of distributions; see `kerasette.losses.CategoricalCrossentropy`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    from_logits : bool
    label_smoothing : float
    axis : int
    """

    def __init__(
        self,
        name="categorical_crossentropy",
        dtype=None,
        from_logits=False,
        label_smoothing=0,
        axis=-1,
    ):
        super().__init__(
            losses.categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class SparseCategoricalCrossentropy(_LossMetric):
    """Mean cross-entropy of class numbers; see `kerasette.losses.SparseCategoricalCrossentropy`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    from_logits : bool
    ignore_class : None
        Not available yet.
    axis : int

    Raises
    ------
    NotImplementedError
        If `ignore_class` is not None.
    """

    def __init__(
        self,
        name="sparse_categorical_crossentropy",
        dtype=None,
        from_logits=False,
        ignore_class=None,
        axis=-1,
    ):
        if ignore_class is not None:
            raise NotImplementedError(
                f"ignore_class is not available yet. Received: ignore_class={ignore_class}"
            )
        super().__init__(
            losses.sparse_categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            axis=axis,
        )

    def get_config(self):
        """The arguments that make such a metric."""
        return {**super().get_config(), "ignore_class": None}
