"""Pictures in files and folders, against Keras."""

import io
import os
import pathlib
import sys

import image_file_cases as cases
import numpy as np
import pytest
from agreement import golden_arrays
from changes import acts

import kerasette
from kerasette import layers, utils
from kerasette.utils.directories import index_directory
from kerasette.utils.image_dataset import FORMATS

image = pytest.importorskip("PIL.Image")

COVERED = {
    "utils.array_to_img": ("x", "data_format", "scale", "dtype"),
    "utils.img_to_array": ("img", "data_format", "dtype"),
    "utils.save_img": ("path", "x", "data_format", "file_format", "scale"),
    "utils.load_img": (
        "path", "color_mode", "target_size", "interpolation", "keep_aspect_ratio"
    ),
    "utils.image_dataset_from_directory": (
        "directory", "labels", "label_mode", "class_names", "color_mode", "batch_size",
        "image_size", "shuffle", "seed", "validation_split", "subset", "interpolation",
        "follow_links", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "data_format", "format",
        "verbose",
    ),
}  # fmt: skip
COLOR = cases.PICTURES["color"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("pictures"))
    cases.make_folders(path, lambda file, pixels: image.fromarray(pixels).save(file, "png"))
    return path


def dataset_of(folder, **arguments):
    given = {"image_size": (5, 4), "shuffle": False, "verbose": False, **arguments}
    return utils.image_dataset_from_directory(folder, **given)


def assert_same(found, expected, tolerance=0):
    assert list(found) == list(expected)
    for name, value in expected.items():
        assert found[name].shape == value.shape, name
        if value.dtype.kind == "U":
            assert found[name].tolist() == value.tolist(), name
        else:
            np.testing.assert_allclose(found[name], value, rtol=0, atol=tolerance, err_msg=name)


def test_pictures_are_those_of_keras(tmp_path):
    found, expected = cases.of_pictures(kerasette, tmp_path), golden_arrays("image_files.npz")
    assert_same(found, expected)
    assert [a.dtype for a in found.values()] == [a.dtype for a in expected.values()]


def test_data_sets_are_those_of_keras(folder):
    found, expected = cases.of_datasets(kerasette, folder), golden_arrays("image_datasets.npz")
    expected = {key: value for key, value in expected.items() if "shuffled" not in key}
    for name, dtype in (("plain_x_0", "float32"), ("plain_y_0", "int32"), ("gray_x_0", "float32"),
                        ("categorical_y_0", "float32"), ("binary_y_0", "float32")):  # fmt: skip
        assert found[name].dtype == expected[name].dtype == dtype
    # TensorFlow has the bicubic kernel in a table, and another grey; nearest pixels stay bytes.
    for name, tolerance in (("bicubic", 0.2), ("gray", 1.01)):
        chosen = {key for key in expected if key.startswith(f"{name}_x")}
        assert chosen
        assert_same(
            {key: found.pop(key) for key in chosen}, {key: expected.pop(key) for key in chosen},
            tolerance,
        )  # fmt: skip
    assert_same(found, expected, 1e-3)


def test_orders_are_those_of_keras(folder):
    expected = golden_arrays("image_datasets.npz")
    expected = {key: value for key, value in expected.items() if "shuffled" in key}
    assert_same(cases.of_indices(index_directory, FORMATS, folder), expected)


# ---- arguments and errors of the functions for pictures --------------------------


def saved(**arguments):
    """The bytes of a picture."""
    file = io.BytesIO()
    given = {"x": COLOR, "file_format": "png", **arguments}
    utils.save_img(file, **given)
    return [file.getvalue()[:1000].hex()]


def pixels(function):
    return lambda **arguments: np.asarray(function(**arguments))


def test_every_argument_has_an_effect(tmp_path):
    path, other = tmp_path / "a.png", tmp_path / "b.png"
    utils.save_img(path, COLOR)
    utils.save_img(str(other), COLOR[::-1])
    array, given = pixels(utils.array_to_img), {"x": COLOR}
    tall = {"x": COLOR[:, :3], "data_format": "channels_last"}
    assert acts(array, "x", COLOR[::-1], given) and acts(array, "scale", False, given)
    assert acts(array, "data_format", "channels_first", tall)
    assert acts(
        array, "dtype", "int32", {"x": np.array([[[0.4], [100.9], [200.6]]]), "scale": True}
    )
    img = {"img": utils.load_img(path)}
    for name, value in (("data_format", "channels_first"), ("dtype", "int32")):
        assert acts(utils.img_to_array, name, value, img)
    assert acts(utils.img_to_array, "img", utils.load_img(other), img)
    for name, value in (("x", COLOR[::-1]), ("file_format", "bmp"), ("scale", False)):
        assert acts(saved, name, value)
    assert acts(saved, "data_format", "channels_first", {"x": COLOR[:, :3]})
    assert acts(saved, "compress_level", 0)
    sized = {"path": path, "target_size": (3, 3), "interpolation": "bilinear"}
    load = pixels(utils.load_img)
    assert acts(load, "path", other, sized)
    for name, value in (
        ("color_mode", "rgba"),
        ("target_size", None),
        ("interpolation", "box"),
        ("keep_aspect_ratio", True),
    ):
        assert acts(load, name, value, sized)


