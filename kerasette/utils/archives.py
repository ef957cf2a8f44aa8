"""Archives taken apart, without leaving their folder."""

import os
import shutil
import tarfile
import tempfile
import warnings
import zipfile

FORMATS = ("tar", "zip")


def formats_of(archive_format):
    """The formats to try, as a list.

    Raises
    ------
    NotImplementedError
        If one is not known.
    """
    if archive_format is None:
        return []
    if archive_format == "auto":
        return list(FORMATS)
    names = list(archive_format) if isinstance(archive_format, (list, tuple)) else [archive_format]
    for name in names:
        if name not in FORMATS:
            raise NotImplementedError(
                f"`archive_format` must be 'auto', None, or among {FORMATS}. Received: {name!r}"
            )
    return names


def extract_archive(path, folder, formats):
    """Extracts an archive into a folder; False if it has none of the formats.

    Members that would land outside of the folder are left out, with a warning. When something
    fails, nothing stays behind.
    """
    for name in formats:
        if name == "tar" and tarfile.is_tarfile(path):
            _extract(_Tar.open, _tar_members, path, folder)
            return True
        if name == "zip" and zipfile.is_zipfile(path):
            _extract(zipfile.ZipFile, _zip_members, path, folder)
            return True
    return False


def _extract(open_archive, members, path, folder):
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    partial = tempfile.mkdtemp(dir=os.path.dirname(folder))
    try:
        with open_archive(path) as archive:
            for member in members(archive, os.path.realpath(partial)):
                archive.extract(member, partial)
        _move(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _move(partial, folder):
    if os.path.exists(folder):
        shutil.copytree(partial, folder, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(partial)
    else:
        os.chmod(partial, 0o755)
        os.rename(partial, folder)


class _Tar(tarfile.TarFile):
    @staticmethod
    def extraction_filter(member, _):
        """All of them: `_tar_members` has looked. Python 3.12 warns where nothing is said."""
        return member


def _zip_members(archive, root):
    for member in archive.infolist():
        if _is_inside(os.path.join(root, member.filename), root):
            yield member
        else:
            _warn(member.filename)


def _tar_members(archive, root):
    # Asked just before each is extracted: links that came before are followed.
    for member in archive:
        if _is_safe(member, root):
            # Neither owners nor set-user-id bits nor write permission for everybody.
            member.mode = (member.mode & 0o755) | 0o600 | (0o100 if member.isdir() else 0)
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            yield member
        else:
            _warn(member.name)


def _is_safe(member, root):
    place = os.path.join(root, member.name)
    if not _is_inside(place, root):
        return False
    if member.issym():
        target = os.path.join(os.path.dirname(place), member.linkname)
        return not os.path.isabs(member.linkname) and _is_inside(target, root)
    if member.islnk():
        return _is_inside(os.path.join(root, member.linkname), root)
    return member.isfile() or member.isdir()


def _is_inside(path, root):
    return os.path.commonpath([os.path.realpath(path), root]) == root


def _warn(name):
    warnings.warn(f"Skipping invalid path during archive extraction: '{name}'.", stacklevel=2)
