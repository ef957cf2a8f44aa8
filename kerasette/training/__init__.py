"""The training half of a model: compile, fit, evaluate, predict; apart from layers and graphs."""
