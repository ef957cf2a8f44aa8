"""Optimizers: arguments, spans, state, errors. (Their numbers: the other files here.)"""

import copy
import json
import pickle

import numpy as np
import pytest
from changes import assert_every_parameter_has_a_row, differ

import kerasette
from kerasette import GradientTape, ops, optimizers
from kerasette._core.variable import Variable, pack
from kerasette.optimizers import schedules

OPTIMIZERS = {
    "sgd": lambda: optimizers.SGD(0.1),
    "momentum": lambda: optimizers.SGD(0.1, momentum=0.9),
    "nesterov": lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda: optimizers.RMSprop(0.1),
    "adam": lambda: optimizers.Adam(0.1),
    "adamw": lambda: optimizers.AdamW(0.1),
    "nadam": lambda: optimizers.Nadam(0.1),
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
def test_variables_without_a_gradient_stay_and_a_warning_names_them(make):
    variables = [Variable(value, name=f"v{i}") for i, value in enumerate(VALUES)]
    optimizer = make()
    optimizer.build(variables)
    slopes = [None, ops.convert_to_tensor(SLOPES[1]), None, ops.convert_to_tensor(SLOPES[3])]
    with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \['v0', 'v2'\]"):
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


def test_the_norm_of_all_goes_over_two_dtypes():
    a, b = Variable(np.zeros(1, "float32")), Variable(np.zeros(1, "float64"))
    gradients = [3 * ops.ones((1,)), 4 * ops.ones((1,), "float64")]
    optimizers.SGD(1.0, global_clipnorm=1.0).apply(gradients, [a, b])
    np.testing.assert_allclose([a.numpy().item(), b.numpy().item()], [-0.6, -0.8], rtol=1e-6)


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
        count = optimizer.apply_gradients(zip(gradients, [slope, offset]))
    np.testing.assert_allclose([slope.numpy().item(), offset.numpy().item()], [3, 1], atol=1e-2)
    assert count is optimizer.iterations
    assert int(count) == 300


# ---- every argument acts -------------------------------------------------------

# A change of each argument that all optimizers have.
TAIL = {
    "learning_rate": 0.3,
    "weight_decay": 0.5,
    "clipnorm": 0.1,
    "clipvalue": 0.1,
    "global_clipnorm": 0.1,
    "use_ema": True,
    "ema_momentum": 0.5,
    "ema_overwrite_frequency": 2,
    "loss_scale_factor": 4.0,
    "gradient_accumulation_steps": 2,
}
# The argument acts only beside these.
BESIDE = {
    "ema_momentum": {"use_ema": True},
    "ema_overwrite_frequency": {"use_ema": True},
    "nesterov": {"momentum": 0.9},
}
ROWS = {
    "SGD": {"momentum": 0.9, "nesterov": True},
    "RMSprop": {"rho": 0.5, "momentum": 0.5, "epsilon": 0.5, "centered": True},
    "Adam": {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 0.5, "amsgrad": True},
    "AdamW": {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 0.5, "amsgrad": True},
    "Adagrad": {"initial_accumulator_value": 0.5, "epsilon": 0.5},
    "Adadelta": {"rho": 0.5, "epsilon": 0.5},
    "Adamax": {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 0.5},
    "Nadam": {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 0.5},
    "Lion": {"beta_1": 0.2, "beta_2": 0.2},
    "Ftrl": {
        "learning_rate_power": -0.9,
        "initial_accumulator_value": 0.5,
        "l1_regularization_strength": 0.5,
        "l2_regularization_strength": 0.5,
        "l2_shrinkage_regularization_strength": 0.5,
        "beta": 0.5,
    },
}
COVERED = {f"optimizers.{name}": {**TAIL, **row} for name, row in ROWS.items()}
COVERED["optimizers.LossScaleOptimizer"] = (
    "inner_optimizer initial_scale dynamic_growth_steps".split()
)


def outcome(name, **arguments):
    """Variables after four steps and finalizing, and the scaled loss."""
    variables = [Variable(np.full(3, 0.7, "float32"))]
    optimizer = getattr(optimizers, name)(**{"learning_rate": 0.1, **arguments})
    slopes = ([1.0, -0.2, 0.3], [-0.05, 0.01, 0.02], [0.1, 0.4, -2.0], [-0.5, 0.0, 0.6])
    for slope in slopes:
        optimizer.apply([ops.convert_to_tensor(slope)], variables)
    optimizer.finalize_variable_values(variables)
    return [variables[0].numpy(), float(optimizer.scale_loss(ops.ones(())))]


@pytest.mark.parametrize("name", ROWS)
def test_every_argument_acts(name):
    rows = {**TAIL, **ROWS[name]}
    assert_every_parameter_has_a_row(getattr(optimizers, name), rows)
    for argument, value in rows.items():
        beside = BESIDE.get(argument, {})
        if name in ("Adam", "AdamW") and argument == "amsgrad":
            beside = {"beta_2": 0.5}
        assert differ(outcome(name, **beside), outcome(name, **beside, **{argument: value})), (
            argument
        )


def test_the_arguments_of_loss_scaling_act():
    def run(initial_scale=8.0, dynamic_growth_steps=5, rate=0.1, n=4):
        optimizer = optimizers.LossScaleOptimizer(
            optimizers.SGD(rate), initial_scale, dynamic_growth_steps
        )
        variable = Variable(np.ones(2, "float32"))
        steps(optimizer, [variable], [np.ones(2, "float32")], n)
        return [variable.numpy(), float(optimizer.scale_loss(1.0))]

    rows = {"initial_scale": 2.0, "dynamic_growth_steps": 2, "inner_optimizer": None}
    assert_every_parameter_has_a_row(optimizers.LossScaleOptimizer, rows)
    assert differ(run(), run(initial_scale=2.0))
    assert differ(run(), run(dynamic_growth_steps=2))
    assert differ(run(), run(rate=0.2))


SCHEDULES = {
    "ExponentialDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5},
        {"initial_learning_rate": 0.2, "decay_steps": 5, "decay_rate": 0.6, "staircase": True},
    ),
    "InverseTimeDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 4, "decay_rate": 0.5},
        {"initial_learning_rate": 0.2, "decay_steps": 5, "decay_rate": 0.6, "staircase": True},
    ),
    "PiecewiseConstantDecay": (
        {"boundaries": [2, 5], "values": [1.0, 0.5, 0.1]},
        {"boundaries": [2, 6], "values": [1.0, 0.5, 0.2]},
    ),
    "PolynomialDecay": (
        {"initial_learning_rate": 0.1, "decay_steps": 4},
        {
            "initial_learning_rate": 0.2,
            "decay_steps": 5,
            "end_learning_rate": 0.05,
            "power": 2.0,
            "cycle": True,
        },
    ),
    "CosineDecay": (
        {
            "initial_learning_rate": 0.1,
            "decay_steps": 4,
            "warmup_target": 0.3,
            "warmup_steps": 3,
        },
        {
            "initial_learning_rate": 0.2,
            "decay_steps": 5,
            "alpha": 0.1,
            "warmup_target": 0.4,
            "warmup_steps": 2,
        },
    ),
    "CosineDecayRestarts": (
        {"initial_learning_rate": 0.1, "first_decay_steps": 3},
        {
            "initial_learning_rate": 0.2,
            "first_decay_steps": 4,
            "t_mul": 1.0,
            "m_mul": 0.5,
            "alpha": 0.1,
        },
    ),
}
COVERED |= {f"optimizers.schedules.{name}": rows for name, (_, rows) in SCHEDULES.items()}


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_argument_of_schedules_acts(name):
    cls = getattr(schedules, name)
    arguments, changes = SCHEDULES[name]
    assert_every_parameter_has_a_row(cls, changes)

    def rates(**changed):
        schedule = cls(**{**arguments, **changed})
        return [float(schedule(step)) for step in range(12)]

    for argument, value in changes.items():
        assert differ(rates(), rates(**{argument: value})), argument
    assert cls(**arguments, name="mine").get_config()["name"] == "mine"


