"""Losses that layers add, and what weights have besides a value: regularizers and constraints."""

import copy
import pickle
import threading

import numpy as np
import pytest
from agreement import assert_agree

import kerasette
from kerasette import GradientTape, Variable, constraints, layers, ops, regularizers
from kerasette.layers import Layer

X = np.array([[1.0, -2.0], [3.0, 0.5], [0.0, 1.0]], "float32")


class Adding(Layer):
    """Adds the sum of its input, times a factor, to the loss."""

    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        self.add_loss(self.factor * ops.sum(inputs))
        return inputs


class Block(Layer):
    """One such layer after another, and a loss of its own."""

    def __init__(self):
        super().__init__()
        self.first, self.second = Adding(), Adding(10.0)

    def call(self, inputs):
        self.add_loss([ops.max(inputs), ops.min(inputs)])
        return self.second(self.first(inputs) * 2.0)


def numbers(losses):
    return [float(loss) for loss in losses]


# ---- add_loss -----------------------------------------------------------------------------


def test_losses_are_those_of_the_last_call():
    layer = Adding()
    assert layer.losses == []
    for x in (X, X, X[:1]):
        layer(x)
        assert_agree(numbers(layer.losses), [x.sum()])


def test_losses_of_layers_inside_come_after_ones_own():
    block = Block()
    for _ in range(2):
        block(X)
        assert_agree(numbers(block.losses), [3.0, -2.0, X.sum(), 20 * X.sum()])
        assert_agree(numbers(block.first.losses), [X.sum()])


def test_the_outermost_call_clears():
    """As in Keras: a layer inside that is called alone replaces its own loss only."""
    block = Block()
    block(X)
    block.first(X[:1])
    assert_agree(numbers(block.losses), [3.0, -2.0, X[:1].sum(), 20 * X.sum()])


def test_a_layer_that_is_called_twice_adds_twice():
    class Twice(Layer):
        def __init__(self):
            super().__init__()
            self.inner = Adding()

        def call(self, inputs):
            return self.inner(self.inner(inputs) + 1.0)

    layer = Twice()
    for _ in range(2):
        layer(X)
        assert_agree(numbers(layer.losses), [X.sum(), (X + 1).sum()])


@pytest.mark.parametrize("value", [3.0, "a", None, [1.0], lambda: 3.0])
def test_only_tensors_are_losses(value):
    layer = Adding()
    with pytest.raises(ValueError, match=r"`add_loss\(\)`.*Received invalid value"):
        layer.add_loss(value)
    assert layer.losses == []


def test_each_thread_has_losses_of_its_own():
    layer = Adding()
    layer(X)
    found, ready = [], threading.Barrier(2, timeout=30)

    def run():
        found.append(layer.losses)
        layer(X[:1])
        ready.wait()
        ready.wait()
        found.append(numbers(layer.losses))

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait()
    layer(X[1:2])
    ready.wait()
    thread.join()
    assert found[0] == [] and found[1] == [X[:1].sum()]
    assert numbers(layer.losses) == [X[1:2].sum()]


def test_copies_begin_without_losses():
    layer = Adding()
    layer(X)
    assert copy.deepcopy(layer).losses == [] and len(layer.losses) == 1


def test_gradients_flow_through_added_losses():
    block, x = Block(), ops.convert_to_tensor(X)
    with GradientTape() as tape:
        tape.watch(x)
        block(x)
        total = sum(block.losses)
    expected = 21.0 + np.isin(X, (X.min(), X.max()))
    assert_agree(tape.gradient(total, x), expected)


# ---- activity regularizers ------------------------------------------------------------------


def test_activity_is_divided_by_the_batch_size():
    layer = layers.Activation("linear", activity_regularizer=regularizers.L2(0.1))
    layer(X)
    assert_agree(numbers(layer.losses), [0.1 * (X**2).sum() / 3])
    layer(ops.convert_to_tensor(2.0))
    assert_agree(numbers(layer.losses), [0.1 * 4])
    layer(X[:0])
    assert numbers(layer.losses) == [0.0]


