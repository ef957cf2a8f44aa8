"""Draws: what decides them, their distributions, and dropout."""

import random as python_random

import numpy as np
import pytest
from scipy import special, stats

import kerasette
from kerasette import GradientTape, ops, random
from kerasette._core.memory import Arena
from kerasette._core.step import Step
from kerasette.random.draws import WIDEST_SHARE


def test_what_is_public_is_tested_here():
    assert set(random.__all__) == {
        "SeedGenerator", "beta", "binomial", "categorical", "dropout", "gamma", "normal", "randint",
        "shuffle", "truncated_normal", "uniform",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "arguments", "distribution"),
    [
        ("uniform", {"minval": -1.0, "maxval": 3.0}, stats.uniform(-1, 4)),
        ("normal", {"mean": 1.0, "stddev": 2.0}, stats.norm(1, 2)),
        ("truncated_normal", {"mean": 1.0, "stddev": 2.0}, stats.truncnorm(-2, 2, 1, 2)),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_distributions(name, arguments, distribution, dtype):
    draw = getattr(random, name)((100, 200), seed=1, dtype=dtype, **arguments)
    assert draw.dtype == dtype
    values = draw.numpy().ravel()
    assert stats.kstest(values, distribution.cdf).pvalue > 1e-3
    # Neighbours do not know of each other.
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.03


@pytest.mark.parametrize("name", ["uniform", "normal", "truncated_normal"])
def test_an_integer_decides_the_values(name):
    draw = getattr(random, name)
    same = draw((5,), seed=1).numpy()
    np.testing.assert_array_equal(draw((5,), seed=1).numpy(), same)
    np.testing.assert_array_equal(draw((5,), seed=np.int64(1)).numpy(), same)
    assert (draw((5,), seed=2).numpy() != same).any()
    assert draw((0, 3), seed=1).shape == (0, 3)
    assert draw((), seed=1).shape == ()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_truncated_normal_numbers(dtype):
    expected = stats.truncnorm(-2, 2)
    values = random.truncated_normal((1000, 1000), seed=1, dtype=dtype).numpy().astype("float64")
    assert stats.kstest(values.ravel(), expected.cdf).pvalue > 1e-3
    # About four standard errors.
    for power in range(1, 5):
        error = 4 * (expected.moment(2 * power) / values.size) ** 0.5
        assert np.mean(values**power) == pytest.approx(expected.moment(power), abs=error)
    assert 1.9999 < np.abs(values).max() <= 2.0
    # Each is the quantile of the uniform number that the same seed draws.
    drawn = random.uniform((1000, 1000), -WIDEST_SHARE, WIDEST_SHARE, seed=1, dtype=dtype).numpy()
    quantiles = special.ndtri(0.5 + drawn.astype("float64") / 2)
    limit = 2.5e-7 if dtype == "float32" else 2.5e-8
    np.testing.assert_allclose(values, quantiles, rtol=limit, atol=1e-8)


def test_truncated_normal_numbers_of_any_mean_and_deviation():
    plain = random.truncated_normal((100,), seed=1, dtype="float64").numpy()
    moved = random.truncated_normal((100,), mean=3, stddev=np.float32(0.5), seed=1, dtype="float64")
    np.testing.assert_allclose(moved.numpy(), 3 + 0.5 * plain, rtol=1e-15)
    assert random.truncated_normal(3, stddev=0.0, seed=1).numpy().tolist() == [0.0] * 3


def test_a_recorded_draw_of_truncated_normal_numbers_is_replayed():
    recorded, eager = (random.SeedGenerator(4) for _ in range(2))
    kept = kerasette.Variable(np.zeros(3, "float32"), trainable=False)
    with Step(Arena()) as step:
        kept.assign(random.truncated_normal((3,), seed=recorded))
    assert step.obstacle is None
    for _ in range(3):
        expected = random.truncated_normal((3,), seed=eager).numpy()
        np.testing.assert_array_equal(kept.numpy(), expected)
        step.replay()


@pytest.mark.parametrize("name", ["uniform", "normal", "truncated_normal"])
@pytest.mark.parametrize("shape", [(-1,), (2, -3), (-1, 3), (1.5,), ("a",), (None,)])
def test_shapes_that_cannot_be(name, shape):
    with pytest.raises((ValueError, TypeError)) as caught:
        getattr(random, name)(shape)
    with pytest.raises(type(caught.value)) as expected:
        random.normal(shape)
    assert str(caught.value) == str(expected.value)


@pytest.mark.parametrize("name", ["normal", "truncated_normal"])
@pytest.mark.parametrize("argument", ["mean", "stddev"])
@pytest.mark.parametrize("value", ["3", None, [1.0]])
def test_means_and_deviations_that_are_no_numbers(name, argument, value):
    with pytest.raises(TypeError, match=r"must be (real|a) number"):
        getattr(random, name)((2,), **{argument: value})


def test_a_generator_moves_on_and_starts_anew():
    first, second = (random.SeedGenerator(4) for _ in range(2))
    draws = [random.normal((3,), seed=first).numpy() for _ in range(3)]
    assert len({draw.tobytes() for draw in draws}) == 3
    for draw in draws:
        np.testing.assert_array_equal(random.normal((3,), seed=second).numpy(), draw)
    # The same as an integer at its first draw.
    np.testing.assert_array_equal(random.normal((3,), seed=4).numpy(), draws[0])


def test_state_of_a_generator():
    kerasette.utils.clear_session()
    generator = random.SeedGenerator(4)
    assert generator.name == "seed_generator"
    assert generator.state.path == "seed_generator/seed_generator_state"
    assert generator.state.dtype == "int64"
    assert generator.state.shape == (2,)
    assert not generator.state.trainable
    assert generator.next().numpy().tolist() == [4, 0]
    assert generator.next().numpy().tolist() == [4, 1]
    twin = random.SeedGenerator.from_config(generator.get_config())
    assert twin.get_config() == generator.get_config() == {"seed": 4, "name": "seed_generator"}
    assert twin.state.numpy().tolist() == [4, 0]
    python_random.seed(3)
    seed = random.SeedGenerator().state.numpy()
    python_random.seed(3)
    np.testing.assert_array_equal(random.SeedGenerator().state.numpy(), seed)


def test_a_recorded_draw_moves_on_with_each_replay():
    recorded, eager = (random.SeedGenerator(4) for _ in range(2))
    kept = kerasette.Variable(np.zeros(3, "float32"), trainable=False)
    with Step(Arena()) as step:
        random.normal((3,), seed=recorded)
        # Within a step, too, the second draw is another one.
        kept.assign(random.normal((3,), seed=recorded))
    assert step.obstacle is None
    for i in range(3):
        random.normal((3,), seed=eager)
        np.testing.assert_array_equal(kept.numpy(), random.normal((3,), seed=eager).numpy())
        assert recorded.state.numpy().tolist() == [4, 2 * (i + 1)]
        step.replay()


def test_a_step_that_fails_leaves_the_generator_alone():
    generator = random.SeedGenerator(4)

    def fail():
        with Step():
            random.normal((3,), seed=generator)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert generator.state.numpy().tolist() == [4, 0]


def test_set_random_seed_decides_all_draws_without_a_seed():
    def draws():
        kerasette.utils.set_random_seed(7)
        return [
            random.uniform((3,)).numpy(),
            random.normal((3,)).numpy(),
            kerasette.layers.Dense(3)(np.ones((1, 2))).numpy(),
            kerasette.layers.Dropout(0.5)(np.ones((30,)), training=True).numpy(),
            np.random.permutation(10),
            np.array(python_random.random()),
        ]

    for first, second in zip(draws(), draws()):
        np.testing.assert_array_equal(first, second)
    assert (random.uniform((3,)).numpy() != random.uniform((3,)).numpy()).all()


@pytest.mark.parametrize("seed", [1.5, "a", None, True])
def test_set_random_seed_takes_integers(seed):
    with pytest.raises(ValueError, match="Expected `seed` argument to be an integer"):
        kerasette.utils.set_random_seed(seed)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_set_random_seed_changes_nothing_if_the_seed_is_out_of_range(seed):
    state = python_random.getstate()
    with pytest.raises(ValueError, match="Seed must be between"):
        kerasette.utils.set_random_seed(seed)
    assert python_random.getstate() == state


def test_wrong_seeds_and_dtypes_raise():
    with pytest.raises(ValueError, match="Argument `seed` must be either an integer or"):
        random.normal((2,), seed="a")
    with pytest.raises(ValueError, match="Argument `seed` must be an integer"):
        random.SeedGenerator("a")
    for name in ("uniform", "normal", "truncated_normal"):
        with pytest.raises(ValueError, match="floating-point"):
            getattr(random, name)((2,), dtype="int32")


# ---- whole numbers, orders, classes -----------------------------------------------------


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_whole_numbers_are_spread_evenly(dtype):
    draw = random.randint((40, 500), -2, 5, dtype=dtype, seed=1)
    assert draw.dtype == dtype
    values, counts = np.unique(draw.numpy(), return_counts=True)
    assert values.tolist() == list(range(-2, 5))
    assert stats.chisquare(counts).pvalue > 1e-3
    limits = np.iinfo("int32")
    wide = random.randint((1000,), limits.min, limits.max, seed=1).numpy().astype("float64")
    assert stats.kstest((wide - limits.min) / 2**32, "uniform").pvalue > 1e-3


def test_orders_are_equally_frequent():
    generator = random.SeedGenerator(3)
    orders = [tuple(random.shuffle(np.arange(3), seed=generator).numpy()) for _ in range(1200)]
    counts = [orders.count(order) for order in sorted(set(orders))]
    assert len(counts) == 6
    assert stats.chisquare(counts).pvalue > 1e-3


def test_rows_of_an_axis_stay_together():
    x = np.arange(24.0).reshape(2, 3, 4)
    y = random.shuffle(x, axis=-1, seed=2).numpy()
    order = y[0, 0].astype(int)
    assert sorted(order) == [0, 1, 2, 3] != list(order)
    np.testing.assert_array_equal(y, x[..., order])
    assert random.shuffle(np.zeros((0, 2)), seed=1).shape == (0, 2)


def test_classes_have_the_probabilities_of_the_softmax():
    logits = np.array([[1.0, 3.0, -2.0, -np.inf], [500.0, 500.0, -500.0, 501.0]])
    draw = random.categorical(logits, 20000, dtype="int64", seed=1)
    assert draw.dtype == "int64"
    expected = np.exp(logits - np.logaddexp.reduce(logits, 1, keepdims=True))
    for row, share in zip(draw.numpy(), expected):
        counts = np.bincount(row, minlength=4)
        assert counts[share < 1e-12].sum() == 0
        likely = share > 1e-12
        assert stats.chisquare(counts[likely], 20000 * share[likely]).pvalue > 1e-3


# ---- gamma, beta, binomial --------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.01, 0.5, 1.0, 3.7, 200.0])
def test_gamma(alpha):
    draw = random.gamma((20000,), alpha, dtype="float64", seed=1).numpy()
    assert stats.kstest(draw, stats.gamma(alpha).cdf).pvalue > 1e-3


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (2.0, 3.0), (0.01, 0.02), (300.0, 1.0)])
def test_beta(a, b):
    draw = random.beta((20000,), a, b, dtype="float64", seed=2).numpy()
    # What is nearer to 1 than the dtype can tell is 1.
    inside = draw[(draw > 1e-12) & (draw < 1 - 1e-12)]
    cdf = stats.beta(a, b).cdf
    low, high = cdf([1e-12, 1 - 1e-12])
    assert stats.kstest(inside, lambda x: (cdf(x) - low) / (high - low)).pvalue > 1e-3
    assert (draw <= 1e-12).mean() == pytest.approx(low, abs=0.02)


