"""Recurrent layers: dropout, cells, states given and kept, random modes, what is refused."""

import itertools

import numpy as np
import pytest
from numpy_recurrent import layer_outputs

import kerasette
from kerasette import layers, ops, random
from kerasette.testing import check_gradients

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 5, 2))
NAMES = ["SimpleRNN", "LSTM", "GRU"]
GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
STATES = {"SimpleRNN": 1, "LSTM": 2, "GRU": 1}


def make(name, units=4, **arguments):
    """A layer in float64 whose weights, biases too, are drawn."""
    layer = getattr(layers, name)(units, dtype="float64", **arguments)
    layer.build(X.shape if arguments.get("stateful") else (None, None, X.shape[-1]))
    layer.set_weights([RNG.normal(size=w.shape) / len(w.shape) / 2 for w in layer.weights])
    return layer


def arrays_of(layer):
    """Kernels and bias, zeros if there is none."""
    weights = layer.get_weights()
    if layer.use_bias:
        return weights
    width = weights[0].shape[1]
    return [*weights, np.zeros((2, width) if getattr(layer, "reset_after", False) else width)]


# ---- random modes against NumPy ------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_random_lengths_masks_and_modes(name):
    rng = np.random.default_rng(1)
    for _ in range(40):
        flags = ["return_sequences", "go_backwards", "unroll", "zero_output_for_mask", "use_bias"]
        arguments = {flag: bool(rng.integers(2)) for flag in flags}
        activations = rng.choice(["linear", "relu", "sigmoid", "tanh"], 2).tolist()
        arguments["activation"] = activations[0]
        if name != "SimpleRNN":
            arguments["recurrent_activation"] = activations[1]
        if name == "GRU":
            arguments["reset_after"] = bool(rng.integers(2))
        layer = make(name, int(rng.integers(1, 9)), return_state=True, **arguments)
        x = rng.normal(size=(*rng.integers(1, 9, 2), 2))
        mask = rng.random(x.shape[:2]) < rng.random() if rng.integers(3) else None
        given = rng.integers(2) * STATES[name]
        states = [rng.normal(size=(len(x), layer.units)) for _ in range(given)]
        found, *last = layer(x, mask=mask, initial_state=states or None)
        outputs, expected = layer_outputs(
            name,
            x,
            arrays_of(layer),
            states,
            *activations,
            mask=mask,
            go_backwards=arguments["go_backwards"],
            zero_output_for_mask=arguments["zero_output_for_mask"],
        )
        wanted = outputs if arguments["return_sequences"] else outputs[:, -1]
        for mine, theirs in zip([found, *last], [wanted, *expected], strict=True):
            np.testing.assert_allclose(mine.numpy(), theirs, rtol=1e-10, atol=1e-12)


MODES = [
    {},
    {"return_sequences": True, "go_backwards": True},
    {"return_sequences": True, "zero_output_for_mask": True},
    {"unroll": True},
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: "-".join(mode) or "plain")
def test_gradients_with_mask_states_and_dropout(name, mode):
    variants = [{}, {"reset_after": False}] if name == "GRU" else [{}]
    for more, mask in itertools.product(variants, [None, RNG.random(X.shape[:2]) < 0.6]):
        layer = make(name, 2, return_state=True, recurrent_dropout=0.3, seed=2, **mode, **more)
        start = layer.cell.seed_generator.state.numpy()

        def function(x, *rest, layer=layer, mask=mask, start=start):
            layer.cell.seed_generator.state.assign(start)
            states, weights = rest[: STATES[name]], rest[STATES[name] :]
            layer.cell.__dict__.update(zip(["kernel", "recurrent_kernel", "bias"], weights))
            found = layer(x, initial_state=list(states), mask=mask, training=True)
            return ops.concatenate([ops.reshape(y, (-1,)) for y in found], 0)

        states = [RNG.normal(size=(3, 2)) for _ in range(STATES[name])]
        check_gradients(function, [X, *states, *layer.get_weights()])


