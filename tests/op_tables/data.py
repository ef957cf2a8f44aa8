"""Arguments that many rows share."""

import numpy as np
from scipy import special

rng = np.random.default_rng(0)
A = rng.normal(size=(3, 4))
B = rng.normal(size=(4,))
C = rng.normal(size=(3, 4))
POSITIVE = rng.uniform(0.5, 2.0, size=(3, 4))
CUBE = rng.normal(size=(2, 3, 4))
MATRIX = rng.normal(size=(4, 2))
LABELS = np.array([2, 0, 3])
ONE_HOT = np.eye(4)[LABELS]
P = special.softmax(A, axis=-1)
UNIT = rng.uniform(-0.9, 0.9, size=(3, 4))
SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -1.5])
