"""Ten steps in float64 against NumPy, to 1e-10: formulas from the papers, one option at a time."""

import numpy as np
import pytest

import kerasette
from kerasette import ops, optimizers
from kerasette._core.variable import Variable

RATE, STEPS = 0.05, 10
SHAPES = [(3, 4), (4,), (400, 70), ()]


@pytest.fixture(autouse=True)
def float64():
    kerasette.config.set_floatx("float64")
    yield
    kerasette.config.set_floatx("float32")


def sgd(w, g, state, t, rate, momentum=0.0, nesterov=False):
    m = state["m"] = momentum * state.get("m", 0) - rate * g
    return w + (momentum * m - rate * g if nesterov else m)


def rmsprop(w, g, state, t, rate, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False):
    v = state["v"] = rho * state.get("v", 0) + (1 - rho) * g**2
    a = state["a"] = rho * state.get("a", 0) + (1 - rho) * g
    step = rate * g / np.sqrt(v - (a**2 if centered else 0) + epsilon)
    m = state["m"] = momentum * state.get("m", 0) + step
    return w - m


def adam(w, g, state, t, rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False):
    m = state["m"] = beta_1 * state.get("m", 0) + (1 - beta_1) * g
    v = state["v"] = beta_2 * state.get("v", 0) + (1 - beta_2) * g**2
    largest = state["largest"] = np.maximum(state.get("largest", 0), v)
    alpha = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - alpha * m / (np.sqrt(largest if amsgrad else v) + epsilon)


