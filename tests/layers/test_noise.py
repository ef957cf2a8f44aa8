"""Layers that draw random numbers: what they draw, against its definition."""

import numpy as np
import pytest

import kerasette
from kerasette import GradientTape, layers, ops

N = 40000
NORMAL = np.random.default_rng(0).normal(size=N).astype("float32")
NOISY = [
    (layers.GaussianNoise, 0.5),
    (layers.GaussianDropout, 0.5),
    (layers.AlphaDropout, 0.5),
    (layers.Dropout, 0.5),
    (layers.SpatialDropout1D, 0.5),
]


def moments(x):
    return x.mean(), x.std()


def test_gaussian_noise_has_the_moments_asked_for():
    layer = layers.GaussianNoise(0.3, seed=1)
    noise = layer(NORMAL, training=True).numpy() - NORMAL
    np.testing.assert_allclose(moments(noise), (0.0, 0.3), atol=4 * 0.3 / np.sqrt(N))
    # Normal: the share beyond one and two standard deviations.
    for bound, share in ((1, 0.3173), (2, 0.0455)):
        assert np.mean(np.abs(noise) > 0.3 * bound) == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_gaussian_dropout_has_the_deviation_of_dropout(rate):
    layer = layers.GaussianDropout(rate, seed=1)
    factors = layer(np.ones(N), training=True).numpy()
    deviation = np.sqrt(rate / (1 - rate))
    np.testing.assert_allclose(moments(factors), (1.0, deviation), atol=5 * deviation / np.sqrt(N))
    assert layer(np.zeros(10), training=True).numpy().tolist() == [0.0] * 10


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_alpha_dropout_keeps_mean_and_variance(rate):
    found = layers.AlphaDropout(rate, seed=1)(NORMAL, training=True).numpy()
    np.testing.assert_allclose(moments(found), moments(NORMAL), atol=0.03)
    # What is dropped has one value, that at which SELU saturates, scaled and shifted.
    values, counts = np.unique(found, return_counts=True)
    dropped = values[counts.argmax()]
    assert counts.max() / N == pytest.approx(rate, abs=0.01)
    saturated = -1.7580993408473766
    scale = ((1 - rate) * (1 + rate * saturated**2)) ** -0.5
    shift = -scale * saturated * rate
    assert dropped == pytest.approx(scale * saturated + shift, rel=1e-5)
    kept = found != dropped
    np.testing.assert_allclose(found[kept], scale * NORMAL[kept] + shift, rtol=1e-4, atol=1e-5)


def test_alpha_dropout_in_a_pattern():
    layer = layers.AlphaDropout(0.5, noise_shape=(None, 1, None), seed=1)
    found = layer(np.ones((20, 3, 2)), training=True).numpy()
    assert (found == found[:, :1]).all()
    assert len(np.unique(found)) == 2
    with pytest.raises(ValueError, match="noise_shape"):
        layers.AlphaDropout(0.5, noise_shape=(1,))(np.ones((2, 3)), training=True)


@pytest.mark.parametrize(
    ("layer", "shape", "axes"),
    [
        (layers.SpatialDropout1D(0.3, seed=1), (40, 5, 30), (1,)),
        (layers.SpatialDropout2D(0.3, seed=1), (40, 2, 3, 30), (1, 2)),
        (layers.SpatialDropout2D(0.3, "channels_first", seed=1), (40, 30, 2, 3), (2, 3)),
    ],
)
def test_spatial_dropout_drops_whole_channels(layer, shape, axes):
    found = layer(np.ones(shape), training=True).numpy()
    first = found.min(axes, keepdims=True)
    np.testing.assert_array_equal(found, np.broadcast_to(first, shape))
    np.testing.assert_allclose(np.unique(found), [0.0, 1 / 0.7], rtol=1e-6)
    assert np.mean(first == 0) == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize(("kind", "amount"), NOISY)
def test_each_call_draws_anew_and_a_seed_repeats(kind, amount):
    x = np.random.default_rng(1).normal(size=(4, 5, 6)).astype("float32")
    layer, twin = kind(amount, seed=3), kind(amount, seed=3)
    first, second = (layer(x, training=True).numpy() for _ in range(2))
    assert (first != second).any()
    np.testing.assert_array_equal(twin(x, training=True).numpy(), first)
    for training in (None, False):
        np.testing.assert_array_equal(layer(x, training=training).numpy(), x)


@pytest.mark.parametrize(("kind", "amount"), NOISY)
def test_none_at_all(kind, amount):
    layer = kind(0.0)
    x = ops.ones((2, 3, 4))
    assert layer(x, training=True) is x
    assert layer.variables == []


@pytest.mark.parametrize(("kind", "amount"), NOISY)
def test_the_gradient_is_that_of_the_draw(kind, amount):
    x = np.random.default_rng(1).normal(size=(4, 5, 6))
    direction = np.random.default_rng(2).normal(size=x.shape)

    def output(value):
        return ops.sum(kind(amount, seed=3, dtype="float64")(value, training=True) * direction)

    tensor = ops.convert_to_tensor(x)
    with GradientTape() as tape:
        tape.watch(tensor)
        total = output(tensor)
    slope = (tape.gradient(total, [tensor])[0].numpy() * direction).sum()
    step = 1e-6
    above, below = (float(output(x + s * direction)) for s in (step, -step))
    assert slope == pytest.approx((above - below) / (2 * step), rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("kind", [layers.GaussianDropout, layers.AlphaDropout])
def test_noise_that_would_be_infinite_is_refused(kind):
    with pytest.raises(ValueError, match=f"`rate` of {kind.__name__} must be less than 1"):
        kind(1.0)
    assert np.isfinite(kind(0.999)(np.ones((2, 3)), training=True).numpy()).all()


@pytest.mark.parametrize(("kind", "amount"), NOISY)
def test_a_seed_is_an_integer(kind, amount):
    with pytest.raises(ValueError, match="Argument `seed` must be an integer"):
        kind(amount, seed="a")
    with pytest.raises(ValueError, match="between 0 and 1"):
        kind("much")


def test_noise_on_integers_is_real():
    for kind, amount in NOISY[:3]:
        found = kind(amount, dtype="float64")(np.arange(6), training=True)
        assert found.dtype == "float64"


def test_the_config_of_spatial_dropout_is_short():
    layer = layers.SpatialDropout1D(0.5, seed=2, name="a", dtype="float64")
    assert layer.get_config() == {"rate": 0.5, "seed": 2, "name": "a", "dtype": "float64"}


def test_networks_with_noise_learn():
    kerasette.utils.set_random_seed(1)
    x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    model = kerasette.Sequential(
        [
            kerasette.Input((4,)),
            layers.GaussianNoise(0.1),
            layers.Dense(16, activation="tanh"),
            layers.AlphaDropout(0.05),
            layers.GaussianDropout(0.05),
            layers.Dense(1),
        ]
    )
    model.compile(optimizer=kerasette.optimizers.Adam(0.02), loss="mse")
    losses = model.fit(x, x[:, 0], epochs=30, verbose=0).history["loss"]
    assert losses[-1] < 0.3 * losses[0]
    assert model.replayed_steps > 0
