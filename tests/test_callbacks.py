"""Callbacks: what they do in `fit`, as in Keras, and what is particular to them."""

import json

import numpy as np
import pytest
from agreement import assert_agree, golden_json
from callback_cases import run_case
from changes import assert_every_parameter_has_a_row
from progress_cases import shortened

import kerasette
from kerasette.callbacks import (
    Callback,
    CallbackList,
    CSVLogger,
    History,
    LambdaCallback,
    LearningRateScheduler,
    ProgbarLogger,
)
from kerasette.utils import progbar

CASES = golden_json("callbacks.json")["cases"]
EXACT = ("epochs", "error", "files", "text")
# Keras's words for warnings, up to what differs.
WARNINGS = ("Early stopping conditioned on", "Learning rate reduction is conditioned on", "mode '")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_callbacks_do_what_they_do_in_keras(case):
    found = run_case(kerasette, progbar, case["case"])
    found["text"] = shortened(found["text"])
    for key in EXACT:
        assert found[key] == case.get(key, type(found[key])()), key
    assert found["warnings"] == case.get("warnings", [])
    assert_alike(found["weights"], case["weights"], "weights")
    assert_alike(found["rate"], case["rate"], "learning rate")
    assert_alike(found["histories"], case.get("histories", []), "history")
    assert_alike(found["seen"], case.get("seen", []), "seen")


def assert_alike(found, expected, what):
    """Nested data are the same, but for the last digits of floats."""
    if isinstance(expected, dict):
        assert list(found) == list(expected), what
        for key in expected:
            assert_alike(found[key], expected[key], f"{what} {key}")
    elif isinstance(expected, list) and any(isinstance(x, (dict, list, str)) for x in expected):
        assert len(found) == len(expected), what
        for i, (a, b) in enumerate(zip(found, expected)):
            assert_alike(a, b, f"{what} {i}")
    elif isinstance(expected, str):
        assert found == expected, what
    else:
        found, expected = np.asarray(found, "float64"), np.asarray(expected, "float64")
        is_finite = np.isfinite(expected)
        np.testing.assert_array_equal(found[~is_finite], expected[~is_finite], what)
        assert_agree(found[is_finite], expected[is_finite], what)


# ---- every argument acts ------------------------------------------------------------------

DOWN = [5.0, 4.0, 3.0, 3.5, 3.2, 2.9, 2.95, 2.93, 2.92, 2.91, 1.0, 1.5]

# A change of each argument from a case, the rest of the case, and what of the result differs.
STOPPING = {
    "monitor": ("loss", {}),
    "min_delta": (2.0, {}),
    "patience": (4, {}),
    "verbose": (1, {}),
    "mode": ("max", {}),
    "baseline": (0.5, {"patience": 3}),
    "restore_best_weights": (True, {}),
    "start_from_epoch": (6, {}),
}
REDUCING = {
    "monitor": ("loss", {}),
    "factor": (0.5, {}),
    "patience": (3, {}),
    "verbose": (1, {}),
    "mode": ("max", {}),
    "min_delta": (2.0, {}),
    "cooldown": (2, {}),
    "min_lr": (0.05, {}),
}
SCHEDULING = {"schedule": ("by_rate", {}), "verbose": (1, {})}
TERMINATING = {"raise_error": (True, {})}
WRITING = {"filename": ("other.csv", {}), "separator": (";", {}), "append": (True, {})}

BASES = {
    "EarlyStopping": (STOPPING, {"patience": 2}),
    "ReduceLROnPlateau": (REDUCING, {"patience": 1}),
    "LearningRateScheduler": (SCHEDULING, {"schedule": "by_epoch"}),
    "TerminateOnNaN": (TERMINATING, {}),
    "CSVLogger": (WRITING, {"filename": "log.csv"}),
}
COVERED = {f"callbacks.{name}": rows for name, (rows, _) in BASES.items()}
CHANGES = [
    (name, base | others, parameter, value)
    for name, (rows, base) in BASES.items()
    for parameter, (value, others) in rows.items()
]


