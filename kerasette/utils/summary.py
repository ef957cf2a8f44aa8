"""The table of a model's layers."""

import math
import re
import shutil
from html import escape

import numpy as np

from kerasette import config
from kerasette.graph.function import Graph
from kerasette.utils.console import print_msg
from kerasette.utils.layer_shapes import output_shape, shape_text, with_commas
from kerasette.utils.styled import (
    console_codes,
    console_width,
    cut,
    knows_only_ascii,
    plain,
    rendered,
    styled,
    wrapped,
)
from kerasette.utils.table import table_lines

COLUMNS = ("Layer (type)", "Output Shape", "Param #", "Connected to")
SIDES = ("left", "left", "right", "left")
# Where columns end, as a part of the width, by their number; and the width.
POSITIONS = {3: (0.45, 0.80, 1.0), 4: (0.3, 0.56, 0.74, 1.0)}
LENGTHS = {3: 88, 4: 108}


def print_summary(
    model, line_length=None, positions=None, print_fn=None, expand_nested=False,
    show_trainable=False, layer_range=None,
):  # fmt: skip
    """Prints a table of a model's layers, and how many parameters they have.

    Parameters
    ----------
    model : Model
    line_length : int, optional
        Width of the table; by default 88, or 108 for a graph that is no chain; no more than the
        terminal has, less 4.
    positions : list of float, optional
        Where each column ends, as a part of the width.
    print_fn : callable, optional
        Called once, with the whole text without colors, in place of printing.
    expand_nested : bool
        Whether models in the model are followed by their layers.
    show_trainable : bool
        Whether a column says what training changes.
    layer_range : list of two str, optional
        Regular expressions for names of the first and the last layer to show.

    Raises
    ------
    ValueError
        If the width is too small, or no layer has a name as in `layer_range`.
    """
    n_columns = 3 if is_chain(model) else 4
    header, sides = list(COLUMNS[:n_columns]), list(SIDES[:n_columns])
    length = LENGTHS[n_columns]
    positions = list(positions or POSITIONS[n_columns])[:n_columns]
    if len(positions) < n_columns:
        raise ValueError(
            f"`positions` must have {n_columns} numbers, one for each column. "
            f"Received: positions={positions}"
        )
    if show_trainable:
        header.append("Trainable")
        sides.append("center")
        length, positions = length + 12, [p * 0.90 for p in positions] + [1.0]
    length = line_length or min(length, shutil.get_terminal_size().columns - 4)
    widths = column_widths(positions, length)
    rows = layer_rows(model, expand_nested, show_trainable, layer_range)
    is_ascii = knows_only_ascii()
    table = table_lines(header, rows, sides, widths, length, is_ascii)
    text = as_written(model, table, console_codes() if is_printed(print_fn) else {})
    if is_ascii:
        text = text.replace("…", ".").replace("└", "+")
    if print_fn is None:
        print_msg(text, line_break=False)
    else:
        print_fn(text)


def is_printed(print_fn):
    """Whether the text goes to standard output, and may have colors."""
    return print_fn is None and config.is_interactive_logging_enabled()


def as_written(model, table, codes):
    """The table between what stands above and below it, no wider than the console."""
    console = console_width()
    lines = [
        *wrapped(styled((f'Model: "{model.name}"', "bold")), console),
        *(cut(line, console) for line in table),
        *(part for line in counts(model) for part in wrapped(styled(*line), console)),
    ]
    return "".join(rendered(line, codes) + "\n" for line in lines)


def summary_html(model):
    """The table as HTML, for notebooks."""
    names = COLUMNS[:3] if is_chain(model) else COLUMNS
    header = "".join(f"<th>{escape(name)}</th>" for name in names)
    rows = "".join(html_row(row) for row in layer_rows(model))
    lines = "<br>".join(
        f"<b>{escape(title.strip())}</b> {count}{escape(size)}"
        for (title, _), (count, _), size in counts(model)
    )
    return (
        f"<p><b>Model: {escape(model.name)}</b></p>"
        f"<table><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table><p>{lines}</p>"
    )


def html_row(row):
    """A row of the table as HTML."""
    return "<tr>" + "".join(f"<td>{escape(plain(text))}</td>" for text in row) + "</tr>"


def column_widths(positions, length):
    """Widths of columns that end at these parts of a line."""
    widths, done = [], 0
    for position in positions:
        widths.append(int(position * length) - done)
        done += widths[-1]
    if min(widths) < 4:
        raise ValueError("Insufficient console width to print summary.")
    return widths


