"""Progress on the console, byte for byte as Keras shows it under the same clock."""

import io
import logging
import sys

import numpy as np
import pytest
from agreement import golden_json
from changes import assert_every_parameter_has_a_row
from consoles import injected_clock, written_into_pipe, written_on_terminal
from progress_cases import RUNNERS, run_bar_case, shortened

import kerasette
from kerasette.utils import Progbar, progbar

CASES = golden_json("progress.json")["cases"]
WRITTEN = {"pipe": written_into_pipe, "terminal": written_on_terminal}


@pytest.mark.parametrize("where", WRITTEN)
@pytest.mark.parametrize("case", CASES, ids=[f"{c['kind']}-{c['name']}" for c in CASES])
def test_progress_is_shown_as_in_keras(case, where):
    text = WRITTEN[where](lambda: RUNNERS[case["kind"]](kerasette, progbar, case["case"]))
    if where == "terminal":
        text = text.replace("\r\n", "\n")
    assert shortened(text) == case["text"]


def bar_text(monkeypatch, steps=3, seconds=0.1, **arguments):
    """What a bar writes to an output that is no terminal."""
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    case = {"bar": {"target": 3, **arguments}, "steps": []}
    for i in range(steps):
        values = [["a", i + 0.5], ["b", 2.0 * i]]
        case["steps"].append([seconds, "update", {"current": i + 1, "values": values}])
    run_bar_case(kerasette, progbar, case)
    return output.getvalue()


BAR_ROWS = {
    "target": 5,
    "width": 11,
    "verbose": 2,
    "interval": 0.15,
    "stateful_metrics": ["a"],
    "stateless_metrics": ["b"],
    "unit_name": "sample",
}
COVERED = {
    "utils.Progbar": BAR_ROWS,
    "utils.Progbar.add": ["n", "values"],
    "utils.Progbar.update": ["current", "values", "finalize"],
}


def test_without_an_output_nothing_is_shown(monkeypatch):
    # As daemons have none. Keras raises an error, Python's `print` does not.
    monkeypatch.setattr(sys, "stdout", None)
    model = kerasette.Sequential([kerasette.Input((2,)), kerasette.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.summary()
    for verbose in (1, 2):
        model.fit(np.ones((4, 2)), np.ones(4), verbose=verbose)
    model.predict(np.ones((4, 2)))
    assert model.optimizer.iterations.numpy() == 2


@pytest.mark.parametrize(("name", "value"), BAR_ROWS.items(), ids=BAR_ROWS)
def test_each_argument_of_a_bar_acts(name, value, monkeypatch):
    assert_every_parameter_has_a_row(Progbar, BAR_ROWS)
    assert bar_text(monkeypatch) != bar_text(monkeypatch, **{name: value})


@pytest.mark.parametrize(
    ("method", "given", "changes"),
    [
        ("update", {"current": 2}, {"current": 1, "values": [("a", 1.0)], "finalize": True}),
        ("add", {"n": 2}, {"n": 1, "values": [("a", 1.0)]}),
    ],
)
def test_each_argument_of_an_update_acts(method, given, changes):
    def text(**arguments):
        case = {"bar": {"target": 3}, "steps": [[0.1, method, {**given, **arguments}]]}
        return written_into_pipe(lambda: run_bar_case(kerasette, progbar, case))

    assert_every_parameter_has_a_row(getattr(Progbar, method), changes)
    for name, value in changes.items():
        assert text(**{name: value}) != text(), name


def test_a_bar_takes_one_kind_of_names():
    with pytest.raises(ValueError, match="Only one of"):
        Progbar(3, stateful_metrics=["a"], stateless_metrics=["b"])


def test_lines_follow_one_another_where_none_can_be_drawn_over(monkeypatch):
    expected = bar_text(monkeypatch)
    monkeypatch.delitem(sys.modules, "posix", raising=False)
    monkeypatch.delenv("PYCHARM_HOSTED", raising=False)
    text = bar_text(monkeypatch)
    assert "\r" not in text and text.count("\n") == 4
    assert expected.count("\r") == 3
    monkeypatch.setenv("PYCHARM_HOSTED", "1")
    assert bar_text(monkeypatch) == expected


def test_a_bar_is_drawn_in_ascii_where_the_output_knows_no_more():
    def draw():
        with injected_clock(progbar):
            Progbar(4).update(2, [("größe", 1.0)])

    text = written_into_pipe(draw, encoding="ascii")
    assert "==========" in text and " - gre: 1.0000" in text


@pytest.fixture
def not_interactive():
    kerasette.config.disable_interactive_logging()
    yield
    kerasette.config.enable_interactive_logging()


def test_progress_can_go_to_the_log(not_interactive, capsys, caplog):
    assert not kerasette.config.is_interactive_logging_enabled()
    with caplog.at_level(logging.INFO, logger="kerasette"):
        Progbar(2, verbose=2).update(2)
    assert capsys.readouterr().out == ""
    assert [record.name for record in caplog.records] == ["kerasette"]
    assert caplog.records[0].getMessage().startswith("2/2 - ")


def test_the_switch_is_where_keras_has_it():
    names = ("disable", "enable", "is")
    for name in names:
        name += "_interactive_logging" + ("_enabled" if name == "is" else "")
        assert getattr(kerasette.utils, name) is getattr(kerasette.config, name)
    assert kerasette.utils.is_interactive_logging_enabled()


def test_without_batch_hooks_the_bar_follows_in_larger_steps(capsys):
    model = kerasette.Sequential([kerasette.Input((2,)), kerasette.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.zeros((4000, 2), "float32")
    model.fit(x, x[:, :1], batch_size=2, epochs=2)
    text = capsys.readouterr().out
    assert text.count("2000/2000") >= 2 and text.count("\r") < 1000
    assert model.replayed_steps > 3000