@pytest.mark.parametrize("n", [1, 3, 12, 13, 100, 1001])
@pytest.mark.parametrize("p", [0.02, 0.5, 0.9])
def test_binomial(n, p):
    draw = random.binomial((5000,), n, p, seed=3).numpy()
    distribution = stats.binom(n, p)
    edges = np.unique(distribution.ppf(np.linspace(0.1, 0.9, 9)))
    counts = np.bincount(np.searchsorted(edges, draw), minlength=len(edges) + 1)
    shares = np.diff([0, *distribution.cdf(edges), 1])
    likely = shares > 1e-6
    assert counts[~likely].sum() <= 1
    if likely.sum() > 1:
        expected = shares[likely] / shares[likely].sum() * counts[likely].sum()
        assert stats.chisquare(counts[likely], expected).pvalue > 1e-3


def test_parameters_are_broadcast():
    means = random.gamma((5000, 2), [1.0, 10.0], seed=1).numpy().mean(0)
    np.testing.assert_allclose(means, [1, 10], rtol=0.1)
    means = random.beta((5000, 2), [1.0, 9.0], 1.0, seed=1).numpy().mean(0)
    np.testing.assert_allclose(means, [0.5, 0.9], rtol=0.1)
    draw = random.binomial((5000, 2), np.array([4, 40]), [0.5, 0.25], seed=1).numpy()
    np.testing.assert_allclose(draw.mean(0), [2, 10], rtol=0.1)
    assert random.binomial((3,), 0, 0.5, seed=1).numpy().tolist() == [0, 0, 0]
    assert random.binomial((3,), 5, [0.0, 1.0, 1.0], dtype="float64").numpy().tolist() == [0, 5, 5]