@pytest.mark.parametrize(
    ("name", "arguments", "parameter", "value"), CHANGES, ids=[f"{c[0]}-{c[2]}" for c in CHANGES]
)
def test_each_argument_acts(name, arguments, parameter, value):
    assert_every_parameter_has_a_row(getattr(kerasette.callbacks, name), BASES[name][0])
    scripted = [["script", {"val_loss": DOWN, "loss": DOWN[::-1]}]]
    case = {
        "compile": {"learning_rate": np.inf if name == "TerminateOnNaN" else 0.1},
        "callbacks": [] if name == "TerminateOnNaN" else scripted,
        "fits": [{"epochs": 12}, {"epochs": 11}],
    }

    def result(changed):
        callbacks = [*case["callbacks"], [name, {**arguments, **changed}]]
        return json.dumps(
            run_case(kerasette, progbar, {**case, "callbacks": callbacks}), default=repr
        )

    assert result({}) != result({parameter: value})


NAMED = {"on_epoch_begin", "on_epoch_end", "on_train_begin", "on_train_end"}
NAMED |= {"on_train_batch_begin", "on_train_batch_end"}
COVERED["callbacks.LambdaCallback"] = NAMED
HOOKS = [name for name in dir(Callback) if name.startswith("on_")]


@pytest.mark.parametrize("hook", HOOKS)
def test_lambda_callback_has_every_hook(hook):
    calls = []
    callback = LambdaCallback(**{hook: lambda *args, **kwargs: calls.append(args)})
    model = small_model()
    model.fit(X, Y, epochs=2, batch_size=4, verbose=0, callbacks=[callback], validation_data=(X, Y))
    model.predict(X, verbose=0, callbacks=callback)
    assert calls
    assert_every_parameter_has_a_row(LambdaCallback, NAMED)


def test_lambda_callback_refuses_what_it_would_never_call():
    for name in ("on_epoch_ends", "model", "patience"):
        with pytest.raises(ValueError, match=name):
            LambdaCallback(**{name: print})


# ---- the list --------------------------------------------------------------------------

LIST = {
    "callbacks": [History()],
    "add_history": True,
    "add_progbar": True,
    "model": kerasette.Sequential(),
    "params": {"steps": 7},
}
COVERED["callbacks.CallbackList"] = LIST


@pytest.mark.parametrize("name", LIST)
def test_each_argument_of_the_list_acts(name):
    def shown(params=None, **arguments):
        made = CallbackList(**arguments, **(params or {}))
        kinds = [type(callback).__name__ for callback in made.callbacks]
        return kinds, made.model is None, made.params

    assert_every_parameter_has_a_row(CallbackList, LIST)
    assert shown(**{name: LIST[name]}) != shown()


X = np.linspace(-1, 1, 24).reshape(12, 2).astype("float32")
Y = X[:, :1] * 2


def small_model(**arguments):
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential([kerasette.Input((2,)), kerasette.layers.Dense(1)])
    model.compile("sgd", "mse", **arguments)
    return model


class Note(Callback):
    def __init__(self, notes):
        super().__init__()
        self.notes = notes

    def on_epoch_end(self, epoch, logs=None):
        self.notes.append((epoch, list(logs)))


def test_lists_within_lists_are_flattened():
    notes = []
    a, b, c, d = (Note(notes) for _ in range(4))
    hooks = CallbackList([a, (b, [c]), {"key": d}], verbose=0, epochs=1, steps=1)
    assert hooks.callbacks == [a, b, c, d]
    hooks.on_epoch_end(3, {"b": 1, "a": np.float32(2)})
    assert notes == [(3, ["a", "b"])] * 4
    assert CallbackList(a).callbacks == [a]
    assert CallbackList([]).callbacks == CallbackList(None).callbacks == []


def test_what_is_no_callback_is_refused():
    for wrong in (["early"], Note, [Note([]), 3]):
        with pytest.raises(ValueError, match="must be Callback objects"):
            CallbackList(wrong)
    model = small_model()
    before = model.get_weights()
    with pytest.raises(ValueError, match="must be Callback objects"):
        model.fit(X, Y, verbose=0, callbacks=["early"])
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    with pytest.raises(ValueError, match="must be Callback objects"):
        CallbackList().append("early")


