"""What each op is held against, a module a theme.

ROWS: (name, arguments, keyword arguments, the same in NumPy). Arguments that are arrays of floats
are differentiated; the others are constants. CONSTANT_ROWS: the same without gradients. HOLED_ROWS:
floats, some of them nan, without gradients. WRONG: (name, arguments, the error, words of its
message).
"""

from op_tables import (
    activation,
    arithmetic,
    arrangement,
    contractions,
    convolutions,
    counting,
    creation,
    elementwise,
    joining,
    labels,
    linear,
    matrices,
    ordering,
    pooling,
    quantiles,
    reductions,
    scattering,
    standardization,
)

THEMES = (
    activation,
    arithmetic,
    arrangement,
    contractions,
    convolutions,
    counting,
    creation,
    elementwise,
    joining,
    labels,
    linear,
    matrices,
    ordering,
    pooling,
    quantiles,
    reductions,
    scattering,
    standardization,
)
ROWS = [row for theme in THEMES for row in theme.ROWS]
CONSTANT_ROWS = [row for theme in THEMES for row in theme.CONSTANT_ROWS]
HOLED_ROWS = quantiles.HOLED_ROWS
WRONG = [row for theme in THEMES for row in theme.WRONG]