@pytest.mark.parametrize("excluded", [{"var_names": ["bi", "b$"]}, {"var_list": [0, 2]}, {}])
def test_variables_are_excluded_from_weight_decay(excluded):
    for make in (optimizers.SGD, optimizers.Adagrad):
        variables = [Variable(np.ones(2, "float32"), name=n) for n in ("bias", "kernel", "a_b")]
        optimizer = make(0.1, weight_decay=0.5)
        arguments = dict(excluded)
        if "var_list" in arguments:
            arguments["var_list"] = [variables[i] for i in arguments["var_list"]]
        optimizer.exclude_from_weight_decay(**arguments)
        steps(optimizer, variables, [np.zeros(2, "float32")] * 3, n=1)
        found = [v.numpy()[0] for v in variables]
        expected = [1, 0.95, 1] if excluded else [0.95] * 3
        np.testing.assert_allclose(found, expected, rtol=1e-6)


# ---- learning rates ----------------------------------------------------------------


def test_the_learning_rate_is_a_float32_variable_that_can_be_set():
    optimizer = optimizers.SGD(0.1)
    assert optimizer.learning_rate.dtype == "float32"
    assert float(optimizer.learning_rate) == np.float32(0.1)
    optimizer.learning_rate = 0.5
    variable = Variable(np.ones(1))
    optimizer.apply([ops.ones((1,), "float64")], [variable])
    assert variable.numpy() == 0.5
    optimizer.learning_rate = ops.convert_to_tensor(0.25)
    assert float(optimizer.learning_rate) == 0.25
    with pytest.raises(ValueError, match="learning rate should be float"):
        optimizer.learning_rate = "fast"


