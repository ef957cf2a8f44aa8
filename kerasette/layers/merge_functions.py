"""Merging layers as functions."""

from typing import Any

from kerasette.layers.concatenation import Concatenate
from kerasette.layers.dot_product import Dot
from kerasette.layers.elementwise_merges import (
    Add,
    Average,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
)


def add(inputs, **kwargs):
    """The sum of the tensors in a list; see `Add`, which takes the keywords."""
    return Add(**kwargs)(inputs)


def subtract(inputs, **kwargs):
    """The first of two tensors minus the second; see `Subtract`, which takes the keywords."""
    return Subtract(**kwargs)(inputs)


def multiply(inputs, **kwargs):
    """The product of the tensors in a list; see `Multiply`, which takes the keywords."""
    return Multiply(**kwargs)(inputs)


def average(inputs, **kwargs):
    """The mean of the tensors in a list; see `Average`, which takes the keywords."""
    return Average(**kwargs)(inputs)


def maximum(inputs, **kwargs):
    """The larger of the tensors in a list; see `Maximum`, which takes the keywords."""
    return Maximum(**kwargs)(inputs)


def minimum(inputs, **kwargs):
    """The smaller of the tensors in a list; see `Minimum`, which takes the keywords."""
    return Minimum(**kwargs)(inputs)


def concatenate(inputs, axis=-1, **kwargs):
    """The tensors in a list one after the other; see `Concatenate`, which takes the keywords."""
    return Concatenate(axis=axis, **kwargs)(inputs)


def dot(inputs, axes: Any = -1, **kwargs):
    """The product of two tensors' samples; see `Dot`, which takes the keywords."""
    return Dot(axes=axes, **kwargs)(inputs)
