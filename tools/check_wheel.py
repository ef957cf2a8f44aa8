"""Checks what a wheel and an sdist contain: `python tools/check_wheel.py dist/*.whl dist/*.tar.gz`.

Needs pyelftools, which comes with auditwheel.
"""

import io
import re
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

from elftools.elf.elffile import ELFFile

LARGEST_WHEEL = 12e6

# What every Linux with glibc has, and our own OpenBLAS.
SYSTEM_LIBRARIES = {"libc.so.6", "libm.so.6", "libpthread.so.0", "ld-linux-x86-64.so.2"}
OPENBLAS = "libscipy_openblas.so"

IN_WHEEL = [
    r"kerasette/(\w+/)*\w+\.py",
    r"kerasette/(\w+/)*(\w+\.pyi|py\.typed)",
    r"kerasette/_core/(ops/)?\w+\.cpython-\w+-[\w-]+\.so",
    rf"kerasette/_core/{re.escape(OPENBLAS)}",
    r"kerasette-[\w.]+\.dist-info/.+",
]
IN_SDIST = [
    "csrc/run.c",
    "csrc/reference/reference.h",
    "kerasette/_core/tensor.pyx",
    "kerasette/_core/tensor.pxd",
    "kerasette/_core/openblas.h",
    "tests/conftest.py",
    "tests/c/Makefile",
    "examples/digits.py",
    "setup.py",
    "pyproject.toml",
    "Makefile",
    "LICENSE",
    "LICENSES/THIRD_PARTY.txt",
    "README.md",
    "CHANGELOG.md",
]
NOT_IN_SDIST = r"\.so$|\.py[cod]$|\.o$|^build/|^kerasette/.*\.c$|^dist/|^\.venv"


def check_wheel(path):
    """Sources stay out, one OpenBLAS is in, and nothing is needed that a bare system lacks."""
    size = path.stat().st_size
    assert size < LARGEST_WHEEL, f"{path.name} has {size} bytes"
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        strange = [n for n in names if not any(re.fullmatch(p, n) for p in IN_WHEEL)]
        assert not strange, f"not expected in a wheel: {strange}"
        assert sum("openblas" in PurePosixPath(n).name and ".so" in n for n in names) == 1
        licenses = {PurePosixPath(n).name for n in names if "/licenses/" in n}
        assert licenses >= {"LICENSE", "THIRD_PARTY.txt", "scipy-openblas32.txt"}, licenses
        extensions = [n for n in names if n.endswith(".so")]
        for name in extensions:
            check_library(name, archive.read(name))
    print(f"{path.name}: {size / 1e6:.2f} MB, {len(extensions)} libraries, {len(names)} files")


def check_library(name, content):
    """Stripped, without paths of the machine that it was built on, and with libraries it has."""
    elf = ELFFile(io.BytesIO(content))
    assert elf.get_section_by_name(".symtab") is None, f"{name} is not stripped"
    assert elf.get_section_by_name(".debug_info") is None, f"{name} has debugging information"
    tags = list(elf.get_section_by_name(".dynamic").iter_tags())
    needed = {tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"}
    paths = [tag.runpath for tag in tags if tag.entry.d_tag == "DT_RUNPATH"]
    paths += [tag.rpath for tag in tags if tag.entry.d_tag == "DT_RPATH"]
    own = needed - SYSTEM_LIBRARIES
    if "/runtime." in name:
        assert own == {OPENBLAS}, f"{name} needs {needed}"
        assert paths == ["$ORIGIN"], f"{name} looks for libraries in {paths}"
    else:
        assert not own, f"{name} needs {needed}"
        assert not paths, f"{name} looks for libraries in {paths}"


def check_sdist(path):
    """All sources are in, and nothing that was made from them."""
    with tarfile.open(path) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    missing = set(IN_SDIST) - set(names)
    assert not missing, f"not in the sdist: {missing}"
    wrong = [name for name in names if re.search(NOT_IN_SDIST, name)]
    assert not wrong, f"not expected in an sdist: {wrong}"
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, {len(names)} files")


if __name__ == "__main__":
    assert len(sys.argv) > 1, __doc__
    for argument in map(Path, sys.argv[1:]):
        (check_wheel if argument.suffix == ".whl" else check_sdist)(argument)
