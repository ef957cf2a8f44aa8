"""Threads, instruction sets and what the environment says about them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kerasette
from kerasette._core import runtime


def python(code, folder=None, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def threads_under(**environment):
    code = "from kerasette._core import runtime; print(runtime.get_num_threads())"
    return int(python(code, **environment).stdout)


def test_the_number_of_threads_comes_from_the_environment():
    assert threads_under(KERASETTE_NUM_THREADS="3", OMP_NUM_THREADS="5") == 3
    assert threads_under(KERASETTE_NUM_THREADS="", OMP_NUM_THREADS="5,2") == 5
    cores = len(os.sched_getaffinity(0))
    for shared in ("", "x", "0", "-2"):
        assert 1 <= threads_under(KERASETTE_NUM_THREADS="", OMP_NUM_THREADS=shared) <= cores


@pytest.mark.parametrize("bad", ["x", "0", "-1", "1.5", "2,1", "\u00b2"])
def test_bad_numbers_of_threads_in_the_environment_are_refused(bad):
    done = python("import kerasette._core", KERASETTE_NUM_THREADS=bad)
    assert done.returncode != 0
    message = f"ValueError: KERASETTE_NUM_THREADS must be a positive integer. Received: {bad!r}"
    assert message in done.stderr


def test_a_source_tree_that_is_not_built_says_so(tmp_path):
    package = Path(kerasette.__file__).parent
    for path in package.rglob("*.py"):
        copy = tmp_path / "kerasette" / path.relative_to(package)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    done = python("import kerasette", folder=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode != 0
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert f"{tmp_path / 'kerasette'}" in last
    assert all(words in last for words in ("without its compiled", "make build", "another folder"))
    assert "circular" not in done.stderr


@pytest.mark.parametrize("bad", [0, -1, 1.5, "2", True, None, 10**6])
def test_bad_numbers_of_threads_are_refused(bad):
    before = runtime.get_num_threads()
    with pytest.raises(ValueError, match="num_threads"):
        runtime.set_num_threads(bad)
    assert runtime.get_num_threads() == before


def test_an_unknown_instruction_set_is_refused_with_the_known_ones():
    done = python("import kerasette._core", KERASETTE_ISA="mmx")
    assert done.returncode != 0
    assert "Unknown instruction set 'mmx'" in done.stderr
    assert all(name in done.stderr for name, _ in runtime.isa_levels())


@pytest.mark.parametrize("name", [name for name, runs in runtime.isa_levels() if runs])
def test_every_instruction_set_of_the_machine_can_be_chosen(name):
    code = "from kerasette._core import runtime; print(runtime.isa())"
    assert python(code, KERASETTE_ISA=name).stdout.strip() == name


def test_blas_is_described():
    assert "OpenBLAS" in runtime.blas_description()


def test_importing_leaves_the_environment_alone():
    code = (
        "import os; before = dict(os.environ); import kerasette._core; print(before == os.environ)"
    )
    assert python(code).stdout.strip() == "True"
    assert python(code, OPENBLAS_NUM_THREADS="2").stdout.strip() == "True"
