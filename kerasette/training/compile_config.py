"""What a model was compiled with, as a config."""

import warnings

from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object
from kerasette.training.compiling import Compiling


class CompileConfig:
    """The part of `Trainer` that writes the arguments of ``compile``, and reads them."""

    # Of the last call of `compile`, by name.
    _compile_arguments = None

    def get_compile_config(self):
        """The arguments of ``compile``; an empty dict if the model is not compiled.

        Losses and metrics stand there as they were given, as strings or described.
        """
        if not self.compiled or self._compile_arguments is None:
            return {}
        return serialize_keras_object(self._compile_arguments)

    def compile_from_config(self, config):
        """Compiles as `get_compile_config` has described.

        A class with a ``compile`` of its own is warned about, and left as it is: it has to override
        both methods.

        Parameters
        ----------
        config : dict

        Raises
        ------
        TypeError, ValueError
            For a name that is not known.
        """
        if type(self).compile is not Compiling.compile:
            warnings.warn(
                "`compile()` was not called as part of model loading because the model's "
                "`compile()` method is custom. All subclassed Models that have `compile()` "
                "overridden should also override `get_compile_config()` and "
                "`compile_from_config(config)`. Alternatively, you can call `compile()` manually "
                "after loading.",
                stacklevel=2,
            )
            return
        self.compile(**deserialize_keras_object(config))
        if self.optimizer is not None and self.built:
            self.optimizer.build(self._learned_variables())
