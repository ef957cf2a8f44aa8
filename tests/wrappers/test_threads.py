"""Fits of small networks keep to their thread, whatever comes of them."""

import numpy as np
import pytest

from kerasette import layers
from kerasette._core.runtime import work_alone
from kerasette.callbacks import Callback
from kerasette.models import Model, Sequential
from kerasette.wrappers import KerasetteClassifier, KerasetteRegressor
from kerasette.wrappers.threads import has_small_steps

X = np.random.default_rng(0).normal(size=(60, 5))
Y = (X[:, 0] > 0).astype(int)


def is_alone():
    before = work_alone(False)
    work_alone(before)
    return before


class Watch(Callback):
    """Notes in a list for each epoch whether the thread works alone."""

    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def on_epoch_end(self, epoch, logs=None):
        self.seen.append(is_alone())


class Fail(Callback):
    def on_epoch_end(self, epoch, logs=None):
        raise RuntimeError("enough")


@pytest.mark.parametrize(("units", "expected"), [((20,), True), ((512, 512), False)])
@pytest.mark.parametrize("kind", [KerasetteClassifier, KerasetteRegressor])
def test_small_steps_keep_to_their_thread(kind, units, expected):
    seen = []
    kind(hidden_layer_sizes=units, epochs=2, callbacks=[Watch(seen)], random_state=0).fit(X, Y)
    assert seen == [expected, expected]
    assert not is_alone()


def test_a_fit_that_fails_leaves_the_thread_as_it_was():
    with pytest.raises(RuntimeError, match="enough"):
        KerasetteClassifier(epochs=2, callbacks=[Fail()], random_state=0).fit(X, Y)
    assert not is_alone()


@pytest.mark.parametrize("units", [(20,), (512, 512)])
def test_what_was_set_before_stays(units):
    seen = []
    work_alone(True)
    try:
        KerasetteClassifier(
            hidden_layer_sizes=units, epochs=1, callbacks=[Watch(seen)], random_state=0
        ).fit(X, Y)
        assert is_alone()
        assert seen == [True]
    finally:
        work_alone(False)


class TwoShapes(layers.Dense):
    """Whose products nobody knows."""

    def build(self, x_shape, y_shape):
        super().build(x_shape)

    def call(self, x, y):
        return super().call(x) + super().call(y)


def of_two_inputs():
    x, y = layers.Input((3,)), layers.Input((3,))
    return Model([x, y], TwoShapes(1)(x, y))


def dense(*units):
    return Sequential([layers.Input((100,)), *map(layers.Dense, units)])


@pytest.mark.parametrize(
    ("model", "batch_size", "expected"),
    [
        # 6 operations for each of 10,100 weights and each row
        (dense(100), 800, True),
        (dense(100), 830, False),
        (Sequential([layers.Input((9,)), layers.BatchNormalization(), layers.Dropout(0.5),
                     layers.Dense(3)]), 32, True),
        # the same weights for each of 50 steps, and for who knows how many
        (Sequential([layers.Input((50, 100)), layers.Dense(100)]), 16, True),
        (Sequential([layers.Input((50, 100)), layers.Dense(100)]), 17, False),
        (Sequential([layers.Input((None, 100)), layers.Dense(100)]), 1, False),
        (of_two_inputs(), 1, False),
        # few weights, each in many products
        (Sequential([layers.Input((8, 8, 1)), layers.Conv2D(2, 3)]), 1, False),
        (Sequential([layers.Input((7, 3)), layers.LSTM(2)]), 1, False),
    ],
)  # fmt: skip
def test_small_steps(model, batch_size, expected):
    assert has_small_steps(model, batch_size) is expected
