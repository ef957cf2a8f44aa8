"""What layers return: shapes, and how tables write them."""

from kerasette.shapes import map_shapes
from kerasette.utils.styled import styled


def output_shape(layer):
    """Shape of what a layer returns, or the structure of several; None where it is not known.

    That of its last call in a graph, or what it says for the shapes that it was built for; the
    batch is None then, whatever the data was.

    Parameters
    ----------
    layer : Operation
    """
    if layer._inbound_nodes:
        shapes = [tensor.shape for tensor in layer._inbound_nodes[-1].output_tensors]
        return shapes[0] if len(shapes) == 1 else shapes
    if isinstance(getattr(layer, "output_shape", None), list):
        # Keras writes those of a model with several outputs as a tuple.
        return tuple(layer.output_shape)
    shapes = _shape_for_build(layer)
    return None if shapes is None else map_shapes(lambda sizes: (None, *sizes[1:]), shapes)


def _shape_for_build(layer):
    if hasattr(layer, "output_shape"):
        return layer.output_shape
    config = layer.get_build_config()
    # What a class does not say is not found by calling it: a table runs no code of users.
    if not config or not layer._has_own_output_shape:
        return None
    shapes = config.get("shapes_dict") or {"input_shape": config["input_shape"]}
    return layer.compute_output_shape(*shapes.values())


def shape_text(shape):
    """A shape, or a structure of shapes, as text; ? for None."""
    if shape is None:
        return styled("?")
    if isinstance(shape, dict):
        parts = [styled(f"{key}: ") + shape_text(shape[key]) for key in shape]
        return styled("{") + with_commas(parts) + styled("}")
    if isinstance(shape, list):
        return styled("[") + with_commas(map(shape_text, shape)) + styled("]")
    return styled("(") + with_commas(map(_size_text, shape)) + styled(")")


def _size_text(size):
    if isinstance(size, tuple):
        return shape_text(size)
    return styled((str(size), "none" if size is None else "number"))


def with_commas(texts):
    """Texts with commas between them."""
    joined = []
    for i, text in enumerate(texts):
        joined += (styled(", ") if i else []) + text
    return joined
