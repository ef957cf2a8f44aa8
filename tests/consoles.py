"""What a program writes on a terminal and into a pipe, and a clock that only a test moves.

Used by tests, and by the makers of golden files: both programs meet the same conditions.
"""

import fcntl
import os
import pty
import struct
import sys
import termios
import threading
from contextlib import contextmanager
from types import SimpleNamespace

# Set by some terminals and shells, and taken into account by Python and by rich.
SIZES_AND_COLORS = (
    "COLUMNS", "LINES", "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE",
    "TTY_INTERACTIVE",
)  # fmt: skip


def written_on_terminal(function, columns=80, encoding="utf-8", **environment):
    """What `function` writes to a terminal of so many columns."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    return written(function, master, slave, slave, encoding, {"TERM": "xterm"} | environment)


def written_into_pipe(function, encoding="utf-8", **environment):
    """What `function` writes to standard output where nothing is a terminal."""
    reader, writer = os.pipe()
    return written(function, reader, writer, os.open(os.devnull, os.O_RDWR), encoding, environment)


def written(function, reader, stdout, stdin, encoding, environment):
    """What `function` writes to a file descriptor, as text."""
    chunks = []
    thread = threading.Thread(target=drain, args=(reader, chunks))
    thread.start()
    try:
        with changed_environment(environment), redirected(stdin, stdout, encoding):
            function()
    finally:
        for descriptor in {stdin, stdout}:
            os.close(descriptor)
        thread.join()
        os.close(reader)
    return b"".join(chunks).decode(encoding)


def drain(reader, chunks):
    """Reads until nobody can write any more."""
    while True:
        try:
            chunk = os.read(reader, 65536)
        except OSError:  # how a terminal says so
            return
        if not chunk:
            return
        chunks.append(chunk)


@contextmanager
def redirected(stdin, stdout, encoding):
    """Standard input and output of the process lead elsewhere, errors nowhere."""
    saved = [os.dup(descriptor) for descriptor in (0, 1, 2)]
    nowhere = os.open(os.devnull, os.O_RDWR)
    sys.stdout.flush()
    own_stdout = sys.stdout
    try:
        for target, descriptor in enumerate((stdin, stdout, nowhere)):
            os.dup2(descriptor, target)
        with open(1, "w", encoding=encoding, closefd=False) as sys.stdout:
            yield
    finally:
        sys.stdout = own_stdout
        for target, descriptor in enumerate(saved):
            os.dup2(descriptor, target)
        for descriptor in (*saved, nowhere):
            os.close(descriptor)


@contextmanager
def changed_environment(values):
    """The environment without hints about consoles, but for `values`."""
    names = {*SIZES_AND_COLORS, *values}
    saved = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ.update(values)
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)
        os.environ.update(saved)


@contextmanager
def injected_clock(progbar_module):
    """A clock that stands still but for ``advance(seconds)``, for a progress bar's module."""
    clock = SimpleNamespace(now=1_700_000_000.0)
    own = progbar_module.time
    progbar_module.time = SimpleNamespace(time=lambda: clock.now)

    def advance(seconds):
        clock.now += seconds

    clock.advance = advance
    try:
        yield clock
    finally:
        progbar_module.time = own
