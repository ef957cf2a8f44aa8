"""Turns measurements into a record (for JSON) and the record into a page (in Markdown)."""

import statistics
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.contenders import HOME
from benchmarks.coordinator import Measurements
from benchmarks.kinds import Case, Metric

IDLE_SHARE_ALLOWED = 0.01
"""An idle contender that uses more of a core than this has disturbed its rivals."""

LOAD_ALLOWED = 0.5
"""With more than this going on besides, the figures are not worth quoting."""

NOTHING = "-"
"""Stands in a table for a number that there is not."""


def results(cases: Sequence[Case], taken: Iterable[Measurements]) -> list[dict]:
    """One entry for each number of threads, case and metric."""
    return [
        entry(measurements, case, metric)
        for measurements in taken
        for case in cases
        for metric in case.metrics
    ]


def entry(measurements: Measurements, case: Case, metric: Metric) -> dict:
    values = measurements.cases[case.name][metric.name]
    summary = {name: summarise(numbers) for name, numbers in values.items()}
    return {
        "threads": measurements.threads,
        "case": case.name,
        "title": case.title,
        "metric": metric.name,
        "unit": metric.unit,
        "better": metric.better,
        "values": values,
        "summary": summary,
        **standing(summary, metric),
    }


def summarise(numbers: list[float]) -> dict[str, float]:
    return {"median": statistics.median(numbers), "min": min(numbers), "max": max(numbers)}


def standing(summary: dict[str, dict], metric: Metric) -> dict:
    """The fastest peer by median, and how many times faster than it kerasette is."""
    medians = {name: numbers["median"] for name, numbers in summary.items()}
    home = medians.pop(HOME, None)
    if metric.better is None or not medians:
        return {"fastest_peer": None, "times_faster": None}
    best = (max if metric.better == "higher" else min)(medians, key=medians.get)
    if home is None:
        return {"fastest_peer": best, "times_faster": None}
    ratio = home / medians[best] if metric.better == "higher" else medians[best] / home
    return {"fastest_peer": best, "times_faster": ratio}


def page(record: dict) -> str:
    """The whole record as a Markdown page."""
    names = list(record["contenders"])
    lines = ["# Benchmarks", "", *heading(record), ""]
    for threads in sorted({result["threads"] for result in record["results"]}):
        chosen = [result for result in record["results"] if result["threads"] == threads]
        lines += [f"## {threads} thread{'s' * (threads > 1)}", "", *speed_table(chosen, names), ""]
    lines += ["## Versions and installed sizes", "", *footprint_table(record["contenders"]), ""]
    return "\n".join([*lines, *notes(record)]) + "\n"


def heading(record: dict) -> Iterator[str]:
    yield f"{record['date']}, {record['rounds']} rounds{', quick' * record['quick']}."
    yield described(record["machine"], record["load_average_after"])
    yield ""
    yield "Medians over the rounds, with (least to most). *Times faster* compares kerasette with"
    yield "the fastest peer of that row; above 1, kerasette is the faster."


def described(machine: dict, load_after: list[float]) -> str:
    """What `machine.describe` has found, as a sentence."""
    return (
        f"{machine['cpu']}, {machine['cores']} cores ({', '.join(machine['instructions'])}), "
        f"{', '.join(machine['caches'])}, {machine['memory_gib']} GiB, {machine['system']}, "
        f"{machine['libc']}, governor {machine['governor'] or 'not visible'}, "
        f"load average {machine['load_average']} before and {load_after} after."
    )


def speed_table(chosen: list[dict], names: list[str]) -> Iterator[str]:
    yield row(["case", "metric", "unit", *names, "fastest peer", "times faster"])
    yield row(["---"] * 3 + ["---:"] * len(names) + ["---", "---:"])
    for result in chosen:
        cells = [spread(result["summary"].get(name), result["unit"]) for name in names]
        case = f"{result['case']}: {result['title']}"
        ratio = result["times_faster"]
        shown = NOTHING if ratio is None else f"**{ratio:.2f}**"
        peer = result["fastest_peer"] or NOTHING
        yield row([case, result["metric"], result["unit"], *cells, peer, shown])


def spread(numbers: dict[str, float] | None, unit: str) -> str:
    """Median, least and most; rates as whole numbers, the rest to two or three places."""
    if numbers is None:
        return NOTHING
    form = {"samples/s": ",.0f", "rows/s": ",.0f", "µs/call": ",.1f", "s": ".3f"}.get(unit, ".2f")
    median, low, high = (format(numbers[key], form) for key in ("median", "min", "max"))
    return f"{median} ({low} to {high})"


def footprint_table(contenders: dict[str, dict]) -> Iterator[str]:
    yield row(["contender", "versions", "Python", "own files", "with all it requires", "wheel"])
    yield row(["---"] * 3 + ["---:"] * 3)
    for name, about in contenders.items():
        versions = ", ".join(f"{key} {value or '?'}" for key, value in about["versions"].items())
        sizes = [mebibytes(about.get(key)) for key in ("own_bytes", "total_bytes", "wheel_bytes")]
        yield row([name, versions, about["python"], *sizes])


def mebibytes(size: int | None) -> str:
    return NOTHING if size is None else f"{size / 2**20:,.1f} MiB"


def row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def notes(record: dict) -> Iterator[str]:
    """Warns of what would make the figures unfair."""
    for threads, shares in record["idle_cpu_share"].items():
        for name, share in shares.items():
            if share > IDLE_SHARE_ALLOWED:
                yield f"**Unfair:** {name} kept {share:.1%} of a core busy while idle ({threads})."
    yield from noise(record["machine"])


def noise(machine: dict) -> Iterator[str]:
    """Warns of a machine that had something else to do."""
    load = machine["load_average"][0]
    if load > LOAD_ALLOWED:
        yield f"**Noisy:** the load average was {load} before the first measurement."
