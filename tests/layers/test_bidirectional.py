"""Bidirectional: against Keras, against both layers by themselves, states, errors."""

import numpy as np
import pytest
from agreement import assert_same, golden_arrays, golden_json
from bidirectional_cases import BATCH, MASK, NAMES, STEPS, X, observe
from mask_cases import masked, wave, with_weights
from seen_cases import unpacked

import kerasette
from kerasette import layers
from kerasette.layers import GRU, LSTM, RNN, Bidirectional, SimpleRNN

NUMBERS, DESCRIBED = golden_arrays("wrappers.npz"), golden_json("wrappers.json")
COVERED = {"layers.Bidirectional.from_config": ["config", "custom_objects"]}


@pytest.mark.parametrize("name", NAMES)
def test_all_is_as_in_keras(name):
    assert_same(observe(kerasette, name), unpacked(NUMBERS[name], DESCRIBED[name]))


@pytest.mark.parametrize("mode", ["concat", "sum", "mul", "ave", None])
@pytest.mark.parametrize("sequences", [False, True])
def test_both_layers_are_called_and_merged(mode, sequences):
    inner = LSTM(3, return_sequences=sequences, return_state=True)
    layer = Bidirectional(inner, merge_mode=mode)
    found = [one.numpy() for one in layer(masked(kerasette, X, MASK))]
    ahead, *states = layer.forward_layer(masked(kerasette, X, MASK))
    back, *more = layer.backward_layer(masked(kerasette, X, MASK))
    ahead, back = ahead.numpy(), back.numpy()
    back = back[:, ::-1] if sequences else back
    merged = {
        "concat": lambda: [np.concatenate([ahead, back], -1)],
        "sum": lambda: [ahead + back],
        "mul": lambda: [ahead * back],
        "ave": lambda: [(ahead + back) / 2],
        None: lambda: [ahead, back],
    }[mode]()
    expected = [*merged, *(state.numpy() for state in (*states, *more))]
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)
    assert [one.shape for one in found] == list(layer.compute_output_shape(X.shape))


