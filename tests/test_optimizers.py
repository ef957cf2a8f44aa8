"""Optimizers: arguments, spans, errors. (Their numbers: tests/models.)"""

import numpy as np
import pytest

import kerasette
from kerasette import GradientTape, ops, optimizers
from kerasette._core.variable import Variable, pack

OPTIMIZERS = {
    "sgd": lambda: optimizers.SGD(0.1),
    "momentum": lambda: optimizers.SGD(0.1, momentum=0.9),
    "nesterov": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "adam": lambda: optimizers.Adam(0.1),
}
VALUES = [np.arange(6.0).reshape(2, 3), np.ones(4), np.array(2.0), np.linspace(-1, 1, 40)]
SLOPES = [np.full((2, 3), 0.5), np.arange(4.0), np.array(-1.0), np.linspace(1, 0, 40)]


def steps(optimizer, variables, slopes, n=3):
    for _ in range(n):
        optimizer.apply([ops.convert_to_tensor(g) for g in slopes], variables)
    return [variable.numpy() for variable in variables]


def alone(make, value, slope):
    """The same variable with an optimizer of its own."""
    return steps(make(), [Variable(value)], [slope])[0]


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("packed", ["together", "apart", "two by two"])
def test_any_number_of_spans_gives_the_same(make, packed):
    variables = [Variable(value) for value in VALUES]
    if packed == "apart":
        for variable in variables:
            pack([variable])
    elif packed == "two by two":
        pack(variables[:2])
    found = steps(make(), variables, SLOPES)
    for value, slope, result in zip(VALUES, SLOPES, found):
        np.testing.assert_allclose(result, alone(make, value, slope), rtol=1e-15)


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_variables_without_a_gradient_stay(make):
    variables = [Variable(value) for value in VALUES]
    optimizer = make()
    optimizer.build(variables)
    slopes = [None, ops.convert_to_tensor(SLOPES[1]), None, ops.convert_to_tensor(SLOPES[3])]
    optimizer.apply(slopes, variables)
    np.testing.assert_array_equal(variables[0].numpy(), VALUES[0])
    np.testing.assert_array_equal(variables[2].numpy(), VALUES[2])
    assert not np.array_equal(variables[1].numpy(), VALUES[1])
    assert not np.array_equal(variables[3].numpy(), VALUES[3])


def test_variables_of_two_dtypes_train_together():
    a, b = Variable(np.ones(3, "float32")), Variable(np.ones(3, "float64"))
    optimizers.SGD(0.5).apply([ops.ones((3,)), ops.ones((3,), "float64")], [a, b])
    np.testing.assert_allclose(a.numpy(), 0.5)
    np.testing.assert_allclose(b.numpy(), 0.5)


def test_a_layer_of_two_models_trains_in_both():
    shared = kerasette.layers.Dense(3)
    x = np.ones((8, 3), "float32")
    models = []
    for _ in range(2):
        model = kerasette.Sequential([kerasette.Input((3,)), shared, kerasette.layers.Dense(2)])
        model.compile("adam", "mse")
        models.append(model)
    for model in models * 2:
        before = shared.get_weights()[0]
        model.fit(x, np.zeros((8, 2)), epochs=3, verbose=0)
        assert not np.array_equal(shared.get_weights()[0], before)


def test_a_custom_loop_learns():
    x = np.linspace(-1, 1, 20)[:, None]
    slope, offset = Variable(np.zeros((1, 1))), Variable(np.zeros(1))
    optimizer = optimizers.Adam(0.1)
    for _ in range(300):
        with GradientTape() as tape:
            loss = ops.mean(ops.square(ops.matmul(x, slope) + offset - (3 * x + 1)))
        gradients = tape.gradient(loss, [slope, offset])
        optimizer.apply_gradients(zip(gradients, [slope, offset]))
    np.testing.assert_allclose([slope.numpy().item(), offset.numpy().item()], [3, 1], atol=1e-2)
    assert int(optimizer.iterations) == 300


def test_the_learning_rate_is_a_float32_variable_that_can_be_set():
    optimizer = optimizers.SGD(0.1)
    assert optimizer.learning_rate.dtype == "float32"
    assert float(optimizer.learning_rate) == np.float32(0.1)
    optimizer.learning_rate = 0.5
    variable = Variable(np.ones(1))
    optimizer.apply([ops.ones((1,), "float64")], [variable])
    assert variable.numpy() == 0.5


def test_variables_are_listed_in_keras_order():
    variables = [Variable(np.zeros(2), name="a"), Variable(np.zeros(3), name="b")]
    optimizer = optimizers.Adam()
    optimizer.build(variables)
    shapes = [v.shape for v in optimizer.variables]
    assert shapes == [(), (), (2,), (2,), (3,), (3,)]
    assert len(optimizers.SGD().variables) == 2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optimizers.SGD("fast"), "learning_rate"),
        (lambda: optimizers.SGD(momentum=-0.1), "momentum"),
        (lambda: optimizers.SGD(momentum=1.5), "momentum"),
        (lambda: optimizers.SGD(momentum="much"), "momentum"),
        (lambda: optimizers.Adam(beta_1=1.0), "beta_1"),
        (lambda: optimizers.Adam(beta_2=-0.5), "beta_2"),
        (lambda: optimizers.Adam(epsilon=-1), "epsilon"),
        (lambda: optimizers.get("adamm"), "Could not interpret optimizer.*'adam'"),
        (lambda: optimizers.get(3), "Could not interpret optimizer"),
    ],
)
def test_bad_arguments_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_steps_that_do_not_fit_change_nothing():
    variables = [Variable(np.ones(2)), Variable(np.ones(3))]
    optimizer = optimizers.Adam()
    optimizer.build(variables)
    one = ops.ones((2,), "float64")
    for gradients, targets, message in [
        ([one], variables, "1 gradients were given for 2"),
        ([None, None], variables, "No gradients"),
        ([one], [Variable(np.ones(2), name="other")], "Unknown variable: other"),
        ([ops.ones((5,), "float64"), None], variables, "gradient of shape"),
    ]:
        with pytest.raises(ValueError, match=message):
            optimizer.apply(gradients, targets)
    np.testing.assert_array_equal(variables[0].numpy(), 1)
    assert int(optimizer.iterations) == 0


@pytest.mark.parametrize("make", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_configs_make_equal_optimizers(make):
    optimizer = make()
    twin = optimizers.deserialize(optimizers.serialize(optimizer))
    assert type(twin) is type(optimizer)
    assert twin.get_config() == optimizer.get_config()


@pytest.mark.parametrize("identifier", ["adam", "Adam", optimizers.Adam, optimizers.Adam(), {
    "class_name": "Adam", "config": {"learning_rate": 0.5}}])  # fmt: skip
def test_optimizers_are_found_in_any_spelling(identifier):
    assert isinstance(optimizers.get(identifier), optimizers.Adam)


def test_an_optimizer_of_ones_own_works_in_fit():
    class SignDescent(optimizers.Optimizer):
        def __init__(self, learning_rate=0.25):
            super().__init__(learning_rate)

        def update_span(self, parameters, gradients, slots, variables):
            for variable in variables:
                place = self._gradient_places[id(variable)][2]
                variable.assign_sub(ops.cast(self.learning_rate, variable.dtype) * ops.sign(place))

    model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    model.compile(SignDescent(), "mse")
    model.set_weights([np.zeros((1, 1)), np.zeros(1)])
    model.fit(np.ones((4, 1)), np.full((4, 1), 9.0), batch_size=2, epochs=2, verbose=0)
    np.testing.assert_allclose(model.get_weights()[1], [1.0])
