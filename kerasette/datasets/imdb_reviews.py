"""IMDB: 25,000 + 25,000 reviews of films as they were written (Maas et al. 2011).

Keras's ``imdb`` has the same reviews as numbers of words.
"""

import gzip

import numpy as np

from kerasette.datasets.cache import present_file, reading


def load_data(path="imdb_{part}.tsv.gz"):
    """Loads the reviews from the cache.

    Parameters
    ----------
    path : str
        Of the files, with ``{part}`` ("train" or "test"): in the cache's ``datasets`` folder, or
        absolute. Packed by gzip; on each line a label, a tab, and a review.

    Returns
    -------
    (texts, labels), (texts, labels)
        To train with and to test with: a list of str, and an array of uint8, 1 for a review that
        is positive, 0 for one that is negative.

    Raises
    ------
    FileNotFoundError
        If one of the files is not there. They are not downloaded.
    ValueError
        If a line is not of this form, or a file is not packed by gzip.
    """
    return tuple(_reviews(path.format(part=part), part) for part in ("train", "test"))


def _reviews(name, part):
    source = (
        f"the {part} reviews of aclImdb_v1.tar.gz (ai.stanford.edu/~amaas/data/sentiment), a line "
        "each of label, 1 or 0, tab and text, packed by gzip,"
    )
    file_path = present_file(name, source)
    with reading(file_path), gzip.open(file_path, "rt", encoding="utf-8", newline="\n") as file:
        pairs = [line.rstrip("\n").split("\t", 1) for line in file]
    for number, pair in enumerate(pairs, 1):
        if len(pair) != 2 or pair[0] not in ("0", "1"):
            raise ValueError(
                f"Line {number} of {file_path} is not a label, 0 or 1, a tab and a text: "
                f"{str(pair)[:80]}"
            )
    return [text for _, text in pairs], np.array([label for label, _ in pairs], "uint8")
