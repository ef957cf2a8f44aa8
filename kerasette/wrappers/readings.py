"""Models that call another one for more than it returns."""

from kerasette.models import Model


class Reading(Model):
    """The base of a model that takes what another one takes, and calls it.

    Parameters
    ----------
    model : Model
        It is shared: its weights are those of the moment of a call.
    name : str
    """

    _casts_inputs = False

    def __init__(self, model, name):
        super().__init__(name=name)
        self.model = model

    def _input_specs(self, x):
        # The dtypes that the model names.
        return self.model._input_specs(x)