def test_a_schedule_may_take_the_place_of_a_number_but_no_number_that_of_a_schedule():
    optimizer = optimizers.SGD(0.1)
    assert len(optimizer.variables) == 2
    optimizer.learning_rate = schedules.InverseTimeDecay(1.0, 1, 1.0)
    assert [v.name for v in optimizer.variables] == ["iteration"]
    variable = Variable(np.zeros(1, "float32"))
    steps(optimizer, [variable], [np.ones(1, "float32")], n=3)
    np.testing.assert_allclose(variable.numpy(), -(1 + 1 / 2 + 1 / 3), rtol=1e-6)
    assert float(optimizer.learning_rate) == 0.25
    with pytest.raises(TypeError, match="learning rate is not settable"):
        optimizer.learning_rate = 0.1
    optimizer.learning_rate = lambda: 0.5
    assert float(optimizer.learning_rate) == 0.5
    with pytest.raises(TypeError, match="created with a function"):
        optimizer.learning_rate = 0.1


def rate_of_ones_own():
    return 0.5


class Halving(schedules.LearningRateSchedule):
    def __init__(self, start):
        self.start = start

    def __call__(self, step):
        return ops.power(0.5, step) * self.start

    def get_config(self):
        return {"start": self.start}


@pytest.mark.parametrize("rate", [rate_of_ones_own, Halving(0.5)])
def test_rates_of_ones_own_are_found_among_custom_objects(rate):
    config = optimizers.serialize(optimizers.Adam(rate))
    known = {"rate_of_ones_own": rate_of_ones_own, "Halving": Halving}
    twin = optimizers.deserialize(config, custom_objects=known)
    assert float(twin.learning_rate) == 0.5
    assert twin.get_config() == config["config"]
    with pytest.raises(TypeError, match="Could not locate"):
        optimizers.deserialize(config)


