"""Models: layers that can be trained."""

from kerasette.models.cloning import clone_model
from kerasette.models.json_text import model_from_json
from kerasette.models.model import Model
from kerasette.models.sequential import Sequential
from kerasette.training.inspection import StepView, inspect_step

__all__ = ["Model", "Sequential", "StepView", "clone_model", "inspect_step", "model_from_json"]
