"""Arguments of layers and optimizers that their configs lack, so that copies would lose them."""

import inspect

from kerasette.layers import Layer

# What all layers take and no config has: an `Input` in the model says it.
OF_NO_CONFIG = {"input_shape", "input_dim"}


def described_layers(layer):
    """The layers that are in the config of a layer of this library: those that it was given."""
    if not is_ours(type(layer)) or not isinstance(layer, Layer):
        return
    for inner in layer._sublayers():
        yield inner
        yield from described_layers(inner)


def is_ours(cls):
    """Whether a class belongs to this library."""
    return cls.__module__.split(".")[0] == "kerasette"


def check_whole(made, config):
    """Raises TypeError if a class of a user adds arguments that its config does not have.

    What they were given would be lost, unless it is the default that an attribute still has.
    """
    bases = type(made).__mro__
    writes_config = ["get_config" in vars(base) or "from_config" in vars(base) for base in bases]
    writer = writes_config.index(True)
    for base in bases[:writer]:
        if "__init__" not in vars(base) or is_ours(base):
            continue
        lost = [
            name
            for name, parameter in list(inspect.signature(base.__init__).parameters.items())[1:]
            if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
            and name not in {*config, *OF_NO_CONFIG}
            and not _is_default(parameter, vars(made).get(name, inspect.Parameter.empty))
        ]
        if lost:
            raise TypeError(
                f"{type(made).__name__} takes the arguments {lost}, which the config that "
                f"{bases[writer].__name__} writes does not have."
            )


def _is_default(parameter, value):
    """Whether an attribute has the default of the parameter that it is named after."""
    if parameter.default is parameter.empty or value is parameter.empty:
        return False
    return value is parameter.default or (
        type(value) is type(parameter.default)
        and isinstance(value, (bool, int, float, str))
        and value == parameter.default
    )
