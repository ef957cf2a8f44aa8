"""Arrays on other grids in the core: values, gradients, errors; and the weights of resizing."""

import numpy as np
import pytest
from scipy import ndimage

from kerasette import GradientTape
from kerasette._core import ops
from kerasette.ops.resizing import resize, weights
from kerasette.testing import check_gradients

RNG = np.random.default_rng(0)
# As SciPy names what we name differently: its "constant" stops at the last pixel.
SCIPY_MODES = {
    "constant": "grid-constant",
    "nearest": "nearest",
    "reflect": "reflect",
    "wrap": "grid-wrap",
}
# Nothing comes near the middle between two pixels, where the nearest one jumps.
TURNED = np.array([[0.83, 0.31, -1.2, -0.41, 1.13, 0.7], [1.7, 0.03, 2.14, 0.27, -0.91, 4.2]])


@pytest.mark.parametrize(
    ("shape", "axis"), [((3, 5), 0), ((3, 5), -1), ((2, 3, 4, 5), 1), ((4,), 0)]
)
def test_resample_is_a_product_along_an_axis(shape, axis):
    x = RNG.normal(size=shape)
    matrix = RNG.normal(size=(7, shape[axis])) * (RNG.random((7, shape[axis])) < 0.5)
    expected = np.moveaxis(np.tensordot(matrix, x, (1, axis)), 0, axis)
    np.testing.assert_allclose(ops.resample(x, matrix, axis).numpy(), expected, rtol=1e-12)
    rough = ops.resample(x.astype("float32"), matrix, axis)
    np.testing.assert_allclose(rough.numpy(), expected, rtol=1e-4, atol=1e-5)
    check_gradients(lambda t: ops.resample(t, matrix, axis), [x])


def test_a_matrix_that_does_not_fit_raises():
    for matrix in (np.ones((3, 4)), np.ones(5), np.ones((5, 3))):
        with pytest.raises(
            ValueError, match=r"does not fit axis 1 of a tensor of shape \(2, 5, 3\)"
        ):
            ops.resample(np.ones((2, 5, 3)), matrix, 1)


def with_scipy(images, transforms, order, mode, fill):
    """The same for each channel of each image."""
    found = np.empty_like(images)
    for b, (a0, a1, a2, b0, b1, b2) in enumerate(transforms):
        matrix, offset = [[b1, b0], [a1, a0]], [b2, a2]
        for c in range(images.shape[-1]):
            found[b, ..., c] = ndimage.affine_transform(
                images[b, ..., c], matrix, offset, order=order, mode=SCIPY_MODES[mode], cval=fill
            )
    return found


@pytest.mark.parametrize("mode", SCIPY_MODES)
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_samples_are_those_of_scipy(mode, interpolation, channels):
    images = RNG.normal(size=(2, 6, 5, channels))
    order = ("nearest", "bilinear").index(interpolation)
    expected = with_scipy(images, TURNED, order, mode, 0.3)
    found = ops.affine_sample(images, TURNED, interpolation, mode, 0.3)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-12, atol=1e-13)
    check_gradients(lambda t: ops.affine_sample(t, TURNED, interpolation, mode, 0.3), [images])


def test_a_transform_gets_no_gradient():
    images, transforms = ops.ones((2, 3, 3, 1)), ops.copy(TURNED)
    with GradientTape() as tape:
        tape.watch([images, transforms])
        y = ops.sum(ops.affine_sample(images, transforms, "bilinear", "wrap"))
    gradients = tape.gradient(y, [images, transforms])
    assert gradients[0].shape == (2, 3, 3, 1) and gradients[1] is None


def test_transforms_that_do_not_fit_raise():
    for images, transforms in (((2, 3, 3, 1), (3, 6)), ((2, 3, 3, 1), (2, 8)), ((3, 3, 1), (3, 6))):
        with pytest.raises(ValueError, match="takes images of shape"):
            ops.affine_sample(np.ones(images), np.ones(transforms), "nearest", "wrap")


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize(
    "interpolation",
    ["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic"],
)
def test_weights_of_resizing_add_up_to_one(interpolation, antialias):
    for sizes in ((7, 3), (3, 7), (1, 5), (5, 1), (4, 4), (224, 100)):
        matrix = weights(*sizes, interpolation, antialias)
        assert matrix.shape == sizes[::-1]
        np.testing.assert_allclose(matrix.sum(1), 1.0, rtol=1e-12)
        # The same from both ends, but for pixels at the very edge of a kernel that ends in a step.
        if interpolation not in ("nearest", "gaussian"):
            np.testing.assert_allclose(matrix, matrix[::-1, ::-1], atol=1e-12)


def test_gradients_of_resizing():
    x = RNG.normal(size=(2, 5, 4, 2))
    for arguments in ({}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True}):
        check_gradients(lambda t, a=arguments: resize(t, (3, 6), **a), [x])


def test_numbers_of_classes_stay_whole_however_large():
    labels = np.array([2**31 - 1, 0, 2**24 + 1], dtype="int32").reshape(1, 3, 1)
    found = resize(labels, (1, 6), "nearest").numpy()
    assert found.ravel().tolist() == np.repeat(labels.ravel(), 2).tolist()
