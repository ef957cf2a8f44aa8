"""Files from elsewhere, kept in the cache."""

import os
import urllib.error
import urllib.parse
import warnings

from kerasette.datasets import cache
from kerasette.utils.archives import extract_archive, formats_of
from kerasette.utils.console import print_msg
from kerasette.utils.progbar import Progbar


def get_file(
    fname=None, origin=None, untar=False, md5_hash=None, file_hash=None, cache_subdir="datasets",
    hash_algorithm="auto", extract=False, archive_format="auto", cache_dir=None,
    force_download=False,
):  # fmt: skip
    """Path of a file in the cache, downloaded first if it is not there.

    A download is complete or not there: one that breaks off or has a wrong hash leaves nothing
    behind, and what was there before stays.

    Parameters
    ----------
    fname : str, optional
        Its name in the cache; by default that in the URL.
    origin : str
        The URL: ``http://``, ``https://``, ``ftp://`` or ``file://``.
    untar : bool
        As `extract`, of tar archives alone.
    md5_hash : str, optional
        As `file_hash`, with "md5".
    file_hash : str, optional
        The hash that the file must have. One that is in the cache with another is downloaded
        again.
    cache_subdir : str
        The folder in the cache.
    hash_algorithm : {"auto", "sha256", "md5"}
        By default it follows from the length of the hash.
    extract : bool
        Whether it is an archive to take apart. Members that would land outside of the folder are
        left out, with a warning.
    archive_format : {"auto", "tar", "zip", None} or list of them
        What to try; tar archives may be compressed.
    cache_dir : str, optional
        The cache; by default ``KERASETTE_HOME`` or ``~/.kerasette``. If nothing can be written
        there, a folder for temporary files is used.
    force_download : bool
        Whether it is downloaded even if it is there.

    Returns
    -------
    str
        The file; of an archive the folder with what was in it.

    Raises
    ------
    ValueError
        If there is no URL, no name, a path for a name, or the hash is another one.
    NotImplementedError
        For another format of archives.
    OSError
        If it cannot be downloaded.

    Examples
    --------
    >>> import kerasette, os, pathlib, tempfile
    >>> folder = tempfile.mkdtemp()
    >>> source = pathlib.Path(folder, "numbers.txt")
    >>> _ = source.write_text("1 2 3")
    >>> path = kerasette.utils.get_file("mine.txt", source.as_uri(), cache_dir=folder)
    Downloading data from file://...
    ...
    >>> os.path.relpath(path, folder)
    'datasets/mine.txt'
    """
    if origin is None:
        raise ValueError('Please specify the "origin" argument (URL of the file to download).')
    for name, value in (("origin", origin), ("file_hash", file_hash), ("md5_hash", md5_hash)):
        if value is not None and not isinstance(value, str):
            raise ValueError(f"`{name}` must be a str. Received: {name}={value!r}")
    if md5_hash is not None and file_hash is None:
        file_hash, hash_algorithm = md5_hash, "md5"
    algorithm = _algorithm(hash_algorithm, file_hash)
    formats = formats_of("tar" if untar else archive_format)
    root = cache.home() if cache_dir is None else os.path.expanduser(cache_dir)
    folder = os.path.join(cache.writable(root), cache_subdir)
    target, extracted = _places(folder, _name(fname, origin), bool(fname), extract or untar)
    if force_download or not _is_there(target, file_hash, algorithm):
        _download(origin, target, file_hash, algorithm)
    if extracted is None:
        return target
    if not extract_archive(target, extracted, formats):
        warnings.warn("Could not extract archive.", stacklevel=2)
    return extracted


def _algorithm(name, file_hash):
    if name not in ("auto", "sha256", "md5"):
        raise ValueError(
            f"`hash_algorithm` must be 'auto', 'sha256' or 'md5'. Received: hash_algorithm={name!r}"
        )
    if name == "auto":
        return "sha256" if file_hash is not None and len(file_hash) == 64 else "md5"
    return name


def _name(fname, origin):
    name = os.fspath(fname) if fname else os.path.basename(urllib.parse.urlsplit(origin).path)
    if not name:
        raise ValueError(
            f"Can't parse the file name from the origin provided: '{origin}'. "
            "Please specify the `fname` argument."
        )
    if os.sep in name or name in (".", ".."):
        raise ValueError(
            "Paths are no longer accepted as the `fname` argument. To specify the file's parent "
            f"directory, use the `cache_dir` argument. Received: fname={name}"
        )
    return name


def _places(folder, name, is_given, is_archive):
    """Where the file goes, and what is in it, if it is an archive."""
    path = os.path.join(folder, name)
    if not is_archive:
        return path, None
    if is_given and "." in name:
        return path, os.path.join(folder, name[: name.find(".")] + "_extracted")
    return path + "_archive", path


def _is_there(path, file_hash, algorithm):
    if not os.path.exists(path):
        return False
    if file_hash is None or cache.hash_of(path, algorithm) == file_hash:
        return True
    print_msg(
        "A local file was found, but it seems to be incomplete or outdated because the "
        f"{algorithm} file hash does not match the original value of {file_hash} so we will "
        "re-download the data."
    )
    return False


def _download(origin, target, file_hash, algorithm):
    print_msg(f"Downloading data from {origin}")
    bars = []

    def on_block(count, total):
        if not bars:
            bars.append(Progbar(total))
        bars[0].update(count)

    def check(path):
        if file_hash is not None and cache.hash_of(path, algorithm) != file_hash:
            raise ValueError(
                f"Incomplete or corrupted file detected. The {algorithm} file hash does not match "
                f"the provided value of {file_hash}."
            )

    try:
        cache.fetch(origin, target, check, on_block)
    except urllib.error.HTTPError as error:
        error.close()
        raise OSError(f"URL fetch failure on {origin}: {error.code} -- {error.msg}") from error
    except urllib.error.URLError as error:
        raise OSError(f"URL fetch failure on {origin}: {error.errno} -- {error.reason}") from error
    except OSError as error:
        raise OSError(f"URL fetch failure on {origin}: {error}") from error
