"""The cache of downloads: ``KERASETTE_HOME``, by default ``~/.kerasette``, in Keras's layout."""

import hashlib
import os
import tempfile
import urllib.request
from pathlib import Path


def home():
    """The cache's root folder."""
    return Path(os.environ.get("KERASETTE_HOME") or Path.home() / ".kerasette").expanduser()


def cached_file(name, url, sha256):
    """Path of a file of the cache, downloaded first if it is not there.

    Raises
    ------
    OSError
        If it cannot be downloaded; the message says where to put it by hand.
    ValueError
        If what came does not have the hash that is expected. Nothing is kept then.
    """
    if Path(name).is_absolute():
        target = Path(name)
    else:
        target = home() / "datasets" / name
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    os.close(handle)
    try:
        download(url, partial, target)
        check_hash(partial, sha256)
        # Complete or not there: a broken download leaves nothing behind.
        os.replace(partial, target)
    except BaseException:
        os.unlink(partial)
        raise
    return target


def download(url, partial, target):
    """Fetches `url` into the file `partial`."""
    try:
        with urllib.request.urlopen(url) as response, open(partial, "wb") as file:
            while block := response.read(1 << 20):
                file.write(block)
    except OSError as error:
        raise OSError(
            f"Cannot download {url} ({error}). Put the file at {target}, or set KERASETTE_HOME to "
            "a folder that has it under datasets/."
        ) from error


def check_hash(path, sha256):
    """Raises unless the file has the hash."""
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    if digest != sha256:
        raise ValueError(f"Downloaded file has sha256 {digest}, expected {sha256}.")
