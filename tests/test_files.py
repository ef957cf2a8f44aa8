"""Downloads into the cache, archives, and padded sequences."""

import contextlib
import functools
import hashlib
import http.server
import io
import os
import pathlib
import tarfile
import threading
import zipfile

import numpy as np
import pytest

from kerasette.utils import get_file, pad_sequences

CONTENT = b"some data" * 1000
SHA256, MD5 = hashlib.sha256(CONTENT).hexdigest(), hashlib.md5(CONTENT).hexdigest()

# Each in a test below.
COVERED = {
    "utils.get_file": [
        "fname", "origin", "untar", "md5_hash", "file_hash", "cache_subdir", "hash_algorithm",
        "extract", "archive_format", "cache_dir", "force_download",
    ],
}  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KERASETTE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source" / "data.bin"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


def read(path):
    return pathlib.Path(path).read_bytes()


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        if self.path != "/short.bin":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"breaks off")


@contextlib.contextmanager
def server(folder):
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}"
        finally:
            running.shutdown()
            thread.join()


def test_a_file_comes_over_http_with_a_bar(home, source, capsys):
    with server(source.parent) as url:
        path = get_file(origin=f"{url}/data.bin", file_hash=SHA256)
    assert path == str(home / "datasets" / "data.bin")
    assert read(path) == CONTENT
    shown = capsys.readouterr().out
    assert f"Downloading data from {url}/data.bin" in shown
    assert f"{len(CONTENT)}/{len(CONTENT)}" in shown
    assert os.listdir(home / "datasets") == ["data.bin"]


@pytest.mark.parametrize("name", ["missing.bin", "short.bin"])
def test_a_download_that_fails_leaves_what_was_there(home, source, name):
    (home / "datasets").mkdir(parents=True)
    (home / "datasets" / name).write_bytes(b"old")
    with (
        server(source.parent) as url,
        pytest.raises(OSError, match="URL fetch failure on") as caught,
    ):
        get_file(origin=f"{url}/{name}", force_download=True)
    assert ("404" if name == "missing.bin" else "10 of 100 bytes") in str(caught.value)
    assert os.listdir(home / "datasets") == [name]
    assert (home / "datasets" / name).read_bytes() == b"old"


def test_an_unknown_host_or_file_raises(home):
    with pytest.raises(OSError, match="URL fetch failure on file:///does/not/exist"):
        get_file(origin="file:///does/not/exist")
    assert os.listdir(home / "datasets") == []


@pytest.mark.parametrize(
    "arguments",
    [
        {"file_hash": SHA256},
        {"file_hash": MD5},
        {"file_hash": SHA256, "hash_algorithm": "sha256"},
        {"file_hash": MD5, "hash_algorithm": "md5"},
        {"md5_hash": MD5},
    ],
)
def test_hashes(home, source, arguments):
    path = get_file(origin=source.as_uri(), **arguments)
    assert read(path) == CONTENT
    wrong = {key: value[::-1] if "hash" in key[-5:] else value for key, value in arguments.items()}
    os.unlink(path)
    with pytest.raises(ValueError, match="Incomplete or corrupted file detected"):
        get_file(origin=source.as_uri(), **wrong)
    assert os.listdir(home / "datasets") == []


def test_a_file_that_is_there_is_kept_unless_its_hash_is_wrong(home, source, capsys):
    (home / "datasets").mkdir(parents=True)
    (home / "datasets" / "data.bin").write_bytes(b"old")
    path = get_file(origin=source.as_uri())
    assert read(path) == b"old"
    path = get_file(origin=source.as_uri(), file_hash=SHA256)
    assert read(path) == CONTENT
    assert "A local file was found, but" in capsys.readouterr().out
    source.write_bytes(b"new")
    assert read(get_file(origin=source.as_uri())) == CONTENT
    assert read(get_file(origin=source.as_uri(), force_download=True)) == b"new"


def test_where_a_file_goes(home, source, tmp_path):
    url = source.as_uri()
    assert get_file("mine", url) == str(home / "datasets" / "mine")
    assert get_file(origin=url, cache_subdir="x") == str(home / "x" / "data.bin")
    other = tmp_path / "other"
    assert get_file(origin=url, cache_dir=other) == str(other / "datasets" / "data.bin")
    absolute = str(tmp_path / "absolute")
    assert get_file(origin=url, cache_subdir=absolute) == os.path.join(absolute, "data.bin")


