"""Data sets of windows of series and of texts in folders, against Keras."""

import pathlib

import dataset_cases as cases
import numpy as np
import pytest
from agreement import golden_arrays
from changes import acts

import kerasette
from kerasette import layers, utils

COVERED = {
    "utils.text_dataset_from_directory": (
        "directory", "labels", "label_mode", "class_names", "batch_size", "max_length", "shuffle",
        "seed", "validation_split", "subset", "follow_links", "format", "verbose",
    ),
    "utils.timeseries_dataset_from_array": (
        "data", "targets", "sequence_length", "sequence_stride", "sampling_rate", "batch_size",
        "shuffle", "seed", "start_index", "end_index", "format",
    ),
}  # fmt: skip
EXPECTED = golden_arrays("datasets.npz")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("texts")
    cases.make_folders(path)
    return path


def windows(**arguments):
    given = {"data": cases.SERIES, "targets": cases.TARGETS, "sequence_length": 3}
    return utils.timeseries_dataset_from_array(**{**given, **arguments})


def texts(folder, **arguments):
    given = {"shuffle": False, "verbose": False, **arguments}
    return utils.text_dataset_from_directory(folder, **given)


def test_data_sets_are_those_of_keras(folder):
    found = {**cases.of_series(kerasette), **cases.of_texts(kerasette, folder)}
    assert list(found) == list(EXPECTED)
    for name, expected in EXPECTED.items():
        np.testing.assert_array_equal(found[name], expected, err_msg=name)
        if expected.dtype.kind != "U":
            assert found[name].dtype == expected.dtype, name


def batches_of(dataset):
    """All that two epochs give."""
    return [b if isinstance(b, tuple) else (b,) for b in (*dataset, *dataset)]


def test_every_argument_of_windows_has_an_effect():
    def observed(**arguments):
        return batches_of(windows(**arguments))

    for name, value in (
        ("data", cases.SERIES + 1),
        ("targets", None),
        ("sequence_length", 4),
        ("sequence_stride", 2),
        ("sampling_rate", 2),
        ("batch_size", 4),
        ("shuffle", True),
        ("start_index", 2),
        ("end_index", 9),
        ("format", "tf"),
    ):
        assert acts(observed, name, value), name
    assert acts(observed, "seed", 2, {"shuffle": True, "seed": 1})


def test_every_argument_of_texts_has_an_effect(folder, tmp_path):
    def observed(directory=folder, **arguments):
        dataset = texts(directory, **arguments)
        if isinstance(dataset, list):
            return "two"
        found = [[part.tolist() for part in batch] for batch in batches_of(dataset)]
        return [dataset.class_names, [str(path) for path in dataset.file_paths], str(found)]

    cases.make_folders(tmp_path / "other")
    (tmp_path / "other" / "bad" / "linked").symlink_to(tmp_path / "other" / "good")
    assert acts(observed, "directory", tmp_path / "other")
    assert acts(observed, "follow_links", True, {"directory": tmp_path / "other"})
    for name, value in (
        ("labels", None),
        ("label_mode", "categorical"),
        ("class_names", ["good"]),
        ("batch_size", 2),
        ("max_length", 3),
        ("shuffle", True),
        ("format", "grain"),
    ):
        assert acts(observed, name, value), name
    assert acts(observed, "seed", 2, {"shuffle": True, "seed": 1})
    split = {"validation_split": 0.3, "subset": "training"}
    assert acts(observed, "validation_split", 0.6, split)
    for subset in ("validation", "both"):
        assert acts(observed, "subset", subset, split)


def test_what_is_found_is_said(folder, capsys):
    texts(folder, verbose=True)
    assert capsys.readouterr().out == "Found 6 files belonging to 3 classes.\n"


def test_shuffled_windows_come_once_each_with_their_targets_in_a_new_order():
    data = windows(shuffle=True, seed=1, batch_size=4)
    assert len(data) == 5
    orders = []
    for _ in range(2):
        parts = list(data)
        x, y = (np.concatenate([part[i] for part in parts]) for i in range(2))
        np.testing.assert_array_equal(x[:, 0, 0] / 3 + 100, y)
        assert sorted(y.tolist()) == list(range(100, 118))
        orders.append(y.tolist())
    assert orders[0] != orders[1] != sorted(orders[1])
    again = windows(shuffle=True, seed=1, batch_size=4)
    assert [y.tolist() for _, y in again] == [orders[0][i : i + 4] for i in range(0, 18, 4)]


