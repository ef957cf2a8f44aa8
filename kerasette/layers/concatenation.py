"""Tensors one after the other."""

from kerasette import ops
from kerasette.layers.masks import check_masks, full_mask
from kerasette.layers.merge import Merge


class Concatenate(Merge):
    """Tensors one after the other along an axis.

    Parameters
    ----------
    axis : int
        Along the batch (0), a place in the middle or, by default, the last.
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        When it is called, if the inputs are no list, or their shapes differ elsewhere.

    Notes
    -----
    The output has a mask if an input has one; inputs without count as unmasked.

    Examples
    --------
    >>> import kerasette
    >>> x, y = kerasette.ops.ones((2, 3)), kerasette.ops.zeros((2, 1))
    >>> kerasette.layers.Concatenate()([x, y]).shape
    (2, 4)
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def merge(self, inputs):
        """The tensors, one after the other."""
        return ops.concatenate(inputs, self.axis)

    def _check_shapes(self, shapes):
        self.compute_output_shape(shapes)

    def compute_output_shape(self, input_shape):
        """The first shape, with the sum of the sizes along the axis."""
        self._check_list(input_shape)
        shape = list(input_shape[0])
        if not -len(shape) <= self.axis < len(shape):
            raise ValueError(
                f"axis={self.axis} of a `Concatenate` layer is out of bounds for inputs of "
                f"shape {tuple(shape)}."
            )
        place = self.axis % len(shape)
        for other in input_shape[1:]:
            if len(other) != len(shape) or not all(
                None in (a, b) or a == b
                for axis, (a, b) in enumerate(zip(shape, other, strict=True))
                if axis != place
            ):
                raise ValueError(
                    "A `Concatenate` layer requires inputs with matching shapes except for the "
                    f"concatenation axis. Received: input_shape={input_shape}"
                )
        sizes = [other[place] for other in input_shape]
        shape[place] = None if None in sizes else sum(sizes)
        return tuple(shape)

    def _check_list(self, shapes):
        if not isinstance(shapes, (list, tuple)) or not all(
            isinstance(shape, (list, tuple)) for shape in shapes or [None]
        ):
            raise ValueError(
                "A `Concatenate` layer should be called on a list of at least 1 input. "
                f"Received: input_shape={shapes}"
            )

    def compute_mask(self, inputs, mask=None):
        """The masks, one after the other; None if no input has one."""
        if mask is None:
            return None
        check_masks(inputs, mask)
        if all(one is None for one in mask):
            return None
        full = [_full_mask(x, one) for x, one in zip(inputs, mask, strict=True)]
        return ops.any(ops.concatenate(full, self.axis), -1)

    def get_config(self):
        """The arguments that make such a layer."""
        return {**super().get_config(), "axis": self.axis}


def _full_mask(x, mask):
    if mask is None:
        return ops.ones_like(x, dtype="bool")
    if len(mask.shape) < len(x.shape):
        return full_mask(x, mask)
    return mask