def test_a_cache_that_cannot_be_written_gives_way_to_a_temporary_one(
    home, source, tmp_path, monkeypatch
):
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path / "tmp"))
    (tmp_path / "file").write_text("no folder")
    path = get_file(origin=source.as_uri(), cache_dir=str(tmp_path / "file" / "cache"))
    assert path == str(tmp_path / "tmp" / ".kerasette" / "datasets" / "data.bin")


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({}, ValueError, 'specify the "origin" argument'),
        ({"origin": "http://host/"}, ValueError, "Can't parse the file name"),
        ({"fname": "a/b", "origin": "http://host/x"}, ValueError, "Paths are no longer accepted"),
        ({"origin": "http://host/.."}, ValueError, "Paths are no longer accepted"),
        ({"origin": "http://host/x", "hash_algorithm": "crc"}, ValueError, "`hash_algorithm`"),
        (
            {"origin": "http://host/x", "archive_format": "rar"},
            NotImplementedError,
            "`archive_format` must be .* among .*'tar', 'zip'.* Received: 'rar'",
        ),
        ({"origin": "http://host/x", "archive_format": 3}, NotImplementedError, "Received: 3"),
        ({"origin": 3}, ValueError, "`origin` must be a str. Received: origin=3"),
        ({"origin": "http://host/x", "file_hash": 3}, ValueError, "`file_hash` must be a str"),
        ({"origin": "http://host/x", "md5_hash": 3}, ValueError, "`md5_hash` must be a str"),
    ],
)
def test_wrong_arguments_raise(arguments, error, words):
    with pytest.raises(error, match=words):
        get_file(**arguments)


# ---- archives -----------------------------------------------------------------------------------


def make_zip(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def make_tar(path, members, links=(), mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, target, kind in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o4777
            archive.addfile(info, io.BytesIO(content))


MEMBERS = {"a.txt": b"a", "sub/b.txt": b"b"}


@pytest.mark.parametrize(
    ("name", "arguments", "folder"),
    [
        ("x.zip", {"extract": True}, "x.zip"),
        ("x.tar.gz", {"extract": True}, "x.tar.gz"),
        ("x.tar.gz", {"untar": True}, "x.tar.gz"),
        ("x.zip", {"fname": "y.zip", "extract": True}, "y_extracted"),
        ("x.zip", {"fname": "y", "extract": True}, "y"),
        ("x.zip", {"extract": True, "archive_format": "zip"}, "x.zip"),
        ("x.tar.gz", {"extract": True, "archive_format": ["zip", "tar"]}, "x.tar.gz"),
    ],
)
def test_archives(home, tmp_path, name, arguments, folder):
    make = make_zip if name.endswith("zip") else make_tar
    make(tmp_path / name, MEMBERS)
    path = get_file(origin=(tmp_path / name).as_uri(), **arguments)
    assert path == str(home / "datasets" / folder)
    # The second time it is extracted over what is there.
    (home / "datasets" / folder / "a.txt").write_bytes(b"changed")
    assert get_file(origin=(tmp_path / name).as_uri(), **arguments) == path
    assert (home / "datasets" / folder / "a.txt").read_bytes() == b"a"
    assert (home / "datasets" / folder / "sub" / "b.txt").read_bytes() == b"b"
    assert len(os.listdir(home / "datasets")) == 2


@pytest.mark.parametrize("archive_format", [None, "tar", []])
def test_what_is_no_such_archive_is_left(home, tmp_path, archive_format):
    make_zip(tmp_path / "x.zip", MEMBERS)
    with pytest.warns(UserWarning, match="Could not extract archive"):
        get_file(origin=(tmp_path / "x.zip").as_uri(), extract=True, archive_format=archive_format)
    assert os.listdir(home / "datasets") == ["x.zip_archive"]


def test_members_outside_of_the_folder_are_left_out(home, tmp_path):
    make_zip(tmp_path / "x.zip", {"../out.txt": b"1", "/abs.txt": b"2", "in.txt": b"3"})
    with pytest.warns(UserWarning, match="Skipping invalid path"):
        path = get_file(origin=(tmp_path / "x.zip").as_uri(), extract=True)
    assert os.listdir(path) == ["in.txt"]
    assert sorted(os.listdir(home / "datasets")) == ["x.zip", "x.zip_archive"]


def test_links_of_tar_archives_stay_in_the_folder(home, tmp_path):
    symbolic, hard = tarfile.SYMTYPE, tarfile.LNKTYPE
    links = [
        ("good", "in.txt", symbolic),
        ("up", "..", symbolic),
        ("abs", "/etc", symbolic),
        ("hard", "../../secret", hard),
        ("fifo", "", tarfile.FIFOTYPE),
    ]
    make_tar(tmp_path / "x.tar.gz", {"in.txt": b"3", "../out.txt": b"1"}, links)
    with pytest.warns(UserWarning, match="Skipping invalid path") as caught:
        path = get_file(origin=(tmp_path / "x.tar.gz").as_uri(), extract=True)
    assert len(caught) == 5
    assert sorted(os.listdir(path)) == ["good", "in.txt"]
    assert read(os.path.join(path, "good")) == b"3"
    assert os.stat(os.path.join(path, "in.txt")).st_mode & 0o7022 == 0


def test_a_broken_archive_leaves_no_folder(home, tmp_path):
    make_tar(tmp_path / "x.tar", {"a.txt": bytes(100000)}, mode="w")
    data = (tmp_path / "x.tar").read_bytes()
    (tmp_path / "x.tar").write_bytes(data[:50000])
    with pytest.raises(tarfile.TarError):
        get_file(origin=(tmp_path / "x.tar").as_uri(), extract=True)
    assert os.listdir(home / "datasets") == ["x.tar_archive"]


# ---- padding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, [[0, 0, 1], [0, 2, 3], [4, 5, 6]]),
        ({"padding": "post"}, [[1, 0, 0], [2, 3, 0], [4, 5, 6]]),
        ({"maxlen": 2}, [[0, 1], [2, 3], [5, 6]]),
        ({"maxlen": 2, "truncating": "post"}, [[0, 1], [2, 3], [4, 5]]),
        ({"maxlen": 4, "value": -1}, [[-1, -1, -1, 1], [-1, -1, 2, 3], [-1, 4, 5, 6]]),
        ({"dtype": "float64", "value": 0.5}, [[0.5, 0.5, 1], [0.5, 2, 3], [4, 5, 6]]),
    ],
)
def test_padding(arguments, expected):
    padded = pad_sequences([[1], [2, 3], [4, 5, 6]], **arguments)
    assert padded.tolist() == expected
    assert padded.dtype == arguments.get("dtype", "int32")


