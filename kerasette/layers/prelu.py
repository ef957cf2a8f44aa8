"""A rectifier that learns its slope."""

from typing import Any

from kerasette import constraints, initializers, ops, regularizers
from kerasette.layers.input_spec import InputSpec
from kerasette.layers.layer import Layer


class PReLU(Layer):
    """The inputs where they are positive, ``alpha * inputs`` elsewhere; training finds alpha.

    Parameters
    ----------
    alpha_initializer : str, Initializer or callable
        Zeros by default.
    alpha_regularizer : str, Regularizer or callable, optional
    alpha_constraint : str, Constraint or callable, optional
    shared_axes : int or list of int, optional
        Axes of the inputs along which alpha is the same, counted from 1, the first after the
        batch. By default every place of a sample has an alpha of its own.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Attributes
    ----------
    alpha : Variable of the shape of a sample, with 1 along shared axes

    Raises
    ------
    ValueError
        For an argument that is not known; when it is built, if an axis is out of range, or its
        size is None and it is not shared.

    References
    ----------
    He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV (2015).

    Examples
    --------
    >>> import kerasette
    >>> layer = kerasette.layers.PReLU(alpha_initializer=kerasette.initializers.Constant(0.25))
    >>> layer(kerasette.ops.convert_to_tensor([[-4.0, 2.0]])).numpy().tolist()
    [[-1.0, 2.0]]
    """

    _needs_real = True

    def __init__(
        self,
        alpha_initializer: Any = "Zeros",
        alpha_regularizer=None,
        alpha_constraint=None,
        shared_axes=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.alpha_initializer = initializers.get(alpha_initializer)
        self.alpha_regularizer = regularizers.get(alpha_regularizer)
        self.alpha_constraint = constraints.get(alpha_constraint)
        if shared_axes is not None:
            is_list = isinstance(shared_axes, (list, tuple))
            shared_axes = list(shared_axes) if is_list else [shared_axes]
        self.shared_axes = shared_axes
        self.supports_masking = True

    def build(self, input_shape):
        """Makes alpha."""
        rank = len(input_shape)
        shared = self.shared_axes or []
        if not all(1 <= axis < rank for axis in shared):
            raise ValueError(
                f"`shared_axes` counts the axes of a sample from 1 to {rank - 1} for inputs of "
                f"shape {tuple(input_shape)}. Received: shared_axes={self.shared_axes}"
            )
        sizes = {axis: input_shape[axis] for axis in range(1, rank)}
        self.alpha = self.add_weight(
            shape=[1 if axis in shared else size for axis, size in sizes.items()],
            initializer=self.alpha_initializer,
            regularizer=self.alpha_regularizer,
            constraint=self.alpha_constraint,
            name="alpha",
        )
        own = {axis: size for axis, size in sizes.items() if axis not in shared}
        self.input_spec = InputSpec(ndim=rank, axes=own)

    def call(self, inputs):
        """The rectified inputs."""
        below = ops.multiply(self.alpha, ops.relu(ops.negative(inputs)))
        return ops.subtract(ops.relu(inputs), below)

    def compute_output_shape(self, input_shape):
        """The input's shape."""
        return tuple(input_shape)

    def get_config(self):
        """The arguments that make such a layer."""
        return {
            **super().get_config(),
            "alpha_initializer": initializers.serialize(self.alpha_initializer),
            "alpha_regularizer": regularizers.serialize(self.alpha_regularizer),
            "alpha_constraint": constraints.serialize(self.alpha_constraint),
            "shared_axes": self.shared_axes,
        }
