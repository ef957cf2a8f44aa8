"""What can be said of the package without building a wheel (`make wheel` says the rest)."""

import re
import tomllib
import zlib
from importlib import metadata
from pathlib import Path

import kerasette

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_versions_agree():
    assert kerasette.__version__ == PROJECT["project"]["version"]
    assert kerasette.__version__ == metadata.version("kerasette")


def test_the_changelog_knows_the_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(kerasette.__version__)}\b", changelog, re.MULTILINE)


def test_numpy_is_all_that_is_required():
    names = [re.match(r"[\w.-]+", line)[0] for line in PROJECT["project"]["dependencies"]]
    assert names == ["numpy"]


def test_the_notice_names_the_openblas_that_is_built_in():
    (pin,) = (
        line for line in PROJECT["build-system"]["requires"] if line.startswith("scipy-openblas32")
    )
    version = pin.split("==")[1]
    assert version in (ROOT / "LICENSES/THIRD_PARTY.txt").read_text(encoding="utf-8")


def test_all_that_is_public_is_there():
    missing = [name for name in kerasette.__all__ if not hasattr(kerasette, name)]
    assert not missing


def test_a_wheel_stays_below_12_megabytes():
    """OpenBLAS without its symbols takes 7.5 of them; here it may have them.

    What a zip says of its files, and what is neither Python nor compiled, takes 0.1.
    """
    package = Path(kerasette.__file__).parent
    files = [path for path in package.rglob("*") if path.suffix in (".py", ".so")]
    own = [path.read_bytes() for path in files if "openblas" not in path.name]
    assert 7.6e6 + sum(len(zlib.compress(data, 9)) for data in own) < 12e6