# ---- dropout -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_patterns_of_dropout(name):
    cell = getattr(layers, f"{name}Cell")(4, dropout=0.25, recurrent_dropout=0.5, seed=3)
    ones = ops.ones((100, 50))
    patterns = cell.get_dropout_mask(ones)
    assert cell.get_dropout_mask(ones) is patterns
    recurrent = cell.get_recurrent_dropout_mask(ones)
    for found, rate in ((patterns, 0.25), (recurrent, 0.5)):
        # With recurrent dropout each gate has a pattern of its own, as in Keras.
        found = [found] if name == "SimpleRNN" else found
        assert len(found) == GATES[name]
        for pattern in found:
            values = pattern.numpy()
            assert set(np.unique(values)) == {0, np.float32(1 / (1 - rate))}
            # Five standard deviations of a mean of 5,000.
            assert (values == 0).mean() == pytest.approx(rate, abs=5 * 0.5 / 5000**0.5)
        assert len({pattern.numpy().tobytes() for pattern in found}) == len(found)
    cell.reset_dropout_mask()
    assert cell.get_dropout_mask(ones) is not patterns
    assert cell.get_recurrent_dropout_mask(ones) is recurrent
    cell.reset_recurrent_dropout_mask()
    assert cell.get_recurrent_dropout_mask(ones) is not recurrent
    assert getattr(layers, f"{name}Cell")(4).get_dropout_mask(ones) is None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rates", [(0.4, 0.0), (0.0, 0.4), (0.4, 0.3)])
