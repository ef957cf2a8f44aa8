"""Pictures of models made of text, for terminals."""

from typing import NamedTuple

from kerasette import tree
from kerasette.graph.node import node_of
from kerasette.utils.lanes import lane_rows
from kerasette.utils.layer_shapes import output_shape, shape_text
from kerasette.utils.model_structure import check_is_model, is_graph, is_stack
from kerasette.utils.styled import cells, plain, styled


class Row(NamedTuple):
    """Lines, and what stands beside them."""

    lines: str
    title: str = ""
    shape: str = ""
    # Which output of the model it makes.
    output: str = ""


def model_to_text(model, show_shapes=True, expand_nested=False):
    """A picture of a model as text.

    A graph has a row for each call, after those whose outputs it takes; lines lead from one to the
    other. ``○`` is where nothing comes in, ``●`` takes what is above it, ``│`` goes by. A
    subclassed model is a tree of its layers. The model need not be built.

    Parameters
    ----------
    model : Model or Layer
    show_shapes : bool
        Whether rows end with the shape that the call returns; in trees that of the last call in a
        graph, or for the shapes that the layer was built for. ``?`` where it is not known.
    expand_nested : bool
        Whether layers that consist of layers are followed by these.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If it is neither a model nor a layer.

    Examples
    --------
    >>> import kerasette
    >>> inputs = kerasette.Input((8,), name="inputs")
    >>> hidden = kerasette.layers.Dense(8, name="hidden")(inputs)
    >>> both = kerasette.layers.Add(name="both")([hidden, inputs])
    >>> model = kerasette.Model(inputs, kerasette.layers.Dense(2, name="end")(both), name="skip")
    >>> print(kerasette.utils.model_to_text(model))
    skip (Functional)
    ○   inputs (InputLayer)  (None, 8)
    ├─╮
    │ ● hidden (Dense)       (None, 8)
    ├─╯
    ●   both (Add)           (None, 8)
    ●   end (Dense)          (None, 2)
    """
    check_is_model(model)
    inner = rows_within(model, expand_nested)
    # A graph says what it returns by itself.
    has_shape = show_shapes and not (is_graph(model) or is_stack(model))
    top = Row("", title_of(model), text_of_shape(output_shape(model)) if has_shape else "")
    return "\n".join(in_columns([top, *inner], show_shapes))


def rows_within(layer, expand_nested):
    """The picture of what a layer consists of: no rows if it consists of nothing."""
    if is_stack(layer):
        graph = layer._functional
        return (
            rows_of_stack(layer, expand_nested)
            if graph is None
            else rows_within(graph, expand_nested)
        )
    return (rows_of_graph if is_graph(layer) else rows_of_tree)(layer, expand_nested)


def rows_of_graph(model, expand_nested):
    """Rows of calls, with lanes."""
    nodes = in_order(model)
    outputs, calls = names_of_outputs(model), {}
    rows = []
    for text, node, below in lane_rows(nodes, {node: node.parent_nodes for node in nodes}):
        if node is None:
            rows.append(Row(text))
            continue
        operation = node.operation
        n = calls[operation] = calls.get(operation, 0) + 1
        shapes = [tensor.shape for tensor in node.output_tensors]
        rows.append(
            Row(
                f"{text} ",
                title_of(operation) + (f", call {n}" if n > 1 else ""),
                text_of_shape(shapes[0] if len(shapes) == 1 else shapes),
                ", ".join(outputs.get(id(tensor), "") for tensor in node.output_tensors).strip(
                    ", "
                ),
            )
        )
        if expand_nested:
            rows += shifted(rows_of_member(operation), f"{below}   ")
    return rows


def rows_of_stack(model, expand_nested):
    """Rows of the layers of a ``Sequential`` that is no graph yet."""
    rows = []
    for layer in model.layers:
        rows.append(Row("● ", title_of(layer), text_of_shape(output_shape(layer))))
        if expand_nested:
            lines = "    " if layer is model.layers[-1] else "│   "
            rows += shifted(rows_of_member(layer), lines)
    return rows


def rows_of_tree(layer, expand_nested):
    """Rows of the layers that a layer has."""
    members = layer._sublayers()
    rows = []
    for member in members:
        is_last = member is members[-1]
        row = Row("", title_of(member), text_of_shape(output_shape(member)))
        rows += shifted([row], "└─ " if is_last else "├─ ")
        if expand_nested:
            rows += shifted(rows_of_member(member), "   " if is_last else "│  ")
    return rows


def rows_of_member(operation):
    """Rows of what an operation consists of; functions consist of nothing."""
    return rows_within(operation, True) if hasattr(operation, "_sublayers") else []


def shifted(rows, lines):
    """Rows with lines to the left of them."""
    return [row._replace(lines=lines + row.lines) for row in rows]


def in_order(model):
    """The calls of a graph: branch after branch, each call after those whose outputs it takes."""
    ends = [*model.outputs, *model.inputs]
    stack, done = [(node_of(tensor), False) for tensor in reversed(ends)], {}
    while stack:
        node, parents_are_done = stack.pop()
        if parents_are_done:
            done[node] = None
        elif node not in done:
            stack.append((node, True))
            stack += [(parent, False) for parent in reversed(node.parent_nodes)]
    return list(done)


def names_of_outputs(model):
    """What to call each output of a graph, by identity, if there are several."""
    pairs = tree.flatten_with_path(model.output)
    if len(pairs) < 2:
        return {}
    names = {}
    for path, tensor in pairs:
        name = "output " + ".".join(map(str, path))
        names[id(tensor)] = f"{names[id(tensor)]}, {name}" if id(tensor) in names else name
    return names


def title_of(operation):
    """Name and class."""
    return f"{operation.name} ({type(operation).__name__})"


def text_of_shape(shape):
    """A shape, or a structure of shapes, as in the table of ``summary``."""
    return plain(shape_text(shape))


def in_columns(rows, show_shapes):
    """Lines of text: titles, shapes and outputs below each other."""
    columns = [[row.lines + row.title for row in rows]]
    if show_shapes:
        columns.append([row.shape for row in rows])
    columns.append([f"-> {row.output}" if row.output else "" for row in rows])
    lines = [""] * len(rows)
    for column in columns:
        # Widths of what nothing stands beside do not count.
        widths = [cells(styled(line)) for line, text in zip(lines, column) if text]
        place = max(widths, default=0) + 2
        for i, text in enumerate(column):
            if text:
                gap = " " * (place - cells(styled(lines[i]))) if lines[i] else ""
                lines[i] += gap + text
    return [line.rstrip() for line in lines]
