"""More functions of each element by itself."""

import numpy as np
from scipy import special

from op_tables.data import LABELS, SPECIAL, UNIT, A, B, C

WITH_NAN = np.where(C > 0.5, np.nan, C)
SIGNED = np.array([0.0, -0.0, 1.5, -1.5, np.inf, -np.inf])

ROWS = [
    ("cbrt", (A,), {}, np.cbrt),
    ("deg2rad", (100 * A,), {}, np.deg2rad),
    ("erfinv", (UNIT,), {}, special.erfinv),
    ("exp2", (A,), {}, np.exp2),
    ("fabs", (A,), {}, np.fabs),
    ("fmax", (A, B), {}, np.fmax),
    ("fmax", (A, 0.1), {}, np.fmax),
    ("fmin", (A, B), {}, np.fmin),
    ("fmod", (5 * A, B), {}, np.fmod),
    ("fmod", (5 * A, -0.7), {}, np.fmod),
    ("heaviside", (A, B), {}, np.heaviside),
    ("hypot", (A, B), {}, np.hypot),
    ("hypot", (A, 0.1), {}, np.hypot),
    ("ldexp", (A, np.array([-1, 0, 3, 5])), {}, np.ldexp),
    ("logaddexp", (A, B), {}, np.logaddexp),
    ("logaddexp", (A, A), {}, np.logaddexp),
    ("logaddexp2", (A, B), {}, np.logaddexp2),
    ("rad2deg", (A,), {}, np.rad2deg),
    ("sinc", (A,), {}, np.sinc),
]  # fmt: skip

CONSTANT_ROWS = [
    ("cbrt", (np.array([0.0, np.inf, -np.inf, 8.0]),), {}, np.cbrt),
    ("erfinv", (np.array([1.0, -1.0, np.nan, 2.0, 0.0]),), {}, special.erfinv),
    ("fabs", (-LABELS,), {}, lambda x: np.float32(np.fabs(x))),
    ("fmax", (WITH_NAN, SPECIAL[:1]), {}, np.fmax),
    ("fmax", (LABELS, LABELS[::-1].copy()), {}, np.fmax),
    ("fmin", (WITH_NAN, B), {}, np.fmin),
    ("fmod", (np.array([7, -7, 7, -8]), np.array([3, 3, -3, 3])), {}, np.fmod),
    ("fmod", (np.array([np.inf, 1.5, 3.0]), np.array([2.0, np.inf, -1.0])), {},
     lambda x, y: np.array([np.nan, 1.5, 0.0])),
    ("heaviside", (SPECIAL, 0.5), {}, np.heaviside),
    ("heaviside", (A * (A > 0), C), {}, np.heaviside),
    ("hypot", (np.array([1e300, 0.0, np.inf]), np.array([1e300, 0.0, np.nan])), {}, np.hypot),
    ("isneginf", (SPECIAL,), {}, np.isneginf),
    ("isneginf", (LABELS,), {}, lambda x: x < -1),
    ("isposinf", (SPECIAL,), {}, np.isposinf),
    ("logaddexp", (np.array([1000.0, np.inf, -np.inf]), np.array([1.0, 5.0, -np.inf])), {},
     np.logaddexp),
    ("signbit", (SIGNED,), {}, np.signbit),
    ("signbit", (LABELS - 1,), {}, np.signbit),
    ("sinc", (np.array([0.0]),), {}, np.sinc),
]  # fmt: skip

WRONG = [
    ("cbrt", ("a",), ValueError, "converted"),
    ("fmod", (A, np.ones(3)), ValueError, "broadcast"),
    ("hypot", (A, np.ones(3)), ValueError, "broadcast"),
    ("ldexp", (A, B), TypeError, "exponent must be an integer type"),
    ("where", (A > 0,), ValueError, "shape of its result would depend"),
    ("where", (A > 0, A), ValueError, "either both should be"),
    ("where", (A > 0, None, A), ValueError, "either both should be"),
]
