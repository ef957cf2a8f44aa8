"""Initializers against Keras (fans, constants, distributions) and SciPy (moments, shapes)."""

import itertools
import random as python_random

import numpy as np
import pytest
from agreement import golden_json, make
from changes import assert_every_parameter_has_a_row, differ
from scipy import stats

import kerasette
from kerasette import initializers, ops
from kerasette.naming import to_snake_case

GOLDEN = golden_json("initializers.json")
RANDOM = GOLDEN["random"]

# Every public initializer, with arguments that it takes.
ROWS = {
    "Constant": {"value": 2.0},
    "GlorotNormal": {"seed": 1},
    "GlorotUniform": {"seed": 1, "input_axes": [0], "output_axes": [1]},
    "HeNormal": {"seed": 1},
    "HeUniform": {"seed": 1},
    "Identity": {"gain": 3.0},
    "LecunNormal": {"seed": 1},
    "LecunUniform": {"seed": 1},
    "Ones": {},
    "Orthogonal": {"gain": 3.0, "seed": 1},
    "RandomNormal": {"mean": 1.0, "stddev": 2.0, "seed": 1},
    "RandomUniform": {"minval": 0.0, "maxval": 2.0, "seed": 1},
    "TruncatedNormal": {"mean": 1.0, "stddev": 2.0, "seed": 1},
    "VarianceScaling": {"scale": 3.0, "mode": "fan_out", "distribution": "uniform", "seed": 1},
    "Zeros": {},
}
CONSTANT = ("Constant", "Identity", "Ones", "Zeros")
DRAWING = [name for name in ROWS if name not in (*CONSTANT, "Orthogonal")]
ALIASES = {
    **{to_snake_case(name): name for name in ROWS},
    "IdentityInitializer": "Identity",
    "OrthogonalInitializer": "Orthogonal",
}


def test_every_initializer_has_a_row():
    names = set(initializers.__all__) - {"compute_fans", "deserialize", "get", "serialize"}
    assert names - {"Initializer"} == set(ROWS) | set(ALIASES)


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_aliases_are_the_classes(alias, name):
    assert getattr(initializers, alias) is getattr(initializers, name)
    assert type(initializers.get(alias)).__name__ == name
    described = {"class_name": alias, "config": {}}
    assert type(initializers.deserialize(described)).__name__ == name


@pytest.mark.parametrize("case", GOLDEN["fans"], ids=lambda case: str(case["shape"]))
def test_fans_are_those_of_keras(case):
    fans = initializers.compute_fans(case["shape"])
    assert fans == (case["fan_in"], case["fan_out"])


def test_fans_of_scalars_and_of_named_axes():
    assert initializers.compute_fans(()) == (1, 1)
    assert initializers.compute_fans((2, 3, 5, 7), [0, 1], [2, 3]) == (6, 35)


@pytest.mark.parametrize("case", GOLDEN["constants"], ids=lambda case: str(case["initializer"]))
def test_constants_are_those_of_keras(case):
    initializer = make(initializers, case["initializer"])
    values = initializer(np.shape(case["values"]))
    np.testing.assert_array_equal(values.numpy(), np.array(case["values"], "float32"))
    assert initializer.get_config() == case["config"]
    assert initializer((2, 3), dtype="int32").dtype == "int32"


def expected_distribution(draw):
    """SciPy's, from the distribution and parameters of a golden draw."""
    parameters = draw["parameters"]
    if draw["distribution"] == "uniform":
        low, high = parameters["minval"], parameters["maxval"]
        return stats.uniform(low, high - low)
    if draw["distribution"] == "normal":
        return stats.norm(parameters["mean"], parameters["stddev"])
    return stats.truncnorm(-2, 2, parameters["mean"], parameters["stddev"])


