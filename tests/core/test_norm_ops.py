"""Normalization in the core: values, gradients, statistics far from zero, errors."""

import numpy as np
import pytest

from kerasette import GradientTape
from kerasette._core import ops
from kerasette.testing import check_gradients

RNG = np.random.default_rng(0)
CASES = [((7, 3), -1), ((7, 3), 0), ((4, 3, 5), 1), ((4, 3, 5), 0), ((2, 3, 2, 4), 3), ((5,), 0)]
CASES += [((3, 2, 4, 3), 1), ((2, 2, 3, 2, 3), -1), ((2, 3, 2, 2, 2), 1)]


def channels_last(x, axis):
    """x as a matrix with the channels in its columns."""
    return np.moveaxis(x, axis, -1).reshape(-1, x.shape[axis])


def numbers(n):
    return RNG.normal(size=n), RNG.normal(size=n)


@pytest.mark.parametrize(("shape", "axis"), CASES)
def test_batch_norm_is_its_formula(shape, axis):
    x = RNG.normal(size=shape)
    gamma, beta = numbers(shape[axis])
    rows = channels_last(x, axis)
    y, mean, variance = ops.batch_norm(x, gamma, beta, axis, 0.01)
    np.testing.assert_allclose(mean.numpy(), rows.mean(0), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(variance.numpy(), rows.var(0), rtol=1e-12, atol=1e-15)
    expected = (rows - rows.mean(0)) / np.sqrt(rows.var(0) + 0.01) * gamma + beta
    np.testing.assert_allclose(channels_last(y.numpy(), axis), expected, rtol=1e-10)
    plain = channels_last(ops.batch_norm(x, axis=axis, epsilon=0.01)[0].numpy(), axis)
    np.testing.assert_allclose(plain * gamma + beta, expected, rtol=1e-10)


@pytest.mark.parametrize(("shape", "axis"), CASES)
def test_channel_affine_is_its_formula(shape, axis):
    x = RNG.normal(size=shape)
    factor, offset = numbers(shape[axis])
    mean = RNG.normal(size=shape[axis])
    expected = (channels_last(x, axis) - mean) * factor
    found = ops.channel_affine(x, mean, factor, None, axis).numpy()
    np.testing.assert_allclose(channels_last(found, axis), expected, rtol=1e-12)
    found = ops.channel_affine(x, mean, factor, offset, axis).numpy()
    np.testing.assert_allclose(channels_last(found, axis), expected + offset, rtol=1e-12)


@pytest.mark.parametrize("n_axes", [1, 2, 3])
@pytest.mark.parametrize("rms", [False, True])
def test_layer_norm_is_its_formula(n_axes, rms):
    x = RNG.normal(size=(3, 4, 5))
    shape = x.shape[3 - n_axes :]
    gamma, beta = numbers(shape)
    axes = tuple(range(3 - n_axes, 3))
    mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    expected = (x - (0 if rms else mean)) / np.sqrt(variance + 0.01) * gamma + beta
    found = ops.layer_norm(x, gamma, beta, n_axes, 0.01, rms).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-10)
    plain = ops.layer_norm(x, n_axes=n_axes, epsilon=0.01, rms_scaling=rms).numpy()
    np.testing.assert_allclose(plain * gamma + beta, expected, rtol=1e-10)


@pytest.mark.parametrize(("shape", "axis"), CASES)
def test_gradients_of_channels(shape, axis):
    x = RNG.normal(size=shape)
    check_gradients(
        lambda x, g, b: ops.batch_norm(x, g, b, axis, 0.1)[0], [x, *numbers(shape[axis])]
    )
    check_gradients(
        lambda x, m, f, b: ops.channel_affine(x, m, f, b, axis),
        [x, RNG.normal(size=shape[axis]), *numbers(shape[axis])],
    )


@pytest.mark.parametrize("rms", [False, True])
def test_gradients_of_layer_norm(rms):
    x = RNG.normal(size=(3, 4, 5))
    for n_axes in (1, 2):
        check_gradients(
            lambda x, g, b, n=n_axes: ops.layer_norm(x, g, b, n, 0.1, rms),
            [x, *numbers(x.shape[3 - n_axes :])],
        )


