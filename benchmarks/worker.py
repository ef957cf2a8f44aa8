"""The process of one contender: loads it, then takes one repetition each time it is told to.

It reads requests and writes answers as lines of JSON. Staying alive between repetitions is what
lets the coordinator go round the contenders: import and compilation happen once, and while one
works the others sleep in ``readline``. What a library raises ends the process, and the coordinator
reports the traceback.
"""

import json
import os
import sys
from typing import TextIO

from benchmarks import cases, contenders, footprint, measure


def main() -> None:
    name, threads = sys.argv[1], int(sys.argv[2])
    answers = claim_standard_output()
    contender = contenders.find(name)
    try:
        library = contender.load()
    except ImportError as error:
        send(answers, {"missing": str(error)})
        return
    library.use_threads(threads)
    send(answers, footprint.describe(contender))
    for line in sys.stdin:
        case = cases.find(json.loads(line)["case"])
        send(answers, {"figures": measure.repetition(library, case)})


def claim_standard_output() -> TextIO:
    """Keep the pipe for answers, and send what libraries print to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def send(answers: TextIO, message: dict) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
