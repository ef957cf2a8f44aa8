"""Copies of an optimizer that are made without its model."""

import copy
import pickle

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops, optimizers
from kerasette._core.variable import Variable

X = np.random.default_rng(0).normal(size=(24, 3)).astype("float32")
Y = X[:, :1] ** 2

MAKERS = {
    "adam": lambda: optimizers.Adam(0.01, amsgrad=True, name="adam"),
    "sgd": lambda: optimizers.SGD(0.01, momentum=0.9, name="sgd"),
    "nadam": lambda: optimizers.Nadam(0.01, name="nadam"),
    "ftrl": lambda: optimizers.Ftrl(0.01, name="ftrl"),
    "averages": lambda: optimizers.RMSprop(0.01, use_ema=True, name="averages"),
    "accumulating": lambda: optimizers.Adam(0.01, gradient_accumulation_steps=2, name="sums"),
    "schedule": lambda: optimizers.SGD(optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
    "scaling": lambda: optimizers.LossScaleOptimizer(optimizers.Adam(0.01), 8.0, 100),
}
COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
}
ANEW = pytest.warns(UserWarning, match=r"because it has \d variables whereas .* begins anew")


class OwnStep(kerasette.Sequential):
    """A model whose optimizer sees the variables only within a step that is recorded."""

    def train_step(self, data):
        x, y = data
        with kerasette.GradientTape() as tape:
            loss = ops.mean((self(x) - y) ** 2)
            scaled = self.optimizer.scale_loss(loss)
        variables = self.trainable_variables
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        return {"loss": loss}


def make(kind=kerasette.Sequential, seed=1):
    rng = np.random.default_rng(seed)
    model = kind([kerasette.Input((3,)), layers.Dense(4, "tanh"), layers.Dense(1)])
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
    return model


def trained(model, optimizer):
    model.compile(optimizer, "mse")
    model.fit(X, Y, batch_size=8, epochs=3, shuffle=False, verbose=0)
    return model


@pytest.mark.parametrize("kind", [kerasette.Sequential, OwnStep])
@pytest.mark.parametrize("name", MAKERS)
def test_a_copy_trains_another_model_as_a_new_optimizer_does(name, kind):
    expected = trained(make(kind, seed=2), MAKERS[name]())
    old = trained(make(), MAKERS[name]()).optimizer
    steps = int(old.iterations)
    twin = copy.deepcopy(old)
    with ANEW:
        model = trained(make(kind, seed=2), twin)
    for weight, other in zip(model.get_weights(), expected.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, other)
    assert len(twin.variables) == len(old.variables)
    assert int(twin.iterations) == int(old.iterations) == steps


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_trains_the_same_model_anew(how):
    model = trained(make(), MAKERS["adam"]())
    model.optimizer.learning_rate = 0.5
    with ANEW:
        trained(model, COPIES[how](model.optimizer))
    assert int(model.optimizer.iterations) == 9
    assert float(model.optimizer.learning_rate) == 0.5


def test_a_copy_begins_anew_by_build_or_apply_and_keeps_what_its_class_has_made():
    class Counting(optimizers.Optimizer):
        def __init__(self):
            super().__init__(0.25)
            self.seen = self.add_variable((), name="seen")

        def build(self, variables):
            super().build(variables)
            self.sums = self.add_optimizer_variables(variables, "sum")

        def update_step(self, gradient, variable, learning_rate):
            self.seen.assign_add(1.0)
            self.sums[self._get_variable_index(variable)].assign_add(gradient)
            self.assign_sub(variable, learning_rate * gradient)

    optimizer = Counting()
    optimizer.apply([ops.ones((2,))], [Variable(np.ones(2, "float32"))])
    for begin in ("build", "apply"):
        twin, variables = copy.deepcopy(optimizer), [Variable(np.ones(3, "float32"))]
        with ANEW:
            if begin == "build":
                twin.build(variables)
            else:
                twin.apply([ops.ones((3,))], variables)
        twin.apply([ops.ones((3,))], variables)
        names = [variable.name.split("_")[-1] for variable in twin.variables]
        assert names == ["iteration", "rate", "seen", "sum"]
        n = 1 if begin == "build" else 2
        assert int(twin.iterations) == n
        assert float(twin.seen) == 1 + n
        np.testing.assert_array_equal(twin.sums[0], [n] * 3)


def test_a_copy_that_was_made_with_its_variables_is_theirs():
    variables = [Variable(np.ones(2, "float32"), name="a"), Variable(np.ones(3, "float32"))]
    optimizer = optimizers.Adam()
    optimizer.build(variables)
    twin, theirs = copy.deepcopy((optimizer, variables))
    other = [Variable(np.ones(2, "float32"), name="other")]
    with pytest.raises(ValueError, match="Unknown variable: other"):
        twin.ensure_built([theirs[0], *other])
    for late in (optimizer, twin):
        with pytest.raises(ValueError, match="Unknown variable: other"):
            late.ensure_built(other)
    with ANEW:
        alone = copy.deepcopy(optimizer)
        alone.ensure_built(other)
    with pytest.raises(ValueError, match="Unknown variable: a"):
        alone.ensure_built(variables)