def test_history_and_bar_are_added_once():
    history, bar = History(), ProgbarLogger()
    hooks = CallbackList([history, bar], add_history=True, add_progbar=True)
    assert hooks.callbacks == [history, bar] and hooks.history is history and hooks.progbar is bar
    hooks = CallbackList(add_history=True, add_progbar=True)
    assert [type(callback) for callback in hooks.callbacks] == [History, ProgbarLogger]
    hooks = CallbackList()
    assert hooks.callbacks == [] and hooks.history is None and hooks.progbar is None


def test_model_and_parameters_reach_every_callback():
    model, note = small_model(), Note([])
    hooks = CallbackList([note], add_history=True, model=model, verbose=0, epochs=4, steps=2)
    late = Note([])
    hooks.append(late)
    for callback in (note, late, hooks.history):
        assert callback.model is model
        assert callback.params == {"verbose": 0, "epochs": 4, "steps": 2}
    assert model.history is hooks.history
    alone = Note([])
    CallbackList([alone])
    assert alone.params is None and alone.model is None


def test_fit_takes_a_list_as_it_is():
    model, notes = small_model(), []
    hooks = CallbackList([Note(notes)], add_history=True, model=model, verbose=0, epochs=9, steps=3)
    found = model.fit(X, Y, batch_size=4, epochs=2, verbose=0, callbacks=hooks)
    assert found is hooks.history and found.epoch == [0, 1]
    assert found.params["epochs"] == 9 and len(notes) == 2


def test_a_history_of_ones_own_is_the_one_that_fit_returns():
    model, history = small_model(), History()
    assert model.fit(X, Y, verbose=0, epochs=2, callbacks=[history]) is history
    assert model.fit(X, Y, verbose=0, epochs=1, callbacks=[history]) is history
    assert history.epoch == [0] and len(history.history["loss"]) == 3
    assert history.params == {"verbose": 0, "epochs": 1, "steps": 1}
    assert model.history is history
    assert model.fit(X, Y, verbose=0) is model.history is not history


def test_logs_are_plain_sorted_and_the_same_for_all():
    seen = []
    hooks = CallbackList([LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(logs))] * 2)
    array = np.ones(1)
    logs = {
        "z": kerasette.ops.ones(()),
        "a": {"c": np.int64(3), "b": "text"},
        "k": array,
        "n": None,
    }
    hooks.on_epoch_end(0, logs)
    assert seen[0] is seen[1] is not logs
    assert list(seen[0].items()) == [
        ("b", "text"),
        ("c", 3.0),
        ("k", array),
        ("n", None),
        ("z", 1.0),
    ]
    hooks.on_epoch_end(0)
    assert seen[2] == {}


def test_only_what_a_callback_does_makes_the_loop_return_for_each_batch():
    def wants(*callbacks):
        hooks = CallbackList(list(callbacks), verbose=1, epochs=1, steps=1)
        return [mode for mode in ("train", "test", "predict") if hooks.batch_hooks(mode)]

    class Drawing(ProgbarLogger):
        def on_train_batch_end(self, batch, logs=None):
            print(batch)

    assert wants(History(), ProgbarLogger(), Note([])) == []
    assert wants(LambdaCallback(on_batch_end=print)) == ["train"]
    assert wants(LambdaCallback(on_test_batch_begin=print)) == ["test"]
    assert wants(CallbackList(LambdaCallback(on_predict_batch_end=print))) == ["predict"]
    assert wants(CallbackList(Note([]))) == []
    assert wants(Drawing()) == ["train"]
    assert wants(kerasette.callbacks.TerminateOnNaN()) == ["train"]


# ---- single ones -------------------------------------------------------------------------


def test_csv_logger_checks_its_separator():
    for wrong in ("", ";;", None, 3):
        with pytest.raises(TypeError, match="1-character string"):
            CSVLogger("log.csv", separator=wrong)


