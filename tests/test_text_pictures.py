"""Pictures of models as text: some drawn by hand, and all read back into their edges."""

import random
import re
from textwrap import dedent

import pytest
from changes import assert_every_parameter_has_a_row
from model_cases import GRAPHS, MODELS, model_of

import kerasette
from kerasette.utils import model_to_text
from kerasette.utils.lanes import lane_rows


def edges_read(rows):
    """(source, target) of every line in a picture.

    Parameters
    ----------
    rows : list of (str, object)
        Signs, of which every second one is in a lane, and the node in the row, or None.
    """
    owners, sources, edges = {}, None, []
    for text, node in rows:
        signs = {i: sign for i, sign in enumerate(text[::2]) if sign != " "}
        if node is None:
            assert sources is None
            ends = [i for i, sign in signs.items() if sign not in "│─"]
            assert text[2 * ends[0] : 2 * ends[-1] + 1].count(" ") == 0
            assert signs[ends[0]] in "├╰╭" and signs[ends[-1]] in "┤╯╮"
            sources = [owners[i] for i in ends if signs[i] in "├┤┼╰╯┴"]
            for i in ends:
                if signs[i] in "╰╯┴":
                    del owners[i]
            continue
        (own,) = (i for i, sign in signs.items() if sign in "○●")
        if signs[own] == "○":
            assert sources is None
        else:
            edges += [(source, node) for source in sources or [owners[own]]]
        others = {i for i, sign in signs.items() if sign == "│"}
        owners = {i: owners[i] for i in others} | {own: node}
        sources = None
    return sorted(edges)


@pytest.mark.parametrize("seed", range(40))
def test_lines_of_any_graph_lead_where_its_edges_do(seed):
    draw = random.Random(seed)
    nodes = list(range(draw.choice([1, 2, 5, 12, 30])))
    n_sources = draw.choice([1, 2, 4])
    sources = {n: draw.choices(nodes[:n], k=draw.randint(0, n_sources)) if n else [] for n in nodes}
    rows = lane_rows(nodes, sources)
    assert [row.node for row in rows if row.node is not None] == nodes
    assert len({len(row.text) for row in rows} | {len(row.below) for row in rows}) == 1
    expected = sorted((source, n) for n in nodes for source in set(sources[n]))
    assert edges_read([(row.text, row.node) for row in rows]) == expected


def test_a_graph_without_nodes_has_no_rows():
    assert lane_rows([], {}) == []


@pytest.mark.parametrize("make", GRAPHS, ids=lambda make: make.__name__)
def test_a_picture_has_every_layer_and_every_edge(make):
    model = model_of(kerasette, make.__name__)
    lines = model_to_text(model).splitlines()[1:]
    rows, n_calls = [], {}
    for line in lines:
        signs, title = re.match(r"([○●│├─┤┼╰╯┴╭╮┬ ]*)(\S* \(\w+\))?", line).groups()
        if title is not None:
            n_calls[title] = n_calls.get(title, 0) + 1
            title = (title, n_calls[title])
        rows.append((signs, title))
    titles, found = {}, {}
    for node in model._nodes:
        title = f"{node.operation.name} ({type(node.operation).__name__})"
        found[title] = found.get(title, 0) + 1
        titles[node] = title, found[title]
    edges = {(titles[p], titles[node]) for node in model._nodes for p in node.parent_nodes}
    assert sorted(title for _, title in rows if title) == sorted(titles.values())
    assert edges_read(rows) == sorted(edges)


