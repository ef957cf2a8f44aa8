"""Pictures of models, by way of Graphviz."""

import sys
from html import escape
from pathlib import Path
from typing import Any

from kerasette import tree
from kerasette.checks import check_size
from kerasette.naming import object_name
from kerasette.utils.console import print_msg
from kerasette.utils.dot import Dot, Html
from kerasette.utils.model_structure import check_is_built, edges, is_graph, is_stack, members

DIRECTIONS = ("TB", "LR", "BT", "RL")
FORMS = ("ortho", "curved", "polyline", "spline", "line")


def model_to_dot(
    model, show_shapes=False, show_dtype=False, show_layer_names=True, rankdir="TB",
    expand_nested=False, dpi=200, subgraph=False, show_layer_activations=False,
    show_trainable=False, splines="ortho", **kwargs,
):  # fmt: skip
    """The graph of a model in Graphviz's language.

    A subclassed model, which has no graph, is one box.

    Parameters
    ----------
    model : Model
        That is built.
    show_shapes : bool
        Whether boxes say the shapes of inputs and outputs.
    show_dtype : bool
        Whether they say the dtype of outputs.
    show_layer_names : bool
        Whether they say names, and not the class alone.
    rankdir : {"TB", "LR", "BT", "RL"}
        Direction of the arrows: from top to bottom, from left to right, and their opposites.
    expand_nested : bool
        Whether functional and sequential models in the model are drawn with their layers.
    dpi : int
        Dots per inch of a picture, at least 1.
    subgraph : bool
        Whether the graph is a part to be put into another one, with a box around.
    show_layer_activations : bool
        Whether boxes of layers with an ``activation`` name it.
    show_trainable : bool
        Whether boxes of layers with weights say if training changes them.
    splines : {"ortho", "curved", "polyline", "spline", "line"}
        Form of the arrows.
    **kwargs
        None.

    Returns
    -------
    Dot
        With ``to_string()``, ``write(path)`` and ``create(format="png")``; notebooks show it.

    Raises
    ------
    ValueError
        If the model is not built, an argument is not known, or `rankdir`, `dpi` or `splines` is
        none of those above.

    Examples
    --------
    >>> import kerasette
    >>> model = kerasette.Sequential([kerasette.Input((3,)), kerasette.layers.Dense(2)])
    >>> dot = kerasette.utils.model_to_dot(model, show_shapes=True)
    >>> "(None, 3)" in dot.to_string()
    True
    """
    check_is_built(model)
    check_no_others(kwargs)
    check_one_of("rankdir", rankdir, DIRECTIONS)
    check_one_of("splines", splines, FORMS)
    check_size("dpi", dpi)
    label = Label(show_shapes, show_dtype, show_layer_names, show_layer_activations, show_trainable)
    drawing = Drawing(label, expand_nested)
    if subgraph:
        return drawing.part(model)
    whole = Dot(rankdir=rankdir, concentrate=True, dpi=dpi, splines=splines)
    drawing.fill(whole, model)
    return whole


def plot_model(
    model, to_file: Any = "model.png", show_shapes=False, show_dtype=False, show_layer_names=False,
    rankdir="TB", expand_nested=False, dpi=200, show_layer_activations=False, show_trainable=False,
    splines="ortho", **kwargs,
):  # fmt: skip
    """Draws a model into a file.

    Graphviz draws it, if its program ``dot`` is installed. Otherwise the graph is written as DOT
    text, which Graphviz can draw elsewhere, to a file of the same name that ends with ``.dot``;
    a message says so.

    Parameters
    ----------
    model : Model
        That is built.
    to_file : str or path
        The end of its name says the format: ``.png``, ``.svg``, ``.pdf``, ``.jpeg`` and others that
        Graphviz knows, PNG if there is none; ``.dot`` is DOT text, for which nothing is needed.
    show_shapes, show_dtype, show_layer_names, rankdir, expand_nested, dpi
        As of `model_to_dot`.
    show_layer_activations, show_trainable, splines, **kwargs
        As of `model_to_dot`.

    Returns
    -------
    IPython.display.Image or None
        What a notebook shows, if IPython runs the program; not for PDF and DOT.

    Raises
    ------
    ValueError
        If the model is not built, an argument is not known, or Graphviz cannot draw it.

    Examples
    --------
    >>> import kerasette, pathlib, tempfile
    >>> model = kerasette.Sequential([kerasette.Input((3,)), kerasette.layers.Dense(2)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "model.dot"
    ...     kerasette.utils.plot_model(model, path, show_layer_names=True)
    ...     path.read_text()[:9]
    'digraph {'
    """
    dot = model_to_dot(
        model, show_shapes=show_shapes, show_dtype=show_dtype, show_layer_names=show_layer_names,
        rankdir=rankdir, expand_nested=expand_nested, dpi=dpi,
        show_layer_activations=show_layer_activations, show_trainable=show_trainable,
        splines=splines, **kwargs,
    )  # fmt: skip
    path = Path(to_file)
    kind = path.suffix[1:] or "png"
    if kind == "dot":
        dot.write(path)
        return None
    try:
        dot.write(path, format=kind)
    except FileNotFoundError as error:
        if not _is_about_graphviz(error):
            raise
        text = path.with_suffix(".dot")
        dot.write(text)
        print_msg(
            f"{error} The graph was written as text, to be drawn with: dot -T{kind} -O {text}"
        )
        return None
    return _image(path, kind)


