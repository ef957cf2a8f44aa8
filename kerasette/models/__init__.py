"""Models: layers that can be trained."""

from kerasette.models.inspection import StepView, inspect_step
from kerasette.models.model import Model
from kerasette.models.sequential import Sequential

__all__ = ["Model", "Sequential", "StepView", "inspect_step"]
