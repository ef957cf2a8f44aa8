"""Every optimizer with each of its options, schedules, configs and errors, against Keras."""

import warnings

import numpy as np
import pytest
from agreement import assert_agree, golden_arrays, golden_json

import kerasette
from kerasette import constraints, ops, optimizers
from kerasette._core.step import Step
from kerasette._core.variable import Variable, pack

GOLDEN = golden_json("optimizers.json")
ARRAYS = golden_arrays("optimizers.npz")
SHAPES = [tuple(shape) for _, shape in GOLDEN["variables"]]
N_STEPS = len(ARRAYS["gradients"])
# What in a case is for the test, and no argument.
OURS = {"exclude", "finalize", "constrained", "changed_rate"}


def parts(row):
    """A row of numbers as arrays of the variables' shapes."""
    sizes = [int(np.prod(shape)) for shape in SHAPES]
    cut = np.split(row[: sum(sizes)], np.cumsum(sizes)[:-1])
    return [
        part.reshape(shape).astype(kerasette.config.floatx()) for part, shape in zip(cut, SHAPES)
    ]


def flat(variables):
    return np.concatenate([variable.numpy().ravel() for variable in variables])


def schedule_of(spec):
    return getattr(optimizers.schedules, spec[0])(**spec[1])


def optimizer_of(case):
    arguments = {k: v for k, v in case["arguments"].items() if k not in OURS}
    arguments = GOLDEN["rate"] | arguments
    if isinstance(arguments["learning_rate"], list):
        arguments["learning_rate"] = schedule_of(arguments["learning_rate"])
    optimizer = getattr(optimizers, case["optimizer"])(**arguments)
    if "exclude" in case["arguments"]:
        optimizer.exclude_from_weight_decay(var_names=case["arguments"]["exclude"])
    return optimizer


def variables_of(case):
    names = [name for name, _ in GOLDEN["variables"]]
    variables = [Variable(s, name=n) for s, n in zip(parts(ARRAYS["starts"]), names)]
    if "constrained" in case["arguments"]:
        variables[0].constraint = constraints.NonNeg()
    return variables


def gradients_of(step):
    return [
        None if [step, number] in GOLDEN["missing"] else ops.convert_to_tensor(gradient)
        for number, gradient in enumerate(parts(ARRAYS["gradients"][step]))
    ]


def describe(case):
    inside = ", ".join(f"{key}={value}" for key, value in case["arguments"].items())
    return f"{case['optimizer']}({inside})"


@pytest.fixture(params=["float32", "float64"])
def precision(request):
    """In float64 Keras agrees to the last digits but a few, in float32 as far as that goes."""
    kerasette.config.set_floatx(request.param)
    yield request.param
    kerasette.config.set_floatx("float32")


def assert_close(found, expected, precision, what="", tolerance=1e-10):
    if precision == "float32":
        assert_agree(found, expected, what)
    else:
        np.testing.assert_allclose(found, expected, tolerance, tolerance, err_msg=what)


@pytest.fixture(params=range(len(GOLDEN["cases"])), ids=[describe(c) for c in GOLDEN["cases"]])
def number(request):
    kerasette.utils.clear_session(free_memory=False)
    return request.param


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
@pytest.mark.parametrize("way", ["eager", "in a step", "packed apart"])
def test_ten_steps_agree_with_keras(number, way, precision):
    case, expected = GOLDEN["cases"][number], ARRAYS["values"][number]
    optimizer, variables = optimizer_of(case), variables_of(case)
    if way == "packed apart":
        for variable in variables:
            pack([variable])
    for step in range(N_STEPS):
        if "changed_rate" in case["arguments"] and step == N_STEPS // 2:
            optimizer.learning_rate = case["arguments"]["changed_rate"]
        if way == "in a step":
            with Step():
                optimizer.apply(gradients_of(step), variables)
        else:
            optimizer.apply(gradients_of(step), variables)
    if "finalize" in case["arguments"]:
        optimizer.finalize_variable_values(variables)
    # Keras takes norms and constraints in float32; NumPy's are in test_float64_optimizers.py.
    is_rough = {"clipnorm", "global_clipnorm", "constrained"} & set(case["arguments"])
    assert_close(flat(variables), expected, precision, tolerance=1e-6 if is_rough else 1e-10)
    assert int(optimizer.iterations) == case["iterations"]
    if "names" in case:
        assert [v.path for v in optimizer.variables] == case["names"]
        assert float(optimizer.learning_rate) == pytest.approx(case["learning_rate"], rel=1e-6)


def test_configs_make_equal_optimizers(number):
    case = GOLDEN["cases"][number]
    optimizer = optimizer_of(case)
    twin = optimizers.deserialize(optimizers.serialize(optimizer))
    assert type(twin) is type(optimizer)
    assert twin.get_config() == optimizer.get_config()
    if "config" in case:
        assert optimizer.get_config() == case["config"]
        described = {"class_name": case["optimizer"], "config": case["config"]}
        assert optimizers.deserialize(described).get_config() == case["config"]


