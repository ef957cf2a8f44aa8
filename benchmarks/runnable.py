"""Counts the threads of a process and its children that run or would run, until its input ends.

``python -m benchmarks.runnable <process>`` prints the mean count and the processor time that they
have used between its start and its end. It is a process of its own, so that Python's lock does not
decide when it looks.
"""

import os
import select
import statistics
import sys
from pathlib import Path

PROC = Path("/proc")
EVERY = 0.2
"""Seconds from one look to the next. A look takes half a millisecond of a core that has work."""


def main() -> None:
    watched, own = int(sys.argv[1]), os.getpid()
    counts, before = [], processor_seconds(watched, own)
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], EVERY)[0]:
        processes = family(watched, own)
        counts.append(sum(runnable_threads(process) for process in processes))
    print(statistics.fmean(counts), processor_seconds(watched, own) - before)


def family(process: int, other_than: int) -> list[int]:
    """The process, its children, and theirs."""
    found = [process]
    for file in readable(PROC / f"{process}/task", "*/children"):
        for child in map(int, file.split()):
            if child != other_than:
                found += family(child, other_than)
    return found


def runnable_threads(process: int) -> int:
    states = [fields(text)[0] for text in readable(PROC / f"{process}/task", "*/stat")]
    return states.count("R")


def processor_seconds(process: int, other_than: int) -> float:
    """Of all threads of all processes, also of those that have ended."""
    ticks = 0
    for member in family(process, other_than):
        for text in readable(PROC / str(member), "stat"):
            ticks += sum(map(int, fields(text)[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def fields(stat: str) -> list[str]:
    """What follows the name, which may hold anything."""
    return stat.rpartition(")")[2].split()


def readable(folder: Path, pattern: str) -> list[str]:
    """What stands in those files that are still there when they are read."""
    texts = []
    for file in folder.glob(pattern):
        try:
            texts.append(file.read_text())
        except OSError:
            continue
    return texts


if __name__ == "__main__":
    main()
