"""Pictures: what lies on the axes, not how it looks."""

import subprocess
import sys

import numpy as np
import pytest
from changes import assert_every_parameter_has_a_row

import kerasette

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402

CURVES = {"accuracy": [0.1, 0.2], "loss": [3.0, 2.0], "val_loss": [4.0, 5.0], "val_only": [1, 2]}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def lines(ax):
    """Label, style, epochs and values of each curve."""
    return [
        (line.get_label(), line.get_linestyle(), *(data.tolist() for data in line.get_data()))
        for line in ax.get_lines()
    ]


def test_a_history_has_an_axes_for_each_metric():
    axes = kerasette.plot.history(CURVES)
    assert [lines(ax) for ax in axes] == [
        [("accuracy", "-", [1, 2], [0.1, 0.2])],
        [("loss", "-", [1, 2], [3.0, 2.0]), ("val_loss", "--", [1, 2], [4.0, 5.0])],
        [("val_only", "-", [1, 2], [1.0, 2.0])],
    ]
    training, validation = axes[1].get_lines()
    assert training.get_color() == validation.get_color()
    assert [text.get_text() for text in axes[1].get_legend().get_texts()] == ["loss", "val_loss"]
    assert axes[0].get_xlabel() == "epoch"
    axes[0].figure.canvas.draw()


def test_metrics_are_chosen_by_name():
    (ax,) = kerasette.plot.history(CURVES, metrics="loss")
    assert [label for label, *_ in lines(ax)] == ["loss", "val_loss"]
    axes = kerasette.plot.history(CURVES, metrics=["loss", "val_loss"])
    assert [[label for label, *_ in lines(ax)] for ax in axes] == [["loss"], ["val_loss"]]


def test_curves_go_onto_axes_that_are_there():
    _, ax = plt.subplots()
    axes = kerasette.plot.history(CURVES, metrics=["accuracy", "loss"], ax=ax)
    assert axes == [ax, ax] and len(lines(ax)) == 3
    _, grid = plt.subplots(2, 1)
    assert kerasette.plot.history(CURVES, ["loss", "accuracy"], grid) == list(grid)
    assert [label for label, *_ in lines(grid[1])] == ["accuracy"]
    assert len(plt.get_fignums()) == 2


def test_a_history_of_a_fit_knows_its_epochs():
    x = np.zeros((4, 2))
    model = kerasette.Sequential([kerasette.Input((2,)), kerasette.layers.Dense(1)])
    model.compile("sgd", "mse")
    found = model.fit(
        x, x[:, :1], epochs=7, initial_epoch=2, verbose=0,
        validation_data=(x, x[:, :1]), validation_freq=3,
    )  # fmt: skip
    (ax,) = kerasette.plot.history(found)
    assert [(label, epochs) for label, _, epochs, _ in lines(ax)] == [
        ("loss", [3, 4, 5, 6, 7]),
        ("val_loss", [3, 6]),
    ]


HISTORY_ERRORS = [
    ({"history": {}}, ValueError, "history is empty"),
    ({"history": [1.0, 2.0]}, TypeError, "what `fit` returns"),
    ({"history": None}, TypeError, "what `fit` returns"),
    ({"history": {"loss": [1.0, 2.0], "val_loss": [1.0]}}, ValueError, "differ in length"),
    ({"history": CURVES, "metrics": ["mae"]}, ValueError, "must be among"),
    ({"history": CURVES, "metrics": []}, ValueError, "must be among"),
    ({"history": CURVES, "ax": [None, None]}, ValueError, "one Axes, or 3 of them"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), HISTORY_ERRORS)
def test_what_is_no_history_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        kerasette.plot.history(**arguments)
    assert not plt.get_fignums()