@pytest.mark.parametrize("case", RANDOM, ids=lambda case: str(case["initializer"]))
def test_draws_have_the_distribution_of_keras(case):
    name, arguments = case["initializer"]
    initializer = getattr(initializers, name)(**arguments)
    assert initializer.get_config() == case["config"]
    for draw, seed in zip(case["draws"], itertools.count(7)):
        # Many draws of the shape, because the distribution depends on it.
        count = -(-20000 // int(np.prod(draw["shape"])))
        generator = kerasette.random.SeedGenerator(seed)
        drawing = getattr(initializers, name)(**(arguments | {"seed": generator}))
        values = np.stack([drawing(draw["shape"]).numpy() for _ in range(min(count, 300))])
        distribution = expected_distribution(draw)
        # Seeds are fixed: the test passes always, or never.
        assert stats.kstest(values.ravel(), distribution.cdf).pvalue > 1e-4
        low, high = distribution.support()
        assert low <= values.min()
        assert values.max() <= high


@pytest.mark.parametrize("name", DRAWING)
def test_moments(name):
    initializer = getattr(initializers, name)(seed=3)
    shape = (400, 500)
    fan_in, fan_out = shape
    variance = {
        "RandomUniform": 0.1**2 / 12,
        "RandomNormal": 0.05**2,
        "TruncatedNormal": (0.05 * 0.87962566103423978) ** 2,
        "VarianceScaling": 1 / fan_in,
        "Glorot": 2 / (fan_in + fan_out),
        "He": 2 / fan_in,
        "Lecun": 1 / fan_in,
    }
    expected = variance.get(name) or variance[name.removesuffix("Normal").removesuffix("Uniform")]
    values = initializer(shape, dtype="float64").numpy()
    assert values.var() == pytest.approx(expected, rel=0.01)
    assert abs(values.mean()) < 5 * np.sqrt(expected / values.size)


# ---- orthogonal and identity ------------------------------------------------------------------


@pytest.mark.parametrize("case", GOLDEN["orthogonal"], ids=lambda case: str(case["initializer"]))
def test_the_config_of_orthogonal_is_that_of_keras(case):
    assert make(initializers, case["initializer"]).get_config() == case["config"]


@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (4, 4), (3, 3, 2, 4), (1, 1), (2, 1, 9)])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_orthogonal_rows_or_columns(shape, dtype):
    values = initializers.Orthogonal(gain=2.0, seed=1)(shape, dtype)
    assert values.dtype == dtype
    assert values.shape == shape
    matrix = values.numpy().reshape(-1, shape[-1]).astype("float64")
    product = matrix.T @ matrix if matrix.shape[0] >= shape[-1] else matrix @ matrix.T
    precision = 1e-6 if dtype == "float32" else 1e-14
    np.testing.assert_allclose(product, 4.0 * np.eye(len(product)), atol=4 * precision)


def test_orthogonal_is_evenly_distributed():
    # The first column of such a matrix is uniform on the sphere, on which any coordinate of
    # three is uniform in [-1, 1] (Archimedes). Without the signs of r it would not be.
    generator = kerasette.random.SeedGenerator(5)
    initializer = initializers.Orthogonal(seed=generator)
    draws = np.stack([initializer((3, 3)).numpy() for _ in range(1500)]).reshape(-1, 9)
    for place in range(9):
        assert stats.kstest(draws[:, place], stats.uniform(-1, 2).cdf).pvalue > 1e-3


