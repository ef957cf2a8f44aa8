"""Losses of margins as metrics: their means over all samples seen."""

from kerasette import losses
from kerasette.metrics.reduction import FunctionMetric


class Hinge(FunctionMetric):
    """Mean of what is missing to a margin of 1; see `kerasette.losses.Hinge`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    """

    def __init__(self, name="hinge", dtype=None):
        super().__init__(losses.hinge, name, dtype)


class SquaredHinge(FunctionMetric):
    """Mean square of what is missing to a margin of 1; see `kerasette.losses.SquaredHinge`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    """

    def __init__(self, name="squared_hinge", dtype=None):
        super().__init__(losses.squared_hinge, name, dtype)


class CategoricalHinge(FunctionMetric):
    """Mean of what the right class lacks to a lead of 1; see `kerasette.losses.CategoricalHinge`.

    Parameters
    ----------
    name : str
    dtype : str, optional
    """

    def __init__(self, name="categorical_hinge", dtype=None):
        super().__init__(losses.categorical_hinge, name, dtype)
