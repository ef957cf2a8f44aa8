"""The cache of downloads: ``KERASETTE_HOME``, by default ``~/.kerasette``, in Keras's layout."""

import contextlib
import hashlib
import os
import tempfile
import urllib.request
from pathlib import Path

BLOCK_BYTES = 1 << 20


def home():
    """The cache's root folder."""
    return Path(os.environ.get("KERASETTE_HOME") or Path.home() / ".kerasette").expanduser()


def writable(folder):
    """A root folder for downloads, made if it is not there: a temporary one if it cannot be."""
    with contextlib.suppress(OSError):
        os.makedirs(folder, exist_ok=True)
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir(), ".kerasette")


def cached_file(name, url, sha256):
    """Path of a file of the cache, downloaded first if it is not there.

    If nothing can be written to the cache, it is downloaded into a folder for temporary files.

    Raises
    ------
    OSError
        If it cannot be downloaded; the message says where to put it by hand.
    ValueError
        If what came does not have the hash that is expected. Nothing is kept then.
    """
    # Of an absolute name nothing else counts.
    target = home() / "datasets" / name
    if not target.exists() and not Path(name).is_absolute():
        target = writable(home()) / "datasets" / name
    if target.exists():
        return target
    try:
        fetch(url, target, lambda path: check_hash(path, sha256))
    except OSError as error:
        raise OSError(
            f"Cannot download {url} ({error}). Put the file at {target}, or set KERASETTE_HOME to "
            "a folder that has it under datasets/."
        ) from error
    return target


def present_file(name, source):
    """Path of a file of the cache that is not downloaded from here.

    Parameters
    ----------
    name : str
        Of the file in the cache's ``datasets`` folder, or an absolute path.
    source : str
        Where it is to be had: a part of the message.

    Raises
    ------
    FileNotFoundError
        If it is not there; the message says what it is, and where to put it.
    """
    path = home() / "datasets" / name
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is not there. Put {source} at that place under that name, or set "
            "KERASETTE_HOME to a folder that has it under datasets/."
        )
    return path


@contextlib.contextmanager
def reading(path):
    """What cannot be read in the block is a `ValueError` that says which file, and what to do."""
    try:
        yield
    # Readers of arrays and archives have errors of their own for what they cannot read.
    except Exception as error:
        # What the system says, as that it is a folder, names the file by itself.
        if getattr(error, "errno", None) is not None:
            raise
        raise ValueError(
            f"{path} cannot be read, it may be incomplete or another file ({error}). Remove it, "
            "and download it or put it there anew."
        ) from error


def fetch(url, target, check=None, on_block=None):
    """Downloads a file; complete or not there: what is broken leaves nothing behind.

    Parameters
    ----------
    url : str
    target : Path
        Its folder is made if it is not there.
    check : callable, optional
        Called with the path of what has come, before it is kept; raises if it is wrong.
    on_block : callable, optional
        Called after each block with the number of bytes that have come, and of all, or None.

    Raises
    ------
    OSError
        If it cannot be downloaded, or ends early.
    """
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    os.close(handle)
    try:
        _download(url, partial, on_block)
        if check is not None:
            check(partial)
        os.replace(partial, target)
    except BaseException:
        os.unlink(partial)
        raise


def _download(url, partial, on_block):
    count = 0
    with urllib.request.urlopen(url) as response, open(partial, "wb") as file:
        length = response.headers.get("Content-Length")
        total = None if length is None else int(length)
        while block := response.read(BLOCK_BYTES):
            file.write(block)
            count += len(block)
            if on_block is not None:
                on_block(count, total)
    if total is not None and count < total:
        raise OSError(f"it ended after {count} of {total} bytes")


def check_hash(path, sha256):
    """Raises unless the file has the hash."""
    digest = hash_of(path, "sha256")
    if digest != sha256:
        raise ValueError(f"Downloaded file has sha256 {digest}, expected {sha256}.")


def hash_of(path, algorithm):
    """The hash of a file by "sha256" or "md5", in hexadecimal digits."""
    hasher = hashlib.new(algorithm, usedforsecurity=False)
    with open(path, "rb") as file:
        while block := file.read(BLOCK_BYTES):
            hasher.update(block)
    return hasher.hexdigest()