RULES = {"SGD": sgd, "RMSprop": rmsprop, "Adam": adam, "AdamW": adam}
OWN = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "nesterov": True}),
    ("RMSprop", {}),
    ("RMSprop", {"rho": 0.8, "epsilon": 1e-3}),
    ("RMSprop", {"momentum": 0.5}),
    ("RMSprop", {"centered": True, "epsilon": 1e-2}),
    ("RMSprop", {"centered": True, "momentum": 0.5, "epsilon": 1e-2}),
    ("Adam", {}),
    ("Adam", {"beta_1": 0.8, "beta_2": 0.7, "epsilon": 1e-3}),
    ("Adam", {"amsgrad": True, "beta_2": 0.5}),
    ("AdamW", {}),
]
TAILS = [
    {},
    {"weight_decay": 0.1},
    {"clipnorm": 1.5},
    {"clipvalue": 0.4},
    {"global_clipnorm": 2.0},
    {"use_ema": True, "ema_momentum": 0.7},
    {"use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 4},
    {"loss_scale_factor": 7.0},
    {"gradient_accumulation_steps": 3},
    {
        "gradient_accumulation_steps": 2, "use_ema": True, "ema_momentum": 0.6,
        "ema_overwrite_frequency": 3, "clipnorm": 1.5, "weight_decay": 0.1,
    },
    {
        "gradient_accumulation_steps": 2, "use_ema": True, "ema_momentum": 0.6,
        "ema_overwrite_frequency": 1, "global_clipnorm": 2.0, "loss_scale_factor": 2.0,
    },
]  # fmt: skip


def clipped(gradients, clipnorm=None, clipvalue=None, global_clipnorm=None):
    if clipvalue:
        return [np.clip(g, -clipvalue, clipvalue) for g in gradients]
    norms = [np.sqrt((g**2).sum()) for g in gradients]
    if clipnorm:
        return [g * min(1, clipnorm / norm) for g, norm in zip(gradients, norms)]
    if global_clipnorm:
        norm = np.sqrt((np.array(norms) ** 2).sum())
        return [g * min(1, global_clipnorm / norm) for g in gradients]
    return gradients


class Reference:
    """What Keras says an optimizer does, in NumPy."""

    def __init__(self, rule, own, tail, constraint=None):
        self.rule, self.own, self.tail = rule, own, dict(tail)
        self.every = self.tail.pop("gradient_accumulation_steps", 1)
        self.scale = self.tail.pop("loss_scale_factor", 1.0)
        self.decay = self.tail.pop("weight_decay", 0.0)
        self.momentum = self.tail.pop("ema_momentum", 0.99)
        self.frequency = self.tail.pop("ema_overwrite_frequency", None)
        self.use_ema = self.tail.pop("use_ema", False)
        self.constraint = constraint
        self.iterations, self.gathered, self.states, self.averages = 0, None, None, None

    def apply(self, gradients, weights):
        gradients = [g / self.scale for g in gradients]
        self.gathered = [
            g + (0 if self.gathered is None else self.gathered[i]) for i, g in enumerate(gradients)
        ]
        self.states = self.states or [{} for _ in weights]
        update = self.iterations // self.every
        if (self.iterations + 1) % self.every == 0:
            mean = clipped([g / self.every for g in self.gathered], **self.tail)
            self.gathered = None
            for i, g in enumerate(mean):
                weights[i] = weights[i] - weights[i] * self.decay * RATE
                weights[i] = self.rule(weights[i], g, self.states[i], update + 1, RATE, **self.own)
        if self.use_ema:
            momentum = self.momentum if update else 0
            old = self.averages or weights
            self.averages = [momentum * a + (1 - momentum) * w for a, w in zip(old, weights)]
            if self.frequency and (update + 1) % self.frequency == 0:
                weights[:] = self.averages
        if self.constraint:
            weights[:] = [self.constraint(w) for w in weights]
        self.iterations += 1


def run(name, own, tail, constraint=None, tail_of_rule=None):
    rng = np.random.default_rng(4)
    weights = [rng.normal(size=shape) for shape in SHAPES]
    variables = [Variable(w) for w in weights]
    reference = Reference(RULES[name], own, tail_of_rule or tail, constraint)
    optimizer = getattr(optimizers, name)(RATE, **own, **tail)
    if constraint:
        for variable in variables:
            variable.constraint = kerasette.constraints.NonNeg()
    for _ in range(STEPS):
        gradients = [rng.normal(size=shape) for shape in SHAPES]
        reference.apply(gradients, weights)
        optimizer.apply([ops.convert_to_tensor(g) for g in gradients], variables)
    for variable, weight in zip(variables, weights, strict=True):
        np.testing.assert_allclose(variable.numpy(), weight, rtol=1e-10, atol=1e-10)
    return optimizer, reference, variables


@pytest.mark.parametrize("tail", TAILS, ids=str)
@pytest.mark.parametrize(("name", "own"), OWN, ids=str)
def test_ten_steps_agree_with_numpy(name, own, tail):
    decay = {"weight_decay": 0.004} if name == "AdamW" else {}
    optimizer, reference, variables = run(name, own, tail, tail_of_rule={**decay, **tail})
    assert optimizer.learning_rate.dtype == "float64"
    if reference.use_ema:
        optimizer.finalize_variable_values(variables)
        for variable, average in zip(variables, reference.averages, strict=True):
            np.testing.assert_allclose(variable.numpy(), average, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("tail", TAILS, ids=str)
def test_constraints_come_last(tail):
    run("Adam", {}, tail, constraint=lambda w: np.maximum(w, 0))


def test_norms_are_accurate_for_large_gradients():
    rng = np.random.default_rng(1)
    gradients = [rng.normal(size=200_000) + 3, rng.normal(size=50_000)]
    squares = [(g.astype("longdouble") ** 2).sum() for g in gradients]
    for way, norms in [
        ("clipnorm", np.sqrt(squares)),
        ("global_clipnorm", [np.sqrt(np.sum(squares))] * 2),
    ]:
        variables = [Variable(np.zeros(g.shape)) for g in gradients]
        optimizer = optimizers.SGD(1.0, **{way: 0.5})
        optimizer.apply([ops.convert_to_tensor(g) for g in gradients], variables)
        for variable, gradient, norm in zip(variables, gradients, norms, strict=True):
            expected = -gradient * float(0.5 / norm)
            np.testing.assert_allclose(variable.numpy(), expected, rtol=1e-14)
