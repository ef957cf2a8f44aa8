"""Quantiles, reductions that leave nan out, and running products."""

import numpy as np

from op_tables.data import CUBE, LABELS, POSITIVE, SPECIAL, A, B, C, rng

HOLES = np.where(rng.uniform(size=(4, 5)) < 0.3, np.nan, rng.normal(size=(4, 5)))
HOLES[1] = np.nan
HOLES[0, 0] = 0.5
SOME = np.where(C > 0.8, np.nan, C)


def quiet(function):
    """The function without NumPy's warnings of empty rows."""

    def called(*args, **kwargs):
        import warnings

        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return function(*args, **kwargs)

    return called


def minus_one(function):
    """Places as NumPy gives them, -1 for rows of nan only."""

    def called(x, axis=None, keepdims=False):
        is_empty = np.isnan(x).all(axis, keepdims=keepdims)
        filled = np.where(np.isnan(x).all(axis, keepdims=True), 0, x)
        return np.where(is_empty, -1, function(filled, axis, keepdims=keepdims))

    return called


METHODS = ("linear", "lower", "higher", "midpoint", "nearest")
SHARES = np.array([0.0, 0.3, 0.5, 1.0])

ROWS = [
    ("cumprod", (A,), {}, np.cumprod),
    ("cumprod", (CUBE,), {"axis": 1}, np.cumprod),
    ("cumprod", (CUBE,), {"axis": -1}, np.cumprod),
    ("diff", (A,), {}, np.diff),
    ("diff", (CUBE,), {"n": 2, "axis": 1}, np.diff),
    ("diff", (A,), {"n": 0}, np.diff),
    ("median", (A,), {}, np.median),
    ("median", (CUBE,), {"axis": 1, "keepdims": True}, np.median),
    ("median", (CUBE,), {"axis": (0, 2)}, np.median),
    ("percentile", (A, 30.0), {"axis": 1}, np.percentile),
    ("percentile", (A, [10, 90]), {"method": "lower", "keepdims": True}, np.percentile),
    ("ptp", (CUBE,), {"axis": (0, 1)}, np.ptp),
    ("ptp", (A,), {"keepdims": True}, np.ptp),
    ("quantile", (A, 0.3), {}, np.quantile),
    *[("quantile", (CUBE, 0.3), {"axis": 1, "method": how}, np.quantile) for how in METHODS],
    *[
        ("quantile", (CUBE, [0.0, 0.3, 0.5, 1.0]),
         {"axis": (0, 2), "method": how, "keepdims": True}, np.quantile)
        for how in METHODS
    ],
    ("trapezoid", (A,), {}, np.trapezoid if hasattr(np, "trapezoid") else np.trapz),
    ("trapezoid", (A,), {"dx": 0.5, "axis": 0},
     lambda y, dx, axis: ((y[1:] + y[:-1]) * dx / 2).sum(0)),
    ("trapezoid", (A, np.cumsum(POSITIVE, 1)), {},
     lambda y, x: ((y[:, 1:] + y[:, :-1]) * np.diff(x) / 2).sum(1)),
    ("trapezoid", (A, B[:3].copy()), {"axis": 0},
     lambda y, x, axis: ((y[1:] + y[:-1]) * np.diff(x)[:, None] / 2).sum(0)),
    ("nancumprod", (A,), {"axis": 0}, np.nancumprod),
    ("nancumsum", (A,), {"axis": 1}, np.nancumsum),
    ("nanmax", (A,), {"axis": 1}, np.nanmax),
    ("nanmean", (CUBE,), {"axis": (0, 2), "keepdims": True}, np.nanmean),
    ("nanmedian", (A,), {"axis": 1}, np.nanmedian),
    ("nanmin", (A,), {"axis": 0}, np.nanmin),
    ("nanpercentile", (A, [25, 75]), {"axis": 1}, np.nanpercentile),
    ("nanprod", (A,), {"axis": 1, "keepdims": True}, np.nanprod),
    ("nanquantile", (A, 0.3), {}, np.nanquantile),
    ("nanstd", (A,), {"axis": 1}, np.nanstd),
    ("nansum", (A,), {"axis": 1}, np.nansum),
    ("nanvar", (CUBE,), {"axis": (0, 1), "keepdims": True}, np.nanvar),
]  # fmt: skip