def test_an_attribute_of_a_schedule_may_be_changed_between_fits():
    model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    schedule = Halving(0.0)
    model.compile(optimizers.SGD(schedule), "mse")
    x, before = np.ones((32, 1)), model.get_weights()[0]
    for _ in range(2):
        model.fit(x, x, batch_size=4, epochs=2, verbose=0)
    np.testing.assert_array_equal(model.get_weights()[0], before)
    schedule.start = 0.5
    model.optimizer.iterations.assign(0)
    model.fit(x, x + 9, batch_size=4, verbose=0)
    assert not np.array_equal(model.get_weights()[0], before)


# ---- state -------------------------------------------------------------------------


def test_variables_are_listed_in_keras_order():
    variables = [Variable(np.zeros(2), name="a"), Variable(np.zeros(3), name="b")]
    optimizer = optimizers.Adam()
    optimizer.build(variables)
    shapes = [v.shape for v in optimizer.variables]
    assert shapes == [(), (), (2,), (2,), (3,), (3,)]
    assert len(optimizers.SGD().variables) == 2


def test_weights_may_be_set():
    variables = [Variable(np.zeros(2)), Variable(np.zeros(3))]
    optimizer = optimizers.Adam()
    optimizer.build(variables)
    values = [np.full(v.shape, i) for i, v in enumerate(optimizer.variables)]
    optimizer.set_weights(values)
    for variable, value in zip(optimizer.variables, values):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert int(optimizer.iterations) == 0


def test_iterations_count_updates_when_gradients_accumulate():
    optimizer = optimizers.SGD(gradient_accumulation_steps=3)
    variable = Variable(np.zeros(1))
    found = []
    for _ in range(7):
        steps(optimizer, [variable], [np.ones(1)], n=1)
        found.append(int(optimizer.iterations))
    assert found == [0, 0, 1, 1, 1, 2, 2]
    assert int(optimizer.variables[0]) == 7


def test_gradients_that_did_not_come_are_left_out_of_the_mean_as_in_keras():
    optimizer = optimizers.SGD(1.0, gradient_accumulation_steps=2)
    a, b = variables = [Variable(np.zeros(1)), Variable(np.zeros(1))]
    one = ops.ones((1,), "float64")
    optimizer.apply([one, one], variables)
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        optimizer.apply([one, None], variables)
    optimizer.apply([one, one], variables)
    optimizer.apply([one, one], variables)
    np.testing.assert_array_equal([a.numpy().item(), b.numpy().item()], [-2, -1])


def test_variables_of_ones_own_are_part_of_the_state():
    optimizer = optimizers.SGD()
    optimizer.extra = Variable(np.ones(2), name="extra")
    assert optimizer.variables[-1] is optimizer.extra
    slot = optimizer.add_variable_from_reference(optimizer.extra, initializer="ones")
    assert (slot.name, slot.path) == ("extra_var", f"{optimizer.name}/extra_var")
    assert slot.dtype == "float64"
    np.testing.assert_array_equal(slot.numpy(), 1)
    made = optimizer.add_variable((2,), "ones", name="counts")
    assert (made.shape, made.dtype, made.name) == ((2,), "float32", "counts")
    first, second = optimizer.add_optimizer_variables(
        [optimizer.extra], ["a", "b"], initializer=["zeros", "ones"]
    )
    assert (float(first[0].numpy().sum()), float(second[0].numpy().sum())) == (0, 2)
    assert optimizer.variables[-2:] == [first[0], second[0]]
    for argument in ({"aggregation": "mean"}, {"layout": "x"}):
        with pytest.raises(ValueError, match="not supported"):
            optimizer.add_variable((2,), **argument)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("scaled", [False, True])
def test_copies_go_on_by_themselves(copied, scaled):
    optimizer = optimizers.Adam(0.1, use_ema=True, gradient_accumulation_steps=2, clipnorm=1.0)
    optimizer = optimizers.LossScaleOptimizer(optimizer) if scaled else optimizer
    variables = [Variable(value) for value in VALUES]
    steps(optimizer, variables, SLOPES)
    twin, twins = copied((optimizer, variables))
    found = steps(twin, twins, SLOPES, n=4)
    for a, b in zip(steps(optimizer, variables, SLOPES, n=4), found):
        np.testing.assert_array_equal(a, b)
    steps(twin, twins, SLOPES)
    assert differ(twins[0].numpy(), variables[0].numpy())


