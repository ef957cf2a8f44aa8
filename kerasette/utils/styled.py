"""Text in several styles: measured, wrapped and cut by the cells that it takes on a console.

A text is a list of (character, style) pairs, with None or a name of `CODES` for the style. Results
are those of the library that Keras draws its tables with.
"""

import os
import sys
import unicodedata
from itertools import groupby

# Escape codes with 256 colors, and where a console knows 16.
CODES = {
    "bold": ("1", "1"),
    "title": ("1", "1"),
    "none": ("38;5;45", "96"),
    "number": ("38;5;34", "32"),
    "symbol": ("38;5;33", "94"),
    "yes": ("1;38;5;34", "1;32"),
    "no": ("1;91", "1;91"),
}
ELLIPSIS = "…"


def styled(*parts):
    """A text of strings and of (string, style) pairs.

    >>> styled("a", ("b", "bold"))
    [('a', None), ('b', 'bold')]
    """
    pairs = ((part, None) if isinstance(part, str) else part for part in parts)
    return [(character, style) for string, style in pairs for character in string]


def plain(text):
    """A text without its styles."""
    return "".join(character for character, _ in text)


def cell_width(character):
    """How many cells a character takes: 0, 1 or 2."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cells(text):
    """How many cells a text takes."""
    return sum(cell_width(character) for character, _ in text)


def n_fitting(text, width):
    """How many characters of a text fit into `width` cells."""
    used = 0
    for n, (character, _) in enumerate(text):
        used += cell_width(character)
        if used > width:
            return n
    return len(text)


def cut(text, width):
    """What of a text fits into `width` cells; a blank in place of half a character."""
    kept = text[: n_fitting(text, width)]
    return text if len(kept) == len(text) else kept + blanks(width - cells(kept))


def blanks(n, style=None):
    """A text of n blanks."""
    return [(" ", style)] * n


def stripped(text):
    """A text without blanks at its end."""
    return text[: len(plain(text).rstrip())]


def words(text):
    """The words of a text, each with the blanks after it, and the first with those before it."""
    start, seen_letter = 0, False
    for i, (character, _) in enumerate(text):
        if not character.isspace():
            if seen_letter and text[i - 1][0].isspace():
                yield text[start:i]
                start = i
            seen_letter = True
    if seen_letter:
        yield text[start:]


def pieces(word, width):
    """A word that is too long, in pieces of `width` cells."""
    while cells(word) > width:
        n = max(1, n_fitting(word, width))
        yield word[:n]
        word = word[n:]
    yield word


def wrapped(text, width, folds=True):
    """Lines of a text, broken between words.

    Parameters
    ----------
    text : list of (character, style)
    width : int
        In cells.
    folds : bool
        Whether words that are longer are broken too; otherwise they have a line of their own.
    """
    lines, line, used = [], [], 0
    for word in words(text):
        size = cells(stripped(word))
        if size <= width - used:
            line, used = line + word, used + cells(word)
            continue
        parts = list(pieces(word, width)) if folds and size > width else [word]
        lines += [part for part in (line, *parts[:-1]) if part]
        line, used = parts[-1], cells(parts[-1])
    lines.append(line)
    return [without_excess(line, width) for line in lines]


def without_excess(line, width):
    """A line without those blanks at its end that are beyond the width."""
    n_blanks = len(line) - len(stripped(line))
    return line[: len(line) - max(0, min(n_blanks, len(line) - width))]


def aligned(line, width, side):
    """A line of exactly `width` cells; what is too long ends with an ellipsis.

    Parameters
    ----------
    side : {"left", "right", "center"}
    """
    if side != "left":
        line = stripped(line)
    if cells(line) > width:
        kept = cut(line, width - 1)
        line = [*kept, (ELLIPSIS, line[len(kept)][1])]
    free = width - cells(line)
    before = {"left": 0, "right": free, "center": free // 2}[side]
    return blanks(before) + line + blanks(free - before)


def rendered(text, codes):
    """A text as a string, with escape codes for its styles."""
    parts = []
    for style, run in groupby(text, key=lambda pair: pair[1]):
        string = plain(run)
        code = codes.get(style)
        parts.append(f"\x1b[{code}m{string}\x1b[0m" if code else string)
    return "".join(parts)


def console_codes():
    """Escape codes for each style, as far as standard output is known to understand them."""
    environment = os.environ
    if not is_terminal() or is_dumb():
        return {}
    if environment.get("NO_COLOR"):
        return {style: "1" for style, (code, _) in CODES.items() if code.startswith("1")}
    return {style: codes[0 if has_many_colors() else 1] for style, codes in CODES.items()}


def has_many_colors():
    """Whether the terminal says that it knows more than 16 colors."""
    if os.environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return True
    term = os.environ.get("TERM", "").strip().lower()
    return term.rpartition("-")[2] in ("256color", "kitty")


def is_terminal():
    """Whether standard output understands escape codes, as environment variables say or it does."""
    environment = os.environ
    compatible = environment.get("TTY_COMPATIBLE", "")
    if compatible in ("0", "1"):
        return compatible == "1"
    if "FORCE_COLOR" in environment:
        return environment["FORCE_COLOR"] != ""
    return hasattr(sys.stdout, "isatty") and sys.stdout.isatty()


def is_dumb():
    """Whether the terminal is one that only prints."""
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def console_width():
    """Columns of the console; 80 where there is none."""
    if is_dumb() and is_terminal():
        return 80
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit():
        return int(columns) or 80
    for descriptor in (0, 1, 2):
        try:
            return os.get_terminal_size(descriptor).columns or 80
        except OSError:
            continue
    return 80


def knows_only_ascii():
    """Whether standard output cannot show lines of boxes."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return not encoding.lower().startswith("utf")
