"""Starts the contenders' processes, all pinned to the same cores, and talks to them."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from benchmarks.contenders import HOME, Contender

REPOSITORY = Path(__file__).resolve().parent.parent
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")

THREAD_VARIABLES = (
    "KERASETTE_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "NPROC",  # XLA's thread pool, that is JAX's
)


@dataclass(frozen=True)
class Place:
    """Where processes run: how many threads, on as many cores, with which interpreters."""

    threads: int
    interpreters: Mapping[str, str] = field(default_factory=dict)

    @property
    def cores(self) -> list[int]:
        """The last cores that we may use: the first ones tend to serve interrupts."""
        allowed = sorted(os.sched_getaffinity(0))
        if len(allowed) < self.threads:
            raise ValueError(f"{self.threads} threads asked for, {len(allowed)} cores allowed")
        return allowed[-self.threads :]

    def environment(self, contender: Contender) -> dict[str, str]:
        counts = dict.fromkeys(THREAD_VARIABLES, str(self.threads))
        return {**os.environ, **counts, **contender.environment, "PYTHONWARNINGS": "ignore"}

    def interpreter(self, contender: Contender) -> str:
        return self.interpreters.get(contender.name, sys.executable)

    def start(self, contender: Contender, *arguments: str, **options) -> subprocess.Popen:
        """A pinned Python process of the contender, with its standard input and output piped."""
        with pinned(self.cores):
            return subprocess.Popen(
                [self.interpreter(contender), *arguments],
                cwd=REPOSITORY,
                env=self.environment(contender),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                **options,
            )


@contextmanager
def pinned(cores: list[int]) -> Iterator[None]:
    """Confine this process for a moment, so that a child started in it inherits the pinning."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


class ContenderFailed(Exception):
    """A contender's process ended before it answered; the message holds its last words."""


class MissingContender(Exception):
    """A contender cannot be imported; the message says what to install."""


class Worker:
    """A live ``benchmarks.worker`` process, seen from the coordinator."""

    def __init__(self, contender: Contender, place: Place):
        self.contender = contender
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (close ends it)
        arguments = ("-m", "benchmarks.worker", contender.name, str(place.threads))
        self._process = place.start(contender, *arguments, stderr=self._errors)
        self.description = self._receive()
        if "missing" in self.description:
            self.close()
            reason = self.description["missing"]
            raise MissingContender(how_to_install(contender, place.interpreter(contender), reason))

    def repetition(self, case_name: str) -> dict[str, float]:
        """Have the case measured once; returns its metrics by name."""
        self._process.stdin.write(json.dumps({"case": case_name}) + "\n")
        self._process.stdin.flush()
        return self._receive()["figures"]

    def cpu_seconds(self) -> float:
        """The processor time that all its threads have used so far."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / CLOCK_TICKS

    def close(self) -> None:
        """End the process; it leaves when its standard input does."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def _receive(self) -> dict:
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        self._process.wait()
        reason = last_words(self._errors)
        raise ContenderFailed(f"the process of {self.contender.name} ended:\n{reason}")


def last_words(errors: TextIO) -> str:
    """The end of what a process wrote to its standard error."""
    errors.seek(0)
    return errors.read()[-4000:]


def how_to_install(contender: Contender, interpreter: str, reason: str) -> str:
    file = contender.requirements
    what = "-e ." if contender.name == HOME else f"-r benchmarks/requirements/{file}"
    return f"{contender.name} is missing ({reason}); {interpreter} -m pip install {what}"
