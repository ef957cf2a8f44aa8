"""What layers share that scale and shift what they have normalized."""

from kerasette import constraints, initializers, regularizers
from kerasette.layers.layer import Layer


class Normalizing(Layer):
    """Base of layers with a factor `gamma` and an offset `beta`.

    Subclasses call `_add_gamma_and_beta` when they are built.
    """

    _needs_real = True

    def __init__(
        self,
        center,
        scale,
        beta_initializer,
        gamma_initializer,
        beta_regularizer,
        gamma_regularizer,
        beta_constraint,
        gamma_constraint,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.gamma = None
        self.beta = None
        self.supports_masking = True

    def _add_gamma_and_beta(self, shape, has_gamma, has_beta):
        if has_gamma:
            self.gamma = self.add_weight(
                shape=shape,
                initializer=self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
                name="gamma",
            )
        if has_beta:
            self.beta = self.add_weight(
                shape=shape,
                initializer=self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
                name="beta",
            )

    def _gamma_and_beta(self):
        """The factor and the offset that are in use: `scale` and `center` may be set at any time.

        Raises
        ------
        ValueError
            If one of them is set, and the layer was built without.
        """
        for name, variable in (("scale", self.gamma), ("center", self.beta)):
            if getattr(self, name) and variable is None:
                raise ValueError(
                    f"`{name}` of layer '{self.name}' was set to {getattr(self, name)!r} after "
                    "the layer was built without it: make a new layer."
                )
        return self.gamma if self.scale else None, self.beta if self.center else None

    def compute_output_shape(self, input_shape):
        """The input's shape.

        Raises
        ------
        ValueError
            If it does not have the axes.
        """
        for axis in self.axis if isinstance(self.axis, list) else [self.axis]:
            if not -len(input_shape) <= axis < len(input_shape):
                raise ValueError(
                    f"Axis {axis} is out of bounds for input shape {tuple(input_shape)}. "
                    f"Received: axis={self.axis}"
                )
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "center": self.center,
            "scale": self.scale,
            "beta_initializer": initializers.serialize(self.beta_initializer),
            "gamma_initializer": initializers.serialize(self.gamma_initializer),
            "beta_regularizer": regularizers.serialize(self.beta_regularizer),
            "gamma_regularizer": regularizers.serialize(self.gamma_regularizer),
            "beta_constraint": constraints.serialize(self.beta_constraint),
            "gamma_constraint": constraints.serialize(self.gamma_constraint),
        }
