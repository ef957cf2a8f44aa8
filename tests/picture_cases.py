"""Calls of `model_to_dot`, for Keras and for kerasette alike, and what is drawn, as plain data."""

import html
import re

from model_cases import MODELS, model_of

EVERYTHING = dict.fromkeys(
    ("show_shapes", "show_dtype", "show_layer_activations", "show_trainable", "expand_nested"), True
)
WITHOUT_GRAPH = ("subclassed", "subclassed_and_built")
# Keras does not escape these; Graphviz refuses what it writes.
NOT_ESCAPED = ("odd_names",)

CASES = {
    **{name: {} for name in MODELS if name not in (*WITHOUT_GRAPH, *NOT_ESCAPED)},
    **{
        f"{name}_with_everything": EVERYTHING
        for name in ("router", "siamese", "nested", "graph_in_stack", "stack", "operators")
    },
    "subclassed_and_built": EVERYTHING,
    "shared_without_names": {"show_layer_names": False, "rankdir": "LR", "dpi": 96},
    "chain_as_a_part": {"subgraph": True, "splines": "curved"},
    "nested_as_a_part": {"subgraph": True, "expand_nested": True},
}


def model_of_case(keras, name):
    """The model that the name of a case begins with."""
    known = [model for model in MODELS if name.startswith(model)]
    return model_of(keras, max(known, key=len))


def cells(label):
    """The texts in the cells of a label."""
    parts = re.findall(r"<td[^>]*>(.*?)</td>", label)
    return [html.unescape(re.sub(r"<[^>]*>", "", part)) for part in parts]


def edges_by_titles(edges, titles):
    """Arrows between titles of boxes, in the order of the alphabet."""
    return sorted([titles[source], titles[target]] for source, target in edges)
