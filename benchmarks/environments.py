"""A virtual environment for each peer, made on first use from ``benchmarks/requirements``.

One for all would work, but would not be fair: Keras imports scikit-learn and TensorFlow imports
JAX where they happen to be installed, and the import times would count them.
"""

import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.contenders import Contender

REQUIREMENTS = Path(__file__).resolve().parent / "requirements"


def interpreters(contenders: Sequence[Contender], folder: Path, say: Callable) -> dict[str, str]:
    """The interpreter of every peer by name; environments that are not there yet are made."""
    found = {}
    for contender in contenders:
        if contender.requirements is not None:
            requirements = REQUIREMENTS / contender.requirements
            found[contender.name] = str(environment(requirements, folder, say).absolute())
    return found


def environment(requirements: Path, folder: Path, say: Callable) -> Path:
    """The interpreter of an environment that holds exactly these requirements.

    A copy of the requirements inside marks the environment as complete, so that one whose making
    was cut short, or whose pins have changed since, is made anew.
    """
    place = folder / requirements.stem
    python, mark = place / "bin" / "python", place / "requirements.txt"
    wanted = requirements.read_text()
    if not mark.exists() or mark.read_text() != wanted:
        say(f"making {place} from {requirements.name}")
        venv.create(place, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(requirements)], check=True, stdout=sys.stderr)
        mark.write_text(wanted)
    return python
