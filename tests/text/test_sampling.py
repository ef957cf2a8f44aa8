"""Draws by scores, and text that goes on."""

import numpy as np
import pytest

import kerasette
from kerasette import layers, ops, text

SCORES = np.array([1.0, -2.0, 0.5, 3.0])


def softmax(x):
    shares = np.exp(x - x.max())
    return shares / shares.sum()


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4])
@pytest.mark.parametrize("from_logits", [True, False])
def test_draws_follow_the_scores(temperature, from_logits):
    n = 40_000
    scores = SCORES if from_logits else 7 * softmax(SCORES)
    expected = softmax(SCORES / temperature)
    draws = text.sample(
        np.tile(scores, (n, 1)), temperature, np.random.default_rng(0), from_logits=from_logits
    )
    assert draws.shape == (n,) and draws.dtype == "int64"
    frequencies = np.bincount(draws, minlength=4) / n
    assert (np.abs(frequencies - expected) <= 4.5 * np.sqrt(expected * (1 - expected) / n)).all()


def test_temperature_0_is_the_likeliest():
    scores = np.array([[[1.0, 3.0, 2.0], [5.0, 5.0, 0.0]]])
    assert text.sample(scores, temperature=0).tolist() == [[1, 0]]
    assert text.sample(np.exp(scores), 0, from_logits=False).tolist() == [[1, 0]]


def test_nearly_0_does_not_overflow():
    rng = np.random.default_rng(0)
    assert (text.sample(np.tile([-900.0, 900.0, 0.0], (99, 1)), 1e-300, rng) == 1).all()
    assert (text.sample(np.tile([1e300, 2e300], (99, 1)), 1e-9, rng) == 1).all()


def test_what_is_impossible_is_never_drawn():
    rng = np.random.default_rng(0)
    draws = text.sample(np.tile([0.0, 1.0, 0.0, 1.0, 0.0], (5000, 1)), 2.0, rng, from_logits=False)
    assert set(draws.tolist()) == {1, 3}
    draws = text.sample(np.tile([-np.inf, 0.0, -np.inf], (100, 1)), rng=rng)
    assert (draws == 1).all()

    class Lowest:
        """The bounds of what a generator draws."""

        value = 0.0

        def random(self, shape):
            return np.full(shape, self.value)

    assert text.sample([-np.inf, 0.0, -np.inf], rng=Lowest()) == 1
    Lowest.value = np.nextafter(1.0, 0.0)
    assert text.sample([-np.inf, 0.0, 0.3, -np.inf], rng=Lowest()) == 2


def test_draws_repeat_with_a_generator_or_numpys_seed():
    scores = ops.convert_to_tensor(np.zeros((50, 9), "float32"))
    one, same, other = (text.sample(scores, rng=np.random.default_rng(s)) for s in (1, 1, 2))
    assert (one == same).all() and (one != other).any()
    draws = []
    for _ in range(2):
        kerasette.utils.set_random_seed(3)
        draws.append(text.sample(scores).tolist())
    assert draws[0] == draws[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"scores": 1.0}, "classes on their last axis"),
        ({"scores": np.ones((2, 0))}, r"shape \(2, 0\)"),
        ({"scores": [np.nan, 1.0]}, "NaN"),
        ({"scores": [np.inf, 1.0]}, "infinite"),
        ({"scores": [[0.0, 1.0], [-np.inf, -np.inf]]}, "some class must be possible"),
        ({"scores": [0.0, 0.0], "from_logits": False}, "some class must be possible"),
        ({"scores": [0.5, -0.1], "from_logits": False}, "must not be negative"),
        ({"scores": [0.5], "temperature": -1.0}, "`temperature`.*-1.0"),
        ({"scores": [0.5], "temperature": np.nan}, "`temperature`"),
        ({"scores": [0.5], "temperature": np.inf}, "`temperature`"),
        ({"scores": [0.5], "temperature": None}, "`temperature`"),
    ],
)
def test_what_cannot_be_drawn_from(arguments, words):
    with pytest.raises(ValueError, match=words):
        text.sample(**arguments)