def test_padding_of_other_things():
    vectors = pad_sequences([[[1, 2]], [], [[3, 4], [5, 6]]])
    assert vectors.tolist() == [[[0, 0], [1, 2]], [[0, 0], [0, 0]], [[3, 4], [5, 6]]]
    words = pad_sequences([["a"], ["bcd", "e"]], dtype=object, value="<pad>")
    assert words.tolist() == [["<pad>", "a"], ["bcd", "e"]]
    assert pad_sequences([["a"], ["b", "c"]], dtype="<U3", value="x").tolist()[0] == ["x", "a"]
    letters = pad_sequences(["abc", "de"], dtype=object, value="")
    assert letters.tolist() == [["a", "b", "c"], ["", "d", "e"]]
    assert pad_sequences(["123", "4"]).tolist() == [[1, 2, 3], [0, 0, 4]]
    assert pad_sequences([np.arange(3), (1, 2)]).tolist() == [[0, 1, 2], [0, 1, 2]]
    assert pad_sequences([]).shape == (0, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, 2],), "must be a list of iterables"),
        ((iter([[1]]),), "must be iterable"),
        (([[1]], None, "int32", "middle"), "Padding type"),
        (([[1]], None, "int32", "pre", "middle"), "Truncating type"),
        (([[1]], None, "int32", "pre", "pre", "a"), "is not compatible with"),
        (([[[1, 2]], [[1, 2, 3]]],), "is different from expected shape"),
        (([[1]], -1), "`maxlen` must be None or an integer of at least 0. Received: maxlen=-1"),
        (([[1]], 1.5), "maxlen=1.5"),
        (([[1]], "a"), "maxlen='a'"),
        (([[1]], True), "maxlen=True"),
        (([[1]], 2, "int32", "pre", "pre", np.nan), "cannot hold `value` .*nan"),
        (([[1]], 2, "uint8", "pre", "pre", 300), "uint8 cannot hold `value` .*300"),
        (([[1]], 2, "uint8", "pre", "pre", -1), "uint8 cannot hold `value` .*-1"),
        (([[1]], 2, "int32", "pre", "pre", 10**30), "cannot hold `value` .*1000"),
        (([[1]], 2, "int32", "pre", "pre", None), "is not compatible with .*NoneType"),
        (([[1]], 2, "float32", "pre", "pre", None), "is not compatible with .*NoneType"),
        (([[1], [2**40]],), "cannot hold the sequence at position 1 .*1099511627776"),
        (([[1], np.array([2**40])],), "at position 1 .*out of range"),
        (([[10**30]],), "at position 0 "),
        (([[1, None]],), "at position 0 .*None"),
        (([[np.nan]],), "at position 0 .*nan"),
        (([np.array([np.nan])],), "at position 0 .*nan"),
        ((["ab"],), "at position 0 .*'a', 'b'"),
    ],
)
def test_what_cannot_be_padded(arguments, words):
    with pytest.raises(ValueError, match=words):
        pad_sequences(*arguments)


COVERED = {
    "utils.get_file": [
        "fname", "origin", "untar", "md5_hash", "file_hash", "cache_subdir", "hash_algorithm",
        "extract", "archive_format", "cache_dir", "force_download",
    ],
    "utils.pad_sequences": ["sequences", "maxlen", "dtype", "padding", "truncating", "value"],
}  # fmt: skip
