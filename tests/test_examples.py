"""Every example runs, and finds the figures it asserts, without a warning.

Those that need a download use it where it is there: in KERASETTE_HOME, or in shared/data beside
the repository.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kerasette
from kerasette.datasets import cache

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SHARED = EXAMPLES.parents[1] / "shared" / "data"

NEEDED_DATA = {
    "mnist_mlp.py": "mnist.npz",
    "framework_from_scratch/babi.py": "babi_qa1_train.txt",
}
SLOW = {"mnist_mlp.py"}
NAMES = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.py"))


def run(name, *arguments, home=None):
    """The finished process of an example, with the kerasette that is tested here."""
    environment = dict(os.environ)
    places = [str(Path(kerasette.__file__).parents[1]), environment.get("PYTHONPATH")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    if home is not None:
        environment["KERASETTE_HOME"] = str(home)
    command = [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)


def check(name, *arguments):
    home = home_with(NEEDED_DATA[name]) if name in NEEDED_DATA else None
    finished = run(name, *arguments, home=home)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert finished.stdout


def home_with(file):
    """A cache that has the file; skips the test if there is none."""
    for home in (cache.home(), SHARED):
        if (home / "datasets" / file).exists():
            return home
    pytest.skip(f"{file} is neither in {cache.home() / 'datasets'} nor in shared/data")


def marked(name):
    return pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name


@pytest.mark.parametrize("name", [marked(name) for name in NAMES])
def test_example_runs_and_finds_its_figures(name):
    check(name)


@pytest.mark.slow
def test_mean_accuracy_on_mnist_of_five_seeds():
    check("mnist_mlp.py", "--seeds", "5")


def test_an_example_says_where_to_put_data_that_are_missing(tmp_path):
    finished = run("framework_from_scratch/babi.py", home=tmp_path)
    assert finished.returncode == 1
    assert str(tmp_path / "datasets" / "babi_qa1_train.txt") in finished.stderr
    assert "Traceback" not in finished.stderr


def test_table_of_examples_is_complete():
    table = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"]({name})" not in table] == []
