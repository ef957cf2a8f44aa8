"""The table of a model's layers, byte for byte as Keras's."""

import numpy as np
import pytest
from agreement import golden_json
from changes import assert_every_parameter_has_a_row
from consoles import written_into_pipe
from model_cases import model_of
from summary_cases import run_case, shortened

import kerasette

CASES = golden_json("summaries.json")["cases"]


@pytest.fixture(autouse=True)
def fresh_names():
    kerasette.utils.clear_session(free_memory=False)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_summary_is_that_of_keras(case):
    found = shortened(run_case(kerasette, case["case"]))
    assert found == {key: case[key] for key in ("text", "error") if key in case}


MODEL_ROWS = {
    "line_length": 50,
    "positions": [0.5, 0.7, 1.0],
    "print_fn": lambda text: None,
    "expand_nested": True,
    "show_trainable": True,
    "layer_range": ["dense", "dense"],
}
COVERED = dict.fromkeys(("Model.summary", "Sequential.summary"), MODEL_ROWS)
COVERED = {"Model.summary": MODEL_ROWS}


def stack():
    inner = kerasette.Sequential([kerasette.layers.Dense(2), kerasette.layers.Dropout(0.5)])
    layers = [kerasette.Input((3,)), kerasette.layers.Dense(4), inner]
    return kerasette.Sequential(layers, name="stack")


def summary(capsys, **arguments):
    kerasette.utils.clear_session(free_memory=False)
    stack().summary(**arguments)
    return capsys.readouterr().out


@pytest.mark.parametrize(("name", "value"), MODEL_ROWS.items(), ids=MODEL_ROWS)
def test_each_argument_acts(name, value, capsys):
    assert_every_parameter_has_a_row(kerasette.Sequential.summary, MODEL_ROWS)
    assert summary(capsys) != summary(capsys, **{name: value})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"line_length": 12}, "Insufficient console width"),
        ({"positions": [0.01, 0.5, 1.0]}, "Insufficient console width"),
        ({"layer_range": ["dense"]}, "must be a list or tuple of length 2"),
        ({"layer_range": [0, 1]}, "should contain string type only"),
        ({"layer_range": ["dense", "conv"]}, "do not match the layer names"),
    ],
)
def test_what_cannot_be_shown_is_refused(arguments, message, capsys):
    with pytest.raises(ValueError, match=message):
        stack().summary(**arguments)
    assert capsys.readouterr().out == ""


def test_a_summary_goes_to_the_log_where_messages_do(caplog, capsys):
    kerasette.config.disable_interactive_logging()
    try:
        with caplog.at_level("INFO", logger="kerasette"):
            stack().summary()
    finally:
        kerasette.config.enable_interactive_logging()
    assert capsys.readouterr().out == ""
    assert 'Model: "stack"' in caplog.text and "\x1b" not in caplog.text


def test_a_table_is_drawn_in_ascii_where_the_output_knows_no_more():
    def show():
        stack().summary(line_length=30, expand_nested=True)

    text = written_into_pipe(show, encoding="ascii")
    lines = [line for line in text.splitlines() if line[0] in "+|"]
    assert {len(line) for line in lines} == {30}
    assert "+ dense" in text and "Pa." in text


def test_shared_weights_count_once(capsys):
    dense = kerasette.layers.Dense(3)
    kerasette.Sequential([kerasette.Input((3,)), dense, dense]).summary()
    assert "Total params: 12 (48.00 B)" in capsys.readouterr().out


def test_sizes_of_other_dtypes(capsys):
    layers = [kerasette.Input((3,)), kerasette.layers.Dense(3, dtype="float64")]
    kerasette.Sequential(layers).summary()
    assert "Total params: 12 (96.00 B)" in capsys.readouterr().out


def test_a_notebook_shows_the_table():
    model = kerasette.Sequential(
        [kerasette.Input((3,)), kerasette.layers.Dense(1000, name="<b>&")], name='"x" & <y>'
    )
    html = model._repr_html_()
    assert html.count("<tr>") == 2 and html.count("<td>") == 3
    assert "<td>&lt;b&gt;&amp; (Dense)</td><td>(None, 1000)</td><td>4,000</td>" in html
    assert "&quot;x&quot; &amp; &lt;y&gt;" in html and "<y>" not in html
    assert "<b>Total params:</b> 4,000 (15.62 KB)" in html
    unbuilt = kerasette.Sequential([kerasette.layers.Dense(2)])
    assert "<td>?</td><td>0 (unbuilt)</td>" in unbuilt._repr_html_()


def test_a_notebook_shows_connections():
    html = model_of(kerasette, "router")._repr_html_()
    assert html.count("<tr>") == 8 and html.count("<td>") == 7 * 4
    assert "<th>Connected to</th>" in html
    assert "<td>mean[0][0], tags[0][0]</td>" in html
    assert "Connected to" not in model_of(kerasette, "chain")._repr_html_()


def test_a_graph_has_four_positions(capsys):
    with pytest.raises(ValueError, match="must have 4 numbers"):
        model_of(kerasette, "router").summary(positions=[0.3, 0.6, 1.0])
    assert capsys.readouterr().out == ""


class WithTwoArguments(kerasette.layers.Layer):
    def build(self, query_shape, value_shape):
        self.dense = kerasette.layers.Dense(value_shape[-1])
        self.dense.build(query_shape)

    def call(self, query, value):
        return self.dense(query) + value

    def compute_output_shape(self, query_shape, value_shape):
        return value_shape


class Subclassed(kerasette.Model):
    def __init__(self):
        super().__init__(name="subclassed")
        self.sum = WithTwoArguments(name="sum")
        self.pair = kerasette.layers.Lambda(lambda x: [x, x], name="pair")
        self.never_called = kerasette.layers.Dense(3, name="never_called")

    def call(self, inputs):
        return self.pair(self.sum(inputs, inputs[:, :1]))[0]


def test_the_batch_of_the_first_data_is_not_shown(capsys):
    model = Subclassed()
    model(np.ones((5, 2), "float32"))
    model.summary()
    lines = [line.split("│") for line in capsys.readouterr().out.splitlines() if "│" in line]
    shapes = {cells[1].split()[0]: cells[2].strip() for cells in lines}
    # A layer that does not say its shape for others is not called to find it.
    assert shapes == {"sum": "(None, 1)", "pair": "?", "never_called": "?"}