def test_statistics_far_from_zero_keep_their_digits():
    x = (10000 + RNG.normal(size=(5000, 3))).astype("float32")
    _, mean, variance = ops.batch_norm(x)
    np.testing.assert_allclose(mean.numpy(), x.astype("float64").mean(0), rtol=1e-7)
    np.testing.assert_allclose(variance.numpy(), x.astype("float64").var(0), rtol=1e-6)
    y = ops.layer_norm(x.T.copy(), epsilon=0.0).numpy()
    np.testing.assert_allclose(y.std(-1), 1, rtol=1e-5)


IMAGES = [
    (shape, axis)
    for channels in (1, 3, 8, 16, 33, 70, 300)
    for shape, axis in (((5, 13, 11, channels), -1), ((5, channels, 13, 11), 1))
] + [((3, 40, 40, 5), -1), ((3, 5, 40, 40), 1), ((200, 2, 2, 2), -1), ((200, 2, 2, 2), 1)]


@pytest.mark.parametrize(("shape", "axis"), IMAGES)
@pytest.mark.parametrize("centre", [0, 3000])
def test_float32_of_images_is_as_exact_as_its_inputs(shape, axis, centre):
    x = (centre + RNG.normal(size=shape)).astype("float32")
    dy = RNG.normal(size=shape).astype("float32")
    gamma, beta = (a.astype("float32") for a in numbers(shape[axis]))
    tensors = [ops.copy(a) for a in (x, gamma, beta)]
    with GradientTape() as tape:
        tape.watch(tensors)
        y, mean, variance = ops.batch_norm(*tensors, axis, 0.01)
    dx, dgamma, dbeta = tape.gradient(y, tensors, output_gradients=dy)
    rows, d = channels_last(x, axis).astype(float), channels_last(dy, axis).astype(float)
    # The mean is rounded to float32, and with it what is normalized.
    normal, root = (rows - mean.numpy()), np.sqrt(rows.var(0) + 0.01)
    noise = 4e-6 + 2e-7 * centre
    np.testing.assert_allclose(mean.numpy(), rows.mean(0), rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(variance.numpy(), rows.var(0), rtol=1e-6)
    expected = normal / root * gamma + beta
    np.testing.assert_allclose(channels_last(y.numpy(), axis), expected, rtol=2e-6, atol=2e-6)
    normal, n = (rows - rows.mean(0)) / root, len(rows)
    np.testing.assert_allclose(dbeta.numpy(), d.sum(0), rtol=1e-6, atol=1e-6 * n**0.5)
    expected = (d * normal).sum(0)
    np.testing.assert_allclose(dgamma.numpy(), expected, rtol=1e-6, atol=noise * n**0.5)
    expected = gamma / root * (d - d.mean(0) - normal * expected / n)
    np.testing.assert_allclose(channels_last(dx.numpy(), axis), expected, rtol=1e-5, atol=noise)


def test_statistics_are_constants_to_a_tape():
    x = ops.copy(RNG.normal(size=(4, 3)))
    with GradientTape() as tape:
        tape.watch(x)
        _, mean, variance = ops.batch_norm(x)
        total = ops.sum(mean + variance)
    assert tape.gradient(total, x) is None


def test_wrong_arguments_raise():
    x = RNG.normal(size=(4, 3))
    with pytest.raises(ValueError, match=r"gamma has shape \(4,\), and 3 numbers are needed"):
        ops.batch_norm(x, np.ones(4))
    with pytest.raises(ValueError, match=r"offset has shape"):
        ops.channel_affine(x, np.zeros(3), np.ones(3), np.ones(2))
    with pytest.raises(ValueError, match="beta has shape"):
        ops.layer_norm(x, None, np.ones(4))
    with pytest.raises(ValueError, match="axis 2 is out of bounds"):
        ops.batch_norm(x, axis=2)
    for n_axes in (0, 3):
        with pytest.raises(ValueError, match=f"{n_axes} axes of a tensor"):
            ops.layer_norm(x, n_axes=n_axes)
    with pytest.raises(TypeError):
        ops.batch_norm(x, epsilon="small")
