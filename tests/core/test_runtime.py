"""Threads, instruction sets and what the environment says about them."""

import os
import subprocess
import sys

import pytest

from kerasette._core import runtime


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
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
    assert 1 <= threads_under(KERASETTE_NUM_THREADS="x", OMP_NUM_THREADS="") <= cores


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
