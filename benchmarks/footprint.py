"""Which versions a contender runs on, and how much disk they take; read in its own process."""

import platform
import re
import zipfile
from importlib import metadata
from pathlib import Path

from benchmarks.contenders import HOME, Contender

WHEELS = Path("dist")
"""Where ``make wheel`` leaves kerasette's wheels."""


def describe(contender: Contender) -> dict:
    """Versions and installed sizes of a contender, for the report."""
    return {
        "python": platform.python_version(),
        "versions": {name: version(name) for name in (*contender.distributions, "numpy")},
        **sizes(contender),
    }


def version(distribution: str) -> str | None:
    """None for a package imported from its source tree without being installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def sizes(contender: Contender) -> dict:
    """Bytes of the contender's own packages, and of those with all that pip installs for them.

    kerasette under development is often an editable install, which has no size; its newest wheel
    tells what pip would unpack.
    """
    if contender.name != HOME:
        everything = with_requirements(contender.distributions)
        return {
            "own_bytes": sum(map(installed_bytes, contender.distributions)),
            "total_bytes": sum(map(installed_bytes, everything)),
        }
    wheel = newest_wheel()
    if wheel is None:
        return {"own_bytes": None, "total_bytes": None}
    own = unpacked_bytes(wheel)
    total = own + sum(map(installed_bytes, with_requirements(["numpy"])))
    return {"own_bytes": own, "total_bytes": total, "wheel_bytes": wheel.stat().st_size}


def with_requirements(distributions) -> set[str]:
    """The distributions and, over and over, what they require and is installed."""
    found: set[str] = set()
    waiting = [canonical(name) for name in distributions]
    while waiting:
        name = waiting.pop()
        if name not in found and version(name) is not None:
            found.add(name)
            waiting += required(name)
    return found


def required(distribution: str) -> list[str]:
    """Names that a distribution requires, those of its extras left out."""
    lines = metadata.requires(distribution) or []
    plain = [line for line in lines if not re.search(r"\bextra\s*==", line)]
    return [canonical(re.match(r"[\w.-]+", line)[0]) for line in plain]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def installed_bytes(distribution: str) -> int:
    """The files that the distribution lists, compiled bytecode left out as wheels have none."""
    files = metadata.files(distribution) or []
    paths = [Path(file.locate()) for file in files if file.suffix != ".pyc"]
    return sum(path.stat().st_size for path in paths if path.is_file())


def newest_wheel() -> Path | None:
    wheels = WHEELS.glob(f"{HOME}-*.whl")
    return max(wheels, key=lambda wheel: wheel.stat().st_mtime, default=None)


def unpacked_bytes(wheel: Path) -> int:
    with zipfile.ZipFile(wheel) as archive:
        return sum(member.file_size for member in archive.infolist())
