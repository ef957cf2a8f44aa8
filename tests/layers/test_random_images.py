"""Layers that change images by lot: what is drawn, what is made of it, and when."""

import numpy as np
import pytest
from changes import differ
from scipy import ndimage, stats

import kerasette
from kerasette import layers, ops

# Two sizes, so that rows and columns are not taken for each other.
IMAGES = np.random.default_rng(0).uniform(0, 255, (5, 9, 6, 2)).astype("float32")
LAYERS = {
    "RandomBrightness": {"factor": 0.3},
    "RandomContrast": {"factor": (0.4, 0.5)},
    "RandomCrop": {"height": 4, "width": 5},
    "RandomFlip": {},
    "RandomRotation": {"factor": 0.1},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.2},
    "RandomZoom": {"height_factor": 0.3, "width_factor": 0.2},
}
# test_arguments_of_methods
COVERED = {
    f"layers.{name}.{method}": parameters
    for name in LAYERS
    for method, parameters in {
        "get_random_transformation": ("data", "training", "seed"),
        "transform_images": ("images", "transformation", "training"),
    }.items()
}


def layer_of(name, **more):
    return getattr(layers, name)(**{"seed": 1, **LAYERS[name], **more})


def plain(value):
    """A transformation with arrays in place of tensors."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    return value.numpy() if ops.is_tensor(value) else value


def drawn(layer, n_images=1, shape=(10, 20, 1), n_draws=1, key=None):
    """What a layer draws for images, many times."""
    data = np.zeros((n_images, *shape), "float32")
    found = [plain(layer.get_random_transformation(data)) for _ in range(n_draws)]
    return np.concatenate([np.ravel(one[key]) for one in found])


@pytest.mark.parametrize("name", LAYERS)
def test_arguments_of_methods(name):
    layer = layer_of(name)
    transformation = layer.get_random_transformation(IMAGES, seed=6)
    assert not differ(*(plain(layer.get_random_transformation(IMAGES, seed=6)) for _ in range(2)))
    others = [
        layer.get_random_transformation(IMAGES[:2, :8], seed=6),
        layer.get_random_transformation(IMAGES, training=False, seed=6),
        layer.get_random_transformation(IMAGES, seed=7),
        layer.get_random_transformation(IMAGES),
    ]
    for other in others[name == "RandomCrop" :]:
        assert other is None or differ(plain(transformation), plain(other))
    found = layer.transform_images(IMAGES, transformation).numpy()
    np.testing.assert_array_equal(layer.transform_images(IMAGES, transformation).numpy(), found)
    for images, other, training in (
        (IMAGES[::-1], transformation, True),
        (IMAGES, others[2], True),
        (IMAGES, transformation, False),
    ):
        assert differ(layer.transform_images(images, other, training).numpy(), found)


@pytest.mark.parametrize("name", LAYERS)
def test_seeds_repeat_and_draws_go_on(name):
    first, same, other = (layer_of(name, seed=seed) for seed in (1, 1, 2))
    calls = [[layer(IMAGES).numpy() for _ in range(4)] for layer in (first, same, other)]
    for a, b in zip(*calls[:2], strict=True):
        np.testing.assert_array_equal(a, b)
    assert differ(calls[0], calls[2])
    assert any(differ(calls[0][0], later) for later in calls[0][1:])


@pytest.mark.parametrize("name", LAYERS)
def test_when_images_are_changed(name):
    layer = layer_of(name)

    def is_changed(images=IMAGES, **arguments):
        return any(differ(layer(images, **arguments).numpy(), IMAGES) for _ in range(4))

    assert is_changed() and is_changed(training=True)
    assert not is_changed(training=False) and not is_changed(training=None)


@pytest.mark.parametrize("name", LAYERS)
def test_a_single_image_is_a_batch_of_one(name):
    batch = layer_of(name)(IMAGES[:1]).numpy()
    np.testing.assert_array_equal(layer_of(name)(IMAGES[0]).numpy(), batch[0])


@pytest.mark.parametrize("name", LAYERS)
def test_channels_first(name):
    last = layer_of(name)(IMAGES).numpy()
    first = layer_of(name, data_format="channels_first")(IMAGES.transpose(0, 3, 1, 2)).numpy()
    # Sums over pixels are in another order.
    np.testing.assert_allclose(first.transpose(0, 2, 3, 1), last, rtol=1e-6)


@pytest.mark.parametrize("name", LAYERS)
def test_integers_and_lists(name):
    whole = IMAGES.astype("uint8")
    expected = layer_of(name)(whole.astype("float32")).numpy()
    found = layer_of(name)(whole)
    if name == "RandomBrightness":
        # What is added is cut to a whole number.
        assert found.dtype == "int32"
        np.testing.assert_allclose(found.numpy(), expected, atol=1)
    else:
        assert found.dtype == "float32"
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)
        np.testing.assert_array_equal(layer_of(name)(whole.tolist()).numpy(), found.numpy())


# ---- what is drawn -----------------------------------------------------------


def assert_even(values, low, high):
    """Values are spread evenly, in range."""
    assert low <= values.min() and values.max() <= high
    assert stats.kstest(values, stats.uniform(low, high - low).cdf).pvalue > 1e-3


def test_half_of_the_images_are_flipped():
    for mode, axes in (
        ("horizontal", (1,)),
        ("vertical", (0,)),
        ("horizontal_and_vertical", (0, 1)),
    ):
        layer = layers.RandomFlip(mode, seed=1)
        images = np.tile(IMAGES[:1], (400, 1, 1, 1))
        found = layer(images).numpy()
        is_flipped = (found != images).any((1, 2, 3))
        np.testing.assert_array_equal(found[~is_flipped], images[~is_flipped])
        np.testing.assert_array_equal(
            found[is_flipped], np.flip(images[is_flipped], [axis + 1 for axis in axes])
        )
        assert 160 < is_flipped.sum() < 240


def test_angles():
    assert_even(drawn(layers.RandomRotation(0.2, seed=1), 2000, key="angle"), -72, 72)
    assert_even(drawn(layers.RandomRotation((-0.1, 0.3), seed=1), 2000, key="angle"), -36, 108)


def test_zooms():
    layer = layers.RandomZoom(0.2, (0.3, 0.5), seed=1)
    transformation = plain(layer.get_random_transformation(np.zeros((2000, 3, 4, 1))))
    heights, widths = (transformation[key].ravel() for key in ("height_zoom", "width_zoom"))
    assert_even(heights, 0.8, 1.2)
    assert_even(widths, 1.3, 1.5)
    assert abs(np.corrcoef(heights, widths)[0, 1]) < 0.1
    both = plain(layers.RandomZoom(0.2, seed=1).get_random_transformation(np.zeros((9, 3, 4, 1))))
    np.testing.assert_array_equal(both["height_zoom"], both["width_zoom"])


def test_translations():
    layer = layers.RandomTranslation(0.1, (0.2, 0.4), seed=1)
    right, down = drawn(layer, 2000, key="translations").reshape(-1, 2).T
    assert_even(down, -1, 1)
    assert_even(right, 4, 8)
    assert abs(np.corrcoef(right, down)[0, 1]) < 0.1


def test_contrasts():
    contrasts = drawn(layers.RandomContrast((0.2, 0.6), seed=1), 2000, key="contrast_factor")
    assert_even(contrasts, 0.8, 1.6)
    # As in Keras a number is the upper bound alone.
    assert layers.RandomContrast(0.5).factor == (0, 0.5)
    assert_even(drawn(layers.RandomContrast(0.5), 2000, key="contrast_factor"), 1.0, 1.5)


def test_brightnesses():
    deltas = drawn(layers.RandomBrightness(0.5, value_range=(1, 3), seed=1), 2000, key="rgb_delta")
    assert_even(deltas, -1, 1)
    assert_even(drawn(layers.RandomBrightness((0.1, 0.2)), 2000, key="rgb_delta"), 25.5, 51)


def test_windows_are_anywhere():
    layer = layers.RandomCrop(8, 17, seed=1)
    image = np.arange(200.0).reshape(10, 20, 1)
    corners = np.array([layer(image).numpy()[0, 0, 0] for _ in range(600)])
    counts = np.unique(corners, return_counts=True)
    np.testing.assert_array_equal(counts[0], [20 * r + c for r in range(3) for c in range(4)])
    assert stats.chisquare(counts[1]).pvalue > 1e-3


# ---- what is made of it ---------------------------------------------------------


def with_scipy(image, matrix, offset, mode="reflect"):
    """An image of which pixel p is the one at matrix p + offset, rows first."""
    channels = np.moveaxis(image, -1, 0)
    found = [ndimage.affine_transform(c, matrix, offset, order=1, mode=mode) for c in channels]
    return np.stack(found, -1)


def test_an_image_is_turned_against_the_clock_by_its_angle():
    layer = layer_of("RandomRotation")
    transformation = plain(layer.get_random_transformation(IMAGES))
    found = layer.transform_images(IMAGES, transformation).numpy()
    middle = np.array([4.0, 2.5])
    for image, angle, turned in zip(IMAGES, transformation["angle"], found, strict=True):
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        # Rows go down: the place from which a pixel comes is turned with the clock.
        matrix = np.array([[c, s], [-s, c]])
        expected = with_scipy(image, matrix, middle - matrix @ middle)
        np.testing.assert_allclose(turned, expected, atol=1e-3)
    assert transformation["rotation_matrix"].shape == (5, 8)
    assert [transformation[f"image_{k}"] for k in ("height", "width")] == [9, 6]


def test_an_image_is_zoomed_around_its_middle():
    layer = layer_of("RandomZoom")
    transformation = plain(layer.get_random_transformation(IMAGES))
    found = layer.transform_images(IMAGES, transformation).numpy()
    middle = np.array([4.0, 2.5])
    for i, image in enumerate(IMAGES):
        zooms = [transformation[key][i, 0] for key in ("height_zoom", "width_zoom")]
        expected = with_scipy(image, np.diag(zooms), middle * (1 - np.array(zooms)))
        np.testing.assert_allclose(found[i], expected, atol=1e-3)


def test_an_image_is_moved_right_and_down():
    layer = layer_of("RandomTranslation", fill_mode="wrap")
    transformation = plain(layer.get_random_transformation(IMAGES))
    found = layer.transform_images(IMAGES, transformation).numpy()
    for i, image in enumerate(IMAGES):
        right, down = transformation["translations"][i]
        expected = with_scipy(image, np.eye(2), [-down, -right], "grid-wrap")
        np.testing.assert_allclose(found[i], expected, atol=1e-3)


# ---- dicts -----------------------------------------------------------------------


@pytest.mark.parametrize("name", [*LAYERS, "Resizing", "CenterCrop"])
def test_a_dict_comes_back_with_other_images(name):
    arguments = LAYERS.get(name, {"height": 4, "width": 4})
    make = getattr(layers, name)
    seed = {"seed": 1} if name in LAYERS else {}
    found = make(**arguments, **seed)({"images": IMAGES, "labels": np.arange(5)})
    expected = make(**arguments, **seed)(IMAGES)
    np.testing.assert_array_equal(found["images"].numpy(), expected.numpy())
    assert found["labels"].numpy().tolist() == [0, 1, 2, 3, 4]
    for data in (
        {"images": IMAGES, "bounding_boxes": np.ones((5, 1, 4))},
        {"images": IMAGES, "segmentation_masks": IMAGES},
        {"labels": np.arange(5)},
    ):
        with pytest.raises(ValueError, match="Bounding boxes and segmentation masks are not supp"):
            make(**arguments)(data)
    with pytest.raises(ValueError, match="Bounding boxes are not supported"):
        make(**arguments, bounding_box_format="xyxy")


@pytest.mark.parametrize("name", [*LAYERS, "Resizing", "CenterCrop"])
def test_other_ranks_raise(name):
    layer = getattr(layers, name)(**LAYERS.get(name, {"height": 4, "width": 4}))
    for shape in ((3, 3), (2, 3, 3, 3, 3)):
        with pytest.raises(ValueError, match="Expected image tensor to have rank 3"):
            layer(np.ones(shape))


@pytest.mark.parametrize("name", ["Resizing", "CenterCrop", "RandomCrop"])
def test_sizes_are_positive(name):
    for wrong in (0, -1, 2.5, "a", None, True):
        for size in ((wrong, 3), (3, wrong)):
            with pytest.raises(ValueError, match="must be positive integers"):
                getattr(layers, name)(*size)
    with pytest.raises(ValueError, match="must be a non-nested tuple or list of rank-1"):
        getattr(layers, name)(3, 3).compute_output_shape([(3, 3, 3)])


def test_a_mode_that_is_not_known_raises():
    with pytest.raises(ValueError, match="Unknown `mode`"):
        layers.RandomFlip("sideways")


def test_bytes_stay_in_range():
    image = np.array([0, 255, 0, 255, 255], "uint8").reshape(1, 5, 1)
    found = layers.Resizing(1, 9, interpolation="lanczos3")(image).numpy()
    assert found.dtype == "int32" and found.min() == 0 and found.max() == 255
    assert (
        layers.Resizing(1, 9, interpolation="lanczos3")(image.astype("int32")).numpy().max() > 255
    )


# ---- in models ---------------------------------------------------------------------


def augmented(batches):
    """A model that augments, and keeps what it has made."""

    class Kept(layers.Layer):
        def build(self, input_shape):
            self.seen = self.add_weight((8, *input_shape[1:]), trainable=False)

        def call(self, inputs, training=None):
            if training:
                self.seen.assign(inputs)
            return inputs

    kept = Kept()
    model = kerasette.Sequential(
        [
            kerasette.Input((8, 8, 3)),
            layers.RandomFlip(seed=1),
            layers.RandomRotation(0.1, seed=2),
            layers.RandomZoom(0.2, seed=3),
            layers.RandomTranslation(0.1, 0.1, fill_mode="constant", seed=4),
            layers.RandomContrast((0.2, 0.2), (-9, 9), seed=5),
            layers.RandomBrightness(0.1, (-9, 9), seed=6),
            kept,
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    x = np.tile(np.random.default_rng(1).normal(size=(1, 8, 8, 3)), (8, 1, 1, 1))
    seen = []
    after_batch = kerasette.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(kept.seen.numpy())
    )
    data = (np.tile(x, (batches, 1, 1, 1)).astype("float32"), np.ones((8 * batches, 1)))
    model.fit(*data, batch_size=8, verbose=0, callbacks=[after_batch])
    return model, seen, x.astype("float32")


def test_each_step_draws_anew_and_a_seed_repeats_it():
    kerasette.utils.set_random_seed(0)
    model, seen, x = augmented(6)
    assert model.replayed_steps >= 4
    images = np.concatenate(seen)
    assert len({image.tobytes() for image in images}) == 48
    kerasette.utils.set_random_seed(0)
    for a, b in zip(seen, augmented(6)[1], strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(model.predict(x, verbose=0), model(x, training=False).numpy())
    assert np.ptp(model.predict(x, verbose=0)) < 1e-6


def test_any_number_of_threads_gives_the_same_bits():
    before = kerasette.config.get_num_threads()
    found = []
    try:
        for n in (1, 2, 3):
            kerasette.config.set_num_threads(n)
            images = np.random.default_rng(0).normal(size=(33, 40, 41, 3)).astype("float32")
            for name in LAYERS:
                layer = layer_of(name)
                x = ops.convert_to_tensor(images)
                with kerasette.GradientTape() as tape:
                    tape.watch(x)
                    y = layer(x)
                found.append((y.numpy().tobytes(), tape.gradient(y, x).numpy().tobytes()))
    finally:
        kerasette.config.set_num_threads(before)
    n = len(LAYERS)
    assert found[:n] == found[n : 2 * n] == found[2 * n :]


def test_a_pipeline_augments_in_training_alone():
    steps = layers.Pipeline([layers.Resizing(8, 8), layers.RandomFlip(seed=1)])
    still = layers.Resizing(8, 8)(IMAGES).numpy()
    np.testing.assert_array_equal(steps(IMAGES, training=False).numpy(), still)
    assert differ([steps(IMAGES).numpy() for _ in range(3)], [still] * 3)


def test_a_window_drawn_in_training_passes_whole_otherwise():
    layer = layers.RandomCrop(4, 4)
    assert layer(IMAGES).shape == (5, 4, 4, 2)
    np.testing.assert_array_equal(layer(IMAGES, training=False).numpy(), IMAGES)