def test_assignments_go_to_the_variables():
    optimizer, variable = optimizers.SGD(), Variable(np.zeros(1))
    optimizer.assign(variable, [5.0])
    optimizer.assign_add(variable, [2.0])
    optimizer.assign_sub(variable, [1.0])
    assert float(variable.numpy()[0]) == 6


# ---- errors ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optimizers.SGD("fast"), "learning_rate"),
        (lambda: optimizers.SGD(momentum=-0.1), "momentum"),
        (lambda: optimizers.SGD(momentum=1.5), "momentum"),
        (lambda: optimizers.SGD(momentum="much"), "momentum"),
        (lambda: optimizers.SGD(weight_decay="much"), "weight_decay"),
        (lambda: optimizers.SGD(clipnorm="much"), "clipnorm"),
        (lambda: optimizers.SGD(clipvalue=True), "clipvalue"),
        (lambda: optimizers.SGD(global_clipnorm=[1]), "global_clipnorm"),
        (lambda: optimizers.SGD(loss_scale_factor="much"), "loss_scale_factor"),
        (lambda: optimizers.SGD(use_ema=True, ema_momentum="much"), "ema_momentum"),
        (lambda: optimizers.SGD(gradient_accumulation_steps=2.5), "gradient_accumulation_steps"),
        (lambda: optimizers.SGD(gradient_accumulation_steps=True), "gradient_accumulation_steps"),
        (lambda: optimizers.SGD(ema_overwrite_frequency=0.5), "ema_overwrite_frequency"),
        (lambda: optimizers.SGD(use_ema=True, ema_momentum=True), "ema_momentum"),
        (lambda: optimizers.SGD(name="a/b"), "name"),
        (lambda: optimizers.RMSprop(rho=1.5), "rho"),
        (lambda: optimizers.RMSprop(momentum=-1), "momentum"),
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


@pytest.mark.parametrize("value", [1, -1, 0.5, 2.5, True, "2", np.float32(2)])
def test_numbers_of_steps_are_checked_whenever_they_are_set(value):
    optimizer = optimizers.SGD(gradient_accumulation_steps=2, ema_overwrite_frequency=3)
    # The first takes 2 at least, the second 1.
    for name, value_for_it in [
        ("gradient_accumulation_steps", value),
        ("ema_overwrite_frequency", 1.0 if value == 1 else value),
    ]:
        before = getattr(optimizer, name)
        with pytest.raises(ValueError, match=f"`{name}` must be an integer >= .* Received: {name}"):
            setattr(optimizer, name, value_for_it)
        assert getattr(optimizer, name) == before
        for never in (None, False, 0, before):
            setattr(optimizer, name, never)
            assert getattr(optimizer, name) is never


# Each of them is used, not only kept.
SCALARS = [
    (optimizers.SGD, {"clipnorm": 1.5}),
    (optimizers.SGD, {"clipvalue": 0.5}),
    (optimizers.SGD, {"global_clipnorm": 1}),
    (optimizers.SGD, {"weight_decay": 0.25}),
    (optimizers.SGD, {"loss_scale_factor": 2.0}),
    (optimizers.SGD, {"gradient_accumulation_steps": 2}),
    (optimizers.SGD, {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2}),
    (optimizers.RMSprop, {"rho": 0.5, "momentum": 0.5, "epsilon": 0.25}),
    (optimizers.Adam, {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 0.25}),
    (optimizers.Lion, {"beta_1": 0.5, "beta_2": 0.5}),
    (optimizers.Adagrad, {"initial_accumulator_value": 0.5}),
    (optimizers.Ftrl, {"learning_rate_power": -0.25, "beta": 0.5}),
    (optimizers.Ftrl, {"l1_regularization_strength": 0.5, "l2_regularization_strength": 0.5}),
]