def test_activity_of_layers_inside_counts():
    class Outer(Layer):
        def __init__(self):
            super().__init__(activity_regularizer="l1")
            self.inner = layers.Activation("relu", activity_regularizer="l2")

        def call(self, inputs):
            return self.inner(inputs) * 3.0

    layer = Outer()
    for _ in range(2):
        layer(X)
        positive = np.maximum(X, 0)
        expected = [0.01 * 3 * positive.sum() / 3, 0.01 * (positive**2).sum() / 3]
        assert_agree(numbers(layer.losses), expected)


def test_activity_of_several_outputs():
    class Split(Layer):
        def call(self, inputs):
            return [inputs, inputs * 2.0]

    layer = Split(activity_regularizer="l1")
    layer(X)
    assert_agree(numbers(layer.losses), [0.01 * abs(X).sum() / 3, 0.02 * abs(X).sum() / 3])


# ---- regularizers and constraints of weights ----------------------------------------------------


class Weighted(Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(
            (input_shape[-1], 2), initializer="ones", regularizer="l2", constraint="unit_norm"
        )
        self.scale = self.add_weight(
            (2,), initializer="ones", regularizer=lambda w: ops.sum(w) * 5.0, name="scale"
        )
        self.state = self.add_weight((2,), initializer="ones", trainable=False, regularizer="l1")

    def call(self, inputs):
        return ops.matmul(inputs, self.kernel) * self.scale


def test_regularizers_of_trainable_weights_are_losses_without_a_call():
    layer = Weighted()
    layer.build((None, 2))
    assert type(layer.kernel.regularizer) is regularizers.L2
    assert type(layer.kernel.constraint) is constraints.UnitNorm
    assert layer.scale.constraint is None and layer.scale.name == "scale"
    assert_agree(numbers(layer.losses), [0.01 * 4, 10.0])
    layer.trainable = False
    assert layer.losses == []


def test_losses_of_calls_come_before_those_of_weights():
    model = kerasette.Sequential([Weighted(), Adding()])
    y = model(X).numpy()
    assert_agree(numbers(model.losses), [y.sum(), 0.04, 10.0])


def test_regularizers_may_change_and_training_sees_it():
    model = kerasette.Sequential(
        [kerasette.Input((2,)), layers.Dense(1, kernel_initializer="ones")]
    )
    model.compile("sgd", "mse")
    y = np.zeros((3, 1), "float32")
    plain = [model.test_on_batch(X, y) for _ in range(3)][-1]
    model.layers[0].kernel.regularizer = regularizers.L1(0.25)
    assert_agree(model.test_on_batch(X, y), plain + 0.5)
    model.layers[0].kernel.regularizer = None
    assert_agree(model.test_on_batch(X, y), plain)


def test_constraints_may_change_and_training_sees_it():
    model = kerasette.Sequential([kerasette.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    y = np.zeros((3, 1), "float32")
    for _ in range(3):
        model.train_on_batch(X, y)
    model.layers[0].kernel.constraint = constraints.UnitNorm()
    model.train_on_batch(X, y)
    assert_agree(np.linalg.norm(model.get_weights()[0]), 1.0)


@pytest.mark.parametrize("attribute", ["regularizer", "constraint"])
@pytest.mark.parametrize("value", ["l2", 3, [], {}])
def test_what_cannot_be_called_is_neither(attribute, value):
    variable = Variable(np.ones(2, "float32"))
    with pytest.raises(ValueError, match=rf"attribute `{attribute}`.*callable or None"):
        setattr(variable, attribute, value)
    assert getattr(variable, attribute) is None


@pytest.mark.parametrize("arguments", [{"regularizer": "nope"}, {"constraint": 3}])
def test_unknown_names_are_refused_and_no_weight_is_left(arguments):
    layer = Adding()
    with pytest.raises(ValueError, match=f"interpret {next(iter(arguments))} identifier"):
        layer.add_weight((2,), **arguments)
    assert layer.weights == []


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_copies_of_weights_keep_both(duplicate):
    layer = layers.Dense(2, kernel_regularizer=regularizers.L2(0.3), kernel_constraint="non_neg")
    layer.build((None, 2))
    for found in (duplicate(layer.kernel), duplicate(layer).kernel):
        assert found.regularizer.get_config() == layer.kernel.regularizer.get_config()
        assert type(found.constraint) is constraints.NonNeg
        np.testing.assert_array_equal(found.numpy(), layer.kernel.numpy())
        found.assign(found + 1.0)
        assert (found.numpy() != layer.kernel.numpy()).all()
