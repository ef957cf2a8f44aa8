"""Sums of products, and vectors."""

import numpy as np
from scipy.spatial.distance import cdist as scipy_cdist

from op_tables.data import CUBE, LABELS, MATRIX, A, B, C, rng

BATCH = rng.normal(size=(2, 4, 5))
SQUARE = rng.normal(size=(3, 3))
FOUR = rng.normal(size=(2, 3, 2, 3))
ROW = rng.normal(size=(1, 4))
THREE = rng.normal(size=(4, 3))
OTHER = rng.normal(size=(4, 3))
PLANE = rng.normal(size=(3, 2))


def einsum(subscripts):
    return lambda *operands: np.einsum(subscripts, *operands[1:])


EINSUMS = [
    ("ij,jk->ik", A, MATRIX),
    ("ij,jk", A, MATRIX),
    ("ij,jk->ki", A, MATRIX),
    ("bij,bjk->bik", CUBE, BATCH),
    ("bij,bjk->kbi", CUBE, BATCH),
    ("bij,bjk->ik", CUBE, BATCH),
    ("bij,j->bi", CUBE, B),
    ("ij,ij->ij", A, C),
    ("ij,ij->i", A, C),
    ("ij,ij->", A, C),
    ("ij,ij", A, C),
    ("i,j->ij", B, B),
    ("i,j->ji", B, PLANE[:, 0]),
    ("i,j->", B, PLANE[:, 0]),
    ("ij->ji", A),
    ("ij->j", A),
    ("ij->", A),
    ("ij", A),
    ("ba", A),
    ("ii->i", SQUARE),
    ("ii", SQUARE),
    ("ii,ij->j", SQUARE, A),
    ("abab->ab", FOUR),
    ("abab->", FOUR),
    ("aba,b->a", rng.normal(size=(2, 3, 2)), PLANE[:, 0]),
    ("...ij->...ji", CUBE),
    ("...ij,...jk->...ik", CUBE, BATCH),
    ("...ij,jk->...ik", CUBE, MATRIX),
    ("...ij,jk", CUBE, MATRIX),
    ("ab...,b...->a...", rng.normal(size=(2, 3, 4)), A),
    ("...,...->...", A, B),
    ("...i->...", CUBE),
    ("i...->...", CUBE),
    ("b...d,df->b...f", CUBE, MATRIX),
    ("ij,jk,kl->il", A, MATRIX, rng.normal(size=(2, 3))),
    ("ij,kj,lj->ikl", A, C, rng.normal(size=(2, 4))),
    ("ij,jk->ik", A, ROW.T @ ROW[:, :2]),
    ("ij,ij->ij", A, ROW),
    ("ij,ij->i", A, ROW),
    ("ij,jk->ik", A, rng.normal(size=(1, 2))),
    ("aqhd,akhd->ahqk", rng.normal(size=(2, 3, 2, 4)), rng.normal(size=(2, 5, 2, 4))),
    (" ij , jk -> ik ", A, MATRIX),
]

ROWS = [("einsum", case, {}, einsum(case[0])) for case in EINSUMS] + [
    ("cdist", (A, rng.normal(size=(5, 4))), {}, scipy_cdist),
    (
        "cdist", (CUBE, CUBE[:, :2] + 1), {},
        lambda x, y: np.stack([scipy_cdist(*pair) for pair in zip(x, y)]),
    ),
    ("cross", (THREE, OTHER), {}, np.cross),
    ("cross", (THREE, OTHER[:1]), {}, np.cross),
    ("cross", (THREE.T, OTHER.T), {"axis": 0}, np.cross),
    ("cross", (THREE.T, OTHER), {"axisa": 0, "axisb": 1, "axisc": 0}, np.cross),
    ("cross", (PLANE, PLANE + 1), {}, lambda x, y: x[:, 0] * y[:, 1] - x[:, 1] * y[:, 0]),
    (
        "cross", (PLANE, SQUARE), {},
        lambda x, y: np.cross(np.concatenate([x, 0 * x[:, :1]], 1), y),
    ),
    ("inner", (A, C), {}, np.inner),
    ("inner", (CUBE, B), {}, np.inner),
    ("inner", (A, 2.0), {}, np.inner),
    ("kron", (A, MATRIX), {}, np.kron),
    ("kron", (B, A), {}, np.kron),
    ("tensordot", (A, MATRIX), {"axes": 1}, np.tensordot),
    ("tensordot", (CUBE, CUBE), {"axes": ([0, 2], [0, 2])}, np.tensordot),
    ("tensordot", (CUBE, A), {}, lambda x, y: np.tensordot(x, y, 2)),
    ("tensordot", (A, C), {"axes": (-1, -1)}, np.tensordot),
    ("tensordot", (A, B), {"axes": 0}, np.tensordot),
    ("vdot", (A, C), {}, np.vdot),
    ("vdot", (A, C.reshape(2, 6)), {}, lambda x, y: np.vdot(x, y.reshape(3, 4))),
]  # fmt: skip

COUNTS = np.arange(6).reshape(2, 3)

CONSTANT_ROWS = [
    ("einsum", ("ij,kj->ik", COUNTS, COUNTS), {}, einsum("ij,kj->ik")),
    ("einsum", ("ij,j", COUNTS, LABELS), {}, einsum("ij,j")),
    ("einsum", ("ij,jk->ik", np.zeros((2, 0)), np.zeros((0, 3))), {}, einsum("ij,jk->ik")),
    ("inner", (COUNTS, LABELS), {}, np.inner),
    ("kron", (LABELS, COUNTS), {}, np.kron),
    ("tensordot", (COUNTS, COUNTS.T), {"axes": 1}, np.tensordot),
    ("vdot", (LABELS, LABELS), {}, np.vdot),
    ("cross", (LABELS, LABELS + 1), {}, np.cross),
]

WRONG = [
    ("einsum", ("ij,jk->ik", A), ValueError, "for 2 operands"),
    ("einsum", ("ij,jk->ik", A, A), ValueError, "label 'j' has sizes 4 and 3"),
    ("einsum", ("ii->i", A), ValueError, "label 'i' has sizes 3 and 4"),
    ("einsum", ("ijk->i", A), ValueError, "name 3 axes"),
    ("einsum", ("i->i", A), ValueError, "name 1 axes"),
    ("einsum", ("ij->k", A), ValueError, "each letter of the result"),
    ("einsum", ("ij->ii", A), ValueError, "each letter of the result"),
    ("einsum", ("i1->i", A), ValueError, "made of letters"),
    ("einsum", ("i.j->i", A), ValueError, "made of letters"),
    ("cdist", (A, CUBE[..., :2]), ValueError, "rows of one length"),
    ("cdist", (B, A), ValueError, "rows of one length"),
    ("cross", (A, A), ValueError, "2 or 3 components"),
    ("cross", (1.0, THREE), ValueError, "out of bounds"),
    ("inner", (A, THREE), ValueError, "same sizes"),
    ("tensordot", (A, A, 3), ValueError, "axes of both"),
    ("tensordot", (A, A, 1), ValueError, "same sizes"),
    ("tensordot", (A, A, ([0, 0], [0, 0])), ValueError, "different axes"),
    ("tensordot", (A, A, (2, 0)), ValueError, "out of bounds"),
    ("vdot", (A, B), ValueError, "one size"),
]
