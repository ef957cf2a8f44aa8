"""The variables of an optimizer: iterations, learning rate, slots."""

import warnings

from kerasette import initializers, ops
from kerasette._core.memory import note_obstacle
from kerasette._core.variable import Variable, pack, spans
from kerasette.default_dtype import floatx
from kerasette.optimizers.arguments import checked_rate, float_rate
from kerasette.optimizers.schedules.learning_rate_schedule import LearningRateSchedule
from kerasette.tracking import CopiedWhole, Tracked


class OptimizerState(CopiedWhole, Tracked):
    """What an optimizer remembers from step to step. `Optimizer` builds on it.

    Parameters
    ----------
    name : str
    learning_rate : float, LearningRateSchedule or callable
    """

    def __init__(self, name, learning_rate):
        object.__setattr__(self, "_variables", [])
        self.name = name
        self.gradient_accumulation_steps = None
        # Lists of slots, one slot a variable, by name.
        self._slots = {}
        self._count_from_0()
        if not callable(learning_rate):
            rate = checked_rate(learning_rate)
            learning_rate = Variable(rate, dtype=floatx(), trainable=False, name="learning_rate")
            learning_rate.path = f"{name}/learning_rate"
        self._learning_rate = learning_rate

    def __setattr__(self, name, value):
        if "_variables" not in self.__dict__:
            raise RuntimeError(
                f"In optimizer '{type(self).__name__}', you forgot to call `super().__init__()` "
                "as the first statement in the `__init__()` method. Go add it!"
            )
        if isinstance(value, Variable):
            self._track_variable(value)
        super().__setattr__(name, value)

    def _count_from_0(self):
        self._iterations = Variable(0, dtype="int64", trainable=False, name="iteration")
        self._iterations.path = f"{self.name}/iteration"

    def _track_variable(self, variable):
        if all(variable is not known for known in self._variables):
            self._variables.append(variable)

    @property
    def variables(self):
        """Iterations, learning rate unless a schedule gives it, then what `build` has made.

        Averages of the weights come first, then accumulated gradients, then the slots of the
        optimizer: of the first variable, of the second, and so on.
        """
        return list(self._variables)

    @property
    def iterations(self):
        """Number of steps so far, int64; with accumulated gradients, of updates."""
        if self.gradient_accumulation_steps:
            exact = ops.cast(self._iterations, "float64")
            return ops.cast(exact / self.gradient_accumulation_steps, "int64")
        return self._iterations

    # ---- the learning rate -----------------------------------------------------

    @property
    def learning_rate(self):
        """The present learning rate: a Variable, or what the schedule or function gives now.

        A number, a schedule or a function may be assigned at any time; but no number once a
        schedule or a function is in charge.
        """
        return self._get_current_learning_rate()

    @learning_rate.setter
    def learning_rate(self, value):
        if callable(value) and not ops.is_tensor(value):
            old = self._learning_rate
            self._learning_rate = value
            object.__setattr__(self, "_variables", [v for v in self._variables if v is not old])
            return
        if not isinstance(self._learning_rate, Variable):
            kind = "`LearningRateSchedule` object"
            if not isinstance(self._learning_rate, LearningRateSchedule):
                kind = "function"
            raise TypeError(
                f"This optimizer was created with a {kind} as its `learning_rate` constructor "
                "argument, hence its learning rate is not settable. If you need the learning "
                "rate to be settable, you should instantiate the optimizer with a float "
                "`learning_rate` argument."
            )
        # The variable's value changes, not the recorded step that reads it.
        self._learning_rate.assign(value if ops.is_tensor(value) else float_rate(value))

    def _get_current_learning_rate(self):
        rate = self._learning_rate
        if isinstance(rate, Variable):
            return rate
        rate = rate(self._iterations) if isinstance(rate, LearningRateSchedule) else rate()
        if not ops.is_tensor(rate):
            # What Python makes of a number cannot be replayed.
            note_obstacle("the function that is the learning rate returns a Python number")
            rate = ops.convert_to_tensor(rate)
        return rate if rate.dtype in ("float32", "float64") else ops.cast(rate, floatx())

    # ---- slots -------------------------------------------------------------------

    def add_variable(
        self, shape, initializer="zeros", dtype=None, aggregation="none", layout=None, name=None
    ):
        """Adds a variable to the optimizer's state.

        Parameters
        ----------
        shape : tuple of int
        initializer : str, Initializer or callable
        dtype : str, optional
            ``floatx()`` by default.
        aggregation, layout
            Of distributed training, which there is none of: "none" and None.
        name : str, optional

        Returns
        -------
        Variable

        Raises
        ------
        ValueError
            For another `aggregation` or `layout`.
        """
        if aggregation not in (None, "none") or layout is not None:
            raise ValueError(
                "Distributed training is not supported. "
                f"Received: aggregation={aggregation!r}, layout={layout!r}"
            )
        variable = Variable(
            initializers.get(initializer), shape=shape, dtype=dtype, trainable=False, name=name
        )
        variable.path = f"{self.name}/{variable.name}"
        self._track_variable(variable)
        return variable

    def add_variable_from_reference(self, reference_variable, name=None, initializer="zeros"):
        """Adds a variable of the shape and dtype of another one: a slot.

        Parameters
        ----------
        reference_variable : Variable
        name : str, optional
            What comes after the other variable's name. ``"var"`` by default.
        initializer : str, Initializer or callable

        Returns
        -------
        Variable
        """
        path = reference_variable.path or reference_variable.name
        return self.add_variable(
            shape=reference_variable.shape,
            initializer=initializer,
            dtype=reference_variable.dtype,
            name=f"{path.replace('/', '_')}_{name or 'var'}",
        )

    def add_optimizer_variables(self, trainable_variables, name, initializer="zeros"):
        """Adds a slot, or several, for each of some variables.

        Parameters
        ----------
        trainable_variables : list of Variable
        name : str, or list of str
            One name for each slot.
        initializer : str, Initializer or callable, or list of them

        Returns
        -------
        list of Variable, or a tuple of one list for each name

        Raises
        ------
        ValueError
            If there are not as many initializers as names.
        """
        names = [name] if isinstance(name, str) else list(name)
        given = initializer
        if not isinstance(given, (list, tuple)):
            given = [initializer] * len(names)
        if len(names) != len(given):
            raise ValueError(
                "The number of provided names must match the number of provided initializers. "
                f"Received name='{name}', initializer='{initializer}'"
            )
        slots = tuple([] for _ in names)
        for variable in trainable_variables:
            for made, slot_name, start in zip(slots, names, given):
                made.append(self.add_variable_from_reference(variable, slot_name, start))
        for made, slot_name in zip(slots, names):
            self._slots[slot_name] = made
            self._pack_like(trainable_variables, made)
        return slots[0] if isinstance(name, str) else slots

    def _pack_like(self, variables, twins):
        """Lays twins side by side where their variables are, so that one pass goes over both."""
        twin_of = {id(variable): twin for variable, twin in zip(variables, twins)}
        for _, group, _ in spans(variables):
            pack([twin_of[id(variable)] for variable in group])

    def set_weights(self, weights):
        """Sets the values of `variables`.

        Parameters
        ----------
        weights : list of array

        Raises
        ------
        ValueError
            If the optimizer is not built, or number or shapes differ. Nothing has changed then.
        """
        if not self.built:
            raise ValueError(
                "You are calling `set_weights()` on an optimizer that has not yet been built. "
                "Please call `optimizer.build(trainable_variables)` to create the optimizer "
                "weights before calling `set_weights()`."
            )
        if len(weights) != len(self.variables):
            raise ValueError(
                f"{len(weights)} weights were given for {len(self.variables)} optimizer variables."
            )
        pairs = list(zip(self.variables, weights))
        for variable, weight in pairs:
            if variable.shape != ops.shape(weight):
                raise ValueError(
                    f"Optimizer variable {variable.path} has shape {variable.shape} not "
                    f"compatible with provided weight shape {ops.shape(weight)}."
                )
        for variable, weight in pairs:
            variable.assign(weight)

    def save_own_variables(self, store):
        """Writes the values of `variables` into a dict, under "0", "1" and so on."""
        for index, variable in enumerate(self.variables):
            store[str(index)] = variable.numpy()

    def load_own_variables(self, store):
        """Sets `variables` to what `save_own_variables` has written.

        If there are not as many, a warning says so, and nothing changes.
        """
        mine = self.variables
        if len(store.keys()) != len(mine):
            warnings.warn(
                f"Skipping variable loading for optimizer '{self.name}', because it has "
                f"{len(mine)} variables whereas the saved optimizer has {len(store.keys())} "
                "variables. An optimizer has all of them once it is built.",
                stacklevel=2,
            )
            return
        for index, variable in enumerate(mine):
            variable.assign(store[str(index)])

    def assign(self, variable, value):
        """Sets a variable, of the model or of the optimizer."""
        variable.assign(value)

    def assign_add(self, variable, value):
        """Adds to a variable, of the model or of the optimizer."""
        variable.assign_add(value)

    def assign_sub(self, variable, value):
        """Subtracts from a variable, of the model or of the optimizer."""
        variable.assign_sub(value)