def test_weights_are_what_the_layers_begin_with():
    made = Bidirectional(GRU(2))
    made.build(X.shape)
    weights = [0.5 * wave(*w.shape) for w in made.weights]
    layer = Bidirectional(GRU(2), weights=weights)
    layer.build(X.shape)
    for found, expected in zip(layer.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(layer.backward_layer.get_weights()[0], weights[3])
    with pytest.raises(ValueError, match="length 1, but the layer was expecting 6"):
        Bidirectional(GRU(2), weights=weights[:1]).build(X.shape)


def test_the_layer_itself_stays_as_it_is():
    inner, back = LSTM(2), SimpleRNN(3, go_backwards=True, name="mine")
    layer = Bidirectional(inner, backward_layer=back)
    layer(X)
    assert not inner.built and not inner.zero_output_for_mask
    assert layer.backward_layer is back and back.built
    assert layer.compute_output_shape((None, None, 2)) == (None, 5) == (None, *layer(X).shape[1:])
    # Six weights, and a random generator for each.
    both = Bidirectional(LSTM(2, dropout=0.5, seed=1))
    both(X)
    assert len({id(variable) for variable in both.variables}) == 8


def test_config_there_and_back():
    layer = Bidirectional(
        GRU(2, return_sequences=True, dropout=0.25, name="gru"), "ave", name="both",
        backward_layer=GRU(2, activation="relu", return_sequences=True, go_backwards=True),
    )  # fmt: skip
    twin = layers.deserialize(layers.serialize(layer))
    assert twin.get_config() == layer.get_config()
    assert twin.backward_layer.activation is kerasette.activations.relu
    layer(X)
    twin.build(X.shape)
    twin.set_weights(layer.get_weights())
    np.testing.assert_array_equal(twin(X).numpy(), layer(X).numpy())
    assert [w.path for w in twin.weights][:2] == [
        "both/forward_gru/gru_cell/kernel", "both/forward_gru/gru_cell/recurrent_kernel"
    ]  # fmt: skip


class Sum(layers.Layer):
    """A cell."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = self.state_size = units

    def call(self, inputs, states):
        total = states[0] + inputs
        return total, [total]


class Doubled(LSTM):
    """A layer of a user."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        return 2 * super().call(sequences, initial_state, mask, training)


def test_layers_and_cells_of_a_user():
    names = {"Sum": Sum, "Doubled": Doubled}
    with kerasette.saving.custom_object_scope(names):
        made = [Bidirectional(RNN(Sum(2))), Bidirectional(Doubled(2))]
    np.testing.assert_allclose(made[0](X), np.concatenate([X.sum(1)] * 2, -1), rtol=1e-5)
    for layer in made:
        twin = Bidirectional.from_config(layer.get_config(), custom_objects=names)
        assert type(twin.backward_layer) is type(layer.backward_layer)
        with pytest.raises(TypeError, match=r"Sum|Doubled"):
            Bidirectional.from_config(layer.get_config())
        model = kerasette.Sequential([kerasette.Input(X.shape[1:]), layer])
        read = kerasette.models.model_from_json(model.to_json(), custom_objects=names)
        with kerasette.saving.custom_object_scope(names):
            cloned = kerasette.models.clone_model(model)
        for other in (read, cloned):
            assert type(other.layers[0].forward_layer) is type(layer.forward_layer)


@pytest.mark.parametrize("mode", ["concat", None])
def test_masks_of_outputs(mode):
    for sequences in (True, False):
        layer = Bidirectional(LSTM(2, return_sequences=sequences, return_state=True), mode)
        outputs = layer(masked(kerasette, X, MASK))
        n = 2 if mode is None else 1
        found = [None if one._keras_mask is None else one._keras_mask.numpy() for one in outputs]
        assert all(mask is None for mask in found[n if sequences else 0 :])
        for mask in found[: n if sequences else 0]:
            np.testing.assert_array_equal(mask, MASK)
    # Nothing is left of what a layer returned before a masked step.
    layer = Bidirectional(LSTM(2, return_sequences=True), mode)
    for output in kerasette.tree.flatten(layer(masked(kerasette, X, MASK))):
        assert not output.numpy()[~MASK].any()


def test_time_steps_of_recurrent_layers():
    inner = Bidirectional(SimpleRNN(2))
    x = wave(2, 4, 3, 2)
    found = layers.TimeDistributed(inner)(x).numpy()
    expected = np.stack([inner(x[:, i]).numpy() for i in range(4)], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


# ---- training ------------------------------------------------------------------------------


@pytest.mark.parametrize("stateful", [False, True])
def test_training_replays_with_the_bits_of_eager_steps(stateful):
    x, y = wave(8, STEPS, 2), wave(8, 4, phase=1.0)
    found = []
    for is_eager in (False, True):
        kerasette.utils.set_random_seed(1)
        model = kerasette.Sequential(
            [
                kerasette.Input(batch_shape=(2, STEPS, 2)),
                layers.Masking(),
                Bidirectional(LSTM(3, return_sequences=True, dropout=0.25, stateful=stateful)),
                Bidirectional(GRU(2)),
            ]
        )
        with_weights(model)
        model.compile("adam", "mse", run_eagerly=is_eager)
        model.fit(x, y, batch_size=2, epochs=3, verbose=0, shuffle=False)
        assert (model.replayed_steps > 0) is not is_eager
        found.append(np.concatenate([w.ravel() for w in model.get_weights()]))
    np.testing.assert_array_equal(*found)


# ---- states and errors ---------------------------------------------------------------------


def stateful_layer(**arguments):
    layer = Bidirectional(LSTM(2, stateful=True, return_state=True, **arguments))
    layer(X)
    return layer


def test_states_go_on_and_may_be_reset():
    layer = stateful_layer()
    states = [state.numpy() for state in layer.states]
    outputs = layer(X)[1:]
    for kept, returned, before in zip(layer.states, outputs, states, strict=True):
        np.testing.assert_array_equal(kept.numpy(), returned.numpy())
        assert (kept.numpy() != before).any()
    layer.reset_states()
    assert not any(state.numpy().any() for state in layer.states)
    np.testing.assert_array_equal(layer(X)[1].numpy(), states[0])
    assert Bidirectional(LSTM(2)).states is None


WRONG = [
    (lambda layer: layer(X[:2]), r"Expected batch size: 4\n- Received batch size: 2"),
    (
        lambda layer: layer(X, initial_state=[np.ones((BATCH, 2))] * 3 + [np.ones((BATCH, 3))]),
        r"shape \(4, 2\).*Received: shape \(4, 3\)",
    ),
    (
        lambda layer: layer(X, initial_state=[np.ones((BATCH, 2))] * 2),
        r"must have 4 state\(s\).*Received 2",
    ),
    (
        lambda layer: layer(X, initial_state=kerasette.ops.ones((BATCH, 2))),
        "`initial_state` must be a list",
    ),
    (lambda layer: layer(X, mask=np.ones((BATCH, 3), bool)), r"must be \(4, 5\).*\(4, 3\)"),
    (lambda layer: layer(X[0]), "expected ndim=3, found ndim=2"),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_wrong_calls_leave_states_and_weights_as_they_were(call, message):
    layer = stateful_layer()
    before = [v.numpy() for v in (*layer.states, *layer.weights)]
    with pytest.raises(ValueError, match=message):
        call(layer)
    for found, expected in zip((*layer.states, *layer.weights), before, strict=True):
        np.testing.assert_array_equal(found.numpy(), expected)


BACK = {"go_backwards": True}


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Bidirectional(3), ValueError, "Please initialize `Bidirectional` layer.*3"),
        (
            lambda: Bidirectional(LSTM(2), backward_layer=3),
            ValueError,
            "`backward_layer` need to be a `kerasette.layers.Layer` instance. Received: 3",
        ),
        (
            lambda: Bidirectional(LSTM(2), "max"),
            ValueError,
            "Invalid merge mode. Received: max",
        ),
        (lambda: Bidirectional(layers.Dense(2)), TypeError, "go_backwards"),
        (
            lambda: Bidirectional(LSTM(2), backward_layer=LSTM(2)),
            ValueError,
            "should have different `go_backwards` value",
        ),
        (
            lambda: Bidirectional(LSTM(2, go_backwards=True)),
            ValueError,
            "should have different `go_backwards` value",
        ),
        (
            lambda: Bidirectional(LSTM(2), backward_layer=LSTM(2, return_sequences=True, **BACK)),
            ValueError,
            'attribute "return_sequences", got "False" for forward layer and "True"',
        ),
        (
            lambda: Bidirectional(LSTM(2), backward_layer=LSTM(2, return_state=True, **BACK)),
            ValueError,
            'attribute "return_state"',
        ),
        (
            lambda: Bidirectional(LSTM(2), backward_layer=LSTM(2, stateful=True, **BACK)),
            ValueError,
            'attribute "stateful"',
        ),
        (
            lambda: Bidirectional(LSTM(2), "sum", backward_layer=LSTM(3, **BACK)).build(X.shape),
            ValueError,
            r"must have one shape for merge_mode='sum'. Received: \(4, 2\) and \(4, 3\)",
        ),
        (lambda: Bidirectional(LSTM(2)).reset_state(), AttributeError, "must be stateful"),
        (lambda: Bidirectional(LSTM(2, use_cudnn=True))(X), ValueError, "use_cudnn=True"),
        (
            lambda: Bidirectional(LSTM(2, stateful=True))(kerasette.Input((STEPS, 2))),
            ValueError,
            "batch size must be static",
        ),
    ],
)
def test_errors(make, error, message):
    with pytest.raises(error, match=message):
        make()