def test_the_kernel_of_a_layer_is_tiles():
    layer = kerasette.layers.Dense(5)
    layer.build((None, 6))
    kernel = layer.get_weights()[0]
    ax = kerasette.plot.weights(layer, shape=(2, 3))
    (image,) = ax.images
    picture = image.get_array().filled(np.nan)
    assert picture.shape == (2 * 2 + 1, 3 * 3 + 2)
    for unit in range(5):
        top, left = unit // 3 * 3, unit % 3 * 4
        tile = picture[top : top + 2, left : left + 3]
        np.testing.assert_array_equal(tile, kernel[:, unit].reshape(2, 3))
    assert np.isnan(picture[2]).all() and np.isnan(picture[:, 3]).all()
    assert np.isnan(picture[3:, 8:]).all()
    assert image.get_clim() == (-np.abs(kernel).max(), np.abs(kernel).max())
    ax.figure.canvas.draw()


@pytest.mark.parametrize("kind", [np.asarray, kerasette.ops.convert_to_tensor, kerasette.Variable])
def test_a_matrix_is_an_image(kind):
    matrix = np.arange(12, dtype="float32").reshape(3, 4)
    (image,) = kerasette.plot.weights(kind(matrix)).images
    np.testing.assert_array_equal(image.get_array(), matrix)


def test_images_of_more_axes_are_tiles():
    array = np.arange(24.0).reshape(2, 3, 2, 2)
    (image,) = kerasette.plot.weights(array, columns=4).images
    picture = image.get_array().filled(np.nan)
    assert picture.shape == (2, 15)
    np.testing.assert_array_equal(picture[:, 4:7], array[:, :, 0, 1])
    np.testing.assert_array_equal(picture[:, 8:11], array[:, :, 1, 0])


def test_zeros_are_drawn():
    (image,) = kerasette.plot.weights(np.zeros((2, 2))).images
    assert image.get_clim() == (-1, 1)


WEIGHT_ERRORS = [
    ({"weights": np.zeros(3)}, "make no images"),
    ({"weights": np.zeros((0, 3))}, "make no images"),
    ({"weights": np.zeros((6, 3)), "shape": (2, 2)}, "whose product is 6"),
    ({"weights": np.zeros((6, 3)), "shape": (6,)}, "whose product is 6"),
    ({"weights": np.zeros((6, 3)), "shape": 6}, "whose product is 6.* Received: shape=6"),
    ({"weights": np.zeros((6, 3)), "shape": "23"}, "whose product is 6.* Received: shape='23'"),
    ({"weights": np.zeros((6, 3)), "shape": (-2, -3)}, "whose product is 6"),
    ({"weights": np.zeros((6, 3)), "shape": (1.5, 4)}, "whose product is 6"),
    ({"weights": np.zeros((2, 3, 4)), "shape": (2, 3)}, "for weights of shape"),
    ({"weights": np.zeros((6, 3)), "columns": 0}, "positive integer"),
    ({"weights": np.zeros((6, 3)), "columns": 1.5}, "positive integer"),
    ({"weights": kerasette.layers.Dense(3)}, "no weights, or is not built"),
]


@pytest.mark.parametrize(("arguments", "message"), WEIGHT_ERRORS)
def test_what_makes_no_image_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        kerasette.plot.weights(**arguments)
    assert not plt.get_fignums()


def picture(**arguments):
    array = np.arange(24.0).reshape(6, 4)
    ax = kerasette.plot.weights(**{"weights": array, "shape": (3, 2), **arguments})
    return ax.images[-1].get_array().filled(np.nan).tolist(), ax.figure.number


def test_each_argument_acts():
    rows = {"weights": np.ones((6, 4)), "shape": (2, 3), "columns": 1, "ax": None}
    rows["ax"] = plt.subplots()[1]
    assert_every_parameter_has_a_row(kerasette.plot.weights, rows)
    number = rows["ax"].figure.number
    for name, value in rows.items():
        (before, _), (after, drawn) = picture(), picture(**{name: value})
        assert drawn == number if name == "ax" else repr(before) != repr(after), name
    # Tested above, each in a test of its own.
    assert_every_parameter_has_a_row(kerasette.plot.history, {"history", "metrics", "ax"})


def test_an_error_names_the_extra_where_matplotlib_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install kerasette\[plot\]"):
        kerasette.plot.history(CURVES)
    with pytest.raises(ImportError, match=r"pip install kerasette\[plot\]"):
        kerasette.plot.weights(np.zeros((2, 2)))


def test_importing_it_imports_no_matplotlib():
    code = "import sys, kerasette.plot; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
