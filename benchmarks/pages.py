"""Pages of the scripts that measure one thing each, ``results/<name>.md``, and how they measure."""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine, report
from benchmarks.measure import seconds

RESULTS = Path(__file__).parent / "results"


REST_SECONDS = 0.2
"""Before each call: the threads of OpenBLAS look for work that long after the call before, and
would take a core from the next one."""


def in_turn(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median of the seconds that each call takes; a different one begins each round."""
    names = list(calls)
    taken = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            time.sleep(REST_SECONDS)
            taken[name].append(seconds(calls[name]))
    return {name: statistics.median(durations) for name, durations in taken.items()}


class Page:
    """A page in Markdown, which also goes to the terminal as it grows.

    The state of the machine is noted when the page is begun, and once more when it is written.
    """

    def __init__(self, name: str, title: str):
        self.path = RESULTS / f"{name}.md"
        self._machine = machine.describe()
        self._title = title
        self._lines = []

    def add(self, *lines: str) -> None:
        """Lines of a paragraph or a table, with an empty one after them."""
        self._lines += [*lines, ""]
        print(*lines, "", sep="\n", flush=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> None:
        """A table; its first `words` columns are words, the others numbers."""
        ruler = ["---"] * words + ["---:"] * (len(columns) - words)
        self.add(*map(report.row, [columns, ruler, *rows]))

    def write(self) -> None:
        """Writes the file."""
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        about = report.described(self._machine, machine.load_average())
        head = [f"# {self._title}", "", f"{when}.", about, "", *report.noise(self._machine), ""]
        self.path.write_text("\n".join([*head, *self._lines]).rstrip() + "\n")
        print(f"written to {self.path}")
