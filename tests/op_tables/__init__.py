"""What each op is held against, a module a theme.

ROWS: (name, arguments, keyword arguments, the same in NumPy). Arguments that are arrays of floats
are differentiated; the others are constants. CONSTANT_ROWS: the same without gradients. WRONG:
(name, arguments, the error, words of its message).
"""

from op_tables import (
    activation,
    arrangement,
    creation,
    elementwise,
    labels,
    linear,
    matrices,
    ordering,
    reductions,
)

THEMES = (
    activation,
    arrangement,
    creation,
    elementwise,
    labels,
    linear,
    matrices,
    ordering,
    reductions,
)
ROWS = [row for theme in THEMES for row in theme.ROWS]
CONSTANT_ROWS = [row for theme in THEMES for row in theme.CONSTANT_ROWS]
WRONG = [row for theme in THEMES for row in theme.WRONG]