def test_every_argument_of_data_sets_has_an_effect(folder, tmp_path):
    def observed(directory=folder, **arguments):
        dataset = dataset_of(directory, **arguments)
        if isinstance(dataset, list):
            return "two"
        batches = [b if isinstance(b, tuple) else (b,) for b in (*dataset, *dataset)]
        return [dataset.class_names, dataset.file_paths, batches]

    smaller = tmp_path / "smaller"
    cases.make_folders(smaller, lambda file, pixels: image.fromarray(pixels).save(file, "png"))
    (smaller / "cats" / "0.png").unlink()
    (smaller / "cats" / "linked").symlink_to(smaller / "birds")
    assert acts(observed, "directory", smaller)
    assert acts(observed, "follow_links", True, {"directory": smaller})
    for name, value in (
        ("labels", None),
        ("label_mode", "categorical"),
        ("class_names", ["cats"]),
        ("color_mode", "rgba"),
        ("batch_size", 2),
        ("image_size", (3, 3)),
        ("shuffle", True),
        ("interpolation", "nearest"),
        ("crop_to_aspect_ratio", True),
        ("pad_to_aspect_ratio", True),
        ("data_format", "channels_first"),
        ("format", "tf"),
    ):
        assert acts(observed, name, value), name
    assert acts(observed, "seed", 2, {"shuffle": True, "seed": 1})
    split = {"validation_split": 0.3, "subset": "training"}
    assert acts(observed, "validation_split", 0.6, split)
    for subset in ("validation", "both"):
        assert acts(observed, "subset", subset, split)


def test_what_is_found_is_said(folder, capsys):
    dataset_of(folder, verbose=True)
    assert capsys.readouterr().out == "Found 6 files belonging to 3 classes.\n"
    dataset_of(folder, verbose=True, labels=None)
    assert capsys.readouterr().out == "Found 7 files.\n"
    dataset_of(folder, validation_split=0.25, subset="both")
    out = "Using 5 files for training.\nUsing 1 files for validation.\n"
    assert capsys.readouterr().out == out


def test_errors_of_pictures(tmp_path):
    wrong = np.zeros((2, 3))
    with pytest.raises(
        ValueError, match=r"rank 3 \(single image\). Got array with shape: \(2, 3\)"
    ):
        utils.array_to_img(wrong)
    with pytest.raises(ValueError, match="Unsupported channel number: 2"):
        utils.array_to_img(np.zeros((2, 3, 2)))
    with pytest.raises(ValueError, match=r"Unsupported image shape: \(3,\)"):
        utils.img_to_array(np.zeros(3))
    for function in (utils.array_to_img, utils.img_to_array):
        with pytest.raises(ValueError, match="`data_format` argument must be one of"):
            function(np.zeros((2, 3, 3)), data_format="first")
    path = tmp_path / "a.png"
    utils.save_img(path, COLOR)
    with pytest.raises(
        TypeError, match=r"path should be path-like or io\.BytesIO, not <class 'int'>"
    ):
        utils.load_img(3)
    with pytest.raises(ValueError, match='color_mode must be "grayscale", "rgb", or "rgba"'):
        utils.load_img(path, color_mode="bgr")
    with pytest.raises(ValueError, match="Invalid interpolation method cubic specified"):
        utils.load_img(path, target_size=(2, 2), interpolation="cubic")
    for size in ((0, 2), (2, -1), (2.5, 2), (2,), 5, "a", (True, 2)):
        with pytest.raises(ValueError, match="`target_size` must be a tuple of 2 positive int"):
            utils.load_img(path, target_size=size)
    for arguments in ({"path": tmp_path / "a.xyz"}, {"path": path, "file_format": 1}):
        with pytest.raises(ValueError, match=r"`file_format`.* must be one of .*'jpeg'.*'png'"):
            utils.save_img(**arguments, x=COLOR)
    assert not (tmp_path / "a.xyz").exists()
    with pytest.raises(FileNotFoundError):
        utils.load_img(tmp_path / "none.png")


def test_kinds_of_paths(tmp_path):
    path = pathlib.Path(tmp_path, "a.jpg")
    with pytest.warns(UserWarning, match="JPEG format does not support RGBA images"):
        utils.save_img(path, cases.PICTURES["clear"])
    sizes = {
        utils.load_img(one).size
        for one in (path, str(path), os.fsencode(path), io.BytesIO(path.read_bytes()))
    }
    assert sizes == {(7, 5)}
    assert utils.load_img(path).mode == "RGB"
    with image.open(path) as img:
        assert img.format == "JPEG"


