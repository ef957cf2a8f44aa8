"""What every optimizer shares: its state, and how variables become spans."""

from kerasette._core import ops
from kerasette._core.variable import Variable, pack, part, spans, zeros_like_span
from kerasette.naming import checked_name
from kerasette.tracking import Tracked


class Optimizer(Tracked):
    """Base class of optimizers.

    `build` packs the variables into one piece of memory, so that a step over all of them is one
    pass; it works on *spans*, runs of variables that stand side by side, and is as right for
    many as for one. A subclass names its slots and implements `update_span`.

    Parameters
    ----------
    learning_rate : float
        Step size, not negative. Kept as float32, as Keras does, whatever the variables' dtype.
    name : str, optional
    """

    slots = ()

    def __init__(self, learning_rate, name=None):
        self.name = checked_name(name, type(self).__name__)
        self._learning_rate = Variable(
            checked_rate(learning_rate), dtype="float32", trainable=False, name="learning_rate"
        )
        self.iterations = Variable(0, dtype="int64", trainable=False, name="iteration")
        self.built = False
        self._trainable_variables = []
        self._slot_variables = {}
        self._gradient_places = {}

    @property
    def learning_rate(self):
        """The learning rate, a float32 Variable; a number may be assigned at any time."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        # The variable's value changes, not the recorded step that reads it.
        self._learning_rate.assign(checked_rate(value))

    @property
    def variables(self):
        """Iterations, learning rate, then the slots of each variable in turn."""
        found = [self.iterations, self._learning_rate]
        for variable in self._trainable_variables:
            found += [self._slot_variables[slot, id(variable)] for slot in self.slots_in_use()]
        return found

    def slots_in_use(self):
        """Names of the slots that the arguments call for."""
        return self.slots

    def build(self, variables):
        """Makes the slots for `variables`, all zero. Done by the first step otherwise.

        Raises
        ------
        ValueError
            If it was built for other variables before.
        """
        variables = list(variables)
        if self.built:
            self._check_known(variables)
            return
        for dtype in sorted({variable.dtype for variable in variables}):
            pack([variable for variable in variables if variable.dtype == dtype])
        for span, group, starts in spans(variables):
            gradients = zeros_like_span(span)
            for variable, start in zip(group, starts):
                place = part(gradients, start, variable.shape)
                self._gradient_places[id(variable)] = (gradients, start, place)
            for slot in self.slots_in_use():
                self._build_slot(slot, group)
        self._trainable_variables = variables
        self.built = True

    def _build_slot(self, slot, group):
        # Packed in the order of the group, so that a slot's span lies as the variables' does.
        made = [zeros_variable(variable, f"{self.name}/{slot}") for variable in group]
        pack(made)
        for variable, twin in zip(group, made):
            self._slot_variables[slot, id(variable)] = twin

    def _check_known(self, variables):
        for variable in variables:
            if id(variable) not in self._gradient_places:
                raise ValueError(
                    f"Unknown variable: {variable.path}. This optimizer can only be called for "
                    "the variables it was originally built with. When working with a new set of "
                    "variables, you should recreate a new optimizer instance."
                )

    def gradient_places(self, variables):
        """Where the gradients of `variables` are best written: side by side, as they are."""
        return [self._gradient_places[id(variable)][2] for variable in variables]

    def apply_gradients(self, grads_and_vars):
        """One step, from pairs of gradient and variable."""
        gradients, variables = [], []
        for gradient, variable in grads_and_vars:
            gradients.append(gradient)
            variables.append(variable)
        self.apply(gradients, variables)
        return self.iterations

    def apply(self, grads, trainable_variables=None):
        """One step: every variable moves against its gradient.

        Parameters
        ----------
        grads : list of Tensor or None
            Variables whose gradient is None stay as they are.
        trainable_variables : list of Variable, optional
            By default those that the optimizer was built with.

        Raises
        ------
        ValueError
            If the lists do not match, no gradient is given, or a variable is unknown. Nothing
            has changed then.
        """
        if trainable_variables is None:
            trainable_variables = self._trainable_variables
        grads, variables = list(grads), list(trainable_variables)
        if len(grads) != len(variables):
            raise ValueError(f"{len(grads)} gradients were given for {len(variables)} variables.")
        pairs = [(g, v) for g, v in zip(grads, variables) if g is not None]
        if not pairs:
            raise ValueError("No gradients provided for any variable.")
        self.build(variables)
        self._place_gradients(pairs)
        for span, group, _ in spans([variable for _, variable in pairs]):
            self._update(span, group)
        self.iterations.assign_add(1)

    def _place_gradients(self, pairs):
        for gradient, variable in pairs:
            place = self._gradient_places[id(variable)][2]
            if gradient is not place:
                ops.write(place, ops.cast(gradient, variable.dtype))

    def _update(self, span, group):
        whole, start, _ = self._gradient_places[id(group[0])]
        gradients = part(whole, start, span.shape)
        slots, written = {}, list(group)
        for slot in self.slots_in_use():
            ((slots[slot], twins, _),) = spans(
                [self._slot_variables[slot, id(variable)] for variable in group]
            )
            written += twins
        self.update_span(span, gradients, slots, written)

    def update_span(self, parameters, gradients, slots, variables):
        """One step over a span.

        Parameters
        ----------
        parameters, gradients : Tensor of shape (n,)
        slots : dict of Tensor of shape (n,)
        variables : list of Variable
            All that is written.
        """
        raise TypeError(f"{type(self).__name__} does not implement update_span().")

    def get_config(self):
        """The arguments that make an equal optimizer."""
        return {"name": self.name, "learning_rate": float(self._learning_rate.numpy())}

    @classmethod
    def from_config(cls, config):
        """The optimizer of a `get_config`."""
        return cls(**config)


def zeros_variable(like, name):
    """A variable of zeros of the shape and dtype of another one."""
    twin = Variable(
        ops.zeros(like.shape, like.dtype), dtype=like.dtype, trainable=False, name=like.name
    )
    twin.path = f"{name}_{like.path}"
    return twin


def checked_rate(learning_rate):
    """`learning_rate` as a float.

    Raises
    ------
    ValueError
        If it is not a number.
    """
    try:
        return float(learning_rate)
    except (TypeError, ValueError):
        raise ValueError(
            f"Argument `learning_rate` should be float. Received: learning_rate={learning_rate!r}"
        ) from None


def checked_share(name, value):
    """A coefficient in [0, 1).

    Raises
    ------
    ValueError
        If it is not.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1:
        raise ValueError(f"`{name}` must be a float between [0, 1). Received: {name}={value!r}")
    return float(value)
