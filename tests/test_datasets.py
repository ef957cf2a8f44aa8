"""The cache of data sets; no test reaches for the network."""

import gzip
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from kerasette.datasets import babi, cache, imdb_reviews, mnist, shakespeare

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


def test_a_home_that_cannot_be_written_gives_way_to_a_temporary_one(tmp_path, monkeypatch, url):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "tmp"))
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("KERASETTE_HOME", str(tmp_path / "file" / "home"))
    place = tmp_path / "tmp" / ".kerasette" / "datasets" / "data.bin"
    with pytest.raises(OSError, match="Put the file at") as caught:
        cache.cached_file("data.bin", "file:///does/not/exist", HASH)
    assert str(place) in str(caught.value)
    assert cache.cached_file("data.bin", url, HASH) == place
    # It is found there the next time.
    assert cache.cached_file("data.bin", "file:///does/not/exist", HASH) == place


def test_an_absolute_name_needs_no_home(home, tmp_path, url):
    place = tmp_path / "mine.bin"
    assert cache.cached_file(str(place), url, HASH) == place
    assert not home.exists()


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


def put(home, name, content):
    (home / "datasets").mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8")
    (home / "datasets" / name).write_bytes(gzip.compress(data) if name[-3:] == ".gz" else data)


def test_lines_of_babi_are_read_from_the_cache(home, tmp_path):
    put(home, "babi_qa2_train.txt", "1 Mary went.\n2 Where is Mary? \tgarden\t1\n")
    put(home, "babi_qa2_test.txt", "1 John went.\n")
    lines = (["1 Mary went.", "2 Where is Mary? \tgarden\t1"], ["1 John went."])
    assert babi.load_data(task=2) == lines
    with pytest.raises(FileNotFoundError, match=r"babi_qa1_train\.txt"):
        babi.load_data()
    elsewhere = str(home / "datasets" / "babi_qa{task}_{part}.txt")
    assert babi.load_data(2, path=elsewhere) == lines


def test_shakespeare_is_read_from_the_cache(home):
    put(home, "shakespeare_100k.txt", "To be,\r\nor caf\u00e9\n")
    put(home, "other.txt", "not to be")
    assert shakespeare.load_data() == "To be,\r\nor caf\u00e9\n"
    assert shakespeare.load_data("other.txt") == "not to be"


def test_reviews_are_read_from_the_cache(home):
    put(home, "imdb_train.tsv.gz", "1\tGood\u2028 \tfilm.\r\n0\tBad.\n")
    put(home, "imdb_test.tsv.gz", '0\tNo "comma.\n')
    (texts, labels), test = imdb_reviews.load_data()
    assert texts == ["Good\u2028 \tfilm.\r", "Bad."] and labels.tolist() == [1, 0]
    assert labels.dtype == "uint8"
    assert test[0] == ['No "comma.'] and test[1].tolist() == [0]
    for part in ("train", "test"):
        put(home, f"mine_{part}.gz", "1\tx\n")
    assert imdb_reviews.load_data("mine_{part}.gz")[0][0] == ["x"]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (mnist, "mnist.npz"),
        (babi, "babi_qa1_train.txt"),
        (imdb_reviews, "imdb_train.tsv.gz"),
        (shakespeare, "shakespeare_100k.txt"),
    ],
)
def test_a_broken_file_is_named_with_what_to_do(home, module, name):
    (home / "datasets").mkdir(parents=True)
    path = home / "datasets" / name
    path.write_bytes(b"caf\xe9")
    with pytest.raises(ValueError, match=r"cannot be read.*Remove it") as caught:
        module.load_data()
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("line", ["2\tx", "x", ""])
def test_lines_that_are_no_reviews_are_named(home, line):
    put(home, "imdb_train.tsv.gz", f"1\tx\n{line}\n")
    with pytest.raises(ValueError, match=r"Line 2 of .*imdb_train.tsv.gz is not a label"):
        imdb_reviews.load_data()


@pytest.mark.parametrize(
    ("module", "name", "words"),
    [
        (babi, "babi_qa1_train.txt", "tasks_1-20_v1-1.tar.gz"),
        (imdb_reviews, "imdb_train.tsv.gz", "aclImdb_v1.tar.gz"),
        (shakespeare, "shakespeare_100k.txt", "karpathy"),
    ],
)
def test_what_is_missing_is_named_with_its_source(home, module, name, words):
    with pytest.raises(FileNotFoundError, match=words) as caught:
        module.load_data()
    assert str(home / "datasets" / name) in str(caught.value)
    assert "KERASETTE_HOME" in str(caught.value)


@pytest.mark.skipif(not SHARED.exists(), reason="the data sets are not on this machine")
def test_shakespeare_has_the_characters_of_the_book(monkeypatch):
    monkeypatch.setenv("KERASETTE_HOME", str(SHARED))
    found = shakespeare.load_data()
    assert len(found) == 99_993 and len(set(found)) == 62


@pytest.mark.skipif(not SHARED.exists(), reason="the data sets are not on this machine")
def test_mnist_is_mnist(monkeypatch):
    monkeypatch.setenv("KERASETTE_HOME", str(SHARED))
    (x_train, y_train), (x_test, y_test) = mnist.load_data()
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert x_train.dtype == "uint8"
    assert y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