@pytest.mark.parametrize("implementation", [1, 2])
def test_what_is_dropped_is_the_same_at_all_steps(name, rates, implementation):
    more = {} if name == "SimpleRNN" else {"implementation": implementation}
    layer = make(name, dropout=rates[0], recurrent_dropout=rates[1], seed=5, **more)
    generator = random.SeedGenerator(5)
    is_one = name == "SimpleRNN" or (implementation == 2 and not rates[1])
    factors = []
    for size, rate in ((X.shape[-1], rates[0]), (4, rates[1])):
        ones = ops.ones((3, size), dtype="float64")
        drawn = [
            random.dropout(ones, rate, seed=generator).numpy()
            for _ in range((1 if is_one else GATES[name]) * (rate > 0))
        ]
        factors.append(None if not drawn else drawn[0] if is_one else drawn)
    expected, _ = layer_outputs(name, X, arrays_of(layer), factors=factors)
    first = layer(X, training=True).numpy()
    np.testing.assert_allclose(first, expected[:, -1], rtol=1e-10, atol=1e-12)
    # Drawn anew for each batch, not at all without training.
    assert (layer(X, training=True).numpy() != first).any()
    state = layer.cell.seed_generator.state.numpy()
    without, _ = layer_outputs(name, X, arrays_of(layer))
    np.testing.assert_allclose(layer(X).numpy(), without[:, -1], rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(layer.cell.seed_generator.state.numpy(), state)


def test_all_or_nothing():
    # As in Keras: the gated cells drop nothing then, SimpleRNN everything.
    for name in NAMES:
        layer = make(name, dropout=2.0, recurrent_dropout=-1.0)
        assert (layer.dropout, layer.recurrent_dropout) == (1.0, 0.0)
        found = layer(X, training=True).numpy()
        expected = layer(0 * X if name == "SimpleRNN" else X).numpy()
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", NAMES)
def test_whole_numbers_are_dropped_as_well(name):
    x = RNG.integers(0, 3, (3, 5, 2))
    for arguments in ({}, {"unroll": True}):
        layer = make(name, dropout=0.5, seed=1, **arguments)
        found = layer(x, training=True).numpy()
        start = random.SeedGenerator(1).state
        layer.cell.seed_generator.state.assign(start)
        np.testing.assert_array_equal(found, layer(x.astype("float64"), training=True).numpy())


def test_dropout_in_stacked_cells():
    cells = [layers.LSTMCell(3, dropout=0.5, seed=1), layers.SimpleRNNCell(4, dropout=0.5, seed=2)]
    layer = layers.RNN(cells, return_sequences=True)
    first, second = (layer(X, training=True).numpy() for _ in range(2))
    assert (first != second).any()
    assert not any(cell._patterns for cell in cells)


# ---- cells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_alone(name):
    cell = getattr(layers, f"{name}Cell")(4)
    x = ops.ones((3, 2))
    assert cell.state_size == ([4, 4] if name == "LSTM" else 4) and cell.output_size == 4
    states = cell.get_initial_state(3)
    assert [state.shape for state in states] == [(3, 4)] * STATES[name]
    output, new_states = cell(x, states)
    assert output is new_states[0] and len(new_states) == STATES[name]
    np.testing.assert_array_equal(output.numpy(), layers.RNN(cell)(ops.ones((3, 1, 2))).numpy())
    if name != "LSTM":
        assert cell(x, states[0])[1].shape == (3, 4)
    symbolic, new = cell(kerasette.Input((2,)), [kerasette.Input((4,)) for _ in states])
    assert symbolic.shape == (None, 4) and [state.shape for state in new] == [(None, 4)] * len(new)


def test_forget_gates_begin_open():
    for is_open in (True, False):
        layer = layers.LSTM(2, unit_forget_bias=is_open, bias_initializer="random_normal")
        layer.build((None, None, 3))
        bias = layer.cell.bias.numpy().reshape(4, 2)
        assert (bias[1] == 1).all() == is_open
        assert (bias[[0, 2, 3]] != 1).all()


def test_variables_belong_to_the_cell():
    for name in NAMES:
        kerasette.utils.clear_session(free_memory=False)
        layer = getattr(layers, name)(2)
        layer.build((None, 3, 2))
        base = {"SimpleRNN": "simple_rnn"}.get(name, name.lower())
        names = ["kernel", "recurrent_kernel", "bias"]
        assert [w.path for w in layer.weights] == [f"{base}/{base}_cell/{n}" for n in names]
        assert layer.weights[0] is layer.cell.kernel
        with pytest.raises(AttributeError):
            layer.units = 3
        layer.trainable = False
        assert not layer.trainable_weights and not layer.cell.trainable


def test_attributes_are_those_of_the_cell():
    layer = layers.GRU(3, activation="relu", dropout=0.25, kernel_regularizer="l2")
    assert layer.units == 3 and layer.dropout == 0.25 and layer.reset_after is True
    assert layer.activation is layer.cell.activation is kerasette.activations.relu
    assert layer.kernel_regularizer is layer.cell.kernel_regularizer
    assert layer.state_size == [3] and layers.LSTM(3).state_size == [3, 3]


def test_stacked_cells():
    cell = layers.StackedRNNCells([layers.LSTMCell(4), layers.GRUCell(3)])
    assert cell.state_size == [[4, 4], 3] and cell.output_size == 3
    states = cell.get_initial_state(2)
    output, new = cell(ops.ones((2, 5)), states)
    assert output.shape == (2, 3)
    assert [[s.shape for s in part] for part in new] == [[(2, 4), (2, 4)], [(2, 3)]]
    layer = layers.RNN(cell, return_state=True)
    symbolic = layer(kerasette.Input((7, 5)))
    found = layer(ops.ones((2, 7, 5)))
    assert [t.shape for t in kerasette.tree.flatten(symbolic)] == [
        (None, *t.shape[1:]) for t in kerasette.tree.flatten(found)
    ]
    again = layer(ops.ones((2, 7, 5)), initial_state=states)
    np.testing.assert_array_equal(again[0].numpy(), found[0].numpy())


def test_states_in_lists():
    class Nested(layers.Layer):
        state_size = (np.int64(2), (2, 3))
        output_size = 2

        def call(self, inputs, states):
            first, (second, third) = states
            return first + second, [inputs, [first, third + 1.0]]

    layer = layers.RNN(Nested(), return_state=True, stateful=True)
    x = RNG.normal(size=(2, 4, 2)).astype("float32")
    output, first, (second, third) = layer(x)
    np.testing.assert_array_equal(output.numpy(), x[:, 2] + x[:, 1])
    np.testing.assert_array_equal(first.numpy(), x[:, 3])
    np.testing.assert_array_equal(second.numpy(), x[:, 2])
    assert (third.numpy() == 4).all() and third.shape == (2, 3)
    mask = np.array([[1, 1, 0, 0], [0, 0, 0, 0]], "bool")
    _, first, (_, third) = layer(x, initial_state=[first, [second, third]], mask=mask)
    np.testing.assert_array_equal(first.numpy(), [x[0, 1], x[1, 3]])
    np.testing.assert_array_equal(third.numpy()[:, 0], [6, 4])
    assert layer.compute_output_shape((2, 4, 2)) == ((2, 2), (2, 2), [(2, 2), (2, 3)])
    with pytest.raises(ValueError, match=r"has a state of shape \(2, 3\)"):
        layer(x, initial_state=[first, [second, second]])


class Plain:
    """A cell that is no layer: a moving sum of the last two inputs."""

    state_size = 2

    def call(self, inputs, states):
        return inputs + states[0], inputs


def test_a_cell_that_is_no_layer():
    layer = layers.RNN(Plain(), return_sequences=True)
    x = np.arange(12.0).reshape(1, 6, 2)
    expected = x + np.concatenate([np.zeros((1, 1, 2)), x[:, :-1]], 1)
    np.testing.assert_array_equal(layer(x).numpy(), expected)
    assert layer.weights == []


def test_cells_of_images():
    class Blur(layers.Layer):
        state_size = 2
        output_size = 2

        def call(self, inputs, states):
            state = (inputs + states[0]) / 2.0
            return state, [state]

        def get_initial_state(self, batch_size=None):
            return ops.zeros((batch_size, 3, 3, 2))

    x = RNG.normal(size=(2, 4, 3, 3, 2)).astype("float32")
    mask = np.array([[1, 0, 1, 1], [0, 0, 1, 0]], "bool")
    layer = layers.RNN(Blur(), return_state=True)
    found, state = layer(x, mask=mask)
    assert found.shape == state.shape == (2, 3, 3, 2)
    np.testing.assert_allclose(found[1].numpy(), x[1, 2] / 2)
    with pytest.raises(ValueError, match="`initial_state`"):
        layer(x, initial_state=ops.zeros((2, 3, 3, 5)))


# ---- masks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_masks_of_other_kinds(name):
    layer = make(name)
    mask = RNG.random(X.shape[:2]) < 0.5
    expected = layer(X, mask=mask).numpy()
    for same in (mask.astype("float32"), mask.astype("int32"), mask[..., None]):
        np.testing.assert_array_equal(layer(X, mask=same).numpy(), expected)
    carried = ops.convert_to_tensor(X)
    carried._keras_mask = ops.convert_to_tensor(mask)
    np.testing.assert_array_equal(layer(carried).numpy(), expected)
    assert layer(carried)._keras_mask is None
    sequences = make(name, return_sequences=True, return_state=True)(carried)
    np.testing.assert_array_equal(sequences[0]._keras_mask.numpy(), mask)
    assert all(state._keras_mask is None for state in sequences[1:])


# ---- errors --------------------------------------------------------------------------------------

WRONG = {
    "rank 2": ({"sequences": X[0]}, "expected ndim=3, found ndim=2"),
    "rank 4": ({"sequences": X[None]}, "expected ndim=3, found ndim=4"),
    "no steps": ({"sequences": X[:, :0]}, r"at least one step. Received: shape \(3, 0, 2\)"),
    "features": ({"sequences": X[..., :1]}, r"shape"),
    "mask, steps": ({"mask": np.ones((3, 4), "bool")}, r"\(3, 5\).* Received: mask of .*\(3, 4\)"),
    "mask, rank": ({"mask": np.ones((3, 5, 2), "bool")}, r"Received: mask of shape \(3, 5, 2\)"),
    "mask, batch": ({"mask": np.ones((1, 5), "bool")}, r"Received: mask of shape \(1, 5\)"),
    "more states": ({"initial_state": [np.zeros((3, 4))] * 3}, r"Received 3: \['shape \(3, 4\)'"),
    "batch of states": ({"initial_state": "rows"}, r"has a state of shape \(3, 4\)"),
    "size of states": ({"initial_state": "size"}, r"has a state of shape \(3, 4\)"),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("is_stateful", [False, True])
@pytest.mark.parametrize("case", WRONG)
def test_wrong_inputs_change_nothing(name, is_stateful, case):
    layer = make(name, stateful=is_stateful, dropout=0.5)
    layer(X, training=True)
    given, words = WRONG[case]
    wrong = {"rows": np.zeros((2, 4)), "size": np.zeros((3, 5))}
    if isinstance(given.get("initial_state"), str):
        given = {"initial_state": [wrong[given["initial_state"]]] * STATES[name]}
    variables = [*layer.variables, *kerasette.tree.flatten(layer.states or [])]
    before = [variable.numpy() for variable in variables]
    with pytest.raises(ValueError, match=words):
        layer(**{"sequences": X, "training": case != "features", **given})
    for variable, value in zip(variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert not layer.cell._patterns


def test_a_state_too_few():
    with pytest.raises(ValueError, match="must have 2 state"):
        make("LSTM")(X, initial_state=np.zeros((3, 4)))
    cells = layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)])
    with pytest.raises(ValueError, match="must have 2 state"):
        cells(X, initial_state=[np.zeros((3, 4)), np.zeros((3, 3))])
    with pytest.raises(ValueError, match=r"has a state of shape \(3, 3\)"):
        cells(X, initial_state=[[np.zeros((3, 4))] * 2, np.zeros((3, 4))])


