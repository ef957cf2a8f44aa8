"""Times fresh processes: the import of a contender, and a script up to its first epoch."""

import tempfile
import time

from benchmarks.contenders import Contender
from benchmarks.kinds import StartUp
from benchmarks.processes import ContenderFailed, Place, last_words

TIMED_IMPORT = """
import time
start = time.perf_counter()
{statement}
print(time.perf_counter() - start, flush=True)
"""


def repetition(case: StartUp, contender: Contender, place: Place) -> dict[str, float]:
    """Both metrics once. NumPy's own import, which all contenders share, is taken off the first."""
    numpy_seconds = import_seconds("import numpy", contender, place)
    library_seconds = import_seconds(contender.imports, contender, place)
    script = ("-m", "benchmarks.first_epoch", contender.name, str(place.threads), case.name)
    _, first_epoch_seconds = first_line(contender, place, *script)
    return {
        case.IMPORT: library_seconds - numpy_seconds,
        case.FIRST_EPOCH: first_epoch_seconds,
    }


def import_seconds(statement: str, contender: Contender, place: Place) -> float:
    line, _ = first_line(contender, place, "-c", TIMED_IMPORT.format(statement=statement))
    return float(line)


def first_line(contender: Contender, place: Place, *arguments: str) -> tuple[str, float]:
    """What a fresh process prints first, and how long after its start that came."""
    with tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = place.start(contender, *arguments, stderr=errors)
        line = process.stdout.readline()
        elapsed = time.perf_counter() - start
        process.communicate()
        if process.returncode != 0 or not line:
            raise ContenderFailed(f"{contender.name}, start-up:\n{last_words(errors)}")
    return line, elapsed
