"""Several tensors become one: what merging layers have in common."""

from kerasette import ops
from kerasette.layers.call import shapes_of
from kerasette.layers.layer import Layer
from kerasette.layers.masks import check_masks


class Merge(Layer):
    """Base of the layers that are called on a list of tensors.

    Subclasses define ``merge(inputs)``, of tensors that can be broadcast together.

    Parameters
    ----------
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        When it is called, if the inputs are no list, or their shapes do not fit.
    """

    _keeps_dtype = True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.built = True

    def build(self, input_shape):
        """Checks the shapes; there are no weights."""
        self._check_shapes(input_shape)

    def _check_shapes(self, shapes):
        """Raises unless tensors of these shapes can be merged."""
        self.compute_output_shape(shapes)
        sizes = {shape[0] for shape in shapes if shape} - {None}
        if len(sizes) > 1:
            raise ValueError(
                "Cannot merge tensors with different batch sizes. Received tensors with shapes "
                f"{shapes}"
            )

    def call(self, inputs):
        """The inputs as one tensor."""
        self._check_shapes(shapes_of(inputs))
        return self.merge(self._aligned(inputs))

    def _aligned(self, inputs):
        """The inputs as `merge` takes them."""
        return inputs

    def _check_list(self, shapes):
        """Raises unless `shapes` are those of a list of tensors."""
        if not isinstance(shapes, (list, tuple)) or not all(
            isinstance(shape, (list, tuple)) for shape in shapes
        ):
            raise ValueError(
                "A merge layer should be called on a list of inputs. "
                f"Received: input_shape={shapes} (not a list of shapes)"
            )
        if not shapes:
            raise ValueError(
                "A merge layer should be called on a list of at least 1 input. "
                f"Received: input_shape={shapes}"
            )


class ElementwiseMerge(Merge):
    """Base of the merging layers that work element by element, with broadcasting.

    Inputs with fewer axes than others get axes of size 1 after the batch.
    """

    def _aligned(self, inputs):
        rank = max(len(x.shape) for x in inputs)
        return [x if len(x.shape) == rank else _with_rank(x, rank) for x in inputs]

    def compute_output_shape(self, input_shape):
        """The shape that all are broadcast to, with their batch size."""
        self._check_list(input_shape)
        sample = ()
        for shape in input_shape:
            sample = _broadcast(sample, tuple(shape[1:]))
        sizes = {shape[0] for shape in input_shape if shape} - {None}
        return (sizes.pop() if len(sizes) == 1 else None, *sample)

    def compute_mask(self, inputs, mask=None):
        """Where any of the masks is True; None unless each input has one."""
        if mask is None:
            return None
        check_masks(inputs, mask)
        if any(one is None for one in mask):
            return None
        return reduced(ops.logical_or, mask)


def _with_rank(x, rank):
    sample = (1,) * (rank - len(x.shape)) + x.shape[1:]
    return ops.reshape(x, (x.shape[0], *sample))


def _broadcast(a, b):
    if len(a) < len(b):
        a, b = b, a
    lead = len(a) - len(b)
    sizes = list(a[:lead])
    for size_a, size_b in zip(a[lead:], b, strict=True):
        if None in (size_a, size_b):
            sizes.append(None)
        elif size_a != size_b and 1 not in (size_a, size_b):
            raise ValueError(f"Inputs have incompatible shapes. Received shapes {a} and {b}")
        else:
            sizes.append(size_b if size_a == 1 else size_a)
    return tuple(sizes)


def reduced(op, tensors):
    """`op` of the first two tensors, then of that and the third, and so on."""
    found = tensors[0]
    for tensor in tensors[1:]:
        found = op(found, tensor)
    return found
