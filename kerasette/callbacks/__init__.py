"""Callbacks: what fit, evaluate and predict call between batches and epochs."""

from kerasette.callbacks.base import Callback, CallbackList
from kerasette.callbacks.history import History
from kerasette.callbacks.progress import ProgbarLogger

__all__ = ["Callback", "CallbackList", "History", "ProgbarLogger"]
