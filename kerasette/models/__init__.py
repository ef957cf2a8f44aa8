"""Models: layers that can be trained."""

from kerasette.models.functional import Functional
from kerasette.models.model import Model
from kerasette.models.sequential import Sequential

__all__ = ["Functional", "Model", "Sequential"]
