"""Data sets: downloaded once into a cache, or put there by hand."""

from kerasette.datasets import babi, imdb_reviews, mnist, shakespeare
from kerasette.lazy import getattr_of

__all__ = ["babi", "imdb_reviews", "mnist", "shakespeare"]

__getattr__ = getattr_of(__name__)