def test_ranks_that_a_cell_cannot_take():
    with pytest.raises(ValueError, match=r"expected ndim=3 or more, found ndim=2"):
        layers.RNN(layers.LSTMCell(4))(X[0])


# ---- stateful ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_stateful_layers_go_on(name):
    layer = make(name, stateful=True, return_sequences=True)
    x = RNG.normal(size=(3, 15, 2))
    expected, last = layer_outputs(name, x, arrays_of(layer))
    parts = [layer(x[:, i : i + 5]).numpy() for i in (0, 5, 10)]
    np.testing.assert_allclose(np.concatenate(parts, 1), expected, rtol=1e-10, atol=1e-12)
    for state, value in zip(layer.states, last, strict=True):
        np.testing.assert_allclose(state.numpy(), value, rtol=1e-10, atol=1e-12)
        assert state.path == f"{layer.name}/rnn_state" and not state.trainable
    assert len(layer.weights) == 3 and len(layer.variables) == 4
    with pytest.raises(ValueError, match="- Expected batch size: 3\n- Received batch size: 2"):
        layer(x[:2])
    for state, value in zip(layer.states, last, strict=True):
        np.testing.assert_allclose(state.numpy(), value, rtol=1e-10, atol=1e-12)
    given = [np.ones((3, 4))] * STATES[name]
    found = layer(x, initial_state=given).numpy()
    np.testing.assert_allclose(found, layer_outputs(name, x, arrays_of(layer), given)[0])
    layer.reset_states()
    assert not any(state.numpy().any() for state in layer.states)
    np.testing.assert_array_equal(layer(x[:, :5]).numpy(), parts[0])
    layer.reset_state()
    np.testing.assert_array_equal(layer(x[:, :5]).numpy(), parts[0])