def _is_about_graphviz(error):
    # What the system raises for a folder that is not there names a file.
    return error.filename is None


def _image(path, kind):
    """What notebooks show; None outside of them."""
    if "IPython" not in sys.modules or kind == "pdf":
        return None
    from IPython import display

    return (display.SVG if kind == "svg" else display.Image)(filename=str(path))


def check_no_others(kwargs):
    """Raises if there are arguments."""
    if kwargs.pop("layer_range", None) is not None:
        raise ValueError("Argument `layer_range` is no longer supported.")
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments: {kwargs}")


def check_one_of(name, value, known):
    """Raises if a value is none of those that are known: Graphviz would say nothing."""
    if value not in known:
        raise ValueError(f"`{name}` must be one of {known}. Received: {name}={value!r}")


class Drawing:
    """Makes the nodes and edges of models; an operation has one key wherever it stands."""

    def __init__(self, label, expand_nested):
        self.label = label
        self.expand_nested = expand_nested
        self.keys = {}

    def key(self, operation):
        """The name of an operation's node: by when it was first met, so that texts are the same."""
        return self.keys.setdefault(operation, f"n{len(self.keys)}")

    def part(self, model):
        """A model with a box around."""
        dot = Dot(
            self.key(model), style="dashed", label=model.name, labeljust="l", fontname="Helvetica"
        )
        self.fill(dot, model)
        return dot

    def fill(self, dot, model):
        """Adds what is in a model."""
        dot.node_defaults = {"shape": "plain", "fontname": "Helvetica"}
        if not (is_graph(model) or is_stack(model)):
            dot.add_node(self.key(model), label=self.label.of(model))
            return
        for member in members(model):
            if self.expand_nested and (is_graph(member) or is_stack(member)):
                dot.add_subgraph(self.part(member))
            else:
                dot.add_node(self.key(member), label=self.label.of(member))
        for source, target in edges(model, self.expand_nested):
            dot.add_edge(self.key(source), self.key(target))


class Label:
    """Writes what stands in the box of an operation; the parameters say what is shown."""

    def __init__(self, shapes, dtype, names, activations, trainable):
        self.shapes = shapes
        self.dtype = dtype
        self.names = names
        self.activations = activations
        self.trainable = trainable

    def of(self, layer):
        """A table: name and class, activation, and a row of other facts."""
        facts = list(self._facts(layer))
        span = max(1, len(facts))
        rows = [cell(self._title(layer), span, "black", "white", 16)]
        activation = getattr(layer, "activation", None)
        if self.activations and activation is not None:
            rows.append(cell(f"Activation: {bold(object_name(activation))}", span))
        if facts:
            rows.append("".join(facts))
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return Html(
            f'<table border="0" cellborder="1" cellspacing="0" cellpadding="8">{body}</table>'
        )

    def _title(self, layer):
        class_name = escape(type(layer).__name__)
        return f"{bold(layer.name)} ({class_name})" if self.names else bold(class_name)

    def _facts(self, layer):
        if self.shapes:
            shapes = [of_ends(layer, end, "shape") for end in ("input", "output")]
            # Where one is not known, neither is shown.
            texts = ["?", "?"] if None in shapes else map(structure_text, shapes)
            for title, text in zip(("Input", "Output"), texts):
                if title == "Output" or type(layer).__name__ != "InputLayer":
                    yield cell(f"{title} shape: {bold(text)}")
        if self.dtype:
            yield cell(f"Output dtype: {bold(of_ends(layer, 'output', 'dtype') or '?')}")
        if self.trainable and getattr(layer, "weights", None):
            if layer.trainable:
                yield cell(bold("Trainable"), 1, "darkgreen", "white")
            else:
                yield cell(bold("Non-trainable"), 1, "darkred", "white")


def of_ends(layer, end, attribute):
    """Shape or dtype of a layer's symbolic inputs or outputs, in their structure, or None."""
    try:
        tensors = getattr(layer, end)
    except AttributeError:
        return None
    return tree.map_structure(lambda tensor: getattr(tensor, attribute), tensors)


def structure_text(shapes):
    """Shapes as text.

    >>> structure_text([(None, 2), (3,)]), structure_text({"a": (None,)})
    ('[(None, 2), (3,)]', 'a: (None,)')
    """
    if isinstance(shapes, dict):
        return ", ".join(f"{key}: {shape}" for key, shape in shapes.items())
    return str(shapes)


def bold(text):
    """Text in bold letters, as HTML."""
    return f"<b>{escape(str(text))}</b>"


def cell(html, span=1, background="white", color="black", size=14):
    """A cell of a table."""
    font = f'<font point-size="{size}" color="{color}">{html}</font>'
    return f'<td colspan="{span}" bgcolor="{background}">{font}</td>'
