"""Data sets: downloaded once into a cache, or put there by hand."""

from kerasette.datasets import babi, imdb_reviews, mnist, shakespeare

__all__ = ["babi", "imdb_reviews", "mnist", "shakespeare"]
