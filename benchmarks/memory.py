"""Measures the peak memory of fresh processes that train."""

import tempfile

from benchmarks.contenders import Contender
from benchmarks.kinds import PeakMemory
from benchmarks.processes import Place
from benchmarks.startup import first_line


def repetition(case: PeakMemory, contender: Contender, place: Place) -> dict[str, float]:
    """The metric once. The data are made by another process, so that none of it counts but them."""
    with tempfile.TemporaryDirectory() as folder:
        script = ("-m", "benchmarks.peak_memory", contender.name, str(place.threads), case.name)
        first_line(contender, place, *script, folder, "save")
        line, _ = first_line(contender, place, *script, folder, "train")
    return {case.PEAK: float(line)}