@pytest.mark.parametrize("way", ["clipnorm", "clipvalue", "global_clipnorm"])
@pytest.mark.parametrize("name", GOLDEN["edges"])
def test_gradients_out_of_the_ordinary_are_clipped_as_in_keras(name, way):
    gradient = np.array([float(value) for value in GOLDEN["edges"][name]], "float32")
    variables = [Variable(np.ones(3, "float32")) for _ in range(2)]
    optimizer = optimizers.SGD(1.0, **{way: 1.0})
    given = [gradient, np.full(3, 0.5, "float32")]
    optimizer.apply([ops.convert_to_tensor(g) for g in given], variables)
    np.testing.assert_allclose(flat(variables), ARRAYS[f"edge_{name}_{way}"], 1e-6, 1e-7)


@pytest.mark.parametrize("number", range(len(GOLDEN["schedules"])))
@pytest.mark.parametrize("kind", ["variable", "tensor", "number"])
def test_schedules_agree_with_keras(number, kind):
    schedule = schedule_of(GOLDEN["schedules"][number]["object"])
    found = []
    for step in GOLDEN["schedule_steps"]:
        if kind == "variable":
            step = Variable(np.int64(step))
        elif kind == "tensor":
            step = ops.convert_to_tensor(np.int32(step))
        found.append(schedule(step))
        assert found[-1].dtype == "float32"
        assert found[-1].shape == ()
    assert_agree([float(rate) for rate in found], ARRAYS["schedules"][number])


@pytest.mark.parametrize("case", GOLDEN["schedules"], ids=lambda case: case["object"][0])
def test_schedules_are_serialized_as_in_keras(case):
    schedule = schedule_of(case["object"])
    assert optimizers.schedules.serialize(schedule) == case["serialized"]
    twin = optimizers.schedules.deserialize(case["serialized"])
    assert type(twin) is type(schedule)
    assert twin.get_config() == schedule.get_config()
    optimizer = optimizers.Adam(schedule)
    assert optimizer.get_config()["learning_rate"] == case["serialized"]


@pytest.mark.parametrize("replays", [False, True])
def test_loss_scaling_agrees_with_keras(replays, precision):
    inner = optimizers.Adam(0.05, use_ema=True, ema_overwrite_frequency=2)
    optimizer = optimizers.LossScaleOptimizer(inner, 8.0, dynamic_growth_steps=3)
    variables = [Variable(start) for start in parts(ARRAYS["starts"])]
    for step, expected in enumerate(ARRAYS["loss_scale"]):
        gradients = [g.copy() for g in parts(ARRAYS["gradients"][step])]
        if step in (4, 5):
            gradients[1][2] = np.inf
        tensors = [ops.convert_to_tensor(g) for g in gradients]
        if replays:
            with Step():
                optimizer.apply(tensors, variables)
        else:
            optimizer.apply(tensors, variables)
        state = [optimizer.dynamic_scale, optimizer.step_counter, optimizer.iterations]
        found = np.concatenate([flat(variables), flat(state)])
        assert_close(found, expected, precision, f"step {step}")


# Where Keras stumbles over itself, or shows an address.
OUR_OWN = {
    "Adam(use_ema=True).finalize_variable_values([v])": ("ValueError", "Please check if"),
    "built.set_weights([np.zeros(3)])": ("ValueError", "1 weights were given for 5"),
    "SGD(1)": ("ValueError", "`learning_rate` should be float"),
    "SGD('fast')": ("ValueError", "`learning_rate` should be float"),
    "SGD(None)": ("ValueError", "`learning_rate` should be float"),
    "built.apply([v.value, v.value])": ("ValueError", "2 gradients were given for 1 variables"),
    "built.apply([v.value], [other])": ("ValueError", "Unknown variable: "),
    "LossScaleOptimizer(SGD(), dynamic=False)": ("ValueError", "support `dynamic=False`"),
    "built.add_optimizer_variables([v], ['a', 'b'], ['zeros'])": (
        "ValueError", "The number of provided names must match the number of provided init",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: case["code"])
def test_errors_are_those_of_keras(case):
    names = {name: getattr(optimizers, name) for name in optimizers.__all__} | {"np": np}
    names["v"] = Variable(np.ones(2, "float32"), name="v")
    names["other"] = Variable(np.ones(2, "float32"), name="other")
    names["built"] = optimizers.Adam(use_ema=True)
    names["built"].build([names["v"]])
    if case["type"] is None:
        eval(case["code"], names)
        return
    kind, message = OUR_OWN.get(case["code"], (case["type"], case["message"].strip()))
    with pytest.raises(Exception) as caught, warnings.catch_warnings():
        eval(case["code"], names)
    assert caught.type.__name__ == kind
    assert message in str(caught.value)
