"""Sums, products and extremes of several tensors, element by element."""

from kerasette import ops
from kerasette.layers.masks import full_mask
from kerasette.layers.merge import ElementwiseMerge, reduced


class Add(ElementwiseMerge):
    """The sum of tensors.

    Parameters
    ----------
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        When it is called, if the inputs are no list, or their shapes cannot be broadcast
        together; the batch size must be the same. So too for the others here.

    Notes
    -----
    Inputs with fewer axes than others get axes of size 1 after the batch. The output has a mask
    if all inputs have one: True where one of them is. So too for the others here.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.ones((2, 3))
    >>> kerasette.layers.Add()([x, x, x]).numpy().tolist()
    [[3.0, 3.0, 3.0], [3.0, 3.0, 3.0]]
    """

    def merge(self, inputs):
        """The sum."""
        return reduced(ops.add, inputs)


class Subtract(ElementwiseMerge):
    """The first of two tensors minus the second.

    Parameters
    ----------
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        When it is called, if there are not two inputs, or as for `Add`.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.ones((2, 3))
    >>> float(kerasette.layers.Subtract()([x, 3 * x])[0, 0])
    -2.0
    """

    def compute_output_shape(self, input_shape):
        """The shape that both are broadcast to, with their batch size."""
        shape = super().compute_output_shape(input_shape)
        if len(input_shape) != 2:
            raise ValueError(
                "A `Subtract` layer should be called on exactly 2 inputs. "
                f"Received: input_shape={input_shape}"
            )
        return shape

    def merge(self, inputs):
        """The difference."""
        return ops.subtract(*inputs)


class Multiply(ElementwiseMerge):
    """The product of tensors.

    Parameters
    ----------
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        As for `Add`.

    Notes
    -----
    What a mask leaves out counts as 1, and is 0 in the output if all inputs leave it out.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.full((2, 3), 2.0)
    >>> float(kerasette.layers.Multiply()([x, x, x])[0, 0])
    8.0
    """

    def merge(self, inputs):
        """The product of what the masks leave."""
        masks = _masks(inputs)
        factors = [
            x if mask is None else ops.where(mask, x, 1)
            for x, mask in zip(inputs, masks, strict=True)
        ]
        product = reduced(ops.multiply, factors)
        if any(mask is None for mask in masks):
            return product
        either = reduced(ops.logical_or, masks)
        product = ops.where(either, product, 0)
        product._keras_mask = ops.any(either, -1)
        return product


class Average(ElementwiseMerge):
    """The mean of tensors.

    Parameters
    ----------
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        As for `Add`.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.ones((2, 3))
    >>> float(kerasette.layers.Average()([x, 4 * x])[0, 0])
    2.5
    """

    _needs_real = True

    def merge(self, inputs):
        """The mean."""
        return ops.divide(reduced(ops.add, inputs), len(inputs))


class Extreme(ElementwiseMerge):
    """Base of `Maximum` and `Minimum`, with ``op`` of two tensors."""

    def merge(self, inputs):
        """The extreme of what the masks leave."""
        output, output_mask = None, None
        for x, mask in zip(inputs, _masks(inputs), strict=True):
            if output is None:
                output, output_mask = x, mask
                continue
            # What one leaves out does not count beside the other.
            other = x if mask is None else ops.where(mask, x, output)
            if output_mask is not None:
                output = ops.where(output_mask, output, other)
            both = mask is not None and output_mask is not None
            output_mask = ops.logical_or(output_mask, mask) if both else None
            output = self.op(output, other)
        if output_mask is not None and len(inputs) > 1:
            output._keras_mask = ops.any(output_mask, -1)
        return output


class Maximum(Extreme):
    """The larger of tensors, element by element.

    Parameters
    ----------
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        As for `Add`.

    Notes
    -----
    What a mask leaves out does not count beside what the others have there.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.ones((2, 3))
    >>> float(kerasette.layers.Maximum()([x, 4 * x])[0, 0])
    4.0
    """

    op = staticmethod(ops.maximum)


class Minimum(Extreme):
    """The smaller of tensors, element by element.

    Parameters
    ----------
    **kwargs
        ``name``, ``dtype`` and ``trainable`` of `Layer`.

    Raises
    ------
    ValueError
        As for `Add`.

    Notes
    -----
    What a mask leaves out does not count beside what the others have there.

    Examples
    --------
    >>> import kerasette
    >>> x = kerasette.ops.ones((2, 3))
    >>> float(kerasette.layers.Minimum()([x, 4 * x])[0, 0])
    1.0
    """

    op = staticmethod(ops.minimum)


def _masks(inputs):
    """The masks of the inputs, of their shapes; None for those that have none."""
    return [None if x._keras_mask is None else full_mask(x, x._keras_mask) for x in inputs]