DRAWS = [
    ("randint", lambda seed: random.randint((6,), 0, 1000, seed=seed)),
    ("shuffle", lambda seed: random.shuffle(np.arange(20), seed=seed)),
    ("categorical", lambda seed: random.categorical(np.zeros((2, 50)), 5, seed=seed)),
    ("gamma", lambda seed: random.gamma((4,), 2.0, seed=seed)),
    ("beta", lambda seed: random.beta((4,), 2.0, 1.0, seed=seed)),
    ("binomial", lambda seed: random.binomial((4,), 1000, 0.5, seed=seed)),
]


@pytest.mark.parametrize(("name", "draw"), DRAWS)
def test_a_seed_decides_the_draw_and_replays_go_on(name, draw):
    same = draw(1).numpy()
    np.testing.assert_array_equal(draw(1).numpy(), same)
    np.testing.assert_array_equal(draw(random.SeedGenerator(1)).numpy(), same)
    assert (draw(2).numpy() != same).any()
    recorded, eager = (random.SeedGenerator(4) for _ in range(2))
    kept = kerasette.Variable(np.zeros(same.shape), trainable=False, dtype="float64")
    with Step(Arena()) as step:
        kept.assign(ops.cast(draw(recorded), "float64"))
    assert step.obstacle is None
    for _ in range(3):
        np.testing.assert_array_equal(kept.numpy(), draw(eager).numpy().astype("float64"))
        step.replay()