class Successor(layers.Layer):
    """Scores of the token that comes after the sum of all that was read, modulo 5."""

    def __init__(self, stateful, sequences, **kwargs):
        super().__init__(**kwargs)
        self.stateful = stateful
        self.sequences = sequences

    def build(self, input_shape):
        self.total = self.add_weight((1, 1), "zeros", dtype="float32", trainable=False)

    def call(self, inputs):
        totals = ops.cumsum(ops.cast(inputs, "float32"), axis=1)
        if self.stateful:
            totals = totals + self.total
            self.total.assign(totals[:, -1:])
        scores = ops.one_hot(ops.cast(ops.mod(totals + 1.0, 5.0), "int32"), 5) * 50.0
        return scores if self.sequences else scores[:, -1]

    def reset_state(self):
        self.total.assign(ops.zeros((1, 1)))


def model_of(stateful, sequences):
    return kerasette.Sequential(
        [kerasette.Input((None,), dtype="int32", batch_size=1), Successor(stateful, sequences)]
    )


def written_out(start, length, window=None):
    tokens = list(start)
    for _ in range(length):
        seen = tokens if window is None else tokens[-window:]
        tokens.append((sum(seen) + 1) % 5)
    return tokens[len(start) :]


@pytest.mark.parametrize("stateful", [False, True])
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("start", [[3], [1, 4, 2]])
def test_a_model_goes_on(stateful, sequences, start):
    model = model_of(stateful, sequences)
    expected = written_out(start, 8)
    # Twice: the second time the state is reset.
    for temperature in (0, 1.0):
        found = text.generate(model, start, 8, temperature, np.random.default_rng(0))
        assert found.dtype == "int32" and found.tolist() == expected
    assert text.generate(model, start, 0).tolist() == []


def test_a_window_shows_the_end():
    model = model_of(False, True)
    found = text.generate(model, [1, 2, 3], 9, window=2)
    assert found.tolist() == written_out([1, 2, 3], 9, window=2) != written_out([1, 2, 3], 9)


def test_temperature_rng_and_probabilities_reach_the_draw():
    table = np.log([[0.1, 0.2, 0.7]] * 3)
    model = kerasette.Sequential(
        [kerasette.Input((None,), dtype="int32"), layers.Embedding(3, 3, weights=[table])]
    )
    runs = [
        text.generate(model, [0], 60, temperature, np.random.default_rng(seed)).tolist()
        for temperature, seed in ((1.0, 0), (1.0, 0), (1.0, 1), (0.1, 0))
    ]
    assert runs[0] == runs[1] != runs[2] and runs[3] != runs[0]
    assert runs[3].count(2) > runs[0].count(2)
    with pytest.raises(ValueError, match="must not be negative"):
        text.generate(model, [0], 1, from_logits=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"model": None}, "`model` must be a model. Received: model=None"),
        ({"start": []}, "`start` must have at least one token"),
        ({"start": [[1]]}, "`start` must be integers in an array of 1 axis"),
        ({"length": -1}, "`length` must be an integer of at least 0"),
        ({"length": 1.0}, "`length`"),
        ({"window": 0}, "`window` must be a positive integer"),
        ({"model": model_of(True, True), "window": 3}, "`window` must be None"),
        ({"temperature": -1, "length": 0}, "`temperature` must be a number of at least 0"),
        ({"rng": 5}, "`rng` must be a generator of NumPy, or None. Received: rng=5"),
    ],
)
def test_arguments_of_generate_are_checked(arguments, words):
    with pytest.raises(ValueError, match=words):
        text.generate(**{"model": model_of(False, True), "start": [1], "length": 2, **arguments})


def test_a_model_without_scores():
    model = kerasette.Sequential([kerasette.Input((1,), dtype="int32"), layers.Flatten()])
    model.add(layers.Reshape((1, 1, 1)))
    with pytest.raises(ValueError, match=r"must give scores of shape .*\(1, 1, 1, 1\)"):
        text.generate(model, [1], 1)
