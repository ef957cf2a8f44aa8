"""Replay against eager for optimizers: the same bits with every option, and that it took place."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops, optimizers
from kerasette._core import runtime
from kerasette._core.variable import Variable
from kerasette.optimizers import schedules

RNG = np.random.default_rng(0)
X = RNG.normal(size=(70, 5)).astype("float32")
Y = RNG.integers(0, 3, 70)


class Hyperbola(schedules.LearningRateSchedule):
    """A schedule of one's own."""

    def __call__(self, step):
        return 0.1 / (ops.cast(step, "float32") + 1)


SCHEDULES = {
    "exponential": lambda: schedules.ExponentialDecay(0.1, 4, 0.5, staircase=True),
    "inverse": lambda: schedules.InverseTimeDecay(0.1, 4, 0.5),
    "piecewise": lambda: schedules.PiecewiseConstantDecay([3, 9], [0.1, 0.05, 0.01]),
    "polynomial": lambda: schedules.PolynomialDecay(0.1, 4, cycle=True, power=0.5),
    "cosine": lambda: schedules.CosineDecay(0.01, 8, warmup_target=0.1, warmup_steps=4),
    "restarts": lambda: schedules.CosineDecayRestarts(0.1, 3),
    "own": Hyperbola,
}
MANY = {
    "gradient_accumulation_steps": 3,
    "use_ema": True,
    "ema_overwrite_frequency": 2,
    "weight_decay": 0.1,
    "global_clipnorm": 0.1,
}
OPTIONS = {
    "plain": {},
    "decay": {"weight_decay": 0.1},
    "clipnorm": {"clipnorm": 0.1},
    "clipvalue": {"clipvalue": 0.01},
    "global_clipnorm": {"global_clipnorm": 0.1},
    "ema": {"use_ema": True, "ema_momentum": 0.9},
    "ema overwrites": {"use_ema": True, "ema_overwrite_frequency": 3},
    "scaled": {"loss_scale_factor": 16.0},
    "accumulated": {"gradient_accumulation_steps": 3},
    "many": MANY,
}
FUSED = {
    "sgd": lambda **options: optimizers.SGD(0.05, momentum=0.9, **options),
    "rmsprop": lambda **options: optimizers.RMSprop(
        0.01, momentum=0.5, centered=True, epsilon=1e-3, **options
    ),
    "adam": lambda **options: optimizers.Adam(0.01, amsgrad=True, **options),
}
STEP_BY_STEP = ["Adadelta", "Adagrad", "Adamax", "Ftrl", "Lion", "Nadam"]