def test_without_pillow_its_extra_is_named(monkeypatch, folder):
    monkeypatch.setitem(sys.modules, "PIL", None)
    for function, arguments in (
        (utils.array_to_img, (COLOR,)),
        (utils.save_img, ("a.png", COLOR)),
        (utils.load_img, ("a.png",)),
        (utils.image_dataset_from_directory, (folder,)),
    ):
        with pytest.raises(ImportError, match=r"requires Pillow: `pip install kerasette\[image\]`"):
            function(*arguments)
    assert utils.img_to_array(COLOR).shape == COLOR.shape


def test_the_old_places():
    from kerasette import preprocessing

    assert preprocessing.image.load_img is utils.load_img
    assert preprocessing.image_dataset_from_directory is utils.image_dataset_from_directory


# ---- data sets -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"labels": "given"}, "`labels` argument should be a list/tuple of integer labels"),
        ({"labels": np.zeros(3)}, "`labels` argument should be a list/tuple of integer labels"),
        ({"labels": [1], "class_names": ["cats"]}, "You can only pass `class_names` if"),
        ({"labels": [1, 2]}, "Expected the lengths of `labels` to match the number of files"),
        ({"labels": None, "class_names": ["cats"]}, "When `labels=None`"),
        ({"label_mode": "one_hot"}, "`label_mode` argument must be one of"),
        ({"label_mode": "binary"}, "there must be exactly 2 class_names"),
        ({"class_names": ["cats", "mice"]}, "did not match the names of the subdirectories"),
        ({"color_mode": "bgr"}, "`color_mode` must be one of"),
        ({"image_size": (1, 2, 3)}, "Invalid `image_size` value"),
        ({"image_size": (-3, 4)}, "Expected a tuple of 2 integers, which are positive"),
        ({"image_size": (2.5, 4)}, "Invalid `image_size` value"),
        ({"image_size": (0, 4)}, "Invalid `image_size` value"),
        ({"image_size": True}, "Invalid `image_size` value. .* image_size=True"),
        ({"interpolation": "cubic"}, "Argument `interpolation` should be one of"),
        ({"interpolation": None}, "Argument `interpolation` should be one of"),
        ({"format": "grain"}, "`format` must be 'py_dataset'"),
        ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "Only one of"),
        ({"validation_split": 2}, "`validation_split` must be between 0 and 1"),
        ({"validation_split": 0.2}, "If `subset` is set, `validation_split` must be set"),
        ({"subset": "training"}, "If `subset` is set, `validation_split` must be set"),
        ({"validation_split": 0.2, "subset": "test"}, '`subset` must be either "training"'),
        (
            {"validation_split": 0.2, "subset": "training", "shuffle": True},
            "you must provide a `seed` argument",
        ),
        ({"validation_split": 0.01, "subset": "both"}, "No validation images found"),
        ({"data_format": "first"}, "`data_format` argument must be one of"),
    ],
)
def test_errors_of_data_sets(folder, arguments, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        dataset_of(folder, **arguments)


def test_a_folder_without_pictures(tmp_path):
    with pytest.raises(ValueError, match=r"No images found in directory .*\. Allowed formats"):
        dataset_of(tmp_path)


def test_a_file_that_is_no_picture_is_named(tmp_path):
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "0.png").write_text("no picture")
    with pytest.raises(OSError, match="cannot identify") as caught:
        dataset_of(tmp_path)[0]
    assert any("0.png" in note for note in caught.value.__notes__)


def test_each_pass_has_another_order_and_a_seed_repeats_it(folder):
    passes = []
    for seed in (1, 1, 2):
        data = dataset_of(folder, shuffle=True, seed=seed, batch_size=2)
        passes.append([[label for _, y in data for label in y.tolist()] for _ in range(4)])
    assert passes[0] == passes[1] != passes[2]
    assert len(set(map(tuple, passes[0]))) > 1
    assert {tuple(sorted(labels)) for labels in passes[0]} == {(0, 1, 1, 1, 2, 2)}


def test_pictures_and_labels_belong_together(folder):
    data = dataset_of(folder, shuffle=True, seed=1, batch_size=4, image_size=(9, 9))
    expected = {}
    still = dataset_of(folder, image_size=(9, 9), batch_size=None)
    for picture, label in still:
        expected[picture.tobytes()] = label
    for _ in range(2):
        for pictures, labels in data:
            assert [expected[picture.tobytes()] for picture in pictures] == labels.tolist()
    with pytest.raises(IndexError, match="There are 2 batches"):
        data[3]


def fitted(folder, workers):
    """Losses of a fit on pictures in folders, and predictions."""
    kerasette.utils.set_random_seed(1)
    train, validation = dataset_of(
        folder, validation_split=0.3, subset="both", seed=1, shuffle=True, batch_size=2
    )
    train.workers = validation.workers = workers
    model = kerasette.Sequential(
        [
            kerasette.Input((5, 4, 3)),
            layers.RandomFlip("horizontal", seed=1),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(train, validation_data=validation, epochs=3, verbose=0).history
    return history, model.predict(validation, verbose=0).tolist()


def test_workers_change_nothing(folder):
    history, predictions = fitted(folder, 1)
    assert np.isfinite(history["val_loss"]).all() and np.shape(predictions) == (1, 3)
    assert fitted(folder, 2) == (history, predictions)
