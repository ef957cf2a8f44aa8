"""Calls of `Model.summary`, as plain data, for Keras and for kerasette alike."""

import re

import numpy as np
from consoles import written_into_pipe, written_on_terminal
from model_cases import model_of

LONG = "a_layer_with_a_name_that_is_longer_than_its_column_and_goes_on_and_on_to_see_what_happens"
SMALL = [["Dense", {"units": 4}], ["Dropout", {"rate": 0.5}], ["Dense", {"units": 2}]]
NAMES = [
    ["Dense", {"units": 3, "name": LONG}],
    ["Dense", {"units": 3, "name": "name of several short words, to be broken between them"}],
    ["Dense", {"units": 3, "name": "[bold]brackets[red]"}],
    ["Dense", {"units": 3, "name": "größe_数据_layer"}],
]
LARGE = [["Dense", {"units": 700}], ["Dense", {"units": 1234}], ["Dense", {"units": 2}]]
DEEP = [["Dense", {"units": 12345, "use_bias": False}]]
NESTED = [
    ["Dense", {"units": 3}],
    ["Sequential", {"name": "inner", "layers": [*SMALL, ["Sequential", {"layers": SMALL[:2]}]]}],
    ["Dense", {"units": 1}],
]
TERMINAL = {"console": "terminal"}

# Where: "pipe", "terminal" or "print_fn"; `state` is what is done with the model before.
CASES = {
    "pipe": {"layers": SMALL},
    "terminal": {"layers": SMALL, **TERMINAL},
    "many_colors": {"layers": SMALL, **TERMINAL, "environment": {"TERM": "xterm-256color"}},
    "true_colors": {"layers": SMALL, **TERMINAL, "environment": {"COLORTERM": "truecolor"}},
    "no_colors": {
        "layers": SMALL,
        **TERMINAL,
        "environment": {"NO_COLOR": "1"},
        "summary": {"show_trainable": True},
    },
    "dumb_terminal": {"layers": SMALL, **TERMINAL, "columns": 100, "environment": {"TERM": "dumb"}},
    "wide_terminal": {"layers": SMALL, **TERMINAL, "columns": 160},
    "narrow_terminal": {
        "layers": [*SMALL, *NAMES],
        **TERMINAL,
        "columns": 50,
        "summary": {"show_trainable": True},
    },
    "very_narrow_terminal": {"layers": SMALL, **TERMINAL, "columns": 32, "name": LONG},
    "too_narrow_terminal": {"layers": SMALL, **TERMINAL, "columns": 20},
    "forced_colors": {"layers": SMALL, "environment": {"FORCE_COLOR": "1"}},
    "columns": {"layers": SMALL, "environment": {"COLUMNS": "66"}},
    "print_fn": {"layers": SMALL, "console": "print_fn", "environment": {"COLUMNS": "120"}},
    "trainable": {
        "layers": SMALL,
        "state": ["frozen"],
        **TERMINAL,
        "columns": 120,
        "summary": {"show_trainable": True},
    },
    "trained": {"layers": SMALL, "state": ["fitted"], "optimizer": "Adam"},
    "trained_in_part": {"layers": SMALL, "state": ["frozen", "fitted"], "optimizer": "SGD"},
    "compiled": {"layers": SMALL, "state": ["compiled"]},
    "unbuilt": {"layers": SMALL, "input_shape": None, **TERMINAL},
    "built_in_part": {"layers": SMALL, "input_shape": None, "state": ["first_built"]},
    "empty": {"layers": []},
    "names": {"layers": NAMES, "name": "model [red]with[bold] brackets"},
    "names_in_color": {"layers": NAMES, **TERMINAL},
    "narrow": {"layers": [*SMALL, *NAMES], "summary": {"line_length": 46}},
    "very_narrow": {"layers": DEEP, "summary": {"line_length": 30}, **TERMINAL},
    "too_narrow": {"layers": SMALL, "summary": {"line_length": 12}},
    "wider_than_the_console": {"layers": SMALL, "summary": {"line_length": 120}},
    "long_model_name": {"layers": SMALL[:1], "name": f"{LONG} and {LONG}", **TERMINAL},
    "kilobytes": {"layers": LARGE[1:], "input_shape": [17]},
    "megabytes": {"layers": LARGE, "input_shape": [17], **TERMINAL},
    "shapes": {"layers": DEEP, "input_shape": [7, None, 31]},
    "positions": {"layers": SMALL, "summary": {"positions": [0.2, 0.4, 0.6]}},
    "positions_trainable": {
        "layers": SMALL,
        "summary": {"positions": [0.6, 0.7, 0.95], "show_trainable": True},
    },
    "nested": {"layers": NESTED, **TERMINAL},
    "expanded": {
        "layers": NESTED,
        **TERMINAL,
        "state": ["frozen"],
        "summary": {"expand_nested": True, "show_trainable": True},
    },
    "range": {"layers": SMALL, "summary": {"layer_range": ["dropout", "dense_1"]}},
    "range_of_patterns": {"layers": SMALL, "summary": {"layer_range": ["dense", "drop"]}},
    "range_backwards": {"layers": SMALL, "summary": {"layer_range": ["dense_1", "dropout"]}},
    "range_nested": {
        "layers": NESTED,
        "summary": {"layer_range": ["inner", "inner"], "expand_nested": True},
    },
    "range_unknown": {"layers": SMALL, "summary": {"layer_range": ["dense", "conv"]}},
    "range_of_one": {"layers": SMALL, "summary": {"layer_range": ["dense"]}},
    "range_of_numbers": {"layers": SMALL, "summary": {"layer_range": [0, 1]}},
    "chain": {"model": "chain"},
    "router": {"model": "router", **TERMINAL, "columns": 120},
    "router_in_80_columns": {"model": "router", "state": ["with_optimizer"]},
    "residual": {"model": "residual", "state": ["with_optimizer"]},
    "siamese": {"model": "siamese", "summary": {"line_length": 60}},
    "siamese_expanded": {"model": "siamese", "summary": {"expand_nested": True}},
    "shared": {"model": "shared", "summary": {"show_trainable": True}},
    "operators": {"model": "operators", "summary": {"show_trainable": True}},
    "branches": {"model": "branches", "console": "print_fn"},
    "branches_in_part": {"model": "branches", "summary": {"layer_range": ["deep_2", "both"]}},
    "graph_positions": {"model": "branches", "summary": {"positions": [0.2, 0.5, 0.6, 1.0]}},
    "graph_too_narrow": {"model": "branches", "summary": {"line_length": 14}},
    "graph_nested": {"model": "nested", "summary": {"show_trainable": True}},
    "graph_expanded": {
        "model": "nested",
        **TERMINAL,
        "columns": 130,
        "summary": {"expand_nested": True, "show_trainable": True},
    },
    "graph_in_stack": {"model": "graph_in_stack"},
    "graph_in_stack_expanded": {"model": "graph_in_stack", "summary": {"expand_nested": True}},
    "cut_out": {"model": "cut_out"},
    "subclassed": {"model": "subclassed"},
    "subclassed_and_built": {"model": "subclassed_and_built", **TERMINAL},
    "subclassed_expanded": {
        "model": "subclassed_and_built",
        "summary": {"expand_nested": True, "show_trainable": True},
    },
    "odd_names": {"model": "odd_names", **TERMINAL},
}


