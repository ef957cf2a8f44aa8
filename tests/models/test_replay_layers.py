"""Every layer in a fit that replays: the same bits as eagerly."""

import math

import numpy as np
import pytest
from layer_rows import ROWS

import kerasette
from kerasette import layers

RNG = np.random.default_rng(0)
X = RNG.normal(size=(70, 5)).astype("float32")
Y = RNG.normal(size=(70, 2)).astype("float32")


class Front(layers.Layer):
    """Gives a layer the inputs of its row, of learned numbers."""

    def __init__(self, row):
        super().__init__()
        shapes = row.input_shape if isinstance(row.input_shape, list) else [row.input_shape]
        self.is_list = isinstance(row.input_shape, list)
        self.branches = [
            [layers.Dense(math.prod(shape[1:])), layers.Reshape(shape[1:])] for shape in shapes
        ]

    def call(self, inputs):
        outputs = [reshape(dense(inputs)) for dense, reshape in self.branches]
        return outputs if self.is_list else outputs[0]


class Joined(layers.Layer):
    """A front, and the layer behind it."""

    def __init__(self, row):
        super().__init__()
        self.front = Front(row)
        self.layer = row.make()

    def call(self, inputs):
        return self.layer(self.front(inputs))


def fitted(row):
    """Histories, weights and predictions of two fits with a short last batch."""
    kerasette.utils.set_random_seed(1)
    if row.n_classes:
        x = np.arange(70 * math.prod(row.input_shape[1:])) % row.n_classes
        x = x.reshape(70, *row.input_shape[1:])
        first = [kerasette.Input(x.shape[1:], dtype="int32"), row.make()]
    elif isinstance(row.input_shape, list):
        x, first = X, [kerasette.Input((5,)), Joined(row)]
    else:
        x, first = X, [kerasette.Input((5,)), *Front(row).branches[0], row.make()]
    model = kerasette.Sequential([*first, layers.Flatten(), layers.Dense(2)])
    model.compile(optimizer="adam", loss="mse")
    histories = [
        model.fit(x, Y, batch_size=16, epochs=3, verbose=0).history,
        model.fit(x, Y, batch_size=16, epochs=2, shuffle=False, verbose=0).history,
    ]
    return model, histories, [*model.get_weights(), model.predict(x, verbose=0)]


@pytest.mark.filterwarnings("ignore:.*does not support masking")
@pytest.mark.parametrize("name", [name for name in ROWS if name != "InputLayer"])
def test_replay_gives_the_bits_of_eager(name, eager):
    model, histories, arrays = fitted(ROWS[name])
    assert model.replayed_steps > 10
    assert np.isfinite(histories[0]["loss"]).all()
    eager()
    model, expected, expected_arrays = fitted(ROWS[name])
    assert model.replayed_steps == 0
    assert histories == expected
    for a, b in zip(arrays, expected_arrays, strict=True):
        np.testing.assert_array_equal(a, b)
