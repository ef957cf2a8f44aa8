"""What `Model.summary` writes, on terminals and into pipes, and what it gives to `print_fn`."""

import sys

import keras
from rich import color, style

from .store import FOLDER, write_json

sys.path.append(str(FOLDER.parent))
from summary_cases import CASES, run_case, shortened


def make():
    """Write `summaries.json`: each case, and the text or the error."""
    write_json("summaries", {"cases": [answered(name, case) for name, case in CASES.items()]})


def answered(name, case):
    """A case with Keras's answer."""
    # A style remembers its codes, whatever the terminal.
    style.Style.parse.cache_clear()
    style.Style._add.cache_clear()
    color.Color.parse.cache_clear()
    keras.utils.clear_session(free_memory=False)
    return {"name": name, "case": case, **shortened(run_case(keras, case))}