def is_chain(model):
    """Whether each layer takes what the one before it returns: where nobody asks for connections.

    A model that is no graph counts as one.
    """
    if not isinstance(model, Graph):
        return True
    before, seen = None, set()
    for node in model._nodes:
        follows = node.input_tensors == [] or node.parent_nodes == [before]
        if not follows or (before and node.is_input) or node.operation in seen:
            return False
        before = node
        seen.add(node.operation)
    return True


def layer_rows(model, expand_nested=False, show_trainable=False, layer_range=None):
    """Rows of the layers in a range, and of the layers in those."""
    layers = model.operations if isinstance(model, Graph) else model.layers
    first, last = checked_range(layers, layer_range)
    nodes = None if is_chain(model) else set(model._nodes)
    rows = []
    for layer in layers[first:last]:
        for inner, level in with_inner(layer) if expand_nested else [(layer, 0)]:
            rows.append(layer_row(inner, nodes, show_trainable, level))
    return rows


def with_inner(layer, level=0):
    """A layer, the layers of it, and of those, each with its depth."""
    yield layer, level
    for inner in getattr(layer, "layers", ()):
        yield from with_inner(inner, level + 1)


def layer_row(layer, nodes, show_trainable, level):
    """Name and class, shape and number of parameters of a layer or another operation.

    Parameters
    ----------
    layer : Operation
    nodes : set of Node or None
        The graph's, if there is a column for connections.
    show_trainable : bool
    level : int
        How many models are around it.
    """
    prefix = "   " * level + "└ " if level else ""
    row = [
        styled(f"{prefix}{layer.name} (", (type(layer).__name__, "symbol"), ")"),
        shape_text(output_shape(layer)),
        n_parameters(layer),
    ]
    if nodes is not None:
        row.append(connections(layer, nodes))
    if show_trainable:
        answer = ("-", "bold")
        if getattr(layer, "weights", None):
            answer = ("Y", "yes") if layer.trainable else ("N", "no")
        row.append(styled(answer))
    return row


def n_parameters(layer):
    """How many numbers training may change, and other state of the layer."""
    if not hasattr(layer, "built"):
        return styled(("0", "number"))
    if not layer.built:
        return styled(("0", "number"), " (unbuilt)")
    return styled((f"{layer.count_params():,}", "number"))


def connections(layer, nodes):
    """Where the inputs of a layer come from: operation, which call of it, which output."""
    parts = []
    for node in layer._inbound_nodes:
        for tensor in node.input_tensors if node in nodes else ():
            operation, call, output = tensor._keras_history
            indices = (str(call), "number"), "][", (str(output), "number")
            parts.append(styled(f"{operation.name}[", *indices, "]"))
    return with_commas(parts) if parts else styled("-")


def counts(model):
    """Parts of lines that say how many parameters there are, and what memory they take."""
    groups = {
        " Trainable params: ": model.trainable_weights,
        " Non-trainable params: ": model.non_trainable_weights,
    }
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None and optimizer.built:
        groups[" Optimizer params: "] = optimizer.variables
    everything = [variable for group in groups.values() for variable in group]
    for title, group in {" Total params: ": everything, **groups}.items():
        count = sum(math.prod(variable.shape) for variable in group)
        size = readable_size(sum(memory(variable) for variable in group))
        yield (title, "bold"), (f"{count:,}", "number"), f" ({size})"


def memory(variable):
    """Bytes of a variable as Keras counts them: 4 for the number of steps that is an int64 here."""
    size = np.dtype(variable.dtype).itemsize
    return math.prod(variable.shape) * (4 if variable.dtype == "int64" else size)


def readable_size(size):
    """Bytes in a unit that suits them.

    >>> readable_size(92), readable_size(2048)
    ('92.00 B', '2.00 KB')
    """
    units = ["B", "KB", "MB", "GB", "TB", "PB"]
    for unit in units[:-1]:
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} {units[-1]}"


def checked_range(layers, names):
    """Indices of the first layer to show, and of the one after the last."""
    if names is None:
        return 0, len(layers)
    if len(names) != 2:
        raise ValueError(
            "layer_range must be a list or tuple of length 2. "
            f"Received: layer_range = {names} of length {len(names)}"
        )
    if not all(isinstance(name, str) for name in names):
        raise ValueError(f"layer_range should contain string type only. Received: {names}")
    found = [[i for i, layer in enumerate(layers) if re.match(name, layer.name)] for name in names]
    if not all(found):
        raise ValueError(
            f"Passed layer_names do not match the layer names in the model. Received: {names}"
        )
    first, last = min(found[0]), max(found[1])
    if first > last:
        first, last = min(found[1]), max(found[0])
    return first, last + 1
