"""The variables of a layer: which it has, and getting and setting them all at once."""

import math

from kerasette import ops
from kerasette._core.variable import Variable
from kerasette.tracking import Tracked

VARIABLE_LISTS = ("_trainable_variables", "_non_trainable_variables")


class Weights(Tracked):
    """The part of `Layer` that holds variables.

    A layer's own variables come first, trainable ones before others as they were made; then those
    of the layers in it.
    """

    _untracked = frozenset(VARIABLE_LISTS)

    def __getstate__(self):
        state = super().__getstate__()
        # A copied variable keeps the regularizer that it had; it gets the one of the copied layer.
        rules = [(weight, weight.regularizer, weight.constraint) for weight in self._own_weights()]
        state["_rules"] = [rule for rule in rules if rule[1:] != (None, None)]
        return state

    def __setstate__(self, state):
        rules = state.pop("_rules")
        super().__setstate__(state)
        for weight, regularizer, constraint in rules:
            weight.regularizer, weight.constraint = regularizer, constraint

    def _track(self, variable):
        """Takes a variable into the lists, once."""
        lists = [self.__dict__.setdefault(name, []) for name in VARIABLE_LISTS]
        if any(variable is other for known in lists for other in known):
            return
        lists[0 if variable.trainable else 1].append(variable)
        if not self.__dict__.get("_trainable", True):
            variable.trainable = False

    def _check_not_locked(self):
        if self.__dict__.get("_is_locked"):
            raise ValueError(
                "You cannot add new elements of state (variables or sub-layers) to a layer that "
                "is already built. All state must be created in the `__init__()` method or in the "
                f"`build()` method. This is layer '{self.name}'."
            )

    def __delattr__(self, name):
        value = self.__dict__.get(name)
        super().__delattr__(name)
        if isinstance(value, Variable) and all(value is not v for v in self._owned(Variable)):
            for known in VARIABLE_LISTS:
                self.__dict__[known] = [v for v in self.__dict__[known] if v is not value]

    def _own_weights(self):
        # Variables in lists and dicts are met here for the first time.
        for variable in self._owned(Variable):
            self._track(variable)
        return [variable for name in VARIABLE_LISTS for variable in self.__dict__.get(name, ())]

    @property
    def weights(self):
        """All weights of this layer and of the layers in it."""
        found = self._own_weights()
        for layer in self._sublayers():
            found.extend(layer.weights)
        return _each_once(found)

    @property
    def variables(self):
        """The weights, and the states of random generators."""
        found = self._own_weights()
        found.extend(generator.state for generator in self._seed_generators())
        for layer in self._sublayers():
            found.extend(layer.variables)
        return _each_once(found)

    @property
    def trainable_weights(self):
        """The weights that training changes."""
        return [weight for weight in self.weights if weight.trainable] if self.trainable else []

    @property
    def non_trainable_weights(self):
        """The weights that training leaves alone."""
        if not self.trainable:
            return self.weights
        return [weight for weight in self.weights if not weight.trainable]

    @property
    def trainable_variables(self):
        """The same as `trainable_weights`."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self):
        """All variables that training leaves alone."""
        if not self.trainable:
            return self.variables
        return [variable for variable in self.variables if not variable.trainable]

    @property
    def trainable(self):
        """Whether training changes the weights. Setting it goes down to the layers inside."""
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self._own_weights()
        self._trainable = bool(value)
        for variable in self.__dict__.get("_trainable_variables", ()):
            variable.trainable = self._trainable
        for layer in self._sublayers():
            layer.trainable = self._trainable

    def get_weights(self):
        """Copies of the weights, as a list of NumPy arrays."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights):
        """Gives the weights new values.

        Parameters
        ----------
        weights : list of array
            As many, and of such shapes, as `get_weights` returns.

        Raises
        ------
        ValueError
            If they are not. Then no weight has changed.
        """
        mine = self.weights
        weights = list(weights)
        if len(mine) != len(weights):
            raise ValueError(
                f"You called `set_weights(weights)` on layer '{self.name}' with a weight list of "
                f"length {len(weights)}, but the layer was expecting {len(mine)} weights."
            )
        self._assign_all(mine, weights)

    def _assign_all(self, variables, values):
        """Sets variables, all or none."""
        values = [ops.convert_to_tensor(value) for value in values]
        for variable, value in zip(variables, values, strict=True):
            if variable.shape != value.shape:
                raise ValueError(
                    f"Layer {self.name} weight shape {variable.shape} is not compatible with "
                    f"provided weight shape {value.shape}."
                )
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)

    def save_own_variables(self, store):
        """Writes the weights of this layer, not of those in it, into a dict: under "0", "1", …"""
        for index, weight in enumerate(self._own_weights()):
            store[str(index)] = weight.numpy()

    def load_own_variables(self, store):
        """Gives the weights the values that `save_own_variables` has written.

        Raises
        ------
        ValueError
            If there are not as many, or of other shapes.
        """
        mine = self._own_weights()
        found = len(store.keys())
        if found != len(mine):
            if not mine and not self.built:
                raise ValueError(
                    f"Layer '{self.name}' was never built and thus it doesn't have any variables, "
                    f"and {found} are given. `build` makes the variables of a layer, and of the "
                    "layers in it; `build_from_config` is what loading calls."
                )
            raise ValueError(
                f"Layer '{self.name}' expected {len(mine)} variables, but received {found} "
                f"variables during loading. Expected: {[weight.name for weight in mine]}"
            )
        self._assign_all(mine, [store[str(index)] for index in range(found)])

    def count_params(self):
        """Number of elements of all weights.

        Raises
        ------
        ValueError
            If the layer is not built.
        """
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on layer '{self.name}', but the layer isn't "
                "built. You can build it manually via: `layer.build(input_shape)`."
            )
        return sum(math.prod(weight.shape) for weight in self.weights)


def _each_once(variables):
    return list({id(variable): variable for variable in variables}.values())
