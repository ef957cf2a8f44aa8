"""What `model_to_dot` draws: boxes and what stands in them, arrows, parts, and attributes."""

import sys

import keras

from .store import FOLDER, write_json

sys.path.append(str(FOLDER.parent))
from picture_cases import CASES, cells, edges_by_titles, model_of_case


def make():
    """Write `pictures.json`: each call, and what is drawn."""
    write_json("pictures", {name: answered(name) for name in CASES})


def answered(name):
    """What Keras draws for a case."""
    dot = keras.utils.model_to_dot(model_of_case(keras, name), **CASES[name])
    attributes = {key: str(dot.get(key)) for key in ("rankdir", "dpi", "splines") if dot.get(key)}
    titles = {}
    drawn = described(dot, titles)
    return {"drawn": drawn, "edges": edges_by_titles(arrows(dot), titles), "attributes": attributes}


def described(dot, titles):
    """Boxes and parts of a graph; `titles` gets the title of each box by its identity."""
    nodes = []
    for node in dot.get_nodes():
        if node.get_name() == "node":  # what holds for all
            continue
        nodes.append(cells(node.get_label()))
        titles[node.get_name()] = nodes[-1][0]
    parts = [{"label": part.get_label(), **described(part, titles)} for part in dot.get_subgraphs()]
    return {"nodes": nodes, "parts": parts}


def arrows(dot):
    """(source, target) of each arrow, those in parts too."""
    inner = [arrow for part in dot.get_subgraphs() for arrow in arrows(part)]
    return inner + [(edge.get_source(), edge.get_destination()) for edge in dot.get_edges()]
