"""Losses of probabilities as metrics: their means over all samples seen."""

from kerasette import losses
from kerasette.metrics.reduction import FunctionMetric


class BinaryCrossentropy(FunctionMetric):
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
        arguments = {"from_logits": from_logits, "label_smoothing": label_smoothing}
        super().__init__(losses.binary_crossentropy, name, dtype, **arguments)


class CategoricalCrossentropy(FunctionMetric):
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
        arguments = {"from_logits": from_logits, "label_smoothing": label_smoothing, "axis": axis}
        super().__init__(losses.categorical_crossentropy, name, dtype, **arguments)


class SparseCategoricalCrossentropy(FunctionMetric):
    """Mean cross-entropy of class numbers; see `kerasette.losses.SparseCategoricalCrossentropy`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    from_logits : bool
    ignore_class : int, optional
        As in Keras, samples of this class are 0; only with sample weights or a mask of the
        predictions do they not count in the mean either.
    axis : int
    """

    def __init__(
        self,
        name="sparse_categorical_crossentropy",
        dtype=None,
        from_logits=False,
        ignore_class=None,
        axis=-1,
    ):
        arguments = {"from_logits": from_logits, "ignore_class": ignore_class, "axis": axis}
        super().__init__(losses.sparse_categorical_crossentropy, name, dtype, **arguments)


class KLDivergence(FunctionMetric):
    """Mean Kullback-Leibler divergence; see `kerasette.losses.KLDivergence`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    """

    def __init__(self, name="kl_divergence", dtype=None):
        super().__init__(losses.kl_divergence, name, dtype)


class Poisson(FunctionMetric):
    """Mean loss of counts whose rates are predicted; see `kerasette.losses.Poisson`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    """

    def __init__(self, name="poisson", dtype=None):
        super().__init__(losses.poisson, name, dtype)