def test_draws_have_no_gradient():
    alpha = kerasette.Variable([2.0, 3.0])
    with GradientTape() as tape:
        y = random.gamma((2,), alpha, seed=1)
    assert tape.gradient(y, alpha) is None


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: random.randint((2,), 0, 5, dtype="float32"), "requires an integer `dtype`"),
        (lambda: random.randint((2,), 5, 5), "`maxval` must be above"),
        (lambda: random.randint((2,), 0, 2**60, dtype="int64"), "`maxval` must be above"),
        (lambda: random.randint((2,), 0, 5, seed="a"), "Argument `seed` must be"),
        (lambda: random.shuffle(np.zeros(3), axis=1), "out of bounds"),
        (lambda: random.categorical([0.0, 1.0], 2), "should be a 2-D tensor"),
        (lambda: random.gamma((2,), 1.0, dtype="int32"), "`kerasette.random.gamma` requires"),
        (lambda: random.beta((2,), 1.0, 1.0, dtype="int32"), "`kerasette.random.beta` requires"),
        (
            lambda: random.binomial((2,), 1, 0.5, dtype="int32"),
            "`kerasette.random.binomial` requires",
        ),
        (lambda: random.randint((5,), 0.5, 3), "must be whole numbers. Received: minval=0.5"),
        (lambda: random.randint((5,), 0, 2.5), "must be whole numbers"),
        (lambda: random.randint((5,), 0, float("nan")), "must be whole numbers"),
        (lambda: random.gamma(None, 1.0), "A shape is a tuple of integers"),
        (lambda: random.gamma(-1, 1.0), "not negative"),
        (lambda: random.gamma((2,), [1.0, 2.0, 3.0]), "broadcast"),
    ],
)
def test_wrong_arguments_of_draws_raise(draw, words):
    with pytest.raises(ValueError, match=words):
        draw()


