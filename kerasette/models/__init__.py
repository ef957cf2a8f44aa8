"""Models: layers that can be trained."""

from kerasette.models.sequential import Sequential

__all__ = ["Sequential"]