def numpy_scalar(value):
    kinds = {float: np.float32, int: np.int64, bool: np.bool_}
    return kinds[type(value)](value)


@pytest.mark.parametrize(("kind", "options"), SCALARS)
def test_numbers_of_numpy_are_those_of_python(kind, options):
    """The numbers here are the same in float32."""
    made = [kind(0.5, name="a", **options)]
    made.append(kind(0.5, name="a", **{k: numpy_scalar(v) for k, v in options.items()}))
    made.append(kind(0.5, name="a"))
    for name, value in options.items():
        setattr(made[-1], name, numpy_scalar(value))
    results = [steps(optimizer, [Variable(v) for v in VALUES], SLOPES) for optimizer in made]
    for arrays in zip(*results, strict=True):
        np.testing.assert_array_equal(arrays[1], arrays[0])
        np.testing.assert_array_equal(arrays[2], arrays[0])
    expected, *configs = [json.dumps(optimizer.get_config()) for optimizer in made]
    assert configs == [expected, expected]


@pytest.mark.parametrize("real", [np.float32, np.float64])
def test_numbers_of_numpy_leave_rates_in_floatx(real):
    schedule = schedules.ExponentialDecay(real(0.5), np.int64(4), real(0.25))
    assert schedule(2).dtype == "float32"
    assert float(schedule(2)) == 0.25
    expected = schedules.ExponentialDecay(0.5, 4, 0.25).get_config()
    assert json.dumps(schedule.get_config()) == json.dumps(expected)


def test_the_inner_optimizer_must_be_one():
    with pytest.raises(TypeError, match="inner_optimizer"):
        optimizers.LossScaleOptimizer("adam")


def test_steps_that_do_not_fit_change_nothing():
    variables = [Variable(np.ones(2)), Variable(np.ones(3))]
    optimizer = optimizers.Adam()
    optimizer.build(variables)
    one = ops.ones((2,), "float64")
    for gradients, targets, message in [
        ([one], variables, "1 gradients were given for 2"),
        ([None, None], variables, "No gradients"),
        ([one], [Variable(np.ones(2), name="other")], "Unknown variable: other"),
        ([ops.ones((5,), "float64"), ops.ones((3,))], variables, "gradient of shape"),
        ([ops.ones((2, 1), "float64"), ops.ones((3,))], variables, "gradient of shape"),
    ]:
        with pytest.raises(ValueError, match=message):
            optimizer.apply(gradients, targets)
    with pytest.raises(ValueError, match="No gradients"):
        optimizer.apply_gradients([])
    with pytest.raises(ValueError, match="Unknown variable"):
        optimizer.ensure_built([Variable(np.ones(2))])
    np.testing.assert_array_equal(variables[0].numpy(), 1)
    assert int(optimizer.iterations) == 0


@pytest.mark.parametrize("dtype", ["int32", "int64", "bool"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"use_ema": True},
        {"global_clipnorm": 1.0},
        {"clipvalue": 1.0},
        {"gradient_accumulation_steps": 2},
        {"weight_decay": 0.1},
    ],
    ids=lambda options: next(iter(options), "plain"),
)
@pytest.mark.parametrize("scaled", [False, True], ids=["", "scaled"])
@pytest.mark.parametrize("name", ROWS)
def test_variables_that_are_no_real_numbers_are_refused_before_anything_changes(
    name, scaled, options, dtype
):
    optimizer = getattr(optimizers, name)(0.1, **options)
    if scaled:
        optimizer = optimizers.LossScaleOptimizer(optimizer)
    weight = Variable(np.ones(2, "float32"), name="weight")
    count = Variable(np.ones(2), dtype=dtype, name="count")
    n_variables = len(optimizer.variables)
    message = f"Received: variable count of dtype {dtype}"
    with pytest.raises(ValueError, match=message):
        optimizer.build([weight, count])
    with pytest.raises(ValueError, match=message):
        optimizer.apply([ops.ones(2), ops.ones(2)], [weight, count])
    assert not optimizer.built
    assert len(optimizer.variables) == n_variables
    np.testing.assert_array_equal(weight.numpy(), 1)
    np.testing.assert_array_equal(count.numpy(), 1)
    # Without a gradient it is left out, also where averages become weights.
    for _ in range(2):
        with pytest.warns(UserWarning, match=r"Gradients do not exist for variables \['count'\]"):
            optimizer.apply([ops.ones(2), None], [weight, count])
    with pytest.raises(ValueError, match=message):
        optimizer.apply([ops.ones(2), ops.ones(2)], [weight, count])
    optimizer.finalize_variable_values([weight, count])
    assert (weight.numpy() < 1).all()
    np.testing.assert_array_equal(count.numpy(), 1)


