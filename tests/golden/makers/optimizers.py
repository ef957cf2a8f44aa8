"""Ten steps of every optimizer with each of its options, schedules, configs and errors.

The steps are computed in float64: in float32 Keras loses digits of ``1 - beta ** step``.
"""

import re

import keras
import numpy as np

from .networks import fresh_session
from .store import write_arrays, write_json

SEED = 11
STEPS = 10
VARIABLES = [["kernel", [3, 4]], ["bias", [4]], ["head", [4, 2]]]
# (step, variable) whose gradient is missing, and whose gradient is zero.
MISSING = [[2, 1], [6, 1], [6, 2], [7, 0]]
ZERO = [[4, 2]]

RATE = {"learning_rate": 0.05}
EXPONENTIAL = [
    "ExponentialDecay",
    {"initial_learning_rate": 0.1, "decay_steps": 3, "decay_rate": 0.5},
]
MANY = {
    "gradient_accumulation_steps": 2,
    "use_ema": True,
    "ema_overwrite_frequency": 2,
    "weight_decay": 0.1,
    "clipnorm": 0.8,
}
OWN = {
    "SGD": [
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"momentum": 1.0, "learning_rate": 0.01},
    ],
    "RMSprop": [
        {"rho": 0.6},
        {"momentum": 0.7},
        {"epsilon": 0.01},
        {"centered": True},
        {"centered": True, "momentum": 0.7},
    ],
    "Adam": [{"beta_1": 0.7}, {"beta_2": 0.8}, {"epsilon": 0.01}, {"amsgrad": True, "beta_2": 0.5}],
    "AdamW": [
        {"weight_decay": 0.3},
        {"beta_1": 0.7, "beta_2": 0.8, "epsilon": 0.01},
        {"amsgrad": True, "beta_2": 0.5},
    ],
    "Adagrad": [{"initial_accumulator_value": 0.5}, {"epsilon": 0.1}],
    "Adadelta": [{"rho": 0.7}, {"epsilon": 0.01}, {"learning_rate": 1.0}],
    "Adamax": [{"beta_1": 0.7}, {"beta_2": 0.8}, {"epsilon": 0.1}],
    "Nadam": [{"beta_1": 0.7}, {"beta_2": 0.8}, {"epsilon": 0.01}],
    "Ftrl": [
        {"learning_rate_power": -0.7},
        {"learning_rate_power": 0.0},
        {"initial_accumulator_value": 0.5},
        {"l1_regularization_strength": 0.4},
        {"l2_regularization_strength": 0.4},
        {"l2_shrinkage_regularization_strength": 0.4},
        {"beta": 0.5},
    ],
    "Lion": [{"beta_1": 0.6}, {"beta_2": 0.6}],
}
COMMON = [
    {},
    {"weight_decay": 0.2},
    {"weight_decay": 0.2, "exclude": ["bi"]},
    {"clipnorm": 0.8},
    {"clipvalue": 0.3},
    {"global_clipnorm": 1.0},
    {"use_ema": True, "ema_momentum": 0.8, "finalize": True},
    {"use_ema": True, "ema_momentum": 0.8, "ema_overwrite_frequency": 3},
    {"loss_scale_factor": 8.0},
    {"gradient_accumulation_steps": 3},
    MANY,
    {"constrained": True},
    {"learning_rate": EXPONENTIAL},
    {"learning_rate": EXPONENTIAL, "gradient_accumulation_steps": 2, "weight_decay": 0.1},
    {"changed_rate": 0.01},
]
START = {"initial_learning_rate": 0.1}
SLOW = START | {"decay_steps": 7, "decay_rate": 0.5}
WARM = {"initial_learning_rate": 0.02, "decay_steps": 12, "warmup_target": 0.3}
SCHEDULES = [
    EXPONENTIAL,
    ["ExponentialDecay", SLOW | {"staircase": True}],
    ["InverseTimeDecay", SLOW],
    ["InverseTimeDecay", SLOW | {"staircase": True}],
    ["PiecewiseConstantDecay", {"boundaries": [3, 8], "values": [0.5, 0.25, 0.1]}],
    ["PiecewiseConstantDecay", {"boundaries": [5], "values": [0.5, 0.1], "name": "mine"}],
    ["PolynomialDecay", START | {"decay_steps": 9}],
    ["PolynomialDecay", START | {"decay_steps": 9, "end_learning_rate": 0.02, "power": 2.0}],
    ["PolynomialDecay", START | {"decay_steps": 9, "cycle": True, "power": 0.5}],
    ["CosineDecay", START | {"decay_steps": 12}],
    ["CosineDecay", START | {"decay_steps": 12, "alpha": 0.2}],
    ["CosineDecay", WARM | {"warmup_steps": 6}],
    ["CosineDecay", WARM],
    ["CosineDecayRestarts", START | {"first_decay_steps": 5}],
    ["CosineDecayRestarts", START | {"first_decay_steps": 5, "t_mul": 1.0, "m_mul": 0.5}],
    [
        "CosineDecayRestarts",
        START | {"first_decay_steps": 5, "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.1},
    ],
]
SCHEDULE_STEPS = [*range(14), 17, 20, 21, 29, 35, 36, 60, 100, 1000]
# One step of SGD with gradients whose norm is nothing ordinary.
EDGES = {
    "zero": [0.0, 0.0, 0.0],
    "infinite": [1.0, "inf", -2.0],
    "negative_infinite": ["-inf", 1.0, 0.0],
    "nan": [1.0, "nan", 0.0],
    "large": [1e30, -1e30, 1.0],
    "small": [1e-30, 1e-25, 0.0],
    "at_the_limit": [0.6, 0.8, 0.0],
}
ERRORS = [
    "SGD(1)",
    "SGD('fast')",
    "SGD(None)",
    "SGD(momentum=0)",
    "SGD(momentum=1.5)",
    "SGD(momentum=-0.5)",
    "SGD(lr=0.1)",
    "SGD(clipnorm=1.0, clipvalue=1.0)",
    "Adam(clipnorm=1.0, global_clipnorm=1.0)",
    "Adam(use_ema=True, ema_momentum=1.5)",
    "Adam(use_ema=True, ema_momentum=-0.5)",
    "Adam(use_ema=False, ema_momentum=1.5)",
    "Adam(use_ema=True, ema_overwrite_frequency=-1)",
    "Adam(use_ema=True, ema_overwrite_frequency=2.5)",
    "Adam(gradient_accumulation_steps=1)",
    "Adam(gradient_accumulation_steps=0)",
    "Adam(gradient_accumulation_steps=-3)",
    "AdamW(weight_decay=None)",
    "Lion(beta_1=0.0)",
    "Lion(beta_1=1.5)",
    "Ftrl(learning_rate_power=0.5)",
    "Ftrl(initial_accumulator_value=-1.0)",
    "Ftrl(l1_regularization_strength=-1.0)",
    "Ftrl(l2_regularization_strength=-1.0)",
    "Ftrl(l2_shrinkage_regularization_strength=-1.0)",
    "LossScaleOptimizer(SGD(), clipnorm=1.0)",
    "LossScaleOptimizer(SGD(), dynamic=False)",
    "LossScaleOptimizer(SGD(), size=3)",
    "get('sgdd')",
    "get(3)",
    "get({'class_name': 'Sgdd', 'config': {}})",
    "get(None)",
    "SGD().apply([None], [v])",
    "SGD().apply([], [v])",
    "SGD().apply([v.value])",
    "built.apply([v.value, v.value])",
    "built.apply([v.value], [other])",
    "SGD().set_weights([])",
    "built.set_weights([np.zeros(3)])",
    "Optimizer(0.1).apply([v.value], [v])",
    "setattr(SGD(schedules.CosineDecay(0.1, 3)), 'learning_rate', 0.1)",
    "Adam(use_ema=True).finalize_variable_values([v])",
    "built.finalize_variable_values([v, v])",
    "schedules.CosineDecay(0.1, 0)",
    "schedules.CosineDecayRestarts(0.1, -1)",
    "schedules.ExponentialDecay(0.1, 0, 0.5)",
    "schedules.InverseTimeDecay(0.1, 0, 0.5)",
    "schedules.PolynomialDecay(0.1, 0)",
    "schedules.PiecewiseConstantDecay([1], [1.0])",
    "schedules.LearningRateSchedule()(3)",
    "schedules.LearningRateSchedule().get_config()",
    "built.add_optimizer_variables([v], ['a', 'b'], ['zeros'])",
]


def make():
    """Write optimizers.json and optimizers.npz."""
    rng = np.random.default_rng(SEED)
    shapes = [tuple(shape) for _, shape in VARIABLES]
    starts = [rng.normal(size=shape).astype("float32") for shape in shapes]
    gradients = [
        [rng.normal(size=shape).astype("float32") for shape in shapes] for _ in range(STEPS)
    ]
    for step, variable in ZERO:
        gradients[step][variable][:] = 0
    cases = [
        {"optimizer": name, "arguments": arguments}
        for name, own in OWN.items()
        for arguments in [*COMMON, *own]
    ]
    keras.config.set_floatx("float64")
    values = []
    for case in cases:
        found, described = run_case(case, starts, gradients)
        values.append(found)
        case |= described
    scaled = loss_scale(starts, gradients)
    keras.config.set_floatx("float32")
    for case in cases:
        if "names" in case and "changed_rate" not in case["arguments"]:
            fresh_session()
            optimizer = build_optimizer(case["optimizer"], case["arguments"])
            case["config"] = optimizer.get_config()
    arrays = {
        "starts": flat(starts),
        "gradients": np.stack([flat(step) for step in gradients]),
        "values": np.stack(values),
        "schedules": np.stack([schedule_values(schedule) for schedule in SCHEDULES]),
        **edges(),
        "loss_scale": scaled,
    }
    write_arrays("optimizers", arrays)
    write_json(
        "optimizers",
        {
            "variables": VARIABLES,
            "rate": RATE,
            "missing": MISSING,
            "edges": EDGES,
            "cases": cases,
            "schedules": [describe_schedule(schedule) for schedule in SCHEDULES],
            "schedule_steps": SCHEDULE_STEPS,
            "errors": [describe_error(code) for code in ERRORS],
        },
    )


def flat(arrays):
    """Arrays of a step in one row."""
    return np.concatenate([np.ravel(keras.ops.convert_to_numpy(array)) for array in arrays])


def build_schedule(spec):
    """A schedule from its plain form."""
    return getattr(keras.optimizers.schedules, spec[0])(**spec[1])


def build_optimizer(name, arguments):
    """An optimizer from its plain form; what is for the test alone is left out."""
    own = {"exclude", "finalize", "constrained", "changed_rate"}
    arguments = RATE | {key: value for key, value in arguments.items() if key not in own}
    if isinstance(arguments["learning_rate"], list):
        arguments["learning_rate"] = build_schedule(arguments["learning_rate"])
    return getattr(keras.optimizers, name)(**arguments)


def run_case(case, starts, gradients):
    """Ten steps; the variables after them, and what the optimizer then is."""
    fresh_session()
    arguments = case["arguments"]
    optimizer = build_optimizer(case["optimizer"], arguments)
    variables = [
        keras.Variable(start, name=name, dtype="float64")
        for (name, _), start in zip(VARIABLES, starts, strict=True)
    ]
    if "constrained" in arguments:
        variables[0].constraint = keras.constraints.NonNeg()
    if "exclude" in arguments:
        optimizer.exclude_from_weight_decay(var_names=arguments["exclude"])
    for step in range(STEPS):
        if "changed_rate" in arguments and step == STEPS // 2:
            optimizer.learning_rate = arguments["changed_rate"]
        given = [
            None if [step, number] in MISSING else keras.ops.convert_to_tensor(gradient, "float64")
            for number, gradient in enumerate(gradients[step])
        ]
        optimizer.apply(given, variables)
    if "finalize" in arguments:
        optimizer.finalize_variable_values(variables)
    described = {"iterations": int(optimizer.iterations)}
    if case["optimizer"] == "SGD" or arguments in [{}, MANY, *OWN[case["optimizer"]]]:
        described["names"] = [variable.path for variable in optimizer.variables]
        described["learning_rate"] = float(optimizer.learning_rate)
    return flat(variables), described


def schedule_values(spec):
    """Learning rates at some steps."""
    schedule = build_schedule(spec)
    rates = [float(schedule(keras.ops.convert_to_tensor(step))) for step in SCHEDULE_STEPS]
    return np.array(rates, "float32")


def describe_schedule(spec):
    """A schedule and what it is serialized as."""
    schedule = build_schedule(spec)
    return {"object": spec, "serialized": keras.optimizers.schedules.serialize(schedule)}


def edges():
    """One step of SGD from 1 with gradients out of the ordinary, clipped in each way."""
    found = {}
    for name, values in EDGES.items():
        gradient = np.array(values, "float32")
        for way in ("clipnorm", "clipvalue", "global_clipnorm"):
            variables = [keras.Variable(np.ones(3, "float32")) for _ in range(2)]
            given = [gradient, np.full(3, 0.5, "float32")]
            optimizer = keras.optimizers.SGD(1.0, **{way: 1.0})
            optimizer.apply([keras.ops.convert_to_tensor(g) for g in given], variables)
            found[f"edge_{name}_{way}"] = flat(variables)
    return found


def loss_scale(starts, gradients):
    """Steps of a LossScaleOptimizer, one of them with an infinity: variables, scale, counter."""
    inner = keras.optimizers.Adam(0.05, use_ema=True, ema_overwrite_frequency=2)
    optimizer = keras.optimizers.LossScaleOptimizer(inner, 8.0, dynamic_growth_steps=3)
    variables = [keras.Variable(start, dtype="float64") for start in starts]
    rows = []
    for step, arrays in enumerate(gradients):
        given = [array.copy() for array in arrays]
        if step in (4, 5):
            given[1][2] = np.inf
        optimizer.apply([keras.ops.convert_to_tensor(g, "float64") for g in given], variables)
        state = [optimizer.dynamic_scale, optimizer.step_counter, optimizer.iterations]
        rows.append(np.concatenate([flat(variables), flat(state)]))
    return np.stack(rows)


def describe_error(code):
    """The type and message of what an expression raises, or null twice."""
    names = dict(vars(keras.optimizers)) | {"np": np}
    names["v"] = keras.Variable(np.ones(2, "float32"), name="v")
    names["other"] = keras.Variable(np.ones(2, "float32"), name="other")
    names["built"] = keras.optimizers.Adam(use_ema=True)
    names["built"].build([names["v"]])
    try:
        eval(code, names)
    except Exception as error:
        message = re.sub(r"\d{10,}", "0", str(error))
        return {"code": code, "type": type(error).__name__, "message": message}
    return {"code": code, "type": None, "message": None}
