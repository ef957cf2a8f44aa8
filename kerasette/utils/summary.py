"""The table of a model's layers."""

import math
import re
import shutil
from html import escape

import numpy as np

from kerasette import config
from kerasette.utils.console import print_msg
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

LINE_LENGTH = 88
COLUMNS = ("Layer (type)", "Output Shape", "Param #")
POSITIONS = (0.45, 0.80, 1.0)
SIDES = ("left", "left", "right")


def print_summary(
    model, line_length=None, positions=None, print_fn=None, expand_nested=False,
    show_trainable=False, layer_range=None,
):  # fmt: skip
    """Prints a table of a model's layers, and how many parameters they have.

    Parameters
    ----------
    model : Model
        With ``layers``, and ``_output_shapes()`` that gives the shape of the output of each layer,
        or None where it is not known.
    line_length : int, optional
        Width of the table; by default 88, or what the terminal has, less 4.
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
    header, sides = list(COLUMNS), list(SIDES)
    length, positions = LINE_LENGTH, list(positions or POSITIONS)[: len(POSITIONS)]
    if len(positions) < len(POSITIONS):
        raise ValueError(
            f"`positions` must have {len(POSITIONS)} numbers, one for each column. "
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
    header = "".join(f"<th>{escape(name)}</th>" for name in COLUMNS)
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


def layer_rows(model, expand_nested=False, show_trainable=False, layer_range=None, level=0):
    """Rows of the layers in a range, and of the layers in those."""
    first, last = checked_range(model.layers, layer_range)
    shapes = model._output_shapes()
    rows = []
    for layer, shape in zip(model.layers[first:last], shapes[first:last]):
        rows.append(layer_row(layer, shape, show_trainable, level))
        if expand_nested and hasattr(layer, "_output_shapes"):
            rows += layer_rows(layer, expand_nested, show_trainable, None, level + 1)
    return rows


def layer_row(layer, shape, show_trainable, level):
    """Name and class, shape and number of parameters of a layer."""
    prefix = "   " * level + "└ " if level else ""
    row = [
        styled(f"{prefix}{layer.name} (", (type(layer).__name__, "symbol"), ")"),
        shape_text(shape),
        styled((f"{layer.count_params():,}", "number"))
        if layer.built
        else styled(("0", "number"), " (unbuilt)"),
    ]
    if show_trainable:
        answer = ("-", "bold")
        if layer.weights:
            answer = ("Y", "yes") if layer.trainable else ("N", "no")
        row.append(styled(answer))
    return row


def shape_text(shape):
    """A shape, or a structure of shapes, as text; ? for None."""
    if shape is None:
        return styled("?")
    if isinstance(shape, dict):
        parts = [styled(f"{key}: ") + shape_text(shape[key]) for key in shape]
        return styled("{") + with_commas(parts) + styled("}")
    if isinstance(shape, list):
        return styled("[") + with_commas(map(shape_text, shape)) + styled("]")
    sizes = [styled((str(n), "none" if n is None else "number")) for n in shape]
    return styled("(") + with_commas(sizes) + styled(")")


def with_commas(texts):
    """Texts with commas between them."""
    joined = []
    for i, text in enumerate(texts):
        joined += (styled(", ") if i else []) + text
    return joined


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
