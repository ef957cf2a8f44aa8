"""Models: layers that can be trained."""

from typing import TYPE_CHECKING

from kerasette.lazy import exports
from kerasette.models.model import Model
from kerasette.models.sequential import Sequential
from kerasette.training.inspection import StepView, inspect_step

__getattr__, __dir__, _RARE = exports(__name__, cloning="clone_model", json_text="model_from_json")

if TYPE_CHECKING:
    from kerasette.models.cloning import clone_model
    from kerasette.models.json_text import model_from_json

__all__ = ["Model", "Sequential", "StepView", "clone_model", "inspect_step", "model_from_json"]
