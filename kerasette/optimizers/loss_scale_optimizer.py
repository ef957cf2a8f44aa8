"""Dynamic scaling of the loss."""

from kerasette import initializers, ops
from kerasette._core.step import only_when
from kerasette.optimizers.arguments import floating
from kerasette.optimizers.base import Optimizer
from kerasette.saving.deserialization import deserialize_keras_object
from kerasette.saving.serialization import serialize_keras_object

# What configs of older models hold for the arguments that every optimizer has.
DEFAULTS = {
    "weight_decay": None,
    "clipnorm": None,
    "global_clipnorm": None,
    "clipvalue": None,
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
}


class LossScaleOptimizer(Optimizer):
    """An optimizer around another one that finds a scale for the loss by itself.

    The loss is multiplied by the scale and gradients are divided by it, so that small ones do not
    vanish. A step whose gradients are not finite is left out, and halves the scale; so many good
    steps one after the other double it.

    Parameters
    ----------
    inner_optimizer : Optimizer
        Its `loss_scale_factor` is set to None.
    initial_scale : float
    dynamic_growth_steps : int
        Good steps after which the scale is doubled.
    name : str, optional

    Raises
    ------
    ValueError
        For any other argument of optimizers: they belong to `inner_optimizer`.

    Examples
    --------
    >>> import kerasette
    >>> optimizer = kerasette.optimizers.LossScaleOptimizer(kerasette.optimizers.SGD(), 8.0)
    >>> float(optimizer.scale_loss(0.5))
    4.0
    """

    def __init__(
        self, inner_optimizer, initial_scale=2.0**15, dynamic_growth_steps=2000, name=None,
        **kwargs,
    ):  # fmt: skip
        if not kwargs.pop("dynamic", True):
            raise ValueError(
                "LossScaleOptimizer does not support `dynamic=False`. Instead, set "
                "`loss_scale_factor` on the `inner_optimizer`."
            )
        for argument, default in DEFAULTS.items():
            if kwargs.pop(argument, default) != default:
                raise ValueError(
                    f"LossScaleOptimizer does not support `{argument}`. Instead, set "
                    f"`{argument}` on the `inner_optimizer`."
                )
        if kwargs:
            raise ValueError(
                f"LossScaleOptimizer does not support arguments: `{'`, `'.join(kwargs)}`."
            )
        if not isinstance(inner_optimizer, Optimizer):
            raise TypeError(
                f"`inner_optimizer` must be an Optimizer. Received: {type(inner_optimizer)}"
            )
        super().__init__(0.0, name=name)
        self.inner_optimizer = inner_optimizer
        self.initial_scale = initial_scale
        self.dynamic_growth_steps = dynamic_growth_steps
        # Gradients would be divided twice.
        inner_optimizer.loss_scale_factor = None

    def build(self, var_list):
        """Makes the scale and the counter of good steps, and builds the inner optimizer."""
        if self.built:
            return
        self.inner_optimizer.ensure_built(var_list)
        self.step_counter = self.add_variable((), dtype="int64", name="step_counter")
        self.dynamic_scale = self.add_variable(
            (), initializers.Constant(self.initial_scale), "float32", name="dynamic_scale"
        )
        self._trainable_variables = list(var_list)
        self.built = True

    def _lay_out(self, variables):
        """The inner optimizer has done it."""

    def _begin_anew(self, variables):
        # The inner optimizer does. The scale stays: the loss may be multiplied by it already.
        self.inner_optimizer.ensure_built(variables)
        self._trainable_variables = variables

    def _check_variables_are_known(self, variables):
        self.inner_optimizer._check_variables_are_known(variables)

    def gradient_places(self, variables):
        return self.inner_optimizer.gradient_places(variables)

    @property
    def variables(self):
        """Its own, the counter and the scale among them, and those of the inner optimizer."""
        return [*self._variables, *self.inner_optimizer.variables]

    def apply(self, grads, trainable_variables=None):
        grads = list(grads)
        variables = self._checked_variables(grads, trainable_variables)
        self.ensure_built(floating(variables))
        is_finite = self.check_finite(grads)
        scale, count = self.dynamic_scale + 0, self.step_counter + 0
        with only_when(is_finite):
            unscaled = [g if g is None else g / ops.cast(scale, g.dtype) for g in grads]
            self.inner_optimizer.apply(unscaled, variables)
            is_time = ops.equal(count, self.dynamic_growth_steps - 1)
            self.step_counter.assign(ops.where(is_time, 0, count + 1))
            self.dynamic_scale.assign(ops.where(is_time, scale * 2.0, scale))
        with only_when(ops.logical_not(is_finite)):
            self.step_counter.assign(ops.zeros_like(count))
            self.dynamic_scale.assign(scale * 0.5)

    def check_finite(self, grads):
        """Whether no gradient holds an infinity or nan; a bool tensor."""
        total = 0.0
        for gradient in grads:
            if gradient is not None:
                # Not 0 but nan for what is not finite.
                total = ops.cast(ops.sum(gradient * 0.0), "float32") + total
        return ops.equal(total, 0.0)

    @property
    def learning_rate(self):
        """That of the inner optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value):
        self.inner_optimizer.learning_rate = value

    @property
    def iterations(self):
        """Number of good steps: the inner optimizer's."""
        return self.inner_optimizer.iterations

    def scale_loss(self, loss):
        """The loss multiplied by the present scale."""
        return loss * (self.dynamic_scale if self.built else self.initial_scale)

    def finalize_variable_values(self, var_list):
        self.inner_optimizer.finalize_variable_values(var_list)

    def get_config(self):
        return {
            "name": self.name,
            "inner_optimizer": serialize_keras_object(self.inner_optimizer),
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """The optimizer of a `get_config`."""
        config = dict(config)
        inner = deserialize_keras_object(config.pop("inner_optimizer"), custom_objects)
        return cls(inner, **config)