def test_orthogonal_seeds():
    first, again = (initializers.Orthogonal(seed=2)((4, 3)).numpy() for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (first != initializers.Orthogonal(seed=3)((4, 3)).numpy()).any()
    moving = initializers.Orthogonal(seed=kerasette.random.SeedGenerator(1))
    assert (moving((4, 3)).numpy() != moving((4, 3)).numpy()).any()
    assert initializers.Orthogonal(seed=1)((0, 3)).shape == (0, 3)


def test_identity_takes_its_gain_and_keeps_it():
    np.testing.assert_array_equal(initializers.Identity(3.0)((3, 2)).numpy(), 3 * np.eye(3, 2))
    twin = initializers.deserialize(initializers.serialize(initializers.Identity(3.0)))
    assert twin.gain == 3.0


@pytest.mark.parametrize("case", GOLDEN["errors"], ids=lambda case: str(case["initializer"]))
def test_shapes_are_refused_as_in_keras(case):
    with pytest.raises(ValueError) as caught:
        make(initializers, case["initializer"])(case["shape"])
    assert str(caught.value) == case["message"]


# ---- arguments and variables --------------------------------------------------------------------

# Arguments beside which a class is looked at, and another value for each of its parameters.
CHANGES = {
    "Constant": ({}, {"value": 2.0}),
    "Identity": ({}, {"gain": 2.0}),
    "Orthogonal": ({"seed": 1}, {"gain": 2.0, "seed": 2}),
    "RandomNormal": ({"seed": 1}, {"mean": 2.0, "stddev": 2.0, "seed": 2}),
    "RandomUniform": ({"seed": 1}, {"minval": -2.0, "maxval": 2.0, "seed": 2}),
    "TruncatedNormal": ({"seed": 1}, {"mean": 2.0, "stddev": 2.0, "seed": 2}),
    "VarianceScaling": (
        {"seed": 1, "input_axes": [0], "output_axes": [1]},
        {
            "scale": 2.0,
            "mode": "fan_out",
            "distribution": "uniform",
            "seed": 2,
            "input_axes": [1],
            "output_axes": [0],
        },
    ),
    **{
        name: (
            {"seed": 1, "input_axes": [0], "output_axes": [1]},
            {"seed": 2, "input_axes": [0, 1], "output_axes": [0, 1]},
        )
        for name in ROWS
        if name.startswith(("Glorot", "He", "Lecun"))
    },
}
COVERED = {f"initializers.{name}": changes for name, (_, changes) in CHANGES.items()}


@pytest.mark.parametrize("name", CHANGES)
def test_every_argument_has_an_effect(name):
    cls, (usual, changes) = getattr(initializers, name), CHANGES[name]
    assert_every_parameter_has_a_row(cls, changes)
    shape = (3, 5)
    for parameter, value in changes.items():
        # How many outputs there are matters where they are counted.
        counted = (
            {"mode": "fan_out"} if (name, parameter) == ("VarianceScaling", "output_axes") else {}
        )
        before = cls(**(usual | counted))(shape).numpy()
        after = cls(**(usual | counted | {parameter: value}))(shape).numpy()
        if parameter == "output_axes" and name.startswith(("He", "Lecun")):
            # These count inputs alone; in Keras, too, this changes nothing by itself.
            assert cls(**(usual | {parameter: value})).get_config()[parameter] == value
            continue
        assert differ(after, before), parameter


def test_variables_take_the_names_of_initializers():
    np.testing.assert_array_equal(kerasette.Variable("ones", shape=(2, 3)).numpy(), np.ones((2, 3)))
    kernel = kerasette.Variable("glorot_uniform", (40, 50), dtype="float64")
    assert kernel.dtype == "float64"
    assert 0 < abs(kernel.numpy()).max() <= np.sqrt(6 / 90)
    with pytest.raises(ValueError, match="Could not interpret initializer identifier: nought"):
        kerasette.Variable("nought", (2,))
    with pytest.raises(ValueError, match="the `shape` argument should be specified"):
        kerasette.Variable("zeros")


@pytest.mark.parametrize("name", ["orthogonal", "he_uniform", "zeros", "identity"])
def test_layers_take_the_names_of_initializers(name):
    layer = kerasette.layers.Layer()
    assert layer.add_weight(shape=(3, 4), initializer=name).shape == (3, 4)


# ---- seeds -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWING)
def test_one_instance_gives_the_same_values_at_each_call(name):
    for seed in (5, None):
        initializer = getattr(initializers, name)(seed=seed)
        first, second = (initializer((3, 4)).numpy() for _ in range(2))
        np.testing.assert_array_equal(first, second)
    same = getattr(initializers, name)(seed=5)((3, 4)).numpy()
    np.testing.assert_array_equal(same, getattr(initializers, name)(seed=5)((3, 4)).numpy())
    assert (same != getattr(initializers, name)(seed=6)((3, 4)).numpy()).any()


@pytest.mark.parametrize("name", DRAWING)
def test_without_a_seed_instances_differ_and_python_decides(name):
    cls = getattr(initializers, name)
    python_random.seed(1)
    first, second = cls()((3, 4)).numpy(), cls()((3, 4)).numpy()
    assert (first != second).any()
    python_random.seed(1)
    np.testing.assert_array_equal(cls()((3, 4)).numpy(), first)
    assert (cls().clone()((3, 4)).numpy() != first).any()


def test_a_seed_generator_moves_on():
    initializer = initializers.HeNormal(seed=kerasette.random.SeedGenerator(1))
    assert (initializer((3, 4)).numpy() != initializer((3, 4)).numpy()).any()
    twin = initializers.deserialize(initializers.serialize(initializer))
    assert isinstance(twin.seed, kerasette.random.SeedGenerator)


def test_negative_and_huge_seeds():
    draws = [initializers.HeNormal(seed=seed)((4,)).numpy() for seed in (-1, 2**63, 2**31, 0)]
    assert len({draw.tobytes() for draw in draws}) == 4


@pytest.mark.parametrize("shape", [(0, 3), (1,), (), (1, 1), (2, 3, 4, 5)])
@pytest.mark.parametrize("name", DRAWING)
def test_shapes(name, shape):
    values = getattr(initializers, name)(seed=1)(shape)
    assert values.shape == shape
    assert np.isfinite(values.numpy()).all()


def test_a_dead_straight_line_of_seeds_is_not_correlated():
    draws = np.stack([initializers.RandomNormal(seed=s)((200,)).numpy() for s in range(50)])
    assert abs(np.corrcoef(draws) - np.eye(50)).max() < 0.4


# ---- names and configs -------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "arguments"), ROWS.items())
def test_an_initializer_comes_back_from_its_config(name, arguments):
    initializer = getattr(initializers, name)(**arguments)
    serialized = initializers.serialize(initializer)
    assert serialized["module"] == "keras.initializers"
    twin = initializers.deserialize(serialized)
    assert type(twin) is type(initializer)
    assert twin.get_config() == initializer.get_config()
    np.testing.assert_array_equal(twin((2, 3)).numpy(), initializer((2, 3)).numpy())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("glorot_uniform", "GlorotUniform"),
        ("GlorotUniform", "GlorotUniform"),
        ("he_normal", "HeNormal"),
        ("zeros", "Zeros"),
        ("zero", "Zeros"),
        ("one", "Ones"),
        ("normal", "RandomNormal"),
        ("uniform", "RandomUniform"),
        ("truncated_normal", "TruncatedNormal"),
        ("variance_scaling", "VarianceScaling"),
    ],
)
def test_strings(text, name):
    assert type(initializers.get(text)).__name__ == name