# Keras 3.15.1 raises with PyTorch for each of them, too.
NAN = float("nan")
IMPOSSIBLE = {
    "normal": {"stddev": [-1.0, np.float32(-1.0), NAN]},
    "gamma": {"alpha": [-2.0, 0, NAN]},
    "beta": {"alpha": [-1.0, 0.0, NAN], "beta": [-1, 0.0, NAN]},
    "binomial": {"counts": [-5, 2.5, NAN], "probabilities": [1.5, -0.5, NAN]},
}
POSSIBLE = {
    "normal": {"stddev": 0},
    "gamma": {"alpha": 1e-3},
    "beta": {"alpha": 1.0, "beta": np.float32(2.0)},
    "binomial": {"counts": 5.0, "probabilities": 1},
}


@pytest.mark.parametrize("name", POSSIBLE)
def test_numbers_that_are_no_parameters_of_a_distribution_are_refused(name):
    draw, seed = getattr(random, name), random.SeedGenerator(1)
    state = seed.state.numpy()
    for parameter, values in IMPOSSIBLE[name].items():
        for value in values:
            with pytest.raises(ValueError, match=rf"`{parameter}` must be.*{parameter}={value}"):
                draw((2,), **{**POSSIBLE[name], parameter: value}, seed=seed)
    np.testing.assert_array_equal(seed.state.numpy(), state)
    assert np.isfinite(draw((2,), **POSSIBLE[name], seed=seed).numpy()).all()


def test_tensors_as_parameters_are_not_read():
    assert np.isnan(random.gamma((2,), ops.convert_to_tensor(-2.0)).numpy()).all()


# ---- dropout ----------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_drops_a_share_and_scales_the_rest(rate):
    x = np.linspace(1.0, 2.0, 20000)
    y = random.dropout(x, rate, seed=3).numpy()
    dropped = y == 0
    assert dropped.mean() == pytest.approx(rate, abs=5 * np.sqrt(rate * (1 - rate) / x.size))
    np.testing.assert_allclose(y[~dropped], x[~dropped] / (1 - rate), rtol=1e-12)


def test_gradient_of_dropout_goes_through_what_is_left():
    x = ops.ones((1000,))
    with GradientTape() as tape:
        tape.watch(x)
        y = random.dropout(x, 0.25, seed=3)
    np.testing.assert_array_equal(tape.gradient(y, x).numpy(), y.numpy())


def test_dropout_of_nothing_and_of_everything():
    x = np.ones((4, 3), dtype="float32")
    np.testing.assert_array_equal(random.dropout(x, 0.0, seed=1).numpy(), x)
    np.testing.assert_array_equal(random.dropout(x, 1.0, seed=1).numpy(), 0 * x)
    assert random.dropout(x[:0], 0.5, seed=1).shape == (0, 3)


def test_pattern_of_dropout_repeats_along_axes():
    y = random.dropout(np.ones((50, 7, 3)), 0.5, noise_shape=(None, 1, 3), seed=1).numpy()
    assert (y == y[:, :1]).all()
    assert set(np.unique(y)) == {0.0, 2.0}
    assert (y[:, 0, 0] != y[:, 0, 1]).any()


def test_wrong_arguments_of_dropout_raise():
    with pytest.raises(ValueError, match="rate"):
        random.dropout(np.ones(3), 1.5)
    for noise_shape in [(2,), (None, 1)]:
        with pytest.raises(ValueError, match="noise_shape"):
            random.dropout(np.ones(3), 0.5, noise_shape=noise_shape)


def test_states_may_jump_about():
    ordered, other = random.SeedGenerator(4), random.SeedGenerator(4)
    found = [other.next(ordered=False).numpy().tolist() for _ in range(3)]
    # By hand: (state + 1) * 5387 modulo 933199.
    expected = [[4, 0]]
    for _ in range(2):
        expected.append([(number + 1) * 5387 % 933199 for number in expected[-1]])
    assert found == expected
    assert ordered.next().numpy().tolist() == found[0]
    assert ordered.next(ordered=True).numpy().tolist() != found[1]


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("gamma", (2.0,)), ("beta", (2.0, 3.0)), ("binomial", (5, 0.5)), ("binomial", (50, 0.5))],
)
def test_a_number_is_a_shape_of_one_axis(name, parameters):
    draw = getattr(random, name)
    found = draw(4, *parameters, seed=1).numpy()
    np.testing.assert_array_equal(found, draw((4,), *parameters, seed=1).numpy())
