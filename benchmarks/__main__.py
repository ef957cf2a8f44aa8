"""``python -m benchmarks``: measure kerasette beside its peers, and write the report."""

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import cases, contenders, coordinator, environments, machine, report
from benchmarks.processes import ContenderFailed, MissingContender, Place

HERE = Path(__file__).resolve().parent


def main() -> int:
    options = parse()
    if not hasattr(os, "sched_setaffinity"):
        return fail("the benchmarks pin processes to cores, which needs Linux")
    try:
        record = measure(options)
    except (MissingContender, ContenderFailed, ValueError) as error:
        return fail(str(error))
    except subprocess.CalledProcessError as error:
        return fail(f"could not install the peers: {error}")
    write(record, options.output)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add(
        "--cases",
        nargs="+",
        default=cases.LETTERS,
        help="names, or their first letters",
    )
    add(
        "--contenders",
        nargs="+",
        default=contenders.NAMES,
        choices=contenders.NAMES,
        metavar="NAME",
        help=f"contenders to measure, of {', '.join(contenders.NAMES)}; all of them unless told",
    )
    add("--threads", nargs="+", type=int, default=[1, 2], help="measure with each of these counts")
    add("--repeats", type=int, default=5, help="rounds; medians are over these")
    add("--quick", action="store_true", help="one round, one thread: does it run at all?")
    add(
        "--environments",
        type=Path,
        default=None,
        metavar="DIR",
        help="make and use a virtual environment for each peer in this folder",
    )
    add(
        "--python-for",
        nargs="+",
        default=[],
        metavar="NAME=PATH",
        type=name_and_path,
        help="interpreters of single contenders; the running one is used for the others",
    )
    add("--output", type=Path, default=HERE / "results", help="folder of the report")
    return parser.parse_args()


def name_and_path(text: str) -> tuple[str, str]:
    name, separator, path = text.partition("=")
    if not separator or name not in contenders.NAMES:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PATH with a contender's name")
    return name, path


def measure(options: argparse.Namespace) -> dict:
    """Run what the options ask for; returns the record that the report is made of."""
    chosen = [contenders.find(name) for name in contenders.NAMES if name in options.contenders]
    wanted = cases.select(options.cases)
    rounds, threads = (1, [1]) if options.quick else (options.repeats, options.threads)
    interpreters = {}
    if options.environments:
        interpreters = environments.interpreters(chosen, options.environments, say)
    interpreters |= dict(options.python_for)
    before = machine.describe()
    if before["load_average"][0] > report.LOAD_ALLOWED:
        say(f"the machine is busy (load average {before['load_average']}): expect noise")
    taken = [
        coordinator.measure_all(wanted, chosen, Place(count, interpreters), rounds, say)
        for count in threads
    ]
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "quick": options.quick,
        "rounds": rounds,
        "machine": before,
        "load_average_after": machine.load_average(),
        "contenders": taken[0].descriptions,
        "cores": {str(one.threads): one.cores for one in taken},
        "idle_cpu_share": {str(one.threads): one.idle_cpu_share for one in taken},
        "results": report.results(wanted, taken),
    }


def write(record: dict, folder: Path) -> None:
    """Write the record and its page; a quick run never replaces the figures of a full one."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = "quick" if record["quick"] else "latest"
    (folder / f"{stem}.json").write_text(json.dumps(record, indent=1) + "\n")
    (folder / f"{stem}.md").write_text(report.page(record))
    say(f"\n{report.page(record)}\nwritten to {folder / stem}.json and .md")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(reason: str) -> int:
    say(f"benchmarks: {reason}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
