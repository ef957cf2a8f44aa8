"""Arrays on other grids: along an axis, and images turned, zoomed and moved."""

from kerasette._core cimport csrc
from kerasette._core.node cimport Node, add_scratch, new_node
from kerasette._core.ops.operands cimport as_dtype, checked_axis, operand, product, real_operand
from kerasette._core.tape cimport submit
from kerasette._core.tensor cimport Tensor, empty

from kerasette._core.ops.elementwise import stop_gradient

FILL_MODES = {
    "constant": csrc.KS_FILL_CONSTANT,
    "nearest": csrc.KS_FILL_NEAREST,
    "reflect": csrc.KS_FILL_REFLECT,
    "wrap": csrc.KS_FILL_WRAP,
}
INTERPOLATIONS = {"nearest": 0, "bilinear": 1}


def resample(x, matrix, axis):
    """`matrix` times x along `axis`: sums of neighbours, with the weights in a row each.

    Only what lies between the first and the last number of a row that is not zero is gone
    through.

    Parameters
    ----------
    x : Tensor
    matrix : Tensor or array of shape (size after, size before)
        A constant: it gets no gradient.
    axis : int

    Raises
    ------
    ValueError
        If the matrix does not fit the axis.
    """
    cdef Tensor source = real_operand(x)
    cdef Tensor weights = as_dtype(operand(stop_gradient(matrix)), source.code)
    cdef Py_ssize_t place = checked_axis(axis, len(source.shape))
    if len(weights.shape) != 2 or weights.shape[1] != source.shape[place]:
        raise ValueError(
            f"A matrix of shape {weights.shape} does not fit axis {place} of a tensor of shape "
            f"{source.shape}."
        )
    shape = source.shape[:place] + weights.shape[:1] + source.shape[place + 1:]
    cdef Tensor y = empty(shape, source.code)
    cdef Node node = new_node(csrc.KS_OP_resample, source.code, [source, weights], [y])
    node.c.size[0] = product(source.shape[:place])
    node.c.size[1] = source.shape[place]
    node.c.size[2] = weights.shape[0]
    node.c.size[3] = product(source.shape[place + 1:])
    add_scratch(node, csrc.KS_RESAMPLE_SCRATCH(node.c.size[1], node.c.size[2]))
    submit(node)
    return y


def affine_sample(images, transforms, str interpolation, str fill_mode, double fill_value=0.0):
    """Images whose pixel (row, column) is the input's at the place that a transform says.

    Parameters
    ----------
    images : Tensor of shape (batch, height, width, channels)
    transforms : Tensor of shape (batch, 6)
        a0, a1, a2, b0, b1, b2: column ``a0 * column + a1 * row + a2`` and row
        ``b0 * column + b1 * row + b2`` of the input. They get no gradient.
    interpolation : {"nearest", "bilinear"}
        Places in the middle between pixels are rounded away from 0.
    fill_mode : {"constant", "nearest", "reflect", "wrap"}
        What lies outside: `fill_value`; the pixel at the edge; the mirror image, edges twice; the
        image again.
    fill_value : float

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    cdef Tensor source = real_operand(images)
    cdef Tensor numbers = as_dtype(operand(stop_gradient(transforms)), source.code)
    if len(source.shape) != 4 or numbers.shape != (source.shape[0], 6):
        raise ValueError(
            "affine_sample() takes images of shape (batch, height, width, channels) and "
            f"transforms of shape (batch, 6). Received shapes {source.shape} and {numbers.shape}."
        )
    cdef Tensor y = empty(source.shape, source.code)
    cdef Node node = new_node(csrc.KS_OP_affine_sample, source.code, [source, numbers], [y])
    for i in range(4):
        node.c.size[i] = source.shape[i]
    node.c.size[4] = INTERPOLATIONS[interpolation]
    node.c.size[5] = FILL_MODES[fill_mode]
    node.c.attr[0] = fill_value
    submit(node)
    return y
