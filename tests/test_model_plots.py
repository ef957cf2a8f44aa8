"""Pictures of models by way of Graphviz: what is drawn, and what is written where."""

import re
import shutil
import sys
from types import ModuleType, SimpleNamespace

import pytest
from agreement import golden_json
from changes import assert_every_parameter_has_a_row
from model_cases import MODELS, model_of
from picture_cases import CASES, EVERYTHING, cells, edges_by_titles, model_of_case

import kerasette
from kerasette.utils import model_to_dot, plot_model
from kerasette.utils.dot import Dot

GOLDEN = golden_json("pictures.json")
needs_graphviz = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
NOT_BUILT = "This model has not yet been built"


@pytest.fixture
def no_graphviz(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


# ---- what is drawn -------------------------------------------------------------------


def drawn(text):
    """What DOT text says, in the form of the golden file."""
    whole = {"nodes": [], "parts": []}
    open_parts, titles, edges, attributes = [whole], {}, [], {}
    lines = text.splitlines()
    assert re.match(r"digraph \{$|subgraph cluster_\w+ \{$", lines[0]) and lines[-1] == "}"
    for line in map(str.strip, lines[1:-1]):
        if line.startswith("subgraph"):
            open_parts.append({"label": None, "nodes": [], "parts": []})
            open_parts[-2]["parts"].append(open_parts[-1])
        elif line == "}":
            open_parts.pop()
        elif found := re.match(r"(n\d+) \[label=<(.*)>\];$", line):
            open_parts[-1]["nodes"].append(cells(found[2]))
            titles[found[1]] = cells(found[2])[0]
        elif found := re.match(r"(n\d+) -> (n\d+);$", line):
            edges.append(found.groups())
        elif found := re.match(r'(\w+)="?(.*?)"?;$', line):
            (attributes if len(open_parts) == 1 else open_parts[-1])[found[1]] = found[2]
        else:
            assert line.startswith("node [")
    return whole, edges_by_titles(edges, titles), attributes


def without(parts, *names):
    """Parts without attributes that Keras's have not."""
    return [
        {key: value for key, value in part.items() if key not in names}
        | {"parts": without(part["parts"], *names)}
        for part in parts
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_drawing_has_what_that_of_keras_has(name):
    expected = GOLDEN[name]
    model = model_of_case(kerasette, name)
    found, edges, attributes = drawn(model_to_dot(model, **CASES[name]).to_string())
    found["parts"] = without(found["parts"], "style", "labeljust", "fontname")
    assert found == expected["drawn"]
    assert edges == expected["edges"]
    assert attributes.items() >= expected["attributes"].items()


def test_the_text_is_the_same_each_time():
    first, second = (model_to_dot(model_of(kerasette, "nested"), **EVERYTHING) for _ in range(2))
    assert first.to_string() == second.to_string() == str(second)


def test_names_are_escaped():
    text = model_to_dot(model_of(kerasette, "odd_names")).to_string()
    assert drawn(text)[0]["nodes"][0] == ['<in> & "out" (InputLayer)']
    assert "<in>" not in text
    part = model_to_dot(model_of(kerasette, "odd_names"), subgraph=True).to_string()
    assert r'label="m <b>&\"quoted\""' in part


def test_a_stack_that_takes_a_structure_is_drawn():
    inner = kerasette.Sequential([kerasette.layers.Add(name="sum"), kerasette.layers.Dense(1)])
    inner.build([(None, 2), (None, 2)])
    assert drawn(model_to_dot(inner).to_string())[1] == [["sum (Add)", "dense (Dense)"]]


# ---- arguments -----------------------------------------------------------------------

DRAWING = {
    "show_shapes": True,
    "show_dtype": True,
    "rankdir": "LR",
    "expand_nested": True,
    "dpi": 100,
    "show_layer_activations": True,
    "show_trainable": True,
    "splines": "curved",
}
# The model and the file are another in each test.
DOT_ROWS = {**DRAWING, "show_layer_names": False, "subgraph": True, "model": None}
PLOT_ROWS = {**DRAWING, "show_layer_names": True, "to_file": None, "model": None}
COVERED = {"utils.model_to_dot": DOT_ROWS, "utils.plot_model": PLOT_ROWS}


@pytest.fixture
def model():
    return model_of(kerasette, "nested")


@pytest.mark.parametrize("name", [*DRAWING, "show_layer_names", "subgraph"])
def test_each_argument_of_model_to_dot_acts(name, model):
    assert_every_parameter_has_a_row(model_to_dot, DOT_ROWS)
    text = model_to_dot(model).to_string()
    assert model_to_dot(model, **{name: DOT_ROWS[name]}).to_string() != text


@pytest.mark.parametrize("name", [*DRAWING, "show_layer_names"])
def test_each_argument_of_plot_model_acts(name, model, tmp_path):
    assert_every_parameter_has_a_row(plot_model, PLOT_ROWS)
    before, after = tmp_path / "before.dot", tmp_path / "after.dot"
    plot_model(model, before)
    plot_model(model, str(after), **{name: PLOT_ROWS[name]})
    assert before.read_text() != after.read_text()


@pytest.mark.parametrize("function", [model_to_dot, plot_model])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"layer_range": ["a", "b"]}, "`layer_range` is no longer supported"),
        ({"colors": True}, "Unrecognized keyword arguments: {'colors': True}"),
        ({"rankdir": "X"}, "`rankdir` must be one of .*'TB'.*Received: rankdir='X'"),
        ({"rankdir": ["LR"]}, "`rankdir` must be one of"),
        ({"splines": "round"}, "`splines` must be one of .*'ortho'.*Received: splines='round'"),
        ({"dpi": "fine"}, "`dpi` must be a positive integer. Received: dpi='fine'"),
        ({"dpi": 0}, "`dpi` must be a positive integer"),
    ],
)
def test_other_arguments_are_refused(function, arguments, message, model):
    with pytest.raises(ValueError, match=message):
        function(model, **arguments)


