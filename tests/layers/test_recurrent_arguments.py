"""No argument of a recurrent layer or cell is accepted and ignored."""

import numpy as np
import pytest
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import layers
from kerasette.layers.call import context

X = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
MASK = np.array([[1, 0, 1, 0], [0, 1, 1, 1]], "bool")

# Other values than the defaults; with a dict of further arguments, if they need any.
WEIGHTS = {
    "units": 5,
    "activation": "relu",
    "use_bias": False,
    "kernel_initializer": "zeros",
    "recurrent_initializer": "ones",
    "bias_initializer": "ones",
    "kernel_regularizer": "l2",
    "recurrent_regularizer": "l2",
    "bias_regularizer": ("l2", {"bias_initializer": "ones"}),
    "kernel_constraint": "non_neg",
    "recurrent_constraint": "non_neg",
    "bias_constraint": ("non_neg", {"bias_initializer": "random_normal"}),
    "dropout": 0.5,
    "recurrent_dropout": 0.5,
    "seed": (3, {"dropout": 0.5}),
}
CALLED = {
    "return_sequences": True,
    "return_state": True,
    "go_backwards": True,
    "stateful": True,
    "unroll": True,
    "activity_regularizer": "l2",
}
GATED = {"recurrent_activation": "tanh"}
CUDNN = {"use_cudnn": True}
CHANGES = {
    "SimpleRNNCell": WEIGHTS,
    "LSTMCell": {**WEIGHTS, **GATED, "unit_forget_bias": False},
    "GRUCell": {**WEIGHTS, **GATED, "reset_after": False},
    "SimpleRNN": {**WEIGHTS, **CALLED},
    "LSTM": {**WEIGHTS, **GATED, **CALLED, **CUDNN, "unit_forget_bias": False},
    "GRU": {**WEIGHTS, **GATED, **CALLED, **CUDNN, "reset_after": False},
}
OF_RNN = {
    "cell": layers.GRUCell,
    "return_sequences": True,
    "return_state": True,
    "go_backwards": True,
    "stateful": True,
    "unroll": True,
    "zero_output_for_mask": (True, {"return_sequences": True}),
}
COVERED = {
    **{f"layers.{name}": row for name, row in CHANGES.items()},
    "layers.RNN": OF_RNN,
    "layers.RNN.from_config": {"config", "custom_objects"},
    "layers.StackedRNNCells.from_config": {"config", "custom_objects"},
}


def observed(name, arguments):
    """Everything that a layer or cell shows in two calls; or the error that it raises."""
    kerasette.utils.set_random_seed(1)
    arguments = {"units": 4, **arguments}
    try:
        layer = getattr(layers, name)(**arguments)
        if name.endswith("Cell"):
            layer = layers.RNN(layer)
        return shown(layer)
    except ValueError as error:
        return str(error)


def shown(layer):
    calls = []
    before, context.watcher = context.watcher, lambda called, _: calls.append(called.name)
    try:
        outputs = [
            output.numpy()
            for x in (X, 2 * X)
            for output in as_list(layer(x, mask=MASK, training=True))
        ]
    finally:
        context.watcher = before
    return [
        outputs,
        len(calls),
        layer.compute_output_shape(X.shape),
        [float(loss) for loss in layer.losses],
        [weight.numpy() for weight in layer.weights],
        [w.constraint(w).numpy() for w in layer.weights if w.constraint is not None],
    ]


def as_list(outputs):
    return list(outputs) if isinstance(outputs, tuple) else [outputs]


def split_of(value):
    is_pair = isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict)
    return value if is_pair else (value, {})


@pytest.mark.parametrize("name", CHANGES)
def test_every_argument_has_an_effect(name):
    assert_every_parameter_has_a_row(getattr(layers, name), CHANGES[name])
    for argument, value in CHANGES[name].items():
        value, others = split_of(value)
        found = observed(name, {**others, argument: value})
        expected = observed(name, others)
        assert type(found) is not type(expected) or differ(found, expected), argument