PICTURES = {
    "chain": """
        chain (Functional)
        ○ inputs (InputLayer)  (None, 3)
        ● dense (Dense)        (None, 4)
        ● dense_1 (Dense)      (None, 2)
        """,
    "router": """
        router (Functional)
        ○   title (InputLayer)     (None, None)
        ●   embedding (Embedding)  (None, None, 6)
        ●   mean (Mean)            (None, 6)
        │ ○ tags (InputLayer)      (None, 5)
        ├─╯
        ●   both (Concatenate)     (None, 11)
        ├─╮
        │ ● department (Dense)     (None, 4)  -> output department
        ●   priority (Dense)       (None, 1)  -> output priority
        """,
    "branches": """
        branches (Functional)
        ○     a (InputLayer)       (None, 2)
        ├─╮
        │ ●   deep_1 (Dense)       (None, 2)
        │ ●   deep_2 (Dense)       (None, 2)  -> output 0
        │ │ ○ b (InputLayer)       (None, 2)
        ● │ │ wide (Dense)         (None, 2)
        ├─┴─╯
        ●     both (Maximum)       (None, 2)
        ●     end (Dense)          (None, 1)  -> output 1
        ○     unused (InputLayer)  (None, 2)
        """,
    "shared": """
        again_and_again (Functional)
        ○ inputs (InputLayer)     (None, 4)
        ● shared (Dense)          (None, 4)
        ● shared (Dense), call 2  (None, 4)
        ● shared (Dense), call 3  (None, 4)
        """,
    "odd_names": r"""
        m <b>&"quoted" (Functional)
        ○   <in> & "out" (InputLayer)  (None, 2)
        ├─╮
        │ ● a|b{c} (Dense)             (None, 2)
        ● │ größe_数据 \n (Dense)      (None, 2)
        ├─╯
        ●   add (Add)                  (None, 2)
        """,
    "stack": """
        stack (Sequential)
        ○ input_layer (InputLayer)  (None, 3)
        ● dense (Dense)             (None, 4)
        ● dropout (Dropout)         (None, 4)
        ● dense_1 (Dense)           (None, 1)
        """,
    "subclassed": """
        subclassed (Subclassed)  ?
        ├─ first (Dense)         ?
        ├─ block (Block)         ?
        └─ chain (Functional)    (None, 2)
        """,
}
EXPANDED = {
    "nested": """
        nested (Functional)
        ○ inputs (InputLayer)                 (None, 4)
        ● before (Dense)                      (None, 4)
        ● inner (Functional)                  [(None, 3), (None, 2)]
        │   ○   inner_inputs (InputLayer)     (None, 4)
        │   ├─╮
        │   │ ● head (Sequential)             (None, 3)  -> output 0
        │   │     ○ input_layer (InputLayer)  (None, 4)
        │   │     ● dense (Dense)             (None, 3)
        │   │     ● dropout (Dropout)         (None, 3)
        │   ●   side (Dense)                  (None, 2)  -> output 1
        ● joined (Concatenate)                (None, 5)
        """,
    "subclassed_and_built": """
        subclassed (Subclassed)    ?
        ├─ first (Dense)           (None, 3)
        ├─ block (Block)           ?
        │  └─ inner_dense (Dense)  (None, 3)
        └─ chain (Functional)      (None, 2)
           ○ inputs (InputLayer)   (None, 3)
           ● dense (Dense)         (None, 4)
           ● dense_1 (Dense)       (None, 2)
        """,
}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_those_drawn_by_hand(name):
    assert model_to_text(model_of(kerasette, name)) == dedent(PICTURES[name]).strip()


@pytest.mark.parametrize("name", EXPANDED)
def test_models_in_models_are_drawn_below_them(name):
    text = model_to_text(model_of(kerasette, name), expand_nested=True)
    assert text == dedent(EXPANDED[name]).strip()


def test_a_stack_of_which_no_graph_is_known():
    inner = kerasette.Sequential([kerasette.layers.Dense(2)], name="inner")
    layers = [inner, kerasette.layers.Dense(1, name="end"), inner.layers[0]]
    model = kerasette.Sequential(layers, name="unbuilt")
    inner.layers[0].name = "first"
    expected = """
        unbuilt (Sequential)
        ● inner (Sequential)
        │   ● first (Dense)
        ● end (Dense)
        ● first (Dense)
        """
    assert model_to_text(model, False, expand_nested=True) == dedent(expected).strip()


def test_an_output_that_is_given_twice():
    inputs = kerasette.Input((2,), name="inputs")
    end = kerasette.layers.Dense(1, name="end")(inputs)
    model = kerasette.Model(inputs, {"a": end, "b": [end, inputs]})
    lines = model_to_text(model, show_shapes=False).splitlines()
    assert lines[1:] == [
        "○ inputs (InputLayer)  -> output b.1",
        "● end (Dense)          -> output a, output b.0",
    ]


def test_a_layer_is_drawn_too():
    assert model_to_text(kerasette.layers.Dense(2, name="one")) == "one (Dense)  ?"
    with pytest.raises(ValueError, match=r"`model` must be a model. Received: model='a'"):
        model_to_text("a")


ROWS = {"model": None, "show_shapes": False, "expand_nested": True}


@pytest.mark.parametrize("name", ["show_shapes", "expand_nested"])
def test_each_argument_acts(name):
    assert_every_parameter_has_a_row(model_to_text, ROWS)
    model = model_of(kerasette, "nested")
    assert model_to_text(model) != model_to_text(model, **{name: ROWS[name]})


@pytest.mark.parametrize("name", MODELS)
def test_without_shapes_there_are_none(name):
    assert "None" not in model_to_text(model_of(kerasette, name), False, True)


def test_a_graph_may_be_deeper_than_the_recursion_limit():
    x = inputs = kerasette.Input((2,))
    identity = kerasette.layers.Identity()
    for _ in range(1200):
        x = identity(x)
    model = kerasette.Model(inputs, x)
    assert len(model_to_text(model).splitlines()) == 1202
    assert kerasette.utils.model_to_dot(model).to_string().count("->") == 2
