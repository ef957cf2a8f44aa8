"""Products of the samples of two tensors."""

import math

from kerasette import config, ops
from kerasette.layers.merge import Merge
from kerasette.layers.unit_normalization import normalized


class Dot(Merge):
    """The product of each sample of one tensor with that of another, summed over an axis of each.

    Parameters
    ----------
    axes : int, or list or tuple of two ints
        The axis of the first and the axis of the second tensor that are summed over; one number
        stands for both. Counted from the batch, which is 0 and cannot be one of them.
    normalize : bool
        Whether samples are first divided by their length along the axis: the products are then
        the cosines of angles.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    TypeError
        If `axes` is neither a number nor a list.
    ValueError
        If it does not hold two integers; when it is called, if there are not two inputs, or the
        sizes of axes or batches differ.

    Notes
    -----
    The output has the axes of the first tensor, then those of the second, without the ones that
    are summed over and the second batch; and an axis of size 1 if that leaves the batch alone.

    Examples
    --------
    >>> import kerasette
    >>> x, y = kerasette.ops.ones((2, 3, 5)), kerasette.ops.ones((2, 10, 3))
    >>> kerasette.layers.Dot(axes=(1, 2))([x, y]).shape
    (2, 5, 10)
    """

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        if not isinstance(axes, (int, list, tuple)):
            raise TypeError(
                "Invalid type for argument `axes`: it should be a list or an int. "
                f"Received: axes={axes}"
            )
        if not isinstance(axes, int):
            words = "Invalid format for argument `axes`:"
            if len(axes) != 2:
                raise ValueError(f"{words} it should contain two elements. Received: axes={axes}")
            if not all(isinstance(axis, int) for axis in axes):
                raise ValueError(f"{words} list elements should be integers. Received: axes={axes}")
        self.axes = axes if isinstance(axes, int) else list(axes)
        self.normalize = normalize
        self._needs_real = bool(normalize)
        self._checked_dtype(self._dtype)

    def merge(self, inputs):
        """The products."""
        places = self._places([x.shape for x in inputs])
        if self.normalize:
            inputs = [
                normalized(x, place, config.epsilon())
                for x, place in zip(inputs, places, strict=True)
            ]
        # (batch, rows, summed) times (batch, summed, columns).
        a, b = (
            ops.moveaxis(x, place, to) for x, place, to in zip(inputs, places, (-1, 1), strict=True)
        )
        n, summed = b.shape[:2]
        rows, columns = a.shape[1:-1], b.shape[2:]
        product = ops.matmul(
            ops.reshape(a, (n, math.prod(rows), summed)),
            ops.reshape(b, (n, summed, math.prod(columns))),
        )
        return ops.reshape(product, (n, *rows, *columns) if rows or columns else (n, 1))

    def _places(self, shapes):
        """The axes that are summed over, counted from the front."""
        axes = [self.axes] * 2 if isinstance(self.axes, int) else self.axes
        places = []
        for axis, shape in zip(axes, shapes, strict=True):
            if len(shape) < 2:
                raise ValueError(
                    "Cannot do batch_dot on inputs with rank < 2. "
                    f"Received inputs with shapes {shapes}."
                )
            if not -len(shape) <= axis < len(shape):
                raise ValueError(f"axis {axis} is out of bounds for an input of shape {shape}.")
            places.append(axis % len(shape))
        if 0 in places:
            raise ValueError(
                "Cannot perform batch_dot over axis 0, the batch. "
                f"Received: axes={self.axes} for shapes {shapes}"
            )
        return places

    def _check_shapes(self, shapes):
        self.compute_output_shape(shapes)
        sizes = {shape[0] for shape in shapes} - {None}
        if len(sizes) > 1:
            raise ValueError(
                "Cannot do batch_dot on inputs with different batch sizes. "
                f"Received inputs with shapes {shapes}."
            )

    def _check_list(self, shapes):
        if (
            not isinstance(shapes, (list, tuple))
            or len(shapes) != 2
            or not all(isinstance(shape, (list, tuple)) for shape in shapes)
        ):
            raise ValueError(
                "A `Dot` layer should be called on a list of 2 inputs. "
                f"Received: input_shape={shapes}"
            )

    def compute_output_shape(self, input_shape):
        """The first shape and the second, without what is summed over and the second batch."""
        self._check_list(input_shape)
        shape_a, shape_b = (list(shape) for shape in input_shape)
        places = self._places(input_shape)
        size_a, size_b = shape_a.pop(places[0]), shape_b.pop(places[1])
        if None not in (size_a, size_b) and size_a != size_b:
            raise ValueError(
                f"Incompatible input shapes: axis values {size_a} (at axis {places[0]}) != "
                f"{size_b} (at axis {places[1]}). Full input shapes: {input_shape}"
            )
        shape = (*shape_a, *shape_b[1:])
        return (*shape, 1) if len(shape) == 1 else shape

    def compute_mask(self, inputs, mask=None):
        """None: axes that a mask belongs to may be gone."""

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}