@pytest.mark.parametrize("name", ROWS)
def test_a_rate_that_raises_leaves_nothing_in_the_accumulated_gradients(name):
    answers = iter([RuntimeError("no rate yet"), 0.5, 0.5, 0.5])

    def rate():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    results = []
    for learning_rate in (rate, 0.5):
        variable = Variable(np.arange(3.0))
        optimizer = getattr(optimizers, name)(learning_rate, gradient_accumulation_steps=2)
        if learning_rate is rate:
            with pytest.raises(RuntimeError, match="no rate yet"):
                optimizer.apply([ops.ones(3, "float64") * 4], [variable])
            assert int(optimizer._iterations) == 0
        results += steps(optimizer, [variable], [np.ones(3)], n=2)
    np.testing.assert_array_equal(*results)


def test_weights_that_do_not_fit_change_nothing():
    optimizer = optimizers.Adam()
    optimizer.build([Variable(np.zeros(2))])
    with pytest.raises(ValueError, match="not compatible"):
        optimizer.set_weights([3, 0.5, np.zeros(2), np.zeros(5)])
    with pytest.raises(ValueError, match="2 weights"):
        optimizer.set_weights([3, 0.5])
    assert int(optimizer.iterations) == 0


@pytest.mark.parametrize("identifier", ["adam", "Adam", optimizers.Adam, optimizers.Adam(), {
    "class_name": "Adam", "config": {"learning_rate": 0.5}}])  # fmt: skip
def test_optimizers_are_found_in_any_spelling(identifier):
    assert isinstance(optimizers.get(identifier), optimizers.Adam)


