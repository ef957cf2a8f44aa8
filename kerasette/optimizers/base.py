"""What every optimizer does with gradients, and around its own step."""

import warnings

from kerasette._core import ops as _core
from kerasette._core.step import only_when, settle
from kerasette.checks import plain_scalar
from kerasette.naming import checked_name
from kerasette.optimizers.arguments import (
    check_floating,
    checked_accumulation,
    checked_averaging,
    checked_clipping,
    checked_optional,
    checked_overwriting,
    floating,
)
from kerasette.optimizers.exclusion import Exclusion
from kerasette.optimizers.upkeep import Upkeep
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object

# Attributes that a kernel relies on, which a user may set at any time.
CHECKED_WHEN_SET = {
    "gradient_accumulation_steps": checked_accumulation,
    "ema_overwrite_frequency": checked_overwriting,
}


class Optimizer(Upkeep):
    """Base class of optimizers.

    A subclass makes its slots in `build` and implements `update_step`, one step of one variable,
    in terms of ops; or it is a `SpanOptimizer`, whose step goes over all variables in one pass.
    What follows here is common to all.

    Parameters
    ----------
    learning_rate : float, LearningRateSchedule or callable
        Step size. A schedule gives it from the number of steps so far; a function without
        arguments is asked at each step, and training is replayed only if it returns a tensor.
    weight_decay : float, optional
        Before each step, ``weight_decay * learning_rate`` of each variable is taken away.
    clipnorm : float, optional
        Each gradient is scaled down to this norm; 0 does nothing, here and in the next two.
    clipvalue : float, optional
        Each element of the gradients is put between ``-clipvalue`` and ``clipvalue``.
    global_clipnorm : float, optional
        All gradients together are scaled down to this norm. Only one way of clipping may be set.
    use_ema : bool
        Whether moving averages of the weights are kept. `fit` sets the weights to them at its end
        (`finalize_variable_values`).
    ema_momentum : float
        In [0, 1]: ``average = ema_momentum * average + (1 - ema_momentum) * weight``.
    ema_overwrite_frequency : int, optional
        Every so many steps, the weights are set to their averages.
    loss_scale_factor : float, optional
        The loss is multiplied by it (`scale_loss`) and the gradients are divided by it.
    gradient_accumulation_steps : int, optional
        At least 2: only every so many steps variables are updated, by the mean of the gradients.
    name : str, optional

    Raises
    ------
    ValueError
        For an argument that is not as described, or is unknown.

    Examples
    --------
    >>> import kerasette
    >>> from kerasette import ops
    >>> class SignDescent(kerasette.optimizers.Optimizer):
    ...     def update_step(self, gradient, variable, learning_rate):
    ...         self.assign_sub(variable, learning_rate * ops.sign(gradient))
    >>> weight = kerasette.Variable([1.0, 2.0])
    >>> SignDescent(0.25).apply([ops.convert_to_tensor([7.0, -3.0])], [weight])
    >>> weight.numpy().tolist()
    [0.75, 2.25]
    """

    # Whether it is a copy of a built optimizer, and nobody has shown yet whether the variables that
    # were copied with it are in use.
    _is_new_copy = False
    # What there is before `build` makes more.
    _variables_unbuilt = ()
    # Pairs of an attribute without which `build` makes no slots for it, and the name of the slots.
    _slots_if_set = (
        ("use_ema", "average"),
        ("gradient_accumulation_steps", "gradient_accumulator"),
    )

    def __init__(
        self, learning_rate, weight_decay=None, clipnorm=None, clipvalue=None,
        global_clipnorm=None, use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None,
        loss_scale_factor=None, gradient_accumulation_steps=None, name=None, **kwargs,
    ):  # fmt: skip
        if kwargs.pop("decay", None) is not None:
            warnings.warn(
                "Argument `decay` is no longer supported and will be ignored.", stacklevel=3
            )
        if kwargs:
            raise ValueError(f"Argument(s) not recognized: {kwargs}")
        checked_averaging(use_ema, ema_momentum)
        checked_clipping(clipnorm, clipvalue, global_clipnorm)
        super().__init__(checked_name(name, type(self).__name__), learning_rate)
        self.weight_decay = checked_optional("weight_decay", weight_decay)
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = checked_optional("loss_scale_factor", loss_scale_factor)
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.built = False
        self._init_upkeep()
        self._exclusion = Exclusion()

    def __setattr__(self, name, value):
        value = plain_scalar(value)
        if name in CHECKED_WHEN_SET:
            value = CHECKED_WHEN_SET[name](value)
        slot = dict(self._slots_if_set).get(name)
        if slot is not None and value and self.__dict__.get("built"):
            self._check_has(slot, name, value)
        super().__setattr__(name, value)

    def _check_has(self, slot, name, value):
        """Raises if an attribute that is set would lack its slots."""
        if slot not in self._slots:
            raise AttributeError(
                f"`{name}` of optimizer '{self.name}' cannot be set to {value!r}: the optimizer "
                f"was built without it, and has no slots '{slot}'. Make an optimizer with {name}="
                f"{value!r}, and compile the model with it."
            )

    # ---- building ----------------------------------------------------------------

    def build(self, variables):
        """Makes what is kept for each variable. The first step does it otherwise.

        The variables are packed into one piece of memory. A subclass extends it: it calls
        ``super().build(variables)`` first and then adds its slots.

        Parameters
        ----------
        variables : list of Variable

        Raises
        ------
        ValueError
            If it was built for other variables before, or one is no floating-point number.
        """
        variables = list(variables)
        check_floating(variables)
        self._forget_if_alone(variables)
        if self.built:
            self._check_variables_are_known(variables)
            return
        self._variables_unbuilt = list(self._variables)
        self._lay_out(variables)
        if self.use_ema:
            self.add_optimizer_variables(variables, "average")
        if self.gradient_accumulation_steps:
            self.add_optimizer_variables(variables, "gradient_accumulator")
        self._trainable_variables = variables
        self.built = True

    def ensure_built(self, variables):
        """Builds the optimizer for some variables, or checks that it was built for them.

        Raises
        ------
        ValueError
            If it was built for others.
        """
        variables = list(variables)
        self._forget_if_alone(variables)
        if self.built:
            self._check_variables_are_known(variables)
        else:
            self.build(variables)
            self.built = True

    def _forget_if_alone(self, variables):
        """Lets a copy begin anew if the first variables it gets were not copied with it.

        Copied together with a model it goes on; copied alone it could never take a step.
        """
        if self._is_new_copy and variables:
            # Not by setattr: steps do the same.
            self.__dict__["_is_new_copy"] = False
            known = {id(variable) for variable in self._trainable_variables}
            if known.isdisjoint(map(id, variables)):
                self._begin_anew(variables)

    def _begin_anew(self, variables):
        """Forgets what `build` has made, and the number of steps; `build` comes next."""
        before = len(self.variables)
        own = [v for v in self._variables_unbuilt if any(v is other for other in self._variables)]
        own = [v for v in own if v is not self._iterations]
        object.__setattr__(self, "_variables", [])
        # Not set to 0: a step that is being recorded would do so each time.
        self._count_from_0()
        self._variables.extend(own)
        self._slots = {}
        self._init_upkeep()
        self.built = False
        warnings.warn(
            f"Skipping variable loading for optimizer '{self.name}', because it has "
            f"{len(self.variables)} variables whereas the saved optimizer has {before} variables: "
            "it is a copy that was made without its model, and begins anew.",
            stacklevel=2,
        )

    def _check_variables_are_known(self, variables):
        for variable in variables:
            if id(variable) not in self._places:
                raise ValueError(
                    f"Unknown variable: {variable.path}. This optimizer can only be called for "
                    "the variables it was originally built with. When working with a new set of "
                    "variables, you should recreate a new optimizer instance."
                )

    def _get_variable_index(self, variable):
        return self._indices[id(variable)]

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        """Lets some variables be without weight decay. A second call replaces the first.

        Parameters
        ----------
        var_list : list of Variable, optional
        var_names : list of str, optional
            Regular expressions: variables in whose `name` one of them is found.
        """
        self._exclusion = Exclusion(var_list, var_names)

    # ---- a step ------------------------------------------------------------------

    def apply_gradients(self, grads_and_vars):
        """One step, from pairs of gradient and variable.

        Returns
        -------
        Variable
            The number of steps so far.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("No gradients provided for any variable.")
        grads, variables = zip(*pairs)
        self.apply(grads, variables)
        return self._iterations

    def apply(self, grads, trainable_variables=None):
        """One step: every variable moves against its gradient.

        Parameters
        ----------
        grads : list of Tensor or None
            Variables whose gradient is None, as that of integers is, stay as they are; a warning
            names them. An empty list does nothing.
        trainable_variables : list of Variable, optional
            By default those that the optimizer was built with.

        Raises
        ------
        ValueError
            If the lists do not match, no gradient is given, a variable is unknown or no
            floating-point number. Nothing has changed then.
        """
        grads = list(grads)
        if not grads:
            return
        variables = self._checked_variables(grads, trainable_variables)
        pairs = self._without_missing(grads, variables)
        self.ensure_built(floating(variables))
        variables = [variable for _, variable in pairs]
        settle([*variables, *self._variables])
        self._place_gradients(pairs)
        if self.gradient_accumulation_steps:
            steps = self.gradient_accumulation_steps
            is_due = _core.is_turn(self._iterations, steps)
            with only_when(is_due):
                # A function of a user's may raise: it is asked before anything is kept.
                learning_rate = self._get_current_learning_rate()
            self._accumulate(variables, is_due, steps)
            with only_when(is_due):
                self._update(variables, learning_rate)
        else:
            self._update(variables, self._get_current_learning_rate())
        if self.use_ema:
            self._update_averages()
        for variable in variables:
            constraint = getattr(variable, "constraint", None)
            if constraint is not None:
                variable.assign(constraint(variable))
        self._iterations.assign_add(1)

    def _checked_variables(self, grads, variables):
        if variables is None:
            if not self.built:
                raise ValueError(
                    "When passing `grads` without `variables`, the optimizer must already be "
                    "built on a list of variables. Call `optimizer.build(trainable_variables)` "
                    "first."
                )
            variables = self._trainable_variables
        variables = list(variables)
        if len(grads) != len(variables):
            raise ValueError(f"{len(grads)} gradients were given for {len(variables)} variables.")
        check_floating(v for g, v in zip(grads, variables) if g is not None)
        return variables

    def _without_missing(self, grads, variables):
        pairs = [(g, v) for g, v in zip(grads, variables) if g is not None]
        if not pairs:
            raise ValueError("No gradients provided for any variable.")
        missing = [v.path for g, v in zip(grads, variables) if g is None]
        if missing:
            warnings.warn(
                f"Gradients do not exist for variables {missing} when minimizing the loss. If "
                "using `model.compile()`, did you forget to provide a `loss` argument?",
                stacklevel=3,
            )
        return pairs

    def _update(self, variables, learning_rate):
        places = [self._places[id(variable)][2] for variable in variables]
        self._clip_gradients(places)
        self._apply_weight_decay(variables, learning_rate)
        self._backend_update_step(places, variables, learning_rate)

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        for gradient, variable in zip(grads, trainable_variables):
            self.update_step(gradient, variable, learning_rate)

    def update_step(self, gradient, variable, learning_rate):
        """One step of one variable, in terms of ops; for subclasses to implement.

        Parameters
        ----------
        gradient : Tensor
        variable : Variable
        learning_rate : Tensor
            A scalar.
        """
        raise NotImplementedError(f"{type(self).__name__} does not implement update_step().")

    def _apply_weight_decay(self, variables, learning_rate):
        if not self.weight_decay:
            return
        for variable in variables:
            if not self._exclusion.covers(variable):
                rate = _core.cast(learning_rate, variable.dtype)
                variable.assign(variable - variable * self.weight_decay * rate)

    def scale_loss(self, loss):
        """The loss whose gradients are to be given to `apply`: multiplied by the scale factor."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    # ---- configs -----------------------------------------------------------------

    def get_config(self):
        """The arguments that make an equal optimizer."""
        rate = self._learning_rate
        # A schedule or function is described; a number is what the variable holds now.
        rate = serialize_keras_object(rate) if callable(rate) else float(rate.numpy())
        return {
            "name": self.name,
            "learning_rate": rate,
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
            "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum,
            "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The optimizer of a `get_config`.

        Parameters
        ----------
        config : dict
        custom_objects : dict, optional
            Schedules and functions of one's own, by name.
        """
        config = dict(config)
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = deserialize_keras_object(
                config["learning_rate"], custom_objects
            )
        return cls(**config)
