"""A process that prints by how many MiB training raises its peak memory over the import's.

With ``save`` it only writes the data that ``train`` reads, in the layout that the contender wants.
"""

import re
import sys
from pathlib import Path

import numpy as np

from benchmarks import cases, contenders, measure
from benchmarks.kinds import PeakMemory


def main() -> None:
    name, threads, case_name, folder, stage = sys.argv[1:]
    case = cases.find(case_name)
    library = contenders.find(name).load()
    library.use_threads(int(threads))
    files = [Path(folder) / file for file in ("x.npy", "y.npy")]
    if stage == "save":
        data = measure.rows_for(library, case.network, case.training.rows)
        for file, array in zip(files, data, strict=True):
            np.save(file, array)
        print("saved")
        return
    after_import = kibibytes("VmRSS")
    train(library, case, *map(np.load, files))
    print((kibibytes("VmHWM") - after_import) / 1024)


def train(library, case: PeakMemory, x, y) -> None:
    model = library.build(case.network, case.training.optimizer)
    library.train(model, x, y, case.training.batch_size, case.epochs)


def kibibytes(field: str) -> int:
    """A line of the kernel's account of this process: memory in use, or the most it ever was."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)[1])


if __name__ == "__main__":
    main()