@pytest.mark.parametrize(
    "name",
    ["SGD", "RMSprop", "AdamW", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion"],
)
def test_optimizers_are_found_by_name(name):
    for spelling in (name, name.lower(), name.upper()):
        assert type(optimizers.get(spelling)) is getattr(optimizers, name)


def test_loss_scaling_is_made_again_from_its_config():
    optimizer = optimizers.LossScaleOptimizer(optimizers.SGD(0.5, momentum=0.5), 4.0, 7)
    config = optimizers.serialize(optimizer)
    twin = optimizers.deserialize(config)
    assert twin.get_config() == optimizer.get_config()
    assert twin.inner_optimizer.momentum == 0.5
    twin.learning_rate = 0.25
    assert float(twin.inner_optimizer.learning_rate) == 0.25


# ---- optimizers of one's own --------------------------------------------------------


def test_an_optimizer_of_ones_own_works_in_fit():
    class SignDescent(optimizers.Optimizer):
        def __init__(self, learning_rate=0.25):
            super().__init__(learning_rate)

        def update_step(self, gradient, variable, learning_rate):
            self.assign_sub(variable, learning_rate * ops.sign(gradient))

    model = kerasette.Sequential([kerasette.Input((1,)), kerasette.layers.Dense(1)])
    model.compile(SignDescent(), "mse")
    model.set_weights([np.zeros((1, 1)), np.zeros(1)])
    model.fit(np.ones((4, 1)), np.full((4, 1), 9.0), batch_size=2, epochs=2, verbose=0)
    np.testing.assert_allclose(model.get_weights()[1], [1.0])


@pytest.mark.parametrize("name", ["SGD", "RMSprop", "Adam"])
def test_one_that_extends_one_with_a_kernel_goes_through_its_own_step(name):
    cls = getattr(optimizers, name)

    class Centralized(cls):
        """Gradients without their mean, then the usual step."""

        def update_step(self, gradient, variable, learning_rate):
            super().update_step(gradient - ops.mean(gradient), variable, learning_rate)

    options = {"learning_rate": 0.1, "weight_decay": 0.1}
    slopes = [np.array([1.0, 2.0, 6.0]), np.array([3.0, -3.0])]
    found = steps(Centralized(**options), [Variable(np.ones(3)), Variable(np.ones(2))], slopes)
    centered = [slope - slope.mean() for slope in slopes]
    expected = steps(cls(**options), [Variable(np.ones(3)), Variable(np.ones(2))], centered)
    for a, b in zip(found, expected):
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_what_is_set_before_super_is_refused():
    class Early(optimizers.Optimizer):
        def __init__(self):
            self.size = 3

    with pytest.raises(RuntimeError, match="forgot to call"):
        Early()


def test_boundaries_and_values_are_what_a_schedule_was_made_with():
    boundaries, values = [2], [1.0, 0.5]
    schedule = schedules.PiecewiseConstantDecay(boundaries, values)
    boundaries[0], values[0] = 7, 9.0
    assert [float(schedule(step)) for step in (2, 3)] == [1.0, 0.5]
    with pytest.raises(TypeError):
        schedule.values[0] = 9.0


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop"])
def test_the_decay_of_old_scripts_is_ignored(name):
    kind = getattr(kerasette.optimizers, name)
    with pytest.warns(UserWarning, match="Argument `decay` is no longer supported") as warned:
        optimizer = kind(0.01, decay=1e-6)
    assert warned[0].filename == __file__
    assert optimizer.get_config() == kind(0.01, name=optimizer.name).get_config()
    with pytest.raises(ValueError, match="not recognized"):
        kind(lr=0.1)


# Attributes that need slots, which `build` makes only where they are set.
WITH_SLOTS = [
    (optimizers.SGD, "momentum", 0.9),
    (optimizers.RMSprop, "momentum", 0.9),
    (optimizers.RMSprop, "centered", True),
    (optimizers.Adam, "amsgrad", True),
    (optimizers.AdamW, "amsgrad", True),
    (optimizers.Adagrad, "use_ema", True),
    (optimizers.SGD, "gradient_accumulation_steps", 2),
]


@pytest.mark.parametrize(("kind", "name", "value"), WITH_SLOTS)
def test_what_needs_slots_cannot_be_set_after_building_without(kind, name, value):
    """In Keras the next step fails."""
    optimizer = kind(0.1)
    before = getattr(optimizer, name)
    optimizer.build([Variable(np.ones(2, "float32"))])
    with pytest.raises(AttributeError, match=f"`{name}` of optimizer .* was built without it"):
        setattr(optimizer, name, value)
    assert getattr(optimizer, name) == before
    setattr(optimizer, name, before)
    # Before building, or with the slots, it acts.
    results = []
    for when in ("made", "set", "changed"):
        variable = Variable(np.ones(2, "float32"))
        optimizer = kind(0.1, **({name: value} if when == "made" else {}))
        if when != "made":
            setattr(optimizer, name, value)
        optimizer.build([variable])
        if when == "changed":
            setattr(optimizer, name, before)
            setattr(optimizer, name, value)
        for gradient in (1.0, 2.0, 0.5):
            optimizer.apply([ops.ones(2) * gradient], [variable])
        results.append(variable.numpy().tolist())
    assert results[0] == results[1] == results[2]