def test_get_takes_classes_objects_functions_arrays_and_none():
    initializer = initializers.Ones()
    assert initializers.get(initializer) is initializer
    assert initializers.get(None) is initializers.serialize(None) is None
    assert isinstance(initializers.get(initializers.Zeros), initializers.Zeros)

    def sevens(shape, dtype=None):
        return ops.full(shape, 7, dtype)

    assert initializers.get(sevens) is sevens
    assert initializers.serialize(sevens)["config"] == "sevens"
    values = initializers.get(np.eye(2))
    np.testing.assert_array_equal(values((2, 2)).numpy(), np.eye(2))
    assert values((2, 2)).dtype == "float32"
    with pytest.raises(ValueError, match="Expected `shape` to be"):
        values((2, 3))


@pytest.mark.parametrize("identifier", ["glorot", 3, {"class_name": "Glorot", "config": {}}])
def test_unknown_initializers_raise_and_the_known_are_listed(identifier):
    with pytest.raises(ValueError, match=r"Could not interpret initializer.*glorot_uniform"):
        initializers.get(identifier)


# ---- errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"scale": -1.0}, "Argument `scale` must be positive float. Received: scale=-1.0"),
        ({"scale": 0}, "Argument `scale` must be positive"),
        ({"mode": "fan"}, "Invalid `mode` argument: fan. Please use one of"),
        ({"distribution": "flat"}, "Invalid `distribution` argument: flat"),
        ({"seed": "a"}, "`seed` argument should be an instance of"),
        ({"seed": 1.5}, "`seed` argument should be an instance of"),
    ],
)
def test_wrong_arguments_raise(arguments, words):
    with pytest.raises(ValueError, match=words):
        initializers.VarianceScaling(**arguments)


def test_integers_cannot_be_drawn():
    for name in ("GlorotUniform", "RandomNormal", "TruncatedNormal"):
        with pytest.raises(ValueError, match="floating-point"):
            getattr(initializers, name)()((2,), dtype="int32")


def test_the_base_is_abstract():
    with pytest.raises(NotImplementedError, match="__call__"):
        initializers.Initializer()((2,))