CONSTANT_ROWS = [
    ("allclose", (A, A + 1e-9), {}, np.allclose),
    ("allclose", (A, A + 1e-3), {}, np.allclose),
    ("allclose", (A, A + 1e-3), {"rtol": 0.0, "atol": 0.01}, np.allclose),
    ("allclose", (SPECIAL, SPECIAL), {"equal_nan": True}, np.allclose),
    ("cumprod", (LABELS + 1,), {"dtype": "float64"}, np.cumprod),
    ("cumprod", (LABELS > 0,), {}, np.cumprod),
    ("cumprod", (np.zeros((2, 0)),), {"axis": 1}, np.cumprod),
    ("diff", (LABELS > 0,), {}, np.diff),
    ("diff", (LABELS,), {"n": 4}, np.diff),
    ("median", (SPECIAL,), {}, lambda x: np.nan),
    ("median", (LABELS,), {}, np.median),
    ("nanargmax", (HOLES,), {"axis": 1}, minus_one(np.nanargmax)),
    ("nanargmax", (HOLES,), {}, minus_one(np.nanargmax)),
    ("nanargmax", (LABELS,), {}, np.argmax),
    ("nanargmin", (HOLES,), {"axis": 1, "keepdims": True}, minus_one(np.nanargmin)),
    ("nanmax", (LABELS,), {}, np.max),
    ("nansum", (LABELS,), {}, np.sum),
    ("ptp", (LABELS,), {}, np.ptp),
    ("nancumprod", (HOLES,), {"axis": 0}, np.nancumprod),
    ("nancumsum", (LABELS,), {"dtype": "float64"}, np.nancumsum),
    ("nancumprod", (LABELS,), {"dtype": "float64"}, np.nancumprod),
]  # fmt: skip

# Of tensors with nan there are no differences.
HOLED_ROWS = [
    ("nancumsum", (HOLES,), {"axis": 1}, np.nancumsum),
    ("nanmax", (HOLES,), {"axis": 1}, quiet(np.nanmax)),
    ("nanmean", (HOLES,), {"axis": 1}, quiet(np.nanmean)),
    ("nanmean", (HOLES,), {}, np.nanmean),
    ("nanmedian", (HOLES,), {"axis": 0, "keepdims": True}, np.nanmedian),
    ("nanmedian", (HOLES,), {"axis": 1}, quiet(np.nanmedian)),
    ("nanmin", (HOLES,), {"axis": 1, "keepdims": True}, quiet(np.nanmin)),
    ("nanpercentile", (HOLES, 20), {"axis": 0}, np.nanpercentile),
    ("nanprod", (HOLES,), {"axis": (0, 1)}, np.nanprod),
    *[
        ("nanquantile", (HOLES, SHARES), {"axis": 1, "method": how}, quiet(np.nanquantile))
        for how in METHODS
    ],
    ("nanstd", (HOLES,), {"axis": 0}, np.nanstd),
    ("nansum", (HOLES,), {"axis": 1, "keepdims": True}, np.nansum),
    ("nanstd", (SPECIAL,), {}, quiet(np.nanstd)),
    ("nanvar", (HOLES,), {"axis": 1}, quiet(np.nanvar)),
    ("nanvar", (np.array([[1.0, np.inf, np.nan], [1.0, np.nan, 4.0]]),), {"axis": 1},
     quiet(np.nanvar)),
]  # fmt: skip

WRONG = [
    ("allclose", (A, np.ones(3)), ValueError, "broadcast"),
    ("cumprod", (A, 2), ValueError, "out of bounds"),
    ("diff", (A, -1), ValueError, "non-negative"),
    ("diff", (A, 1, 2), ValueError, "out of bounds"),
    ("median", (np.zeros((2, 0)), 1), ValueError, "no elements"),
    ("nanargmax", (A, 2), ValueError, "out of bounds"),
    ("nanmean", (A, 2), ValueError, "out of bounds"),
    ("nanpercentile", (A, [50, -1]), ValueError, r"in the range \[0, 100\].*50, -1"),
    ("nanquantile", (A, 0.5, 0, "best"), ValueError, "Invalid `method`"),
    ("nanquantile", (A, -0.1), ValueError, r"in the range \[0, 1\].*q=-0.1"),
    ("percentile", (A, 50, 2), ValueError, "out of bounds"),
    ("percentile", (A, 101), ValueError, r"q values must be in the range \[0, 100\].*q=101"),
    ("ptp", (np.zeros((2, 0)), 1), ValueError, "empty"),
    ("quantile", (A, 0.5, None, "best"), ValueError, "Invalid `method`"),
    ("quantile", (A, [[0.5]]), ValueError, "a number or a vector"),
    ("quantile", (A, 0.5, (0, 0)), ValueError, "twice"),
    ("quantile", (A, np.array([0.5, 1.1])), ValueError, r"q values must be in the range \[0, 1\]"),
    ("quantile", (A, float("nan")), ValueError, "q=nan"),
    ("trapezoid", (A, None, 1.0, 2), ValueError, "out of bounds"),
    ("trapezoid", (A, np.ones(3)), ValueError, "broadcast"),
]
