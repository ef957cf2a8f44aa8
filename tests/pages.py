"""The Python in a page of the documentation."""

import re

CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_code(page):
    """Runs the blocks of code of a page, one after the other; returns how many there are."""
    text = page.read_text(encoding="utf-8")
    blocks = [(match[1], text[: match.start(1)].count("\n")) for match in CODE.finditer(text)]
    namespace = {"__name__": "page"}
    for block, line in blocks:
        exec(compile("\n" * line + block, page, "exec"), namespace)
    return len(blocks)