class OfKeras(optimizers.Optimizer):
    """The optimizer that Keras's documentation shows, without a guard in `build`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.momentum = 0.9

    def build(self, variables):
        super().build(variables)
        self.momentums = []
        for variable in variables:
            self.momentums.append(
                self.add_variable_from_reference(reference_variable=variable, name="momentum")
            )

    def update_step(self, gradient, variable, learning_rate):
        learning_rate = ops.cast(learning_rate, variable.dtype)
        gradient = ops.cast(gradient, variable.dtype)
        m = self.momentums[self._get_variable_index(variable)]
        self.assign(
            m,
            ops.subtract(
                ops.multiply(m, ops.cast(self.momentum, variable.dtype)),
                ops.multiply(gradient, learning_rate),
            ),
        )
        self.assign_add(variable, m)


CASES = {
    **{
        f"{name} {option}": lambda make=make, arguments=arguments: make(**arguments)
        for name, make in FUSED.items()
        for option, arguments in OPTIONS.items()
    },
    **{
        f"{name} {option}": lambda name=name, option=option: getattr(optimizers, name)(
            0.01, **OPTIONS[option]
        )
        for name in STEP_BY_STEP
        for option in ("plain", "many")
    },
    **{
        f"adam {name}": lambda make=make: optimizers.Adam(make(), weight_decay=0.1)
        for name, make in SCHEDULES.items()
    },
    "sgd own": lambda: optimizers.SGD(Hyperbola(), gradient_accumulation_steps=2),
    "scaled dynamically": lambda: optimizers.LossScaleOptimizer(
        optimizers.Adam(0.01, **MANY), 4.0, dynamic_growth_steps=3
    ),
    "one's own": lambda: OfKeras(learning_rate=0.01),
    "one's own with much": lambda: OfKeras(learning_rate=0.01, **MANY),
}


def make(optimizer):
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [
            kerasette.Input((5,)),
            layers.Dense(4, activation="relu", kernel_constraint="max_norm"),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(optimizer, "sparse_categorical_crossentropy")
    return model


def train(model):
    """Three fits with a short last batch, another learning rate, other weights."""
    np.random.seed(5)
    losses = model.fit(X, Y, batch_size=16, epochs=3, verbose=0).history["loss"]
    if isinstance(model.optimizer.learning_rate, Variable):
        model.optimizer.learning_rate = 0.02
    losses += model.fit(X, Y, batch_size=16, epochs=2, verbose=0).history["loss"]
    model.set_weights([w * 0.5 for w in model.get_weights()])
    losses += model.fit(X, Y, batch_size=10, epochs=1, shuffle=False, verbose=0).history["loss"]
    return losses, [v.numpy() for v in (*model.weights, *model.optimizer.variables)]


@pytest.mark.parametrize("case", CASES)
def test_replay_gives_the_bits_of_eager(case, monkeypatch):
    replayed = make(CASES[case]())
    losses, found = train(replayed)
    assert replayed.replayed_steps > (8 if "own" in case else 20)
    monkeypatch.setattr(kerasette.training.programs.ProgramPool, "is_replayable", lambda *_: False)
    eager = make(CASES[case]())
    expected_losses, expected = train(eager)
    assert eager.replayed_steps == 0
    assert losses == expected_losses
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_function_that_gives_a_number_is_asked_at_every_step():
    rates = iter(np.linspace(0.1, 0.2, 50))
    asked = []

    def rate():
        asked.append(float(next(rates)))
        return asked[-1]

    model = make(optimizers.SGD(rate))
    model.fit(X, Y, batch_size=16, epochs=2, verbose=0)
    assert len(asked) == 10
    assert model.replayed_steps == 0


def test_a_function_that_gives_a_tensor_is_replayed():
    rate = Variable(np.float32(0.0), trainable=False)
    model = make(optimizers.SGD(lambda: rate * 2.0))
    before = model.get_weights()
    model.fit(X, Y, batch_size=16, epochs=2, verbose=0)
    for a, b in zip(before, model.get_weights()):
        np.testing.assert_allclose(a, b, rtol=1e-5)
    rate.assign(0.1)
    model.fit(X, Y, batch_size=16, epochs=2, verbose=0)
    assert not np.allclose(before[2], model.get_weights()[2])
    assert model.replayed_steps > 5


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", FUSED)
def test_any_number_of_threads_gives_the_same_bits(name, option):
    rng = np.random.default_rng(3)
    starts = [rng.normal(size=shape).astype("float32") for shape in [(300, 200), (70,), (90000,)]]
    slopes = [
        [rng.normal(size=start.shape).astype("float32") for start in starts] for _ in range(4)
    ]
    results = []
    before = runtime.get_num_threads()
    try:
        for threads in (1, 2, 4):
            runtime.set_num_threads(threads)
            variables = [Variable(start) for start in starts]
            optimizer = FUSED[name](**OPTIONS[option])
            for gradients in slopes:
                optimizer.apply([ops.convert_to_tensor(g) for g in gradients], variables)
            results.append([v.numpy() for v in (*variables, *optimizer.variables)])
    finally:
        runtime.set_num_threads(before)
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_two_steps_within_one_are_as_two_steps():
    """Of one optimizer, on the same variables, within one training step."""
    options = {**MANY, "gradient_accumulation_steps": 2}
    results = []
    for together in (True, False):
        variables = [Variable(np.ones(3, "float32")), Variable(np.ones(2, "float32"))]
        optimizer = optimizers.Adam(0.1, **options)
        gradients = [[ops.ones(v.shape) * scale for v in variables] for scale in (1.0, -3.0)]
        with kerasette._core.step.Step():
            optimizer.apply(gradients[0], variables)
            if together:
                optimizer.apply(gradients[1], variables)
        if not together:
            optimizer.apply(gradients[1], variables)
        results.append([v.numpy() for v in (*variables, *optimizer.variables)])
    for a, b in zip(*results, strict=True):
        np.testing.assert_array_equal(a, b)