@pytest.mark.parametrize("function", [model_to_dot, plot_model])
def test_a_model_that_is_not_built_is_refused(function):
    with pytest.raises(ValueError, match=NOT_BUILT):
        function(kerasette.Sequential([kerasette.layers.Dense(1)]))
    with pytest.raises(ValueError, match=NOT_BUILT):
        function(model_of(kerasette, "subclassed"))


@pytest.mark.parametrize("function", [model_to_dot, plot_model])
@pytest.mark.parametrize("model", [None, 3])
def test_what_is_no_model_is_refused(function, model):
    with pytest.raises(ValueError, match=f"`model` must be a model. Received: model={model}"):
        function(model)


# ---- files ---------------------------------------------------------------------------

BEGINNINGS = {
    ".png": b"\x89PNG",
    ".svg": b"<?xml",
    ".pdf": b"%PDF",
    ".jpeg": b"\xff\xd8",
    "": b"\x89PNG",
}


@needs_graphviz
@pytest.mark.parametrize("suffix", BEGINNINGS)
def test_graphviz_draws_in_the_format_of_the_name(suffix, model, tmp_path):
    path = tmp_path / f"picture{suffix}"
    assert plot_model(model, path, dpi=50) is None
    assert path.read_bytes().startswith(BEGINNINGS[suffix])


@needs_graphviz
@pytest.mark.parametrize("name", sorted(set(MODELS) - {"subclassed"}))
def test_graphviz_draws_every_model(name):
    built = model_of(kerasette, name)
    picture = model_to_dot(built, **EVERYTHING).create(format="svg").decode()
    for layer in getattr(built, "operations", []):
        if not hasattr(layer, "layers"):
            assert f"({type(layer).__name__})" in picture


@needs_graphviz
def test_a_part_can_be_drawn_alone(model):
    part = model_to_dot(model, subgraph=True)
    assert ">nested</text>" in part.create(format="svg").decode()


@needs_graphviz
def test_what_graphviz_refuses_is_said(model, tmp_path):
    path = tmp_path / "model.unknown"
    with pytest.raises(ValueError, match="could not draw the graph as 'unknown'"):
        plot_model(model, path)
    assert not path.exists()


@needs_graphviz
def test_other_programs_of_graphviz_draw():
    dot = Dot()
    dot.add_edge("a", "b")
    assert dot.create("neato", format="svg") != dot.create(format="svg")
    assert dot.create().startswith(b"%!PS")


def test_text_needs_no_graphviz(model, tmp_path, no_graphviz):
    dot = model_to_dot(model)
    dot.write(tmp_path / "model.txt")
    plot_model(model, tmp_path / "model.dot", show_layer_names=True)
    for name in ("model.txt", "model.dot"):
        assert (tmp_path / name).read_text() == dot.to_string() + "\n"
    assert dot.create(format="raw").decode() == dot.to_string() + "\n"


def test_without_graphviz_text_is_written_and_a_message(model, tmp_path, capsys, no_graphviz):
    assert plot_model(model, tmp_path / "model.png") is None
    assert [path.name for path in tmp_path.iterdir()] == ["model.dot"]
    assert "digraph {" in (tmp_path / "model.dot").read_text()
    message = capsys.readouterr().out
    assert "Graphviz is not installed" in message and str(tmp_path / "model.dot") in message


def test_a_drawing_without_graphviz_is_an_error(model, no_graphviz):
    dot = model_to_dot(model)
    with pytest.raises(FileNotFoundError, match="'dot' of Graphviz is not installed"):
        dot.create(format="png")
    with pytest.raises(FileNotFoundError, match="'neato' of Graphviz"):
        dot.write("model.svg", prog="neato", format="svg")
    assert dot._repr_svg_() is None


@needs_graphviz
def test_a_folder_that_is_not_there_is_an_error(model, tmp_path, capsys):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        plot_model(model, tmp_path / "nowhere" / "model.png")
    assert capsys.readouterr().out == ""


@needs_graphviz
def test_notebooks_get_a_picture(model, tmp_path, monkeypatch):
    assert model_to_dot(model)._repr_svg_().startswith("<?xml")
    notebook = ModuleType("IPython")
    notebook.display = SimpleNamespace(
        Image=lambda filename: ("image", filename), SVG=lambda filename: ("svg", filename)
    )
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    found = {kind: plot_model(model, tmp_path / f"m.{kind}") for kind in ("png", "svg", "pdf")}
    png, svg = str(tmp_path / "m.png"), str(tmp_path / "m.svg")
    assert found == {"png": ("image", png), "svg": ("svg", svg), "pdf": None}