def test_a_model_learns_from_windows():
    series = np.sin(np.arange(300) / 5).astype("float32")[:, None]
    data = utils.timeseries_dataset_from_array(series[:-10], series[10:], 10, shuffle=True, seed=1)
    kerasette.utils.set_random_seed(1)
    model = kerasette.Sequential(
        [kerasette.Input((10, 1)), layers.Bidirectional(layers.SimpleRNN(8)), layers.Dense(1)]
    )
    model.compile(kerasette.optimizers.Adam(0.02), "mse")
    losses = model.fit(data, epochs=15, verbose=0).history["loss"]
    assert losses[-1] < 0.05 * losses[0]
    assert model.predict(data, verbose=0).shape == (281, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"start_index": -1}, "`start_index` must be 0 or greater"),
        ({"start_index": 20}, "`start_index` must be lower than the length of the data"),
        ({"start_index": 5, "end_index": 5}, "`end_index` must be higher than `start_index`"),
        ({"end_index": 20}, "`end_index` must be lower than the length of the data"),
        ({"end_index": -3}, "`end_index` must be higher than 0"),
        ({"end_index": 0}, "`end_index` must be higher than 0"),
        ({"sampling_rate": 0}, "`sampling_rate` must be higher than 0"),
        ({"sampling_rate": 20}, "`sampling_rate` must be lower than the length of the data"),
        ({"sequence_stride": -1}, "`sequence_stride` must be higher than 0"),
        ({"sequence_stride": 30}, "`sequence_stride` must be lower than the length"),
        ({"sampling_rate": 1.5}, "`sampling_rate` must be an integer"),
        ({"sequence_stride": True}, "`sequence_stride` must be an integer"),
        ({"sequence_length": 0}, "`sequence_length` must be a positive integer"),
        ({"sequence_length": 30}, "No window fits: .*sequence_length=30 spans 30 steps.* 20 steps"),
        ({"sequence_length": 8, "sampling_rate": 3}, "No window fits: .* spans 22 steps"),
        ({"targets": []}, "No window fits: .*20 steps and 0 targets"),
        ({"data": None}, "`data` must be an array, by steps. Received: data=None"),
        ({"targets": 5}, "`targets` must be an array, by steps. Received: targets=5"),
        ({"start_index": "3"}, "`start_index` must be an integer or None"),
        ({"start_index": 1.5}, "`start_index` must be an integer or None"),
        ({"end_index": True}, "`end_index` must be an integer or None"),
        ({"shuffle": "yes"}, "`shuffle` must be True or False"),
        ({"shuffle": True, "seed": -1}, "`seed` must be None or an integer in"),
        ({"seed": "a"}, "`seed` must be None or an integer in"),
        ({"format": "tf"}, "`format` must be 'py_dataset'"),
    ],
)
def test_errors_of_windows(arguments, words):
    with pytest.raises(ValueError, match=words):
        windows(**arguments)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"labels": "given"}, "a list/tuple of integer labels.*number of text files"),
        ({"labels": [1], "class_names": ["bad"]}, "You can only pass `class_names` if"),
        ({"labels": [1, 2]}, "Expected the lengths of `labels` to match the number of files"),
        ({"label_mode": "one_hot"}, "`label_mode` argument must be one of"),
        ({"label_mode": "binary"}, "there must be exactly 2 class_names"),
        ({"validation_split": 0.2}, "If `subset` is set, `validation_split` must be set"),
        ({"max_length": -1}, "`max_length` must be a number of characters"),
        ({"format": "tf"}, "`format` must be 'py_dataset'"),
    ],
)
def test_errors_of_texts(folder, arguments, words):
    with pytest.raises(ValueError, match=words):
        texts(folder, **arguments)


def test_a_folder_without_texts(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match=r"No text files found in directory.*format: \.txt"):
        texts(tmp_path)


def test_a_file_that_is_no_text(tmp_path):
    pathlib.Path(tmp_path, "a.txt").write_bytes(b"caf\xe9")
    with pytest.raises(UnicodeDecodeError) as caught:
        texts(tmp_path, labels=None)[0]
    assert "a.txt" in caught.value.__notes__[0]
    with pytest.raises(IndexError, match=r"There are 1 batches\. Received: index=1"):
        texts(tmp_path, labels=None)[1]


def test_the_old_places():
    from kerasette import preprocessing

    for name in ("text_dataset_from_directory", "timeseries_dataset_from_array"):
        assert getattr(preprocessing, name) is getattr(utils, name)


@pytest.mark.parametrize("batch_size", [0, -1, 1.5, True, "a"])
def test_batches_have_a_size(batch_size):
    with pytest.raises(ValueError, match="`batch_size` must be a positive integer"):
        windows(batch_size=batch_size)
