"""Data sets, downloaded once into a cache."""

from kerasette.datasets import mnist

__all__ = ["mnist"]