@pytest.mark.parametrize("arguments", [{}, {"unroll": True}], ids=str)
def test_gradients_of_a_window_end_where_it_begins(arguments):
    layer = make("GRU", stateful=True, **arguments)
    plain = make("GRU")
    plain.set_weights(layer.get_weights())
    layer(X)
    starts = [state.numpy() for state in layer.states]
    found = []
    for one, states in ((layer, None), (plain, starts)):
        with kerasette.GradientTape() as tape:
            total = ops.sum(ops.square(one(X, initial_state=states)))
        found.append(tape.gradient(total, one.trainable_weights))
    for mine, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(mine.numpy(), theirs.numpy(), rtol=1e-10)


def test_states_may_change_places():
    class Swapping(layers.Layer):
        state_size = (2, 2)

        def call(self, inputs, states):
            return inputs, [states[1], states[0]]

    layer = layers.RNN(Swapping(), stateful=True, return_state=True)
    starts = [np.ones((3, 2)), np.zeros((3, 2))]
    layer(X[:, :1], initial_state=starts)
    for expected in (starts, starts[::-1]):
        for found, value in zip(layer(X[:, :1])[1:], expected, strict=True):
            np.testing.assert_array_equal(found.numpy(), value)


def test_stateful_layers_need_a_batch_size():
    with pytest.raises(ValueError, match="`stateful=True` in a RNN, the batch size must be static"):
        layers.LSTM(4, stateful=True)(kerasette.Input((5, 3)))
    layer = layers.RNN([layers.LSTMCell(4), layers.GRUCell(3)], stateful=True)
    assert layer.states is None
    layer.reset_state()
    layer(kerasette.Input(batch_shape=(2, 5, 3)))
    assert [[s.shape for s in part] for part in layer.states] == [[(2, 4), (2, 4)], [(2, 3)]]
    layer(X[:2] @ np.ones((2, 3)))
    assert all(state.numpy().any() for state in kerasette.tree.flatten(layer.states))
    layer.build((2, 5, 3))
    assert not any(state.numpy().any() for state in kerasette.tree.flatten(layer.states))
