"""A progress bar on the console."""

import math
import os
import sys
import time

import numpy as np

from kerasette.utils.console import print_msg

BOLD, GREEN, WHITE, PLAIN = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"
ESCAPES = (BOLD, GREEN, WHITE, PLAIN)


class Progbar:
    """Shows how far a loop is, with values, on one line that is drawn again and again.

    Parameters
    ----------
    target : int or None
        Number of steps to do; None if nobody knows.
    width : int
        Of the bar, in characters.
    verbose : {1, 2, 0}
        A bar, one line at the end, or nothing.
    interval : float
        Seconds between two drawings, at least.
    stateful_metrics : iterable of str, optional
        Names of values that are shown as they are; others are averaged over steps.
    stateless_metrics : iterable of str, optional
        The other way round: names of those that are averaged, while others are not.
    unit_name : str
        What a step is called.

    Raises
    ------
    ValueError
        If both kinds of names are given.

    Examples
    --------
    >>> bar = Progbar(2, verbose=2)
    >>> bar.update(1, [("loss", 0.5)])
    >>> bar.update(2, [("loss", 0.25)])
    2/2 - 0s - ...s/step - loss: 0.2500
    """

    def __init__(
        self, target, width=20, verbose=1, interval=0.05, stateful_metrics=None,
        stateless_metrics=None, unit_name="step",
    ):  # fmt: skip
        if stateful_metrics is not None and stateless_metrics is not None:
            raise ValueError(
                "Only one of `stateful_metrics` or `stateless_metrics` can be provided: the first "
                "names what is not averaged, the second what is."
            )
        self.target = target
        self.width = width
        self.verbose = verbose
        self.interval = interval
        self.unit_name = unit_name
        self.stateful_metrics = set(stateful_metrics or ()) if stateless_metrics is None else None
        self.stateless_metrics = None if stateless_metrics is None else set(stateless_metrics)
        self._redraws = can_redraw()
        self._seen_so_far = 0
        # For each name in the order of appearance, [sum of values, their number].
        self._values = {}
        self._start = time.time()
        self._last_update = 0
        self._time_after_first_step = None
        self._prev_total_width = 0

    def update(self, current, values=None, finalize=None):
        """Says which step the loop has done.

        Parameters
        ----------
        current : int
            Number of steps done.
        values : list of (str, value), optional
            Of the last step. Arrays and lists are shown by their mean.
        finalize : bool, optional
            Whether it was the last step; by default, if `current` has reached the target.
        """
        if finalize is None:
            finalize = self.target is not None and current >= self.target
        for name, value in values or []:
            self._take(name, value, current, finalize)
        self._seen_so_far = current
        now = time.time()
        seconds = self._seconds_per_step(current, now)
        if self.verbose == 1:
            if now - self._last_update < self.interval and not finalize:
                return
            self._draw(current, now, seconds, finalize)
        elif self.verbose == 2 and finalize and self._has_target():
            self._print_line(current, now, seconds)
        self._last_update = now

    def add(self, n, values=None):
        """Says that `n` more steps are done."""
        self.update(self._seen_so_far + n, values)

    def _take(self, name, value, current, finalize):
        if self._is_averaged(name) and not finalize:
            steps = max(current - self._seen_so_far, 1)
            known = self._values.get(name)
            if known is not None:
                known[0] += value * steps
                known[1] += steps
                return
            self._values[name] = [value * steps, steps]
        else:
            # The values of a last update are those of the whole loop.
            self._values[name] = [value, 1]

    def _is_averaged(self, name):
        if self.stateless_metrics is None:
            return name not in self.stateful_metrics
        return name in self.stateless_metrics

    def _has_target(self):
        return self.target is not None and self.target > 0

    def _seconds_per_step(self, current, now):
        """Mean time of a step, without the first, which often takes longer than all others."""
        if not current:
            return 0
        if self._time_after_first_step is not None and current > 1:
            seconds = (now - self._time_after_first_step) / (current - 1)
        else:
            seconds = (now - self._start) / current
        if current == 1:
            self._time_after_first_step = now
        return seconds

    def _draw(self, current, now, seconds, finalize):
        bar = self._bar(current)
        if self._has_target() and not finalize:
            shown = duration(seconds * (self.target - current))
        else:
            shown = f"{now - self._start:.0f}s"
        line = f"{bar} {BOLD}{shown}{PLAIN}{per_step(seconds, self.unit_name)}"
        line += "".join(self._value_texts(abs))
        width = visible_length(line)
        back = "\b" * self._prev_total_width + "\r" if self._redraws else "\n"
        rest = " " * (self._prev_total_width - width) + ("\n" if finalize else "")
        print_msg(back + line + rest, line_break=False)
        self._prev_total_width = width

    def _bar(self, current):
        if not self._has_target():
            return f"{int(current):7d}/Unknown"
        filled = int(self.width * (float(current) / self.target))
        bar = f"{BOLD}{self._count(current)}{PLAIN} "
        if filled > 0:
            bar += f"{GREEN}{'━' * filled}{PLAIN}"
        return bar + f"{WHITE}{'━' * (self.width - filled)}{PLAIN}"

    def _count(self, current):
        digits = int(math.log10(self.target)) + 1
        return f"{int(current):{digits}d}/{int(self.target)}"

    def _print_line(self, current, now, seconds):
        line = f"{self._count(current)} - {now - self._start:.0f}s"
        line += f" -{per_step(seconds, self.unit_name)}"
        # Keras writes negative values with an exponent in this line, though not in the bar.
        print_msg(line + "".join(self._value_texts(lambda value: value)))

    def _value_texts(self, size):
        for name, (total, count) in self._values.items():
            mean = (total if isinstance(total, float) else np.mean(total)) / max(1, count)
            yield f" - {name}: {mean:.4f}" if size(mean) > 1e-3 else f" - {name}: {mean:.4e}"


def can_redraw():
    """Whether a line can be drawn over; where it cannot, each drawing begins a new line."""
    stdout = sys.stdout
    return (
        (hasattr(stdout, "isatty") and stdout.isatty())
        or "ipykernel" in sys.modules
        # As in Keras, also where the output is a file or a pipe.
        or "posix" in sys.modules
        or "PYCHARM_HOSTED" in os.environ
    )


def visible_length(line):
    """Length of a line without its escape sequences.

    >>> visible_length(f"{BOLD}1/3{PLAIN} ━")
    5
    """
    return len(line) - sum(line.count(escape) * len(escape) for escape in ESCAPES)


def duration(seconds):
    """Seconds as ``3s``, ``1:05`` or ``1:02:03``.

    >>> duration(3.9), duration(65), duration(3723)
    ('3s', '1:05', '1:02:03')
    """
    if seconds > 3600:
        return f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02d}:{int(seconds % 60):02d}"
    if seconds > 60:
        return f"{int(seconds // 60)}:{int(seconds % 60):02d}"
    return f"{int(seconds)}s"


def per_step(seconds, unit_name):
    """Seconds a step, after a blank, in the unit that suits them.

    >>> per_step(2, "step"), per_step(0.012, "step"), per_step(3.4e-4, "sample")
    (' 2s/step', ' 12ms/step', ' 340us/sample')
    """
    if seconds >= 1 or seconds == 0:
        return f" {seconds:.0f}s/{unit_name}"
    if seconds >= 1e-3:
        return f" {seconds * 1e3:.0f}ms/{unit_name}"
    return f" {seconds * 1e6:.0f}us/{unit_name}"