def test_every_argument_of_rnn_has_an_effect():
    assert_every_parameter_has_a_row(layers.RNN, OF_RNN)

    def seen(cell=layers.SimpleRNNCell, **arguments):
        kerasette.utils.set_random_seed(1)
        return shown(layers.RNN(cell(4), **arguments))

    for argument, value in OF_RNN.items():
        value, others = split_of(value)
        if argument != "unroll":
            assert differ(seen(**{**others, argument: value}), seen(**others)), argument
    # Any cell is called step by step: what is unrolled is the same.
    assert layers.RNN(layers.GRUCell(1), unroll=True).get_config()["unroll"] is True


def test_zeros_for_masked_steps_reach_the_layers():
    for name in ("SimpleRNN", "LSTM", "GRU"):
        plain = observed(name, {"return_sequences": True})
        assert differ(
            plain, observed(name, {"return_sequences": True, "zero_output_for_mask": True})
        )


class Mine(layers.SimpleRNNCell):
    """A cell that is known to nobody."""


def test_cells_of_users_are_found_among_custom_objects():
    for layer in (layers.RNN(Mine(2)), layers.StackedRNNCells([Mine(2)])):
        config = layer.get_config()
        again = type(layer).from_config(config, {"Mine": Mine})
        assert again.get_config() == config
        with pytest.raises(TypeError, match="Could not locate class 'Mine'"):
            type(layer).from_config(config)


# ---- what is refused -----------------------------------------------------------------------------

NAMES = ["SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("units", [0, -1, 2.5, "a", None])
def test_units_must_be_a_positive_integer(name, units):
    with pytest.raises(ValueError, match="argument `units`, expected a positive integer, got"):
        getattr(layers, name)(units)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"activation": "nothing"}, ValueError, "nothing"),
        ({"bias_initializer": "nothing"}, ValueError, "nothing"),
        ({"recurrent_regularizer": "nothing"}, ValueError, "nothing"),
        ({"kernel_constraint": "nothing"}, ValueError, "nothing"),
        ({"dropout": None}, TypeError, "not supported between"),
        ({"recurrent_dropout": "a"}, TypeError, "not supported between"),
        ({"seed": "a"}, ValueError, "`seed` must be an integer"),
        ({"more": 1}, ValueError, "Unrecognized keyword arguments"),
        ({"time_major": True}, ValueError, "Unrecognized keyword arguments"),
    ],
)
def test_wrong_arguments(name, arguments, error, words):
    with pytest.raises(error, match=words):
        getattr(layers, name)(2, **arguments)


@pytest.mark.parametrize("name", ["LSTM", "GRU"])
def test_cudnn(name):
    with pytest.raises(ValueError, match="argument `use_cudnn`"):
        getattr(layers, name)(2, use_cudnn="yes")
    layer = getattr(layers, name)(2, use_cudnn=True, stateful=True)
    with pytest.raises(ValueError, match="cuDNN is not supported"):
        layer(X)
    with pytest.raises(ValueError, match="`implementation` must be 1 or 2"):
        getattr(layers, name)(2, implementation=3)
    assert getattr(layers, name)(2, use_cudnn=False)(X).shape == (2, 2)


def test_what_is_no_cell():
    with pytest.raises(ValueError, match="should have a `call` method"):
        layers.RNN(3)
    with pytest.raises(ValueError, match="should have a `state_size` attribute"):
        layers.RNN(layers.Dense(3))
    with pytest.raises(ValueError, match="must have a `call` method"):
        layers.StackedRNNCells([3])
    with pytest.raises(ValueError, match="must have a `state_size` attribute"):
        layers.StackedRNNCells([layers.Dense(3)])
    with pytest.raises(ValueError, match="at least one cell"):
        layers.RNN([])

    class Wrong(layers.Layer):
        state_size = "four"

        def call(self, inputs, states):
            return inputs, states

    with pytest.raises(ValueError, match="state_size must be an integer"):
        layers.RNN(Wrong())
    Wrong.state_size, Wrong.output_size = 3, (3, 3)
    with pytest.raises(ValueError, match="output_size must be an integer"):
        layers.RNN(Wrong()).compute_output_shape((2, 3, 4))