def test_csv_logger_takes_a_path_and_says_where_it_cannot_write(tmp_path):
    model = small_model()
    model.fit(X, Y, verbose=0, callbacks=[CSVLogger(tmp_path / "log.csv")])
    assert (tmp_path / "log.csv").read_text().startswith("epoch,loss,val_loss\n0,")
    with pytest.raises(FileNotFoundError):
        model.fit(X, Y, verbose=0, callbacks=[CSVLogger(tmp_path / "nowhere" / "log.csv")])


def test_a_factor_that_reduces_nothing_is_refused():
    with pytest.raises(ValueError, match=r"does not support a factor >= 1.0"):
        kerasette.callbacks.ReduceLROnPlateau(factor=1.0)


def test_a_schedule_fails_with_its_own_error():
    def schedule(epoch, rate):
        return rate + "text"

    with pytest.raises(TypeError, match="unsupported operand"):
        small_model().fit(X, Y, verbose=0, callbacks=[LearningRateScheduler(schedule)])


def test_a_scheduler_needs_an_optimizer_with_a_rate():
    scheduler = LearningRateScheduler(lambda epoch: 0.1)

    class Bare:
        optimizer = object()

    scheduler.set_model(Bare())
    with pytest.raises(ValueError, match='must have a "learning_rate" attribute'):
        scheduler.on_epoch_begin(0)


def test_messages_go_to_the_log_where_nobody_looks(capsys):
    kerasette.config.disable_interactive_logging()
    try:
        scheduler = LearningRateScheduler(lambda epoch: 0.1, verbose=1)
        small_model().fit(X, Y, epochs=2, verbose=1, callbacks=[scheduler])
    finally:
        kerasette.config.enable_interactive_logging()
    assert capsys.readouterr().out == ""


def test_a_direction_is_that_of_the_metric_with_the_name():
    class Score(kerasette.metrics.Mean):
        def update_state(self, y_true, y_pred, sample_weight=None):
            super().update_state(y_pred)

    for direction, mode in (("up", 1), ("down", -1), (None, None)):
        metric = Score(name="score")
        metric._direction = direction
        stopping = kerasette.callbacks.EarlyStopping(monitor="val_score", patience=99)
        model = small_model(metrics=[metric])
        if mode is None:
            with pytest.raises(ValueError, match="isn't able to automatically determine"):
                model.fit(X, Y, verbose=0, validation_data=(X, Y), callbacks=[stopping])
        else:
            model.fit(X, Y, verbose=0, validation_data=(X, Y), callbacks=[stopping])
            assert stopping._sign == mode


def test_a_notebook_shows_the_history_as_a_table():
    model = small_model()
    found = model.fit(X, Y, epochs=4, verbose=0, validation_data=(X, Y), validation_freq=2)
    html = found._repr_html_()
    assert html.startswith("<table><thead><tr><th>epoch</th><th>loss</th><th>val_loss</th></tr>")
    loss, validation = found.history["loss"][1], found.history["val_loss"][0]
    assert f"<tr><td>2</td><td>{loss:.4g}</td><td>{validation:.4g}</td></tr>" in html
    assert f"<tr><td>3</td><td>{found.history['loss'][2]:.4g}</td><td></td></tr>" in html
    assert html.count("<tr>") == 5


def test_of_a_long_history_the_first_and_last_epochs_are_shown():
    history = History()
    for epoch in range(40):
        history.on_epoch_end(epoch, {"<b>": "<i>", "loss": float("nan")})
    html = history._repr_html_()
    assert html.count("<tr>") == 12 and html.count("<td>…</td>") == 3
    assert "<td>1</td>" in html and "<td>40</td>" in html and "<td>6</td>" not in html
    assert "<b>" not in html and "<td>&lt;i&gt;</td><td>nan</td>" in html
    assert History()._repr_html_().endswith("<tbody></tbody></table>")


@pytest.mark.parametrize(("mode", "op"), [("min", "less"), ("max", "greater")])
def test_which_value_is_better_is_known_once_it_is_looked_for(mode, op):
    stopping = kerasette.callbacks.EarlyStopping("loss", mode=mode)
    assert stopping.monitor_op is None
    stopping.set_model(small_model())
    stopping.on_epoch_end(0, {"loss": 1.0})
    assert stopping.monitor_op is getattr(kerasette.ops, op)
