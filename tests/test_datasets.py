"""The cache of data sets; no test reaches for the network."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from kerasette.datasets import cache, mnist

SHARED = Path(__file__).parents[2] / "shared" / "data"
CONTENT = b"some data"
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASETTE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def url(tmp_path):
    (tmp_path / "source").write_bytes(CONTENT)
    return (tmp_path / "source").as_uri()


def test_a_download_lands_in_the_layout_of_keras(home, url):
    path = cache.cached_file("data.bin", url, HASH)
    assert path == home / "datasets" / "data.bin"
    assert path.read_bytes() == CONTENT


def test_a_file_that_is_there_is_not_downloaded(home):
    (home / "datasets").mkdir(parents=True)
    (home / "datasets" / "data.bin").write_bytes(b"mine")
    path = cache.cached_file("data.bin", "file:///does/not/exist", HASH)
    assert path.read_bytes() == b"mine"


def test_a_wrong_hash_leaves_nothing_behind(home, url):
    with pytest.raises(ValueError, match="sha256"):
        cache.cached_file("data.bin", url, "0" * 64)
    assert os.listdir(home / "datasets") == []


def test_a_failed_download_says_where_to_put_the_file(home):
    with pytest.raises(OSError, match=r"KERASETTE_HOME") as caught:
        cache.cached_file("data.bin", "file:///does/not/exist", HASH)
    assert str(home / "datasets" / "data.bin") in str(caught.value)
    assert os.listdir(home / "datasets") == []


def test_the_default_home_is_in_the_users_folder(monkeypatch):
    monkeypatch.delenv("KERASETTE_HOME", raising=False)
    assert cache.home() == Path.home() / ".kerasette"


def test_mnist_is_read_from_the_cache(home):
    (home / "datasets").mkdir(parents=True)
    names = ("x_train", "y_train", "x_test", "y_test")
    arrays = {name: np.full((3, 2), i, "uint8") for i, name in enumerate(names)}
    np.savez(home / "datasets" / "mnist.npz", **arrays)
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    for name, found in zip(names, (x_train, y_train, x_test, y_test)):
        np.testing.assert_array_equal(found, arrays[name])


@pytest.mark.skipif(not SHARED.exists(), reason="the data sets are not on this machine")
def test_mnist_is_mnist(monkeypatch):
    monkeypatch.setenv("KERASETTE_HOME", str(SHARED))
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert x_train.dtype == "uint8"
    assert y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