def run_case(library, case):
    """What a call of `summary` writes, as a dict of `text`, or of `error`."""
    model = build(library, case)
    arguments = {"columns": case["columns"]} if "columns" in case else {}
    arguments |= case.get("environment", {})
    texts, errors = [], []

    def run():
        given = dict(case.get("summary", {}))
        if case.get("console") == "print_fn":
            given["print_fn"] = texts.append
        try:
            model.summary(**given)
        except ValueError as error:
            errors.append(type(error).__name__)

    is_terminal = case.get("console") == "terminal"
    text = (written_on_terminal if is_terminal else written_into_pipe)(run, **arguments)
    if errors:
        return {"error": errors[0]}
    assert len(texts) == (case.get("console") == "print_fn")
    return {"text": "".join(texts) + text}


def build(library, case):
    """The model of a case."""
    if "model" in case:
        model = model_of(library, case["model"])
        if "with_optimizer" in case.get("state", []):
            model.compile(optimizer="adam", loss="mse")
            model.optimizer.build(model.trainable_variables)
        return model
    layers = [make(library, layer) for layer in case["layers"]]
    shape = case.get("input_shape", [3])
    if shape is not None:
        layers.insert(0, library.Input(tuple(shape)))
    model = library.Sequential(layers, name=case.get("name", "model"))
    state = case.get("state", [])
    if "first_built" in state:
        model.layers[0].build((None, 5))
    if "frozen" in state:
        model.layers[0].trainable = False
    if "fitted" in state or "compiled" in state:
        model.compile(optimizer=case.get("optimizer", "SGD").lower(), loss="mse")
    if "fitted" in state:
        model.fit(np.zeros((4, *shape)), np.zeros((4, *model.output_shape[1:])), verbose=0)
    return model


def make(library, described):
    """A layer, or a model that is one."""
    name, arguments = described
    if name == "Sequential":
        layers = [make(library, layer) for layer in arguments["layers"]]
        return library.Sequential(layers, name=arguments.get("name"))
    return getattr(library.layers, name)(**arguments)


# What a summary is full of, and shorter signs for it.
SHORT = {"\x1b": "␛", "\r\n": "\n"}


def shortened(found):
    """The answer with runs of a character as ``<20 ━>``, and ␛ for escapes."""
    if "text" not in found:
        return found
    text = found["text"]
    for long, short in SHORT.items():
        text = text.replace(long, short)
    return {"text": re.sub(r"([ ━─])\1{5,}", lambda run: f"<{len(run[0])} {run[1]}>", text)}
